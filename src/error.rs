//! What can end or interrupt the flow. Poor pictures are no errors: they are hints.
//!
//! In: names of browser errors, problem documents, failed exchanges. Out: one [`Error`] with a stable code, a
//! remedy and whether trying again can help. Rule: no personal data, no token and no URL in the text.

use idv_protocol::{Code, Reason};
use std::fmt;

/// An error of the browser module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    stage: Stage,
    source: Option<String>,
}

/// Where it happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Configuration, token and plan.
    Start,
    /// Opening and holding the camera.
    Camera,
    /// Loading and running the vision engine.
    Engine,
    /// Posting consent, captures and evidence.
    Submission,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The integrator's configuration cannot be used.
    InvalidConfig,
    /// The page is not served over HTTPS or from localhost: browsers give no camera.
    InsecureContext,
    /// The user, the browser, the system or a permissions policy refused the camera.
    CameraDenied,
    /// There is no camera.
    CameraNotFound,
    /// Another program holds the camera, or the system cannot start it.
    CameraInUse,
    /// No camera can give a picture of a usable size.
    CameraOverconstrained,
    /// The browser did not answer in time.
    CameraTimeout,
    /// The browser stopped opening the camera.
    CameraAborted,
    /// The camera cannot be opened, for another cause.
    CameraFailed,
    /// The picture stopped while it was in use.
    CameraEnded,
    /// The engine or a model could not be fetched or compiled.
    EngineLoadFailed,
    /// A model is not the one that was announced.
    ModelDigestMismatch,
    /// The engine broke down and replacing it did not help.
    EngineTrapped,
    /// The relay cannot be reached.
    NetworkLost,
    /// The relay, or something before it, answers that it cannot serve now.
    ServerUnavailable,
    /// The relay did not answer in time.
    RequestTimeout,
    /// The page was reloaded, and the browser does not let it keep its session.
    StorageBlocked,
    /// The relay refused, with its own code.
    Relay(Code),
}

/// What the user or the integrator can do. Its code is a key for texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// Correct the configuration.
    FixConfig,
    /// Serve or open the page over HTTPS.
    UseHttps,
    /// Allow the camera in the browser's or the system's settings.
    AllowCamera,
    /// Connect a camera, or use a device that has one.
    ConnectCamera,
    /// Close other programs that use the camera.
    CloseOtherApps,
    /// Check the connection.
    CheckConnection,
    /// Wait a moment and try again.
    TryAgain,
    /// Start again from the app or site that asked for the verification.
    StartOver,
}

impl Remedy {
    /// Stable code of the remedy.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FixConfig => "fix_config",
            Self::UseHttps => "use_https",
            Self::AllowCamera => "allow_camera",
            Self::ConnectCamera => "connect_camera",
            Self::CloseOtherApps => "close_other_apps",
            Self::CheckConnection => "check_connection",
            Self::TryAgain => "try_again",
            Self::StartOver => "start_over",
        }
    }
}

impl ErrorKind {
    /// The kind for the `name` of what getUserMedia threw: the names of Media Capture and Streams, and the
    /// ones older Chrome and WebKit used for the same.
    pub fn from_camera_error(name: &str) -> Self {
        match name {
            "NotAllowedError" | "PermissionDeniedError" | "PermissionDismissedError" | "SecurityError" => {
                Self::CameraDenied
            }
            "NotFoundError" | "DevicesNotFoundError" => Self::CameraNotFound,
            "NotReadableError" | "TrackStartError" => Self::CameraInUse,
            "OverconstrainedError" | "ConstraintNotSatisfiedError" => Self::CameraOverconstrained,
            "TimeoutError" => Self::CameraTimeout,
            "AbortError" => Self::CameraAborted,
            _ => Self::CameraFailed,
        }
    }

