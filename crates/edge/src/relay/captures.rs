//! A capture arrives, sealed, and is opened. While the attempt is open, the last one of a kind is the one that counts: a page that was
//! reloaded takes its step again and sends other pictures.

use super::jpeg::is_jpeg;
use super::seal::{not_taken, verifier};
use super::session::{HeldCapture, Session};
use super::step::{Context, Effect, Picture, Reply, Step};
use super::wire::problem;
use crate::evidence::{Failure, Part};
use idv_protocol::relay::{CaptureAck, MAX_CAPTURE_BYTES, MAX_SEALED_CAPTURE_BYTES};
use idv_protocol::{CaptureKind, Code, Problem};
use sha2::{Digest, Sha256};

pub(super) fn take(
    session: &Session,
    attempt: u32,
    kind: CaptureKind,
    declared_sha256: &str,
    sealed: &[u8],
    context: &Context,
) -> Result<Step, Problem> {
    if session.consent.is_none() {
        return Err(problem(Code::OutOfOrder, "The terms have not been agreed to. Ask for consent first."));
    }
    if attempt != session.attempt {
        return Err(problem(Code::OutOfOrder, "This attempt is not open. Ask for the plan again."));
    }
    let asked = match kind {
        CaptureKind::DocumentFront => session.document_step().is_some(),
        // The front says which kind of document it is, and comes first.
        CaptureKind::DocumentBack => {
            session.document_step().is_some_and(|step| !step.two_sided.is_empty())
                && session.held(CaptureKind::DocumentFront).is_some()
        }
        CaptureKind::Selfie | CaptureKind::Action1 | CaptureKind::Action2 => session.asks_face(),
    };
    if !asked {
        return Err(problem(Code::OutOfOrder, "This plan does not ask for such a capture."));
    }
    let too_large = || problem(Code::BodyTooLarge, "A capture has at most 2 MiB. Send it with less quality.");
    if sealed.len() > MAX_SEALED_CAPTURE_BYTES {
        return Err(too_large());
    }
    if hex::encode(Sha256::digest(sealed)) != declared_sha256 {
        return Err(problem(Code::DigestMismatch, "The bytes do not fit their digest. Send them again."));
    }
    let jwe = std::str::from_utf8(sealed).map_err(|_| not_taken(Failure::Malformed(Part::Capture(kind))))?;
    let opened =
        verifier(session, context)?.open_capture(jwe, &session.id, attempt, kind).map_err(not_taken)?;
    let jpeg = opened.bytes;
    if jpeg.len() > MAX_CAPTURE_BYTES {
        return Err(too_large());
    }
    let sha256 = hex::encode(Sha256::digest(&jpeg));
    let held = session.held(kind);
    if session.is_complete(context.now_ms) && held.is_none_or(|held| held.sha256 != sha256) {
        return Err(problem(Code::OutOfOrder, "This attempt is complete. Ask for the plan again."));
    }
    if !is_jpeg(&jpeg) {
        return Err(problem(Code::NotAnImage, "The bytes are not a JPEG of at most 4096 px a side."));
    }
    if held.is_some_and(|held| held.sha256 == sha256) {
        let ack = CaptureAck { kind, sha256, already_held: true };
        return Ok(Step::unchanged(Reply::Capture(ack)));
    }
    let mut next = session.clone();
    next.captures.retain(|held| held.kind != kind);
    let bytes = u32::try_from(jpeg.len()).ok();
    next.captures.push(HeldCapture { kind, attempt, sha256: sha256.clone(), bytes });
    Ok(Step {
        reply: Reply::Capture(CaptureAck { kind, sha256: sha256.clone(), already_held: false }),
        session: Some(next),
        effects: vec![Effect::StoreCapture { attempt, kind, sha256, jpeg: Picture(jpeg) }],
    })
}

#[cfg(test)]
#[path = "captures_tests.rs"]
mod tests;
