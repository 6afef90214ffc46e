//! The Cloud Billing Catalog of Google, asked over REST: `services.skus.list`, page by page.

use std::time::Duration;

use google_cloud_auth::credentials::{Builder, CacheableResource};
use reqwest::header::{HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Client, StatusCode};

use super::{MOST_PAGES, fault, not_read};
use crate::catalog::Machine;
use crate::catalog::price_list::Row;
use crate::catalog::price_list::gcp::{Parts, SERVICE, page};
use crate::cli::context::Context;
use crate::error::{Problem, Result};
use crate::secret::Secret;

const HOME: &str = "https://cloudbilling.googleapis.com";

/// The permission that is asked for.
const SCOPE: &str = "https://www.googleapis.com/auth/cloud-billing.readonly";

/// How often a request is made until it is given up.
const ATTEMPTS: u32 = 6;

/// How long one request may take, and how long credentials may take to be found.
const PATIENCE: Duration = Duration::from_secs(60);
const CREDENTIALS: Duration = Duration::from_secs(15);

/// All prices of these machines, and of disks, in these regions.
pub async fn rows(regions: &[&str], machines: &[&Machine], url: Option<&str>, context: &Context) -> Result<Vec<Row>> {
    let headers = headers(context).await?;
    let client = Client::builder().timeout(PATIENCE).build().map_err(|error| not_read("Google Cloud", error))?;
    let url = format!("{}/v1/services/{SERVICE}/skus", url.unwrap_or(HOME).trim_end_matches('/'));
    let mut parts = Parts::default();
    let mut token = String::new();
    for number in 1..=MOST_PAGES {
        let text = ask(&client, &url, &token, &headers).await?;
        let page = page(&text).map_err(|why| not_read("Google Cloud", why))?;
        parts.take(&page).map_err(|why| not_read("Google Cloud", why))?;
        context.ui.verbose(&format!("price list of Google Cloud: page {number}"));
        if page.next_page_token.is_empty() {
            return Ok(regions.iter().flat_map(|region| parts.rows(region, machines)).collect());
        }
        if page.next_page_token == token {
            return Err(not_read("Google Cloud", "the same page comes again and again").into());
        }
        token = page.next_page_token;
    }
    Err(not_read("Google Cloud", format!("it has more than {MOST_PAGES} pages")).into())
}

/// One reply. What is busy is asked again, later each time.
async fn ask(client: &Client, url: &str, token: &str, headers: &Secret<HeaderMap>) -> Result<String> {
    let query = [("pageSize", "5000"), ("currencyCode", "USD"), ("pageToken", token)];
    let mut wait = Duration::from_millis(500);
    for attempt in 1..=ATTEMPTS {
        let request = client.get(url).query(&query).headers(headers.reveal().clone());
        let (why, later) = match request.send().await {
            Ok(reply) if reply.status().is_success() => match reply.text().await {
                Ok(text) => return Ok(text),
                Err(error) => (format!("the reply broke off: {error}"), None),
            },
            Ok(reply) => {
                let status = reply.status();
                let later = reply.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
                let said = reply.text().await.unwrap_or_default();
                let why = format!("it answers {status}: {}", message(&said));
                if status != StatusCode::TOO_MANY_REQUESTS && !status.is_server_error() {
                    return Err(refused(status, why).into());
                }
                (why, later.map(Duration::from_secs))
            }
            Err(error) => (error.without_url().to_string(), None),
        };
        if attempt == ATTEMPTS {
            return Err(not_read("Google Cloud", format!("{why} (asked {ATTEMPTS} times)")).into());
        }
        tokio::time::sleep(later.unwrap_or(wait).min(Duration::from_secs(30))).await;
        wait *= 2;
    }
    Err(not_read("Google Cloud", "it was never asked").into())
}

fn refused(status: StatusCode, why: String) -> Problem {
    let problem = not_read("Google Cloud", why);
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => {
            problem.hint("see that the key or account may use the Cloud Billing API, and that the API is enabled")
        }
        _ => problem,
    }
}

/// The message in a reply of error, or its beginning.
fn message(text: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(text).ok();
    let told = json.as_ref().and_then(|json| json["error"]["message"].as_str());
    told.unwrap_or_else(|| text.trim()).chars().take(300).collect()
}

/// The headers that say who asks: an API key, or application default credentials.
async fn headers(context: &Context) -> Result<Secret<HeaderMap>> {
    if let Some(key) = context.settings()?.variable("GOOGLE_API_KEY") {
        let mut value = HeaderValue::from_str(key.trim())
            .map_err(|_| fault("GOOGLE_API_KEY cannot be used").because("it holds a character that no key has"))?;
        value.set_sensitive(true);
        return Ok(Secret::new(HeaderMap::from_iter([(
            "x-goog-api-key".parse().map_err(|_| none("no header"))?,
            value,
        )])));
    }
    let credentials = Builder::default().with_scopes([SCOPE]).build().map_err(none)?;
    match tokio::time::timeout(CREDENTIALS, credentials.headers(Default::default())).await {
        Ok(Ok(CacheableResource::New { data, .. })) => Ok(Secret::new(data)),
        Ok(Ok(CacheableResource::NotModified)) => Err(none("none were given").into()),
        Ok(Err(error)) => Err(none(error).into()),
        Err(_) => Err(none("no key is set, no file is there, and no machine of Google's answers").into()),
    }
}

fn none(why: impl std::fmt::Display) -> Problem {
    fault("there are no credentials for Google Cloud")
        .because(why.to_string())
        .hint("set GOOGLE_API_KEY to an API key for the Cloud Billing API: any project has one, the prices are public")
        .hint(
            "or log in: `gcloud auth application-default login`, or name a key file in GOOGLE_APPLICATION_CREDENTIALS",
        )
        .hint("prices can also come from a file: `rapplan catalog update --from FILE.csv`")
}
