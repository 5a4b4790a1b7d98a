//! The class.

use crate::browser;
use crate::camera::media;
use crate::error::{Error, ErrorKind, Stage};
use crate::flow::{Action, EngineFiles, Event, FileBytes, Flow, FlowParams};
use crate::handoff::platform_of;
use crate::web::address;
use crate::web::driver::{Driver, DriverParams};
use crate::web::dto::{ConfigDto, EntryDto};
use crate::web::storage;
use idv_protocol::FileProblem;
use idv_protocol::document::MAX_FILE_BYTES;
use idv_protocol::seal::BuildUse;
use js_sys::{Function, Promise, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlVideoElement};

/// Name under which the session is kept when the integrator gives none.
const DEFAULT_SESSION_KEY: &str = "idv-web.session";

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A file of the package: absolute URL, digest (lower-case hex) and length. */
export interface AssetFile { url: string; sha256: string; bytes: number }

/** The files that the worker needs. */
export interface Assets {
  visionWasm: AssetFile;
  /** Fetched when a plan asks for a barcode. */
  barcodeWasm: AssetFile;
  models: (AssetFile & { name: string; pad?: PadSpec })[];
}

/** What a network of the passive presentation-attack detection takes and says. */
export interface PadSpec {
  channels: 'RGB' | 'BGR';
  /** Values of black and of white. */
  range: [number, number];
  /** Sides of the crops, over those of the face's box. */
  crops: number[];
  /** Index of the class that is a live face. */
  liveClass: number;
}

export interface VerificationConfig {
  /** Start URL with its `token`. Without it and `token`, the session this tab kept is resumed. */
  startUrl?: string;
  token?: string;
  /** Absolute URL of the relay's base, such as `https://idv.example/relay/v1`. */
  relayUrl: string;
  assets: Assets;
  /** Absolute URL of worker.js. */
  workerUrl: string;
  /** BCP 47 tag of the language the screens are shown in. */
  locale: string;
  /** Name under which sessionStorage keeps the session. */
  sessionKey?: string;
  /** Exact origin of the page around this one that may get messages. */
  parentOrigin?: string;
}

export type Screen =
  | 'loading' | 'consent' | 'document_intro' | 'document_capture' | 'document_timeout' | 'document_file'
  | 'face_intro' | 'face_capture' | 'face_timeout' | 'person' | 'otp' | 'secret' | 'signature' | 'signature_wait'
  | 'submitting' | 'try_again' | 'error' | 'done';

export type Action =
  | 'agree' | 'refuse' | 'begin' | 'shoot' | 'resend' | 'correct' | 'check' | 'change' | 'retry' | 'cancel' | 'leave';

/** PersonField code. */
export type PersonField =
  | 'full_name' | 'given_name' | 'family_name' | 'birth_date' | 'document_number' | 'street' | 'city' | 'region'
  | 'postal_code' | 'phone';

/** What the user hands in at a step without pictures. */
export type Entry =
  | { step: 'person'; fields: Partial<Record<PersonField, string>> }
  | { step: 'otp'; code: string }
  | { step: 'secret'; secret: string }
  | { step: 'signature'; trigger: 'push' | 'app_scheme' };

export interface ConsentTerms {
  version: string;
  text: string;
  recipients: { name: string; country: string; purpose: string }[];
  retentionDays: number;
}

