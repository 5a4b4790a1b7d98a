//! An attempt is complete: its evidence is held against the session, frames of it are asked for, the operator judges
//! it, and the session moves on.

use super::frames::{commit, refused};
use super::plan::plan_of;
use super::seal::{not_taken, verifier};
use super::session::{HeldCapture, JUDGING_MS, MAX_ATTEMPTS, RetryGiven, Session};
use super::step::{Context, Effect, Reply, Step, answered, settle};
use super::wire::problem;
use crate::evidence::{
    BundleCapture, CaptureContent, EvidenceBundle, EvidenceContext, Failure, Manifest, check,
};
use idv_protocol::{CaptureKind, CaptureMethod, Code, Evidence, Outcome, Problem, Reason};
use idv_seal::configuration::configuration_sha256;

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

pub(super) fn take(session: &Session, manifest: &Manifest, context: &Context) -> Result<Step, Problem> {
    let evidence = manifest.evidence();
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
    // What another key signed is not the page's, and costs it nothing.
    manifest.verify(session.device_key.as_ref()).map_err(not_taken)?;
    if let Some(committed) = &session.committed {
        return if committed.evidence_sha256 == manifest.sha256() {
            Ok(Step::unchanged(Reply::Frames { indices: committed.drawn.clone() }))
        } else {
            refused(session, Failure::Commitment, context)
        };
    }
    if evidence.consent.version != consent.version || !follows_the_plan(session, evidence) {
        return refused(session, Failure::Configuration, context);
    }
    // Without a report nobody was seen to follow the challenge.
    if session.asks_face() && evidence.liveness.is_none() {
        return decided(session, evidence.attempt, Verdict::Failed(Reason::LivenessFailed), context);
    }
    let (bundle, known) = (bundle(session, manifest), known(session, context)?);
    let checked = match check(&bundle, &known, &verifier(session, context)?) {
        Ok(checked) => checked,
        Err(failure) => return refused(session, failure, context),
    };
    let mut effects = vec![Effect::StoreEvidence(Box::new(manifest.clone()))];
    if let Some(committed) = commit(evidence, checked.evidence_sha256, context) {
        let reply = Reply::Frames { indices: committed.drawn.clone() };
        let next = Session { committed: Some(committed), ..session.clone() };
        return Ok(Step { reply, session: Some(next), effects });
    }
    effects.push(Effect::Decide);
    let judging_until_ms = Some(context.now_ms.saturating_add(JUDGING_MS));
    let next = Session { judging_until_ms, ..session.clone() };
    Ok(Step { reply: Reply::Pending, session: Some(next), effects })
}

/// The evidence with what is held, opened when it came.
fn bundle(session: &Session, manifest: &Manifest) -> EvidenceBundle {
    let held = |held: &HeldCapture| BundleCapture {
        kind: held.kind,
        attempt: held.attempt,
        content: CaptureContent::Opened { sha256: held.sha256.clone(), bytes: held.bytes },
    };
    EvidenceBundle {
        evidence: manifest.jws().to_owned(),
        captures: session.captures.iter().map(held).collect(),
        frames: None,
    }
}

fn known(session: &Session, context: &Context) -> Result<EvidenceContext, Problem> {
    Ok(EvidenceContext {
        session_id: session.id.clone(),
        attempt: session.attempt,
        nonce: session.nonce.clone(),
        device_key: session.device_key.clone(),
        opened_at_ms: session.opened_at_ms(),
        now_ms: context.now_ms,
        required: Vec::new(),
        configuration_sha256: Some(configuration_sha256(&plan_of(session, context)?)),
        seen: Vec::new(),
        drawn: Vec::new(),
    })
}

/// Whether report and files are what the plan asks for.
fn follows_the_plan(session: &Session, evidence: &Evidence) -> bool {
    // A face is never a file.
    let files_are_allowed = evidence.captures.iter().all(|listed| {
        let allowed = session.document_step().is_some_and(|step| step.upload) && listed.kind.side().is_some();
        listed.method != CaptureMethod::Upload || allowed
    });
    (session.asks_face() || evidence.liveness.is_none()) && files_are_allowed
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
    next.committed = None;
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
