//! Argos KYC v2 under `/argos/v2`, as its public pages have it, and the vendor's own desk under `/argos/desk`.
//!
//! In: HTTP with an API key. Out: JSON, pictures, PDF, webhooks. Rule: the types, codes and limits are those of the
//! client, [`idv_edge::argos`]; a decision comes from the pictures, unless the `userid` names a
//! [`crate::scenario::Scenario`]; what is deleted is gone from the disk.
//!
//! A submission's way: `form` (what came) -> `facts` (what the pictures or the scenario say) -> `rules` (what
//! follows) -> `record` (what is kept and told) -> `store` -> `webhooks`.

mod access;
mod address;
mod aml;
mod applicant;
mod delete;
mod desk;
mod facts;
mod files;
mod form;
mod identity;
mod list;
mod plus_code;
mod record;
mod refusal;
mod report;
mod rules;
mod step1;
mod step2;
mod store;
mod webhooks;

pub use record::{AttemptRecord, Ocr, Record};
pub(crate) use rules::ocr_of;
pub use store::{Delivery, deliveries, recent};
pub use webhooks::{WEBHOOK_TRIES, WebhookTarget};

use crate::state::Sandbox;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use idv_edge::argos::Country;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// Path of version 2.
pub const BASE_PATH: &str = "/argos/v2";

/// Where the operator takes this vendor's webhooks.
pub const OPERATOR_WEBHOOK_PATH: &str = "/operator/argos/webhook";

/// Pictures of one form at most: two sides of a document, or a face and a proof of address.
const MAX_PICTURES: usize = 2;

/// Room for the text fields of a form and its boundaries, in bytes: some twenty fields of 256 characters.
const MAX_TEXT_BYTES: usize = 64 * 1024;

/// Largest body that is read to its end, in bytes. What is over a picture's limit but below this one is read and
/// dropped, so that its sender hears 413.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// How the customer's project is set up at the vendor.
#[derive(Clone, Debug)]
pub struct Project {
    /// Youngest age that is approved, in years.
    pub age_limit_years: u16,
    /// Countries whose documents are rejected.
    pub blacklist: Vec<Country>,
    /// Days after an approval in which its e-mail address may not submit again; 0 for none.
    pub approve_period_days: u32,
    /// The same after a rejection.
    pub reject_period_days: u32,
    /// Whether a person who was approved before is rejected.
    pub reject_duplicate_user: bool,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            // The vendor's default.
            age_limit_years: 13,
            blacklist: Country::new("PRK").into_iter().collect(),
            approve_period_days: 365,
            reject_period_days: 0,
            reject_duplicate_user: false,
        }
    }
}

/// The vendor's side.
pub struct ArgosBox {
    /// SHA-256 of the key that opens it; `None` where no key does.
    key_sha256: Option<[u8; 32]>,
    project: Project,
    webhook: Option<WebhookTarget>,
    /// Submissions that a step is being carried out for.
    under_way: Mutex<BTreeSet<String>>,
}

impl fmt::Debug for ArgosBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ArgosBox").field("project", &self.project).finish_non_exhaustive()
    }
}

impl ArgosBox {
    /// A vendor that takes no key: every request is refused.
    pub fn closed() -> Self {
        let under_way = Mutex::default();
        Self { key_sha256: None, project: Project::default(), webhook: None, under_way }
    }

    /// A vendor with one project, opened by `api_key`, that tells `webhook` what happens.
    pub fn new(api_key: &str, project: Project, webhook: Option<WebhookTarget>) -> Self {
        Self { key_sha256: Some(digest(api_key)), project, webhook, ..Self::closed() }
    }

    fn opens(&self, api_key: &str) -> bool {
        // Digests of a random key: the time of this comparison says nothing about a key that fits.
        self.key_sha256 == Some(digest(api_key))
    }

    /// Marks a submission as being worked on; `None` while it is already.
    fn begin(&self, submission_id: &str) -> Option<UnderWay<'_>> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        let began = under_way.insert(submission_id.to_owned());
        began.then(|| UnderWay { of: self, submission_id: submission_id.to_owned() })
    }
}

/// A submission that is being worked on, until this is dropped.
struct UnderWay<'a> {
    of: &'a ArgosBox,
    submission_id: String,
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut under_way = self.of.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.remove(&self.submission_id);
    }
}

fn digest(api_key: &str) -> [u8; 32] {
    Sha256::digest(api_key.as_bytes()).into()
}

/// The routes of this section.
pub fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    let v2 = Router::new()
        .route("/submission", get(list::submissions).delete(delete::delete))
        .route("/submission/applicant", get(applicant::applicant))
        .route("/submission/step1", post(step1::step1))
        .route("/submission/step2", post(step2::step2))
        .route("/image", get(files::image))
        .route("/report/aml", get(files::aml_report))
        .route("/address_code", post(address::address_code))
        .route("/{*rest}", any(access::unknown))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(from_fn_with_state(sandbox.clone(), access::require_key));
    Router::new().nest(BASE_PATH, v2).merge(desk::router())
}
