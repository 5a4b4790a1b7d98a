//! Frames from the camera to the worker.
//!
//! In: a source of frames. Out: one image bitmap at a time with its time in ms. Rule: nothing is queued: when the
//! worker is free it gets the newest frame, and every other frame is let go.

use crate::browser::{self, Timeout};
use crate::camera::STALL_TIMEOUT_MS;
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlVideoElement, ImageBitmap};

/// Where frames come from: the live camera, or a recording.
pub trait FrameSource {
    /// Calls `callback` once, at the next new frame, where the browser has it with the time now and what is known of the
    /// frame (`VideoFrameCallbackMetadata`). Gives the number of this request, for
    /// [`FrameSource::forget`]; `None` when it will never be called.
    fn at_next_frame(&self, callback: &Function) -> Option<f64>;

    /// Takes a request back: its callback will not be called.
    fn forget(&self, request: f64);

    /// A promise of the newest frame as an `ImageBitmap`; `None` while there is no picture.
    fn bitmap(&self) -> Option<Promise>;
}

/// A playing video element.
pub struct VideoSource(pub HtmlVideoElement);

impl FrameSource for VideoSource {
    fn at_next_frame(&self, callback: &Function) -> Option<f64> {
        match browser::method(&self.0, "requestVideoFrameCallback") {
            Some(request) => request.call1(&self.0, callback).ok()?.as_f64(),
            None => browser::window()?.request_animation_frame(callback).ok().map(f64::from),
        }
    }

    fn forget(&self, request: f64) {
        match browser::method(&self.0, "cancelVideoFrameCallback") {
            // Taking back what was called already is no fault.
            Some(cancel) => drop(cancel.call1(&self.0, &request.into())),
            None => drop(browser::window().map(|window| window.cancel_animation_frame(request as i32))),
        }
    }

    fn bitmap(&self) -> Option<Promise> {
        if self.0.video_width() == 0 || self.0.video_height() == 0 {
            return None;
        }
        browser::window()?.create_image_bitmap_with_html_video_element(&self.0).ok()
    }
}

/// Where frames go.
pub trait FrameSink {
    /// A frame came, captured at this time in ms of the camera's own clock; it may be let go.
    fn seen(&self, captured_ms: f64);

    /// Whether a frame would be taken now.
    fn is_free(&self) -> bool;

    /// Takes a frame with its time in ms.
    fn take(&self, bitmap: ImageBitmap, at_ms: f64);

    /// There was no new frame for [`STALL_TIMEOUT_MS`].
    fn stalled(&self);
}

/// Hands the newest frame to the sink whenever it is free, until dropped.
pub struct Pump {
    shared: Rc<Shared>,
}

/// Called with the time now and what is known of a frame.
type FrameCallback = Closure<dyn FnMut(JsValue, JsValue)>;

struct Shared {
    source: Box<dyn FrameSource>,
    sink: Rc<dyn FrameSink>,
    /// Time of the newest frame that was not handed over.
    fresh_ms: Cell<Option<f64>>,
    /// A bitmap is being made.
    grabbing: Cell<bool>,
    stopped: Cell<bool>,
    /// The request for the next frame.
    asked: Cell<Option<f64>>,
    on_frame: RefCell<Option<FrameCallback>>,
    watch: RefCell<Option<Timeout>>,
}

impl Pump {
    /// Starts.
    pub fn start(source: impl FrameSource + 'static, sink: Rc<dyn FrameSink>) -> Self {
        let shared = Rc::new(Shared {
            source: Box::new(source),
            sink,
            fresh_ms: Cell::new(None),
            grabbing: Cell::new(false),
            stopped: Cell::new(false),
            asked: Cell::new(None),
            on_frame: RefCell::new(None),
            watch: RefCell::new(None),
        });
        let weak = Rc::downgrade(&shared);
        *shared.on_frame.borrow_mut() = Some(Closure::new(move |_, known: JsValue| {
            if let Some(shared) = weak.upgrade() {
                shared.frame(&known);
            }
        }));
        shared.ask();
        shared.watch();
        Self { shared }
    }

    /// Says that the sink is free again.
    pub fn wake(&self) {
        self.shared.grab();
    }
}

impl Drop for Pump {
    fn drop(&mut self) {
        self.shared.stopped.set(true);
        if let Some(request) = self.shared.asked.take() {
            self.shared.source.forget(request);
        }
        self.shared.watch.borrow_mut().take();
    }
}

impl Shared {
    fn ask(&self) {
        if let Some(callback) = &*self.on_frame.borrow() {
            // A source that never calls is found by the watch.
            self.asked.set(self.source.at_next_frame(callback.as_ref().unchecked_ref()));
        }
    }

    fn frame(self: &Rc<Self>, known: &JsValue) {
        self.asked.set(None);
        if self.stopped.get() {
            return;
        }
        if let Some(captured_ms) = captured_ms(known) {
            self.sink.seen(captured_ms);
        }
        self.fresh_ms.set(Some(browser::now_ms()));
        self.watch();
        self.ask();
        self.grab();
    }

    fn watch(self: &Rc<Self>) {
        let weak: Weak<Self> = Rc::downgrade(self);
        let timeout = Timeout::new(f64::from(STALL_TIMEOUT_MS), move || {
            if let Some(shared) = weak.upgrade().filter(|shared| !shared.stopped.get()) {
                shared.sink.stalled();
            }
        });
        *self.watch.borrow_mut() = timeout;
    }

    fn grab(self: &Rc<Self>) {
        if self.stopped.get() || self.grabbing.get() || !self.sink.is_free() {
            return;
        }
        let Some(at_ms) = self.fresh_ms.get() else { return };
        let Some(promise) = self.source.bitmap() else { return };
        self.fresh_ms.set(None);
        self.grabbing.set(true);
        let shared = Rc::clone(self);
        spawn_local(async move {
            let made = JsFuture::from(promise).await;
            shared.grabbing.set(false);
            // A frame that could not be made into a bitmap is let go like any other.
            if let Ok(bitmap) = made.and_then(|value| value.dyn_into::<ImageBitmap>()) {
                if shared.stopped.get() || !shared.sink.is_free() {
                    bitmap.close();
                } else {
                    shared.sink.take(bitmap, at_ms);
                }
            }
        });
    }
}

/// When the camera captured a frame, in ms, as far as the browser says.
fn captured_ms(known: &JsValue) -> Option<f64> {
    let number = |name| browser::member(known, name).as_f64();
    number("captureTime").or_else(|| Some(number("mediaTime")? * 1000.0))
}
