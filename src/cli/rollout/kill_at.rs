//! Where a drill kills a run.

use std::str::FromStr;

use crate::engine::{Kill, Point};

/// `7`, `7:before`, `7:sent`, `7:effect`, `7:reply`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KillAt(pub Kill);

const POINTS: [(&str, Point); 4] = [
    ("before", Point::BeforeSending),
    ("sent", Point::OnItsWay),
    ("effect", Point::AfterItsEffect),
    ("reply", Point::AfterItsReply),
];

impl FromStr for KillAt {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (number, word) = text.split_once(':').unwrap_or((text, "effect"));
        let call = number.parse().map_err(|_| format!("`{number}` is not the number of a call, which begin with 0"))?;
        let point = POINTS.into_iter().find(|(known, _)| *known == word).map(|(_, point)| point);
        let words = POINTS.map(|(word, _)| word).join(", ");
        let point = point.ok_or_else(|| format!("`{word}` is none of {words}"))?;
        Ok(Self(Kill { call, point }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_and_how_far_it_has_come() {
        assert_eq!("7".parse(), Ok(KillAt(Kill { call: 7, point: Point::AfterItsEffect })));
        assert_eq!("0:before".parse(), Ok(KillAt(Kill { call: 0, point: Point::BeforeSending })));
        assert_eq!("12:reply".parse(), Ok(KillAt(Kill { call: 12, point: Point::AfterItsReply })));
        for wrong in ["", "-1", "a", "7:", "7:late"] {
            assert!(wrong.parse::<KillAt>().is_err(), "{wrong}");
        }
    }
}
