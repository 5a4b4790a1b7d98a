//! A completed attempt is judged, once, and the answer is kept with the session.

use super::session::{announce_settled, busy, context, load};
use crate::db::{self, Change, Judged};
use crate::decision::{CheckOutcome, Finding, Judgement, ReadOff, Submission};
use crate::error::Error;
use crate::events::{DocumentSeen, Event, SideMethod};
use crate::operator::{Opinion, ask, directed};
use crate::state::Sandbox;
use idv_edge::evidence::OpenedFrame;
use idv_edge::relay::{Effect, HeldCapture, Reply, Request, Session, Verdict, challenge_of, decided, step};
use idv_protocol::reading::CalendarDate;
use idv_protocol::{CaptureKind, CaptureMeta, Evidence, Outcome, Reason};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

/// Tries over a session that other requests change meanwhile.
const MAX_TRIES: usize = 4;

/// Judges the attempt that `request` completes: the session from then on, and the reply; `None` where the attempt
/// needs no judgement any more, so that the relay's rules have the answer. Two completions at once are judged one
/// after the other, and the second finds the first one's answer.
pub(super) async fn decide(
    sandbox: &Sandbox,
    token: &str,
    request: &Request,
    korean: bool,
) -> Result<Option<(Session, Reply)>, Error> {
    let _turn = sandbox.deciding.acquire().await.map_err(|error| Error::internal("decision queue", error))?;
    let mut judged_before: Option<(Vec<HeldCapture>, Judgement, Verdict)> = None;
    let began = Instant::now();
    for _ in 0..MAX_TRIES {
        let stored = load(sandbox, token).await?;
        let before = step(&stored.session, request, &context(sandbox, &stored.session, korean)?)?;
        if before.reply != Reply::Pending {
            return Ok(None);
        }
        let evidence = &evidence_of(sandbox, &stored.session, request).await?;
        let (found, verdict) = match judged_before.take() {
            Some((captures, found, verdict)) if captures == stored.session.captures => (found, verdict),
            _ => judge(sandbox, &stored.session, evidence, frames_of(before.effects)).await?,
        };
        let context = context(sandbox, &stored.session, korean)?;
        let after = decided(&stored.session, evidence.attempt, verdict, &context)?;
        let Some(next) = after.session else { return Ok(Some((stored.session, after.reply))) };
        let judged = judged(evidence, &found)?;
        let change = Change {
            next: &next,
            effects: &after.effects,
            text: None,
            judged: Some(&judged),
            now_ms: context.now_ms,
        };
        if db::store(&sandbox.db, &stored, &change).await? {
            announce(sandbox, &next, evidence, &found, &after.reply, began);
            announce_settled(sandbox, &next, &after.effects);
            return Ok(Some((next, after.reply)));
        }
        judged_before = Some((stored.session.captures, found, verdict));
    }
    Err(busy())
}

/// The evidence of the attempt that `request` is about.
async fn evidence_of(sandbox: &Sandbox, session: &Session, request: &Request) -> Result<Evidence, Error> {
    match request {
        Request::Complete(manifest) => Ok(manifest.evidence().clone()),
        Request::Frames { attempt, .. } => {
            let manifest = db::evidence_of(&sandbox.db, &session.id, *attempt).await?;
            manifest.map(|manifest| manifest.evidence().clone()).ok_or_else(busy)
        }
        _ => Err(busy()),
    }
}

fn frames_of(effects: Vec<Effect>) -> Vec<OpenedFrame> {
    let frames = effects.into_iter().filter_map(|effect| match effect {
        Effect::Frames(frames) => Some(frames),
        _ => None,
    });
    frames.flatten().collect()
}

