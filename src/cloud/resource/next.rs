//! What is next for resources: made once what they refer to is there, deleted once nothing refers to them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Address, Fields, Found, Graph, Inventory, Kind, State, Tags, Value, Wanted};
use crate::cloud::names::is_ours;
use crate::cloud::step::{Invariant, Next, Refusal, Undo};

/// A change of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", bound(serialize = "K: Kind", deserialize = "K: Kind"))]
pub enum Change<K> {
    /// Make it, with its tags in the same call.
    Create {
        /// Which.
        address: Address<K>,
        /// Its fields.
        fields: Fields<K>,
        /// Its tags.
        tags: Tags,
    },
    /// Change fields and tags of it in place.
    Update {
        /// Which.
        address: Address<K>,
        /// The fields that change, as they are to be.
        fields: Fields<K>,
        /// The tags that change, as they are to be.
        tags: Tags,
    },
    /// Delete it.
    Delete {
        /// Which.
        address: Address<K>,
    },
}

impl<K> Change<K> {
    /// The resource that is changed.
    pub fn address(&self) -> &Address<K> {
        match self {
            Self::Create { address, .. } | Self::Update { address, .. } | Self::Delete { address } => address,
        }
    }
}

/// What else decides over resources.
pub struct Rules<'a, K> {
    /// Tags that every resource of the deployment bears; what does not bear them is left alone.
    pub ours: &'a Tags,
    /// Which of those that are ours are looked after here; the others are somebody else's to delete.
    pub mine: &'a dyn Fn(&Found<K>) -> bool,
    /// Resources that something outside the inventory still uses, such as a group of machines.
    pub in_use: &'a dyn Fn(&Address<K>) -> bool,
    /// Whether what holds data may be deleted.
    pub allow_data_loss: bool,
}

/// A resource that is wanted, without a copy of what it is made from.
#[derive(Debug)]
pub struct Want<'a, K> {
    /// Its fields.
    pub fields: &'a Fields<K>,
    /// Its tags, beside those that every resource of the deployment bears.
    pub tags: &'a Tags,
    /// Why it is wanted, for people.
    pub because: &'a str,
}

impl<'a, K> From<&'a Wanted<K>> for Want<'a, K> {
    fn from(wanted: &'a Wanted<K>) -> Self {
        Self { fields: &wanted.fields, tags: &wanted.tags, because: &wanted.because }
    }
}

/// What is next for the resources of a deployment.
pub fn next<K: Kind>(wanted: &Graph<K>, found: &Inventory<K>, rules: &Rules<'_, K>) -> Next<Change<K>> {
    next_among(wanted.iter().map(|(address, want)| (address, want.into())), found, found.iter(), rules)
}

/// The same for what lasts over releases, which is asked over and over while nothing of it changes: that nothing is left to do
/// is kept in mind. Which resources are looked after here must follow from them alone, and always in the same way.
pub fn next_lasting<K: Kind>(wanted: &Graph<K>, found: &Inventory<K>, rules: &Rules<'_, K>) -> Next<Change<K>> {
    if found.is_settled(wanted, rules.ours) {
        return Next::default();
    }
    let next = next(wanted, found, rules);
    if next.is_done() {
        found.settled(wanted, rules.ours);
    }
    next
}

/// The same, where all that may have to go is among some of those that were found, in the order of their addresses: a few
/// versions of a service need not be looked for among everything.
pub fn next_among<'a, K: Kind>(
    wanted: impl IntoIterator<Item = (&'a Address<K>, Want<'a, K>)>,
    found: &'a Inventory<K>,
    among: impl Iterator<Item = (&'a Address<K>, &'a Found<K>)>,
    rules: &Rules<'_, K>,
) -> Next<Change<K>> {
    let mut next = Next::default();
    let mut going = Vec::new();
    // Both are in the same order: walking beside each other saves a search for each.
    let mut among = among.peekable();
    let mut goes = |address: &'a Address<K>, there: &'a Found<K>| {
        if is_ours(rules.ours, &there.tags) && (rules.mine)(there) {
            going.push((address, there));
        }
    };
    for (address, want) in wanted {
        while let Some((other, there)) = among.next_if(|(other, _)| *other < address) {
            goes(other, there);
        }
        let there = match among.next_if(|(other, _)| *other == address) {
            Some((_, there)) => Some(there),
            None => found.get(address),
        };
        match there {
            None => make(address, &want, found, rules, &mut next),
            Some(there) => keep(address, &want, there, rules, &mut next),
        }
    }
    among.for_each(|(other, there)| goes(other, there));
    for (address, there) in going {
        remove(address, there, found.users(address), rules, &mut next);
    }
    next
}

fn make<K: Kind>(
    address: &Address<K>,
    want: &Want<'_, K>,
    found: &Inventory<K>,
    rules: &Rules<'_, K>,
    next: &mut Next<Change<K>>,
) {
    let ready = |of: &&Address<K>| found.get(of).is_some_and(|there| there.state == State::Ready);
    if let Some(missing) = want.fields.values().flat_map(Value::references).find(|of| !ready(of)) {
        next.wait(address.to_string(), format!("{missing} must be there first")).order();
        return;
    }
    let tags = rules.ours.iter().chain(want.tags).map(|(name, value)| (name.clone(), value.clone())).collect();
    let create = Change::Create { address: address.clone(), fields: want.fields.clone(), tags };
    next.act(
        create,
        want.because.to_owned(),
        Invariant::OnlyOurs,
        Undo::By("deleted when it is no longer wanted".into()),
    );
}

