//! The steps without pictures: something is typed, or done in another app.
//!
//! In: what the user typed or chose, answers of the relay. Out: errands, and what the screens show of each step. Rule:
//! what is typed lives in the errand that carries it, and is gone with its delivery; the user's own clock decides
//! nothing, and a look at a signature only asks.

mod otp;
mod signature;

use crate::error::ErrorKind;
use crate::flow::{Action, AfterError, Flow, Stage};
use crate::submission::Errand;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{
    EntryAnswer, EntryProblem, EntryReply, FieldError, OtpSent, PersonField, PersonForm, PersonStep, Plan,
    Receipt, SignatureTrigger, SignatureWait, Step,
};
use sha2::{Digest, Sha256};
use std::fmt;

/// Bytes of an idempotency key: 128 bits of a digest over the page's own random key.
const KEY_BYTES: usize = 16;

/// Digits of the phone that are shown again, so that a slip of the finger is seen.
const SHOWN_DIGITS: usize = 2;

/// The steps without pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::flow) enum FormKind {
    Person,
    Otp,
    Secret,
    Signature,
}

impl FormKind {
    /// The kind of a step, where it is one without pictures.
    pub(in crate::flow) fn of(step: &Step) -> Option<Self> {
        match step {
            Step::Person(_) => Some(Self::Person),
            Step::Otp(_) => Some(Self::Otp),
            Step::Secret(_) => Some(Self::Secret),
            Step::Signature(_) => Some(Self::Signature),
            Step::Consent | Step::Document(_) | Step::Face { .. } => None,
        }
    }
}

/// What the user hands in. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub enum Entry {
    /// Personal data, as they were typed.
    Person(PersonForm),
    /// The code that was sent.
    Code(String),
    /// The document's secret.
    Secret(String),
    /// The way to the app that signs.
    Signature(SignatureTrigger),
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Person(_) => "Person(..)",
            Self::Code(_) => "Code(..)",
            Self::Secret(_) => "Secret(..)",
            Self::Signature(_) => "Signature",
        })
    }
}

/// What the flow knows of the steps without pictures.
#[derive(Clone, Debug, Default)]
pub(in crate::flow) struct Forms {
    /// The answer to what was handed in is waited for.
    pub busy: bool,
    /// Fields that cannot be right.
    pub field_errors: Vec<FieldError>,
    /// Why a code or a secret was not taken.
    pub problem: Option<EntryProblem>,
    /// The code that was sent.
    pub otp: Option<OtpSeen>,
    /// The last digits of the phone that was typed, in this load of the page.
    pub phone_end: Option<String>,
    /// Tries left for the secret; none before the first answer.
    pub secret_tries_left: Option<u32>,
    /// The signature that is waited for.
    pub signature: Option<SignatureSeen>,
    /// A look at the signature is under way.
    pub looking: bool,
    /// Keys made in this load of the page.
    keys: u32,
}

/// A code that was sent; times on the flow's clock.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::flow) struct OtpSeen {
    pub expires_at_ms: f64,
    pub resend_at_ms: f64,
    pub tries_left: u32,
    pub sends_left: u32,
}

/// A signature that is waited for; times on the flow's clock.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::flow) struct SignatureSeen {
    pub wait: SignatureWait,
    pub expires_at_ms: f64,
}

impl OtpSeen {
    fn new(sent: OtpSent, now_ms: f64) -> Self {
        Self {
            expires_at_ms: now_ms + sent.expires_in_ms as f64,
            resend_at_ms: now_ms + sent.resend_in_ms as f64,
            tries_left: sent.tries_left,
            sends_left: sent.sends_left,
        }
    }
}

impl SignatureSeen {
    fn new(wait: SignatureWait, now_ms: f64) -> Self {
        let expires_at_ms = now_ms + wait.expires_in_ms as f64;
        Self { wait, expires_at_ms }
    }
}

impl Flow {
    /// Takes over how the steps without pictures stand in a new plan.
    pub(in crate::flow) fn begin_forms(&mut self, plan: &Plan) {
        self.forms = Forms {
            otp: plan.otp.map(|sent| OtpSeen::new(sent, self.now_ms)),
            secret_tries_left: plan.secret_tries_left,
            signature: plan.signature.clone().map(|wait| SignatureSeen::new(wait, self.now_ms)),
            phone_end: self.forms.phone_end.take(),
            keys: self.forms.keys,
            ..Forms::default()
        };
    }

    /// Comes to a step without pictures.
    pub(in crate::flow) fn enter_form(&mut self, kind: FormKind) {
        self.stage = Stage::Form(kind);
        self.forms.problem = None;
        self.forms.field_errors.clear();
        match kind {
            FormKind::Otp if self.forms.otp.is_none() => self.send_code(),
            FormKind::Signature if self.forms.signature.is_some() => self.look_later(),
            _ => {}
        }
    }

    pub(in crate::flow) fn person_step(&self) -> Option<&PersonStep> {
        match self.current_step() {
            Some(Step::Person(step)) => Some(step),
            _ => None,
        }
    }

