//! What the flow wants done.

use crate::camera::Facing;
use crate::flow::{FileBytes, Timer};
use crate::handoff::Announcement;
use crate::submission::{Kept, Request};
use idv_protocol::worker::ToWorker;

/// One thing to do, in the order given.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Close any open camera, then open one that faces this way, if there is one.
    OpenCamera {
        /// The wish.
        facing: Facing,
    },
    /// Close the camera.
    CloseCamera,
    /// Hand frames to the worker from now on.
    StartFrames,
    /// Hand no more frames to the worker.
    StopFrames,
    /// Throw away any worker and start a new one.
    StartWorker,
    /// Throw away the worker.
    StopWorker,
    /// Post a message to the worker.
    Worker(ToWorker),
    /// Post a file to the worker, as [`ToWorker::File`].
    File(FileBytes),
    /// Make a device key; [`crate::flow::Event::DeviceKey`] says which.
    MakeKey,
    /// Send a request; what is to be signed in it is signed by the device key.
    Http(Request),
    /// Keep this for a reload, in the place of what was kept before.
    Keep(Kept),
    /// Forget what was kept.
    Forget,
    /// Set a timer, in ms from now.
    SetTimer {
        /// Which one.
        timer: Timer,
        /// When.
        after_ms: f64,
    },
    /// Stop a timer.
    ClearTimer(Timer),
    /// Tell the host app.
    Announce(Announcement),
}
