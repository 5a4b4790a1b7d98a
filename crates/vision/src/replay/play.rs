//! An engine over the frames of a file.

use super::file::{ReplayHead, ReplayStep};
use crate::Engine;
use crate::error::Error;
use crate::frame::decode_image;
use idv_protocol::{
    CaptureKind, DocumentHint, DocumentStatus, FaceHint, FacePhase, FaceStatus, LivenessReport,
};
use serde::{Deserialize, Serialize};

/// What was decided at a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Decision {
    /// Of a document.
    Document {
        /// What the visitor was told.
        hint: DocumentHint,
        /// Whether the picture was taken.
        captured: bool,
    },
    /// Of a face.
    Face {
        /// What the visitor was told.
        hint: FaceHint,
        /// Where the step was.
        phase: FacePhase,
        /// Actions met so far.
        actions_done: u32,
    },
}

impl From<&DocumentStatus> for Decision {
    fn from(status: &DocumentStatus) -> Self {
        Self::Document { hint: status.hint, captured: status.captured }
    }
}

impl From<&FaceStatus> for Decision {
    fn from(status: &FaceStatus) -> Self {
        Self::Face { hint: status.hint, phase: status.phase, actions_done: status.actions_done }
    }
}

/// One run over the frames of a step.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Played {
    /// What was decided at each frame.
    pub decisions: Vec<Decision>,
    /// The report that the face step ended with, where it did.
    pub report: Option<LivenessReport>,
    /// Pictures that were taken, in order; empty of a run that was recorded.
    pub captures: Vec<CaptureKind>,
}

/// What was recorded, as a run.
pub fn recorded(head: &ReplayHead) -> Played {
    Played {
        decisions: head.decisions.clone(),
        report: head.report.as_deref().cloned(),
        captures: Vec::new(),
    }
}

/// Leads the frames of a file through `engine`, which has its models, and stops where the step ends. Fails as the engine
/// does, and for a frame that cannot be decoded.
pub fn play(engine: &mut Engine, head: &ReplayHead, frames: &[&[u8]]) -> Result<Played, Error> {
    match &head.step {
        ReplayStep::Document { task } => engine.begin_document(task.clone()),
        ReplayStep::Face { attempt, challenge } => engine.begin_face(*attempt, challenge.clone())?,
    }
    let mut played = Played::default();
    for (frame, bytes) in head.frames.iter().zip(frames) {
        let picture = decode_image(bytes)?;
        let view = picture.view()?;
        let is_over = match &head.step {
            ReplayStep::Document { .. } => {
                let status = engine.document_frame(view, frame.at_ms)?;
                played.decisions.push(Decision::from(&status));
                status.captured
            }
            ReplayStep::Face { .. } => {
                let status = engine.face_frame(view, frame.at_ms)?;
                played.decisions.push(Decision::from(&status));
                let is_over = status.report.is_some();
                played.report = played.report.or(status.report.map(|report| *report));
                is_over
            }
        };
        played.captures.extend(engine.take_captures().iter().map(|capture| capture.meta.kind));
        if is_over {
            break;
        }
    }
    Ok(played)
}
