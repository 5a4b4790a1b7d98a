//! An attempt is complete: its evidence is held against the session, the operator judges it, and the session
//! moves on.

use super::session::{HeldCapture, JUDGING_MS, MAX_ATTEMPTS, RetryGiven, Session};
use super::step::{Context, Effect, Reply, Step, answered, settle};
use super::wire::problem;
use idv_protocol::{CaptureKind, CaptureMethod, Code, Evidence, Outcome, PROTOCOL_VERSION, Problem, Reason};

/// The operator's judgement of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every check passed.
    Approved,
    /// A check failed; another attempt may help.
    Failed(Reason),
    /// A check failed for good: no other attempt is offered.
    Rejected(Reason),
    /// A person has to look at it.
    Pending,
}

pub(super) fn take(session: &Session, evidence: &Evidence, context: &Context) -> Result<Step, Problem> {
    if major(&evidence.protocol_version) != major(PROTOCOL_VERSION) {
        return Err(problem(Code::UnsupportedVersion, "This page is too old or too new. Load it again."));
    }
    if let Some(reply) = answered(session, evidence.attempt) {
        return Ok(Step::unchanged(reply));
    }
    session.require_in_time(context.now_ms)?;
    session.require_open(context.now_ms)?;
    if evidence.session_id != session.id {
        return Err(problem(Code::InvalidRequest, "The evidence names another session."));
    }
    if evidence.attempt != session.attempt {
        return Err(problem(Code::OutOfOrder, "This attempt is not open. Ask for the plan again."));
    }
    let Some(consent) = &session.consent else {
        return Err(problem(Code::OutOfOrder, "The terms have not been agreed to. Ask for consent first."));
    };
    let listed = evidence.captures.iter().map(|capture| capture.kind);
    let needed = session.document_step().into_iter().flat_map(|step| {
        let back = step.asks_back(evidence.document_kind).then_some(CaptureKind::DocumentBack);
        std::iter::once(CaptureKind::DocumentFront).chain(back)
    });
    let mut entered = session.steps.iter().filter(|step| !step.is_capture());
    if !entered.all(|step| session.is_met(step)) {
        return Err(problem(Code::OutOfOrder, "A step is not met. Ask for the plan again."));
    }
    if listed.chain(needed).any(|kind| session.held(kind).is_none()) {
        return Err(problem(Code::OutOfOrder, "A capture has not arrived. Send it, then complete again."));
    }
    if evidence.consent.version != consent.version || !fits(session, evidence) {
        return decided(session, evidence.attempt, Verdict::Failed(Reason::EvidenceInvalid), context);
    }
    // Without a report nobody was seen to follow the challenge.
    if session.asks_face() && evidence.liveness.is_none() {
        return decided(session, evidence.attempt, Verdict::Failed(Reason::LivenessFailed), context);
    }
    let next =
        Session { judging_until_ms: Some(context.now_ms.saturating_add(JUDGING_MS)), ..session.clone() };
    Ok(Step { reply: Reply::Pending, session: Some(next), effects: vec![Effect::Decide] })
}

/// Whether nonce, digests and report are those of this attempt. A document kept from an earlier attempt, or
/// from before a reload, may be left out of the list; whatever is listed must be what is held.
fn fits(session: &Session, evidence: &Evidence) -> bool {
    let listed_is_held = evidence.captures.iter().all(|listed| {
        session.held(listed.kind).is_some_and(|held| {
            held.sha256 == listed.sha256 && [held.attempt, session.attempt].contains(&listed.attempt)
        })
    });
    // Neither a kind nor a picture: one picture must not answer two prompts.
    let lists_nothing_twice = evidence.captures.iter().enumerate().all(|(index, listed)| {
        let mut others = evidence.captures.iter().skip(index + 1);
        others.all(|other| other.kind != listed.kind && other.sha256 != listed.sha256)
    });
    let report_fits = evidence.liveness.as_ref().is_none_or(|report| {
        let needed = if report.challenge_met {
            &[CaptureKind::Selfie, CaptureKind::Turn1, CaptureKind::Turn2][..]
        } else {
            &[]
        };
        session.asks_face()
            && report.nonce == session.nonce
            && needed.iter().all(|kind| evidence.captures.iter().any(|listed| listed.kind == *kind))
    });
    // A face is never a file.
    let files_are_allowed = evidence.captures.iter().all(|listed| {
        let allowed = session.document_step().is_some_and(|step| step.upload) && listed.kind.side().is_some();
        listed.method != CaptureMethod::Upload || allowed
    });
    evidence.nonce == session.evidence_nonce()
        && listed_is_held
        && lists_nothing_twice
        && report_fits
        && files_are_allowed
}

/// Moves the session on by the operator's verdict on `attempt`; the context's random bytes become the next
/// nonce. The same attempt judged twice gets the first answer.
///
/// Approved, rejected and pending end it. A failed third attempt ends it as rejected, and so does a document's secret
/// whose tries are used up. Before that there is another attempt: after a failed face or challenge the accepted document
/// is kept, after a signature that did not come the personal data, after anything else every step is taken again.
pub fn decided(
    session: &Session,
    attempt: u32,
    verdict: Verdict,
    context: &Context,
) -> Result<Step, Problem> {
    if let Some(reply) = answered(session, attempt) {
        return Ok(Step::unchanged(reply));
    }
    session.require_open(context.now_ms)?;
    if attempt != session.attempt {
        return Err(problem(Code::OutOfOrder, "This attempt is not open. Ask for the plan again."));
    }
    let reason = match verdict {
        Verdict::Approved => return Ok(settle(session, Outcome::Approved, None, context)),
        Verdict::Pending => return Ok(settle(session, Outcome::PendingReview, None, context)),
        Verdict::Rejected(reason) => {
            return Ok(settle(session, Outcome::Rejected, Some(reason), context));
        }
        Verdict::Failed(reason) => reason,
    };
    if attempt >= MAX_ATTEMPTS || reason == Reason::SecretWrong {
        return Ok(settle(session, Outcome::Rejected, Some(reason), context));
    }
    let mut next = session.clone();
    next.attempt = attempt + 1;
    next.judging_until_ms = None;
    next.nonce = hex::encode(context.random);
    next.retries.push(RetryGiven { attempt, reason });
    next.captures.retain(|held| keeps(reason, held));
    next.entries.begin_attempt(reason);
    let reply = Reply::Retry { reason, attempts_left: MAX_ATTEMPTS - attempt };
    Ok(Step { reply, session: Some(next), effects: Vec::new() })
}

fn keeps(reason: Reason, held: &HeldCapture) -> bool {
    let face_failed = matches!(reason, Reason::FaceNotFound | Reason::LivenessFailed | Reason::FaceMismatch);
    face_failed && held.kind.side().is_some()
}

fn major(version: &str) -> &str {
    version.split('.').next().unwrap_or(version)
}
