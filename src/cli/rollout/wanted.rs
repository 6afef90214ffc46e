//! What is wanted, from the settings; and which world it is wanted in.

use std::collections::BTreeMap;

use super::args::{PlaceArgs, RolloutArgs};
use super::asked::{Asked, Flags};
use super::demanded::demanded;
use super::goal::Goal;
use super::history::History;
use super::records::Records;
use super::store::{Store, cloud_of};
use super::{DesiredOf, asked, clouds, images, refuse};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::blueprint::tier::{Extent, Platform, Tier};
use crate::catalog::Catalog;
use crate::cli::blueprint_choice::Chosen;
use crate::cli::context::Context;
use crate::cli::settings::Settings;
use crate::cli::view::size::brief;
use crate::cli::{cloud_args, demand_args, deployment, templates};
use crate::cloud::shown::{Playable, Shown, Way};
use crate::cloud::{aws, gcp};
use crate::demand::{Ask, Given};
use crate::error::{Code, Error, Problem, Result};
use crate::render::templates::Templates;
use crate::size::plan::Plan;
use crate::size::{Request, size_at};

/// Which deployment, on which cloud.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Name of the deployment.
    pub deployment: String,
    /// The cloud.
    pub provider: Provider,
    /// Where its records are.
    pub records: Records,
}

/// The cloud that is simulated where none is named and nothing is deployed yet. A choice: its releases are the ones that
/// people ask for most.
const USUAL_CLOUD: Provider = Provider::Aws;

/// Which deployment is meant, and on which cloud: the one that is named, else the one that its world is of, else in a
/// simulation the usual one.
///
/// # Errors
/// Neither names a cloud, or the cloud cannot be worked on.
pub fn place(args: &PlaceArgs, context: &Context, command: &str, always_simulated: bool) -> Result<Place> {
    let settings = context.settings()?;
    let deployment = name(settings)?;
    let said = settings.checked("cloud.provider")?.map(|setting| setting.text);
    let known = said.map_or_else(|| cloud_of(&deployment), |word| Ok(Some(word)))?;
    let imagined = (args.simulate || always_simulated).then(|| USUAL_CLOUD.word().to_owned());
    let Some(word) = known.or(imagined) else {
        return Err(Problem::new(Code::BadValue, format!("nothing says on which cloud `{deployment}` runs"))
            .hint(format!("name it: {command} --cloud aws --simulate"))
            .into());
    };
    if !args.simulate && !always_simulated {
        return Err(refuse::no_credentials(&word, command));
    }
    let provider = clouds::named(&word)?;
    let records = Records::of(settings, &deployment, args.simulate || always_simulated)?;
    Ok(Place { deployment, provider, records })
}

/// The name of the deployment that the settings lead to.
///
/// # Errors
/// A name that cannot be one.
pub fn name(settings: &Settings) -> Result<String> {
    let blueprint = match settings.resolve("deployment") {
        Some(_) => String::new(),
        None => Chosen::of_settings(settings)?.load()?.name,
    };
    deployment::name(settings, &blueprint)
}

/// All that is read before anything is wanted.
pub struct Inputs<'a> {
    /// Name of the deployment.
    pub deployment: String,
    /// The application.
    pub blueprint: Blueprint,
    /// Its size.
    pub plan: Plan,
    /// The catalogue of machines.
    pub catalog: &'a Catalog,
    /// Templates of configuration files.
    pub templates: Templates,
    /// The images of the user's own services, each with its digest where its tag is one that can be gone back to.
    pub images: BTreeMap<String, String>,
    /// What was told of the demand, the blueprint and the machines, by setting.
    pub said: BTreeMap<String, String>,
    /// What one should know of them.
    pub notes: Vec<String>,
    /// The tier that is taken as nothing says how much must be borne.
    pub usual: Option<String>,
}

impl Inputs<'_> {
    /// The region that was sized for.
    fn region(&self, provider: Provider) -> Option<&str> {
        let sized = self.plan.clouds.iter().find(|cloud| cloud.chosen && cloud.provider == provider);
        sized.map(|cloud| cloud.region.as_str())
    }

    /// What one should know of what is taken where nothing was said.
    fn told(&self) -> Vec<String> {
        let say = "nothing says how much must be borne, so that the tier";
        let usual = self.usual.iter();
        let usual = usual.map(|tier| format!("{say} {tier} is taken: say it with --partitions, --rps or --users"));
        usual.chain(self.notes.iter().cloned()).collect()
    }
}

