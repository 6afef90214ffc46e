//! A hundred thousand broken blueprints: none makes the reader panic, and each complaint has a place in the file.
#![allow(clippy::disallowed_methods, reason = "a test reads and writes files")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use rapplan::blueprint::Blueprint;
use rayon::prelude::*;

const MUTANTS: u64 = 100_000;

/// Words that mean something in TOML or in a blueprint, and values at the edges of their types.
const WORDS: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "[",
    "]",
    "[[",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\\",
    "\\u",
    "\r",
    "\r\n",
    "\t",
    "\0",
    "\u{1b}",
    "nan",
    "-inf",
    "true",
    "1979-05-27T07:32:00Z",
    "0xffffffffffffffffffffffffffffffffffffff",
    "-1",
    "0",
    "65536",
    "4294967296",
    "18446744073709551616",
    "1e400",
    "\"0\"",
    "\"18EB\"",
    "\"99999999999999999999999999 TB\"",
    "\"0.0000001%\"",
    "partitions",
    "services",
    "tiers",
    "한글",
    "🤖",
    "\u{202e}",
    "\u{feff}",
    "..",
    "latest",
    "\"a b\"",
    "[tiers]",
    "[[services]]",
];

#[test]
fn a_hundred_thousand_mutants_are_refused_with_a_place_or_accepted() {
    let sources = sources();
    let refused: u64 = (0..MUTANTS).into_par_iter().map(|seed| u64::from(refused(&sources, seed))).sum();
    // Most changes break something; were few refused, the mutants or the checks would be too tame.
    assert!(refused > MUTANTS / 2, "only {refused} of {MUTANTS} were refused");
    assert!(refused < MUTANTS, "every mutant was refused; comments alone should make some sound");
}

/// The blueprints that rapplan comes with, and the sample.
fn sources() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("tests/data/sample.toml")];
    if let Ok(folder) = fs::read_dir(root.join("blueprints")) {
        paths.extend(
            folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "toml")),
        );
    }
    paths.sort();
    paths.iter().map(|path| fs::read_to_string(path).unwrap()).collect()
}

fn refused(sources: &[String], seed: u64) -> bool {
    let mut random = StdRng::seed_from_u64(seed);
    // A long file takes longer, so it gets fewer.
    let mut text = sources.choose_weighted(&mut random, |text| 1.0 / text.len() as f64).unwrap().clone();
    for _ in 0..random.random_range(1..=3) {
        text = mutate(&mut random, &text);
    }
    let Ok(result) = catch_unwind(|| Blueprint::parse("mutant.toml", &text)) else {
        panic!("seed {seed} makes the reader panic");
    };
    let Err(error) = result else { return false };
    let lines = text.split('\n').count();
    for problem in error.problems() {
        let place = problem.place.as_ref().unwrap_or_else(|| panic!("seed {seed}: no place: {problem}"));
        assert!((1..=lines).contains(&place.line), "seed {seed}: {problem}");
        let line = text.split('\n').nth(place.line - 1).unwrap();
        assert!((1..=line.chars().count() + 1).contains(&place.column), "seed {seed}: {problem}");
        assert!(place.width >= 1 && place.caret >= 1, "seed {seed}: {problem}");
        assert!(place.caret + place.width <= place.source.chars().count() + 2, "seed {seed}: {problem}");
    }
    // Printing must not panic either, and prints one line of source for each.
    assert!(error.to_string().matches("\n  at mutant.toml:").count() >= error.problems().len(), "seed {seed}");
    true
}

fn mutate(random: &mut StdRng, text: &str) -> String {
    let mut lines: Vec<&str> = text.split('\n').collect();
    let (i, j) = (random.random_range(0..lines.len()), random.random_range(0..lines.len()));
    match random.random_range(0..10) {
        0 => drop(lines.remove(i)),
        1 => lines.insert(j, lines[i]),
        2 => lines.swap(i, j),
        3 => return flip(random, text),
        4 => return text[..boundary(text, random.random_range(0..=text.len()))].to_owned(),
        5 => return change_number(random, text, i),
        6 | 7 => return replace_word(random, text),
        8 => return insert(random, text),
        _ => lines.truncate(lines.len() - i.min(5)),
    }
    lines.join("\n")
}

/// The nearest boundary of characters at or below an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0)
}

/// One byte changed into another printable one, or a bit of it flipped where the text stays UTF-8.
fn flip(random: &mut StdRng, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    if let Some(i) = (!bytes.is_empty()).then(|| random.random_range(0..bytes.len())) {
        bytes[i] ^= 1 << random.random_range(0..7);
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// Another number in place of the first digits from some line on.
fn change_number(random: &mut StdRng, text: &str, line: usize) -> String {
    let from = text.split_inclusive('\n').take(line).map(str::len).sum::<usize>();
    let Some(start) = text[from..].find(|c: char| c.is_ascii_digit()).map(|i| from + i) else { return text.to_owned() };
    let end = text[start..].find(|c: char| !c.is_ascii_digit()).map_or(text.len(), |i| start + i);
    let number = match random.random_range(0..4) {
        0 => "0".to_owned(),
        1 => random.random::<u64>().to_string(),
        2 => format!("-{}", random.random_range(1..100)),
        _ => random.random_range(0..100_000).to_string(),
    };
    format!("{}{number}{}", &text[..start], &text[end..])
}

/// A word of the text, in place of which comes one of `WORDS` or another word of the text.
fn replace_word(random: &mut StdRng, text: &str) -> String {
    let words: Vec<&str> =
        text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-')).filter(|w| !w.is_empty()).collect();
    let (Some(old), Some(new)) = (words.choose(random), words.choose(random)) else { return text.to_owned() };
    let new = if random.random() { new } else { WORDS.choose(random).unwrap() };
    let start = old.as_ptr() as usize - text.as_ptr() as usize;
    format!("{}{new}{}", &text[..start], &text[start + old.len()..])
}

fn insert(random: &mut StdRng, text: &str) -> String {
    let at = boundary(text, random.random_range(0..=text.len()));
    format!("{}{}{}", &text[..at], WORDS.choose(random).unwrap(), &text[at..])
}
