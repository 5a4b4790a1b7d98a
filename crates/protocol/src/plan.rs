//! What the relay asks the page to do.

use crate::capture::CaptureKind;
use crate::challenge::Challenge;
use crate::document::{DocumentKind, DocumentTask};
use crate::entry::{OtpSent, SignatureTrigger, SignatureWait};
use crate::person::PersonField;
use crate::seal::Jwk;
use serde::{Deserialize, Serialize};

/// One step of the flow, in the order they run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Ask for consent.
    Consent,
    /// Capture the document.
    Document(DocumentStep),
    /// Capture the face and run the challenge.
    Face {
        /// Time without a good frontal face after which the user is asked how to go on, in ms.
        timeout_ms: u32,
    },
    /// Have personal data typed.
    Person(PersonStep),
    /// Have the code typed that was sent to the person's phone.
    Otp(OtpStep),
    /// Have the secret typed that is printed on the document.
    Secret(SecretStep),
    /// Have a document signed in another app.
    Signature(SignatureStep),
}

impl Step {
    /// Which step it is.
    pub const fn name(&self) -> StepName {
        match self {
            Self::Consent => StepName::Consent,
            Self::Document(_) => StepName::Document,
            Self::Face { .. } => StepName::Face,
            Self::Person(_) => StepName::Person,
            Self::Otp(_) => StepName::Otp,
            Self::Secret(_) => StepName::Secret,
            Self::Signature(_) => StepName::Signature,
        }
    }

    /// Whether it is met by pictures.
    pub const fn is_capture(&self) -> bool {
        matches!(self, Self::Document(_) | Self::Face { .. })
    }
}

/// The name of a step, without what it asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    /// [`Step::Consent`].
    Consent,
    /// [`Step::Document`].
    Document,
    /// [`Step::Face`].
    Face,
    /// [`Step::Person`].
    Person,
    /// [`Step::Otp`].
    Otp,
    /// [`Step::Secret`].
    Secret,
    /// [`Step::Signature`].
    Signature,
}

impl StepName {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Consent => "consent",
            Self::Document => "document",
            Self::Face => "face",
            Self::Person => "person",
            Self::Otp => "otp",
            Self::Secret => "secret",
            Self::Signature => "signature",
        }
    }
}

/// Which personal data are asked for, and by which country's rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonStep {
    /// ISO 3166 alpha-2 code, lower case: forms of numbers and codes are its own.
    pub country: String,
    /// The fields, in the order in which they are shown.
    pub fields: Vec<PersonField>,
}

/// A code that is sent to a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtpStep {
    /// Digits of a code.
    pub digits: u32,
    /// Life of a code in ms.
    pub life_ms: u64,
    /// Time after which another code may be asked for, in ms.
    pub resend_after_ms: u64,
    /// Tries for each code.
    pub max_tries: u32,
    /// Codes that are sent in an attempt.
    pub max_sends: u32,
}

/// A secret that is printed on the document: its security code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretStep {
    /// Digits of the secret.
    pub digits: u32,
    /// Tries in all; the last wrong one ends the verification.
    pub max_tries: u32,
}

/// A signature in the app of a provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignatureStep {
    /// Whose app.
    pub provider: SignatureProvider,
    /// The ways to it.
    pub triggers: Vec<SignatureTrigger>,
    /// Time between two questions whether it was signed, in ms.
    pub poll_after_ms: u32,
}

/// Who provides the app that signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SignatureProvider {
    /// Toss.
    Toss,
}

/// How a document is to be captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentStep {
    /// Shapes that are accepted.
    pub kinds: Vec<DocumentKind>,
    /// Those whose back is captured after the front.
    #[serde(default)]
    pub two_sided: Vec<DocumentKind>,
    /// Whether the document has a barcode: on its back, where that is captured.
    #[serde(default)]
    pub barcode: bool,
    /// Whether the pictures are also examined for signs of a copy; the visitor does nothing else for it.
    #[serde(default)]
    pub authenticity: bool,
    /// Whether a file may take the place of a capture, once the camera has had its time.
    #[serde(default)]
    pub upload: bool,
    /// Time on a side without a capture after which the user may take the picture, in ms.
    #[serde(default = "manual_after_ms")]
    pub manual_after_ms: u32,
    /// Captures given up on a side after which the user may take the picture.
    #[serde(default = "manual_after_failures")]
    pub manual_after_failures: u32,
    /// Time on a side without a capture after which the user is asked how to go on, in ms.
    pub timeout_ms: u32,
}

const fn manual_after_ms() -> u32 {
    DocumentTask::MANUAL_AFTER_MS
}

const fn manual_after_failures() -> u32 {
    DocumentTask::MANUAL_AFTER_FAILURES
}

impl DocumentStep {
    /// The front of any of these shapes, for as long as `timeout_ms`.
    pub fn new(kinds: Vec<DocumentKind>, timeout_ms: u32) -> Self {
        Self {
            kinds,
            two_sided: Vec::new(),
            barcode: false,
            authenticity: false,
            upload: false,
            manual_after_ms: manual_after_ms(),
            manual_after_failures: manual_after_failures(),
            timeout_ms,
        }
    }

    /// Whether the back of a document is asked for. One of unknown shape counts as the shape accepted first.
    pub fn asks_back(&self, kind: Option<DocumentKind>) -> bool {
        kind.or(self.kinds.first().copied()).is_some_and(|kind| self.two_sided.contains(&kind))
    }
}

/// Who receives the user's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Name of the organisation.
    pub name: String,
    /// ISO 3166 alpha-2 code, lower case.
    pub country: String,
    /// What it does with the data, in the user's language.
    pub purpose: String,
}

/// The terms the user is asked to agree to. The integrator writes the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentTerms {
    /// Version of the text, recorded in the evidence.
    pub version: String,
    /// Integrator's own text shown above the standard one; empty for none.
    pub text: String,
    /// Everyone who receives data.
    pub recipients: Vec<Recipient>,
    /// Days after which captures are deleted.
    pub retention_days: u32,
}

/// Everything the page needs to know of its session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this wire format.
    pub protocol_version: String,
    /// Session id; opaque.
    pub session_id: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// Attempt this plan is for, from 1.
    pub attempt: u32,
    /// Nonce of this attempt, 32 bytes as lower-case hex: evidence and device key name it.
    pub nonce: String,
    /// Key of this session to which captures are sealed.
    pub verifier: Jwk,
    /// Attempts in all.
    pub max_attempts: u32,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The terms to agree to.
    pub consent: ConsentTerms,
    /// The active challenge of this attempt; absent when there is no face step.
    pub challenge: Option<Challenge>,
    /// Captures of this attempt that the relay already holds, with their digests; nothing of them is sent again.
    pub received: Vec<ReceivedCapture>,
    /// Consent that was already given in this session.
    pub consent_given: bool,
    /// Steps without pictures that need nothing more in this attempt.
    #[serde(default)]
    pub met: Vec<StepName>,
    /// The code that was sent last, where one was and the step is not met.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<OtpSent>,
    /// Tries left for the document's secret, where the plan asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret_tries_left: Option<u32>,
    /// The signature that is waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<SignatureWait>,
    /// Server time when the plan was made, in ms since 1970.
    pub issued_at_ms: u64,
    /// When the session ends, in ms since 1970.
    pub expires_at_ms: u64,
    /// True on the sandbox's test plans, where a recorded camera is expected.
    pub test_camera: bool,
}

/// A capture the relay holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedCapture {
    /// What it shows.
    pub kind: CaptureKind,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}
