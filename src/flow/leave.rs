//! Errors, cancelling, and the end.

use crate::error::{Error, ErrorKind, Stage as ErrorStage};
use crate::flow::capture::StepKind;
use crate::flow::{AfterError, Effect, Ending, Flow, Purpose, Stage, Timer};
use crate::handoff::{Announcement, is_navigable};
use crate::submission::Errand;
use idv_protocol::{Code, Reason};

impl Flow {
    /// Shows an error; `then` is what trying again does.
    pub(super) fn fail(&mut self, error: Error, then: AfterError) {
        self.pause_capture();
        if error.kind().ends_session() {
            self.do_now(Effect::Forget);
            self.do_now(Effect::ClearTimer(Timer::Session));
        }
        self.do_now(Effect::Announce(Announcement::Error(error.clone())));
        self.stage = Stage::Failed { error, then };
    }

    pub(super) fn retry_after_error(&mut self) {
        let Stage::Failed { error, then } = &self.stage else { return };
        if !error.retryable() {
            return;
        }
        match *then {
            AfterError::Nothing => {}
            AfterError::Intro(kind) => {
                self.restart_engine();
                self.stage = Stage::Intro(kind);
            }
            AfterError::Step(kind) => {
                self.restart_engine();
                self.begin(kind);
            }
            AfterError::Form(kind) => self.resume_form(kind),
            AfterError::Load => {
                self.stage = Stage::Loading;
                self.outbox.resume();
            }
            AfterError::Submit(purpose) => {
                self.stage = Stage::Submitting(purpose);
                self.outbox.resume();
            }
        }
    }

    /// The user stops, wherever the flow is.
    pub(super) fn leave(&mut self) {
        let reason = match &self.stage {
            Stage::Timeout(StepKind::Document) => Reason::DocumentNotFound,
            Stage::Timeout(StepKind::Face) => Reason::FaceNotFound,
            Stage::Consent
            | Stage::Intro(_)
            | Stage::Capture(_)
            | Stage::File
            | Stage::Form(_)
            | Stage::TryAgain(_) => Reason::UserCanceled,
            // The cancellation itself could not be sent: leave without it; the session runs out by itself.
            Stage::Failed { then: AfterError::Submit(Purpose::Cancel(reason)), .. } => {
                let reason = *reason;
                self.end_canceled(reason, None);
                return;
            }
            Stage::Failed { error, .. } if error.kind().ends_session() => {
                let reason = error.kind().cancel_reason();
                self.end_canceled(reason, None);
                return;
            }
            Stage::Failed { error, .. } => error.kind().cancel_reason(),
            Stage::Idle | Stage::Loading | Stage::Submitting(_) | Stage::Done(_) => return,
        };
        self.cancel(reason);
    }

    /// Ends the session without a submission.
    pub(super) fn cancel(&mut self, reason: Reason) {
        self.pause_capture();
        // Without a network nobody is kept waiting: the session runs out by itself.
        if self.session.is_none() || !self.online {
            self.end_canceled(reason, None);
            return;
        }
        self.outbox.replace_with(Errand::Cancel(reason));
        self.outbox.reset_progress();
        self.stage = Stage::Submitting(Purpose::Cancel(reason));
    }

    pub(super) fn end_canceled(&mut self, reason: Reason, return_url: Option<String>) {
        self.do_now(Effect::Announce(Announcement::Cancel { reason }));
        self.end(return_url, None);
    }

    /// The end: nothing runs and nothing is kept any more.
    pub(super) fn end(&mut self, return_url: Option<String>, submission_id: Option<String>) {
        self.pause_capture();
        self.outbox.clear();
        self.session = None;
        for timer in [Timer::Outbox, Timer::Engine, Timer::Look, Timer::Session] {
            self.do_now(Effect::ClearTimer(timer));
        }
        self.do_now(Effect::StopWorker);
        self.do_now(Effect::Forget);
        let return_url = return_url.filter(|url| is_navigable(url));
        self.stage = Stage::Done(Ending { return_url, submission_id });
    }

    pub(super) fn session_timed_out(&mut self) {
        if matches!(self.stage, Stage::Submitting(_)) {
            return; // On its way: the relay says whether it came in time.
        }
        self.outbox.clear();
        let kind = ErrorKind::Relay(Code::SessionExpired);
        self.fail(Error::new(kind, ErrorStage::Start), AfterError::Nothing);
    }
}
