//! What the screen shows.

use crate::flow::form::FormKind;
use crate::flow::{Flow, Stage};
use crate::handoff::app_link;
use idv_protocol::face::Asked;
use idv_protocol::{
    ChallengeSet, ConsentTerms, DocumentHint, DocumentKind, DocumentSide, EntryProblem, FaceHint, FieldError,
    FileProblem, PersonField, PxRect, Quad, Reason, SignatureProvider, SignatureTrigger, Size, Step,
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
    /// Personal data are typed.
    Person,
    /// The code that was sent is typed.
    Otp,
    /// The document's secret is typed.
    Secret,
    /// The way to the app that signs is chosen.
    Signature,
    /// The signature is waited for.
    SignatureWait,
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
            Self::Person => "person",
            Self::Otp => "otp",
            Self::Secret => "secret",
            Self::Signature => "signature",
            Self::SignatureWait => "signature_wait",
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

/// The challenge of the face step.
#[derive(Clone, Debug, PartialEq)]
pub struct ChallengeView {
    /// The set that its actions are of.
    pub set: ChallengeSet,
    /// The sets that the visitor may choose from, this one among them.
    pub sets: Vec<ChallengeSet>,
    /// Actions in all.
    pub count: u32,
    /// Actions that are done.
    pub done: u32,
    /// Draws before this one.
    pub draw: u32,
    /// The action that is asked for; `None` before the first, and on the way back from one.
    pub asked: Option<Asked>,
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

/// The form of the person step.
#[derive(Clone, Debug, PartialEq)]
pub struct PersonView {
    /// ISO 3166 alpha-2 code, lower case: what numbers and codes look like there.
    pub country: String,
    /// The fields, in order.
    pub fields: Vec<PersonField>,
    /// Fields that cannot be right.
    pub errors: Vec<FieldError>,
}

/// The code that is sent to the phone. Times are those of the flow's clock.
#[derive(Clone, Debug, PartialEq)]
pub struct OtpView {
    /// Digits of the code.
    pub digits: u32,
    /// Whether a code was sent.
    pub sent: bool,
    /// The last digits of the phone; `None` after a reload.
    pub phone_end: Option<String>,
    /// Until when the code is taken.
    pub expires_at_ms: f64,
    /// From when on another one may be asked for.
    pub resend_at_ms: f64,
    /// Tries left for this code.
    pub tries_left: u32,
    /// Codes that may still be asked for.
    pub sends_left: u32,
    /// Why the last one was not taken.
    pub problem: Option<EntryProblem>,
}

/// The secret of the document.
#[derive(Clone, Debug, PartialEq)]
pub struct SecretView {
    /// Digits of the secret.
    pub digits: u32,
    /// ISO 3166 alpha-2 code of the country whose document it is, lower case; empty where it is not known.
    pub country: String,
    /// Tries left.
    pub tries_left: u32,
    /// Why the last one was not taken.
    pub problem: Option<EntryProblem>,
}

/// The signature in another app.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureView {
    /// Whose app, as a code.
    pub provider: &'static str,
    /// The ways that are offered.
    pub triggers: Vec<SignatureTrigger>,
    /// The signature that is waited for.
    pub wait: Option<WaitView>,
}

/// A signature that is waited for.
#[derive(Clone, PartialEq)]
pub struct WaitView {
    /// The way that was chosen.
    pub trigger: SignatureTrigger,
    /// The link for this device, to be opened unchanged at a tap; none where there is no way through a link.
    pub uri: Option<String>,
    /// Until when it can be signed, on the flow's clock.
    pub expires_at_ms: f64,
    /// A look is under way.
    pub looking: bool,
}

impl std::fmt::Debug for WaitView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WaitView").field("trigger", &self.trigger).finish_non_exhaustive()
    }
}

impl Flow {
    pub(super) fn person_view(&self) -> Option<PersonView> {
        let step = self.person_step().filter(|_| self.stage == Stage::Form(FormKind::Person))?;
        Some(PersonView {
            country: step.country.clone(),
            fields: step.fields.clone(),
            errors: self.forms.field_errors.clone(),
        })
    }

    pub(super) fn otp_view(&self) -> Option<OtpView> {
        let Some(Step::Otp(step)) = self.current_step().filter(|_| self.stage == Stage::Form(FormKind::Otp))
        else {
            return None;
        };
        let sent = self.forms.otp;
        Some(OtpView {
            digits: step.digits,
            sent: sent.is_some(),
            phone_end: self.forms.phone_end.clone(),
            expires_at_ms: sent.map_or(0.0, |otp| otp.expires_at_ms),
            resend_at_ms: sent.map_or(0.0, |otp| otp.resend_at_ms),
            tries_left: sent.map_or(step.max_tries, |otp| otp.tries_left),
            sends_left: sent.map_or(step.max_sends, |otp| otp.sends_left),
            problem: self.forms.problem,
        })
    }

    pub(super) fn secret_view(&self) -> Option<SecretView> {
        let at_secret = self.stage == Stage::Form(FormKind::Secret);
        let Some(Step::Secret(step)) = self.current_step().filter(|_| at_secret) else { return None };
        let person = self.plan.iter().flat_map(|plan| &plan.steps).find_map(|step| match step {
            Step::Person(step) => Some(step.country.clone()),
            _ => None,
        });
        Some(SecretView {
            digits: step.digits,
            country: person.unwrap_or_default(),
            tries_left: self.forms.secret_tries_left.unwrap_or(step.max_tries),
            problem: self.forms.problem,
        })
    }

    pub(super) fn signature_view(&self) -> Option<SignatureView> {
        let at_signature = self.stage == Stage::Form(FormKind::Signature);
        let Some(Step::Signature(step)) = self.current_step().filter(|_| at_signature) else { return None };
        let wait = self.forms.signature.as_ref().map(|seen| WaitView {
            trigger: seen.wait.trigger,
            uri: seen.wait.links.as_ref().and_then(|links| app_link(links, self.params.platform)),
            expires_at_ms: seen.expires_at_ms,
            looking: self.forms.looking,
        });
        let provider = match step.provider {
            SignatureProvider::Toss => "toss",
            _ => "",
        };
        Some(SignatureView { provider, triggers: step.triggers.clone(), wait })
    }
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
    /// The challenge, on the screens of the face.
    pub challenge: Option<ChallengeView>,
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
    /// Whether the answer to what was handed in is waited for.
    pub busy: bool,
    /// The form, on the person screen.
    pub person: Option<PersonView>,
    /// The code, on its screen.
    pub otp: Option<OtpView>,
    /// The secret, on its screen.
    pub secret: Option<SecretView>,
    /// The signature, on its screens.
    pub signature: Option<SignatureView>,
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
