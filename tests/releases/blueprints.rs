//! The built-in blueprints as what is wanted of a cloud, in the place of deployments that are put together by hand.

use std::any::{Any, TypeId};
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::{Mutex, OnceLock};

use rapplan::blueprint::Blueprint;
use rapplan::blueprint::platform::Provider;
use rapplan::blueprint::service::Arch;
use rapplan::blueprint::tier::Environment;
use rapplan::catalog::Catalog;
use rapplan::cloud::{aws, gcp};
use rapplan::demand::Ask;
use rapplan::error::Error;
use rapplan::render::templates::Templates;
use rapplan::size::clouds::{CloudChoice, Which};
use rapplan::size::plan::Plan;
use rapplan::size::{Request, size};
use rapplan::units::{Count, Rate, Span};

use crate::more::{builtin, given, partitions};
use crate::on_aws::OnAws;
use crate::on_gcp::OnGcp;
use crate::support::{Act, Lab, Wanted, World};

/// A cloud onto which blueprints can be brought.
pub trait Drawn: Lab {
    const PROVIDER: Provider;
    const REGION: &'static str;

    /// What is wanted of it for a size: `Err` says why the blueprint cannot be brought onto it.
    fn drawn(blueprint: &Blueprint, plan: &Plan, how: &How) -> Result<Wanted<Self>, Error>;
}

/// What differs between versions of one deployment.
pub struct How {
    pub steps: Vec<u16>,
    /// Image of each service that the user builds.
    pub images: BTreeMap<String, String>,
    /// Image that machines are started from; another one replaces every machine.
    pub machine_image: String,
}

pub const DEPLOYMENT: &str = "shop";

/// What was drawn once, by lab and by what it is.
type Known = BTreeMap<(TypeId, String), Box<dyn Any + Send>>;

/// The blueprints on a cloud.
pub struct Real<L>(PhantomData<L>);

impl<L: Drawn + 'static> Lab for Real<L> {
    type Cloud = L::Cloud;
    type Sim = L::Sim;

    const STRATEGIES: &'static [&'static str] = &["chatty test", "chatty single", "chatty split", "kag", "dojangkok"];
    const OPERATIONS: &'static [&'static str] =
        &["create", "release", "scale", "new machines", "rollback before the switch", "rollback after it", "destroy"];

    fn empty(seed: u64) -> Self::Sim {
        L::empty(seed)
    }

    fn wanted(strategy: &str, version: &str, demand: u64) -> Wanted<L> {
        static KNOWN: OnceLock<Mutex<Known>> = OnceLock::new();
        let key = (TypeId::of::<L>(), format!("{strategy} {version} {demand}"));
        let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap();
        let wanted = known.entry(key).or_insert_with(|| {
            let wanted = of::<L>(strategy, version, demand).unwrap_or_else(|error| panic!("{strategy}: {error:?}"));
            Box::new(wanted)
        });
        wanted.downcast_ref::<Wanted<L>>().unwrap().clone()
    }

    fn nothing() -> Wanted<L> {
        L::nothing()
    }

    fn shape(world: &World<L>) -> String {
        L::shape(world)
    }

    fn breaks(desired: &Wanted<L>, world: &World<L>, action: &Act<L>) -> Option<String> {
        L::breaks(desired, world, action)
    }

    fn uses(action: &Act<L>) -> Vec<String> {
        L::uses(action)
    }

    fn left_over(world: &World<L>) -> Vec<String> {
        L::left_over(world)
    }

    fn strangers(sim: &mut L::Sim) {
        L::strangers(sim);
    }

    fn foreign(world: &World<L>) -> String {
        L::foreign(world)
    }

    fn old(desired: &Wanted<L>, world: &World<L>) -> Vec<(String, Span)> {
        L::old(desired, world)
    }

    fn shrinks<'a>(world: &World<L>, action: &'a Act<L>) -> Option<&'a str> {
        L::shrinks(world, action)
    }
}

