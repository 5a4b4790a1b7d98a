//! A demo customer's server: what an integrator writes on their own machine, in small. It uses the operator
//! from outside, over HTTP, by the client of `crates/edge`.
//!
//! In: a visitor who wants to be verified. Out: a redirect to the start URL, and later the outcome. Rule: the
//! visitor's return decides nothing; the outcome shown is the one fetched server to server.

mod pages;

use crate::error::{Error, no_store};
use crate::events::Event;
use crate::form::Form;
use crate::page::document_headers;
use crate::scenario::challenge_reference;
use crate::state::Sandbox;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use idv_edge::native::Runner;
use idv_edge::tomo::{PolicyKey, ResultRequest, ReturnHint, StartRequest};
use idv_protocol::ChallengeSet;
use std::collections::HashMap;
use std::sync::Mutex;

/// Verifications remembered between start and return; older ones are forgotten.
const MAX_REMEMBERED: usize = 1000;

/// Largest form in bytes: one policy key.
const MAX_FORM_BYTES: usize = 1024;

/// The policy where the form names none: the demo policy.
const DEMO_POLICY: &str =
    "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match";

/// The demo customer's server.
#[derive(Debug)]
pub struct Customer {
    runner: Runner,
    /// The own unguessable id in the redirect URL -> the user it was made for.
    users: Mutex<HashMap<String, String>>,
}

impl Customer {
    /// A customer whose requests `runner` sends.
    pub fn new(runner: Runner) -> Self {
        Self { runner, users: Mutex::default() }
    }

    fn remember(&self, reference: String, user_id: String) {
        if let Ok(mut users) = self.users.lock() {
            if users.len() >= MAX_REMEMBERED {
                users.clear();
            }
            users.insert(reference, user_id);
        }
    }

    fn user(&self, reference: &str) -> Option<String> {
        self.users.lock().ok()?.get(reference).cloned()
    }
}

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    Router::new()
        .route("/", get(home))
        .route("/demo/start", post(start))
        .route("/customer/return", get(returned))
        .route("/customer/style.css", get(style))
}

async fn home() -> Response {
    (document_headers(), pages::HOME).into_response()
}

async fn style() -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, pages::STYLE).into_response()
}

async fn start(State(sandbox): State<Sandbox>, body: Body) -> Result<Response, Error> {
    let customer = customer(&sandbox)?;
    let malformed = || Error::Page(StatusCode::BAD_REQUEST, "The form is malformed.");
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| malformed())?;
    let form = Form::read(&body).map_err(|_| malformed())?;
    let key: PolicyKey = form.get("policy").unwrap_or(DEMO_POLICY).parse().map_err(|_| malformed())?;
    let set =
        form.get("challenge").and_then(|code| ChallengeSet::ALL.into_iter().find(|set| set.code() == code));
    let (own, reference) = (sandbox.random.id("user")?, sandbox.random.id("ref")?);
    let user_id = set.map_or_else(|| own.clone(), |set| challenge_reference(set, &own));
    let back = format!("{}/customer/return?ref={reference}", sandbox.settings.origin);
    let request = StartRequest {
        user_id: Some(user_id.clone()),
        country: Some(key.country),
        kyc_policy: key.policy,
        redirect_url_success: Some(back.clone()),
        redirect_url_fail: Some(back),
        ..StartRequest::default()
    };
    let url = customer.runner.start(&request).await.map_err(|error| Error::internal("demo start", error))?;
    customer.remember(reference, user_id);
    let location =
        HeaderValue::from_str(url.as_str()).map_err(|error| Error::internal("start URL", error))?;
    Ok((StatusCode::SEE_OTHER, no_store(), [(header::LOCATION, location)]).into_response())
}

async fn returned(State(sandbox): State<Sandbox>, RawQuery(query): RawQuery) -> Result<Response, Error> {
    let hint = ReturnHint::from_query(query.as_deref().unwrap_or_default());
    let claimed = hint.claimed_error();
    let known =
        claimed.filter(|error| serde_json::from_value::<idv_protocol::Reason>((*error).into()).is_ok());
    sandbox.emit(Event::Returned { error: known.map(str::to_owned) });
    let user = match &sandbox.customer {
        Some(customer) => hint.parameter("ref").and_then(|reference| customer.user(reference)),
        None => None,
    };
    let Some(user_id) = user else {
        return Ok((document_headers(), pages::returned(None)).into_response());
    };
    let query = ResultRequest { user_id, country: None, policy: None };
    let result = customer(&sandbox)?
        .runner
        .result(&query)
        .await
        .map_err(|error| Error::internal("demo result", error))?;
    Ok((document_headers(), pages::returned(Some(&result))).into_response())
}

fn customer(sandbox: &Sandbox) -> Result<&Customer, Error> {
    sandbox
        .customer
        .as_deref()
        .ok_or(Error::Page(StatusCode::NOT_FOUND, "This sandbox runs without a demo customer."))
}
