//! The manifest of what was captured and measured.
//!
//! In: consent, models, cameras, captures, the liveness report, frames and their times, as they come. Out:
//! [`idv_protocol::Evidence`]. Rule: nothing is judged here and no picture is kept; digests stand for them. Only `keys`
//! signs and seals.

mod frames;
#[cfg(target_arch = "wasm32")]
pub mod keys;

pub use frames::Frames;

use crate::camera::signals::Signs;
use idv_protocol::evidence::{CameraUse, StepTimings};
use idv_protocol::seal::{BuildUse, FrameMark};
use idv_protocol::{
    CaptureKind, CaptureMeta, ConsentRecord, DocumentKind, Evidence, LivenessReport, ModelUse, Plan,
};
use idv_seal::configuration::configuration_sha256;

/// Version of this module, as in the evidence.
pub const MODULE_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Frame times kept for a median: half a minute at 16 frames a second.
const MAX_SAMPLES: usize = 512;

/// Cameras kept in the list: three attempts with two cameras, each reopened once, stay below it.
const MAX_CAMERAS: usize = 16;

/// Everything gathered so far for the current attempt.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Gathered {
    /// Consent, as given in this page or kept from before a reload.
    pub consent: Option<ConsentRecord>,
    /// Models the engine loaded.
    pub models: Vec<ModelUse>,
    /// Shape of the document, where it was captured.
    pub document_kind: Option<DocumentKind>,
    /// What was seen of the person.
    pub liveness: Option<LivenessReport>,
    /// Every frame that was looked at.
    pub frames: Frames,
    /// Signs that what was open is no camera before a person, of this attempt.
    pub signs: Signs,
    captures: Vec<CaptureMeta>,
    cameras: Vec<CameraUse>,
    document_frames: Samples,
    face_frames: Samples,
}

impl Gathered {
    /// Starts from what a new plan says the relay holds: everything else is dropped and will be made again. A face
    /// step is dropped as a whole: its report speaks of all its captures.
    pub fn begin_attempt(&mut self, plan: &Plan) {
        if self.frames.begin_attempt(plan.attempt) {
            // Their leaves were of another attempt, or of another load of the page.
            self.captures.iter_mut().for_each(|meta| meta.frame = None);
            self.signs = Signs::default();
        }
        let before = self.captures.len();
        self.captures.retain(|meta| {
            plan.received.iter().any(|held| held.kind == meta.kind && held.sha256 == meta.sha256)
        });
        if self.captures.len() < before {
            self.drop_face();
        }
        let followed = plan.challenge.as_ref().map(|challenge| challenge.nonce.as_str());
        if self.liveness.as_ref().map(|report| report.nonce.as_str()) != followed {
            self.liveness = None;
        }
        if !self.holds(CaptureKind::DocumentFront) {
            self.document_kind = None;
        }
        self.face_frames = Samples::default();
    }

    /// Adds a capture; a new one of the same kind takes the place of the old. The frame that it names is a leaf.
    pub fn add_capture(&mut self, meta: CaptureMeta) {
        self.captures.retain(|held| held.kind != meta.kind);
        self.captures.push(meta);
    }

    /// Drops the captures of the face and its report, before the face step runs again.
    pub fn drop_face(&mut self) {
        self.captures.retain(|meta| meta.kind.side().is_some());
        self.liveness = None;
    }

    /// Adds a camera that was opened.
    pub fn add_camera(&mut self, camera: CameraUse) {
        if self.cameras.len() == MAX_CAMERAS {
            self.cameras.remove(0);
        }
        self.cameras.push(camera);
    }

    /// Adds a frame that the worker looked at, where it did.
    pub fn add_frame(&mut self, mark: Option<FrameMark>) {
        if let Some(mark) = mark {
            self.signs.frames.add(&mark);
            self.frames.add(mark);
        }
    }

