//! The flow: which step runs, what the screen shows, what is to be done.
//!
//! In: [`Event`]s with their time. Out: [`Effect`]s to carry out and a [`View`] to show. Rule: no web type, no
//! clock, no randomness, no network; the same events give the same effects.
//!
//! The screens, by file: `start` loading and consent · `capture` introductions, capture and timeouts of a step,
//! with `document`, `file` and `face` for what differs · `form` the steps without pictures · `submit` uploads,
//! completion and another attempt · `leave` errors, cancelling and the end. `key` has the device key
//! registered, `frames` opens those that are asked for; `engine` keeps the worker alive through all of them.

mod capture;
mod document;
mod effect;
mod engine;
mod event;
mod face;
mod file;
mod form;
mod frames;
mod key;
mod leave;
mod start;
mod submit;
mod view;

#[cfg(test)]
mod tests;

pub use effect::Effect;
pub use engine::EngineFiles;
pub use event::{Action, Event, FileBytes, Timer};
pub use form::Entry;
pub use view::{
    ChallengeView, ErrorNotice, Hint, OtpView, PersonView, RetryNotice, Screen, SecretView, SignatureView,
    View, WaitView,
};

use crate::camera::CameraAccess;
use crate::error::Error;
use crate::evidence::Gathered;
use crate::handoff::Platform;
use crate::submission::{Kept, Outbox, SavedSession};
use capture::{CameraState, Run, StepKind};
use engine::Engine;
use form::{FormKind, Forms};
use idv_protocol::relay::PAGE_KEY_BYTES;
use idv_protocol::{ChallengeSet, DocumentSide, DocumentStep, FileProblem, Plan, Reason, Step};
use key::Key;
use std::rc::Rc;

/// What a flow starts from.
#[derive(Clone)]
pub struct FlowParams {
    /// The one-time token of the start URL, where there is one.
    pub start_token: Option<String>,
    /// Random bytes of this load of the page: the key of an exchange that begins with it.
    pub page_key: [u8; PAGE_KEY_BYTES],
    /// What a former load of this page kept.
    pub saved: Saved,
    /// Language the screens are shown in, a BCP 47 tag.
    pub locale: String,
    /// Where the engine is.
    pub engine: EngineFiles,
    /// Whether the page can ask for a camera.
    pub camera: CameraAccess,
    /// Whether the browser is online.
    pub online: bool,
    /// The device, for links to its apps.
    pub platform: Platform,
}

/// What a former load of the page kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// Nothing.
    Nothing,
    /// The browser keeps nothing for this page.
    Blocked,
    /// An exchange or a session.
    Kept(Kept),
}

/// The state machine of one verification.
pub struct Flow {
    params: FlowParams,
    now_ms: f64,
    effects: Vec<Effect>,
    stage: Stage,
    plan: Option<Rc<Plan>>,
    /// Index of the current step in the plan.
    index: usize,
    session: Option<SavedSession>,
    outbox: Outbox,
    /// When the timer of the outbox runs out, where it is set.
    outbox_timer_at_ms: Option<f64>,
    /// Plans asked for because the relay was further than the page, since the last step that went well.
    reloads: u32,
    gathered: Gathered,
    forms: Forms,
    key: Key,
    /// When the plan came, in ms of the page's clock.
    plan_at_ms: f64,
    /// Frames that were asked for and that the worker is to hand over.
    opening: bool,
    engine: Engine,
    camera: CameraState,
    /// The set of actions that the visitor chose, where they did.
    set: Option<ChallengeSet>,
    /// Times the camera was reopened in this step.
    reopened: u32,
    run: Run,
    /// Side of the document that is captured, or next.
    side: DocumentSide,
    /// The user was offered to take the picture of this side: stays so while the camera is away.
    had_its_time: bool,
    /// A file that waits for the engine.
    file: Option<FileBytes>,
    /// Why the last file was not taken.
    file_problem: Option<FileProblem>,
    online: bool,
    visible: bool,
}

/// Where the flow is.
#[derive(Clone, Debug, PartialEq)]
enum Stage {
    Idle,
    Loading,
    Consent,
    Intro(StepKind),
    Capture(StepKind),
    Timeout(StepKind),
    /// A file is looked at in place of a capture of the document.
    File,
    /// Something is typed, or done in another app.
    Form(FormKind),
    Submitting(Purpose),
    TryAgain(RetryNotice),
    Failed {
        error: Error,
        then: AfterError,
    },
    Done(Ending),
}

