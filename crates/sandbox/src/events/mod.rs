//! What happens, one JSON object each. No token, no personal data, no picture.

use crate::operator::ArgosFinding;
use idv_protocol::barcode::LicenceReading;
use idv_protocol::comparison::Comparison;
use idv_protocol::reading::MrzReading;
use idv_protocol::{
    CaptureKind, CaptureMethod, DocumentKind, InjectionSignal, LivenessReport, Outcome, Quad, QualityReport,
    Reason,
};
use serde::Serialize;
use std::sync::Arc;

/// Something happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Event {
    /// The server listens.
    Listening {
        /// Where.
        origin: String,
        /// A client made for this run. Its secret key is shown here and nowhere else.
        client: ClientKey,
        /// A client of the stand-in for Toss. Its secret is shown here and nowhere else.
        toss: TossKey,
        /// Access to the stand-in for Argos. Its key is shown here and nowhere else.
        argos: ArgosKey,
    },
    /// A customer's server started a verification.
    SessionStarted {
        /// Its submission.
        submission_id: String,
        /// What is verified.
        policy_key: String,
    },
    /// The page exchanged its start token.
    TokenExchanged {
        /// Its submission.
        submission_id: String,
    },
    /// The user agreed.
    Consent {
        /// Its submission.
        submission_id: String,
        /// Version of the terms.
        version: String,
    },
    /// A capture arrived.
    CaptureReceived {
        /// Its submission.
        submission_id: String,
        /// What it shows.
        kind: CaptureKind,
        /// Attempt, from 1.
        attempt: u32,
        /// Length in bytes.
        bytes: usize,
        /// Whether it was there before.
        already_held: bool,
    },
    /// Evidence does not hold, and cost its attempt.
    EvidenceRefused {
        /// Its submission.
        submission_id: String,
        /// Attempt, from 1.
        attempt: u32,
        /// The first thing that does not hold.
        code: &'static str,
        /// Which part, capture, frame or field it is about.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
    },
    /// A step without pictures was answered.
    Entry {
        /// Its submission.
        submission_id: String,
        /// `accepted`, `sent`, `wrong`, `waiting`, `retry`, `ended` or `unavailable`.
        state: &'static str,
    },
    /// An attempt was judged.
    Decision {
        /// Its submission.
        submission_id: String,
        /// Attempt, from 1.
        attempt: u32,
        /// `approved`, `retry`, `pending_review` or `rejected`.
        status: &'static str,
        /// Why not approved.
        reason: Option<Reason>,
        /// The document as it was submitted.
        document: Option<DocumentSeen>,
        /// The page's report.
        liveness: Option<Box<LivenessReport>>,
        /// Signs that the pictures come from no camera, as the page measured them.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        injection: Vec<InjectionSignal>,
        /// Cosine similarity of portrait and selfie, -1 to 1.
        face_similarity: Option<f32>,
        /// What Argos said, where it was asked.
        argos: Option<ArgosFinding>,
        /// Time the decision took, in ms.
        elapsed_ms: u64,
    },
    /// The verification ended.
    Settled {
        /// Its submission.
        submission_id: String,
        /// How.
        status: Outcome,
        /// Why, unless approved.
        reason: Option<Reason>,
    },
    /// A step of a submission was carried out at Argos.
    ArgosStep {
        /// Its submission there.
        submission_id: String,
        /// 1 or 2.
        step: u8,
        /// How it stands from then on, in Argos' word.
        status: String,
        /// Tries used.
        tries_used: u32,
        /// Why another try is asked for, in Argos' codes.
        retry: Vec<String>,
        /// Likeness of the faces, 0 to 100.
        similarity: Option<f32>,
        /// Liveness, 0 to 100.
        liveness: Option<f32>,
    },
    /// A submission was deleted at Argos.
    SubmissionDeleted {
        /// Its submission there.
        submission_id: String,
    },
    /// The visitor came back to the demo customer.
    Returned {
        /// The error that the return URL claims.
        error: Option<String>,
    },
    /// A fault was injected.
    FaultInjected {
        /// Which one.
        fault: &'static str,
    },
}

/// A client made for one run.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ClientKey {
    /// Client id.
    pub client_id: String,
    /// Secret key, base64url of a private JWK.
    pub secret_key: String,
}

impl std::fmt::Debug for ClientKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientKey").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// A client of the stand-in for Toss, made for one run.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct TossKey {
    /// Where both of its hosts are.
    pub base_url: String,
    /// Client id.
    pub client_id: String,
    /// Client secret.
    pub client_secret: String,
}

impl std::fmt::Debug for TossKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TossKey").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// Access to the stand-in for Argos, made for one run.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ArgosKey {
    /// Where version 2 of it is.
    pub base_url: String,
    /// The `x-api-key`.
    pub api_key: String,
}

impl std::fmt::Debug for ArgosKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ArgosKey").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

/// A document capture without its picture.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DocumentSeen {
    /// Shape the page saw.
    pub kind: Option<DocumentKind>,
    /// Corners in the capture's pixels, as the operator uses them.
    pub quad: Option<Quad>,
    /// The page's checks of the picture.
    pub quality: QualityReport,
    /// What the operator read, where a recorded camera shows a specimen; never of a live one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<MrzReading>>,
    /// The barcode, likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<Box<LicenceReading>>,
    /// How the picture of each side came about.
    pub methods: Vec<SideMethod>,
    /// How zone and barcode agree, field by field; no values.
    pub comparisons: Vec<Comparison>,
}

/// How a picture of the document came about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SideMethod {
    /// Which picture.
    pub kind: CaptureKind,
    /// Taken by the engine, by the user, or a file of the user's.
    pub method: CaptureMethod,
}

/// Where events go.
#[derive(Clone)]
pub struct EventSink(Arc<dyn Fn(&Event) + Send + Sync>);

impl EventSink {
    /// A sink that hands each event to `sink`.
    pub fn new(sink: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(sink))
    }

    /// Prints each event as a JSON line to standard output.
    pub fn stdout() -> Self {
        Self::new(|event| {
            use std::io::Write;
            if let Ok(line) = serde_json::to_string(event) {
                // A reader that went away is no reason to stop serving.
                let _ = writeln!(std::io::stdout().lock(), "{line}");
            }
        })
    }

    /// Hands `event` over.
    pub fn emit(&self, event: &Event) {
        (self.0)(event);
    }
}
