//! Carries the flow's effects out and feeds it what comes of them.

use crate::browser::{self, Listener, Timeout};
use crate::camera::Facing;
use crate::camera::media::{self, Camera};
use crate::camera::pump::{FrameSink, Pump, VideoSource};
use crate::camera::signals::Timing;
use crate::evidence::keys::DeviceKey;
use crate::flow::{Effect, Event, Flow, Screen, Timer, View};
use crate::handoff::{self, host};
use crate::submission::{Request, transport};
use crate::web::dto::ViewDto;
use crate::web::storage;
use crate::worker_host::{WorkerEvent, WorkerHost};
use js_sys::Function;
use serde::Serialize;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{HtmlVideoElement, ImageBitmap};

/// What the driver needs to know besides the flow.
pub struct DriverParams {
    /// The relay's absolute URL, without a final `/`.
    pub relay_url: String,
    /// Absolute URL of the worker's script.
    pub worker_url: String,
    /// Name under which the session is kept.
    pub session_key: String,
    /// Origin of the page around this one that gets messages.
    pub parent_origin: Option<String>,
}

/// The running flow. One for each `Verification`.
pub struct Driver {
    params: DriverParams,
    weak: Weak<Self>,
    flow: RefCell<Flow>,
    events: RefCell<VecDeque<Event>>,
    stepping: Cell<bool>,
    showing: Cell<bool>,
    disposed: Cell<bool>,
    key: RefCell<Option<Rc<DeviceKey>>>,
    camera: RefCell<Option<Camera>>,
    /// Counts openings and closings: a camera that comes for an older one is let go.
    camera_turn: Cell<u32>,
    video: RefCell<Option<HtmlVideoElement>>,
    wants_frames: Cell<bool>,
    pump: RefCell<Option<Pump>>,
    worker: RefCell<Option<WorkerHost>>,
    timers: RefCell<HashMap<Timer, Timeout>>,
    listeners: RefCell<Vec<Listener>>,
    announced: Cell<u32>,
    on_view: RefCell<Option<Function>>,
    shown: RefCell<Option<View>>,
    on_loaded: RefCell<Option<Function>>,
}

impl Driver {
    /// A driver that waits for its first event.
    pub fn new(flow: Flow, params: DriverParams) -> Rc<Self> {
        Rc::new_cyclic(|weak| Self {
            params,
            weak: Weak::clone(weak),
            flow: RefCell::new(flow),
            events: RefCell::default(),
            stepping: Cell::new(false),
            showing: Cell::new(false),
            disposed: Cell::new(false),
            key: RefCell::default(),
            camera: RefCell::default(),
            camera_turn: Cell::new(0),
            video: RefCell::default(),
            wants_frames: Cell::new(false),
            pump: RefCell::default(),
            worker: RefCell::default(),
            timers: RefCell::default(),
            listeners: RefCell::default(),
            announced: Cell::new(0),
            on_view: RefCell::default(),
            shown: RefCell::default(),
            on_loaded: RefCell::default(),
        })
    }

    /// Begins. `loaded` is called at the first view that is not loading.
    pub fn start(&self, loaded: Function) {
        *self.on_loaded.borrow_mut() = Some(loaded);
        if let Some(document) = browser::window().and_then(|window| window.document()) {
            let weak = Weak::clone(&self.weak);
            let page = document.clone();
            let listener = Listener::new(&document, "visibilitychange", move |_| {
                if let Some(driver) = weak.upgrade() {
                    driver.dispatch(Event::Visible(!page.hidden()));
                }
            });
            self.listeners.borrow_mut().extend(listener);
        }
        self.dispatch(Event::Start);
    }

    /// Calls `callback` with every view that differs from the last one, and with the current one now.
    pub fn on_view(&self, callback: Function) {
        *self.on_view.borrow_mut() = Some(callback);
        self.shown.borrow_mut().take();
        self.show();
    }

    /// Shows the camera in `video` and takes frames from it.
    pub fn set_video(&self, video: HtmlVideoElement) {
        let same = self.video.borrow().as_ref() == Some(&video);
        if same {
            return;
        }
        if let Some(old) = self.video.replace(Some(video)) {
            old.set_src_object(None);
        }
        self.play();
        if self.wants_frames.get() {
            self.start_pump();
        }
    }

    /// Stops everything; later events change nothing.
    pub fn dispose(&self) {
        self.disposed.set(true);
        self.close_camera();
        self.wants_frames.set(false);
        self.pump.borrow_mut().take();
        self.worker.borrow_mut().take();
        self.timers.borrow_mut().clear();
        self.listeners.borrow_mut().clear();
        self.on_view.borrow_mut().take();
        self.events.borrow_mut().clear();
    }

