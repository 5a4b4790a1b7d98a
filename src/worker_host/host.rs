//! One worker: its messages, its one frame in flight, its silence.

use crate::browser::{self, Listener, Timeout};
use crate::worker_host::script::start_worker;
use crate::worker_host::{ANSWER_TIMEOUT_MS, FILE_TIMEOUT_MS, LOAD_SILENCE_MS, WorkerEvent};
use idv_protocol::worker::{FromWorker, ToWorker};
use js_sys::{Array, ArrayBuffer, Reflect, Uint8Array};
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{ImageBitmap, MessageEvent, Worker};

/// A running worker. Dropping it terminates it.
pub struct WorkerHost {
    shared: Rc<Shared>,
    _listeners: Vec<Listener>,
}

struct Shared {
    worker: Worker,
    on_event: Box<dyn Fn(WorkerEvent)>,
    seq: Cell<u32>,
    state: Cell<State>,
    watch: RefCell<Option<Timeout>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No message yet.
    New,
    Loading,
    Free,
    /// Owes the answer to a frame.
    Busy,
    /// Reported as lost: says nothing more.
    Lost,
}

impl WorkerHost {
    /// Starts the worker at `url`; `on_event` gets everything it says. Fails with the cause, for developers,
    /// when the browser refuses the script.
    pub fn start(url: &str, on_event: impl Fn(WorkerEvent) + 'static) -> Result<Self, &'static str> {
        let worker = start_worker(url)?;
        let shared = Rc::new(Shared {
            worker: worker.clone(),
            on_event: Box::new(on_event),
            seq: Cell::new(0),
            state: Cell::new(State::New),
            watch: RefCell::new(None),
        });
        let mut listeners = Vec::new();
        for name in ["message", "messageerror", "error"] {
            let weak = Rc::downgrade(&shared);
            let listener = Listener::new(&worker, name, move |event| {
                let Some(shared) = weak.upgrade() else { return };
                match event.dyn_ref::<MessageEvent>() {
                    Some(message) if name == "message" => shared.message(&message.data()),
                    _ => shared.lost("the worker raised an error"),
                }
            });
            listeners.extend(listener);
        }
        shared.watch(LOAD_SILENCE_MS);
        Ok(Self { shared, _listeners: listeners })
    }

    /// Posts a message without bytes.
    pub fn post(&self, message: &ToWorker) {
        let shared = &self.shared;
        let posted = plain(message).and_then(|value| shared.worker.post_message(&value).ok());
        if posted.is_none() {
            shared.lost("a message could not be posted");
        } else if matches!(message, ToWorker::OpenFrames { .. }) {
            shared.state.set(State::Busy);
            shared.watch(ANSWER_TIMEOUT_MS);
        }
    }

    /// Posts a file, whose bytes are copied and the copy transferred.
    pub fn post_file(&self, bytes: &[u8]) {
        let shared = &self.shared;
        let buffer = Uint8Array::from(bytes).buffer();
        let posted = plain(&ToWorker::File).and_then(|value| {
            Reflect::set(&value, &"bytes".into(), &buffer).ok()?;
            shared.worker.post_message_with_transfer(&value, &Array::of1(&buffer)).ok()
        });
        if posted.is_some() {
            shared.state.set(State::Busy);
            shared.watch(FILE_TIMEOUT_MS);
        } else {
            shared.lost("a file could not be posted");
        }
    }

    /// Whether a frame would be taken now.
    pub fn is_free(&self) -> bool {
        self.shared.state.get() == State::Free
    }

    /// Posts a frame, whose bitmap is transferred. It must be free.
    pub fn post_frame(&self, bitmap: &ImageBitmap, at_ms: f64) {
        let shared = &self.shared;
        shared.seq.set(shared.seq.get().wrapping_add(1));
        let message = ToWorker::Frame { seq: shared.seq.get(), at_ms };
        let posted = plain(&message).and_then(|value| {
            Reflect::set(&value, &"bitmap".into(), bitmap).ok()?;
            shared.worker.post_message_with_transfer(&value, &Array::of1(bitmap)).ok()
        });
        if posted.is_some() {
            shared.state.set(State::Busy);
            shared.watch(ANSWER_TIMEOUT_MS);
        } else {
            bitmap.close();
            shared.lost("a frame could not be posted");
        }
    }
}

impl Drop for WorkerHost {
    fn drop(&mut self) {
        self.shared.state.set(State::Lost);
        self.shared.watch.borrow_mut().take();
        self.shared.worker.terminate();
    }
}

impl Shared {
    fn message(self: &Rc<Self>, data: &JsValue) {
        if self.state.get() == State::Lost {
            return;
        }
        // Taken out first: the rest is small and read as plain data.
        let [jpeg, pixels] = ["jpeg", "pixels"].map(|name| {
            let bytes = browser::member(data, name);
            let _ = Reflect::delete_property(data.unchecked_ref::<js_sys::Object>(), &name.into());
            bytes
        });
        let Ok(message) = serde_wasm_bindgen::from_value::<FromWorker>(data.clone()) else {
            self.lost("a message could not be read");
            return;
        };
        match &message {
            FromWorker::Progress { .. } => {
                self.state.set(State::Loading);
                self.watch(LOAD_SILENCE_MS);
            }
            FromWorker::Ready { .. }
            | FromWorker::Document { .. }
            | FromWorker::Face { .. }
            | FromWorker::Frames { .. }
            | FromWorker::File { .. } => {
                self.free();
            }
            FromWorker::Failed { code, .. } if code == "bad_frame" => self.free(),
            FromWorker::Failed { .. } => self.end(),
            FromWorker::Capture { .. } => {}
        }
        let event = match message {
            FromWorker::Capture { meta } => match bytes(&jpeg) {
                Some(jpeg) => WorkerEvent::Capture { meta, jpeg },
                None => {
                    self.lost("a capture came without its bytes");
                    return;
                }
            },
            FromWorker::Frames { frames } => match bytes(&pixels) {
                Some(pixels) => WorkerEvent::Frames { frames, pixels },
                // Nothing is there any more.
                None => WorkerEvent::Frames { frames: Vec::new(), pixels: Rc::new([]) },
            },
            message => WorkerEvent::Message(message),
        };
        (self.on_event)(event);
    }

