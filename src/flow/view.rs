//! What the screen shows.

use idv_protocol::{
    ConsentTerms, DocumentHint, DocumentKind, DocumentSide, FaceHint, FileProblem, PxRect, Quad, Reason, Size,
};

/// The screens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Screen {
    /// Before the plan is known.
    Loading,
    /// The terms.
    Consent,
    /// Before the document is captured.
    DocumentIntro,
    /// The document is being captured.
    DocumentCapture,
    /// No document was captured in time, or a file was not taken.
    DocumentTimeout,
    /// A file is looked at in place of a capture.
    DocumentFile,
    /// Before the face is captured.
    FaceIntro,
    /// The face is being captured.
    FaceCapture,
    /// No good frontal face was seen in time.
    FaceTimeout,
    /// Uploads, completion or cancellation are under way.
    Submitting,
    /// The relay asks for another attempt.
    TryAgain,
    /// Something went wrong.
    Error,
    /// Over.
    Done,
}

impl Screen {
    /// The name, as in the shell.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Consent => "consent",
            Self::DocumentIntro => "document_intro",
            Self::DocumentCapture => "document_capture",
            Self::DocumentTimeout => "document_timeout",
            Self::DocumentFile => "document_file",
            Self::FaceIntro => "face_intro",
            Self::FaceCapture => "face_capture",
            Self::FaceTimeout => "face_timeout",
            Self::Submitting => "submitting",
            Self::TryAgain => "try_again",
            Self::Error => "error",
            Self::Done => "done",
        }
    }
}

/// A hint of the running step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(untagged)]
pub enum Hint {
    /// Of the document step.
    Document(DocumentHint),
    /// Of the face step.
    Face(FaceHint),
}

/// Where to turn the head now, from the subject's point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadTurn {
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// Back to the front.
    Front,
}

/// Why another attempt is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryNotice {
    /// The relay's reason.
    pub reason: Reason,
    /// Attempts left.
    pub attempts_left: u32,
}

/// The error to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErrorNotice {
    /// Stable code; the key of the text.
    pub code: &'static str,
    /// Whether `retry` is offered.
    pub retryable: bool,
}

/// Everything a screen shows. Coordinates are in pixels of `frame`, which is not mirrored.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Which screen.
    pub screen: Screen,
    /// Names of the plan's steps in order; empty before it is known.
    pub steps: Vec<&'static str>,
    /// Index of the step in the plan, from 0.
    pub step_index: u32,
    /// Steps of the plan; 0 before it is known.
    pub step_count: u32,
    /// Attempt, from 1; 0 before the plan is known.
    pub attempt: u32,
    /// Attempts in all.
    pub max_attempts: u32,
    /// 0 to 1: engine download on introductions, capture on capture screens, uploads while submitting.
    pub progress: f32,
    /// Whether the vision engine is loaded.
    pub engine_ready: bool,
    /// Whether the browser is online.
    pub online: bool,
    /// Hint of the running step.
    pub hint: Option<Hint>,
    /// Where to turn the head now.
    pub turn: Option<HeadTurn>,
    /// Whether the picture is to be shown mirrored: a face in a camera that faces the user.
    pub mirrored: bool,
    /// Size of the frames.
    pub frame: Option<Size>,
    /// Corners of the document.
    pub quad: Option<Quad>,
    /// The face.
    pub face: Option<PxRect>,
    /// Shapes of document that are accepted; empty outside the document step.
    pub document_kinds: Vec<DocumentKind>,
    /// Side of the document that is captured; `None` outside the document step's screens.
    pub side: Option<DocumentSide>,
    /// Whether the back is asked for after the front.
    pub two_sided: bool,
    /// Whether the user may take the picture.
    pub manual: bool,
    /// Whether a file is taken in place of a capture.
    pub upload: bool,
    /// Why the last file was not taken, where another may be.
    pub file_problem: Option<FileProblem>,
    /// The terms, on the consent screen.
    pub consent: Option<ConsentTerms>,
    /// Why another attempt is asked for.
    pub retry: Option<RetryNotice>,
    /// The error.
    pub error: Option<ErrorNotice>,
    /// Where the flow returns to, once done; `None` also when there is nowhere to go back to.
    pub return_url: Option<String>,
    /// Id of the submission, once there is one; opaque.
    pub submission_id: Option<String>,
    /// True when the session ended without a submission.
    pub cancelled: bool,
}
