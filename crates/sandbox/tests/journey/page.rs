//! A page without a browser: the real flow, the real engine, real HTTP, a camera of specimen frames and a clock
//! that runs as fast as the frames are computed.

use super::camera::Camera;
use super::support::{TestSandbox, fresh};
use idv_edge::evidence::{DeviceKey, seal};
use idv_protocol::evidence::CameraUse;
use idv_protocol::seal::BuildUse;
use idv_protocol::worker::{FromWorker, ToWorker};
use idv_protocol::{Plan, Size};
use idv_vision::capture::Capture;
use idv_vision::frame::{RgbaView, decode_image};
use idv_vision::{Engine, FileAnswer};
use idv_vision_barcode::{Formats, LumaView, read as read_code};
use idv_web::camera::CameraAccess;
use idv_web::flow::{
    Action, Effect, EngineFiles, Entry, Event, FileBytes, Flow, FlowParams, Saved, Screen, Timer, View,
};
use idv_web::handoff::Platform;
use idv_web::submission::{Body, Kept, Method, Request, Response, ToSign, TransportFailure};
use idv_web::worker_host::WorkerEvent;
use sha2::{Digest, Sha256};
use std::collections::{HashMap, VecDeque};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Time between two frames that reach the worker, in ms: ten frames a second, as on a slow phone.
const FRAME_MS: f64 = 100.0;

/// Longest virtual time of a journey, in ms.
const LIMIT_MS: f64 = 240_000.0;

/// What the person at the page does on a screen.
pub type Person = dyn FnMut(&View) -> Option<Action>;

/// The page.
pub struct Page {
    flow: Flow,
    /// Loaded when the flow starts its worker, and not before.
    engine: Option<Engine>,
    camera: Camera,
    open: Option<f64>,
    frames_on: bool,
    step: Option<Step>,
    wants_barcode: bool,
    timers: HashMap<Timer, f64>,
    relay_url: String,
    device: DeviceKey,
    /// The sandbox's clock, which goes with the page's.
    clock: Arc<AtomicU64>,
    http: reqwest::Client,
    pending: VecDeque<Event>,
    seq: u32,
    now_ms: f64,
    /// What session storage would hold.
    pub saved: Option<Kept>,
    /// Every request that was sent: method and path.
    pub sent: Vec<String>,
    /// Captures whose upload breaks in the middle, once each.
    pub break_upload_of: Vec<&'static str>,
}

#[derive(Clone, Copy)]
enum Step {
    Document,
    Face,
}

impl Page {
    /// A page that opened `start_url`, or that was reloaded with `saved`.
    pub fn open(sandbox: &TestSandbox, url: &url::Url, saved: Option<Kept>, camera: Camera) -> Self {
        let token = url.query_pairs().find(|(name, _)| name == "token").map(|(_, value)| value.into_owned());
        let relay_url = url.join("/relay/v1").expect("a relay URL").to_string();
        let params = FlowParams {
            start_token: if saved.is_some() { None } else { token },
            page_key: [7; 32],
            saved: saved.clone().map_or(Saved::Nothing, Saved::Kept),
            locale: "en".into(),
            engine: EngineFiles {
                build: BuildUse::default(),
                wasm_url: "vision.wasm".into(),
                wasm_bytes: 1,
                models: Vec::new(),
                barcode_wasm_url: "barcode.wasm".into(),
            },
            camera: CameraAccess::Available,
            online: true,
            platform: Platform::Other,
        };
        Self {
            flow: Flow::new(params),
            engine: None,
            camera,
            open: None,
            frames_on: false,
            step: None,
            wants_barcode: false,
            timers: HashMap::new(),
            relay_url,
            device: DeviceKey::from_random(&fresh()).expect("a key"),
            clock: sandbox.now_ms.clone(),
            http: reqwest::Client::new(),
            pending: VecDeque::from([Event::Start]),
            seq: 0,
            now_ms: 0.0,
            saved,
            sent: Vec::new(),
            break_upload_of: Vec::new(),
        }
    }

    fn engine(&mut self) -> &mut Engine {
        self.engine.get_or_insert_with(load_engine)
    }

    /// Whether the flow has started its engine.
    pub fn has_engine(&self) -> bool {
        self.engine.is_some()
    }

    /// The user hands something in at a step without pictures.
    pub fn enter(&mut self, entry: Entry) {
        self.pending.push_back(Event::Entered(entry));
    }

    /// The user presses a button.
    pub fn act(&mut self, action: Action) {
        self.pending.push_back(Event::Action(action));
    }

    /// Carries out what has happened so far.
    pub async fn settle(&mut self) {
        while let Some(event) = self.pending.pop_front() {
            let effects = self.flow.step(event, self.now_ms);
            for effect in effects {
                self.carry_out(effect).await;
            }
        }
    }

    /// The user hands in a file in place of a capture.
    pub fn choose(&mut self, file: Vec<u8>) {
        self.pending.push_back(Event::File(FileBytes(file.into())));
    }