    /// Takes an event. Events that come while one is being handled wait for their turn.
    pub fn dispatch(&self, event: Event) {
        if self.disposed.get() {
            return;
        }
        self.events.borrow_mut().push_back(event);
        if self.stepping.replace(true) {
            return;
        }
        loop {
            let Some(event) = self.events.borrow_mut().pop_front() else { break };
            let effects = self.flow.borrow_mut().step(event, browser::now_ms());
            for effect in effects {
                self.carry_out(effect);
            }
        }
        self.stepping.set(false);
        self.show();
    }

    /// Shows views until the latest one is shown. A callback that acts gets the next view after it returned,
    /// never inside itself.
    fn show(&self) {
        if self.showing.replace(true) {
            return;
        }
        while let Some(view) = self.changed_view() {
            self.publish(view);
        }
        self.showing.set(false);
    }

    /// The current view, when it is not the one that was shown last.
    fn changed_view(&self) -> Option<View> {
        let view = self.flow.borrow().view();
        if view.screen != Screen::Loading
            && let Some(loaded) = self.on_loaded.borrow_mut().take()
        {
            // Resolving a promise does not throw.
            let _ = loaded.call0(&JsValue::UNDEFINED);
        }
        let same = self.shown.borrow().as_ref() == Some(&view);
        (!same && self.on_view.borrow().is_some()).then_some(view)
    }

    fn publish(&self, view: View) {
        let Some(callback) = self.on_view.borrow().clone() else { return };
        *self.shown.borrow_mut() = Some(view.clone());
        let shape = ViewDto::from(view).serialize(&serde_wasm_bindgen::Serializer::json_compatible());
        if let Ok(shape) = shape
            && let Err(thrown) = callback.call1(&JsValue::UNDEFINED, &shape)
        {
            // The shell's own fault: it is shown to its developer and does not stop the flow.
            web_sys::console::error_1(&thrown);
        }
    }

    fn carry_out(&self, effect: Effect) {
        match effect {
            Effect::OpenCamera { facing } => self.open_camera(facing),
            Effect::CloseCamera => self.close_camera(),
            Effect::StartFrames => {
                self.wants_frames.set(true);
                self.start_pump();
            }
            Effect::StopFrames => {
                self.wants_frames.set(false);
                self.pump.borrow_mut().take();
            }
            Effect::StartWorker => self.start_worker(),
            Effect::StopWorker => drop(self.worker.borrow_mut().take()),
            Effect::Worker(message) => {
                if let Some(worker) = &*self.worker.borrow() {
                    worker.post(&message);
                }
            }
            Effect::File(bytes) => {
                if let Some(worker) = &*self.worker.borrow() {
                    worker.post_file(&bytes.0);
                }
            }
            Effect::MakeKey => self.make_key(),
            Effect::Http(request) => self.request(request),
            Effect::Keep(kept) => storage::save(&self.params.session_key, &kept),
            Effect::Forget => storage::clear(&self.params.session_key),
            Effect::SetTimer { timer, after_ms } => self.set_timer(timer, after_ms),
            Effect::ClearTimer(timer) => drop(self.timers.borrow_mut().remove(&timer)),
            Effect::Announce(announcement) => {
                self.announced.set(self.announced.get() + 1);
                let id = format!("{}-{}", js_sys::Date::now() as u64, self.announced.get());
                let envelope = handoff::envelope(&announcement, &id);
                host::post(&envelope, self.params.parent_origin.as_deref());
            }
        }
    }

    fn open_camera(&self, facing: Facing) {
        self.close_camera();
        let turn = self.camera_turn.get();
        let weak = Weak::clone(&self.weak);
        let ended = {
            let weak = Weak::clone(&weak);
            move || {
                if let Some(driver) = weak.upgrade().filter(|driver| driver.camera_turn.get() == turn) {
                    driver.dispatch(Event::CameraEnded);
                }
            }
        };
        spawn_local(async move {
            let opened = media::open(facing, ended).await;
            // A camera for which nobody waits any more is stopped by dropping it.
            let Some(driver) = weak.upgrade().filter(|driver| driver.camera_turn.get() == turn) else {
                return;
            };
            match opened {
                Ok(camera) => {
                    let (facing, signals) = (camera.facing(), camera.signals());
                    let event = Event::CameraOpened { facing, camera: camera.used(), signals };
                    *driver.camera.borrow_mut() = Some(camera);
                    driver.play();
                    driver.dispatch(event);
                }
                Err(error) => driver.dispatch(Event::CameraFailed(error)),
            }
        });
    }

