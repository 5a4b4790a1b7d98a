//! The router: every section, and what holds for all of them.

use crate::state::Sandbox;
use crate::{argos, console, customer, faults, observe, openapi, operator, page, relay, tomo, toss};
use axum::Router;
use axum::extract::Request;
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use std::time::Instant;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};

/// Smallest answer that is compressed, in bytes: below it a packet is sent anyway.
const COMPRESS_ABOVE_BYTES: u64 = 1024;

/// The whole sandbox as a service. It listens nowhere: [`crate::serve`] does, and tests call it directly.
pub fn app(sandbox: Sandbox) -> Router {
    // Pictures are compressed already, and models are almost incompressible.
    let worth_it = SizeAbove::new(COMPRESS_ABOVE_BYTES)
        .and(NotForContentType::IMAGES)
        .and(NotForContentType::const_new("application/x-tar"))
        .and(NotForContentType::const_new("application/octet-stream"));
    Router::new()
        .merge(tomo::router())
        .merge(argos::router(&sandbox))
        .merge(toss::router())
        .merge(operator::router())
        .merge(relay::router(&sandbox))
        .merge(customer::router())
        .merge(console::router(&sandbox))
        .merge(openapi::router())
        .merge(page::router(&sandbox))
        .layer(from_fn_with_state(sandbox.clone(), observe::layer))
        .layer(CompressionLayer::new().compress_when(worth_it))
        .layer(from_fn_with_state(sandbox.clone(), faults::inject))
        .layer(from_fn(log))
        .with_state(sandbox)
}

/// One line a request: method, path, status, time. No query, no header, no body, no address.
async fn log(request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let began = Instant::now();
    let response = next.run(request).await;
    let elapsed_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::info!(%method, path, status = response.status().as_u16(), elapsed_ms, "request");
    response
}
