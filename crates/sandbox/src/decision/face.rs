//! The person: one face in the selfie, the actions measured again, the same face everywhere.

use super::models::Models;
use super::{ActionFinding, CheckOutcome, Finding, Submission, TranscriptFault};
use idv_protocol::{CaptureKind, Cue, Passive, Reason};
use idv_vision::Error;
use idv_vision::face::{Embedding, Face, Mesh, main_faces};
use idv_vision::frame::{RgbaImage, RgbaView};
use idv_vision::liveness::{CueMeter, Rest, ScriptParams, Seen, Surroundings, live_probability};
use std::collections::BTreeMap;

/// Smallest cosine similarity of portrait and selfie. Measured with this network: 21 pairs of one person had at
/// least 0.51, 414 pairs of different people at most 0.38; this is the middle.
pub(super) const SAME_PERSON_MIN: f32 = 0.45;

/// Smallest cosine similarity of the selfie and a turned face: above everything that different people reached
/// (0.38), and below what the same face keeps when it turns by 30 degrees.
const SAME_FACE_TURNED_MIN: f32 = 0.38;

/// How far the passive score of the selfie may lie from those of the frames around it: the network sees a JPEG instead of
/// a frame, and one of them may be blurred. A print or a screen that claims to be live is farther off.
const PASSIVE_WITHIN: f32 = 0.45;

/// Least probability of a live person by the selfie alone: even odds. A screen that plays a person who answers the challenge
/// has every depth and every motion; this is what tells it.
const LIVE_MIN: f32 = 0.5;

/// Least certainty of the mesh that there is a face; MediaPipe's own default.
const MIN_MESH_SCORE: f32 = 0.5;

pub(super) struct Look {
    mesh: Mesh,
    seen: Seen,
    pub(super) embedding: Embedding,
}

/// The first failed check of the person against the portrait's embedding.
pub(super) fn check(
    models: &mut Models,
    submission: &Submission,
    pictures: &BTreeMap<CaptureKind, RgbaImage>,
    portrait: &Embedding,
    finding: &mut Finding,
) -> Result<Option<Reason>, Error> {
    let report = submission.evidence.liveness.as_ref();
    let challenge_met = report.is_some_and(|report| report.challenge_met);
    let Some(selfie) = pictures.get(&CaptureKind::Selfie) else {
        // Without a selfie the challenge has not begun.
        finding.checks.liveness = CheckOutcome::Failed;
        return Ok(Some(Reason::LivenessFailed));
    };
    finding.checks.selfie = CheckOutcome::Failed;
    let view = selfie.view()?;
    let Some(face) = only_face(models, view)? else { return Ok(Some(Reason::FaceNotFound)) };
    let Some(front) = look(models, view, &face, None)? else { return Ok(Some(Reason::FaceNotFound)) };
    finding.checks.selfie = CheckOutcome::Passed;
    if let Some(passive) = models.passive.as_mut() {
        finding.passive_selfie = Some(passive.score(view, &face)?);
    }
    let mut cues = CueMeter::default().measure(view, &face);
    let around = Surroundings::of(view, &front.mesh);
    let passive = finding.passive_selfie.map(|score| Passive::Scored { scores: vec![score], median: score });
    let live = |cues: &[Cue]| passive.as_ref().and_then(|passive| live_probability(passive, cues));
    finding.live = live(&cues);

    if finding
        .passive_selfie
        .zip(report)
        .is_some_and(|(measured, report)| !is_near(&report.passive, measured))
    {
        finding.transcript = Some(TranscriptFault::Scores);
        return Ok(Some(Reason::EvidenceInvalid));
    }

    finding.checks.liveness = CheckOutcome::Failed;
    if !challenge_met {
        return Ok(Some(Reason::LivenessFailed));
    }
    let limits = ScriptParams::of_pictures();
    let Some(rest) = Rest::of(&[front.seen]) else { return Ok(Some(Reason::LivenessFailed)) };
    let asked = report.map(|report| report.actions.iter().map(|result| result.action.kind));
    for (kind, action) in
        [CaptureKind::Action1, CaptureKind::Action2].into_iter().zip(asked.into_iter().flatten())
    {
        let Some(picture) = pictures.get(&kind) else { return Ok(Some(Reason::LivenessFailed)) };
        let view = picture.view()?;
        let Some(face) = only_face(models, view)? else { return Ok(Some(Reason::LivenessFailed)) };
        let Some(acting) = look(models, view, &face, Some(&front.mesh))? else {
            return Ok(Some(Reason::LivenessFailed));
        };
        let measured = ActionFinding {
            kind: action,
            value: rest.value(action, &acting.seen),
            depth: acting.seen.depth.filter(|_| action.shows_depth()),
            similarity: acting.embedding.similarity(&front.embedding),
        };
        let following = around.follow(view, &acting.mesh).filter(|_| action.shows_depth());
        cues.extend(following.map(|following| following.cue()));
        finding.actions.push(measured);
        if !limits.shows(action, &rest, &acting.seen) {
            return Ok(Some(Reason::LivenessFailed));
        }
        if measured.similarity < SAME_FACE_TURNED_MIN {
            finding.checks.same_face = CheckOutcome::Failed;
            return Ok(Some(Reason::LivenessFailed));
        }
    }
    finding.live = live(&cues);
    if finding.live.is_some_and(|live| live < LIVE_MIN) {
        return Ok(Some(Reason::LivenessFailed));
    }
    finding.checks.liveness = CheckOutcome::Passed;
    finding.checks.same_face = CheckOutcome::Passed;

    let similarity = portrait.similarity(&front.embedding);
    finding.face_similarity = Some(similarity);
    if similarity < SAME_PERSON_MIN {
        finding.checks.document_comparison = CheckOutcome::Failed;
        return Ok(Some(Reason::FaceMismatch));
    }
    finding.checks.document_comparison = CheckOutcome::Passed;
    Ok(None)
}

/// Whether `measured` can be a score of one of the frames that the page scored.
fn is_near(claimed: &Passive, measured: f32) -> bool {
    let Passive::Scored { scores, .. } = claimed else { return true };
    let low = scores.iter().copied().fold(f32::MAX, f32::min);
    let high = scores.iter().copied().fold(f32::MIN, f32::max);
    (low - PASSIVE_WITHIN..=high + PASSIVE_WITHIN).contains(&measured)
}

/// The one face of a picture; people in the background do not count.
fn only_face(models: &mut Models, view: RgbaView<'_>) -> Result<Option<Face>, Error> {
    let faces = main_faces(models.detector.detect(view)?);
    Ok(match faces.as_slice() {
        [face] => Some(*face),
        _ => None,
    })
}

/// The face as it is compared; against the mesh of the same face at `rest`, where there is one.
pub(super) fn look(
    models: &mut Models,
    view: RgbaView<'_>,
    face: &Face,
    rest: Option<&Mesh>,
) -> Result<Option<Look>, Error> {
    let mesh = models.mesh.fit(view, face)?;
    if mesh.score < MIN_MESH_SCORE {
        return Ok(None);
    }
    let seen = Seen::of(view, &mesh, rest, true);
    Ok(Some(Look { seen, embedding: models.embedder.embed(view, &mesh)?, mesh }))
}
