//! The queue of errands: one in flight, retried with backoff, paused while offline.

use crate::error::{Error, ErrorKind, Stage};
use crate::submission::backoff::{MAX_RETRY_AFTER_MS, MAX_TRIES, delay_ms};
use crate::submission::request::{Errand, Request};
use crate::submission::response::{self, Delivery, Response, TransportFailure};
use idv_protocol::Code;
use std::collections::VecDeque;

/// Errands in order, the first of which may be in flight.
pub struct Outbox {
    bearer: Option<String>,
    queue: VecDeque<Entry>,
    in_flight: Option<InFlight>,
    next_id: u64,
    not_before_ms: f64,
    online: bool,
    stalled: bool,
    delivered_bytes: u64,
}

struct Entry {
    errand: Errand,
    tries: u32,
    /// A try broke, so that the relay may hold this capture: ask before sending it again.
    ask_first: bool,
}

struct InFlight {
    id: u64,
    /// True when the plan is asked for what the relay holds, on behalf of the first entry.
    asking: bool,
}

/// What an answer settled.
#[derive(Clone, Debug, PartialEq)]
pub enum Settled {
    /// Nothing: a stale answer, or the errand will be tried again.
    Nothing,
    /// The first errand is done.
    Delivered(Delivery),
    /// The first errand cannot be done now; it stays, and [`Outbox::resume`] tries it again.
    Failed(Error),
}

impl Outbox {
    /// An empty outbox.
    pub fn new(online: bool) -> Self {
        Self {
            bearer: None,
            queue: VecDeque::new(),
            in_flight: None,
            next_id: 1,
            not_before_ms: 0.0,
            online,
            stalled: false,
            delivered_bytes: 0,
        }
    }

    /// Sets the session token that later requests carry.
    pub fn set_bearer(&mut self, token: Option<String>) {
        self.bearer = token;
    }

    /// Puts an errand at the end.
    pub fn push(&mut self, errand: Errand) {
        self.queue.push_back(Entry { errand, tries: 0, ask_first: false });
    }

    /// Drops everything, also what is in flight, and does this errand instead.
    pub fn replace_with(&mut self, errand: Errand) {
        self.clear();
        self.push(errand);
    }

    /// Drops everything; the answer to what is in flight will be ignored.
    pub fn clear(&mut self) {
        self.queue.clear();
        self.in_flight = None;
        self.stalled = false;
        self.not_before_ms = 0.0;
    }

    /// Tries again at once, with as many tries as at first.
    pub fn resume(&mut self) {
        self.stalled = false;
        self.not_before_ms = 0.0;
        if let Some(first) = self.queue.front_mut() {
            first.tries = 0;
        }
    }

    /// True when the first errand failed for good, until [`Outbox::resume`].
    pub fn is_stalled(&self) -> bool {
        self.stalled
    }

    /// Says whether the browser is online. Coming online tries again at once.
    pub fn set_online(&mut self, online: bool) {
        if online && !self.online {
            self.resume();
        }
        self.online = online;
    }

    /// Share of the bytes that are delivered, 0 to 1.
    pub fn progress_ratio(&self) -> f32 {
        let waiting: u64 = self.queue.iter().map(|entry| entry.errand.weight_bytes()).sum();
        let total = waiting + self.delivered_bytes;
        if total == 0 { 0.0 } else { self.delivered_bytes as f32 / total as f32 }
    }

    /// Counts progress from zero again.
    pub fn reset_progress(&mut self) {
        self.delivered_bytes = 0;
    }

    /// The request to send now, if one is due.
    pub fn due(&mut self, now_ms: f64) -> Option<Request> {
        if self.in_flight.is_some() || self.stalled || !self.online || now_ms < self.not_before_ms {
            return None;
        }
        let first = self.queue.front()?;
        let asking = first.ask_first;
        let id = self.next_id;
        let bearer = self.bearer.as_deref();
        let request =
            if asking { Errand::Plan.request(id, bearer) } else { first.errand.request(id, bearer) };
        match request {
            Ok(request) => {
                self.next_id += 1;
                self.in_flight = Some(InFlight { id, asking });
                Some(request)
            }
            Err(_) => {
                self.stalled = true;
                None
            }
        }
    }

