//! The capture steps: introduction, camera, frames, timeout. What differs between document and face is in their
//! own files.

use crate::camera::Facing;
use crate::error::{self, Error, ErrorKind};
use crate::flow::view::Hint;
use crate::flow::{AfterError, Effect, Flow, Stage, Timer};
use crate::submission::Jpeg;
use idv_protocol::evidence::CameraUse;
use idv_protocol::face::Asked;
use idv_protocol::{
    CaptureMeta, DocumentKind, DocumentSide, FacePhase, InjectionSignal, LivenessReport, PxRect, Quad, Size,
    Step,
};

/// Times a camera that stopped is opened again without asking the user.
const MAX_REOPENED: u32 = 1;

/// The steps that need a camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StepKind {
    Document,
    Face,
}

impl StepKind {
    const fn facing(self) -> Facing {
        match self {
            Self::Document => Facing::Environment,
            Self::Face => Facing::User,
        }
    }
}

/// The camera, as far as the flow knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CameraState {
    Closed,
    Opening,
    Open { facing: Option<Facing> },
}

/// One run of a capture step, from the first frame on.
#[derive(Clone, Debug, Default)]
pub(super) struct Run {
    /// The worker was told to begin.
    pub begun: bool,
    pub hint: Option<Hint>,
    pub progress: f32,
    pub frame: Option<Size>,
    pub quad: Option<Quad>,
    pub face: Option<PxRect>,
    pub document_kind: Option<DocumentKind>,
    /// The user may take the picture.
    pub manual: bool,
    pub phase: Option<FacePhase>,
    pub actions_done: u32,
    pub draw: u32,
    pub asked: Option<Asked>,
    pub report: Option<LivenessReport>,
    /// Captures the worker announced and the page has not seen yet.
    pub awaited: u32,
    pub captures: Vec<(CaptureMeta, Jpeg)>,
}

impl Flow {
    /// Begins a capture step.
    pub(super) fn begin(&mut self, kind: StepKind) {
        self.side = DocumentSide::Front;
        self.had_its_time = false;
        self.begin_again(kind);
    }

    /// Begins a capture step again where it was.
    pub(super) fn begin_again(&mut self, kind: StepKind) {
        self.stage = Stage::Capture(kind);
        self.reopened = 0;
        self.run = Run::default();
        self.file_problem = None;
        if kind == StepKind::Face {
            self.gathered.drop_face();
        }
        self.open_camera(kind);
    }

    fn open_camera(&mut self, kind: StepKind) {
        self.camera = CameraState::Opening;
        self.do_now(Effect::OpenCamera { facing: kind.facing() });
    }

    pub(super) fn camera_opened(
        &mut self,
        facing: Option<Facing>,
        camera: CameraUse,
        signals: Vec<InjectionSignal>,
    ) {
        let Stage::Capture(kind) = self.stage else {
            self.do_now(Effect::CloseCamera);
            return;
        };
        if !self.visible {
            self.close_camera();
            return;
        }
        self.camera = CameraState::Open { facing };
        self.gathered.add_camera(camera);
        signals.into_iter().for_each(|signal| self.gathered.signs.add(signal));
        self.begin_frames(kind);
    }

    /// Tells the worker to begin and lets frames flow, once camera and engine are both there.
    pub(super) fn begin_frames(&mut self, kind: StepKind) {
        if !matches!(self.camera, CameraState::Open { .. }) || !self.engine.is_ready() {
            return;
        }
        self.run = Run { begun: true, ..Run::default() };
        let begun = match kind {
            StepKind::Document => self.begin_document(),
            StepKind::Face => self.begin_face(),
        };
        if begun.is_none() {
            // A face step without a challenge: the plan is not one we can follow.
            let kind = ErrorKind::Relay(idv_protocol::Code::UnsupportedVersion);
            self.fail(Error::new(kind, error::Stage::Start), AfterError::Nothing);
            return;
        }
        self.do_now(Effect::StartFrames);
        self.set_step_timer();
    }