/// The operator's own check first; what passes it is given to Argos, and needs both.
async fn judge(
    sandbox: &Sandbox,
    session: &Session,
    evidence: &Evidence,
    frames: Vec<OpenedFrame>,
) -> Result<(Judgement, Verdict), Error> {
    if !session.asks_captures() {
        // Every step was met when it was taken; there is nothing to look at.
        return Ok((Judgement::default(), Verdict::Approved));
    }
    let mut pictures = BTreeMap::new();
    for kind in CaptureKind::ALL {
        if let Some(jpeg) = db::capture_bytes(&sandbox.db, session, kind).await? {
            pictures.insert(kind, jpeg);
        }
    }
    let submission = Submission {
        steps: session.steps.clone(),
        challenge: challenge_of(session, &sandbox.settings.plan),
        evidence: evidence.clone(),
        pictures: pictures.clone(),
        frames,
        today: CalendarDate::of_unix_ms(sandbox.clock.now_ms()),
        test_camera: sandbox.settings.test_camera,
    };
    let mut found = match sandbox.judge.clone() {
        Some(judge) => tokio::task::spawn_blocking(move || Arc::as_ref(&judge).judge(&submission))
            .await
            .map_err(|error| Error::internal("decision", error))?
            .map_err(|error| Error::internal("decision", error))?,
        // Without models nothing looks at pictures: a named scenario decides, or nobody.
        None if directed(sandbox, session).await?.is_some() => Judgement::default(),
        None => return Err(Error::Internal("no models: nothing can be decided".to_owned())),
    };
    if let Some(reason) = found.finding.reason {
        return Ok((found, Verdict::Failed(reason)));
    }
    let (Some(access), Some(_)) = (&sandbox.settings.vendors.argos, session.document_step()) else {
        return Ok((found, Verdict::Approved));
    };
    let Opinion { verdict, finding } = ask(sandbox, access.runner(), session, &found.read, &pictures).await?;
    found.finding.argos = Some(finding);
    found.finding.reason = match verdict {
        Verdict::Failed(reason) | Verdict::Rejected(reason) => Some(reason),
        Verdict::Approved | Verdict::Pending => None,
    };
    Ok((found, verdict))
}

/// Says how an attempt was judged.
pub(super) fn announce(
    sandbox: &Sandbox,
    session: &Session,
    evidence: &Evidence,
    found: &Judgement,
    reply: &Reply,
    began: Instant,
) {
    let finding = &found.finding;
    // A recorded camera shows specimens, whose data are nobody's.
    let specimen = sandbox.settings.test_camera.then_some(&found.read);
    let capture = evidence.captures.iter().find(|capture| capture.kind == CaptureKind::DocumentFront);
    sandbox.emit(Event::Decision {
        submission_id: session.submission_id.clone(),
        attempt: evidence.attempt,
        status: match (reply, finding.reason) {
            (Reply::Retry { .. }, _) => "retry",
            (Reply::Settled(settled), _) if settled.outcome == Outcome::PendingReview => "pending_review",
            (_, None) => "approved",
            (_, Some(_)) => "rejected",
        },
        reason: finding.reason,
        document: capture.map(|capture| DocumentSeen {
            kind: evidence.document_kind,
            quad: finding.document_quad.or(capture.quad),
            quality: capture.quality.clone(),
            reading: specimen.and_then(|read| read.zone.clone()).map(Box::new),
            barcode: specimen.and_then(|read| read.licence.clone()).map(Box::new),
            methods: methods(evidence),
            comparisons: finding.comparisons.clone(),
        }),
        liveness: evidence.liveness.clone().map(Box::new),
        injection: evidence.injection.clone(),
        face_similarity: finding.face_similarity,
        argos: finding.argos.clone(),
        elapsed_ms: u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
}

/// An attempt that the relay's rules failed without a look at its pictures.
pub(super) struct Refused {
    /// Its evidence.
    pub(super) evidence: Evidence,
    /// Why.
    pub(super) found: Judgement,
    /// The same, to be kept.
    pub(super) judged: Judged,
}

/// The attempt that `request` completes on `session`, where the relay's rules failed it.
pub(super) async fn refused(
    sandbox: &Sandbox,
    session: &Session,
    request: &Request,
    reply: &Reply,
) -> Result<Option<Refused>, Error> {
    if !matches!(request, Request::Complete(_) | Request::Frames { .. }) {
        return Ok(None);
    }
    let reason = match reply {
        Reply::Retry { reason, .. } => Some(*reason),
        Reply::Settled(settled) => settled.reason,
        _ => return Ok(None),
    };
    let mut finding = Finding { reason, ..Finding::default() };
    if reason == Some(Reason::LivenessFailed) {
        finding.checks.liveness = CheckOutcome::Failed;
    }
    let found = Judgement { finding, ..Judgement::default() };
    let evidence = evidence_of(sandbox, session, request).await?;
    let judged = judged(&evidence, &found)?;
    Ok(Some(Refused { evidence, found, judged }))
}

fn judged(evidence: &Evidence, found: &Judgement) -> Result<Judged, Error> {
    Ok(Judged {
        attempt: evidence.attempt,
        evidence: serde_json::to_string(evidence)?,
        finding: serde_json::to_string(&found.finding)?,
        reading: (found.read != ReadOff::default())
            .then(|| serde_json::to_string(&found.read))
            .transpose()?,
    })
}

/// How each picture of the document came about.
fn methods(evidence: &Evidence) -> Vec<SideMethod> {
    let of_document = |capture: &&CaptureMeta| capture.kind.side().is_some();
    let method = |capture: &CaptureMeta| SideMethod { kind: capture.kind, method: capture.method };
    evidence.captures.iter().filter(of_document).map(method).collect()
}
