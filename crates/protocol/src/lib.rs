//! Wire types for every side of idv-web: the page, its worker, the relay, the operator and the customer's
//! server. Only serde: no clock, no network, no randomness.
//!
//! In: nothing. Out: types whose JSON is `snake_case`. Rule: a code is a stable string, the same in Rust,
//! TypeScript, HTTP and locales.

pub mod barcode;
pub mod capture;
pub mod challenge;
pub mod comparison;
pub mod document;
pub mod entry;
pub mod evidence;
pub mod face;
pub mod geometry;
pub mod liveness;
pub mod person;
pub mod plan;
pub mod problem;
pub mod quality;
pub mod reading;
pub mod receipt;
pub mod relay;
pub mod seal;
pub mod worker;

pub use capture::{CaptureKind, CaptureMeta, CaptureMethod};
pub use challenge::{Action, ActionKind, Challenge, ChallengeSet};
pub use document::{DocumentHint, DocumentKind, DocumentSide, DocumentStatus, DocumentTask, FileProblem};
pub use entry::{AppLinks, EntryAnswer, EntryProblem, EntryReply, OtpSent, SignatureTrigger, SignatureWait};
pub use evidence::{ConsentRecord, Evidence, ModelUse};
pub use face::{FaceHint, FacePhase, FaceStatus, HeadPose};
pub use geometry::{NormRect, Point, PxRect, Quad, Size};
pub use liveness::{ActionResult, Break, BreakReason, Cue, DepthReport, LivenessReport, PadSpec, Passive};
pub use person::{FieldError, FieldProblem, PersonField, PersonForm};
pub use plan::{
    ConsentTerms, DocumentStep, OtpStep, PersonStep, Plan, Recipient, SecretStep, SignatureProvider,
    SignatureStep, Step, StepName,
};
pub use problem::{Code, Problem};
pub use quality::{Check, CheckCode, QualityReport};
pub use receipt::{Outcome, Reason, Receipt};

/// Version of this wire format. Both sides refuse another major version.
pub const PROTOCOL_VERSION: &str = "3.0";