    /// Goes on until `stop` says so of the screen, with `person` acting. Returns the last view.
    pub async fn run(&mut self, person: &mut Person, stop: impl Fn(&View) -> bool) -> View {
        while self.now_ms < LIMIT_MS {
            self.settle().await;
            let view = self.flow.view();
            if stop(&view) {
                return view;
            }
            if let Some(action) = person(&view) {
                self.pending.push_back(Event::Action(action));
                continue;
            }
            self.pass_time();
        }
        panic!("the journey did not end; the last screen was {:?}", self.flow.view().screen);
    }

    /// One frame's time goes by.
    fn pass_time(&mut self) {
        self.now_ms += FRAME_MS;
        self.clock.fetch_add(FRAME_MS as u64, Ordering::Relaxed);
        let due: Vec<_> =
            self.timers.iter().filter(|(_, at)| **at <= self.now_ms).map(|(timer, _)| *timer).collect();
        for timer in due {
            self.timers.remove(&timer);
            self.pending.push_back(Event::Timer(timer));
        }
        if let (true, Some(since), Some(step)) = (self.frames_on, self.open, self.step) {
            self.frame(self.now_ms - since, step);
        }
    }

    fn frame(&mut self, at_ms: f64, step: Step) {
        let (data, size) = self.camera.frame(at_ms);
        let frame = RgbaView::new(&data, size).expect("a frame");
        self.seq += 1;
        let (seq, elapsed_ms) = (self.seq, 1.0);
        let document = matches!(step, Step::Document).then(|| {
            let now_ms = self.now_ms;
            self.engine().document_frame(frame, now_ms)
        });
        let face = matches!(step, Step::Face).then(|| {
            let now_ms = self.now_ms;
            self.engine().face_frame(frame, now_ms)
        });
        let taken = self.captures();
        let captures = taken.len() as u32;
        let mark = self.engine().take_mark();
        if let Some(status) = document {
            let mut status = status.expect("a status");
            // As the worker says it: a capture without its barcode was given up.
            status.captured = captures > 0;
            self.hear(FromWorker::Document { seq, elapsed_ms, captures, status, mark: mark.clone() });
        }
        if let Some(status) = face {
            let status = Box::new(status.expect("a status"));
            self.hear(FromWorker::Face { seq, elapsed_ms, captures, status, mark });
        }
        self.hand_over(taken);
    }

    /// The engine's captures, with their barcodes where they should have one.
    fn captures(&mut self) -> Vec<Capture> {
        let mut taken = self.engine().take_captures();
        for capture in taken.iter_mut().filter(|_| self.wants_barcode) {
            let picture = decode_image(&capture.jpeg).expect("a JPEG");
            let luma: Vec<u8> = picture.data.chunks_exact(4).map(|px| px[1]).collect();
            let view = LumaView::new(&luma, picture.size).expect("a picture");
            capture.meta.barcode = read_code(view, Formats::default()).expect("is looked at").map(Box::new);
        }
        let lacks = taken.iter().any(|capture| self.wants_barcode && capture.meta.barcode.is_none());
        if lacks && self.engine().give_up_capture() { Vec::new() } else { taken }
    }

    fn hand_over(&mut self, captures: Vec<Capture>) {
        for capture in captures {
            let jpeg = capture.jpeg.into();
            self.pending.push_back(Event::Worker(WorkerEvent::Capture { meta: capture.meta, jpeg }));
        }
    }

    fn file(&mut self, bytes: &[u8]) {
        let FileAnswer { problem, kind } = self.engine().document_file(bytes).expect("is looked at");
        let taken = self.captures();
        self.hear(FromWorker::File { problem, captures: taken.len() as u32, kind });
        self.hand_over(taken);
    }

    fn hear(&mut self, message: FromWorker) {
        self.pending.push_back(Event::Worker(WorkerEvent::Message(message)));
    }

