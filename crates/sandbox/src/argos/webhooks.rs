//! Webhooks: what is told, to whom, and whether it arrived.
//!
//! In: a record and what happened to it. Out: POSTs with JSON, each noted with status and tries. Rule: unsigned, as
//! no public page names a signature; a recipient that answers otherwise than 2xx is tried again.

use super::record::{Record, members};
use super::store;
use crate::error::Error;
use crate::state::Sandbox;
use crate::time::rfc3339_ms;
use idv_edge::argos::WebhookTrigger;
use serde_json::{Value, json};
use std::fmt;
use std::time::Duration;
use url::{Host, Url};

/// Tries of each webhook.
pub const WEBHOOK_TRIES: u32 = 3;

/// Waits before each try, in ms. No public page says how often the vendor tries; three times in some seconds shows a
/// recipient's retry handling without keeping a test waiting.
const WAITS_MS: [u64; WEBHOOK_TRIES as usize] = [0, 1_000, 4_000];

/// Time for one try. A recipient only has to take the hint.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Where webhooks go.
#[derive(Clone)]
pub struct WebhookTarget {
    url: Url,
    http: reqwest::Client,
    waits_ms: [u64; 3],
}

impl fmt::Debug for WebhookTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookTarget(…)")
    }
}

impl WebhookTarget {
    /// A recipient at `url`: `https:`, or `http:` on this machine. `only_root_pem` is trusted in place of the
    /// system's roots: for a self-signed recipient.
    pub fn new(url: &str, only_root_pem: Option<&[u8]>) -> Result<Self, Error> {
        let refused = |why: &str| Error::Internal(format!("webhook URL: {why}"));
        let url: Url = url.parse().map_err(|_| refused("not a URL"))?;
        let local = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        if url.scheme() != "https" && !(url.scheme() == "http" && local) {
            return Err(refused("it must be https:, or http: on this machine"));
        }
        // An error says that a provider was installed before, which serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut http =
            reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none());
        if let Some(pem) = only_root_pem {
            let root = reqwest::Certificate::from_pem(pem).map_err(|_| refused("the root is not PEM"))?;
            http = http.tls_certs_only([root]);
        }
        let http = http.build().map_err(|error| Error::internal("webhook client", error))?;
        Ok(Self { url, http, waits_ms: WAITS_MS })
    }

    /// The same with other waits before each of the three tries.
    #[must_use]
    pub fn with_waits_ms(mut self, waits_ms: [u64; 3]) -> Self {
        self.waits_ms = waits_ms;
        self
    }
}

/// A webhook to be sent.
pub(super) struct Outgoing {
    pub(super) submission_id: String,
    pub(super) trigger: WebhookTrigger,
    pub(super) url: String,
    pub(super) body: String,
    pub(super) at_ms: u64,
}

/// What is to be told of `record`; nothing where nobody listens. A deletion tells the id alone.
pub(super) fn about(sandbox: &Sandbox, record: &Record, triggers: &[WebhookTrigger]) -> Vec<Outgoing> {
    let Some(target) = &sandbox.argos.webhook else { return Vec::new() };
    triggers
        .iter()
        .map(|trigger| Outgoing {
            submission_id: record.submission_id.clone(),
            trigger: trigger.clone(),
            url: target.url.to_string(),
            body: body(record, trigger).to_string(),
            at_ms: sandbox.clock.now_ms(),
        })
        .collect()
}

fn body(record: &Record, trigger: &WebhookTrigger) -> Value {
    if *trigger == WebhookTrigger::Delete {
        return json!({ "webhook_trigger": trigger, "submission_id": record.submission_id });
    }
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    let time = |at_ms: Option<u64>| at_ms.map(|at_ms| Value::from(rfc3339_ms(at_ms)));
    let person = record.person();
    let [cf1, cf2, cf3] = &record.custom;
    let comments: Vec<&str> = record.comments.iter().map(|comment| comment.code.as_str()).collect();
    let kyc_result = members([
        ("status", Some(json!(record.status))),
        ("created_at", time(Some(record.created_at_ms))),
        ("updated_at", time(Some(record.updated_at_ms))),
        ("kyc_result_at", time(record.result_at_ms)),
        ("pending_at", time(record.pending_at_ms)),
        ("reviewer", text(&record.reviewer)),
        ("comment", (!comments.is_empty()).then(|| json!(comments))),
    ]);
    let attempts: Vec<Value> = record.attempts.iter().map(|attempt| attempt.told(record)).collect();
    let last_retry = record.attempts.last().and_then(|attempt| attempt.retry.as_ref());
    members([
        ("webhook_trigger", Some(json!(trigger))),
        ("kyc_result", Some(kyc_result.into())),
        ("applicant_id", text(&record.applicant_id)),
        ("submission_id", Some(record.submission_id.as_str().into())),
        ("email", Some(record.email.as_str().into())),
        ("userid", text(&record.userid)),
        ("cf", Some(members([("cf1", text(cf1)), ("cf2", text(cf2)), ("cf3", text(cf3))]).into())),
        ("gender", person.gender.map(|gender| json!(gender))),
        ("date_of_birth", person.birth_date.as_deref().map(Value::from)),
        ("nationality", person.nationality.map(Value::from)),
        ("ipAddress", Some("*.*.*.*".into())),
        ("fullName", person.name.as_deref().map(Value::from)),
        ("idType", Some(json!(record.id_type))),
        ("issuingCountry", Some(record.issuing_country.as_str().into())),
        ("issueDate", text(&record.ocr.issue_date)),
        ("expireDate", text(&record.ocr.expire_date)),
        ("identityNumber", text(&record.declared.identity_number)),
        ("documentNumber", text(&record.ocr.document_number)),
        ("aml_result", record.screening.as_ref().map(super::record::Screening::summary)),
        ("retryCode", last_retry.map(|(code, _)| code.as_str().into())),
        ("attempts", (!attempts.is_empty()).then(|| json!(attempts))),
    ])
    .into()
}

/// Delivers webhooks one after the other, in the background, and notes each try.
pub(super) fn deliver(sandbox: &Sandbox, webhook_ids: Vec<i64>) {
    let Some(target) = sandbox.argos.webhook.clone() else { return };
    if webhook_ids.is_empty() {
        return;
    }
    let sandbox = sandbox.clone();
    tokio::spawn(async move {
        for webhook_id in webhook_ids {
            if let Err(error) = deliver_one(&sandbox, &target, webhook_id).await {
                tracing::error!(%error, "a webhook could not be noted");
            }
        }
    });
}

async fn deliver_one(sandbox: &Sandbox, target: &WebhookTarget, webhook_id: i64) -> Result<(), Error> {
    for wait_ms in target.waits_ms {
        tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        // Its submission may have been deleted meanwhile, and it with it.
        let Some(webhook) = store::delivery_of(&sandbox.db, webhook_id).await? else { return Ok(()) };
        let sent = target
            .http
            .post(target.url.clone())
            .header("content-type", "application/json")
            .body(webhook.body)
            .send()
            .await;
        let status = sent.ok().map(|answer| answer.status());
        let delivered = status.is_some_and(|status| status.is_success());
        let word = status.map(|status| status.as_u16());
        store::tried(&sandbox.db, webhook_id, word, sandbox.clock.now_ms(), delivered).await?;
        if delivered {
            return Ok(());
        }
    }
    Ok(())
}
