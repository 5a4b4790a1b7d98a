//! The device key is registered, and what was sealed is opened.
//!
//! A key is registered for a session by its own signature over the open attempt's nonce. A page that was reloaded has
//! another key and registers that: the captures before stay good, since their own headers bind them to session, attempt
//! and kind. Once an attempt is completed, its key is the one that signed it.

use super::session::Session;
use super::step::{Context, Reply, Step};
use super::wire::problem;
use crate::evidence::{Failure, Verifier, registered_key};
use idv_protocol::{Code, Problem};

/// The verifier's key of `session`. Fails with `internal`.
pub(super) fn verifier(session: &Session, context: &Context) -> Result<Verifier, Problem> {
    context
        .verifier
        .of_session(&session.id)
        .map_err(|_| problem(Code::Internal, "There is no key for this session. Try again."))
}

/// The problem of something sealed or signed that is not taken.
pub(super) fn not_taken(failure: Failure) -> Problem {
    let code = match failure {
        Failure::VersionDowngrade | Failure::VersionUnknown => Code::UnsupportedVersion,
        // The page asks for its plan, registers its key, seals to the verifier's, and sends it again.
        Failure::KeyNotRegistered | Failure::VerifierOther(_) => Code::OutOfOrder,
        _ => Code::InvalidRequest,
    };
    problem(code, &format!("What was sealed or signed is not taken: {failure}."))
}

pub(super) fn register(session: &Session, proof: &str, context: &Context) -> Result<Step, Problem> {
    session.require_open(context.now_ms)?;
    let key = registered_key(proof, &session.id, &session.nonce).map_err(|failure| match failure {
        Failure::Nonce(_) => problem(Code::OutOfOrder, "This attempt is not open. Ask for the plan again."),
        failure => not_taken(failure),
    })?;
    if session.device_key.as_ref() == Some(&key) {
        return Ok(Step::unchanged(Reply::Done));
    }
    if session.is_complete(context.now_ms) {
        return Err(problem(Code::RateLimited, "This attempt is being judged. Ask again in a moment."));
    }
    let next = Session { device_key: Some(key), ..session.clone() };
    Ok(Step { reply: Reply::Done, session: Some(next), effects: Vec::new() })
}

#[cfg(test)]
#[path = "seal_tests.rs"]
mod tests;
