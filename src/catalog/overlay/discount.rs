//! Shares that are taken off prices, and names with `*`.

use crate::units::Price;

/// A change of a price in hundredths of a percent: `-12%` is -1200.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discount(i32);

impl Discount {
    /// Reads `-12%`, `-7.5%` or `+10%`: a sign, at most two decimals, more than nothing, and less than all when it is
    /// taken off.
    pub fn read(text: &str) -> Option<Self> {
        let number = text.strip_suffix('%')?.trim_end();
        let (sign, digits) = match number.split_at_checked(1)? {
            ("-", digits) => (-1, digits),
            ("+", digits) => (1, digits),
            _ => return None,
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !plain(decimals) || whole.len() > 4 || decimals.len() > 2 {
            return None;
        }
        let hundredths: i32 = format!("{whole}{decimals:0<2}").parse().ok()?;
        (hundredths > 0 && (sign > 0 || hundredths < 10_000)).then_some(Self(sign * hundredths))
    }

    /// The price after it, rounded half up to a millionth; never free when it was not.
    pub fn of(self, price: Price) -> Price {
        let share = u128::try_from(10_000 + i64::from(self.0)).unwrap_or(0);
        let changed = (u128::from(price.0) * share + 5_000) / 10_000;
        Price(u64::try_from(changed).unwrap_or(u64::MAX).max(u64::from(price.0 > 0)))
    }
}

impl std::fmt::Display for Discount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, hundredths) = (self.0.abs() / 100, self.0.abs() % 100);
        let decimals = format!(".{hundredths:02}");
        let sign = if self.0 < 0 { '-' } else { '+' };
        write!(f, "{sign}{whole}{}%", decimals.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// Whether a name fits a pattern in which `*` stands for any characters, or none.
pub fn matches(pattern: &str, name: &str) -> bool {
    if !pattern.contains('*') {
        return pattern == name;
    }
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn discounts_are_read_and_taken_off() {
        for (text, printed, of_a_dollar) in [
            ("-12%", "-12%", 880_000),
            ("-7.5%", "-7.5%", 925_000),
            ("+10%", "+10%", 1_100_000),
            ("-99.99%", "-99.99%", 100),
        ] {
            let discount = Discount::read(text).unwrap();
            assert_eq!((discount.to_string().as_str(), discount.of(Price(1_000_000))), (printed, Price(of_a_dollar)));
        }
        for text in ["12%", "-100%", "-0%", "-12", "%", "", "-1.234%", "--1%", "-99999%", "-1e1%", "é%"] {
            assert_eq!(Discount::read(text), None, "{text}");
        }
        let most = Discount::read("+9999.99%").unwrap();
        assert_eq!(most.of(Price(u64::MAX)), Price(u64::MAX));
        assert_eq!(Discount::read("-99%").unwrap().of(Price(1)), Price(1), "what costs something is never free");
    }

    #[test]
    fn stars_stand_for_anything() {
        for (pattern, name) in
            [("*", ""), ("*", "x"), ("m7g.*", "m7g.large"), ("a*b*c", "aXbYbZc"), ("a", "a"), ("*a*", "a")]
        {
            assert!(matches(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("m7g.*", "m7gd.large"), ("a*a", "a"), ("a", "ab"), ("", "a"), ("a*b*b", "ab")] {
            assert!(!matches(pattern, name), "{pattern} {name}");
        }
    }
}