    /// Adds the time spent on a frame of the document step, in ms.
    pub fn add_document_frame(&mut self, elapsed_ms: f64) {
        self.document_frames.add(elapsed_ms);
    }

    /// Adds the time spent on a frame of the face step, in ms.
    pub fn add_face_frame(&mut self, elapsed_ms: f64) {
        self.face_frames.add(elapsed_ms);
    }

    /// Whether a capture of this kind is among what was gathered.
    pub fn holds(&self, kind: CaptureKind) -> bool {
        self.captures.iter().any(|meta| meta.kind == kind)
    }

    /// The captures that outlive a reload of the page: those of the document. What was read off them is personal
    /// data and does not.
    pub fn lasting_captures(&self) -> Vec<CaptureMeta> {
        let of_document = self.captures.iter().filter(|meta| meta.kind.side().is_some());
        of_document
            .map(|meta| CaptureMeta { reading: None, barcode: None, frame: None, ..meta.clone() })
            .collect()
    }

    /// The manifest for `plan`, made at `signing`'s time to be signed by its key. `locale` stands in the consent only
    /// where the page no longer knows it: such a record has time 0, and the relay holds the real one. Frames that come
    /// later are not of it.
    pub fn evidence(&mut self, plan: &Plan, locale: &str, signing: Signing) -> Evidence {
        let mut captures = self.captures.clone();
        captures.sort_unstable_by_key(|meta| meta.kind);
        Evidence {
            protocol_version: idv_protocol::PROTOCOL_VERSION.to_owned(),
            module_version: MODULE_VERSION.to_owned(),
            session_id: plan.session_id.clone(),
            attempt: plan.attempt,
            nonce: plan.nonce.clone(),
            issued_at_ms: signing.at_ms,
            device_key: signing.device_key,
            build: signing.build,
            configuration_sha256: configuration_sha256(plan),
            frames: self.frames.commit(),
            consent: self.consent.clone().unwrap_or_else(|| ConsentRecord {
                version: plan.consent.version.clone(),
                locale: locale.to_owned(),
                given_at_ms: 0,
            }),
            models: self.models.clone(),
            cameras: self.cameras.clone(),
            document_kind: self.document_kind,
            captures,
            liveness: self.liveness.clone(),
            injection: self.signs.signals(),
            timings_ms: StepTimings {
                document_frame: self.document_frames.median(),
                face_frame: self.face_frames.median(),
            },
        }
    }
}

/// By what and when a manifest is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signing {
    /// Thumbprint of the device key.
    pub device_key: String,
    /// The time, in ms since 1970: the server's, carried on.
    pub at_ms: u64,
    /// Files of the module.
    pub build: BuildUse,
}

/// The latest times of a step.
#[derive(Clone, Debug, Default, PartialEq)]
struct Samples {
    values: Vec<f64>,
    next: usize,
}

impl Samples {
    fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.values.len() < MAX_SAMPLES {
            self.values.push(value);
        } else if let Some(oldest) = self.values.get_mut(self.next) {
            *oldest = value;
            self.next = (self.next + 1) % MAX_SAMPLES;
        }
    }

    /// The median; 0 without values.
    fn median(&self) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        match (sorted.get(middle.wrapping_sub(1)), sorted.get(middle)) {
            (Some(low), Some(high)) if sorted.len().is_multiple_of(2) => (low + high) / 2.0,
            (_, Some(high)) => *high,
            _ => 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_of_the_latest_times() {
        let mut samples = Samples::default();
        assert_eq!(samples.median(), 0.0);
        samples.add(3.0);
        samples.add(f64::NAN);
        assert_eq!(samples.median(), 3.0);
        samples.add(5.0);
        assert_eq!(samples.median(), 4.0);
        for _ in 0..MAX_SAMPLES {
            samples.add(9.0);
        }
        assert_eq!(samples.median(), 9.0);
        assert_eq!(samples.values.len(), MAX_SAMPLES);
    }
}
