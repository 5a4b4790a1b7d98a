//! Messages between the page and its vision worker. Bitmaps and JPEG bytes travel beside them as transferables.

use crate::capture::CaptureMeta;
use crate::challenge::Challenge;
use crate::document::{DocumentKind, DocumentStatus, DocumentTask, FileProblem};
use crate::evidence::ModelUse;
use crate::face::FaceStatus;
use crate::liveness::PadSpec;
use crate::seal::{FrameMark, HeldFrame};
use serde::{Deserialize, Serialize};

/// A model file to load.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelFile {
    /// Name in the model manifest: `face_detector`, `face_mesh`, `passive_pad`, `mrz_reader`.
    pub name: String,
    /// Absolute URL.
    pub url: String,
    /// SHA-256 of the file, lower-case hex. Another digest is refused.
    pub sha256: String,
    /// Length in bytes, for progress.
    pub bytes: u32,
    /// What a passive network takes and says, where the manifest states it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pad: Option<PadSpec>,
}

/// From the page to the worker.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToWorker {
    /// Load the engine and its models.
    Init {
        /// Absolute URL of the vision wasm.
        wasm_url: String,
        /// Its length in bytes, for progress.
        wasm_bytes: u32,
        /// Models to load.
        models: Vec<ModelFile>,
    },
    /// Load the reader of barcodes; captures that follow are read with it.
    LoadBarcode {
        /// Absolute URL of the barcode wasm.
        wasm_url: String,
    },
    /// Begin with a side of the document.
    BeginDocument {
        /// What to capture.
        task: DocumentTask,
    },
    /// Take the next frame of the document step as it is.
    Shoot,
    /// A file in place of a capture; its bytes are the message's `bytes` member, transferred.
    File,
    /// Begin the face step.
    BeginFace {
        /// Attempt, from 1.
        attempt: u32,
        /// The challenge to follow.
        challenge: Challenge,
    },
    /// Hand over the pixels of these frames, as far as they are still there.
    OpenFrames {
        /// Their numbers, as in [`FrameMark`].
        indices: Vec<u32>,
    },
    /// One frame; the bitmap is the message's `bitmap` member, transferred.
    Frame {
        /// Counts up from 1 for each worker.
        seq: u32,
        /// Time of the frame in ms, monotonic.
        at_ms: f64,
    },
}

/// From the worker to the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromWorker {
    /// Bytes of engine and models so far.
    Progress {
        /// Bytes loaded.
        loaded: u32,
        /// Bytes in all.
        total: u32,
    },
    /// Engine and models are loaded and checked.
    Ready {
        /// What was loaded.
        models: Vec<ModelUse>,
    },
    /// Answer to a frame of the document step.
    Document {
        /// The frame's number.
        seq: u32,
        /// Time spent on it, in ms.
        elapsed_ms: f64,
        /// How many `Capture` messages follow this one.
        captures: u32,
        /// What was seen.
        status: DocumentStatus,
        /// The frame's leaf; absent where no detector looked at it.
        #[serde(default)]
        mark: Option<FrameMark>,
    },
    /// Answer to a frame of the face step.
    Face {
        /// The frame's number.
        seq: u32,
        /// Time spent on it, in ms.
        elapsed_ms: f64,
        /// How many `Capture` messages follow this one.
        captures: u32,
        /// What was seen.
        status: FaceStatus,
        /// The frame's leaf; absent where no detector looked at it.
        #[serde(default)]
        mark: Option<FrameMark>,
    },
    /// Answer to a file.
    File {
        /// Why it is not taken; `None` when it is.
        problem: Option<FileProblem>,
        /// How many `Capture` messages follow this one.
        captures: u32,
        /// Shape of the document in it.
        kind: Option<DocumentKind>,
    },
    /// A capture; its JPEG bytes are the message's `jpeg` member, transferred. Follows the status that announced it.
    Capture {
        /// The capture without its bytes.
        meta: CaptureMeta,
    },
    /// Answer to `OpenFrames`; the pixels, one frame after the other, are the message's `pixels` member, transferred.
    Frames {
        /// The frames that are still there, in the order in which they were asked for.
        frames: Vec<HeldFrame>,
    },
    /// The worker cannot go on. After `engine_trapped` it must be replaced.
    Failed {
        /// Stable code: `engine_load_failed`, `model_digest_mismatch`, `engine_trapped`, `bad_frame`.
        code: String,
        /// For the developer; no personal data.
        message: String,
    },
}
