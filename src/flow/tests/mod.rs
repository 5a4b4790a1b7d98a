//! The flow against a relay in memory: every request is answered by its rules, every fault is one that a
//! network or a browser has.

mod document;
mod forms;
mod interruptions;
mod journey;
mod relay;
mod reloads;
mod sealed;

use super::*;
use crate::camera::Facing;
use crate::flow::Action;
use crate::handoff::{Announcement, Platform};
use crate::submission::TransportFailure;
use crate::worker_host::WorkerEvent;
use idv_protocol::evidence::CameraUse;
use idv_protocol::seal::{BuildUse, FrameMark, Jwk};
use idv_protocol::worker::{FromWorker, ToWorker};
use idv_protocol::*;
use relay::{Fault, Relay};
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// The flow, its relay, and a browser that does what the effects say.
struct World {
    flow: Flow,
    relay: Relay,
    now_ms: f64,
    /// Everything the flow asked for, in order, but requests and timers.
    done: Vec<Effect>,
    timers: HashMap<Timer, f64>,
    saved: Option<Kept>,
    announced: Vec<Announcement>,
    /// Requests that hang because the connection is broken.
    hanging: Vec<u64>,
    /// The device key that the browser makes.
    key: Option<Jwk>,
    /// Frames that the worker has looked at.
    frames: u32,
}

fn device_key() -> Jwk {
    Jwk::p256("MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM")
}

impl World {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(change: impl FnOnce(&mut FlowParams)) -> Self {
        Self::on(Relay::new(), Some("one-time"), Saved::Nothing, change)
    }

    fn on(relay: Relay, token: Option<&str>, saved: Saved, change: impl FnOnce(&mut FlowParams)) -> Self {
        let mut params = FlowParams {
            start_token: token.map(str::to_owned),
            // Another one at every load of the page.
            page_key: [relay.log.len() as u8; 32],
            saved,
            locale: "ko".into(),
            engine: EngineFiles {
                build: BuildUse::default(),
                wasm_url: "https://idv.example/vision.wasm".into(),
                wasm_bytes: 10,
                models: Vec::new(),
                barcode_wasm_url: "https://idv.example/barcode.wasm".into(),
            },
            camera: CameraAccess::Available,
            online: true,
            platform: Platform::Other,
        };
        change(&mut params);
        Self {
            flow: Flow::new(params),
            relay,
            now_ms: 0.0,
            done: Vec::new(),
            timers: HashMap::new(),
            saved: None,
            announced: Vec::new(),
            hanging: Vec::new(),
            key: Some(device_key()),
            frames: 0,
        }
    }

    /// The leaf of the worker's next frame; it can open the last four.
    fn mark(&mut self) -> Option<FrameMark> {
        let index = self.frames;
        self.frames += 1;
        let held = vec![[index.saturating_sub(3), index]];
        let look = format!("{index:016x}");
        Some(FrameMark { index, leaf: format!("{index:064x}"), look, noise: None, held })
    }

    /// The same tab after a reload: a new flow with what session storage kept.
    fn reloaded(self) -> Self {
        let saved = self.saved.map_or(Saved::Nothing, Saved::Kept);
        Self::on(self.relay, None, saved, |_| {})
    }