    /// Stable code, the same in Rust, TypeScript, HTTP and locales.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidConfig => "invalid_config",
            Self::InsecureContext => "insecure_context",
            Self::CameraDenied => "camera_denied",
            Self::CameraNotFound => "camera_not_found",
            Self::CameraInUse => "camera_in_use",
            Self::CameraOverconstrained => "camera_overconstrained",
            Self::CameraTimeout => "camera_timeout",
            Self::CameraAborted => "camera_aborted",
            Self::CameraFailed => "camera_failed",
            Self::CameraEnded => "camera_ended",
            Self::EngineLoadFailed => "engine_load_failed",
            Self::ModelDigestMismatch => "model_digest_mismatch",
            Self::EngineTrapped => "engine_trapped",
            Self::NetworkLost => "network_lost",
            Self::ServerUnavailable => "server_unavailable",
            Self::RequestTimeout => "request_timeout",
            Self::StorageBlocked => "storage_blocked",
            Self::Relay(code) => code.code(),
        }
    }

    /// Whether the same thing can succeed when it is tried again.
    pub const fn retryable(self) -> bool {
        match self {
            Self::InvalidConfig
            | Self::InsecureContext
            | Self::ModelDigestMismatch
            | Self::StorageBlocked => false,
            Self::Relay(code) => code.retryable(),
            _ => true,
        }
    }

    /// What to do about it.
    pub const fn remedy(self) -> Remedy {
        match self {
            Self::InvalidConfig => Remedy::FixConfig,
            Self::InsecureContext => Remedy::UseHttps,
            Self::CameraDenied => Remedy::AllowCamera,
            Self::CameraNotFound | Self::CameraOverconstrained => Remedy::ConnectCamera,
            Self::CameraInUse => Remedy::CloseOtherApps,
            Self::NetworkLost | Self::RequestTimeout | Self::EngineLoadFailed => Remedy::CheckConnection,
            Self::CameraTimeout
            | Self::CameraAborted
            | Self::CameraFailed
            | Self::CameraEnded
            | Self::EngineTrapped
            | Self::ServerUnavailable => Remedy::TryAgain,
            Self::ModelDigestMismatch | Self::StorageBlocked => Remedy::StartOver,
            Self::Relay(code) if code.retryable() => Remedy::TryAgain,
            Self::Relay(_) => Remedy::StartOver,
        }
    }

    /// The reason the session is cancelled with when the user leaves at this error.
    pub const fn cancel_reason(self) -> Reason {
        match self {
            Self::CameraDenied => Reason::CameraDenied,
            Self::InsecureContext
            | Self::CameraNotFound
            | Self::CameraInUse
            | Self::CameraOverconstrained
            | Self::CameraTimeout
            | Self::CameraAborted
            | Self::CameraFailed
            | Self::CameraEnded => Reason::CameraUnavailable,
            Self::Relay(Code::SessionExpired) => Reason::SessionExpired,
            _ => Reason::UserCanceled,
        }
    }

    /// True when no session is left that could be cancelled.
    pub const fn ends_session(self) -> bool {
        matches!(
            self,
            Self::Relay(
                Code::TokenInvalid
                    | Code::TokenUsed
                    | Code::TokenExpired
                    | Code::SessionUnknown
                    | Code::SessionExpired
                    | Code::SessionClosed
            )
        )
    }
}

impl Error {
    /// An error of `kind` at `stage`.
    pub fn new(kind: ErrorKind, stage: Stage) -> Self {
        Self { kind, stage, source: None }
    }

    /// The same with the text of the underlying error, for developers: no personal data, no token, no URL.
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Where it went wrong.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Text of the underlying error, for developers.
    pub fn source_text(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// Stable code, see [`ErrorKind::code`].
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Whether trying again can help, see [`ErrorKind::retryable`].
    pub fn retryable(&self) -> bool {
        self.kind.retryable()
    }

    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        self.kind.remedy()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_of_get_user_media_has_its_own_code_remedy_and_way_out() {
        let table = [
            ("NotAllowedError", "camera_denied", "allow_camera", Reason::CameraDenied),
            ("SecurityError", "camera_denied", "allow_camera", Reason::CameraDenied),
            ("PermissionDismissedError", "camera_denied", "allow_camera", Reason::CameraDenied),
            ("NotFoundError", "camera_not_found", "connect_camera", Reason::CameraUnavailable),
            ("NotReadableError", "camera_in_use", "close_other_apps", Reason::CameraUnavailable),
            ("TrackStartError", "camera_in_use", "close_other_apps", Reason::CameraUnavailable),
            ("OverconstrainedError", "camera_overconstrained", "connect_camera", Reason::CameraUnavailable),
            ("TimeoutError", "camera_timeout", "try_again", Reason::CameraUnavailable),
            ("AbortError", "camera_aborted", "try_again", Reason::CameraUnavailable),
            ("TypeError", "camera_failed", "try_again", Reason::CameraUnavailable),
            ("", "camera_failed", "try_again", Reason::CameraUnavailable),
        ];
        for (name, code, remedy, reason) in table {
            let error = Error::new(ErrorKind::from_camera_error(name), Stage::Camera);
            assert_eq!(error.code(), code, "{name}");
            assert_eq!(error.remedy().code(), remedy, "{name}");
            assert_eq!(error.kind().cancel_reason(), reason, "{name}");
            assert!(error.retryable(), "{name}");
        }
    }

    #[test]
    fn an_insecure_page_cannot_be_helped_by_trying_again() {
        let error = Error::new(ErrorKind::InsecureContext, Stage::Camera);
        assert!(!error.retryable());
        assert_eq!(error.remedy(), Remedy::UseHttps);
    }

    #[test]
    fn a_refusal_of_the_relay_keeps_its_own_code() {
        let error = Error::new(ErrorKind::Relay(Code::TokenUsed), Stage::Start);
        assert_eq!(error.code(), "token_used");
        assert!(!error.retryable());
        assert!(error.kind().ends_session());
        assert_eq!(error.remedy(), Remedy::StartOver);
    }
}
