//! Where each load makes a difference: the steps at which some service changes its size, and how many of them are told apart.

use std::collections::BTreeMap;

use crate::size::services::load::{Bare, Load, Loads, Sizer};

/// A load with the steps that it makes.
#[derive(Debug, Clone)]
pub struct Chain {
    /// Which load.
    pub load: Load,
    /// The services that change with it, as places in the blueprint.
    pub services: Vec<usize>,
    /// The largest value of each step that occurs; never empty.
    pub ends: Vec<u64>,
    /// The sizes of those services at each step, with all other loads at their least.
    pub sizes: Vec<Vec<Bare>>,
}

impl Chain {
    /// The steps among values that occur, which are in order and at least one. Between two values with the same sizes all
    /// have it: a size that does for the larger and is best for the smaller is best for each between them.
    fn of(sizer: &Sizer<'_>, load: Load, values: &[u64], least: &Loads) -> Self {
        let sized = |services: &[usize], at: usize| -> Vec<Bare> {
            sizer.sizes(services, &least.with(load, values[at])).iter().map(Bare::of).collect()
        };
        let last = values.len() - 1;
        let every: Vec<usize> = (0..sizer.count()).collect();
        let (low, high) = (sized(&every, 0), sized(&every, last));
        let services: Vec<usize> = every.into_iter().filter(|at| low.get(*at) != high.get(*at)).collect();
        let only = |all: &[Bare]| services.iter().filter_map(|at| all.get(*at).cloned()).collect::<Vec<_>>();
        let mut known = BTreeMap::from([(0, only(&low)), (last, only(&high))]);
        // Spans of which the ends are known and differ, and that have something between them.
        let mut open = vec![(0, last)];
        while let Some((from, to)) = open.pop() {
            if to - from > 1 && known.get(&from) != known.get(&to) {
                let middle = from + (to - from) / 2;
                known.insert(middle, sized(&services, middle));
                open.extend([(from, middle), (middle, to)]);
            }
        }
        let mut chain = Self { load, services, ends: Vec::new(), sizes: Vec::new() };
        for (at, sizes) in known {
            if chain.sizes.last() == Some(&sizes) {
                chain.ends.pop();
            } else {
                chain.sizes.push(sizes);
            }
            chain.ends.push(values[at]);
        }
        chain
    }

    /// The step of a value; the last one for what is larger than all that occurs.
    pub fn step(&self, value: u64) -> usize {
        self.ends.partition_point(|end| *end < value).min(self.ends.len() - 1)
    }
}

/// A level of each load, in the order of [`Load::ALL`].
pub type Place = [u32; 5];

/// The loads with the steps that are told apart.
#[derive(Debug, Clone)]
pub struct Grid {
    /// Each load.
    pub chains: Vec<Chain>,
    /// For each load, the steps that are told apart: what lies between is taken for the next larger one.
    levels: Vec<Vec<usize>>,
    /// The loads that are kept as they are.
    keep: Loads,
}

/// Percent of all that occurs, at which there are levels besides.
const TAIL: [u128; 3] = [90, 95, 99];

/// How many levels a load has at most, tried in turn until there are few enough places.
const FINENESS: [usize; 11] = [usize::MAX, 64, 48, 32, 24, 16, 12, 8, 4, 2, 1];

impl Grid {
    /// For loads that occur so many times, of which one is kept as it is; with at most so many places, or as few as it
    /// takes to bear every load.
    pub fn of(sizer: &Sizer<'_>, points: &BTreeMap<Loads, u32>, keep: Loads, most: usize) -> Self {
        let all = || points.keys().chain(std::iter::once(&keep));
        let values = |load: Load| {
            let mut values: Vec<u64> = all().map(|loads| loads.get(load)).collect();
            values.sort_unstable();
            values.dedup();
            values
        };
        let values: Vec<Vec<u64>> = Load::ALL.into_iter().map(values).collect();
        let least =
            Load::ALL.into_iter().fold(Loads::default(), |least, load| least.with(load, values[load as usize][0]));
        let chains: Vec<Chain> =
            Load::ALL.into_iter().map(|load| Chain::of(sizer, load, &values[load as usize], &least)).collect();
        let mut grid = Self { chains, levels: Vec::new(), keep };
        for most_levels in FINENESS {
            grid.levels = grid.chains.iter().map(|chain| levels(chain, points, &keep, most_levels)).collect();
            if grid.places(points).len() <= most {
                break;
            }
        }
        grid
    }

    /// The place of loads: the least level of each that bears them.
    pub fn place(&self, loads: &Loads) -> Place {
        let level = |load: Load| {
            let (chain, levels) = (&self.chains[load as usize], &self.levels[load as usize]);
            let step = chain.step(loads.get(load));
            levels.partition_point(|level| *level < step).min(levels.len() - 1) as u32
        };
        Load::ALL.map(level)
    }

    /// Which of these places stand for all of them: those whose levels are every so many of a load, from the largest down,
    /// or the ones that are kept; as many as may be tried.
    pub fn coarse(&self, places: &[Place], most: usize) -> Vec<bool> {
        let kept = self.place(&self.keep);
        let stands = |place: &Place, stride: usize| {
            place.iter().enumerate().all(|(at, level)| {
                let below = self.levels[at].len() - 1 - *level as usize;
                below.is_multiple_of(stride) || *level == kept[at]
            })
        };
        let found = |stride: usize| places.iter().map(|place| stands(place, stride)).collect::<Vec<bool>>();
        let largest = self.levels.iter().map(Vec::len).max().unwrap_or(1);
        let few = |all: &Vec<bool>| all.iter().filter(|one| **one).count() <= most;
        (1..largest).map(found).find(few).unwrap_or_else(|| found(largest))
    }

