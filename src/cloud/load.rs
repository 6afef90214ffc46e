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

/// What a group keeps by itself, by starting and ending instances between its bounds ("target tracking").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scaling {
    /// Mean use of the processors over all instances, in percent: `ASGAverageCPUUtilization` of EC2 Auto Scaling,
    /// `cpuUtilization.utilizationTarget` of Compute Engine.
    pub cpu_percent: u32,
}

impl Load {
    /// The fewest instances that bear the demand, with the spare ones; one where nothing is said.
    pub fn needed(&self) -> u32 {
        let needed = self.demand.checked_div(self.each).map_or(1, |_| self.demand.div_ceil(self.each));
        u32::try_from(needed.max(1)).unwrap_or(u32::MAX).saturating_add(self.spare)
    }

    /// Whether so many instances, spread evenly over so many zones, still bear the demand when one zone is lost: what the
    /// design promises then.
    pub fn survives_a_zone(&self, zones: usize) -> bool {
        let (needed, zones) = (u64::from(self.needed()), u64::try_from(zones).unwrap_or(u64::MAX));
        let left = needed - needed.div_ceil(zones.max(1));
        zones > 1 && u128::from(left) * u128::from(self.each) >= u128::from(self.demand)
    }

    /// The same group of instances under so many thousandths of the demand: none of them goes.
    #[must_use]
    pub fn eased(self, permille: u64) -> Self {
        let less = u128::from(self.demand) * u128::from(permille.min(1000));
        let less = Self { demand: u64::try_from(less.div_ceil(1000)).unwrap_or(self.demand), ..self };
        Self { spare: self.needed().saturating_sub(less.needed()).saturating_add(self.spare), ..less }
    }
}

/// Sizes of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Fewest instances.
    pub min: u32,
    /// Most instances.
    pub max: u32,
    /// What the group keeps by itself between them, where it scales.
    pub scaling: Option<Scaling>,
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

    #[test]
    fn spare_instances_bear_the_loss_of_a_zone() {
        assert!(Load { demand: 600, each: 300, spare: 2 }.survives_a_zone(2));
        assert!(!Load { demand: 600, each: 300, spare: 1 }.survives_a_zone(2));
        assert!(Load { demand: 600, each: 300, spare: 1 }.survives_a_zone(3));
        assert!(!Load { demand: 600, each: 300, spare: 9 }.survives_a_zone(1));
        assert!(!Load { demand: 600, each: 300, spare: 9 }.survives_a_zone(0));
        assert!(!Load { demand: 5, each: 0, spare: 0 }.survives_a_zone(2));
    }

    #[test]
    fn less_demand_takes_no_instance_away() {
        let load = Load { demand: 1001, each: 100, spare: 2 };
        for permille in [0, 1, 250, 999, 1000, 5000] {
            let eased = load.eased(permille);
            assert_eq!(eased.needed(), load.needed(), "{permille}");
            assert_eq!(eased.demand, (1001 * permille.min(1000)).div_ceil(1000), "{permille}");
        }
    }
}
