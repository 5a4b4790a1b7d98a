//! Loading and consent: from the start token to the first step.

use crate::camera::CameraAccess;
use crate::error::{self, Error, ErrorKind};
use crate::flow::capture::StepKind;
use crate::flow::form::FormKind;
use crate::flow::{AfterError, Effect, Flow, Saved, Stage, Timer};
use crate::handoff::Announcement;
use crate::submission::{Errand, Kept, PendingExchange, SavedSession, token_digest};
use idv_protocol::relay::SessionResponse;
use idv_protocol::{CaptureKind, Code, ConsentRecord, Plan, Step};
use std::rc::Rc;

/// Longest timer in ms that browsers keep: a signed 32-bit number.
const MAX_TIMER_MS: f64 = 2_147_483_647.0;

/// Name of a step, as in messages to the host.
pub(super) fn step_name(step: &Step) -> &'static str {
    step.name().code()
}

impl Flow {
    pub(super) fn start(&mut self) {
        if self.stage != Stage::Idle {
            return;
        }
        self.stage = Stage::Loading;
        self.do_now(Effect::MakeKey);
        let saved = std::mem::replace(&mut self.params.saved, Saved::Nothing);
        match (self.params.start_token.take(), saved) {
            (Some(token), Saved::Kept(Kept::Session(saved))) if saved.is_from(&token) => self.resume(saved),
            (Some(token), Saved::Kept(Kept::Exchange(pending))) if pending.start_token == token => {
                self.exchange(pending);
            }
            (Some(token), _) => self.exchange(PendingExchange::new(token, &self.params.page_key)),
            (None, Saved::Kept(Kept::Session(saved))) => self.resume(saved),
            (None, Saved::Kept(Kept::Exchange(pending))) => self.exchange(pending),
            (None, Saved::Blocked) => self.fail_at_start(ErrorKind::StorageBlocked),
            (None, Saved::Nothing) => self.fail_at_start(ErrorKind::Relay(Code::SessionUnknown)),
        }
    }

    /// Exchanges the start token. It is kept with its key until the answer: a page that is reloaded before asks
    /// again, as the same page.
    fn exchange(&mut self, pending: PendingExchange) {
        let PendingExchange { start_token, page_key } = pending.clone();
        self.params.start_token = Some(start_token.clone());
        self.do_now(Effect::Keep(Kept::Exchange(pending)));
        self.outbox.push(Errand::Exchange { token: start_token, page_key });
    }

    pub(super) fn fail_at_start(&mut self, kind: ErrorKind) {
        self.fail(Error::new(kind, error::Stage::Start), AfterError::Nothing);
    }

    fn resume(&mut self, saved: SavedSession) {
        self.outbox.set_bearer(Some(saved.session_token.clone()));
        self.gathered.consent = saved.consent.clone();
        self.gathered.document_kind = saved.document_kind;
        for meta in &saved.captures {
            self.gathered.add_capture(meta.clone());
        }
        self.session = Some(saved);
        self.outbox.push(Errand::Plan);
    }

    pub(super) fn session_begun(&mut self, session: SessionResponse) {
        // The token is dead now: only its digest stays, to know it again.
        let token = self.params.start_token.take().unwrap_or_default();
        self.outbox.set_bearer(Some(session.session_token.clone()));
        self.session = Some(SavedSession {
            session_id: session.session_id,
            session_token: session.session_token,
            start_token_sha256: token_digest(&token),
            consent: None,
            document_kind: None,
            captures: Vec::new(),
        });
        self.save_session();
        self.outbox.push(Errand::Plan);
    }

    /// Keeps the session as it stands, for a reload.
    pub(super) fn save_session(&mut self) {
        let Some(session) = &mut self.session else { return };
        session.consent = self.gathered.consent.clone();
        session.document_kind = self.gathered.document_kind;
        session.captures = self.gathered.lasting_captures();
        let session = session.clone();
        self.do_now(Effect::Keep(Kept::Session(session)));
    }

    /// Asks for a plan; whatever else waited to be sent is dropped and will be made again.
    pub(super) fn load_plan(&mut self) {
        self.stage = Stage::Loading;
        self.outbox.replace_with(Errand::Plan);
    }

