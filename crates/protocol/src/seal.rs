//! What is sealed and signed between the page and the verifier, as it goes over the wire. All of it is JOSE in compact
//! form: captures and opened frames are JWE (RFC 7516), the device key's registration and the evidence are JWS
//! (RFC 7515). The algorithms are in `idv-seal`.

use crate::capture::CaptureKind;
use crate::document::DocumentSide;
use crate::geometry::Size;
use serde::{Deserialize, Serialize};

/// Content type of compact JWE and JWS bodies (RFC 7515 9.2.1).
pub const JOSE_TYPE: &str = "application/jose";

/// `alg` of the JWE: ephemeral-static ECDH, whose result is the content key (RFC 7518 4.6).
pub const SEAL_ALG: &str = "ECDH-ES";

/// `enc` of the JWE.
pub const SEAL_ENC: &str = "A256GCM";

/// `alg` of the JWS: ECDSA on P-256 with SHA-256 (RFC 7518 3.4).
pub const SIGNATURE_ALG: &str = "ES256";

/// `typ` of a sealed capture.
pub const CAPTURE_TYP: &str = "idv-capture+jwe";

/// `typ` of sealed frames.
pub const FRAMES_TYP: &str = "idv-frames+jwe";

/// `typ` of a device key's registration.
pub const DEVICE_KEY_TYP: &str = "idv-device-key+jws";

/// `typ` of signed evidence.
pub const EVIDENCE_TYP: &str = "idv-evidence+jws";

/// Frames that are asked for once their root is committed. A page that made up a share p of its frames is found out
/// with 1 - (1 - p)^4; more frames would mean more of the person's pictures on the wire.
pub const FRAMES_DRAWN: usize = 4;

/// Most frames of one attempt: those of a session's half hour at 30 a second are below it.
pub const MAX_FRAMES: u32 = 65_536;

/// Side of the input of the network that finds documents, in px: frames of the document step have it.
pub const DOCUMENT_FRAME_SIDE_PX: u16 = 192;

/// The same of the network that finds faces.
pub const FACE_FRAME_SIDE_PX: u16 = 320;

/// Largest body of sealed frames in bytes: [`FRAMES_DRAWN`] faces of 320 x 320 px in three colours, their paths, and
/// a third more as base64url.
pub const MAX_SEALED_FRAMES_BYTES: usize = 2 * 1024 * 1024;

/// A public P-256 key (RFC 7517, RFC 7518 6.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Jwk {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// Abscissa, base64url of 32 bytes.
    pub x: String,
    /// Ordinate, base64url of 32 bytes.
    pub y: String,
}

impl Jwk {
    /// The key at this point; both as base64url of 32 bytes.
    pub fn p256(x: impl Into<String>, y: impl Into<String>) -> Self {
        Self { kty: "EC".to_owned(), crv: "P-256".to_owned(), x: x.into(), y: y.into() }
    }
}

/// Protected header of a JWE. Any other member is refused: what is not understood could change what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SealHeader {
    /// [`SEAL_ALG`].
    pub alg: String,
    /// [`SEAL_ENC`].
    pub enc: String,
    /// [`CAPTURE_TYP`] or [`FRAMES_TYP`].
    pub typ: String,
    /// RFC 7638 thumbprint of the verifier's key.
    pub kid: String,
    /// The page's key for this one body.
    pub epk: Jwk,
    /// Session it belongs to.
    pub session: String,
    /// Attempt it belongs to, from 1.
    pub attempt: u32,
    /// What a capture shows; absent from frames.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<CaptureKind>,
}

/// Protected header of a JWS. Any other member is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SignatureHeader {
    /// [`SIGNATURE_ALG`].
    pub alg: String,
    /// [`DEVICE_KEY_TYP`] or [`EVIDENCE_TYP`].
    pub typ: String,
    /// RFC 7638 thumbprint of the device key.
    pub kid: String,
    /// The device key itself, where it is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jwk: Option<Jwk>,
}

/// What the device key signs to be registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DeviceKeyClaims {
    /// Session it is for.
    pub session_id: String,
    /// Nonce of the open attempt.
    pub nonce: String,
    /// RFC 7638 thumbprint of the key.
    pub thumbprint: String,
}

/// Which step a frame was looked at in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FrameStep {
    /// The front of the document.
    DocumentFront,
    /// Its back.
    DocumentBack,
    /// The face.
    Face,
}

