//! The first thing that does not hold.

use idv_protocol::CaptureKind;
use std::fmt;

/// A part of a bundle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The registration of the device key.
    DeviceKey,
    /// The signed evidence.
    Evidence,
    /// A sealed capture.
    Capture(CaptureKind),
    /// The sealed frames.
    Frames,
}

impl Part {
    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Self::DeviceKey => "device_key",
            Self::Evidence => "evidence",
            Self::Capture(kind) => kind.code(),
            Self::Frames => "frames",
        }
    }
}

/// Why evidence is not accepted. Each is one step; those before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// Fewer parts than the compact form has, or an empty one.
    Truncated(Part),
    /// Not of the form that such a part has.
    Malformed(Part),
    /// Another algorithm than ECDH-ES with A256GCM, or ES256.
    AlgorithmDowngrade(Part),
    /// Sealed or signed as something else.
    TypeOther(Part),
    /// Evidence of an older major version of the wire format.
    VersionDowngrade,
    /// Evidence of a newer one.
    VersionUnknown,
    /// A key that is no point on P-256, or a thumbprint of another key than the one beside it.
    KeyUnusable(Part),
    /// Signed by a key that was not registered for this session.
    KeyNotRegistered,
    /// Sealed to another key than this session's.
    VerifierOther(Part),
    /// The signature is not that of the key.
    Signature(Part),
    /// The ciphertext, its header or its tag was changed.
    Integrity(Part),
    /// Of another session.
    Session(Part),
    /// Of another attempt.
    Attempt(Part),
    /// Of another nonce.
    Nonce(Part),
    /// This evidence was taken before.
    Replayed,
    /// A time that does not lie within the session: the name of its field.
    Clock(&'static str),
    /// The page followed another plan.
    Configuration,
    /// A capture is listed twice, or two of them are one picture.
    CaptureTwice(CaptureKind),
    /// A capture that is listed or asked for is not there.
    CaptureMissing(CaptureKind),
    /// A capture that is there is not listed.
    CaptureExtra(CaptureKind),
    /// A sealed capture says that it is something else than what it was handed in as.
    CaptureSwapped(CaptureKind),
    /// The digest or length that is listed is not that of the capture.
    CaptureDigest(CaptureKind),
    /// The report does not go with this attempt.
    ReportOther,
    /// The commitment is no root, or its numbers do not fit each other.
    Commitment,
    /// A picture of the face is of no frame that can be opened.
    CaptureFrame(CaptureKind),
    /// Frames were drawn, and none came.
    FramesMissing,
    /// A drawn frame did not come.
    FrameMissing(u32),
    /// A frame came that was not drawn.
    FrameExtra(u32),
    /// A frame that no detector of ours looks at: its part lies outside of the picture.
    FrameRange(u32),
    /// The frame does not lead to the root: other pixels, another time or place, or another path.
    FrameOther(u32),
    /// The frame of a capture is of another step or time than the capture.
    FrameOfCapture(u32),
}

impl Failure {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated(_) => "truncated",
            Self::Malformed(_) => "malformed",
            Self::AlgorithmDowngrade(_) => "algorithm_downgrade",
            Self::TypeOther(_) => "type_other",
            Self::VersionDowngrade => "version_downgrade",
            Self::VersionUnknown => "version_unknown",
            Self::KeyUnusable(_) => "key_unusable",
            Self::KeyNotRegistered => "key_not_registered",
            Self::VerifierOther(_) => "verifier_other",
            Self::Signature(_) => "signature",
            Self::Integrity(_) => "integrity",
            Self::Session(_) => "session",
            Self::Attempt(_) => "attempt",
            Self::Nonce(_) => "nonce",
            Self::Replayed => "replayed",
            Self::Clock(_) => "clock",
            Self::Configuration => "configuration",
            Self::CaptureTwice(_) => "capture_twice",
            Self::CaptureMissing(_) => "capture_missing",
            Self::CaptureExtra(_) => "capture_extra",
            Self::CaptureSwapped(_) => "capture_swapped",
            Self::CaptureDigest(_) => "capture_digest",
            Self::ReportOther => "report_other",
            Self::Commitment => "commitment",
            Self::CaptureFrame(_) => "capture_frame",
            Self::FramesMissing => "frames_missing",
            Self::FrameMissing(_) => "frame_missing",
            Self::FrameExtra(_) => "frame_extra",
            Self::FrameRange(_) => "frame_range",
            Self::FrameOther(_) => "frame_other",
            Self::FrameOfCapture(_) => "frame_of_capture",
        }
    }

    /// Which part, capture, frame or field it is about, where there is a choice.
    pub fn subject(self) -> Option<String> {
        Some(match self {
            Self::Truncated(part)
            | Self::Malformed(part)
            | Self::AlgorithmDowngrade(part)
            | Self::TypeOther(part)
            | Self::KeyUnusable(part)
            | Self::VerifierOther(part)
            | Self::Signature(part)
            | Self::Integrity(part)
            | Self::Session(part)
            | Self::Attempt(part)
            | Self::Nonce(part) => part.name().to_owned(),
            Self::Clock(field) => field.to_owned(),
            Self::CaptureTwice(kind)
            | Self::CaptureMissing(kind)
            | Self::CaptureExtra(kind)
            | Self::CaptureSwapped(kind)
            | Self::CaptureDigest(kind)
            | Self::CaptureFrame(kind) => kind.code().to_owned(),
            Self::FrameMissing(index)
            | Self::FrameExtra(index)
            | Self::FrameRange(index)
            | Self::FrameOther(index)
            | Self::FrameOfCapture(index) => index.to_string(),
            Self::VersionDowngrade
            | Self::VersionUnknown
            | Self::KeyNotRegistered
            | Self::Replayed
            | Self::Configuration
            | Self::ReportOther
            | Self::Commitment
            | Self::FramesMissing => return None,
        })
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.subject() {
            Some(subject) => write!(f, "{} ({subject})", self.code()),
            None => f.write_str(self.code()),
        }
    }
}

impl std::error::Error for Failure {}