    /// Gives the step its time, from now on.
    pub(super) fn set_step_timer(&mut self) {
        let timeout_ms = match self.current_step() {
            Some(Step::Document(step)) => Some(step.timeout_ms),
            Some(Step::Face { timeout_ms }) => Some(*timeout_ms),
            _ => None,
        };
        if let Some(after_ms) = timeout_ms.map(f64::from) {
            self.do_now(Effect::SetTimer { timer: Timer::Step, after_ms });
        }
    }

    pub(super) fn camera_failed(&mut self, error: Error) {
        let Stage::Capture(kind) = self.stage else { return };
        if self.camera == CameraState::Opening {
            self.camera = CameraState::Closed;
            self.fail(error, AfterError::Step(kind));
        }
    }

    pub(super) fn camera_ended(&mut self) {
        let Stage::Capture(kind) = self.stage else { return };
        if !matches!(self.camera, CameraState::Open { .. }) {
            return;
        }
        self.pause_capture();
        if self.reopened < MAX_REOPENED {
            self.reopened += 1;
            self.open_camera(kind);
        } else {
            self.fail(Error::new(ErrorKind::CameraEnded, error::Stage::Camera), AfterError::Step(kind));
        }
    }

    /// A hidden page gives the camera back; shown again, the step begins anew.
    pub(super) fn visible(&mut self, visible: bool) {
        self.visible = visible;
        if visible {
            // Back from the app that signs, perhaps.
            self.look_now();
        }
        let Stage::Capture(kind) = self.stage else { return };
        match (visible, self.camera) {
            (false, CameraState::Open { .. }) => self.pause_capture(),
            (true, CameraState::Closed) => self.open_camera(kind),
            _ => {}
        }
    }

    /// Stops frames, camera and the step's timer; the stage stays.
    pub(super) fn pause_capture(&mut self) {
        if self.run.begun {
            self.do_now(Effect::StopFrames);
            self.do_now(Effect::ClearTimer(Timer::Step));
        }
        self.run = Run::default();
        self.close_camera();
    }

    fn close_camera(&mut self) {
        if self.camera != CameraState::Closed {
            self.camera = CameraState::Closed;
            self.do_now(Effect::CloseCamera);
        }
    }

    pub(super) fn step_timed_out(&mut self) {
        let Stage::Capture(kind) = self.stage else { return };
        if self.run.begun && !self.has_result(kind) {
            self.pause_capture();
            self.stage = Stage::Timeout(kind);
        }
    }

    /// The step has what it was for; its last captures may still be on their way from the worker.
    fn has_result(&self, kind: StepKind) -> bool {
        match kind {
            StepKind::Document => self.run.awaited > 0,
            StepKind::Face => self.run.phase.is_some_and(|phase| phase != FacePhase::Position),
        }
    }

    pub(super) fn capture_taken(&mut self, mut meta: CaptureMeta, jpeg: Jpeg) {
        let kind = match self.stage {
            Stage::Capture(kind) if self.run.begun => kind,
            Stage::File => StepKind::Document,
            _ => return,
        };
        if meta.attempt != self.attempt() {
            return;
        }
        meta.frame = meta.frame.and_then(|number| self.gathered.frames.leaf_of(number));
        self.run.awaited = self.run.awaited.saturating_sub(1);
        self.run.captures.push((meta, jpeg));
        match kind {
            StepKind::Document => self.document_captured(),
            StepKind::Face => self.face_captured(),
        }
    }

    /// Posts the captures of this run.
    pub(super) fn post_captures(&mut self) {
        for (meta, jpeg) in std::mem::take(&mut self.run.captures) {
            self.gathered.add_capture(meta.clone());
            if let Some(to) = self.seal_to(Some(meta.kind)) {
                self.outbox.push(crate::submission::Errand::Capture { meta, jpeg, to });
            }
        }
    }

    /// Posts the captures of this step and goes on.
    pub(super) fn finish_step(&mut self) {
        self.post_captures();
        self.reloads = 0;
        self.pause_capture();
        self.index += 1;
        self.go_on();
    }

    pub(super) fn is_mirrored(&self) -> bool {
        let turned_away = self.camera == CameraState::Open { facing: Some(Facing::Environment) };
        self.stage == Stage::Capture(StepKind::Face) && !turned_away
    }
}
