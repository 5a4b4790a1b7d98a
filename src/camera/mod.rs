//! The camera: opened, checked, and its frames handed on.
//!
//! In: which way it should face. Out: frames as image bitmaps with their times. Rule: constraints are wishes and
//! are checked afterwards; one camera is enough; a stream is stopped before the next one is opened.

#[cfg(target_arch = "wasm32")]
pub mod media;
#[cfg(target_arch = "wasm32")]
pub mod pump;
pub mod signals;

/// Which way a camera faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Facing {
    /// Away from the user: for the document.
    Environment,
    /// Towards the user: for the face.
    User,
}

impl Facing {
    /// The value of `facingMode`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::User => "user",
        }
    }
}

/// Whether the page can ask for a camera at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CameraAccess {
    /// `navigator.mediaDevices` is there.
    Available,
    /// The page is not a secure context, so that the browser offers no camera.
    Insecure,
    /// A secure context without `navigator.mediaDevices`: a webview that has no camera.
    Missing,
}

/// Width asked for in px: enough for the smallest print of an identity document that fills half of the frame.
pub const IDEAL_WIDTH_PX: u32 = 1280;

/// Height asked for in px.
pub const IDEAL_HEIGHT_PX: u32 = 720;

/// Shortest side of a stream that is used, in px. VGA cameras pass; the quality checks judge the document's
/// own size in each frame.
pub const MIN_SHORT_SIDE_PX: u32 = 480;

/// Time to wait for the browser and the user to open the camera, in ms. The promise may never settle in some
/// webviews. A user who reads the browser's question for longer than this tries again; the camera is then
/// allowed already.
pub const OPEN_TIMEOUT_MS: u32 = 30_000;

/// Time without a new picture after which an open camera counts as ended, in ms: iOS freezes the stream
/// without an event after the device was locked.
pub const STALL_TIMEOUT_MS: u32 = 6_000;
