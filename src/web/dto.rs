//! The JavaScript shapes: `camelCase`, plain objects, codes as strings. Their TypeScript types stand in
//! `verification`.

use crate::flow::{Entry, HeadTurn, Hint, OtpView, PersonView, SecretView, SignatureView, View, WaitView};
use idv_protocol::worker::ModelFile;
use idv_protocol::{
    ConsentTerms, DocumentKind, DocumentSide, EntryProblem, FieldError, FileProblem, PersonField, PersonForm,
    SignatureTrigger,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What the class is made from.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConfigDto {
    /// Start URL with its `token`.
    pub start_url: Option<String>,
    /// The token, where there is no start URL.
    pub token: Option<String>,
    /// Absolute URL of the relay's base, such as `https://idv.example/relay/v1`.
    pub relay_url: String,
    /// What the worker loads.
    pub assets: AssetsDto,
    /// Absolute URL of the worker's script.
    pub worker_url: String,
    /// Language of the screens, a BCP 47 tag.
    pub locale: String,
    /// Name under which the tab's session storage keeps the session.
    pub session_key: Option<String>,
    /// Origin of the page around this one that may get messages.
    pub parent_origin: Option<String>,
}

/// The files of the package that the worker needs.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AssetsDto {
    /// The engine.
    pub vision_wasm: FileDto,
    /// The reader of barcodes.
    pub barcode_wasm: FileDto,
    /// Its models.
    pub models: Vec<ModelDto>,
}

/// A file to fetch.
#[derive(Clone, Deserialize)]
pub struct FileDto {
    /// Absolute URL.
    pub url: String,
    /// SHA-256, lower-case hex: for the evidence.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u32,
}

/// A model to fetch.
#[derive(Clone, Deserialize)]
pub struct ModelDto {
    /// Name in the model manifest.
    pub name: String,
    /// Absolute URL.
    pub url: String,
    /// SHA-256 of the file, lower-case hex.
    pub sha256: String,
    /// Length in bytes.
    pub bytes: u32,
}

impl From<ModelDto> for ModelFile {
    fn from(model: ModelDto) -> Self {
        Self { name: model.name, url: model.url, sha256: model.sha256, bytes: model.bytes }
    }
}

/// What the user hands in at a step without pictures; see [`Entry`]. It has no `Debug`: it is personal data.
#[derive(Clone, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum EntryDto {
    /// Personal data, by field.
    Person {
        /// What was typed.
        fields: BTreeMap<PersonField, String>,
    },
    /// The code that was sent.
    Otp {
        /// Digits.
        code: String,
    },
    /// The document's secret.
    Secret {
        /// Digits.
        secret: String,
    },
    /// The way to the app that signs.
    Signature {
        /// Which one.
        trigger: SignatureTrigger,
    },
}

impl From<EntryDto> for Entry {
    fn from(entry: EntryDto) -> Self {
        match entry {
            EntryDto::Person { fields } => Self::Person(PersonForm { fields }),
            EntryDto::Otp { code } => Self::Code(code),
            EntryDto::Secret { secret } => Self::Secret(secret),
            EntryDto::Signature { trigger } => Self::Signature(trigger),
        }
    }
}

/// A view; see [`View`] for the members.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ViewDto {
    pub screen: &'static str,
    pub steps: Vec<&'static str>,
    pub step_index: u32,
    pub step_count: u32,
    pub attempt: u32,
    pub max_attempts: u32,
    pub progress: f32,
    pub engine_ready: bool,
    pub online: bool,
    pub hint: Option<Hint>,
    pub turn: Option<&'static str>,
    pub mirrored: bool,
    pub frame: Option<SizeDto>,
    pub quad: Option<[[f32; 2]; 4]>,
    pub face: Option<RectDto>,
    pub document_kinds: Vec<DocumentKind>,
    pub side: Option<DocumentSide>,
    pub two_sided: bool,
    pub manual: bool,
    pub busy: bool,
    pub person: Option<PersonDto>,
    pub otp: Option<OtpDto>,
    pub secret: Option<SecretDto>,
    pub signature: Option<SignatureDto>,
    pub upload: bool,
    pub file_problem: Option<FileProblem>,
    pub consent: Option<ConsentDto>,
    pub retry: Option<RetryDto>,
    pub error: Option<ErrorDto>,
    pub return_url: Option<String>,
    pub submission_id: Option<String>,
    pub cancelled: bool,
}

/// Width and height in px.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct SizeDto {
    pub width: u32,
    pub height: u32,
}

/// A rectangle in px of the frame.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct RectDto {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// The terms; see [`ConsentTerms`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct ConsentDto {
    pub version: String,
    pub text: String,
    pub recipients: Vec<idv_protocol::Recipient>,
    pub retention_days: u32,
}

/// The form; see [`PersonView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct PersonDto {
    pub country: String,
    pub fields: Vec<PersonField>,
    pub errors: Vec<FieldError>,
}

