//! Which services go to which provider and region.

use super::types::{CloudChoice, Which};
use crate::blueprint::Blueprint;
use crate::blueprint::platform::Provider;
use crate::catalog::Catalog;
use crate::error::{Code, Problem, Result};
use crate::nearest::did_you_mean;

/// A provider and region with what goes there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Site {
    /// Name of the cloud in the blueprint.
    pub name: Option<String>,
    pub provider: Provider,
    pub region: String,
    pub because: String,
    /// Names of the services that go there; `None` for all of them.
    pub services: Option<Vec<String>>,
}

/// Sites that are planned with together, or that are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Sites {
    /// All of them together.
    All(Vec<Site>),
    /// The cheapest of them.
    Cheapest(Vec<Site>),
}

/// The region that is taken of a provider where nobody says one: the one whose prices are known best.
fn usual_region(provider: Provider) -> &'static str {
    match provider {
        Provider::Aws => "us-east-1",
        Provider::Gcp => "us-central1",
        Provider::BareMetal => "vultr",
    }
}

/// Where a blueprint goes by what the user chose.
///
/// # Errors
/// When the catalogue does not have the region, or a region is named without its cloud.
pub(super) fn sites(blueprint: &Blueprint, choice: &CloudChoice, catalog: &Catalog) -> Result<Sites> {
    match choice.provider.as_ref().map(|given| (given.value, given.origin.as_str())) {
        Some((Which::Cheapest, origin)) => cheapest(choice, catalog, origin),
        Some((Which::One(provider), origin)) => {
            let (region, because) = region_of(blueprint, choice, provider, origin);
            known(catalog, provider, &region)?;
            Ok(Sites::All(vec![Site { name: None, provider, region, because, services: None }]))
        }
        None => own(blueprint, choice, catalog),
    }
}

/// The provider and region that the user named, with the region that is taken where only the provider was.
pub fn named(blueprint: &Blueprint, choice: &CloudChoice) -> Option<(Provider, String)> {
    match choice.provider.as_ref()?.value {
        Which::One(provider) => Some((provider, region_of(blueprint, choice, provider, "").0)),
        Which::Cheapest => None,
    }
}

fn cheapest(choice: &CloudChoice, catalog: &Catalog, origin: &str) -> Result<Sites> {
    let wanted = choice.region.as_ref().map(|region| region.value.as_str());
    let regions = catalog.regions().into_iter().filter(|(_, region)| wanted.is_none_or(|wanted| wanted == *region));
    let sites: Vec<Site> = regions
        .map(|(provider, region)| Site {
            name: None,
            provider,
            region: region.to_owned(),
            because: format!("compared, as {origin} asks"),
            services: None,
        })
        .collect();
    match (sites.is_empty(), &choice.region) {
        (true, Some(region)) => Err(unknown(catalog, None, &region.value).into()),
        _ => Ok(Sites::Cheapest(sites)),
    }
}

/// The blueprint's own clouds, each with the services that it puts there; a usual one where it names none.
fn own(blueprint: &Blueprint, choice: &CloudChoice, catalog: &Catalog) -> Result<Sites> {
    if let Some(region) = &choice.region {
        let provider = catalog.regions().into_iter().find(|(_, known)| *known == region.value);
        let (provider, _) = provider.ok_or_else(|| unknown(catalog, None, &region.value))?;
        let because = format!("{}, the region's provider", region.origin);
        let site = Site { name: None, provider, region: region.value.clone(), because, services: None };
        return Ok(Sites::All(vec![site]));
    }
    if blueprint.clouds.is_empty() {
        let provider = Provider::Aws;
        let because = "an assumption, since neither --cloud nor the blueprint names a cloud".to_owned();
        let region = usual_region(provider).to_owned();
        return Ok(Sites::All(vec![Site { name: None, provider, region, because, services: None }]));
    }
    let mut sites = Vec::new();
    for (at, (name, cloud)) in blueprint.clouds.iter().enumerate() {
        known(catalog, cloud.provider, &cloud.region)?;
        let here = blueprint.services.iter().filter(|(_, service)| match &service.placement {
            Some(placement) => placement.cloud == *name,
            None => at == 0,
        });
        sites.push(Site {
            name: Some(name.clone()),
            provider: cloud.provider,
            region: cloud.region.clone(),
            because: format!("{}.toml clouds.{name}", blueprint.name),
            services: Some(here.map(|(service, _)| service.clone()).collect()),
        });
    }
    Ok(Sites::All(sites))
}

fn region_of(blueprint: &Blueprint, choice: &CloudChoice, provider: Provider, origin: &str) -> (String, String) {
    if let Some(region) = &choice.region {
        return (region.value.clone(), format!("{origin}, {}", region.origin));
    }
    match blueprint.clouds.iter().find(|(_, cloud)| cloud.provider == provider) {
        Some((name, cloud)) => {
            (cloud.region.clone(), format!("{origin}; the region is that of {}.toml clouds.{name}", blueprint.name))
        }
        None => {
            let region = usual_region(provider).to_owned();
            (region, format!("{origin}; the region is an assumption, --region names another"))
        }
    }
}

fn known(catalog: &Catalog, provider: Provider, region: &str) -> Result<()> {
    match catalog.machines(provider, region).is_empty() {
        false => Ok(()),
        true => Err(unknown(catalog, Some(provider), region).into()),
    }
}

fn unknown(catalog: &Catalog, provider: Option<Provider>, region: &str) -> Problem {
    let regions: Vec<&str> = catalog
        .regions()
        .into_iter()
        .filter(|(other, _)| provider.is_none_or(|provider| provider == *other))
        .map(|(_, region)| region)
        .collect();
    let of = provider.map(|provider| format!(" of {}", provider.word())).unwrap_or_default();
    Problem::new(Code::UnknownName, format!("the catalogue has no machines{of} in `{region}`"))
        .because("prices of one region are never taken for another")
        .hint_opt(did_you_mean(region, regions.iter().copied()))
        .hint(format!("the regions{of} are {}", regions.join(", ")))
}
