//! The device key: made with the first screen, registered with each plan of a session that does not know it.

use crate::error::ErrorKind;
use crate::flow::Flow;
use crate::submission::{Errand, Jpeg};
use idv_protocol::seal::Jwk;
use idv_protocol::{CaptureKind, Plan};
use idv_seal::jose::{SealTo, thumbprint};

/// Where the device key is.
pub(super) enum Key {
    /// It is being made. A plan that comes before it waits.
    Unknown,
    Waited(Box<Plan>),
    Made {
        thumbprint: String,
        registered: bool,
    },
}

impl Flow {
    pub(super) fn key_made(&mut self, jwk: Option<Jwk>) {
        let Some(thumbprint) = jwk.as_ref().and_then(thumbprint) else {
            return self.fail_at_start(ErrorKind::InsecureContext);
        };
        let before = std::mem::replace(&mut self.key, Key::Made { thumbprint, registered: false });
        if let Key::Waited(plan) = before {
            self.plan_loaded(*plan);
        }
    }

    /// The plan, unless it has to wait for the key.
    pub(super) fn plan_with_key(&mut self, plan: Plan) -> Option<Plan> {
        match self.key {
            Key::Made { .. } => Some(plan),
            Key::Unknown | Key::Waited(_) => {
                self.key = Key::Waited(Box::new(plan));
                None
            }
        }
    }

    /// Has the key registered for the attempt of `plan`, unless the session knows it.
    pub(super) fn register_key(&mut self, plan: &Plan) {
        if let Key::Made { registered: false, .. } = self.key {
            self.outbox
                .push(Errand::DeviceKey { session_id: plan.session_id.clone(), nonce: plan.nonce.clone() });
        }
    }

    pub(super) fn key_registered(&mut self, now: bool) {
        if let Key::Made { registered, .. } = &mut self.key {
            *registered = now;
        }
    }

    pub(super) fn key_thumbprint(&self) -> String {
        match &self.key {
            Key::Made { thumbprint, .. } => thumbprint.clone(),
            Key::Unknown | Key::Waited(_) => String::new(),
        }
    }

    /// What bodies of the open attempt are sealed to: a capture of `kind`, or frames.
    pub(super) fn seal_to(&self, kind: Option<CaptureKind>) -> Option<Box<SealTo>> {
        let plan = self.plan.as_deref()?;
        Some(Box::new(SealTo {
            verifier: plan.verifier.clone(),
            session: plan.session_id.clone(),
            attempt: plan.attempt,
            kind,
        }))
    }

    /// The server's time in ms since 1970: that of the plan, carried on by the page's own clock. A device whose clock is
    /// wrong is in time.
    pub(super) fn server_ms(&self) -> u64 {
        let issued_ms = self.plan.as_ref().map_or(0, |plan| plan.issued_at_ms);
        issued_ms.saturating_add((self.now_ms - self.plan_at_ms).max(0.0) as u64)
    }

    /// Hands over frames.
    pub(super) fn post_frames(&mut self, bytes: Jpeg) {
        if let Some(to) = self.seal_to(None) {
            self.outbox.push(Errand::Frames { bytes, to });
        }
    }
}