    /// The user hands something in.
    pub(in crate::flow) fn entered(&mut self, entry: Entry) {
        let Stage::Form(kind) = self.stage else { return };
        if self.forms.busy {
            return;
        }
        match (entry, kind) {
            (Entry::Person(form), FormKind::Person) => self.person_entered(&form),
            (Entry::Code(code), FormKind::Otp) => {
                let key = self.next_key();
                self.hand_in(Errand::VerifyOtp { key, code });
            }
            (Entry::Secret(secret), FormKind::Secret) => {
                let key = self.next_key();
                self.hand_in(Errand::Secret { key, secret });
            }
            (Entry::Signature(trigger), FormKind::Signature) => self.ask_for_signature(trigger),
            _ => {}
        }
    }

    /// What the user does at these steps besides.
    pub(in crate::flow) fn act_in_form(&mut self, action: Action, kind: FormKind) {
        match (action, kind) {
            (Action::Resend, FormKind::Otp) => self.resend_code(),
            (Action::Correct, FormKind::Otp) => self.correct_person(),
            (Action::Check, FormKind::Signature) => self.look_now(),
            (Action::Change, FormKind::Signature) => self.change_way(),
            _ => {}
        }
    }

    /// A form whose fields cannot be right is not sent: the relay would say the same.
    fn person_entered(&mut self, form: &PersonForm) {
        let Some(plan) = &self.plan else { return };
        let today = CalendarDate::of_unix_ms(plan.issued_at_ms);
        let Some(step) = self.person_step() else { return };
        match form.checked(step, today) {
            Err(errors) => self.forms.field_errors = errors,
            Ok(checked) => {
                let phone = checked.text(PersonField::Phone);
                let end = phone.get(phone.len().saturating_sub(SHOWN_DIGITS)..).unwrap_or_default();
                self.forms.phone_end = (!end.is_empty()).then(|| end.to_owned());
                self.forms.field_errors.clear();
                let key = self.next_key();
                self.hand_in(Errand::Person { key, form: checked });
            }
        }
    }

    fn hand_in(&mut self, errand: Errand) {
        self.forms.busy = true;
        self.forms.problem = None;
        self.outbox.push(errand);
    }

    /// A key that no other press has.
    fn next_key(&mut self) -> String {
        self.forms.keys += 1;
        let mut digest = Sha256::new_with_prefix(b"idempotency-key");
        digest.update(self.params.page_key);
        digest.update(self.forms.keys.to_be_bytes());
        hex::encode(digest.finalize().get(..KEY_BYTES).unwrap_or_default())
    }

    /// The relay found fields that cannot be right: its day may be another than the plan's.
    pub(in crate::flow) fn fields_refused(&mut self, errors: Vec<FieldError>) {
        if self.stage == Stage::Form(FormKind::Person) {
            self.forms.busy = false;
            self.forms.field_errors = errors;
        }
    }

    /// The relay answered a step without pictures.
    pub(in crate::flow) fn entry_answered(&mut self, reply: EntryReply) {
        let looked = std::mem::take(&mut self.forms.looking);
        let Stage::Form(kind) = self.stage else { return };
        if looked && self.forms.busy {
            // Another way was chosen while this look was under way: what is still asked for is void where it is over.
            if matches!(reply, EntryReply::Answer(EntryAnswer::Waiting(_))) {
                return;
            }
            self.outbox.clear();
        }
        match reply {
            EntryReply::Answer(answer) => self.form_answered(kind, answer),
            EntryReply::Receipt(receipt) => self.form_ended(receipt),
        }
    }

    fn form_answered(&mut self, kind: FormKind, answer: EntryAnswer) {
        match answer {
            EntryAnswer::Accepted => {
                self.forms.busy = false;
                self.reloads = 0;
                self.stop_looking();
                if kind == FormKind::Person {
                    // What was sent to another number, or for another person, is void.
                    self.forms.otp = None;
                }
                self.index += 1;
                self.go_on();
            }
            EntryAnswer::Sent(sent) => {
                self.forms.busy = false;
                self.forms.problem = None;
                self.forms.otp = Some(OtpSeen::new(sent, self.now_ms));
            }
            EntryAnswer::Wrong { problem, tries_left } => {
                self.forms.busy = false;
                self.forms.problem = Some(problem);
                match (kind, &mut self.forms.otp) {
                    (FormKind::Otp, Some(otp)) => otp.tries_left = tries_left,
                    (FormKind::Secret, _) => self.forms.secret_tries_left = Some(tries_left),
                    _ => {}
                }
            }
            EntryAnswer::Waiting(wait) => self.signature_waits(wait),
        }
    }

    /// The attempt ended at this step.
    fn form_ended(&mut self, receipt: Receipt) {
        self.forms.busy = false;
        self.stop_looking();
        self.end_attempt(receipt);
    }

    /// A request of these steps failed for good or for now: what trying again does.
    pub(in crate::flow) fn form_failure(&mut self, kind: ErrorKind) -> AfterError {
        match self.stage {
            Stage::Form(form) if self.forms.busy => AfterError::Form(form),
            Stage::Form(FormKind::Signature) if self.forms.looking => {
                self.forms.looking = false;
                if kind.retryable() {
                    // The next look may come through; this one is not worth a word.
                    self.outbox.clear();
                    self.look_later();
                }
                AfterError::Nothing
            }
            _ => AfterError::Nothing,
        }
    }

    /// Goes back to a step whose request is sent again.
    pub(in crate::flow) fn resume_form(&mut self, kind: FormKind) {
        self.stage = Stage::Form(kind);
        self.forms.busy = true;
        self.outbox.resume();
    }
}
