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
    pub const ALL: [Self; 7] = [
        Self::Approved,
        Self::NoDocument,
        Self::PrintedFace,
        Self::OtherPerson,
        Self::CameraDenied,
        Self::NetworkLost,
        Self::WorkerTrap,
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
        }
    }

    /// What it must end with.
    pub fn expected(self) -> Expected {
        let (status, reason, attempts) = match self {
            Self::Approved | Self::NetworkLost | Self::WorkerTrap => ("approved", None, 1),
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
            _ => &[],
        }
    }
}