/// A simulated cloud onto which a size can be brought.
pub trait Deployable: Playable {
    /// What is wanted on it for a size, with what one should know of it.
    ///
    /// # Errors
    /// What cannot be brought onto this cloud.
    fn desire(inputs: &Inputs<'_>, args: &RolloutArgs) -> Result<(DesiredOf<Self>, Vec<String>)>;
}

impl Deployable for aws::sim::Sim {
    fn desire(inputs: &Inputs<'_>, args: &RolloutArgs) -> Result<(DesiredOf<Self>, Vec<String>)> {
        let region = inputs.region(Provider::Aws).unwrap_or("us-east-1");
        let zones = ["a", "b"].map(|zone| format!("{region}{zone}"));
        let zones: Vec<&str> = zones.iter().map(String::as_str).collect();
        let options = aws::desire::Options {
            images: inputs.images.clone(),
            machines: aws::desire::machines(&inputs.plan, inputs.catalog),
            steps: args.steps()?,
            step_bake: args.step_bake,
            bake: args.bake,
            alarms: args.alarms.clone(),
            may_interrupt: args.allow_interruption,
            ..aws::desire::Options::new(&inputs.deployment, region, &zones)
        };
        let desired = aws::desire::desire(&inputs.blueprint, &inputs.plan, &inputs.templates, &options)?;
        Ok((desired, inputs.told()))
    }
}

impl Deployable for gcp::sim::Sim {
    fn desire(inputs: &Inputs<'_>, args: &RolloutArgs) -> Result<(DesiredOf<Self>, Vec<String>)> {
        let mut notes = inputs.told();
        let options = gcp::desire::Options {
            images: inputs.images.clone(),
            machines: gcp::desire::machines(&inputs.plan, inputs.catalog),
            steps: args.steps()?,
            step_bake: args.step_bake,
            alarms: args.alarms.clone(),
            may_interrupt: args.allow_interruption,
            ..gcp::desire::Options::new(&inputs.deployment, inputs.region(Provider::Gcp).unwrap_or("us-central1"))
        };
        let desired = gcp::desire::desire(&inputs.blueprint, &inputs.plan, &inputs.templates, &options)?;
        for (service, callers) in gcp::desire::unknown_callers(&inputs.blueprint, &desired, &options) {
            let callers = callers.join(" and ");
            notes.push(format!(
                "{service} does not let {callers} in yet: it is on another cloud, and nothing says its addresses"
            ));
        }
        Ok((desired, notes))
    }
}

/// Reads blueprint, demand and prices, and sizes.
///
/// # Errors
/// What is wrong with the inputs, or that nothing bears the demand.
pub fn inputs<'a, S: Playable>(args: &RolloutArgs, place: &Place, context: &'a Context) -> Result<Inputs<'a>> {
    let store = Store::look(&place.records);
    let history = store.history()?;
    let last = history.unfinished().or_else(|| history.current());
    let settings = context.settings()?;
    let settings = &last.map_or_else(|| settings.clone(), |last| settings.keeping(&last.said, last.revision));
    let ask = demand_args::ask(settings)?;
    let blueprint = Chosen::of_settings(settings)?.load()?;
    let tier = settings.resolve("render.tier").map(|tier| Given { value: tier.text, origin: tier.origin.to_string() });
    let usual = usual_tier(&blueprint, &ask).filter(|_| tier.is_none());
    let tier = tier.or_else(|| usual.clone());
    let mut cloud = cloud_args::choice(settings)?;
    let origin = || "the cloud of the deployment".to_owned();
    let which = crate::size::clouds::Which::One(place.provider);
    cloud.provider = cloud.provider.or_else(|| Some(Given { value: which, origin: origin() }));
    let catalog = context.catalog()?;
    let plan = size_at(&blueprint, &Request { ask, tier, cloud }, catalog)?;
    let templates = templates::load(settings)?;
    let usual = usual.map(|usual| usual.value);
    let world: S = world(&store, &place.deployment)?;
    let (images, mut notes) = images::images(&blueprint, place.provider, args, &world, &history)?;
    let kept = settings.kept_demand();
    notes.extend(
        kept.map(|(flags, run)| format!("the demand is that of revision {run}, as no other is named: {flags}")),
    );
    let named = settings.resolve("cloud.provider").is_some() || cloud_of(&place.deployment)?.is_some();
    let word = place.provider.word();
    notes.extend(
        (!named).then(|| format!("no cloud is named, so that {word} is simulated: --cloud aws or --cloud gcp")),
    );
    let said = settings.to_keep();
    Ok(Inputs { deployment: place.deployment.clone(), blueprint, plan, catalog, templates, images, said, notes, usual })
}