/// The code; see [`OtpView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct OtpDto {
    pub digits: u32,
    pub sent: bool,
    pub phone_end: Option<String>,
    pub expires_at_ms: f64,
    pub resend_at_ms: f64,
    pub tries_left: u32,
    pub sends_left: u32,
    pub problem: Option<EntryProblem>,
}

/// The secret; see [`SecretView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SecretDto {
    pub digits: u32,
    pub country: String,
    pub tries_left: u32,
    pub problem: Option<EntryProblem>,
}

/// The signature; see [`SignatureView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SignatureDto {
    pub provider: &'static str,
    pub triggers: Vec<SignatureTrigger>,
    pub wait: Option<WaitDto>,
}

/// A signature that is waited for; see [`WaitView`].
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct WaitDto {
    pub trigger: SignatureTrigger,
    pub uri: Option<String>,
    pub expires_at_ms: f64,
    pub looking: bool,
}

impl fmt::Debug for WaitDto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitDto").field("trigger", &self.trigger).finish_non_exhaustive()
    }
}

impl From<PersonView> for PersonDto {
    fn from(view: PersonView) -> Self {
        Self { country: view.country, fields: view.fields, errors: view.errors }
    }
}

impl From<OtpView> for OtpDto {
    fn from(view: OtpView) -> Self {
        Self {
            digits: view.digits,
            sent: view.sent,
            phone_end: view.phone_end,
            expires_at_ms: view.expires_at_ms,
            resend_at_ms: view.resend_at_ms,
            tries_left: view.tries_left,
            sends_left: view.sends_left,
            problem: view.problem,
        }
    }
}

impl From<SecretView> for SecretDto {
    fn from(view: SecretView) -> Self {
        Self {
            digits: view.digits,
            country: view.country,
            tries_left: view.tries_left,
            problem: view.problem,
        }
    }
}

impl From<SignatureView> for SignatureDto {
    fn from(view: SignatureView) -> Self {
        Self { provider: view.provider, triggers: view.triggers, wait: view.wait.map(WaitDto::from) }
    }
}

impl From<WaitView> for WaitDto {
    fn from(view: WaitView) -> Self {
        Self {
            trigger: view.trigger,
            uri: view.uri,
            expires_at_ms: view.expires_at_ms,
            looking: view.looking,
        }
    }
}

/// Why another attempt is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct RetryDto {
    pub reason: &'static str,
    pub attempts_left: u32,
}

/// The error to show.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct ErrorDto {
    pub code: &'static str,
    pub retryable: bool,
}

impl From<View> for ViewDto {
    fn from(view: View) -> Self {
        Self {
            screen: view.screen.name(),
            steps: view.steps,
            step_index: view.step_index,
            step_count: view.step_count,
            attempt: view.attempt,
            max_attempts: view.max_attempts,
            progress: view.progress,
            engine_ready: view.engine_ready,
            online: view.online,
            hint: view.hint,
            turn: view.turn.map(|turn| match turn {
                HeadTurn::Left => "left",
                HeadTurn::Right => "right",
                HeadTurn::Front => "front",
            }),
            mirrored: view.mirrored,
            frame: view.frame.map(|size| SizeDto { width: size.width, height: size.height }),
            quad: view.quad.map(|quad| quad.0.map(|point| [point.x, point.y])),
            face: view.face.map(|face| RectDto {
                x: face.x,
                y: face.y,
                width: face.width,
                height: face.height,
            }),
            document_kinds: view.document_kinds,
            side: view.side,
            two_sided: view.two_sided,
            manual: view.manual,
            busy: view.busy,
            person: view.person.map(PersonDto::from),
            otp: view.otp.map(OtpDto::from),
            secret: view.secret.map(SecretDto::from),
            signature: view.signature.map(SignatureDto::from),
            upload: view.upload,
            file_problem: view.file_problem,
            consent: view.consent.map(ConsentDto::from),
            retry: view
                .retry
                .map(|retry| RetryDto { reason: retry.reason.code(), attempts_left: retry.attempts_left }),
            error: view.error.map(|error| ErrorDto { code: error.code, retryable: error.retryable }),
            return_url: view.return_url,
            submission_id: view.submission_id,
            cancelled: view.cancelled,
        }
    }
}

