//! What happened in this sandbox, on one page for the person who runs it.
//!
//! In: GET. Out: HTML without script, JSON, pictures. Rule: it shows pictures and messages of people, so it exists
//! only where this machine alone can ask for it, by its own name; nothing of it is stored by a browser.

mod frame;
mod messages;
mod pushes;
mod sessions;
mod signatures;
mod submissions;
mod webhooks;

use crate::db::console as db;
use crate::error::{Error, no_store};
use crate::page::{plain_document_headers, style_headers};
use crate::state::Sandbox;
use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use url::{Host, Url};

/// Entries of each section on the page.
const MAX_ENTRIES: u32 = 50;

/// What a PNG begins with; every other picture is a JPEG.
const PNG_MAGIC: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The routes of this section.
pub fn router(sandbox: &Sandbox) -> Router<Sandbox> {
    Router::new()
        .route("/console", get(page))
        .route("/console/style.css", get(style))
        .route("/console/messages", get(messages::messages))
        .route("/console/pushes", get(pushes::pushes))
        .route("/console/captures/{session}/{attempt}/{kind}", get(capture))
        .route("/console/submissions/{submission}/{kind}", get(submitted))
        .layer(from_fn_with_state(sandbox.clone(), only_here))
}

async fn page(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    let now_ms = sandbox.clock.now_ms();
    let sections = [
        sessions::section(&sandbox.db).await?,
        submissions::section(&sandbox.db).await?,
        signatures::section(&sandbox.db, now_ms).await?,
        messages::section(&sandbox.db).await?,
        webhooks::section(&sandbox.db).await?,
    ];
    let page = frame::page(&sandbox.settings.origin, now_ms, &sections);
    Ok((plain_document_headers(&[]), page).into_response())
}

async fn style() -> Response {
    (style_headers(), frame::STYLE).into_response()
}

/// A picture of a session that is still held.
async fn capture(
    State(sandbox): State<Sandbox>,
    Path((session, attempt, kind)): Path<(String, u32, String)>,
) -> Result<Response, Error> {
    picture(db::capture(&sandbox.db, &session, attempt, &kind).await?)
}

/// A picture of a submission at Argos.
async fn submitted(
    State(sandbox): State<Sandbox>,
    Path((submission, kind)): Path<(String, String)>,
) -> Result<Response, Error> {
    picture(db::argos_picture(&sandbox.db, &submission, &kind).await?)
}

fn picture(bytes: Option<Vec<u8>>) -> Result<Response, Error> {
    let bytes = bytes.ok_or(Error::Page(StatusCode::NOT_FOUND, "There is no such picture."))?;
    let content_type = if bytes.starts_with(PNG_MAGIC) { "image/png" } else { "image/jpeg" };
    let mut headers = no_store();
    for (name, value) in [
        (header::CONTENT_TYPE, content_type),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok((headers, bytes).into_response())
}

/// Lets a request in where the sandbox listens on this machine only, and was asked by a name of it: a page of
/// another site that has made its own name point here is turned away.
async fn only_here(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let asked = request.headers().get(header::HOST).and_then(|value| value.to_str().ok());
    if is_loopback(&sandbox.settings.origin)
        && asked.is_some_and(|host| is_loopback(&format!("http://{host}")))
    {
        return next.run(request).await;
    }
    Error::Page(StatusCode::NOT_FOUND, "The console is shown on this machine only.").into_response()
}

/// Whether `origin` is of this machine alone.
fn is_loopback(origin: &str) -> bool {
    Url::parse(origin).is_ok_and(|url| match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_let_in() {
        for here in ["http://127.0.0.1:8080", "http://localhost:1", "http://[::1]:1", "https://127.9.9.9"] {
            assert!(is_loopback(here), "{here}");
        }
        for away in [
            "https://192.168.1.7:8080",
            "http://localhost.evil.example",
            "http://",
            "127.0.0.1",
            "http://0.0.0.0",
        ] {
            assert!(!is_loopback(away), "{away}");
        }
    }
}
