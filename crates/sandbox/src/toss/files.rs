//! What Toss publishes: its public key, its certificates and the list of revoked ones.

use super::vendor::{LIST_LIFE_S, blocking, of_edge};
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The public key that session keys are encrypted to.
pub(super) const PUBLIC_KEY_PATH: &str = "/public-key.pem";
/// The root's certificate.
pub(super) const ROOT_PATH: &str = "/ca/root.pem";
/// The certificate of the authority below it.
pub(super) const ISSUING_PATH: &str = "/ca/issuing.pem";
/// The list of revoked certificates of people.
pub(super) const REVOKED_PATH: &str = "/ca/revoked.crl";

/// Characters of a line of PEM (RFC 7468).
const PEM_LINE_CHARS: usize = 64;

pub(super) async fn public_key(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    Ok(pem("PUBLIC KEY", &sandbox.toss.public_key_der().await?))
}

pub(super) async fn root(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    Ok(pem("CERTIFICATE", &sandbox.toss.certificates().await?.root_der))
}

pub(super) async fn issuing(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    Ok(pem("CERTIFICATE", &sandbox.toss.certificates().await?.issuing_der))
}

/// An empty list, good for a day: nobody is ever revoked here.
pub(super) async fn revoked(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    let certificates = sandbox.toss.certificates().await?;
    let now_s = sandbox.clock.now_ms() / 1000;
    let list = blocking(move || {
        certificates.authority.revocation_list(&[], now_s, now_s + LIST_LIFE_S, None).map_err(of_edge)
    })
    .await?;
    Ok(file("application/pkix-crl", list))
}

fn pem(label: &str, der: &[u8]) -> Response {
    let base64 = STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for line in base64.as_bytes().chunks(PEM_LINE_CHARS) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str(&format!("-----END {label}-----\n"));
    file("application/x-pem-file", text.into_bytes())
}

fn file(content_type: &'static str, bytes: Vec<u8>) -> Response {
    (no_store(), [(header::CONTENT_TYPE, HeaderValue::from_static(content_type))], bytes).into_response()
}
