//! The operator's decision: the submitted pictures are looked at again, and only that counts.
//!
//! In: a [`Submission`]: evidence and pictures of one attempt. Out: a [`Judgement`]. Rule: what the page measured
//! is held for plausibility and used as a hint; each check is made anew on the pictures. The first failed check
//! gives the reason, in this order: evidence, camera, document, zone, barcode, authenticity, portrait, face, liveness,
//! comparison.
//!
//! evidence -> injection -> document -> zone -> barcode -> authenticity -> portrait -> selfie -> actions -> portrait against selfie, one file a step.

mod authenticity;
mod barcode;
mod document;
mod evidence;
mod face;
mod injection;
mod looks;
mod models;
mod scores;
mod transcript;
mod zone;

pub use looks::{DocumentLook, FaceLook};
pub use models::Judge;
pub use scores::{likeness, liveness_score};
pub use transcript::TranscriptFault;

use crate::operator::ArgosFinding;
use idv_edge::evidence::OpenedFrame;
use idv_protocol::barcode::LicenceReading;
use idv_protocol::comparison::Comparison;
use idv_protocol::plan::{DocumentStep, Step};
use idv_protocol::reading::{CalendarDate, MrzReading};
use idv_protocol::{
    ActionKind, CaptureKind, Challenge, Check, DocumentKind, DocumentSide, Evidence, InjectionSignal, Quad,
    Reason,
};
use idv_vision::Error;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Everything of one attempt.
#[derive(Clone)]
pub struct Submission {
    /// Steps that were asked for.
    pub steps: Vec<Step>,
    /// The challenge of the attempt, as the plan had it; `None` where no face is asked for.
    pub challenge: Option<Challenge>,
    /// The page's evidence.
    pub evidence: Evidence,
    /// JPEG bytes of each capture.
    pub pictures: BTreeMap<CaptureKind, Vec<u8>>,
    /// Frames that were opened: those of captures are held against them.
    pub frames: Vec<OpenedFrame>,
    /// The day on which it is judged.
    pub today: CalendarDate,
    /// Whether a recorded camera is expected: signs of one are recorded and not weighed.
    pub test_camera: bool,
}

impl Submission {
    fn document_step(&self) -> Option<&DocumentStep> {
        self.steps.iter().find_map(|step| match step {
            Step::Document(step) => Some(step),
            _ => None,
        })
    }

    fn accepted_kinds(&self) -> &[DocumentKind] {
        self.document_step().map(|step| step.kinds.as_slice()).unwrap_or_default()
    }

    fn asks_face(&self) -> bool {
        self.steps.iter().any(|step| matches!(step, Step::Face { .. }))
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission").field("attempt", &self.evidence.attempt).finish_non_exhaustive()
    }
}

/// How a check ended, in the words of TomoIDV's contract 1.4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckOutcome {
    /// Passed.
    Passed,
    /// Failed.
    Failed,
    /// Not made: not asked for, or an earlier one failed.
    #[default]
    NotPerformed,
}

impl CheckOutcome {
    /// The word, as in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotPerformed => "not_performed",
        }
    }
}

/// Every check of an attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckOutcomes {
    /// The pictures come from a camera before a person, as far as the page can tell; not weighed of a recorded camera.
    #[serde(default)]
    pub camera: CheckOutcome,
    /// The document was found in the picture of each side, with a portrait where faces are compared.
    pub document: CheckOutcome,
    /// Its machine-readable zone can be read and holds; a card that has none in front is not asked.
    pub zone: CheckOutcome,
    /// Its pictures show no sign of a copy or a screen, where the plan asks for that.
    #[serde(default)]
    pub authenticity: CheckOutcome,
    /// Its barcode can be read and says nothing else than the zone, where the plan asks for one.
    #[serde(default)]
    pub barcode: CheckOutcome,
    /// Exactly one face in the selfie.
    pub selfie: CheckOutcome,
    /// The challenge was met, and the pictures show it.
    pub liveness: CheckOutcome,
    /// The same face in the selfie and in every action.
    pub same_face: CheckOutcome,
    /// The face on the document is the one in the selfie.
    pub document_comparison: CheckOutcome,
}

impl CheckOutcomes {
    /// All checks of the person together.
    pub fn biometric(&self) -> CheckOutcome {
        let all = [self.selfie, self.liveness, self.same_face, self.document_comparison];
        if all.contains(&CheckOutcome::Failed) {
            CheckOutcome::Failed
        } else if all.contains(&CheckOutcome::NotPerformed) {
            CheckOutcome::NotPerformed
        } else {
            CheckOutcome::Passed
        }
    }
}

