use super::*;
use crate::blueprint::Blueprint;
use crate::blueprint::builtin::BUILTIN;

pub(in crate::size) fn builtin(name: &str) -> Blueprint {
    let (_, _, text) = BUILTIN.iter().find(|(known, ..)| *known == name).unwrap();
    toml::from_str(text).unwrap()
}

fn home(_: &str) -> Where {
    Where { at_home: true, gpu: None, copies: 1 }
}

fn found(name: &str) -> Vec<(String, String)> {
    let warnings = of_services(&builtin(name), &|_, _, _| None, &home);
    warnings.into_iter().map(|warning| (warning.id, warning.text)).collect()
}

#[test]
fn dojangkok_names_all_that_s5_says_wrongly() {
    let found = found("dojangkok");
    let ids: Vec<_> = found.iter().map(|(id, text)| (id.as_str(), text.split(' ').next().unwrap())).collect();
    assert_eq!(
        ids,
        [
            (arch_of_machine::ID, "ai-server"),
            (arch_of_machine::ID, "the"),
            (gpu_of_machine::ID, "vllm"),
            (adapters::NO_ADAPTERS, "vllm"),
            (adapters::NO_PATHS, "vllm"),
            (cache_too_small::ID, "vllm"),
            (pool::ID, "S5.T6"),
        ],
        "{found:#?}"
    );
    assert!(found[1].1.contains("chromadb"));
    assert!(
        found[5].1.contains("30 are to be answered, and GPUs are added only when more than 10 wait"),
        "{}",
        found[5].1
    );
}

#[test]
fn the_other_blueprints_are_possible() {
    for name in ["chatty", "kag", "aperag"] {
        assert_eq!(found(name), [], "{name}");
    }
}

#[test]
fn what_cannot_run_becomes_an_error() {
    let warnings = of_services(&builtin("dojangkok"), &|_, _, _| None, &home);
    let stopping = warnings.iter().filter(|warning| cannot_run(warning)).count();
    assert_eq!(stopping, 4);
    let shown = problem(&warnings[0]).to_string();
    assert!(shown.starts_with("error[E0103]: ai-server is planned as arm64"), "{shown}");
    assert!(shown.contains("hint: take a family of arm64"), "{shown}");
}

#[test]
fn the_catalogue_goes_before_names() {
    use crate::blueprint::platform::Provider;
    use crate::blueprint::service::Arch;
    use crate::catalog::{Gpu, Machine, Prices};
    use crate::units::{Bytes, Cores};
    let machine = |provider: Provider, region: &str, name: &str| {
        Some(Machine {
            provider,
            region: region.to_owned(),
            name: name.to_owned(),
            family: String::new(),
            cpu: Cores::whole(64),
            memory: Bytes::gib(256),
            arch: Arch::Arm64,
            burstable: false,
            gpu: Some(Gpu { model: "T4".to_owned(), count: 1, memory: Bytes::gib(16) }),
            local_disk: Bytes(0),
            prices: Prices::default(),
            note: None,
        })
    };
    let warnings = of_services(&builtin("dojangkok"), &machine, &home);
    let ids: Vec<_> = warnings.iter().map(|warning| warning.id.as_str()).collect();
    // All machines are ARM now, with a T4 and 64 cores: only vllm is x86, and the pool of 50 is right for 64 cores.
    assert_eq!(ids, [arch_of_machine::ID, adapters::NO_ADAPTERS, adapters::NO_PATHS, cache_too_small::ID]);
}

#[test]
fn elsewhere_the_machines_of_the_blueprint_do_not_matter() {
    let l4 = crate::catalog::Gpu { model: "L4".to_owned(), count: 1, memory: crate::units::Bytes::gib(22) };
    let away = |_: &str| Where { at_home: false, gpu: Some(l4.clone()), copies: 1 };
    let warnings = of_services(&builtin("dojangkok"), &|_, _, _| None, &away);
    let ids: Vec<_> = warnings.iter().map(|warning| warning.id.as_str()).collect();
    // The model on another GPU is checked where it is placed.
    assert_eq!(ids, [adapters::NO_ADAPTERS, adapters::NO_PATHS, pool::ID]);
}
