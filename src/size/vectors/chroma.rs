//! Chroma on one node.

use super::load::{Copy, Load, Quantisation, all, spread, unsupported};
use crate::size::component::Need;
use crate::size::plan::Warning;
use crate::units::{Cores, Count};

const GIB: u128 = 1 << 30;

/// What a vector takes beside its numbers. Chroma's tests found `N = R x 0.245`, N in millions of 1024 dimensions and R
/// in gigabytes: 1 GiB / 245,000 = 4,382.6 B each, of which 4,096 are the vector. That this part stays the same for other
/// dimensions is an assumption.
const BESIDE: u128 = 287;

/// "At least a gigabyte for the system's other needs."
const SYSTEM: u128 = GIB;

/// "Less than 2 GB of RAM is not recommended."
const LEAST: u128 = 2 * GIB;

/// "Storage at least as big as its RAM, plus several gigabytes"; several is taken as 5, an assumption.
const DISK_MORE: u128 = 5 * GIB;

/// The largest collection in the table of the page.
const TESTED: Count = Count(15_000_000);

const SOURCE: &str = "docs.trychroma.com, Single-Node Chroma: Performance and Limitations (read 2026-11-21); assumption: \
                      the 287 B beside a vector of 1024 dimensions hold for others";

/// What Chroma needs: `N (4 d + 287 B) + 1 GiB` of memory, at least 2 GiB; disk of that size, 5 GiB, and the payload twice.
pub fn need(load: &Load) -> Need {
    let mut warnings = Vec::new();
    let mut load = *load;
    if load.quantisation != Quantisation::None {
        warnings.push(unsupported(&load, "no quantisation on one node"));
        load.quantisation = Quantisation::None;
    }
    if load.replicas > 1 || load.shards > 1 || load.distributed {
        let text = "Chroma on one node keeps no copies and spreads nothing; sized as one instance".to_owned();
        let hint = Some("take Qdrant, Weaviate or Milvus for copies, or back its disk up".to_owned());
        warnings.push(Warning { id: "chroma-is-one-node".to_owned(), severe: true, text, hint });
        load.replicas = 1;
    }
    if load.vectors > TESTED {
        let text = format!(
            "{} vectors are more than the {} that Chroma shows on one node",
            load.vectors.spoken(),
            TESTED.spoken()
        );
        let hint = Some("plan for Milvus, Qdrant or Weaviate, or prove the load first".to_owned());
        warnings.push(Warning { id: "beyond-chroma-tests".to_owned(), severe: true, text, hint });
    }
    let each = Quantisation::None.bytes(load.dims).saturating_add(BESIDE);
    let memory = all(&load, each).saturating_add(SYSTEM).max(LEAST);
    let payload = all(&load, load.payload.0.into()).saturating_mul(2);
    let copy = Copy {
        memory,
        memory_formula: format!("{} x (4 B x {} + {BESIDE} B) + 1 GiB, at least 2 GiB", load.vectors, load.dims),
        disk: memory.saturating_add(DISK_MORE).saturating_add(payload),
        disk_formula: format!("memory + 5 GiB + 2 x {} x {} of payload in SQLite", load.vectors, load.payload),
        source: SOURCE,
    };
    let mut need = spread(&load, copy, 1, warnings);
    // "Only one thread can read or write a given index at a time": more cores help little.
    need.each.cpu = Cores::whole(2);
    if let Some(cores) = need.why.last_mut() {
        cores.value = "2".to_owned();
        cores.formula = "2: one thread at a time reads or writes an index".to_owned();
        cores.source = SOURCE.to_owned();
    }
    need
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::vectors::Engine;
    use crate::units::Bytes;

    #[test]
    fn the_table_of_the_documentation_fits_its_machines() {
        for (millions_tenths, gib) in [(7, 4), (17, 8), (36, 16), (75, 32), (150, 64)] {
            let vectors = Count(millions_tenths * 100_000);
            let got = need(&Load::new(Engine::Chroma, vectors, 1024)).each.memory;
            assert!(got <= Bytes::gib(gib), "{vectors}: {got}");
            // And not by much: what is left is less than a twelfth.
            assert!(got.0 > Bytes::gib(gib).0 / 12 * 11 || gib > 32, "{vectors}: {got}");
        }
    }

    #[test]
    fn by_hand() {
        // 1e6 x (4 x 384 + 287) + 2^30 = 2,896,741,824.
        let got = need(&Load::new(Engine::Chroma, Count(1_000_000), 384));
        assert_eq!((got.each.memory, got.each.cpu, got.instances), (Bytes(2_896_741_824), Cores::whole(2), 1));
        assert_eq!(need(&Load::new(Engine::Chroma, Count(0), 384)).each.memory, Bytes::gib(2));
    }

    #[test]
    fn what_one_node_cannot_is_told() {
        let load = Load { replicas: 3, ..Load::new(Engine::Chroma, Count(20_000_000), 384) };
        let got = need(&load);
        let ids: Vec<&str> = got.warnings.iter().map(|warning| warning.id.as_str()).collect();
        assert_eq!((got.instances, ids), (1, vec!["chroma-is-one-node", "beyond-chroma-tests"]));
    }
}