/// What was found. Scores and outcomes only, nothing that shows or describes a face.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// Why the attempt fails; absent when it is approved.
    pub reason: Option<Reason>,
    /// Every check.
    pub checks: CheckOutcomes,
    /// Signs that the pictures come from no camera, as the page measured them.
    #[serde(default)]
    pub injection: Vec<InjectionSignal>,
    /// Corners of the document as found again, in the capture's pixels.
    pub document_quad: Option<Quad>,
    /// Overlap of those corners with the page's (intersection over union, 0 to 1).
    pub quad_overlap: Option<f32>,
    /// Signals of a copy, of each side that was examined for them.
    #[serde(default)]
    pub signals: Vec<Check>,
    /// How zone and barcode agree, field by field, where both were read.
    #[serde(default)]
    pub comparisons: Vec<Comparison>,
    /// Cosine similarity of portrait and selfie, -1 to 1.
    pub face_similarity: Option<f32>,
    /// What does not fit the challenge in the page's transcript of it.
    #[serde(default)]
    pub transcript: Option<TranscriptFault>,
    /// The actions as measured again.
    #[serde(default)]
    pub actions: Vec<ActionFinding>,
    /// What Argos said, where it was asked.
    #[serde(default)]
    pub argos: Option<ArgosFinding>,
    /// Probability of a live face by the passive model on the selfie, 0 to 1. `None` without that model.
    pub passive_selfie: Option<f32>,
    /// The same with the cues of a print or a screen on the selfie and on the pictures of actions, as [`idv_vision::liveness::live_probability`] has it.
    #[serde(default)]
    pub live: Option<f32>,
}

/// A finding, and what was read. What was read is personal data: it goes into the result and nowhere else.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// Outcomes and scores.
    pub finding: Finding,
    /// What was read off the document.
    pub read: ReadOff,
}

/// What was read off a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReadOff {
    /// Its machine-readable zone, where one was read.
    pub zone: Option<MrzReading>,
    /// Its barcode, where one was asked for and read.
    pub licence: Option<LicenceReading>,
}

/// One action as measured again on its picture.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionFinding {
    /// What was asked.
    pub kind: ActionKind,
    /// Degrees against the selfie's head in the asked direction; smile, size of the face, or openness of the eyes, over
    /// the selfie's.
    pub value: f32,
    /// Residual of a plane's motion between the selfie's face and this one, over the distance of the eyes; absent where
    /// the head neither turns nor nods.
    #[serde(default)]
    pub depth: Option<f32>,
    /// Cosine similarity to the selfie's face.
    pub similarity: f32,
}

impl Judge {
    /// Looks at a submission. Pictures that show too little are a reason in the finding; an error is ours, such
    /// as a network that fails.
    pub fn judge(&self, submission: &Submission) -> Result<Judgement, Error> {
        let mut judgement = Judgement::default();
        judgement.finding.reason = self.first_failure(submission, &mut judgement)?;
        Ok(judgement)
    }

    fn first_failure(&self, submission: &Submission, found: &mut Judgement) -> Result<Option<Reason>, Error> {
        let Judgement { finding, read } = found;
        let Some(pictures) = evidence::check(submission, finding) else {
            return Ok(Some(Reason::EvidenceInvalid));
        };
        if let Some(reason) = injection::check(submission, finding) {
            return Ok(Some(reason));
        }
        let today = submission.today;
        let step = submission.document_step();
        let mut models = self.lock();

        finding.checks.document = CheckOutcome::Failed;
        let Some(front) = document::find(&mut models, submission, &pictures, DocumentSide::Front)? else {
            return Ok(Some(Reason::DocumentNotFound));
        };
        finding.document_quad = Some(front.quad);
        finding.quad_overlap = front.quad_overlap;
        let back = document::find(&mut models, submission, &pictures, DocumentSide::Back)?;
        if back.is_none() && step.is_some_and(|step| step.asks_back(Some(front.kind))) {
            return Ok(Some(Reason::DocumentNotFound));
        }

        read.zone = zone::read(&mut models, &front, back.as_ref(), today)?;
        if let Some(reason) = zone::check(read.zone.as_ref(), front.kind, today, finding) {
            return Ok(Some(reason));
        }
        if step.is_some_and(|step| step.barcode) {
            let (kind, side) = match &back {
                Some(back) => (CaptureKind::DocumentBack, back),
                None => (CaptureKind::DocumentFront, &front),
            };
            read.licence = barcode::read(pictures.get(&kind), side)?;
            let (licence, zone) = (read.licence.as_ref(), read.zone.as_ref());
            if let Some(reason) = barcode::check(licence, zone, today, finding) {
                return Ok(Some(reason));
            }
        }

        if step.is_some_and(|step| step.authenticity) {
            let sides = [
                Some((CaptureKind::DocumentFront, &front)),
                back.as_ref().map(|back| (CaptureKind::DocumentBack, back)),
            ];
            if let Some(reason) = authenticity::check(&pictures, sides.into_iter().flatten(), finding)? {
                return Ok(Some(reason));
            }
        }

        if !submission.asks_face() {
            finding.checks.document = CheckOutcome::Passed;
            return Ok(None);
        }
        let Some(portrait) = document::portrait(&mut models, &front)? else {
            return Ok(Some(Reason::PortraitNotFound));
        };
        finding.checks.document = CheckOutcome::Passed;

        face::check(&mut models, submission, &pictures, &portrait, finding)
    }
}
