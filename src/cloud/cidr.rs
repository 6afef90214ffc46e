//! Blocks of IPv4 addresses.

use std::fmt;

/// A block of addresses: `10.0.16.0/20`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cidr {
    base: u32,
    bits: u8,
}

impl Cidr {
    /// Every address.
    pub const ALL: Self = Self { base: 0, bits: 0 };

    /// Reads `a.b.c.d/n`; `None` when it is no block, or has bits beyond its length.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/')?;
        let bits: u8 = bits.parse().ok().filter(|bits| *bits <= 32)?;
        let base = address_of(address)?;
        let this = Self { base, bits };
        (base & !this.mask() == 0).then_some(this)
    }

    /// The block of one address.
    pub fn one(address: u32) -> Self {
        Self { base: address, bits: 32 }
    }

    fn mask(self) -> u32 {
        u32::MAX.checked_shl(32 - u32::from(self.bits)).unwrap_or(0)
    }

    /// How many leading bits are fixed.
    pub fn bits(self) -> u8 {
        self.bits
    }

    /// The first address.
    pub fn first(self) -> u32 {
        self.base
    }

    /// The last address.
    pub fn last(self) -> u32 {
        self.base | !self.mask()
    }

    /// The `n`-th part of `bits`, from 0; `None` when there is none.
    pub fn part(self, n: u32, bits: u8) -> Option<Self> {
        let extra = bits.checked_sub(self.bits).filter(|_| bits <= 32)?;
        let parts = 1u64.checked_shl(extra.into())?;
        let step = u64::from(n) << (32 - u32::from(bits));
        (u64::from(n) < parts).then(|| Self { base: self.base | u32::try_from(step).unwrap_or(u32::MAX), bits })
    }

    /// Whether every address of another block is in this one.
    pub fn contains(self, other: Self) -> bool {
        self.bits <= other.bits && other.base & self.mask() == self.base
    }

    /// Whether any address is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", shown(self.base), self.bits)
    }
}

/// An address for people: `10.0.0.10`.
pub fn shown(address: u32) -> String {
    address.to_be_bytes().map(|byte| byte.to_string()).join(".")
}

/// Reads an address.
pub fn address_of(text: &str) -> Option<u32> {
    let mut parts = text.split('.').map(str::parse::<u8>);
    let mut byte = || parts.next()?.ok();
    let bytes = [byte()?, byte()?, byte()?, byte()?];
    parts.next().is_none().then(|| u32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_prints() {
        for text in ["10.0.0.0/16", "10.0.16.0/20", "0.0.0.0/0", "192.168.1.7/32"] {
            assert_eq!(Cidr::parse(text).unwrap().to_string(), text);
        }
        for text in ["10.0.0.0", "10.0.0/16", "10.0.0.0/33", "10.0.0.1/16", "10.0.0.0.0/16", "10.0.0.256/32"] {
            assert_eq!(Cidr::parse(text), None, "{text}");
        }
    }

    #[test]
    fn parts_lie_side_by_side() {
        let whole = Cidr::parse("10.0.0.0/16").unwrap();
        let parts: Vec<Cidr> = (0..16).map(|n| whole.part(n, 20).unwrap()).collect();
        assert_eq!((parts[0].to_string(), parts[15].to_string()), ("10.0.0.0/20".into(), "10.0.240.0/20".into()));
        assert_eq!(whole.part(16, 20), None);
        assert_eq!(whole.part(0, 8), None);
        for (at, one) in parts.iter().enumerate() {
            assert!(whole.contains(*one) && !one.contains(whole));
            let others = parts.iter().enumerate().filter(|(other, _)| *other != at);
            assert!(others.clone().all(|(_, other)| !one.overlaps(*other)));
            assert!(others.filter(|(other, _)| *other + 1 == at).all(|(_, before)| before.last() + 1 == one.first()));
        }
        assert!(Cidr::ALL.contains(whole));
        assert_eq!(Cidr::ALL.last(), u32::MAX);
    }
}
