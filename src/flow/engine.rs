//! The vision engine in its worker: started with the first screen, replaced when it breaks down.

use crate::error::{Error, ErrorKind, Stage as ErrorStage};
use crate::flow::{AfterError, Effect, Flow, Stage, Timer};
use crate::worker_host::WorkerEvent;
use idv_protocol::seal::BuildUse;
use idv_protocol::worker::{FromWorker, ModelFile, ToWorker};
use idv_protocol::{DocumentSide, FileProblem, ModelUse};

/// Times a broken worker is replaced without asking the user.
pub(super) const MAX_REPLACEMENTS: u32 = 3;

/// Wait before the engine is fetched again, in ms, times the number of the try.
const RELOAD_DELAY_MS: f64 = 1_000.0;

/// Where the engine is.
#[derive(Clone, Debug, PartialEq)]
pub struct EngineFiles {
    /// Files of the module, for the evidence.
    pub build: BuildUse,
    /// Absolute URL of the vision wasm.
    pub wasm_url: String,
    /// Its length in bytes.
    pub wasm_bytes: u32,
    /// Its models.
    pub models: Vec<ModelFile>,
    /// Absolute URL of the wasm that reads barcodes.
    pub barcode_wasm_url: String,
}

#[derive(Default)]
pub(super) struct Engine {
    state: EngineState,
    replaced: u32,
    /// The worker was told to load the reader of barcodes.
    reads_barcodes: bool,
}

#[derive(Default)]
enum EngineState {
    #[default]
    Off,
    Loading {
        ratio: f32,
    },
    Ready,
    Failed(Error),
}

impl Engine {
    pub(super) fn is_ready(&self) -> bool {
        matches!(self.state, EngineState::Ready)
    }

    pub(super) fn failure(&self) -> Option<&Error> {
        match &self.state {
            EngineState::Failed(error) => Some(error),
            _ => None,
        }
    }

    pub(super) fn progress_ratio(&self) -> f32 {
        match self.state {
            EngineState::Ready => 1.0,
            EngineState::Loading { ratio } => ratio,
            _ => 0.0,
        }
    }
}

impl Flow {
    fn start_engine(&mut self) {
        self.engine.state = EngineState::Loading { ratio: 0.0 };
        self.engine.reads_barcodes = false;
        self.gathered.frames.begin_worker();
        let EngineFiles { wasm_url, wasm_bytes, models, .. } = self.params.engine.clone();
        self.do_now(Effect::StartWorker);
        self.do_now(Effect::Worker(ToWorker::Init { wasm_url, wasm_bytes, models }));
    }

    /// Starts the engine, unless it runs, loads or has failed.
    pub(super) fn ensure_engine(&mut self) {
        if matches!(self.engine.state, EngineState::Off) {
            self.start_engine();
        }
    }

    pub(super) fn worker(&mut self, event: WorkerEvent) {
        match event {
            WorkerEvent::Message(FromWorker::Progress { loaded, total }) => {
                self.engine_loading(loaded, total)
            }
            WorkerEvent::Message(FromWorker::Ready { models }) => self.engine_loaded(models),
            WorkerEvent::Message(FromWorker::Document { status, elapsed_ms, captures, mark, .. }) => {
                self.gathered.frames.extend(mark);
                self.document_seen(status, elapsed_ms, captures);
            }
            WorkerEvent::Message(FromWorker::Face { status, elapsed_ms, captures, mark, .. }) => {
                self.gathered.frames.extend(mark);
                self.face_seen(status, elapsed_ms, captures);
            }
            WorkerEvent::Capture { meta, jpeg } => {
                // A worker that does its work has earned the next one its tries.
                self.engine.replaced = 0;
                self.capture_taken(meta, jpeg);
            }
            WorkerEvent::Message(FromWorker::File { problem, captures, kind }) => {
                self.file_seen(problem, captures, kind);
            }
            WorkerEvent::Frames { frames, pixels } => self.frames_opened(&frames, &pixels),
            WorkerEvent::Message(FromWorker::Capture { .. } | FromWorker::Frames { .. }) => {}
            WorkerEvent::Message(FromWorker::Failed { code, message }) => match code.as_str() {
                "bad_frame" => {} // The next frame may be better; the step's own timer runs on.
                "model_digest_mismatch" => self.engine_failed(ErrorKind::ModelDigestMismatch, message),
                "engine_load_failed" => self.engine_not_loaded(message),
                _ => self.engine_trapped(message),
            },
            WorkerEvent::Lost { cause } => self.engine_trapped(cause.to_owned()),
            WorkerEvent::NotStarted { cause } => self.engine_not_loaded(cause.to_owned()),
        }
    }

