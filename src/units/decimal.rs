//! Exact reading of a decimal number with a suffix.

use super::UnitError;

/// A non-negative decimal number, exact: `digits / 10^scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Decimal {
    digits: u128,
    scale: u32,
}

/// What to do with the part of a number that the base unit cannot hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fraction {
    /// Half a partition does not exist: say so.
    Refuse,
    /// Round to the nearest base unit.
    Round,
}

impl Decimal {
    /// The number times `factor`, as whole base units.
    pub(super) fn times(self, factor: u128, fraction: Fraction) -> Result<u64, &'static str> {
        let product = self.digits.checked_mul(factor).ok_or("is too large")?;
        let divisor = 10u128.checked_pow(self.scale).ok_or("has too many decimals")?;
        let (whole, rest) = (product / divisor, product % divisor);
        let value = match (rest, fraction) {
            (0, _) => whole,
            (_, Fraction::Refuse) => return Err("is not a whole number"),
            (_, Fraction::Round) => whole + u128::from(rest * 2 >= divisor),
        };
        u64::try_from(value).map_err(|_| "is too large")
    }
}

/// Splits `2.5TB` into the number and the suffix `TB`; thousands may be grouped by commas (`1,000`) or underscores.
pub(super) fn split<'a>(text: &'a str, expected: &'static str) -> Result<(Decimal, &'a str), UnitError> {
    let fail = |problem: &str| UnitError { given: text.to_owned(), expected, problem: problem.to_owned() };
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(fail("is empty"));
    }
    if trimmed.starts_with('-') || trimmed.starts_with('\u{2212}') {
        return Err(fail("is negative"));
    }
    let end = trimmed.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_'))).unwrap_or(trimmed.len());
    let (number, suffix) = trimmed.split_at(end);
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    if number.is_empty() {
        return Err(fail("is not a number"));
    }
    if !grouped_well(whole) || !decimals.bytes().all(|b| b.is_ascii_digit()) || number.ends_with('.') {
        return Err(fail("is not a well-formed number"));
    }
    let plain: String = whole.chars().chain(decimals.chars()).filter(char::is_ascii_digit).collect();
    if plain.len() > 30 {
        return Err(fail("is too large"));
    }
    let digits = plain.parse().map_err(|_| fail("is too large"))?;
    let scale = u32::try_from(decimals.len()).map_err(|_| fail("has too many decimals"))?;
    Ok((Decimal { digits, scale }, suffix.trim_start()))
}

/// True for `1000`, `1,000` and `1_000`; false for `1,00`, `,1` and an empty text.
fn grouped_well(whole: &str) -> bool {
    if whole.bytes().all(|b| b.is_ascii_digit()) {
        return !whole.is_empty();
    }
    let separator = if whole.contains(',') { ',' } else { '_' };
    let mut groups = whole.split(separator);
    let first = groups.next().unwrap_or_default();
    let digits = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    (1..=3).contains(&first.len()) && digits(first) && groups.all(|group| group.len() == 3 && digits(group))
}

/// Prints `value / factor` without trailing zeros when it needs at most three decimals; `None` otherwise.
pub(super) fn exact(value: u64, factor: u64) -> Option<String> {
    let thousandths = u128::from(value) * 1000;
    let factor = u128::from(factor);
    if !thousandths.is_multiple_of(factor) {
        return None;
    }
    let thousandths = thousandths / factor;
    let text = format!("{}.{:03}", thousandths / 1000, thousandths % 1000);
    Some(text.trim_end_matches('0').trim_end_matches('.').to_owned())
}

/// Puts a comma between groups of three digits of a whole number.
pub(super) fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Three significant digits of `value` (`5.03`, `50.3`, `503`), for figures that are estimates.
pub(super) fn three_digits(value: f64) -> String {
    let text = match value {
        v if v >= 99.95 => format!("{v:.0}"),
        v if v >= 9.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}