    /// The places that occur.
    pub fn places(&self, points: &BTreeMap<Loads, u32>) -> std::collections::BTreeSet<Place> {
        points.keys().chain(std::iter::once(&self.keep)).map(|loads| self.place(loads)).collect()
    }

    /// The largest loads of a place; those that are kept where they are of it.
    pub fn loads(&self, place: &Place) -> Loads {
        let kept = self.place(&self.keep);
        Load::ALL.into_iter().fold(self.keep, |loads, load| {
            let at = load as usize;
            let end = self.levels[at].get(place[at] as usize).map(|step| self.chains[at].ends[*step]);
            if kept[at] == place[at] { loads } else { loads.with(load, end.unwrap_or(u64::MAX)) }
        })
    }
}

/// The steps of a load that are told apart: those at equal parts of all that occurs, more of them near the end, where few
/// worlds cost much, the last, and the one that is kept.
fn levels(chain: &Chain, points: &BTreeMap<Loads, u32>, keep: &Loads, most: usize) -> Vec<usize> {
    let kept = chain.step(keep.get(chain.load));
    if chain.ends.len() <= most {
        return (0..chain.ends.len()).collect();
    }
    let mut times = vec![0u64; chain.ends.len()];
    for (loads, count) in points {
        times[chain.step(loads.get(chain.load))] += u64::from(*count);
    }
    let all: u64 = times.iter().sum();
    let (mut levels, mut passed) = (std::collections::BTreeSet::from([kept, chain.ends.len() - 1]), 0u64);
    for (step, times) in times.iter().enumerate() {
        let part = |passed: u64| u128::from(passed) * most as u128 / u128::from(all.max(1));
        let tail = most >= 4
            && TAIL.iter().any(|share| {
                let at = u128::from(all) * share;
                u128::from(passed) * 100 < at && u128::from(passed + times) * 100 >= at
            });
        if tail || part(passed + times) > part(passed) {
            levels.insert(step);
        }
        passed += times;
    }
    levels.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::blueprint::Blueprint;
    use crate::catalog::Catalog;
    use crate::demand::{Ask, Given, Variable, derive};

    fn users(range: impl IntoIterator<Item = u64>) -> BTreeMap<Loads, u32> {
        range.into_iter().map(|users| (Loads::default().with(Load::Users, users), 1)).collect()
    }

    fn with<T>(test: impl FnOnce(&Sizer<'_>) -> T) -> T {
        let text = include_str!("../../../../blueprints/dojangkok.toml");
        let blueprint = Blueprint::parse("dojangkok.toml", text).unwrap().blueprint;
        let mix = Some(Given { value: "write-heavy".to_owned(), origin: String::new() });
        let ask = Ask { mix, ..Ask::default() }.with(Variable::ConcurrentUsers, 1, "");
        let demand = derive(&blueprint, &ask).unwrap();
        test(&Sizer::new(&blueprint, &demand, None, Catalog::embedded()).unwrap())
    }

    #[test]
    fn steps_are_where_a_service_changes() {
        with(|sizer| {
            let values: Vec<u64> = (1..=320).collect();
            let chain = Chain::of(sizer, Load::Users, &values, &Loads::default());
            // Another backend after each 50 (S5.T2 write heavy); MySQL grows at 200 and is two at 300 (S5.T6), the frontend
            // is doubled above 300 (S5.T5: users / 300, rounded up).
            assert_eq!(chain.ends, [50, 100, 150, 199, 200, 250, 299, 300, 320]);
            let names: Vec<&String> =
                chain.services.iter().map(|at| sizer.blueprint().services.get_index(*at).unwrap().0).collect();
            assert_eq!(names, ["frontend", "backend", "mysql"]);
            let instances: Vec<u32> = chain.sizes.iter().map(|sizes| sizes[1].instances).collect();
            assert_eq!(instances, [1, 2, 3, 4, 4, 5, 6, 6, 7]);
            assert_eq!([1, 50, 51, 200, 999].map(|users| chain.step(users)), [0, 0, 1, 4, 8]);
            let none = Chain::of(sizer, Load::Vectors, &[1, 1_000_000], &Loads::default());
            assert_eq!((none.ends, none.services), (vec![1_000_000], vec![]));
        });
    }

    #[test]
    fn few_places_are_closed_upwards() {
        with(|sizer| {
            let (points, keep) = (users((1..=40).map(|n| n * 10)), Loads::default().with(Load::Users, 120));
            let all = Grid::of(sizer, &points, keep, usize::MAX);
            let few = Grid::of(sizer, &points, keep, 4);
            assert_eq!(all.places(&points).len(), all.chains[0].ends.len());
            assert!(few.places(&points).len() <= 4);
            // The middle stays what it is, and no load is taken for a smaller one.
            assert_eq!(few.loads(&few.place(&keep)), keep);
            for loads in points.keys().filter(|loads| few.place(loads) != few.place(&keep)) {
                assert!(few.loads(&few.place(loads)) >= *loads);
            }
            let places: Vec<Place> = all.places(&points).into_iter().collect();
            let coarse = all.coarse(&places, 3);
            assert!(coarse.iter().filter(|one| **one).count() <= 3 && coarse.last() == Some(&true));
        });
    }
}