    pub(super) fn plan_loaded(&mut self, plan: Plan) {
        let Some(plan) = self.plan_with_key(plan) else { return };
        let left_ms = plan.expires_at_ms.saturating_sub(plan.issued_at_ms) as f64;
        if left_ms <= MAX_TIMER_MS {
            self.do_now(Effect::SetTimer { timer: Timer::Session, after_ms: left_ms });
        }
        self.gathered.begin_attempt(&plan);
        self.begin_forms(&plan);
        // Who takes no pictures needs no engine, and fetches none.
        if plan.steps.iter().any(Step::is_capture) {
            self.ensure_engine();
        }
        self.outbox.reset_progress();
        self.plan_at_ms = self.now_ms;
        self.opening = false;
        self.register_key(&plan);
        self.settle_consent(&plan);
        if self.plan.is_none() {
            self.do_now(Effect::Announce(Announcement::Ready {
                attempt: plan.attempt,
                steps: plan.steps.iter().map(step_name).collect(),
            }));
        }
        self.plan = Some(Rc::new(plan));
        self.index = 0;
        let needs_camera = self
            .plan
            .as_ref()
            .is_some_and(|plan| plan.steps.iter().any(|step| step.is_capture() && !self.is_met(step)));
        match self.params.camera {
            CameraAccess::Insecure if needs_camera => self.fail_at_start(ErrorKind::InsecureContext),
            CameraAccess::Missing if needs_camera => self.fail_at_start(ErrorKind::CameraNotFound),
            _ => self.go_on(),
        }
    }

    /// A consent to these very terms that did not reach the relay is sent again; one to other terms is void.
    fn settle_consent(&mut self, plan: &Plan) {
        if plan.consent_given {
            return;
        }
        match self.gathered.consent.take() {
            Some(consent) if consent.version == plan.consent.version => {
                self.gathered.consent = Some(consent.clone());
                self.outbox.push(Errand::Consent(consent));
            }
            _ => {}
        }
    }

    /// Goes to the first step, from the current one on, that is not met; after the last one, completes.
    pub(super) fn go_on(&mut self) {
        let Some(plan) = self.plan.clone() else { return };
        let next = plan.steps.iter().enumerate().skip(self.index).find(|(_, step)| !self.is_met(step));
        let Some((index, step)) = next else {
            self.index = plan.steps.len();
            self.complete(&plan);
            return;
        };
        self.index = index;
        self.do_now(Effect::Announce(Announcement::Step {
            step: step_name(step),
            index: index as u32,
            count: plan.steps.len() as u32,
        }));
        match (step, FormKind::of(step)) {
            (_, Some(kind)) => self.enter_form(kind),
            (Step::Document(_), _) => self.introduce(StepKind::Document),
            (Step::Face { .. }, _) => self.introduce(StepKind::Face),
            _ => self.stage = Stage::Consent,
        }
    }

    /// Shows the introduction of a step, or why it cannot run.
    fn introduce(&mut self, kind: StepKind) {
        self.stage = Stage::Intro(kind);
        if let Some(error) = self.engine.failure().cloned() {
            self.fail(error, AfterError::Intro(kind));
        }
    }

    /// Whether a step needs nothing more from the user: the relay holds what it makes. A face step also needs
    /// its report, which does not outlive a reload.
    fn is_met(&self, step: &Step) -> bool {
        let Some(plan) = &self.plan else { return false };
        let held = |kind| plan.received.iter().any(|capture| capture.kind == kind);
        match step {
            Step::Consent => plan.consent_given || self.gathered.consent.is_some(),
            Step::Document(step) => {
                let back = step.asks_back(self.gathered.document_kind);
                held(CaptureKind::DocumentFront) && (!back || held(CaptureKind::DocumentBack))
            }
            Step::Face { .. } => held(CaptureKind::Selfie) && self.gathered.liveness.is_some(),
            _ => plan.met.contains(&step.name()),
        }
    }

    pub(super) fn agree(&mut self) {
        let Some(plan) = &self.plan else { return };
        let consent = ConsentRecord {
            version: plan.consent.version.clone(),
            locale: self.params.locale.clone(),
            given_at_ms: self.server_ms(),
        };
        self.gathered.consent = Some(consent.clone());
        self.outbox.push(Errand::Consent(consent));
        self.save_session();
        self.index += 1;
        self.go_on();
    }
}