export interface View {
  screen: Screen;
  /** Names of the plan's steps in order; empty before it is known. */
  steps: ('consent' | 'document' | 'face' | 'person' | 'otp' | 'secret' | 'signature')[];
  stepIndex: number;
  stepCount: number;
  attempt: number;
  maxAttempts: number;
  /** 0 to 1: engine download on introductions, capture on capture screens, uploads while submitting. */
  progress: number;
  engineReady: boolean;
  online: boolean;
  /** DocumentHint or FaceHint code. */
  hint: string | null;
  turn: 'left' | 'right' | 'front' | null;
  mirrored: boolean;
  frame: { width: number; height: number } | null;
  /** Corners in frame px: top left, top right, bottom right, bottom left of the document. */
  quad: [number, number][] | null;
  face: { x: number; y: number; width: number; height: number } | null;
  documentKinds: ('id1' | 'id2' | 'id3')[];
  /** Side of the document that is captured; null outside the document step. */
  side: 'front' | 'back' | null;
  /** Whether the back is asked for after the front. */
  twoSided: boolean;
  /** Whether the user may take the picture: `act('shoot')`. */
  manual: boolean;
  /** Whether the answer to `enter` is waited for. */
  busy: boolean;
  /** On `person`; `errors` have a FieldProblem code. */
  person: { country: string; fields: PersonField[]; errors: { field: PersonField; problem: string }[] } | null;
  /** On `otp`; times are those of `performance.now()`. `problem` is an EntryProblem code. */
  otp: {
    digits: number; sent: boolean; phoneEnd: string | null; expiresAtMs: number; resendAtMs: number;
    triesLeft: number; sendsLeft: number; problem: string | null;
  } | null;
  /** On `secret`. */
  secret: { digits: number; country: string; triesLeft: number; problem: string | null } | null;
  /** On `signature` and `signature_wait`. `uri` is opened unchanged when the user taps, and by nothing else. */
  signature: {
    provider: string; triggers: ('push' | 'app_scheme')[];
    wait: { trigger: 'push' | 'app_scheme'; uri: string | null; expiresAtMs: number; looking: boolean } | null;
  } | null;
  /** Whether a file is taken in place of a capture: `takeFile`. */
  upload: boolean;
  /** FileProblem code: why the last file was not taken. */
  fileProblem: string | null;
  consent: ConsentTerms | null;
  retry: { reason: string; attemptsLeft: number } | null;
  error: { code: string; retryable: boolean } | null;
  returnUrl: string | null;
  submissionId: string | null;
  /** True on `done` when the session ended without a submission. */
  cancelled: boolean;
}
"#;

/// One verification in this page.
#[wasm_bindgen]
pub struct Verification {
    driver: Rc<Driver>,
}

#[wasm_bindgen]
impl Verification {
    /// Reads the configuration and takes the token out of the address bar. Throws an `Error` with
    /// `code: "invalid_config"`; sends nothing yet.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "VerificationConfig")] config: JsValue,
    ) -> Result<Verification, JsValue> {
        let config: ConfigDto = serde_wasm_bindgen::from_value(config)
            .map_err(|error| browser::js_error(&invalid(error.to_string())))?;
        create(config).map_err(|error| browser::js_error(&error))
    }

    /// Calls `callback` with every view that differs from the last one, and with the current one at once.
    #[wasm_bindgen(js_name = onView)]
    pub fn on_view(&self, #[wasm_bindgen(unchecked_param_type = "(view: View) => void")] callback: Function) {
        self.driver.on_view(callback);
    }

    /// Exchanges the token or resumes, loads the plan and begins to fetch the engine, where the plan asks for pictures.
    /// Resolves at the first
    /// view that is not `loading`, also when that is an error.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn start(&self) -> Promise {
        Promise::new(&mut |resolve, _| self.driver.start(resolve))
    }

    /// Shows the camera in this element and takes frames from it.
    #[wasm_bindgen(js_name = setVideo)]
    pub fn set_video(&self, video: HtmlVideoElement) {
        self.driver.set_video(video);
    }

    /// What the user did. An action that the screen does not offer, or that does not exist, changes nothing.
    pub fn act(&self, #[wasm_bindgen(unchecked_param_type = "Action")] action: &str) {
        if let Some(action) = Action::from_name(action) {
            self.driver.dispatch(Event::Action(action));
        }
    }

    /// What the user typed or chose at a step without pictures. What the screen does not ask for changes nothing.
    pub fn enter(&self, #[wasm_bindgen(unchecked_param_type = "Entry")] entry: JsValue) {
        if let Ok(entry) = serde_wasm_bindgen::from_value::<EntryDto>(entry) {
            self.driver.dispatch(Event::Entered(entry.into()));
        }
    }

    /// A file of the user's in place of a capture of the document, while the view says `upload`; otherwise nothing
    /// happens. Resolves when the file was read. It never rejects: what is wrong with a file is in the next view.
    #[wasm_bindgen(js_name = takeFile)]
    pub async fn take_file(&self, file: Blob) {
        let driver = Rc::clone(&self.driver);
        if file.size() > MAX_FILE_BYTES as f64 {
            driver.dispatch(Event::FileRefused(FileProblem::TooLarge));
            return;
        }
        let read = JsFuture::from(file.array_buffer()).await;
        driver.dispatch(match read {
            Ok(buffer) => Event::File(FileBytes(Uint8Array::new(&buffer).to_vec().into())),
            // The file was moved, or its cloud does not give it.
            Err(_) => Event::FileRefused(FileProblem::Damaged),
        });
    }

    /// Says whether the browser is online.
    pub fn online(&self, #[wasm_bindgen(js_name = isOnline)] is_online: bool) {
        self.driver.dispatch(Event::Online(is_online));
    }

    /// Stops camera, worker, timers and requests. The session stays resumable in this tab.
    pub fn dispose(&self) {
        self.driver.dispose();
    }
}

