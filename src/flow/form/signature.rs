//! The signature in another app: chosen, waited for, looked at.

use super::{FormKind, SignatureSeen, Stage};
use crate::flow::{Effect, Flow, Timer};
use crate::submission::Errand;
use idv_protocol::{SignatureTrigger, SignatureWait, Step};

impl Flow {
    pub(super) fn ask_for_signature(&mut self, trigger: SignatureTrigger) {
        let offered =
            matches!(self.current_step(), Some(Step::Signature(step)) if step.triggers.contains(&trigger));
        if offered {
            let key = self.next_key();
            self.hand_in(Errand::StartSignature { key, trigger });
        }
    }

    pub(super) fn signature_waits(&mut self, wait: SignatureWait) {
        // Otherwise the user went back to the choice while the answer was on its way.
        if self.forms.busy || self.forms.signature.is_some() {
            self.forms.busy = false;
            self.forms.signature = Some(SignatureSeen::new(wait, self.now_ms));
            self.look_later();
        }
    }

    /// Looks after the plan's time, while the page is shown: behind it nobody waits.
    pub(super) fn look_later(&mut self) {
        let Some(Step::Signature(step)) = self.current_step() else { return };
        let after_ms = f64::from(step.poll_after_ms);
        if self.visible {
            self.do_now(Effect::SetTimer { timer: Timer::Look, after_ms });
        }
    }

    /// Looks whether it was signed. It only asks: the relay reads the result.
    pub(in crate::flow) fn look_now(&mut self) {
        let waiting = self.stage == Stage::Form(FormKind::Signature) && self.forms.signature.is_some();
        if waiting && !self.forms.looking && !self.forms.busy {
            self.forms.looking = true;
            self.do_now(Effect::ClearTimer(Timer::Look));
            self.outbox.push(Errand::CheckSignature);
        }
    }

    /// Back to the choice of the way.
    pub(super) fn change_way(&mut self) {
        if !self.forms.busy {
            self.stop_looking();
        }
    }

    pub(super) fn stop_looking(&mut self) {
        if self.forms.signature.take().is_some() {
            self.do_now(Effect::ClearTimer(Timer::Look));
        }
    }
}
