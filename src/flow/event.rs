//! What happens to the flow.

use crate::camera::Facing;
use crate::error::Error;
use crate::flow::Entry;
use crate::submission::{Response, TransportFailure};
use crate::worker_host::WorkerEvent;
use idv_protocol::evidence::CameraUse;
use idv_protocol::seal::Jwk;
use idv_protocol::{ChallengeSet, FileProblem, InjectionSignal};
use std::fmt;
use std::rc::Rc;

/// An event. Times are the `now_ms` of [`crate::flow::Flow::step`].
#[derive(Clone, PartialEq)]
pub enum Event {
    /// Begin: exchange the token or resume, load the plan, fetch the engine.
    Start,
    /// The device key was made; `None` where the browser makes none.
    DeviceKey(Option<Jwk>),
    /// The user did something.
    Action(Action),
    /// A request was answered, or not.
    Answered {
        /// The request's number.
        id: u64,
        /// Its answer.
        answer: Result<Response, TransportFailure>,
        /// A random number from 0 to 1, for the wait before a next try.
        jitter_ratio: f64,
    },
    /// The camera is open.
    CameraOpened {
        /// Which way it faces; `None` when it does not say.
        facing: Option<Facing>,
        /// For the evidence.
        camera: CameraUse,
        /// Signs that it is no camera before a person.
        signals: Vec<InjectionSignal>,
    },
    /// The times of its frames show such a sign.
    Injection(InjectionSignal),
    /// The camera could not be opened.
    CameraFailed(Error),
    /// The open camera stopped.
    CameraEnded,
    /// The worker said something, or is gone.
    Worker(WorkerEvent),
    /// A timer ran out.
    Timer(Timer),
    /// The user handed in a file in place of a capture of the document.
    File(FileBytes),
    /// The user handed in a file that is not looked at.
    FileRefused(FileProblem),
    /// The user typed or chose something at a step without pictures.
    Entered(Entry),
    /// The browser went online or offline.
    Online(bool),
    /// The page was shown or hidden.
    Visible(bool),
}

/// The bytes of a file of the user's. `Debug` shows their number only.
#[derive(Clone, PartialEq, Eq)]
pub struct FileBytes(pub Rc<[u8]>);

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({})", self.0.len())
    }
}

/// What the user can do. Which of them a screen offers is the flow's to know; others change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Agree to the terms.
    Agree,
    /// Refuse the terms: ends the session.
    Refuse,
    /// Begin the step that an introduction describes.
    Begin,
    /// Choose the set of actions that the challenge is drawn from.
    Choose(ChallengeSet),
    /// Take the picture of the document now, as it is.
    Shoot,
    /// Send another code.
    Resend,
    /// Correct the personal data: the code went to a wrong number.
    Correct,
    /// Look whether it was signed.
    Check,
    /// Choose another way to sign.
    Change,
    /// Try again: after a timeout, an error, or a failed attempt.
    Retry,
    /// Stop the verification.
    Cancel,
    /// Leave at an error.
    Leave,
}

impl Action {
    /// The action of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "agree" => Self::Agree,
            "refuse" => Self::Refuse,
            "begin" => Self::Begin,
            "shoot" => Self::Shoot,
            "resend" => Self::Resend,
            "correct" => Self::Correct,
            "check" => Self::Check,
            "change" => Self::Change,
            "retry" => Self::Retry,
            "cancel" => Self::Cancel,
            "leave" => Self::Leave,
            _ => Self::Choose(ChallengeSet::ALL.into_iter().find(|set| set.code() == name)?),
        })
    }
}

/// Timers of the flow; setting one again moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timer {
    /// The capture step found nothing in its time.
    Step,
    /// A request is due.
    Outbox,
    /// The engine is to be started again.
    Engine,
    /// The signature is to be looked at.
    Look,
    /// The session is over.
    Session,
}