impl Drop for Verification {
    fn drop(&mut self) {
        self.driver.dispose();
    }
}

fn invalid(source: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidConfig, Stage::Start).with_source(source)
}

fn create(config: ConfigDto) -> Result<Verification, Error> {
    let window = browser::window().ok_or_else(|| invalid("there is no window"))?;
    let token = match (&config.start_url, config.token) {
        (_, Some(token)) if !token.is_empty() => Some(token),
        (Some(url), _) => address::token_of(url),
        _ => None,
    };
    // Before anything else can read the address.
    if let Some(token) = &token {
        address::hide_token(token);
    }
    let http = |name: &str, url: &str| {
        address::http_url(url).ok_or_else(|| invalid(format!("{name} is not an absolute http(s) URL")))
    };
    let relay_url = http("relayUrl", &config.relay_url)?;
    let worker_url = http("workerUrl", &config.worker_url)?;
    let wasm_url = http("assets.visionWasm.url", &config.assets.vision_wasm.url)?;
    let barcode_wasm_url = http("assets.barcodeWasm.url", &config.assets.barcode_wasm.url)?;
    for model in &config.assets.models {
        http("assets.models[].url", &model.url)?;
    }
    if let Some(origin) = &config.parent_origin
        && !address::is_origin(origin)
    {
        return Err(invalid("parentOrigin is not an origin"));
    }
    let session_key = config.session_key.unwrap_or_else(|| DEFAULT_SESSION_KEY.to_owned());
    let page_key = browser::random_bytes().ok_or_else(|| invalid("the browser gives no random bytes"))?;
    let flow = Flow::new(FlowParams {
        start_token: token,
        page_key,
        saved: storage::load(&session_key),
        locale: config.locale,
        engine: EngineFiles {
            build: BuildUse {
                vision_wasm_sha256: config.assets.vision_wasm.sha256,
                barcode_wasm_sha256: config.assets.barcode_wasm.sha256,
            },
            wasm_url,
            wasm_bytes: config.assets.vision_wasm.bytes,
            models: config.assets.models.into_iter().map(Into::into).collect(),
            barcode_wasm_url,
        },
        camera: media::access(),
        online: window.navigator().on_line(),
        platform: platform_of(
            &window.navigator().user_agent().unwrap_or_default(),
            u32::try_from(window.navigator().max_touch_points()).unwrap_or_default(),
        ),
    });
    let params = DriverParams { relay_url, worker_url, session_key, parent_origin: config.parent_origin };
    Ok(Verification { driver: Driver::new(flow, params) })
}
