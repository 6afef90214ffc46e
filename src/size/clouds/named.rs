//! Machine types that the source names: kept where they fit, named with what they lack where they do not.

use super::types::Named;
use crate::blueprint::Blueprint;
use crate::blueprint::service::Arch;
use crate::catalog::{Machine, Purchase};
use crate::size::component::{Bottleneck, Resources, fit};
use crate::size::placement::{Lot, Rules};
use crate::size::services::ServiceSize;
use crate::units::Bytes;

/// Fixes the machine of each lot that the source names one for and that does, and says of every one whether it is kept.
pub(super) fn keep(
    blueprint: &Blueprint,
    lots: &mut [Lot],
    services: &[&ServiceSize],
    machines: &[&Machine],
    rules: &Rules,
) -> Vec<Named> {
    let mut named = Vec::new();
    for (lot, service) in lots.iter_mut().zip(services) {
        let Some(name) = &service.machine else { continue };
        let gpu = blueprint.services.get(&service.service).and_then(|service| service.placement.as_ref()?.gpu.clone());
        let verdict = verdict(lot, name, gpu.as_deref(), machines, rules);
        let kept = verdict.is_ok();
        if kept {
            lot.machine = Some(name.clone());
        }
        let (bottleneck, because) = match verdict {
            Ok(because) => (None, because),
            Err((bottleneck, because)) => (bottleneck, because),
        };
        named.push(Named { service: service.service.clone(), machine: name.clone(), kept, bottleneck, because });
    }
    named
}

/// Why the named machine does, or what it lacks.
fn verdict(
    lot: &Lot,
    name: &str,
    gpu: Option<&str>,
    machines: &[&Machine],
    rules: &Rules,
) -> Result<String, (Option<Bottleneck>, String)> {
    let machine = machines
        .iter()
        .find(|machine| machine.name == name)
        .ok_or_else(|| (None, format!("the catalogue does not have {name} here")))?;
    let carries = machine.gpu.as_ref().map_or("no GPU", |gpu| gpu.model.as_str());
    if let Some(gpu) = gpu.filter(|gpu| *gpu != carries) {
        return Err((
            Some(Bottleneck::Gpu),
            format!("{name} carries {carries}, not the {gpu} that the source pairs it with"),
        ));
    }
    if !lot.arch.is_empty() && !lot.arch.contains(&machine.arch) {
        let has = lot.arch.iter().map(|arch| arch.word()).collect::<Vec<_>>().join(", ");
        return Err((
            Some(Bottleneck::Arch),
            format!("the image exists for {has} and {name} is {}", machine.arch.word()),
        ));
    }
    let with_system = Resources { memory: Bytes(lot.each.memory.0.saturating_add(rules.system_memory.0)), ..lot.each };
    fit(&with_system, machine).map_err(|excuse| (Some(excuse.bottleneck), excuse.because))?;
    let priced = machine.prices.of(rules.purchase).is_some()
        || rules.purchase == Purchase::Spot && machine.prices.on_demand.is_some();
    if !priced {
        let why = format!("no {} price of {name} is known here", rules.purchase.word());
        return Err((Some(Bottleneck::Price), why));
    }
    Ok("named by the source, and it holds what is needed".to_owned())
}

/// The architectures that an image must also have, as no machine there has its own.
pub(super) fn without_home(lot: &Lot, machines: &[&Machine]) -> Option<Vec<Arch>> {
    let has = |arch: &Arch| machines.iter().any(|machine| machine.arch == *arch && machine.prices.on_demand.is_some());
    let lacking = !lot.arch.is_empty() && !lot.arch.iter().any(has);
    lacking.then(|| [Arch::Amd64, Arch::Arm64].into_iter().filter(has).collect())
}