    async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::OpenCamera { facing } => match self.camera.open(facing) {
                Ok(Size { width, height }) => {
                    self.open = Some(self.now_ms);
                    let camera =
                        CameraUse { facing: facing.as_str().into(), width, height, frame_rate: 10.0 };
                    self.pending.push_back(Event::CameraOpened {
                        facing: Some(facing),
                        camera,
                        signals: vec![],
                    });
                }
                Err(name) => {
                    let error = idv_web::error::Error::new(
                        idv_web::error::ErrorKind::from_camera_error(name),
                        idv_web::error::Stage::Camera,
                    );
                    self.pending.push_back(Event::CameraFailed(error));
                }
            },
            Effect::CloseCamera => self.open = None,
            Effect::StartFrames => self.frames_on = true,
            Effect::StopFrames => self.frames_on = false,
            Effect::Worker(message) => self.worker(message),
            Effect::MakeKey => {
                let jwk = self.device.jwk().clone();
                self.pending.push_back(Event::DeviceKey(Some(jwk)));
            }
            Effect::Http(request) => {
                let id = request.id;
                let answer = self.send(request).await;
                self.pending.push_back(Event::Answered { id, answer, jitter_ratio: 0.5 });
            }
            Effect::Keep(kept) => self.saved = Some(kept),
            Effect::Forget => self.saved = None,
            Effect::SetTimer { timer, after_ms } => {
                self.timers.insert(timer, self.now_ms + after_ms);
            }
            Effect::ClearTimer(timer) => {
                self.timers.remove(&timer);
            }
            Effect::File(bytes) => self.file(&bytes.0),
            Effect::StartWorker | Effect::StopWorker | Effect::Announce(_) => {}
        }
    }

    fn worker(&mut self, message: ToWorker) {
        match message {
            ToWorker::Init { .. } => {
                let ready = FromWorker::Ready { models: self.engine().models() };
                self.hear(ready);
            }
            ToWorker::BeginDocument { task } => {
                self.wants_barcode = task.barcode;
                self.engine().begin_document(task);
                self.step = Some(Step::Document);
            }
            ToWorker::BeginFace { attempt, challenge } => {
                self.engine().begin_face(attempt, challenge).expect("the challenge begins");
                self.step = Some(Step::Face);
            }
            ToWorker::Shoot => self.engine().shoot().expect("the document step runs"),
            ToWorker::OpenFrames { indices } => {
                let engine = self.engine();
                let opened = indices.iter().filter_map(|index| engine.open_frame(*index));
                let (frames, pixels): (Vec<_>, Vec<_>) = opened.unzip();
                let pixels = pixels.concat().into();
                self.pending.push_back(Event::Worker(WorkerEvent::Frames { frames, pixels }));
            }
            ToWorker::Frame { .. } | ToWorker::LoadBarcode { .. } | ToWorker::File => {}
        }
    }

    /// What WebCrypto does in a browser.
    fn sealed_or_signed(&self, body: &Body) -> String {
        match body {
            Body::Empty => String::new(),
            Body::Json(text) => text.clone(),
            Body::Sealed { to, bytes } => {
                let [iv @ .., _, _, _, _] = <[u8; 16]>::try_from(&fresh()[..16]).expect("16 bytes");
                seal(to, bytes, &fresh(), &iv).expect("sealed")
            }
            Body::Signed(ToSign::DeviceKey { session_id, nonce }) => {
                self.device.registration(session_id, nonce).expect("signed")
            }
            Body::Signed(ToSign::Evidence(json)) => self.device.sign_evidence(json).expect("signed"),
        }
    }

    async fn send(&mut self, request: Request) -> Result<Response, TransportFailure> {
        self.sent.push(format!("{} {}", request.method.as_str(), request.path));
        let url = format!("{}{}", self.relay_url, request.path);
        let mut builder = match request.method {
            Method::Get => self.http.get(url),
            Method::Post => self.http.post(url),
            Method::Put => self.http.put(url),
        };
        let body = self.sealed_or_signed(&request.body);
        let sealed = matches!(request.body, Body::Sealed { .. });
        let digest = sealed.then(|| hex::encode(Sha256::digest(&body)));
        for (name, value) in request.headers(digest) {
            builder = builder.header(name, value);
        }
        if let Some(token) = &request.bearer {
            builder = builder.bearer_auth(token);
        }
        if let Some(at) = self.break_upload_of.iter().position(|kind| request.path.ends_with(kind)) {
            self.break_upload_of.remove(at);
            return Err(TransportFailure::Network);
        }
        let answer =
            builder.body(body).timeout(Duration::from_millis(request.timeout_ms.into())).send().await;
        let answer = answer.map_err(|_| TransportFailure::Network)?;
        let status = answer.status().as_u16();
        let body = answer.text().await.map_err(|_| TransportFailure::Network)?;
        if request.path == "/plan" && status == 200 {
            let plan: Plan = serde_json::from_str(&body).expect("a plan");
            self.camera.learn(plan.challenge.as_ref());
        }
        Ok(Response { status, retry_after_ms: None, body })
    }
}

/// The folder of the converted models: `IDV_MODELS`, or where set-up puts them.
pub fn models_dir() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/models");
    std::env::var_os("IDV_MODELS").map_or_else(|| default.into(), PathBuf::from)
}

fn load_engine() -> Engine {
    let models = models_dir();
    let list = std::fs::read_to_string(models.join("models.json"))
        .unwrap_or_else(|_| panic!("no models in {}: run `cargo xtask models`", models.display()));
    let list: serde_json::Value = serde_json::from_str(&list).expect("models.json");
    let mut engine = Engine::new();
    for model in list.as_array().expect("a list").iter().filter(|model| model["runs_in"] == "browser") {
        let text = |name: &str| model[name].as_str().expect("a text").to_owned();
        let bytes = std::fs::read(models.join(text("file"))).expect("the model");
        engine.load_model(&text("name"), &bytes, &text("sha256")).expect("the model loads");
    }
    engine
}

/// A person who agrees, begins every step and tries again as often as asked.
pub fn willing(view: &View) -> Option<Action> {
    match view.screen {
        Screen::Consent => Some(Action::Agree),
        Screen::DocumentIntro | Screen::FaceIntro if view.engine_ready => Some(Action::Begin),
        Screen::TryAgain => Some(Action::Retry),
        _ => None,
    }
}