    fn free(&self) {
        self.state.set(State::Free);
        self.watch.borrow_mut().take();
    }

    fn end(&self) {
        self.state.set(State::Lost);
        self.watch.borrow_mut().take();
    }

    fn lost(&self, cause: &'static str) {
        self.report(cause, self.state.get() == State::New);
    }

    /// Silence while the engine is fetched is a download that stalls: it has not started, rather than broken.
    fn silent(&self) {
        self.report("the worker does not answer", matches!(self.state.get(), State::New | State::Loading));
    }

    fn report(&self, cause: &'static str, not_started: bool) {
        if self.state.get() == State::Lost {
            return;
        }
        self.end();
        (self.on_event)(if not_started {
            WorkerEvent::NotStarted { cause }
        } else {
            WorkerEvent::Lost { cause }
        });
    }

    fn watch(self: &Rc<Self>, silence_ms: u32) {
        let weak = Rc::downgrade(self);
        let timeout = Timeout::new(f64::from(silence_ms), move || {
            if let Some(shared) = weak.upgrade() {
                shared.silent();
            }
        });
        *self.watch.borrow_mut() = timeout;
    }
}

fn plain(message: &ToWorker) -> Option<JsValue> {
    message.serialize(&serde_wasm_bindgen::Serializer::json_compatible()).ok()
}

/// The bytes of a capture, over the length the relay takes: none.
fn bytes(jpeg: &JsValue) -> Option<Rc<[u8]>> {
    let array = match jpeg.dyn_ref::<ArrayBuffer>() {
        Some(buffer) => Uint8Array::new(buffer),
        None => jpeg.dyn_ref::<Uint8Array>()?.clone(),
    };
    let length = array.length() as usize;
    (length > 0 && length <= idv_protocol::relay::MAX_CAPTURE_BYTES).then(|| array.to_vec().into())
}