impl FrameStep {
    /// The step that captures this side.
    pub const fn of_side(side: DocumentSide) -> Self {
        match side {
            DocumentSide::Front => Self::DocumentFront,
            DocumentSide::Back => Self::DocumentBack,
        }
    }

    /// The step that makes captures of this kind.
    pub const fn of_capture(kind: CaptureKind) -> Self {
        match kind {
            CaptureKind::DocumentFront => Self::DocumentFront,
            CaptureKind::DocumentBack => Self::DocumentBack,
            CaptureKind::Selfie | CaptureKind::Action1 | CaptureKind::Action2 => Self::Face,
        }
    }

    /// Its number in a leaf.
    pub const fn number(self) -> u8 {
        match self {
            Self::DocumentFront => 1,
            Self::DocumentBack => 2,
            Self::Face => 3,
        }
    }

    /// Side of its frames in px.
    pub const fn side_px(self) -> u16 {
        match self {
            Self::DocumentFront | Self::DocumentBack => DOCUMENT_FRAME_SIDE_PX,
            Self::Face => FACE_FRAME_SIDE_PX,
        }
    }
}

/// A processed frame without its pixels. The pixels are the input of the step's detector, rounded to 8 bits: planes of
/// red, green and blue, `side_px` x `side_px` each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameHead {
    /// The step.
    pub step: FrameStep,
    /// When the frame was taken, in whole microseconds since its step began: JSON keeps whole numbers exactly.
    pub at_us: u64,
    /// Size of the camera's frame in px.
    pub frame: Size,
    /// The part of it that the detector looked at: x, y, width and height in px.
    pub part: [u32; 4],
}

impl FrameHead {
    /// A time in ms, 0 and above, as [`FrameHead::at_us`] has it.
    pub fn micros(at_ms: f64) -> u64 {
        (at_ms * 1000.0).round() as u64
    }
}

/// The noise of a camera's sensor, as deviations of luma in levels of 255.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameNoise {
    /// Between this frame and the one before it, at the same places, over the root of 2.
    pub temporal: f32,
    /// Between neighbouring pixels of this frame.
    pub spatial: f32,
}

/// What the worker says of each frame that its detector looked at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameMark {
    /// Number of the frame, from 0 for each worker, without a gap.
    pub index: u32,
    /// SHA-256 of head and pixels, lower-case hex.
    pub leaf: String,
    /// Digest of the pixels alone, 16 hex digits: the same for the same pixels while the worker runs, and for nothing
    /// else to be compared with.
    #[serde(default)]
    pub look: String,
    /// Noise of the frame's even regions; absent where it has none, or is the first of its step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub noise: Option<FrameNoise>,
    /// Frames whose pixels the worker still has: first and last of each run of them, in order.
    pub held: Vec<[u32; 2]>,
}

/// A frame whose pixels the worker hands over beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeldFrame {
    /// Its number, as in its [`FrameMark`].
    pub index: u32,
    /// What its leaf says besides the pixels.
    pub head: FrameHead,
}

/// The frames of an attempt, committed to before it is known which of them are asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameCommitment {
    /// Root of the Merkle tree over the leaves, in the order in which the frames were processed; lower-case hex.
    pub root: String,
    /// Number of leaves.
    pub count: u32,
    /// Leaves that can be opened: first and last of each run of them, in order. Of the others only the digest was kept.
    pub openable: Vec<[u32; 2]>,
}

impl FrameCommitment {
    /// The leaves that can be opened, in order.
    pub fn openable(&self) -> impl Iterator<Item = u32> {
        self.openable.iter().flat_map(|[first, last]| *first..=*last)
    }
}

/// A frame that is opened; its pixels come beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FrameOpening {
    /// Its leaf.
    pub index: u32,
    /// What the leaf says besides the pixels.
    pub head: FrameHead,
    /// The hashes from the leaf's sibling up to the root's child, lower-case hex (RFC 6962 2.1.1).
    pub path: Vec<String>,
}

/// Files of the module, as the page was told. They prove nothing: a page that is not ours says what it likes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BuildUse {
    /// SHA-256 of the vision wasm, lower-case hex.
    pub vision_wasm_sha256: String,
    /// SHA-256 of the barcode wasm, lower-case hex.
    pub barcode_wasm_sha256: String,
}
