//! Submitting: answers of the relay, completion, another attempt.

use crate::error::{Error, ErrorKind};
use crate::evidence::Signing;
use crate::flow::{AfterError, Effect, Flow, Purpose, RetryNotice, Stage, Timer};
use crate::handoff::Announcement;
use crate::submission::{Delivery, Errand, Response, Settled, TransportFailure};
use idv_protocol::{Code, Plan, Receipt};

/// Plans asked for in a row because the relay says that a step is not due.
const MAX_RELOADS: u32 = 2;

/// Difference in ms below which a timer is not moved.
const TIMER_SLACK_MS: f64 = 1.0;

impl Flow {
    pub(super) fn answered(
        &mut self,
        id: u64,
        answer: Result<Response, TransportFailure>,
        jitter_ratio: f64,
    ) {
        match self.outbox.answered(id, answer, jitter_ratio, self.now_ms) {
            Settled::Nothing => {}
            Settled::Delivered(Delivery::Session(session)) => self.session_begun(session),
            Settled::Delivered(Delivery::Plan(plan)) => self.plan_loaded(*plan),
            Settled::Delivered(Delivery::Consent) => {}
            Settled::Delivered(Delivery::DeviceKey) => self.key_registered(true),
            Settled::Delivered(Delivery::Capture(kind)) => {
                if kind.side().is_some() {
                    self.save_session();
                }
            }
            Settled::Delivered(Delivery::Receipt(receipt)) => self.receipt(receipt),
            Settled::Delivered(Delivery::Entry(reply)) => self.entry_answered(reply),
            Settled::Delivered(Delivery::Fields(errors)) => self.fields_refused(errors),
            Settled::Failed(error) => self.request_failed(error),
        }
    }

    /// Sends what is due, or sets the timer for it.
    pub(super) fn send_due(&mut self) {
        if let Some(request) = self.outbox.due(self.now_ms) {
            self.do_now(Effect::Http(request));
            return;
        }
        let Some(after_ms) = self.outbox.wait_ms(self.now_ms) else { return };
        let at_ms = self.now_ms + after_ms;
        if self.outbox_timer_at_ms.is_none_or(|set_ms| (set_ms - at_ms).abs() > TIMER_SLACK_MS) {
            self.outbox_timer_at_ms = Some(at_ms);
            self.do_now(Effect::SetTimer { timer: Timer::Outbox, after_ms });
        }
    }

    /// Every step is met: hands over the manifest behind the captures that still wait.
    pub(super) fn complete(&mut self, plan: &Plan) {
        let signing = Signing {
            device_key: self.key_thumbprint(),
            at_ms: self.server_ms(),
            build: self.params.engine.build.clone(),
        };
        let evidence = self.gathered.evidence(plan, &self.params.locale, signing);
        self.stage = Stage::Submitting(Purpose::Complete);
        if self.outbox.is_stalled() {
            self.outbox.resume();
        }
        self.outbox.push(Errand::Complete(Box::new(evidence)));
    }

    fn receipt(&mut self, receipt: Receipt) {
        let Stage::Submitting(purpose) = self.stage else { return };
        match (purpose, receipt) {
            (Purpose::Complete, receipt) => self.end_attempt(receipt),
            (Purpose::Cancel(reason), Receipt::Received { return_url, .. }) => {
                self.end_canceled(reason, Some(return_url));
            }
            (Purpose::Cancel(reason), Receipt::Retry { .. } | Receipt::Frames { .. }) => {
                self.end_canceled(reason, None);
            }
        }
    }

    /// The attempt is over: there is another one, or everything was received; or frames of it are asked for.
    pub(super) fn end_attempt(&mut self, receipt: Receipt) {
        match receipt {
            Receipt::Retry { reason, attempts_left } => {
                self.stage = Stage::TryAgain(RetryNotice { reason, attempts_left });
            }
            Receipt::Received { submission_id, return_url } => {
                let announcement = Announcement::Submitted { submission_id: submission_id.clone() };
                self.do_now(Effect::Announce(announcement));
                self.end(Some(return_url), Some(submission_id));
            }
            Receipt::Frames { indices } => self.open_frames(&indices),
        }
    }

    fn request_failed(&mut self, error: Error) {
        let then = match self.stage {
            Stage::Loading => AfterError::Load,
            Stage::Submitting(purpose) => AfterError::Submit(purpose),
            _ => self.form_failure(error.kind()),
        };
        match (error.kind(), then) {
            // The session has ended already: that is what was asked for.
            (kind, AfterError::Submit(Purpose::Cancel(reason))) if kind.ends_session() => {
                self.end_canceled(reason, None);
            }
            (ErrorKind::Relay(Code::OutOfOrder), _) if self.reloads < MAX_RELOADS => {
                self.reloads += 1;
                self.pause_capture();
                // The relay may know another key.
                self.key_registered(false);
                self.load_plan();
            }
            // In the background the user is not disturbed: it is tried again when the step is over.
            (_, AfterError::Nothing) if error.retryable() => {}
            _ => self.fail(error, then),
        }
    }
}
