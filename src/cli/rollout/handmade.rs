//! A deployment made by hand, until sizes become one.

use std::collections::BTreeMap;

use crate::cloud::aws::Kind;
use crate::cloud::aws::desire::Options;
use crate::cloud::aws::desired::{Desired, Fleet, Load, Release, Single, Size};
use crate::cloud::names::{DEPLOYMENT, hash};
use crate::cloud::resource::{Address, Value, Wanted};
use crate::units::Span;

/// A network, a service, a database.
pub fn desired(options: &Options) -> Desired {
    let vpc = Address::new(Kind::Vpc, options.deployment.clone());
    let volume = Address::new(Kind::Volume, format!("{}-postgres", options.deployment));
    let wanted = |fields: &[(&str, Value<Kind>)], because: &str| Wanted {
        fields: fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
        tags: BTreeMap::new(),
        because: because.to_owned(),
    };
    let mut resources = BTreeMap::from([
        (vpc.clone(), wanted(&[("cidr", "10.0.0.0/16".into())], "everything is in it")),
        (volume.clone(), wanted(&[("size", 100_i64.into())], "the data of postgres is on it")),
    ]);
    let mut subnets = Vec::new();
    for (at, zone) in options.zones.iter().enumerate() {
        let subnet = Address::new(Kind::Subnet, format!("{}-{zone}", options.deployment));
        let cidr = format!("10.0.{at}.0/24");
        let fields = [("vpc", vpc.clone().into()), ("cidr", cidr.into()), ("zone", zone.as_str().into())];
        resources.insert(subnet.clone(), wanted(&fields, "machines of this zone are in it"));
        subnets.push(Value::Of(subnet));
    }
    let balancer = Address::new(Kind::LoadBalancer, options.deployment.clone());
    resources.insert(balancer, wanted(&[("subnets", subnets.into())], "requests come in by it"));
    let image = options.images.get("api").cloned().unwrap_or_else(|| "api:1".to_owned());
    let template =
        BTreeMap::from([("image".to_owned(), image.as_str().into()), ("instance-type".to_owned(), "m7i.large".into())]);
    Desired {
        deployment: options.deployment.clone(),
        tags: BTreeMap::from([(DEPLOYMENT.to_owned(), options.deployment.clone())]),
        resources,
        fleets: BTreeMap::from([(
            "api".to_owned(),
            Fleet {
                version: hash(image.as_bytes()),
                label: image,
                template,
                targets: BTreeMap::from([
                    ("drain".to_owned(), 30_i64.into()),
                    ("health-interval".to_owned(), 10_i64.into()),
                ]),
                load: Load { demand: 1000, each: 300, spare: 1 },
                size: Size { min: 5, max: 10, scales: true },
                hourly: Some(100_800),
                zones: options.zones.clone(),
                release: Release {
                    steps: options.steps.clone(),
                    step_bake: options.step_bake,
                    bake: options.bake,
                    steady: Span::seconds(20),
                    patience: Span::seconds(600),
                    interval: Span::seconds(10),
                    drain: Span::seconds(30),
                    alarms: vec!["api-5xx".to_owned()],
                },
            },
        )]),
        singles: BTreeMap::from([(
            "postgres".to_owned(),
            Single {
                version: hash(b"postgres:15"),
                label: "postgres:15".to_owned(),
                template: BTreeMap::from([("image".to_owned(), "postgres:15".into())]),
                volume: Some(volume.name),
                hourly: Some(201_600),
                may_interrupt: options.may_interrupt,
                interruption: Span::seconds(120),
            },
        )]),
        allow_data_loss: options.allow_data_loss,
    }
}