fn keep<K: Kind>(
    address: &Address<K>,
    want: &Want<'_, K>,
    there: &Found<K>,
    rules: &Rules<'_, K>,
    next: &mut Next<Change<K>>,
) {
    if !is_ours(rules.ours, &there.tags) {
        next.refused.push(foreign(address, there, rules.ours));
        return;
    }
    match there.state {
        State::Pending => {
            next.wait(address.to_string(), "it is being made");
            return;
        }
        State::Deleting => {
            next.wait(address.to_string(), "it is being deleted, and is made anew after that");
            return;
        }
        State::Failed => {
            let why = "it could not be made, and is still there".to_owned();
            let ways_out =
                vec![format!("look at it in the cloud's console, delete it there, and run this again: {}", there.id)];
            next.refused.push(Refusal { subject: address.to_string(), why, ways_out, failed: false });
            return;
        }
        State::Ready => {}
    }
    let mut fields: Fields<K> = differing(want.fields, &there.fields);
    fields.retain(|name, wanted| !shrinks(address.kind, name, wanted, there.fields.get(name)));
    let tags: Tags = differing(rules.ours, &there.tags).into_iter().chain(differing(want.tags, &there.tags)).collect();
    if fields.is_empty() && tags.is_empty() {
        return;
    }
    let info = address.kind.info();
    if let Some(fixed) = fields.keys().find(|name| !info.changeable.contains(&name.as_str())) {
        let now = there.fields.get(fixed).map_or_else(|| "nothing".to_owned(), ToString::to_string);
        let why = format!("`{fixed}` is {now} and is to be {}, which cannot be changed in place", fields[fixed]);
        let ways_out = vec![
            format!("put `{fixed}` back to {now}"),
            "give the resource another name, so that a new one is made beside it".to_owned(),
        ];
        next.refused.push(Refusal { subject: address.to_string(), why, ways_out, failed: false });
        return;
    }
    let changed: Vec<&str> = fields.keys().chain(tags.keys()).map(String::as_str).collect();
    let reason = format!("{} as it was observed is not as it is wanted", changed.join(", "));
    let update = Change::Update { address: address.clone(), fields, tags };
    next.act(update, reason, Invariant::OnlyOurs, Undo::By("changed back when the former value is wanted".into()));
}

/// Whether something that holds data would become smaller, which it never does: an EBS volume cannot ("Modify an Amazon EBS
/// volume", EBS user guide), nor a Persistent Disk ("Increase the size of a Persistent Disk", Compute Engine; both read
/// 2026-11-21). What is larger than wanted stays as it is.
pub fn shrinks<K: Kind>(kind: K, field: &str, wanted: &Value<K>, found: Option<&Value<K>>) -> bool {
    match (found, wanted) {
        (Some(Value::Number(found)), Value::Number(wanted)) => {
            kind.info().holds_data && field == "size" && wanted < found
        }
        _ => false,
    }
}

/// Something of the wanted name is there and belongs to somebody else.
fn foreign<K: Kind>(address: &Address<K>, there: &Found<K>, ours: &Tags) -> Refusal {
    let tags: Vec<String> = ours.iter().map(|(name, value)| format!("{name}={value}")).collect();
    Refusal {
        subject: address.to_string(),
        why: format!("it exists already as {}, and does not bear the tags of this deployment", there.id),
        ways_out: vec![
            "give the deployment another name, so that nothing has the same name as what is there".to_owned(),
            format!("if it is to belong to this deployment, tag it by hand, and run this again: {}", tags.join(" ")),
        ],
        failed: false,
    }
}

/// The entries that are wanted and are not there as wanted.
fn differing<V: Clone + PartialEq>(want: &BTreeMap<String, V>, there: &BTreeMap<String, V>) -> BTreeMap<String, V> {
    // Most often nothing does, which is found without a search for each.
    if want == there {
        return BTreeMap::new();
    }
    let differs = |(name, value): &(&String, &V)| there.get(*name) != Some(*value);
    want.iter().filter(differs).map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn remove<K: Kind>(
    address: &Address<K>,
    there: &Found<K>,
    used_by: &[Address<K>],
    rules: &Rules<'_, K>,
    next: &mut Next<Change<K>>,
) {
    if there.state == State::Deleting {
        next.wait(address.to_string(), "it is being deleted");
        return;
    }
    if let [first, ..] = used_by {
        next.wait(address.to_string(), format!("{first} refers to it and goes first")).order();
        return;
    }
    if (rules.in_use)(address) {
        next.wait(address.to_string(), "machines still use it").order();
        return;
    }
    let info = address.kind.info();
    if info.holds_data && !rules.allow_data_loss {
        let why = "it holds data, and is no longer wanted".to_owned();
        let ways_out = vec![
            "deploy what is wanted beside it under another name, move the data, then destroy this one: --deployment NAME"
                .to_owned(),
            "want it again, as it is".to_owned(),
        ];
        next.refused.push(Refusal { subject: address.to_string(), why, ways_out, failed: false });
        return;
    }
    let undo = if info.holds_data { Undo::Final } else { Undo::By("made anew when it is wanted again".into()) };
    next.act(Change::Delete { address: address.clone() }, "it is no longer wanted", Invariant::UsedStays, undo);
}