    fn send(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            for effect in self.flow.step(event, self.now_ms) {
                match effect {
                    Effect::Http(request) => match self.relay.take(&request) {
                        Some(answer) => {
                            events.insert(0, Event::Answered { id: request.id, answer, jitter_ratio: 0.5 });
                        }
                        None => self.hanging.push(request.id),
                    },
                    Effect::SetTimer { timer, after_ms } => {
                        self.timers.insert(timer, self.now_ms + after_ms);
                    }
                    Effect::ClearTimer(timer) => {
                        self.timers.remove(&timer);
                    }
                    Effect::MakeKey => events.insert(0, Event::DeviceKey(self.key.clone())),
                    Effect::Keep(kept) => self.saved = Some(kept),
                    Effect::Forget => self.saved = None,
                    Effect::Announce(announcement) => self.announced.push(announcement),
                    other => self.done.push(other),
                }
            }
        }
    }

    /// Lets time pass; timers run out in their order.
    fn wait(&mut self, duration_ms: f64) {
        let end_ms = self.now_ms + duration_ms;
        loop {
            let due = self.timers.iter().filter(|(_, at_ms)| **at_ms <= end_ms);
            let Some((timer, at_ms)) = due.min_by(|a, b| a.1.total_cmp(b.1)).map(|(t, at)| (*t, *at)) else {
                break;
            };
            self.timers.remove(&timer);
            self.now_ms = self.now_ms.max(at_ms);
            self.send(Event::Timer(timer));
        }
        self.now_ms = end_ms;
    }

    fn act(&mut self, action: Action) {
        self.send(Event::Action(action));
    }

    fn screen(&self) -> Screen {
        self.flow.view().screen
    }

    fn error_code(&self) -> Option<&'static str> {
        self.flow.view().error.map(|error| error.code)
    }

    fn start(&mut self) {
        self.send(Event::Start);
    }

    fn engine_loads(&mut self) {
        let models = vec![ModelUse { name: "face_mesh".into(), sha256: "aa".into() }];
        self.send(Event::Worker(WorkerEvent::Message(FromWorker::Ready { models })));
    }

    fn camera_opens(&mut self, facing: Facing) {
        let camera = CameraUse { facing: facing.as_str().into(), width: 1280, height: 720, frame_rate: 30.0 };
        self.send(Event::CameraOpened { facing: Some(facing), camera, signals: vec![] });
    }

    fn message(&mut self, message: FromWorker) {
        self.send(Event::Worker(WorkerEvent::Message(message)));
    }

    fn document_status(&mut self, hint: DocumentHint, progress: f32, captures: u32) {
        let status = DocumentStatus {
            frame: Size { width: 1280, height: 720 },
            quad: Some(Quad::default()),
            confidence: 0.9,
            kind: Some(DocumentKind::Id3),
            quality: QualityReport::default(),
            hint,
            progress,
            manual: false,
            captured: captures > 0,
        };
        let mark = self.mark();
        self.message(FromWorker::Document { seq: 1, elapsed_ms: 12.0, captures, status, mark });
    }

    fn face_status(
        &mut self,
        phase: FacePhase,
        hint: FaceHint,
        report: Option<LivenessReport>,
        captures: u32,
    ) {
        let status = FaceStatus {
            frame: Size { width: 1280, height: 720 },
            face: Some(PxRect { x: 1.0, y: 2.0, width: 3.0, height: 4.0 }),
            pose: None,
            quality: QualityReport::default(),
            phase,
            hint,
            actions_done: 1,
            draw: 0,
            asked: None,
            progress: 0.5,
            report: report.map(Box::new),
        };
        let mark = self.mark();
        self.message(FromWorker::Face { seq: 1, elapsed_ms: 30.0, captures, status: Box::new(status), mark });
    }

    fn capture(&mut self, kind: CaptureKind) {
        let attempt = self.flow.attempt();
        let bytes = format!("{attempt} {} at {}", kind.code(), self.now_ms).into_bytes();
        let meta = CaptureMeta {
            kind,
            attempt,
            sha256: hex::encode(Sha256::digest(&bytes)),
            bytes: bytes.len() as u32,
            size: Size { width: 1280, height: 720 },
            at_ms: self.now_ms,
            frame: self.frames.checked_sub(1),
            quad: None,
            quality: QualityReport::default(),
            reading: None,
            barcode: None,
            method: CaptureMethod::Automatic,
        };
        self.send(Event::Worker(WorkerEvent::Capture { meta, jpeg: bytes.into() }));
    }

    fn report(&self, met: bool) -> LivenessReport {
        LivenessReport {
            nonce: self.flow.plan.as_ref().unwrap().challenge.as_ref().unwrap().nonce.clone(),
            set: ChallengeSet::Standard,
            draw: 0,
            actions: vec![ActionResult {
                action: idv_protocol::Action { kind: ActionKind::TurnLeft, times: 1, window_ms: 7_000 },
                prompted_at_ms: 1.0,
                met_at_ms: met.then_some(2.0),
                value: 25.0,
                depth: Some(0.2),
            }],
            challenge_met: met,
            depth: None,
            breaks: Vec::new(),
            passive: Passive::NotRun,
            cues: Vec::new(),
            poses: Vec::new(),
            frames: 10,
            duration_ms: 1000.0,
        }
    }

    /// From the introduction to the captured document.
    fn document_step(&mut self) {
        assert_eq!(self.screen(), Screen::DocumentIntro);
        self.act(Action::Begin);
        self.camera_opens(Facing::Environment);
        self.document_status(DocumentHint::HoldStill, 0.4, 0);
        self.document_status(DocumentHint::Capturing, 1.0, 1);
        self.capture(CaptureKind::DocumentFront);
    }

    /// From the introduction to the end of the challenge.
    fn face_step(&mut self, met: bool) {
        assert_eq!(self.screen(), Screen::FaceIntro);
        self.act(Action::Begin);
        self.camera_opens(Facing::User);
        self.face_status(FacePhase::Position, FaceHint::HoldStill, None, 0);
        self.face_status(FacePhase::Challenge, FaceHint::TurnLeft, None, 0);
        let report = self.report(met);
        let kinds: &[CaptureKind] = if met {
            &[CaptureKind::Selfie, CaptureKind::Action1, CaptureKind::Action2]
        } else {
            &[CaptureKind::Selfie]
        };
        self.face_status(FacePhase::Done, FaceHint::Done, Some(report), kinds.len() as u32);
        for kind in kinds {
            self.capture(*kind);
        }
    }

    /// From the start to the introduction of the document, with the engine loaded.
    fn reach_document(&mut self) {
        self.start();
        self.engine_loads();
        assert_eq!(self.screen(), Screen::Consent);
        self.act(Action::Agree);
    }

    fn count(&self, effect: &Effect) -> usize {
        self.done.iter().filter(|done| *done == effect).count()
    }

    fn began_document(&self) -> usize {
        self.done.iter().filter(|done| matches!(done, Effect::Worker(ToWorker::BeginDocument { .. }))).count()
    }
}
