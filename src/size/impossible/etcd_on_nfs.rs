//! etcd whose data is on NFS.

use crate::blueprint::operations::{Storage, StorageProtocol};
use crate::blueprint::service::{Kind, Service};
use crate::size::plan::Warning;

/// Id of the warning.
pub const ID: &str = "etcd-on-nfs";

/// Whether a coordination store keeps its data in an area that reaches its server by NFS; an area on the server that exports the
/// storage, or one kept locally, is none. Milvus asks for local NVMe: a p99 of fsync below 10 ms and 500 IOPS
/// (milvus.io/docs, "Requirements for Installing Milvus with Docker Compose", disk requirements of etcd).
pub fn check(name: &str, service: &Service, storage: Option<&Storage>, on_storage_server: bool) -> Option<Warning> {
    let storage = storage.filter(|storage| storage.protocol == StorageProtocol::Nfs && !on_storage_server)?;
    if service.kind != Kind::Coordination {
        return None;
    }
    let over_network = |area: &&str| storage.areas.get(*area).is_some_and(|area| !area.local);
    let area = service.volumes.iter().filter_map(|volume| volume.area.as_deref()).find(over_network)?;
    Some(Warning {
        id: ID.to_owned(),
        severe: true,
        text: format!(
            "{name} keeps `{area}` on NFS; etcd waits for every write to reach the disk and needs a p99 of fsync below 10 ms, or leaders \
             are lost and Milvus with them"
        ),
        hint: Some(format!(
            "in a blueprint of your own (rapplan init --own) say local = true in storage.areas.{area}, which puts it on the disk of the \
             server that runs {name}; prove that disk with fio before you go live"
        )),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::size::impossible::tests::builtin;

    #[test]
    fn chatty_keeps_etcd_on_nfs() {
        let chatty = builtin("chatty");
        let etcd = &chatty.services["etcd"];
        let got = check("etcd", etcd, chatty.storage.as_ref(), false).unwrap();
        assert!(got.severe && got.text.contains("10 ms"), "{}", got.text);
        assert_eq!(check("etcd", etcd, chatty.storage.as_ref(), true), None);
        assert_eq!(check("etcd", etcd, None, false), None);
        assert_eq!(check("milvus", &chatty.services["milvus"], chatty.storage.as_ref(), false), None);
        let mut local = chatty.storage.clone().unwrap();
        local.areas.values_mut().for_each(|area| area.local = true);
        assert_eq!(check("etcd", etcd, Some(&local), false), None);
    }
}