/// What is wanted for a blueprint; `v3` differs from `v1` in the image of the machines, other versions in those of the user's
/// own services.
pub fn of<L: Drawn>(strategy: &str, version: &str, demand: u64) -> Result<Wanted<L>, Error> {
    let blueprint = builtin(strategy.split(' ').next().unwrap());
    let more = demand > 1000;
    let ask = match strategy {
        "chatty test" => partitions(if more { 8 } else { 5 }, Environment::Dev),
        "chatty single" => partitions(if more { 45 } else { 30 }, Environment::Prod),
        "chatty split" => {
            Ask { rps: given(Rate::per_second(if more { 1900 } else { 600 })), ..partitions(120, Environment::Prod) }
        }
        "dojangkok" => Ask { concurrent_users: given(Count(if more { 490 } else { 320 })), ..Ask::default() },
        _ => Ask { rps: given(Rate::per_second(if more { 5000 } else { 50 })), ..Ask::default() },
    };
    let cloud = CloudChoice {
        provider: given(Which::One(L::PROVIDER)),
        region: given(L::REGION.to_owned()),
        ..CloudChoice::default()
    };
    let plan = size(&blueprint, &Request { ask, cloud, ..Request::default() })?;
    let own = |name: &String| blueprint.services[name].image.as_ref().is_none_or(|image| image.own);
    let digit = if version == "v2" { "b" } else { "a" };
    let image = |name: &String| match blueprint.release {
        // The tags that its releases make are as good as digests.
        Some(_) => format!("r.example.com/{name}:prod-v1.0-{}", digit.repeat(7)),
        None => format!("r.example.com/{name}@sha256:{}", digit.repeat(64)),
    };
    let how = How {
        steps: if strategy == "dojangkok" { vec![10, 50, 100] } else { vec![100] },
        images: blueprint.services.keys().filter(|name| own(name)).map(|name| (name.clone(), image(name))).collect(),
        machine_image: if version == "v3" { "newer".to_owned() } else { "usual".to_owned() },
    };
    L::drawn(&blueprint, &plan, &how)
}

impl Drawn for OnAws {
    const PROVIDER: Provider = Provider::Aws;
    const REGION: &'static str = "ap-northeast-2";

    fn drawn(blueprint: &Blueprint, plan: &Plan, how: &How) -> Result<Wanted<Self>, Error> {
        let options = aws::desire::Options {
            images: how.images.clone(),
            machines: aws::desire::machines(plan, Catalog::embedded()),
            steps: how.steps.clone(),
            step_bake: Span::seconds(60),
            alarms: vec!["api-5xx".to_owned()],
            may_interrupt: true,
            machine_images: [Arch::Amd64, Arch::Arm64]
                .map(|arch| (arch, format!("/{}/{}", how.machine_image, arch.word())))
                .into(),
            ..aws::desire::Options::new(DEPLOYMENT, Self::REGION, &["ap-northeast-2a", "ap-northeast-2c"])
        };
        aws::desire::desire(blueprint, plan, &Templates::embedded()?, &options)
    }
}

impl Drawn for OnGcp {
    const PROVIDER: Provider = Provider::Gcp;
    const REGION: &'static str = "asia-northeast3";

    fn drawn(blueprint: &Blueprint, plan: &Plan, how: &How) -> Result<Wanted<Self>, Error> {
        let options = gcp::desire::Options {
            images: how.images.clone(),
            machines: gcp::desire::machines(plan, Catalog::embedded()),
            steps: how.steps.clone(),
            step_bake: Span::seconds(60),
            alarms: vec!["api-5xx".to_owned()],
            may_interrupt: true,
            machine_images: [Arch::Amd64, Arch::Arm64]
                .map(|arch| (arch, format!("projects/p/global/images/family/{}-{}", how.machine_image, arch.word())))
                .into(),
            ..gcp::desire::Options::new(DEPLOYMENT, Self::REGION)
        };
        gcp::desire::desire(blueprint, plan, &Templates::embedded()?, &options)
    }
}

/// `ApeRAG` is databases that an operator runs on Kubernetes: its blueprint names charts and no images, so that there is
/// nothing to be started on machines.
#[test]
fn what_runs_on_kubernetes_alone_is_refused() {
    let error = of::<OnAws>("aperag", "v1", 1000).unwrap_err();
    let problems = error.problems();
    assert!(problems[0].to_string().contains("postgres"), "{error:?}");
}
