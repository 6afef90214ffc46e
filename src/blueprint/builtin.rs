//! The blueprints that are part of the program.

/// The built-in blueprints: name, file in the source tree, text.
pub const BUILTIN: &[(&str, &str, &str)] = &[
    ("chatty", "blueprints/chatty.toml", include_str!("../../blueprints/chatty.toml")),
    ("kag", "blueprints/kag.toml", include_str!("../../blueprints/kag.toml")),
    ("aperag", "blueprints/aperag.toml", include_str!("../../blueprints/aperag.toml")),
    ("dojangkok", "blueprints/dojangkok.toml", include_str!("../../blueprints/dojangkok.toml")),
];

#[cfg(test)]
mod tests {
    use super::BUILTIN;
    use crate::blueprint::Blueprint;
    use crate::blueprint::service::VolumeUse;
    use crate::blueprint::tier::{Server, Share};
    use crate::units::Bytes;

    fn read(name: &str) -> Blueprint {
        let (_, file, text) = BUILTIN.iter().find(|(known, ..)| *known == name).expect("a built-in name");
        toml::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"))
    }

    fn servers(blueprint: &Blueprint) -> impl Iterator<Item = &Server> {
        blueprint.tiers.iter().flat_map(|tier| &tier.sizes).flat_map(|set| &set.servers)
    }

    #[test]
    fn each_is_read_and_named_as_its_file() {
        for (name, file, _) in BUILTIN {
            assert_eq!(read(name).name, *name);
            assert_eq!(*file, format!("blueprints/{name}.toml"));
        }
    }

    /// Limits leave each server at least a tenth of its memory or 3 GiB for the system, and at most one service takes
    /// the rest.
    #[test]
    fn shares_fit_their_server() {
        for (name, ..) in BUILTIN {
            let blueprint = read(name);
            for server in servers(&blueprint) {
                let at = format!("{name}: {}", server.name);
                let open = server.services.values().filter(|share| share.memory.is_none()).count();
                assert!(open <= 1, "{at}: {open} services without a memory limit");
                assert!(open == 0 || server.memory.is_some(), "{at}: nothing is known to be left");
                let given = |share: &Share| share.memory.unwrap_or_default().0 * u64::from(share.replicas.unwrap_or(1));
                let taken: u64 = server.services.values().map(given).sum();
                if let Some(memory) = server.memory {
                    let system = (memory.0 / 10).min(Bytes::gib(3).0);
                    assert!(taken + system <= memory.0, "{at}: {} of {memory}", Bytes(taken));
                }
            }
        }
    }

    #[test]
    fn names_that_are_used_exist() {
        for (name, ..) in BUILTIN {
            let b = read(name);
            let area = |volume: &VolumeUse| volume.area.clone();
            let known = |area: &String| b.storage.as_ref().is_some_and(|s| s.areas.contains_key(area));
            for (key, service) in &b.services {
                for other in service.depends_on.iter().chain(service.connects.keys()) {
                    assert!(b.services.contains_key(other), "{name}: {key} needs {other}");
                }
                for (other, connect) in &service.connects {
                    let ports = &b.services[other].ports;
                    let found = connect.port.as_ref().is_none_or(|port| ports.iter().any(|p| p.name == *port));
                    assert!(found, "{name}: {key} to {other}");
                }
                assert!(service.networks.iter().all(|n| b.networks.contains_key(n)), "{name}: networks of {key}");
                assert!(service.volumes.iter().filter_map(area).all(|a| known(&a)), "{name}: areas of {key}");
            }
            for server in servers(&b) {
                for (service, share) in &server.services {
                    assert!(b.services.contains_key(service), "{name}: {} runs {service}", server.name);
                    let ports = &b.services[service].ports;
                    assert!(share.expose.keys().all(|p| ports.iter().any(|port| port.name == *p)), "{name}: {service}");
                }
            }
            let triggered = b.triggers.iter().filter_map(|trigger| trigger.service.as_ref());
            let backed_up = b.backup.iter().flat_map(|backup| backup.jobs.keys());
            assert!(triggered.chain(backed_up).all(|service| b.services.contains_key(service)), "{name}");
        }
    }

    #[test]
    fn chatty_shuts_databases_in() {
        let chatty = read("chatty");
        let on = |network: &str| {
            let member = |name: &&str| chatty.services[*name].networks.iter().any(|n| n == network);
            ["nginx", "api", "milvus", "postgres", "etcd", "minio"].into_iter().filter(member).collect::<Vec<_>>()
        };
        assert!(chatty.networks["backend"].internal);
        assert_eq!(on("frontend"), ["nginx", "api"]);
        assert_eq!(on("backend"), ["api", "milvus", "postgres", "etcd", "minio"]);
        assert!(on("private").is_empty());
    }
}
