//! Moments in the ways the tools write them.

/// A moment: milliseconds since 1970-01-01 in UTC, and how fine it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    pub ms: i64,
    /// Milliseconds that one step of the written form takes.
    pub step: i64,
}

impl Moment {
    /// Reads seconds, milliseconds, microseconds or nanoseconds since 1970 (told apart by their size, which holds from
    /// 1973 to the year 5138), or a date and time of RFC 3339.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits(whole) || !digits(fraction) {
            return rfc3339(text);
        }
        let number: i64 = whole.parse().ok()?;
        Some(match number {
            0..100_000_000_000 => Self { ms: number * 1000, step: 1000 },
            100_000_000_000..100_000_000_000_000 => Self { ms: number, step: 1 },
            100_000_000_000_000..100_000_000_000_000_000 => Self { ms: number / 1000, step: 1 },
            _ => Self { ms: number / 1_000_000, step: 1 },
        })
    }

    /// The day in UTC, `YYYY-MM-DD`.
    pub(super) fn day(self) -> String {
        // Days to a date of the proleptic Gregorian calendar, by eras of 400 years that begin in March, as in Howard
        // Hinnant's "chrono-Compatible Low-Level Date Algorithms".
        let days = self.ms.div_euclid(86_400_000) + 719_468;
        let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let in_year = day - (365 * year + year / 4 - year / 100);
        let month = (5 * in_year + 2) / 153;
        let date = in_year - (153 * month + 2) / 5 + 1;
        let month = if month < 10 { month + 3 } else { month - 9 };
        format!("{:04}-{month:02}-{date:02}", era * 400 + year + i64::from(month <= 2))
    }
}

/// `2025-01-15T10:30:45.123Z`, `2023-09-27T18:37:23+02:00`.
fn rfc3339(text: &str) -> Option<Moment> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let bytes = text.as_bytes();
    let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    if !separators.iter().all(|(at, byte)| bytes.get(*at) == Some(byte)) || !matches!(bytes.get(10), Some(b'T' | b' '))
    {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let seconds = number(11..13)? * 3600 + number(14..16)? * 60 + number(17..19)?;
    let rest = text.get(19..)?;
    let zone = rest.find(['Z', 'z', '+', '-'])?;
    let fraction: String = rest[..zone].trim_start_matches('.').chars().chain("000".chars()).take(3).collect();
    let offset = match (rest[zone..].chars().next()?, rest.get(zone + 1..zone + 3), rest.get(zone + 4..zone + 6)) {
        ('Z' | 'z', ..) => 0,
        (sign, Some(hours), Some(minutes)) => {
            let seconds = hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60;
            if sign == '-' { -seconds } else { seconds }
        }
        _ => return None,
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    // The inverse of `day`, by the same eras.
    let year = year - i64::from(month <= 2);
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let in_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + in_year - 719_468;
    let ms = (days * 86_400 + seconds - offset) * 1000 + fraction.parse::<i64>().ok()?;
    Some(Moment { ms, step: if zone == 0 { 1000 } else { 1 } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_and_gives_the_day_in_utc() {
        // `date -u -d @1595325560`: 2020-07-21 09:59:20.
        for (text, ms, day) in [
            ("1595325560", 1_595_325_560_000, "2020-07-21"),
            ("1595325560123", 1_595_325_560_123, "2020-07-21"),
            ("1595325560123456", 1_595_325_560_123, "2020-07-21"),
            ("1595325560123456789", 1_595_325_560_123, "2020-07-21"),
            ("2020-07-21T09:59:20Z", 1_595_325_560_000, "2020-07-21"),
            ("2020-07-21T09:59:20.123456789Z", 1_595_325_560_123, "2020-07-21"),
            ("2021-09-16T05:16:19.869059637+09:00", 1_631_736_979_869, "2021-09-15"),
            ("2024-02-29T00:00:00-00:30", 1_709_166_600_000, "2024-02-29"),
        ] {
            let moment = Moment::parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((moment.ms, &*moment.day()), (ms, day), "{text}");
        }
        for text in ["", "soon", "2020-07-21", "2020-13-01T00:00:00Z", "2020-07-21T09:59:20", "-5"] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}
