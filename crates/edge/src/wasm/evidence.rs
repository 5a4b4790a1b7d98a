//! The check of sealed and signed evidence.

use super::dto::{camel, options, present, snake};
use super::thrown;
use crate::error::{Error, ErrorKind};
use crate::evidence::{EvidenceBundle, EvidenceContext, EvidenceVerdict, Verifier, VerifierSecret, check};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

fn of_camel<T: DeserializeOwned>(json: &str, why: &str) -> Result<T, Error> {
    serde_json::from_value(snake(options::<Value>(json)?))
        .map_err(|_| Error::new(ErrorKind::RequestInvalid, why))
}

fn verifier(secret: &[u8], session_id: &str) -> Result<Verifier, Error> {
    VerifierSecret::new(secret)?.of_session(session_id)
}

/// The verifier's public key of a session, which pages seal to: a JWK.
#[wasm_bindgen]
pub fn verifier_key(secret: &[u8], session_id: &str) -> Result<String, JsValue> {
    verifier(secret, session_id).map(|verifier| json!(verifier.jwk()).to_string()).map_err(thrown)
}

/// Checks a bundle against what is known of its attempt: JSON of [`EvidenceVerdict`] in camelCase.
#[wasm_bindgen]
pub fn check_evidence(secret: &[u8], bundle: &str, context: &str) -> Result<String, JsValue> {
    let checked = || {
        let bundle: EvidenceBundle = of_camel(bundle, "not a bundle of evidence")?;
        let context: EvidenceContext = of_camel(context, "not the context of an attempt")?;
        let verifier = verifier(secret, &context.session_id)?;
        let verdict = EvidenceVerdict::from(check(&bundle, &context, &verifier));
        Ok(present(camel(json!(verdict))).to_string())
    };
    checked().map_err(thrown)
}
