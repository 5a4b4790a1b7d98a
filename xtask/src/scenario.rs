//! The scenarios of the end-to-end run, each with the outcome it must end with.

use clap::ValueEnum;

/// One way a verification can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// A person with their own passport.
    Approved,
    /// A desk without a document.
    NoDocument,
    /// A printed photo in place of the face.
    PrintedFace,
    /// Somebody else's face.
    OtherPerson,
    /// The camera is denied.
    CameraDenied,
    /// The connection breaks in mid-upload and the page is reloaded.
    NetworkLost,
    /// The vision worker traps in the middle of the document step.
    WorkerTrap,
    /// A person with their own identity card, front and back.
    Card,
    /// A person with a licence that has a barcode on its back.
    Licence,
    /// No document before the camera: a file in its place, the first one in a format that is refused.
    Upload,
}

/// What the customer's server must read at the end.
pub struct Expected {
    /// `kyc.status` of the result.
    pub status: &'static str,
    /// `kyc.status_reason` of the result.
    pub reason: Option<&'static str>,
    /// Attempts the person needs.
    pub attempts: u32,
}

impl Scenario {
    /// All of them, in the order they are run.
    pub const ALL: [Self; 10] = [
        Self::Approved,
        Self::NoDocument,
        Self::PrintedFace,
        Self::OtherPerson,
        Self::CameraDenied,
        Self::NetworkLost,
        Self::WorkerTrap,
        Self::Card,
        Self::Licence,
        Self::Upload,
    ];

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::NoDocument => "no-document",
            Self::PrintedFace => "printed-face",
            Self::OtherPerson => "other-person",
            Self::CameraDenied => "camera-denied",
            Self::NetworkLost => "network-lost",
            Self::WorkerTrap => "worker-trap",
            Self::Card => "card",
            Self::Licence => "licence",
            Self::Upload => "upload",
        }
    }

    /// What it must end with.
    pub fn expected(self) -> Expected {
        let (status, reason, attempts) = match self {
            Self::Approved
            | Self::NetworkLost
            | Self::WorkerTrap
            | Self::Card
            | Self::Licence
            | Self::Upload => ("approved", None, 1),
            Self::NoDocument => ("canceled", Some("document_not_found"), 1),
            Self::PrintedFace => ("rejected", Some("liveness_failed"), 3),
            Self::OtherPerson => ("rejected", Some("face_mismatch"), 3),
            Self::CameraDenied => ("canceled", Some("camera_denied"), 1),
        };
        Expected { status, reason, attempts }
    }

    /// Faults the sandbox is started with.
    pub fn sandbox_arguments(self) -> &'static [&'static str] {
        match self {
            Self::NetworkLost => &["--fault", "drop-capture=document_front"],
            Self::Upload => &["--allow-upload", "--manual-after-ms", "2000"],
            _ => &[],
        }
    }

    /// The policy it is started with. Utopia has no country code, so `unknown`, the sandbox's own choice.
    pub fn policy_key(self) -> &'static str {
        match self {
            Self::Card => {
                "unknown:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match"
            }
            Self::Licence => "us:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match",
            _ => "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match",
        }
    }
}
