//! The code that is sent to the phone.

use super::{FormKind, Stage};
use crate::flow::Flow;
use crate::submission::Errand;
use idv_protocol::Step;

impl Flow {
    pub(super) fn send_code(&mut self) {
        let key = self.next_key();
        self.hand_in(Errand::SendOtp { key });
    }

    /// Another code, once its time has come or the tries for the last one are used up.
    pub(super) fn resend_code(&mut self) {
        let due = self.forms.otp.is_none_or(|otp| self.now_ms >= otp.resend_at_ms || otp.tries_left == 0);
        if due && !self.forms.busy {
            self.send_code();
        }
    }

    /// Back to the personal data: the number may be wrong. They are typed anew, since nothing of them is kept.
    pub(super) fn correct_person(&mut self) {
        let Some(plan) = &self.plan else { return };
        let person = plan.steps.iter().position(|step| matches!(step, Step::Person(_)));
        let Some(index) = person.filter(|_| !self.forms.busy) else { return };
        self.index = index;
        self.forms.phone_end = None;
        self.forms.problem = None;
        self.stage = Stage::Form(FormKind::Person);
    }
}
