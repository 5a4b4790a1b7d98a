//! The page's API over HTTP: carries requests to [`idv_edge::relay`] and its effects to the database.
//!
//! In: HTTP under `/relay/v1`. Out: JSON, or a problem. Rule: no rule of the relay is here, only transport,
//! storage and the operator's decision.

mod deciding;
mod entries;
mod limits;
mod session;
mod signing;
mod terms;
mod upload;

pub(crate) use limits::RateLimits;
pub(crate) use terms::RETENTION_DAYS;

use crate::error::{Error, no_store};
use crate::serve::Connection;
use crate::state::Sandbox;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Json, Router};
use idv_edge::relay::wire::{self, Head, Route};
use idv_edge::relay::{Reply, Request as RelayRequest, Settled};
use idv_protocol::Code;
use idv_protocol::relay::{DIGEST_HEADER, KEY_HEADER};
use std::time::Duration;
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Time a browser may remember the answer to a preflight.
const PREFLIGHT_LIFE: Duration = Duration::from_secs(600);

/// The routes of this section. Pages of the configured origins may call them; no cookies are ever used.
pub fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    let origins: Vec<HeaderValue> =
        sandbox.settings.allowed_origins.iter().filter_map(|origin| origin.parse().ok()).collect();
    let cors = CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([Method::GET, Method::POST, Method::PUT])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static(DIGEST_HEADER),
            HeaderName::from_static(KEY_HEADER),
        ])
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT_LIFE);
    Router::new().route(&format!("{}/{{*path}}", wire::BASE_PATH), any(handle)).layer(cors)
}

async fn handle(State(sandbox): State<Sandbox>, request: Request) -> Response {
    match answer(sandbox, request).await {
        Ok(response) => response,
        Err(error) => error.into_relay_response(),
    }
}

async fn answer(sandbox: Sandbox, request: Request) -> Result<Response, Error> {
    let (parts, body) = request.into_parts();
    if let Some(origin) = parts.headers.get(header::ORIGIN) {
        require_origin(&sandbox, origin)?;
    }
    let path = parts.uri.path().strip_prefix(wire::BASE_PATH).unwrap_or_default();
    let route = Route::of(parts.method.as_str(), path)?;
    let connection = parts.extensions.get::<ConnectInfo<Connection>>().map(|info| &info.0);
    if let Some(connection) = connection {
        sandbox.limits.take_of_address(connection.address(), sandbox.clock.now_ms())?;
    }

    if route == Route::Session {
        let body = upload::read(&sandbox, route, &parts.headers, body, connection).await?;
        let (token, page_key) = wire::opening(&body)?;
        let opened = session::open(&sandbox, &token, &page_key).await?;
        return Ok((no_store(), Json(opened)).into_response());
    }
    let bearer = wire::bearer(text(&parts.headers, header::AUTHORIZATION))?.to_owned();
    let session_id = session::require(&sandbox, &bearer).await?;
    sandbox.limits.take_of_session(&session_id, sandbox.clock.now_ms())?;
    let body = upload::read(&sandbox, route, &parts.headers, body, connection).await?;
    let head = Head {
        digest: text(&parts.headers, HeaderName::from_static(DIGEST_HEADER)),
        key: text(&parts.headers, HeaderName::from_static(KEY_HEADER)),
    };
    let request = route.request(head, body)?;
    let is_entry = matches!(request, RelayRequest::Entry { .. });
    let korean = text(&parts.headers, header::ACCEPT_LANGUAGE).is_some_and(|tags| tags.starts_with("ko"));

    let (session, reply) = match request {
        // Goes on when the page stops waiting, so that the page finds the answer when it asks again.
        RelayRequest::Complete(_) | RelayRequest::Frames { .. } | RelayRequest::Entry { .. } => {
            let sandbox = sandbox.clone();
            tokio::spawn(async move { session::run(&sandbox, &bearer, &request, korean).await })
                .await
                .map_err(|error| Error::internal("completion", error))??
        }
        _ => session::run(&sandbox, &bearer, &request, korean).await?,
    };
    match &reply {
        Reply::Plan(plan) => Ok((no_store(), Json(plan)).into_response()),
        Reply::Capture(ack) => Ok((no_store(), Json(ack)).into_response()),
        Reply::Done => Ok((StatusCode::NO_CONTENT, no_store()).into_response()),
        Reply::Entry(_) | Reply::Frames { .. } | Reply::Retry { .. } | Reply::Settled(_) => {
            let url = match &reply {
                Reply::Settled(settled) => return_to(&sandbox, &session.submission_id, settled).await?,
                _ => String::new(),
            };
            if is_entry {
                return Ok((no_store(), Json(reply.entry_reply(&session, |_| url))).into_response());
            }
            Ok((no_store(), Json(reply.receipt(&session, |_| url))).into_response())
        }
        Reply::Unavailable => {
            let detail = "Somebody who has to be asked does not answer. Try again in a moment.";
            Err(wire::problem(Code::VendorUnavailable, detail).into())
        }
        Reply::Pending => Err(Error::Internal("an attempt was left undecided".to_owned())),
    }
}

/// Refuses pages of origins that are not configured: a browser keeps the answer from them, but not the request
/// from us.
fn require_origin(sandbox: &Sandbox, origin: &HeaderValue) -> Result<(), Error> {
    let settings = &sandbox.settings;
    let mut allowed = settings.allowed_origins.iter().chain(std::iter::once(&settings.origin));
    if allowed.any(|allowed| allowed.as_bytes() == origin.as_bytes()) {
        return Ok(());
    }
    Err(wire::origin_refused().into())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Where the flow returns to. The token is minted for each answer, so that none is stored.
async fn return_to(sandbox: &Sandbox, submission_id: &str, settled: &Settled) -> Result<String, Error> {
    let returning = crate::db::verification_of_session(&sandbox.db, submission_id).await?;
    let (origin, now_ms, jti) = (&sandbox.settings.origin, sandbox.clock.now_ms(), sandbox.random.id("rt")?);
    returning
        .url(settled, origin, &sandbox.key, now_ms, jti)
        .map_err(|error| Error::internal("return URL", error))
}
