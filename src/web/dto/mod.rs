//! The JavaScript shapes: `camelCase`, plain objects, codes as strings. Their TypeScript types stand in
//! `verification`.

mod form;

pub use form::{EntryDto, OtpDto, PersonDto, SecretDto, SignatureDto, WaitDto};

use crate::flow::{HeadTurn, Hint, View};
use idv_protocol::liveness::ColourOrder;
use idv_protocol::worker::ModelFile;
use idv_protocol::{ConsentTerms, DocumentKind, DocumentSide, FileProblem, PadSpec};
use serde::{Deserialize, Serialize};

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
    /// What a passive network takes and says.
    pub pad: Option<PadDto>,
}

/// What a passive network takes and says; see [`PadSpec`] for the members.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct PadDto {
    pub channels: ColourOrder,
    pub range: [f32; 2],
    pub crops: Vec<f32>,
    pub live_class: usize,
}

impl From<PadDto> for PadSpec {
    fn from(pad: PadDto) -> Self {
        Self { channels: pad.channels, range: pad.range, crops: pad.crops, live_class: pad.live_class }
    }
}

impl From<ModelDto> for ModelFile {
    fn from(model: ModelDto) -> Self {
        let pad = model.pad.map(PadSpec::from);
        Self { name: model.name, url: model.url, sha256: model.sha256, bytes: model.bytes, pad }
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
mod tests;