    /// When [`Outbox::due`] is worth calling again, in ms from now; `None` while it waits for something else.
    pub fn wait_ms(&self, now_ms: f64) -> Option<f64> {
        let waiting = !self.queue.is_empty() && self.in_flight.is_none() && self.online && !self.stalled;
        waiting.then(|| (self.not_before_ms - now_ms).max(0.0))
    }

    /// Takes the answer to request `id`. `jitter_ratio` is a random number from 0 to 1.
    pub fn answered(
        &mut self,
        id: u64,
        answer: Result<Response, TransportFailure>,
        jitter_ratio: f64,
        now_ms: f64,
    ) -> Settled {
        let asking = match &self.in_flight {
            Some(in_flight) if in_flight.id == id => in_flight.asking,
            _ => return Settled::Nothing,
        };
        self.in_flight = None;
        let Some(first) = self.queue.front_mut() else { return Settled::Nothing };
        let (error, retry_after_ms) = match answer {
            Err(failure) => {
                first.ask_first = matches!(first.errand, Errand::Capture { .. });
                (failure.error(response::stage_of(&first.errand)), None)
            }
            Ok(answer) if asking => match response::read_plan(&answer, Stage::Submission) {
                Ok(plan) => return self.asked(&plan),
                Err(error) => (error, answer.retry_after_ms),
            },
            Ok(answer) => match response::read(&first.errand, &answer) {
                Ok(delivery) => return self.delivered(delivery),
                Err(error) => (error, answer.retry_after_ms),
            },
        };
        self.failed(error, retry_after_ms, jitter_ratio, now_ms)
    }

    /// The plan says what the relay holds: drop the first capture if it is there, else send it.
    fn asked(&mut self, plan: &idv_protocol::Plan) -> Settled {
        let Some(first) = self.queue.front_mut() else { return Settled::Nothing };
        first.ask_first = false;
        match &first.errand {
            Errand::Capture { meta, .. }
                if plan.received.iter().any(|held| held.kind == meta.kind && held.sha256 == meta.sha256) =>
            {
                let kind = meta.kind;
                self.delivered(Delivery::Capture(kind))
            }
            _ => Settled::Nothing,
        }
    }

    fn delivered(&mut self, delivery: Delivery) -> Settled {
        if let Some(done) = self.queue.pop_front() {
            self.delivered_bytes += done.errand.weight_bytes();
        }
        self.not_before_ms = 0.0;
        Settled::Delivered(delivery)
    }

    fn failed(
        &mut self,
        error: Error,
        retry_after_ms: Option<f64>,
        jitter_ratio: f64,
        now_ms: f64,
    ) -> Settled {
        let online = self.online;
        let Some(first) = self.queue.front_mut() else { return Settled::Nothing };
        // Bytes that were damaged on the way arrive whole the next time.
        let damaged = error.kind() == ErrorKind::Relay(Code::DigestMismatch)
            && matches!(first.errand, Errand::Capture { .. } | Errand::Frames { .. });
        if !online && error.kind() == ErrorKind::NetworkLost {
            return Settled::Nothing; // Not a try: it waits until the browser is online.
        }
        first.tries += 1;
        let wait_ms = retry_after_ms.unwrap_or(0.0).max(delay_ms(first.tries, jitter_ratio));
        let retryable = error.retryable() || damaged;
        if !retryable || first.tries >= MAX_TRIES || wait_ms > MAX_RETRY_AFTER_MS {
            self.stalled = true;
            return Settled::Failed(error);
        }
        self.not_before_ms = now_ms + wait_ms;
        Settled::Nothing
    }
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
