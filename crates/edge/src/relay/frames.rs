//! Frames of a completed attempt: drawn once their root is committed, and held against it when they come.
//!
//! The commitment stands until the attempt is judged: no other evidence, no other capture and no other draw takes its
//! place. A page that was reloaded in between has no frames left to show. Once in a session it may complete its attempt
//! again, with another draw; after that the attempt is lost. One second draw is little help to a page that made its
//! frames up, and many would be.

use super::Verdict;
use super::complete::decided;
use super::seal::{not_taken, verifier};
use super::session::{JUDGING_MS, MAX_ATTEMPTS, Session};
use super::step::{Context, Effect, Reply, Step, answered};
use super::wire::problem;
use crate::evidence::{Committed, Failure, Part, check_frames, draw};
use idv_protocol::{Code, Evidence, Problem, Reason};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// What the open attempt's evidence committed to, and which of it was drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// What names the evidence.
    pub evidence_sha256: String,
    /// Root, count, and the frames of captures.
    pub frames: Committed,
    /// Frames that are asked for.
    pub drawn: Vec<u32>,
}

/// Draws frames of evidence that holds; `None` where there are none to draw.
pub(super) fn commit(evidence: &Evidence, evidence_sha256: String, context: &Context) -> Option<Commitment> {
    let frames = Committed::of(evidence)?;
    let drawn = draw(evidence, &context.random);
    (!drawn.is_empty()).then_some(Commitment { evidence_sha256, frames, drawn })
}

/// Takes the frames that were drawn.
pub(super) fn take(
    session: &Session,
    attempt: u32,
    declared_sha256: &str,
    sealed: &[u8],
    context: &Context,
) -> Result<Step, Problem> {
    if let Some(reply) = answered(session, attempt) {
        return Ok(Step::unchanged(reply));
    }
    session.require_open(context.now_ms)?;
    let Some(committed) = session.committed.as_ref().filter(|_| attempt == session.attempt) else {
        return Err(problem(Code::OutOfOrder, "No frames were asked for. Ask for the plan again."));
    };
    if hex::encode(Sha256::digest(sealed)) != declared_sha256 {
        return Err(problem(Code::DigestMismatch, "The bytes do not fit their digest. Send them again."));
    }
    let verifier = verifier(session, context)?;
    let jwe = std::str::from_utf8(sealed).map_err(|_| not_taken(Failure::Malformed(Part::Frames)))?;
    match check_frames(&committed.frames, &committed.drawn, jwe, &session.id, attempt, &verifier) {
        Ok(frames) => {
            let judging_until_ms = Some(context.now_ms.saturating_add(JUDGING_MS));
            let next = Session { judging_until_ms, ..session.clone() };
            let effects = vec![Effect::Frames(frames), Effect::Decide];
            Ok(Step { reply: Reply::Pending, session: Some(next), effects })
        }
        Err(failure) => refused(session, failure, context),
    }
}

/// The attempt is over: its evidence is not what it says.
pub(super) fn refused(session: &Session, failure: Failure, context: &Context) -> Result<Step, Problem> {
    let mut step = decided(session, session.attempt, Verdict::Failed(Reason::EvidenceInvalid), context)?;
    step.effects.push(Effect::EvidenceRefused(failure));
    Ok(step)
}

/// The session for a page that asks for its plan while frames are awaited: the one that would have sent them is gone.
/// `None` where it stays as it is.
pub(super) fn begun_again(session: &Session, context: &Context) -> Result<Option<Session>, Problem> {
    if session.committed.is_none() || session.is_judged(context.now_ms) {
        return Ok(None);
    }
    if !session.drawn_again {
        return Ok(Some(Session { committed: None, drawn_again: true, ..session.clone() }));
    }
    if session.attempt >= MAX_ATTEMPTS {
        return Err(problem(Code::SessionClosed, "This verification cannot go on. Start a new one."));
    }
    // The document was seen and is kept; the face is taken again.
    let lost = decided(session, session.attempt, Verdict::Failed(Reason::LivenessFailed), context)?;
    Ok(lost.session)
}
