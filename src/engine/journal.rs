//! Changes an object that others change too: read, change, write if nobody was faster, and begin anew where somebody was.

use super::Policy;
use crate::chance::Chance;
use crate::cloud::bucket::{Bucket, Condition};

/// What an object becomes, given what is there; `None` when it is already as it shall be.
pub type Change<'a> = dyn FnMut(Option<&[u8]>) -> Option<Vec<u8>> + 'a;

/// Writes what `change` makes of what is there, so that nothing that anybody else writes is lost, and says whether anything
/// was written. `change` is asked anew after each failure; it must know its own work again and then answer `None`, since a
/// write whose reply was lost may have come about.
///
/// # Errors
/// What the store says, once it has said so more often than the policy tries, or where trying again is of no use.
pub fn update<B: Bucket>(
    bucket: &mut B,
    name: &str,
    policy: &Policy,
    seed: u64,
    change: &mut Change<'_>,
) -> Result<bool, B::Error> {
    let mut chance = Chance::new(seed);
    let mut tries = 0;
    loop {
        let failed = match attempt(bucket, name, change) {
            Ok(written) => return Ok(written),
            Err(error) => error,
        };
        tries += 1;
        if tries > policy.tries || !B::trouble(&failed).is_passing() {
            return Err(failed);
        }
        bucket.wait(policy.backoff(tries, &mut chance));
    }
}

fn attempt<B: Bucket>(bucket: &mut B, name: &str, change: &mut Change<'_>) -> Result<bool, B::Error> {
    let there = bucket.read(name)?;
    let Some(body) = change(there.as_ref().map(|object| object.body.as_slice())) else { return Ok(false) };
    let condition = there.map_or(Condition::IsAbsent, |object| Condition::Is(object.tag));
    bucket.write(name, &body, &condition)?;
    Ok(true)
}

/// Writes an object that never changes, such as one that is named after its content.
///
/// # Errors
/// As [`update`].
pub fn put_once<B: Bucket>(
    bucket: &mut B,
    name: &str,
    policy: &Policy,
    seed: u64,
    body: &[u8],
) -> Result<(), B::Error> {
    update(bucket, name, policy, seed, &mut |there| there.is_none().then(|| body.to_vec())).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::bucket::SimulatedBucket;
    use crate::cloud::sim::Faults;

    const NAME: &str = "chatty.jsonl";

    /// Adds a line, unless it is there.
    fn add(bucket: &mut SimulatedBucket, line: &str, seed: u64) -> bool {
        let policy = Policy::default();
        let done = update(bucket, NAME, &policy, seed, &mut |there| {
            let text = there.map(|body| String::from_utf8(body.to_vec()).unwrap()).unwrap_or_default();
            (!text.lines().any(|known| known == line)).then(|| format!("{text}{line}\n").into_bytes())
        });
        done.is_ok()
    }

    fn lines(bucket: &SimulatedBucket) -> Vec<String> {
        let text = String::from_utf8(bucket.body(NAME).unwrap_or_default().to_vec()).unwrap();
        text.lines().map(str::to_owned).collect()
    }

    /// Whatever fails, each line is there once, and those of the other writer too.
    #[test]
    fn no_line_is_lost_or_doubled() {
        let faults = Faults { throttled: 100_000, unavailable: 100_000, lost: 200_000, ..Faults::default() };
        for seed in 0..2_000 {
            let (mut others, mut turn) = (0, Chance::new(seed));
            let mut bucket = SimulatedBucket::new(seed, faults.clone()).with(move |objects| {
                if others < 5 && turn.below(2) == 0 {
                    let (body, writes) = objects.entry(NAME.to_owned()).or_default();
                    body.extend(format!("theirs {others}\n").bytes());
                    *writes += 1;
                    others += 1;
                }
            });
            for number in 0..8 {
                let line = format!("mine {number}");
                let done = add(&mut bucket, &line, seed);
                let found = lines(&bucket).iter().filter(|known| **known == line).count();
                assert!(found == 1 || (found == 0 && !done), "{seed}: {line} is there {found} times");
            }
            let found = lines(&bucket);
            let theirs: Vec<&String> = found.iter().filter(|line| line.starts_with("theirs")).collect();
            let expected: Vec<String> = (0..theirs.len()).map(|number| format!("theirs {number}")).collect();
            assert!(theirs.into_iter().eq(&expected), "{seed}: {found:?}");
        }
    }

    #[test]
    fn what_never_passes_ends_at_once_and_all_else_after_some_tries() {
        let mut bucket = SimulatedBucket::new(1, Faults { throttled: 1_000_000, ..Faults::default() });
        assert!(!add(&mut bucket, "mine", 1));
        assert!(bucket.waited().0 > 10_000, "{:?}", bucket.waited());
    }

    #[test]
    fn what_is_named_after_its_content_is_written_once() {
        let mut bucket = SimulatedBucket::new(1, Faults::default());
        for _ in 0..2 {
            put_once(&mut bucket, "abc", &Policy::default(), 1, b"body").unwrap();
        }
        assert_eq!(bucket.body("abc"), Some(b"body".as_slice()));
    }
}