/// Where nothing says how much must be borne: the first tier of servers that goes on when one of them fails.
fn usual_tier(blueprint: &Blueprint, ask: &Ask) -> Option<Given<String>> {
    let says = ask.partitions.is_some()
        || ask.vectors.is_some()
        || ask.data.is_some()
        || ask.rps.is_some()
        || ask.users.is_some();
    let lasting = |tier: &&Tier| tier.platform == Platform::Compose && tier.high_availability == Extent::Yes;
    let tier = blueprint.tiers.iter().find(lasting).filter(|_| !says)?;
    Some(Given { value: tier.name.clone(), origin: "nothing says how much must be borne".to_owned() })
}

/// What is wanted now, and what is gone back to when it fails; with what was asked beside that.
///
/// # Errors
/// As [`inputs`], and what cannot be brought onto the cloud.
pub fn goal<S: Deployable>(
    args: &RolloutArgs,
    place: &Place,
    store: &Store,
    history: &History,
    context: &Context,
) -> Result<(Goal<DesiredOf<S>>, Asked)> {
    let inputs = inputs::<S>(args, place, context)?;
    let (mut desired, notes) = S::desire(&inputs, args)?;
    let hours = inputs.blueprint.workload.active_hours.clone();
    let at = args.at.map(|at| asked::at(at, hours.as_ref(), &inputs.blueprint.name)).transpose()?;
    if let Some(at) = at {
        desired = <S::Cloud as Shown>::eased(&desired, Way::Quieter(at.permille)).unwrap_or(desired);
    }
    let demand = demanded(&inputs, &<S::Cloud as Shown>::loads(&desired))?;
    let flags = Some(Flags { demand: flags(place, context, args.place.simulate), release: args.said().join(" ") });
    let size = brief(&inputs.plan);
    let asked = Asked { images: inputs.images, said: inputs.said, notes, size, demand, hours, at, flags };
    Ok((Goal { desired, fallback: current::<S>(store, history)? }, asked))
}

/// The flags that name the place and the demand, as they were given.
pub fn flags(place: &Place, context: &Context, simulate: bool) -> String {
    let (cloud, rest): (Vec<String>, Vec<String>) =
        context.flags().into_iter().partition(|flag| flag.starts_with("--cloud "));
    let cloud = cloud.into_iter().next().unwrap_or_else(|| format!("--cloud {}", place.provider.word()));
    // Always in this order, so that a command that is told runs into the same words.
    [cloud].into_iter().chain(simulate.then(|| "--simulate".to_owned())).chain(rest).collect::<Vec<_>>().join(" ")
}

/// What is wanted so far: the state of the last run that ended as wanted.
///
/// # Errors
/// A file that is damaged.
pub fn current<S: Playable>(store: &Store, history: &History) -> Result<Option<DesiredOf<S>>> {
    let Some(entry) = history.current().filter(|entry| !entry.versions.is_empty()) else { return Ok(None) };
    store.desired(S::NAME, &entry.desired)
}

/// The world as it is kept, or an empty one. Chance begins at the name, so that two deployments are not alike.
///
/// # Errors
/// A file that is damaged.
pub fn world<S: Playable>(store: &Store, deployment: &str) -> Result<S> {
    let seed = deployment.bytes().fold(1_u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
    Ok(store.world::<S>()?.unwrap_or_else(|| S::empty(seed)))
}

/// Nothing is there that could be shown, changed or deleted.
pub fn nothing(place: &Place, command: &str) -> Error {
    let what = format!("`{}` is not deployed in the simulated {}", place.deployment, place.provider.word());
    Problem::new(Code::NoRevision, what)
        .because(format!("{command} works on what rapplan apply made, and there is nothing"))
        .hint(format!("deploy it: rapplan apply --cloud {} --simulate", place.provider.word()))
        .hint("another one is meant? name it with --deployment, and the folder with -C")
        .into()
}

/// Whether anything is there.
pub fn is_empty<S: Playable>(world: &S) -> bool {
    <S::Cloud as Shown>::count(world.truth()) == 0
}