impl From<ConsentTerms> for ConsentDto {
    fn from(terms: ConsentTerms) -> Self {
        Self {
            version: terms.version,
            text: terms.text,
            recipients: terms.recipients,
            retention_days: terms.retention_days,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::{ErrorNotice, RetryNotice, Screen};
    use idv_protocol::{FaceHint, FieldProblem, Point, PxRect, Quad, Reason, Recipient, Size};
    use serde_json::json;

    #[test]
    fn a_view_is_camel_case_with_codes_as_strings() {
        let view = View {
            screen: Screen::FaceCapture,
            steps: vec!["document", "face"],
            step_index: 2,
            step_count: 3,
            attempt: 1,
            max_attempts: 3,
            progress: 0.5,
            engine_ready: true,
            online: true,
            hint: Some(Hint::Face(FaceHint::TurnLeft)),
            turn: Some(HeadTurn::Left),
            mirrored: true,
            frame: Some(Size { width: 640, height: 480 }),
            quad: Some(Quad([
                Point::new(1.0, 2.0),
                Point::new(3.0, 2.0),
                Point::new(3.0, 4.0),
                Point::new(1.0, 4.0),
            ])),
            face: Some(PxRect { x: 1.0, y: 2.0, width: 3.0, height: 4.0 }),
            document_kinds: vec![DocumentKind::Id3],
            side: Some(DocumentSide::Back),
            two_sided: true,
            manual: true,
            busy: true,
            person: Some(PersonView {
                country: "kr".into(),
                fields: vec![PersonField::FullName],
                errors: vec![FieldError { field: PersonField::FullName, problem: FieldProblem::Missing }],
            }),
            otp: Some(OtpView {
                digits: 6,
                sent: true,
                phone_end: Some("43".into()),
                expires_at_ms: 3.0,
                resend_at_ms: 2.0,
                tries_left: 4,
                sends_left: 1,
                problem: Some(EntryProblem::Wrong),
            }),
            secret: Some(SecretView {
                digits: 4,
                country: "jp".into(),
                tries_left: 2,
                problem: Some(EntryProblem::Expired),
            }),
            signature: Some(SignatureView {
                provider: "toss",
                triggers: vec![SignatureTrigger::Push, SignatureTrigger::AppScheme],
                wait: Some(WaitView {
                    trigger: SignatureTrigger::AppScheme,
                    uri: Some("intent://a".into()),
                    expires_at_ms: 4.0,
                    looking: true,
                }),
            }),
            upload: false,
            file_problem: Some(FileProblem::Heic),
            consent: Some(ConsentTerms {
                version: "1".into(),
                text: "t".into(),
                recipients: vec![Recipient { name: "n".into(), country: "kr".into(), purpose: "p".into() }],
                retention_days: 30,
            }),
            retry: Some(RetryNotice { reason: Reason::FaceMismatch, attempts_left: 2 }),
            error: Some(ErrorNotice { code: "camera_denied", retryable: true }),
            return_url: Some("https://a.example/".into()),
            submission_id: Some("sub-1".into()),
            cancelled: false,
        };
        assert_eq!(
            serde_json::to_value(ViewDto::from(view)).unwrap(),
            json!({
                "screen": "face_capture", "steps": ["document", "face"], "stepIndex": 2, "stepCount": 3, "attempt": 1, "maxAttempts": 3,
                "progress": 0.5, "engineReady": true, "online": true, "hint": "turn_left", "turn": "left",
                "mirrored": true, "frame": {"width": 640, "height": 480},
                "quad": [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0]],
                "face": {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0},
                "documentKinds": ["id3"], "side": "back", "twoSided": true, "manual": true, "upload": false,
                "busy": true,
                "person": {"country": "kr", "fields": ["full_name"],
                    "errors": [{"field": "full_name", "problem": "missing"}]},
                "otp": {"digits": 6, "sent": true, "phoneEnd": "43", "expiresAtMs": 3.0, "resendAtMs": 2.0,
                    "triesLeft": 4, "sendsLeft": 1, "problem": "wrong"},
                "secret": {"digits": 4, "country": "jp", "triesLeft": 2, "problem": "expired"},
                "signature": {"provider": "toss", "triggers": ["push", "app_scheme"],
                    "wait": {"trigger": "app_scheme", "uri": "intent://a", "expiresAtMs": 4.0, "looking": true}},
                "fileProblem": "heic",
                "consent": {"version": "1", "text": "t", "retentionDays": 30,
                    "recipients": [{"name": "n", "country": "kr", "purpose": "p"}]},
                "retry": {"reason": "face_mismatch", "attemptsLeft": 2},
                "error": {"code": "camera_denied", "retryable": true},
                "returnUrl": "https://a.example/", "submissionId": "sub-1", "cancelled": false,
            })
        );
    }

    #[test]
    fn what_is_handed_in_is_told_by_its_step() {
        let read = |value: serde_json::Value| serde_json::from_value::<EntryDto>(value).map(Entry::from).ok();
        let typed = read(json!({ "step": "person", "fields": { "full_name": "A", "phone": "1" } }));
        let Some(Entry::Person(form)) = typed else { panic!("no form") };
        assert_eq!((form.text(PersonField::FullName), form.text(PersonField::Phone)), ("A", "1"));
        assert_eq!(read(json!({ "step": "otp", "code": "123456" })), Some(Entry::Code("123456".into())));
        assert_eq!(read(json!({ "step": "secret", "secret": "1" })), Some(Entry::Secret("1".into())));
        assert_eq!(
            read(json!({ "step": "signature", "trigger": "app_scheme" })),
            Some(Entry::Signature(SignatureTrigger::AppScheme))
        );
        for bad in
            [json!({}), json!({ "step": "face" }), json!({ "step": "person", "fields": { "pin": "1" } })]
        {
            assert_eq!(read(bad), None);
        }
    }
}