    fn close_camera(&self) {
        self.camera_turn.set(self.camera_turn.get().wrapping_add(1));
        if self.camera.borrow_mut().take().is_some()
            && let Some(video) = &*self.video.borrow()
        {
            video.set_src_object(None);
        }
    }

    /// Lets the video element show the open camera. `playsinline` and `muted` are what iOS asks for.
    fn play(&self) {
        let (video, camera) = (self.video.borrow(), self.camera.borrow());
        let (Some(video), Some(camera)) = (&*video, &*camera) else { return };
        video.set_muted(true);
        // These attributes exist on every video element.
        let _ = video.set_attribute("playsinline", "");
        video.set_src_object(Some(camera.stream()));
        if let Ok(playing) = video.play() {
            // A play that a newer stream interrupts is rejected, and is no fault.
            spawn_local(async move { drop(JsFuture::from(playing).await) });
        }
    }

    fn start_pump(&self) {
        self.pump.borrow_mut().take();
        if self.video.borrow().is_none() {
            // No shell shows the camera: frames are taken from an element of our own.
            let element = browser::window()
                .and_then(|window| window.document())
                .and_then(|document| document.create_element("video").ok())
                .and_then(|element| element.dyn_into().ok());
            *self.video.borrow_mut() = element;
            self.play();
        }
        let Some(video) = self.video.borrow().clone() else { return };
        let sink = Rc::new(Sink { driver: Weak::clone(&self.weak), timing: RefCell::default() });
        *self.pump.borrow_mut() = Some(Pump::start(VideoSource(video), sink));
    }

    fn start_worker(&self) {
        self.worker.borrow_mut().take();
        let weak = Weak::clone(&self.weak);
        let started = WorkerHost::start(&self.params.worker_url, move |event| {
            if let Some(driver) = weak.upgrade() {
                driver.dispatch(Event::Worker(event));
                if let Some(pump) = &*driver.pump.borrow() {
                    pump.wake();
                }
            }
        });
        match started {
            Ok(worker) => *self.worker.borrow_mut() = Some(worker),
            Err(cause) => self.dispatch(Event::Worker(WorkerEvent::NotStarted { cause })),
        }
    }

    fn make_key(&self) {
        let weak = Weak::clone(&self.weak);
        spawn_local(async move {
            let key = DeviceKey::make().await.map(Rc::new);
            let Some(driver) = weak.upgrade() else { return };
            let jwk = key.as_ref().map(|key| key.jwk().clone());
            *driver.key.borrow_mut() = key;
            driver.dispatch(Event::DeviceKey(jwk));
        });
    }

    fn request(&self, request: Request) {
        let weak = Weak::clone(&self.weak);
        let base = self.params.relay_url.clone();
        let key = self.key.borrow().clone();
        spawn_local(async move {
            let answer = transport::send(&base, &request, key.as_deref()).await;
            if let Some(driver) = weak.upgrade() {
                let jitter_ratio = js_sys::Math::random();
                driver.dispatch(Event::Answered { id: request.id, answer, jitter_ratio });
            }
        });
    }

    fn set_timer(&self, timer: Timer, after_ms: f64) {
        let weak = Weak::clone(&self.weak);
        let timeout = Timeout::new(after_ms, move || {
            if let Some(driver) = weak.upgrade() {
                driver.dispatch(Event::Timer(timer));
            }
        });
        let mut timers = self.timers.borrow_mut();
        match timeout {
            Some(timeout) => drop(timers.insert(timer, timeout)),
            None => drop(timers.remove(&timer)),
        }
    }
}

/// The worker, as the pump sees it.
struct Sink {
    driver: Weak<Driver>,
    timing: RefCell<Timing>,
}

impl FrameSink for Sink {
    fn seen(&self, captured_ms: f64) {
        let sign = self.timing.borrow_mut().add(captured_ms);
        if let (Some(sign), Some(driver)) = (sign, self.driver.upgrade()) {
            driver.dispatch(Event::Injection(sign));
        }
    }

    fn is_free(&self) -> bool {
        let Some(driver) = self.driver.upgrade() else { return false };
        driver.wants_frames.get() && driver.worker.borrow().as_ref().is_some_and(WorkerHost::is_free)
    }

    fn take(&self, bitmap: ImageBitmap, at_ms: f64) {
        let Some(driver) = self.driver.upgrade() else { return };
        if let Some(worker) = &*driver.worker.borrow() {
            worker.post_frame(&bitmap, at_ms);
        }
    }

    fn stalled(&self) {
        if let Some(driver) = self.driver.upgrade() {
            driver.dispatch(Event::CameraEnded);
        }
    }
}