    fn engine_loading(&mut self, loaded: u32, total: u32) {
        if let EngineState::Loading { ratio } = &mut self.engine.state {
            *ratio = if total == 0 { 0.0 } else { (loaded as f32 / total as f32).min(1.0) };
        }
    }

    fn engine_loaded(&mut self, models: Vec<ModelUse>) {
        self.engine.state = EngineState::Ready;
        self.gathered.models = models;
        if let Stage::Capture(kind) = self.stage {
            self.begin_frames(kind);
        }
        self.post_file();
    }

    /// Has the worker load the reader of barcodes, once.
    pub(super) fn load_barcode(&mut self) {
        if !self.engine.reads_barcodes {
            self.engine.reads_barcodes = true;
            let wasm_url = self.params.engine.barcode_wasm_url.clone();
            self.do_now(Effect::Worker(ToWorker::LoadBarcode { wasm_url }));
        }
    }

    /// Replaces the worker; the step in progress begins again once the new one is ready.
    fn engine_trapped(&mut self, message: String) {
        self.frames_lost();
        if self.engine.replaced >= MAX_REPLACEMENTS {
            self.engine_failed(ErrorKind::EngineTrapped, message);
            return;
        }
        self.engine.replaced += 1;
        self.stop_frames();
        if self.stage == Stage::File && self.file.is_none() {
            // What breaks the engine is no picture to look at again.
            self.file_failed(FileProblem::Damaged);
        }
        // The new engine does not know the front, and could not tell it from the back.
        self.side = DocumentSide::Front;
        self.start_engine();
    }

    fn engine_not_loaded(&mut self, message: String) {
        self.frames_lost();
        if self.engine.replaced >= MAX_REPLACEMENTS {
            self.engine_failed(ErrorKind::EngineLoadFailed, message);
            return;
        }
        self.engine.replaced += 1;
        self.engine.state = EngineState::Loading { ratio: 0.0 };
        let after_ms = RELOAD_DELAY_MS * f64::from(self.engine.replaced);
        self.do_now(Effect::StopWorker);
        self.do_now(Effect::SetTimer { timer: Timer::Engine, after_ms });
    }

    pub(super) fn engine_timer(&mut self) {
        if matches!(self.engine.state, EngineState::Loading { .. }) {
            self.start_engine();
        }
    }

    fn engine_failed(&mut self, kind: ErrorKind, message: String) {
        self.frames_lost();
        let error = Error::new(kind, ErrorStage::Engine).with_source(message);
        self.stop_frames();
        self.do_now(Effect::StopWorker);
        self.engine.state = EngineState::Failed(error.clone());
        // On the screens before that the user is not disturbed: the error shows when the engine is needed.
        match self.stage {
            Stage::Intro(kind) => self.fail(error, AfterError::Intro(kind)),
            Stage::Capture(kind) => self.fail(error, AfterError::Step(kind)),
            Stage::File => self.fail(error, AfterError::Step(super::capture::StepKind::Document)),
            _ => {}
        }
    }

    /// Starts a failed engine anew, because the user asks for it.
    pub(super) fn restart_engine(&mut self) {
        if self.engine.failure().is_some() {
            self.engine.replaced = 0;
            self.start_engine();
        }
    }

    /// A download that failed for want of a network is tried again once there is one.
    pub(super) fn engine_back_online(&mut self) {
        let failed = self.engine.failure().map(Error::kind);
        if failed == Some(ErrorKind::EngineLoadFailed) && !matches!(self.stage, Stage::Failed { .. }) {
            self.restart_engine();
        }
    }

    fn stop_frames(&mut self) {
        if self.run.begun {
            self.run = super::Run::default();
            self.do_now(Effect::StopFrames);
            self.do_now(Effect::ClearTimer(Timer::Step));
        }
    }
}
