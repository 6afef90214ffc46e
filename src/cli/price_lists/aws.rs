//! The AWS Price List, asked through the SDK: `GetProducts`, page by page.

use std::error::Error as _;

use aws_config::retry::RetryConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_pricing::Client;
use aws_sdk_pricing::config::ProvideCredentials;
use aws_sdk_pricing::types::{Filter, FilterType};

use super::{MOST_PAGES, fault, not_read};
use crate::catalog::price_list::Row;
use crate::catalog::price_list::aws::{FILTERS, rows as of_entry};
use crate::cli::context::Context;
use crate::error::{Problem, Result};

/// Where AWS answers questions of price, for all regions.
const HOME: &str = "us-east-1";

/// How often a request is made until it is given up; the list throttles when many ask at once.
const ATTEMPTS: u32 = 5;

/// All prices of Linux machines in these regions.
pub async fn rows(regions: &[&str], url: Option<&str>, context: &Context) -> Result<Vec<Row>> {
    let retry = RetryConfig::standard().with_max_attempts(ATTEMPTS);
    let mut loader = aws_config::defaults(BehaviorVersion::latest()).region(Region::new(HOME)).retry_config(retry);
    if let Some(url) = url {
        loader = loader.endpoint_url(url);
    }
    let config = loader.load().await;
    have_credentials(&config).await?;
    let client = Client::new(&config);
    let mut out = Vec::new();
    for region in regions {
        out.extend(of_region(&client, region, context).await?);
    }
    Ok(out)
}

async fn of_region(client: &Client, region: &str, context: &Context) -> Result<Vec<Row>> {
    let mut out = Vec::new();
    let mut next: Option<String> = None;
    for page in 1..=MOST_PAGES {
        let mut ask = client.get_products().service_code("AmazonEC2").format_version("aws_v1");
        for (field, value) in FILTERS.into_iter().chain([("regionCode", region)]) {
            let filter = Filter::builder().r#type(FilterType::TermMatch).field(field).value(value).build();
            ask = ask.filters(filter.map_err(|error| not_read("AWS", error))?);
        }
        let reply = ask.set_next_token(next.clone()).send().await.map_err(|error| not_read("AWS", why(&error)))?;
        for entry in reply.price_list() {
            out.extend(of_entry(region, entry).map_err(|why| not_read("AWS", why))?);
        }
        context.ui.verbose(&format!("price list of AWS, {region}: page {page}, {} prices so far", out.len()));
        let token = reply.next_token().filter(|token| !token.is_empty()).map(str::to_owned);
        match token {
            None => return Ok(out),
            same if same == next => return Err(not_read("AWS", "the same page comes again and again").into()),
            more => next = more,
        }
    }
    Err(not_read("AWS", format!("it has more than {MOST_PAGES} pages")).into())
}

/// The error with what led to it, which the SDK keeps apart.
fn why(error: &(dyn std::error::Error + 'static)) -> String {
    let mut told = vec![error.to_string()];
    let mut below = error.source();
    while let Some(cause) = below {
        let text = cause.to_string();
        if !told.iter().any(|line| line.contains(&text)) {
            told.push(text);
        }
        below = cause.source();
    }
    told.join(": ")
}

async fn have_credentials(config: &SdkConfig) -> Result<()> {
    let failed = |why: String| -> Problem {
        fault("there are no credentials for AWS")
            .because(why)
            .hint("log in as for the AWS CLI: `aws sso login` or `aws configure`, with AWS_PROFILE for a profile")
            .hint("or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; the permission needed is pricing:GetProducts")
            .hint("prices can also come from a file: `rapplan catalog update --from FILE.csv`")
    };
    let Some(provider) = config.credentials_provider() else { return Err(failed("none are set up".to_owned()).into()) };
    match provider.provide_credentials().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            // The SDK lists every place where it looked; which they are, the hints say.
            let nowhere = cause.contains("no credentials found in chain");
            let looked = "neither the environment, nor a profile, nor a role of this machine has any".to_owned();
            Err(failed(if nowhere { looked } else { cause }).into())
        }
    }
}