/// How the session ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Ending {
    return_url: Option<String>,
    /// `None` when it was cancelled.
    submission_id: Option<String>,
}

/// What is being submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Purpose {
    Complete,
    Cancel(Reason),
}

/// What trying again means at an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AfterError {
    Nothing,
    Intro(StepKind),
    Step(StepKind),
    Form(FormKind),
    Load,
    Submit(Purpose),
}

impl Flow {
    /// A flow that waits for [`Event::Start`].
    pub fn new(params: FlowParams) -> Self {
        Self {
            now_ms: 0.0,
            effects: Vec::new(),
            stage: Stage::Idle,
            plan: None,
            index: 0,
            session: None,
            outbox: Outbox::new(params.online),
            outbox_timer_at_ms: None,
            reloads: 0,
            gathered: Gathered::default(),
            forms: Forms::default(),
            key: Key::Unknown,
            plan_at_ms: 0.0,
            opening: false,
            engine: Engine::default(),
            camera: CameraState::Closed,
            set: None,
            reopened: 0,
            run: Run::default(),
            side: DocumentSide::Front,
            had_its_time: false,
            file: None,
            file_problem: None,
            online: params.online,
            visible: true,
            params,
        }
    }

    /// Takes `event` at `now_ms` (monotonic, in ms) and says what to do.
    pub fn step(&mut self, event: Event, now_ms: f64) -> Vec<Effect> {
        self.now_ms = now_ms;
        if !matches!(self.stage, Stage::Done(_)) {
            self.take(event);
        }
        self.send_due();
        std::mem::take(&mut self.effects)
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Start => self.start(),
            Event::DeviceKey(jwk) => self.key_made(jwk),
            Event::Action(action) => self.act(action),
            Event::Answered { id, answer, jitter_ratio } => self.answered(id, answer, jitter_ratio),
            Event::CameraOpened { facing, camera, signals } => self.camera_opened(facing, camera, signals),
            Event::Injection(signal) => self.gathered.signs.add(signal),
            Event::CameraFailed(error) => self.camera_failed(error),
            Event::CameraEnded => self.camera_ended(),
            Event::Worker(event) => self.worker(event),
            Event::Timer(timer) => self.timer(timer),
            Event::File(bytes) => self.file_given(bytes),
            Event::FileRefused(problem) => self.file_refused(problem),
            Event::Entered(entry) => self.entered(entry),
            Event::Online(online) => self.online(online),
            Event::Visible(visible) => self.visible(visible),
        }
    }

    fn act(&mut self, action: Action) {
        match (action, &self.stage) {
            (Action::Agree, Stage::Consent) => self.agree(),
            (Action::Refuse, Stage::Consent) => self.cancel(Reason::ConsentRefused),
            (Action::Begin, Stage::Intro(kind)) => self.begin(*kind),
            (Action::Choose(set), Stage::Intro(StepKind::Face)) => self.choose(set),
            (Action::Shoot, Stage::Capture(StepKind::Document)) => self.shoot(),
            (Action::Resend | Action::Correct | Action::Check | Action::Change, Stage::Form(kind)) => {
                self.act_in_form(action, *kind);
            }
            (Action::Retry, Stage::Timeout(kind)) => self.begin_again(*kind),
            (Action::Retry, Stage::TryAgain(_)) => self.load_plan(),
            (Action::Retry, Stage::Failed { .. }) => self.retry_after_error(),
            (Action::Cancel | Action::Leave, _) => self.leave(),
            _ => {}
        }
    }

    fn timer(&mut self, timer: Timer) {
        match timer {
            Timer::Step => self.step_timed_out(),
            Timer::Outbox => self.outbox_timer_at_ms = None, // Whatever is due is sent after each event.
            Timer::Engine => self.engine_timer(),
            Timer::Look => self.look_now(),
            Timer::Session => self.session_timed_out(),
        }
    }

    fn online(&mut self, online: bool) {
        let came_back = online && !self.online;
        self.online = online;
        self.outbox.set_online(online);
        if came_back {
            self.engine_back_online();
        }
    }

    fn do_now(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    fn attempt(&self) -> u32 {
        self.plan.as_ref().map_or(0, |plan| plan.attempt)
    }

    fn current_step(&self) -> Option<&Step> {
        self.plan.as_ref()?.steps.get(self.index)
    }

    fn document_step(&self) -> Option<&DocumentStep> {
        match self.current_step() {
            Some(Step::Document(step)) => Some(step),
            _ => None,
        }
    }

    /// What the screen shows now.
    pub fn view(&self) -> View {
        let plan = self.plan.as_deref();
        let capturing = matches!(self.stage, Stage::Capture(_));
        let document = self.document_step();
        let ending = match &self.stage {
            Stage::Done(ending) => Some(ending),
            _ => None,
        };
        View {
            screen: self.screen(),
            steps: plan.map_or_else(Vec::new, |plan| plan.steps.iter().map(start::step_name).collect()),
            step_index: self.index as u32,
            step_count: plan.map_or(0, |plan| plan.steps.len() as u32),
            attempt: self.attempt(),
            max_attempts: plan.map_or(0, |plan| plan.max_attempts),
            progress: self.progress_ratio(),
            engine_ready: self.engine.is_ready(),
            online: self.online,
            hint: self.run.hint.filter(|_| capturing),
            challenge: self.challenge_view(),
            mirrored: self.is_mirrored(),
            frame: self.run.frame.filter(|_| capturing),
            quad: self.run.quad.filter(|_| capturing),
            face: self.run.face.filter(|_| capturing),
            document_kinds: document.map_or_else(Vec::new, |step| step.kinds.clone()),
            side: document.filter(|_| self.is_at_document()).map(|_| self.side),
            two_sided: document.is_some_and(|step| step.asks_back(self.gathered.document_kind)),
            manual: self.run.manual && capturing,
            busy: self.forms.busy && matches!(self.stage, Stage::Form(_)),
            person: self.person_view(),
            otp: self.otp_view(),
            secret: self.secret_view(),
            signature: self.signature_view(),
            upload: self.takes_file() && !matches!(self.stage, Stage::Failed { .. }),
            file_problem: match self.stage {
                Stage::Timeout(StepKind::Document) => self.file_problem,
                _ => None,
            },
            consent: match self.stage {
                Stage::Consent => plan.map(|plan| plan.consent.clone()),
                _ => None,
            },
            retry: match self.stage {
                Stage::TryAgain(notice) => Some(notice),
                _ => None,
            },
            error: match &self.stage {
                Stage::Failed { error, then } => Some(ErrorNotice {
                    code: error.code(),
                    retryable: error.retryable() && *then != AfterError::Nothing,
                }),
                _ => None,
            },
            return_url: ending.and_then(|ending| ending.return_url.clone()),
            submission_id: ending.and_then(|ending| ending.submission_id.clone()),
            cancelled: ending.is_some_and(|ending| ending.submission_id.is_none()),
        }
    }

    fn screen(&self) -> Screen {
        match &self.stage {
            Stage::Idle | Stage::Loading => Screen::Loading,
            Stage::Consent => Screen::Consent,
            Stage::Intro(StepKind::Document) => Screen::DocumentIntro,
            Stage::Intro(StepKind::Face) => Screen::FaceIntro,
            Stage::Capture(StepKind::Document) => Screen::DocumentCapture,
            Stage::Capture(StepKind::Face) => Screen::FaceCapture,
            Stage::Timeout(StepKind::Document) => Screen::DocumentTimeout,
            Stage::Timeout(StepKind::Face) => Screen::FaceTimeout,
            Stage::File => Screen::DocumentFile,
            Stage::Form(FormKind::Person) => Screen::Person,
            Stage::Form(FormKind::Otp) => Screen::Otp,
            Stage::Form(FormKind::Secret) => Screen::Secret,
            Stage::Form(FormKind::Signature) if self.forms.signature.is_some() => Screen::SignatureWait,
            Stage::Form(FormKind::Signature) => Screen::Signature,
            Stage::Submitting(_) => Screen::Submitting,
            Stage::TryAgain(_) => Screen::TryAgain,
            Stage::Failed { .. } => Screen::Error,
            Stage::Done(_) => Screen::Done,
        }
    }

    fn progress_ratio(&self) -> f32 {
        match &self.stage {
            Stage::Consent | Stage::Intro(_) => self.engine.progress_ratio(),
            Stage::Capture(_) if !self.engine.is_ready() => self.engine.progress_ratio(),
            Stage::Capture(_) => self.run.progress,
            Stage::Submitting(_) => self.outbox.progress_ratio(),
            Stage::Done(_) => 1.0,
            _ => 0.0,
        }
    }
}
