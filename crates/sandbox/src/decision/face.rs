//! The person: one face in the selfie, the actions measured again, the same face everywhere.

use super::models::Models;
use super::{ActionFinding, CheckOutcome, Finding, Submission};
use idv_protocol::{ActionKind, CaptureKind, Reason};
use idv_vision::Error;
use idv_vision::face::{Embedding, Face, main_faces};
use idv_vision::frame::{RgbaImage, RgbaView};
use idv_vision::liveness::{Rest, ScriptParams, Seen};
use std::collections::BTreeMap;

/// Smallest cosine similarity of portrait and selfie. Measured with this network: 21 pairs of one person had at
/// least 0.51, 414 pairs of different people at most 0.38; this is the middle.
pub(super) const SAME_PERSON_MIN: f32 = 0.45;

/// Smallest cosine similarity of the selfie and a turned face: above everything that different people reached
/// (0.38), and below what the same face keeps when it turns by 30 degrees.
const SAME_FACE_TURNED_MIN: f32 = 0.38;

/// Share of what the page asks for that a picture must show: it is of another frame than the one the page measured, and
/// a JPEG.
const SHOWN_SHARE: f32 = 0.75;

/// Smallest change of the nose's offset in a turn. The page asks for 0.15; a flat picture that is tilted by 45
/// degrees at 40 cm reaches 0.03.
const MIN_PARALLAX: f32 = 0.08;

/// Least certainty of the mesh that there is a face; MediaPipe's own default.
const MIN_MESH_SCORE: f32 = 0.5;

pub(super) struct Look {
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
    let Some(front) = look(models, view, &face)? else { return Ok(Some(Reason::FaceNotFound)) };
    finding.checks.selfie = CheckOutcome::Passed;
    if let Some(passive) = models.passive.as_mut() {
        finding.passive_selfie = Some(passive.score(view, &face)?);
    }

    finding.checks.liveness = CheckOutcome::Failed;
    if !challenge_met {
        return Ok(Some(Reason::LivenessFailed));
    }
    let Some(rest) = Rest::of(&[front.seen]) else { return Ok(Some(Reason::LivenessFailed)) };
    let asked = report.map(|report| report.actions.iter().map(|result| result.action.kind));
    for (kind, action) in
        [CaptureKind::Action1, CaptureKind::Action2].into_iter().zip(asked.into_iter().flatten())
    {
        let Some(picture) = pictures.get(&kind) else { return Ok(Some(Reason::LivenessFailed)) };
        let view = picture.view()?;
        let Some(face) = only_face(models, view)? else { return Ok(Some(Reason::LivenessFailed)) };
        let Some(acting) = look(models, view, &face)? else { return Ok(Some(Reason::LivenessFailed)) };
        let measured = ActionFinding {
            kind: action,
            value: rest.value(action, &acting.seen),
            similarity: acting.embedding.similarity(&front.embedding),
        };
        finding.actions.push(measured);
        if !shows(action, measured.value, rest.parallax(action, &acting.seen)) {
            return Ok(Some(Reason::LivenessFailed));
        }
        if measured.similarity < SAME_FACE_TURNED_MIN {
            finding.checks.same_face = CheckOutcome::Failed;
            return Ok(Some(Reason::LivenessFailed));
        }
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

/// Whether a picture with this value and this parallax shows `action`.
fn shows(action: ActionKind, value: f32, parallax: f32) -> bool {
    let needed = ScriptParams::default().needed(action);
    match action {
        ActionKind::TurnLeft | ActionKind::TurnRight => {
            value >= needed * SHOWN_SHARE && parallax >= MIN_PARALLAX
        }
        ActionKind::LookUp | ActionKind::LookDown => value >= needed * SHOWN_SHARE,
        ActionKind::Blink => 1.0 - value >= (1.0 - needed) * SHOWN_SHARE,
        ActionKind::Smile | ActionKind::ComeCloser => value - 1.0 >= (needed - 1.0) * SHOWN_SHARE,
    }
}

/// The one face of a picture; people in the background do not count.
fn only_face(models: &mut Models, view: RgbaView<'_>) -> Result<Option<Face>, Error> {
    let faces = main_faces(models.detector.detect(view)?);
    Ok(match faces.as_slice() {
        [face] => Some(*face),
        _ => None,
    })
}

pub(super) fn look(models: &mut Models, view: RgbaView<'_>, face: &Face) -> Result<Option<Look>, Error> {
    let mesh = models.mesh.fit(view, face)?;
    if mesh.score < MIN_MESH_SCORE {
        return Ok(None);
    }
    Ok(Some(Look { seen: Seen::of(view, &mesh, true), embedding: models.embedder.embed(view, &mesh)? }))
}
