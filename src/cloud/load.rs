//! What a service must bear, and what one instance of it bears.

use serde::{Deserialize, Serialize};

/// What a service must bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The demand, in any unit.
    pub demand: u64,
    /// What one instance bears of it, in the same unit.
    pub each: u64,
    /// Instances on top of what the demand needs, so that a zone can be lost.
    pub spare: u32,
}

impl Load {
    /// The fewest instances that bear the demand, with the spare ones; one where nothing is said.
    pub fn needed(&self) -> u32 {
        let needed = self.demand.checked_div(self.each).map_or(1, |_| self.demand.div_ceil(self.each));
        u32::try_from(needed.max(1)).unwrap_or(u32::MAX).saturating_add(self.spare)
    }
}

/// Sizes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// Whether the group scales by itself between them.
    pub scales: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_instances() {
        assert_eq!(Load { demand: 1000, each: 300, spare: 1 }.needed(), 5);
        assert_eq!(Load { demand: 900, each: 300, spare: 0 }.needed(), 3);
        assert_eq!(Load { demand: 0, each: 300, spare: 0 }.needed(), 1);
        assert_eq!(Load { demand: 5, each: 0, spare: 0 }.needed(), 1);
        assert_eq!(Load { demand: u64::MAX, each: 1, spare: 1 }.needed(), u32::MAX);
    }
}
