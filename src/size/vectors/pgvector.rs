//! PostgreSQL with pgvector and an HNSW index.

use super::load::{Copy, Load, Quantisation, all, spread, unsupported};
use crate::size::component::Need;
use crate::size::plan::{Setting, Warning};
use crate::units::Bytes;

const PAGE: u128 = 8192;

/// Room of a page beside its header (24 B) and pgvector's own (8 B).
const ROOM: u128 = PAGE - 24 - 8;

/// Bytes of a line pointer.
const POINTER: u128 = 4;

/// Neighbours of a vector (`m`, default 16).
const M: u128 = 16;

/// Header and the line pointer of a row of the table.
const ROW: u128 = 24 + POINTER;

const SOURCE: &str = "pgvector/pgvector, README and src/hnsw.h, src/hnswbuild.c (0054a9c4): sizes of the tuples of the index, \
                      which never cross a page; effective_cache_size of 3/4 of the memory: pgtune (7caef27c); \
                      assumptions: the whole index is cached, the upper layers take 8 B a vector, tables and indexes \
                      take half again on disk while they are rebuilt";

/// Most dimensions that HNSW indexes, by type: `vector`, `halfvec`, `bit`.
const fn most_dims(kind: Quantisation) -> u32 {
    match kind {
        Quantisation::None | Quantisation::Int8 => 2_000,
        Quantisation::Half => 4_000,
        Quantisation::Binary => 64_000,
    }
}

/// Pages of the HNSW index over `vectors` values of `value` bytes each (with their header of 8 B).
///
/// An element takes `align8(72 + value)`, its neighbours `align8(4 + 2 m 6)`; both lie on one page if they fit, else each
/// on one of its own.
fn pages(vectors: u128, value: u128) -> u128 {
    let align = |bytes: u128| bytes.div_ceil(8).saturating_mul(8);
    let element = align(value.saturating_add(72));
    let neighbours = align(4 + 2 * M * 6) + 8;
    let pair = element.saturating_add(neighbours + 2 * POINTER);
    let pages = match ROOM / pair {
        // An element larger than a page cannot be indexed at all; counted as if it could go on.
        0 => vectors.saturating_mul(element.div_ceil(ROOM) + 1),
        per_page => vectors.div_ceil(per_page),
    };
    pages.saturating_add(1)
}

/// What PostgreSQL needs to answer from memory: the index within `effective_cache_size`.
pub fn need(load: &Load) -> Need {
    let mut warnings = Vec::new();
    let mut load = *load;
    if load.quantisation == Quantisation::Int8 {
        warnings.push(unsupported(&load, "`halfvec` (16 bits) and `bit` (binary_quantize)"));
        load.quantisation = Quantisation::None;
    }
    if load.dims > most_dims(load.quantisation) {
        warnings.push(too_many_dims(&load));
    }
    let value = load.quantisation.bytes(load.dims).saturating_add(8);
    let index = pages(load.vectors.0.into(), value).saturating_mul(PAGE);
    let row = Quantisation::None.bytes(load.dims).saturating_add(8 + ROW).saturating_add(load.payload.0.into());
    let table = all(&load, row);
    let copy = Copy {
        memory: index.saturating_mul(4).div_ceil(3),
        memory_formula: format!(
            "HNSW index {} / 0.75: {} vectors of {value} B on pages of 8 KiB",
            Bytes(u64::try_from(index).unwrap_or(u64::MAX)).approx(),
            load.vectors
        ),
        disk: table.saturating_add(index).saturating_mul(3).div_ceil(2),
        disk_formula: format!("({} x {row} B of rows + index) x 1.5", load.vectors),
        source: SOURCE,
    };
    let mut need = spread(&load, copy, 1, warnings);
    need.settings.extend(settings(need.each.memory, index));
    need
}

fn too_many_dims(load: &Load) -> Warning {
    let hint = match load.quantisation {
        Quantisation::None if load.dims <= 4_000 => "index a halfvec, which goes to 4,000 dimensions",
        Quantisation::None | Quantisation::Half if load.dims <= 64_000 => "index binary_quantize, up to 64,000",
        _ => "use a model with fewer dimensions",
    };
    Warning {
        id: "too-many-dimensions-to-index".to_owned(),
        severe: true,
        text: format!(
            "pgvector indexes at most {} dimensions as {}; there are {}",
            most_dims(load.quantisation),
            load.quantisation.word(),
            load.dims
        ),
        hint: Some(hint.to_owned()),
    }
}

fn settings(memory: Bytes, index: u128) -> [Setting; 3] {
    let mib = |bytes: u64| format!("{}MB", bytes >> 20);
    let set = |name: &str, value: String, because: &str| Setting {
        name: name.to_owned(),
        value,
        because: because.to_owned(),
    };
    // PostgreSQL takes at most 2^31 - 1 KiB here.
    let build = u64::try_from(index).unwrap_or(u64::MAX).clamp(64 << 20, (2 << 40) - (1 << 20));
    [
        set("shared_buffers", mib(memory.0 / 4), "a quarter of the memory (pgvector README, pgtune)"),
        set("effective_cache_size", mib(memory.0 / 4 * 3), "three quarters of the memory (pgtune)"),
        set(
            "maintenance_work_mem",
            mib(build),
            "only while the index is built: the graph should fit, else the build slows down; a container's --shm-size \
             must be as large (pgvector README)",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::vectors::Engine;
    use crate::units::Count;

    #[test]
    fn vectors_on_pages() {
        // 1536: 72 + 8 + 6144 = 6,224; neighbours 200 + 8; pointers 8: 6,440, one to a page. 768: 3,368, two to a page.
        assert_eq!(pages(1_000_000, 8 + 4 * 1536), 1_000_001);
        assert_eq!(pages(1_000_000, 8 + 4 * 768), 500_001);
        // 384: 1,616 + 216 = 1,832: four.
        assert_eq!(pages(1_000_000, 8 + 4 * 384), 250_001);
        // 2000: 8,080 + 216 is more than 8,160: element and neighbours on a page each.
        assert_eq!(pages(10, 8 + 4 * 2000), 21);
        assert_eq!(pages(0, 8), 1);
    }

    #[test]
    fn a_million_vectors() {
        let got = need(&Load::new(Engine::Pgvector, Count(1_000_000), 1536));
        // 1,000,001 x 8,192 = 8,192,008,192; x 4 / 3 = 10,922,677,589.3.
        assert_eq!(got.each.memory, Bytes(10_922_677_590));
        assert_eq!(got.settings[0].value, "2604MB");
        let half = Load { quantisation: Quantisation::Half, ..Load::new(Engine::Pgvector, Count(1_000_000), 1536) };
        // 72 + 8 + 3,072 = 3,152 + 216: two to a page.
        assert_eq!(need(&half).each.memory, Bytes(500_001 * 8192 * 4 / 3));
    }

    #[test]
    fn dimensions_that_no_index_takes() {
        let of = |dims, quantisation| {
            let load = Load { quantisation, ..Load::new(Engine::Pgvector, Count(10), dims) };
            need(&load).warnings.into_iter().map(|warning| warning.id).collect::<Vec<_>>()
        };
        assert!(of(2_000, Quantisation::None).is_empty());
        assert_eq!(of(2_001, Quantisation::None), ["too-many-dimensions-to-index"]);
        assert!(of(4_000, Quantisation::Half).is_empty());
        assert_eq!(of(64_001, Quantisation::Binary), ["too-many-dimensions-to-index"]);
        assert_eq!(of(100, Quantisation::Int8), ["quantisation-not-available"]);
    }
}
