use crate::support::{CameraStub, js, js_async, member, sleep, until};
use idv_protocol::InjectionCode;
use idv_web::camera::pump::{FrameSink, FrameSource, Pump};
use idv_web::camera::{CameraAccess, Facing, media};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::ImageBitmap;

#[wasm_bindgen_test]
async fn whatever_the_browser_says_comes_back_as_a_camera_or_a_typed_error() {
    assert_eq!(media::access(), CameraAccess::Available);
    match media::open(Facing::Environment, || {}).await {
        Ok(camera) => assert!(camera.used().width >= 480),
        Err(error) => assert!(["camera_not_found", "camera_denied"].contains(&error.code()), "{error}"),
    }
}

#[wasm_bindgen_test]
async fn a_secure_page_in_a_browser_without_cameras_says_so() {
    js("Object.defineProperty(navigator, 'mediaDevices', { value: undefined, configurable: true })");
    let access = media::access();
    let error = media::open(Facing::Environment, || {}).await.err().expect("there is no camera");
    js("delete navigator.mediaDevices");
    assert_eq!((access, error.code()), (CameraAccess::Missing, "camera_not_found"));
    assert_eq!(media::access(), CameraAccess::Available);
}

#[wasm_bindgen_test]
async fn every_error_the_browser_throws_is_mapped() {
    for (name, code) in [
        ("NotAllowedError", "camera_denied"),
        ("NotFoundError", "camera_not_found"),
        ("NotReadableError", "camera_in_use"),
        ("OverconstrainedError", "camera_overconstrained"),
        ("AbortError", "camera_aborted"),
        ("SecurityError", "camera_denied"),
        ("SomethingNew", "camera_failed"),
    ] {
        let _stub = CameraStub::new(&format!("return Promise.reject(new DOMException('x', '{name}'))"));
        let error = media::open(Facing::User, || {}).await.err().expect("refused");
        assert_eq!(error.code(), code, "{name}");
    }
}

#[wasm_bindgen_test]
async fn asks_with_wishes_only_and_then_without_any() {
    js("window.asked = []");
    let _stub = CameraStub::new(
        "asked.push(JSON.stringify(constraints)); return Promise.reject(new DOMException('x', 'NotReadableError'))",
    );
    assert!(media::open(Facing::Environment, || {}).await.is_err());
    let asked = js("return asked.join(' then ')").as_string().unwrap();
    assert_eq!(
        asked,
        r#"{"audio":false,"video":{"facingMode":{"ideal":"environment"},"width":{"ideal":1280},"height":{"ideal":720}}} then {"audio":false,"video":true}"#
    );
}

const CANVAS_CAMERA: &str = "
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [640, 480];
    const context = canvas.getContext('2d');
    setInterval(() => context.fillRect(0, 0, Math.random() * 640, 480), 20);
    window.lastStream = canvas.captureStream(30);
    return Promise.resolve(window.lastStream);";

#[wasm_bindgen_test]
async fn a_camera_is_stopped_when_it_is_dropped_and_reports_an_end_it_did_not_ask_for() {
    let _stub = CameraStub::new(CANVAS_CAMERA);
    let ended = Rc::new(Cell::new(0));
    let count = Rc::clone(&ended);
    let camera = media::open(Facing::User, move || count.set(count.get() + 1)).await.ok().expect("opens");
    assert_eq!(camera.used().facing, "unknown");
    js("lastStream.getVideoTracks()[0].dispatchEvent(new Event('ended'))");
    assert_eq!(ended.get(), 1);
    drop(camera);
    assert_eq!(js("return lastStream.getVideoTracks()[0].readyState"), "ended");
    assert_eq!(ended.get(), 1);
}

#[wasm_bindgen_test]
async fn a_picture_too_small_to_use_is_refused_and_its_stream_stopped() {
    let _stub = CameraStub::new(
        "const canvas = document.createElement('canvas'); [canvas.width, canvas.height] = [320, 240];
         canvas.getContext('2d').fillRect(0, 0, 9, 9); window.lastStream = canvas.captureStream(30);
         const [track] = lastStream.getVideoTracks();
         track.getSettings = () => ({ width: 320, height: 240 });
         return Promise.resolve(lastStream)",
    );
    let error = media::open(Facing::User, || {}).await.err().expect("refused");
    assert_eq!(error.code(), "camera_overconstrained");
    assert_eq!(js("return lastStream.getVideoTracks()[0].readyState"), "ended");
}

/// A recording that gives a new frame every few milliseconds.
#[derive(Clone, Default)]
struct Recording {
    frames: Rc<Cell<u32>>,
    forgotten: Rc<Cell<u32>>,
}

impl FrameSource for Recording {
    fn at_next_frame(&self, callback: &Function) -> Option<f64> {
        self.frames.set(self.frames.get() + 1);
        let later = Function::new_with_args("callback", "return setTimeout(callback, 5)");
        later.call1(&JsValue::UNDEFINED, callback).ok()?.as_f64()
    }

    fn forget(&self, request: f64) {
        self.forgotten.set(self.forgotten.get() + 1);
        js(&format!("clearTimeout({request})"));
    }

    fn bitmap(&self) -> Option<Promise> {
        Some(js("return createImageBitmap(new ImageData(64, 48))").unchecked_into())
    }
}

#[derive(Default)]
struct SlowSink {
    busy: Cell<bool>,
    taken: RefCell<Vec<(ImageBitmap, f64)>>,
}

impl FrameSink for SlowSink {
    fn seen(&self, _captured_ms: f64) {}

    fn is_free(&self) -> bool {
        !self.busy.get()
    }

    fn take(&self, bitmap: ImageBitmap, at_ms: f64) {
        assert!(!self.busy.replace(true), "one frame in flight");
        self.taken.borrow_mut().push((bitmap, at_ms));
    }

    fn stalled(&self) {}
}

#[wasm_bindgen_test]
async fn the_pump_has_one_frame_in_flight_and_the_newest_wins() {
    let recording = Recording::default();
    let sink = Rc::new(SlowSink::default());
    let pump = Pump::start(recording.clone(), Rc::clone(&sink) as Rc<dyn FrameSink>);
    until("the first frame", || sink.taken.borrow().len() == 1).await;
    sleep(200).await;
    assert_eq!(sink.taken.borrow().len(), 1, "nothing is queued behind a busy worker");
    assert!(recording.frames.get() > 5);
    sink.busy.set(false);
    let freed_ms = js("return performance.now()").as_f64().unwrap();
    pump.wake();
    until("the next frame", || sink.taken.borrow().len() == 2).await;
    assert!(freed_ms - sink.taken.borrow()[1].1 < 100.0, "it is a new frame, not an old one");
    drop(pump);
    sink.busy.set(false);
    let asked = recording.frames.get();
    sleep(60).await;
    assert_eq!(
        (recording.frames.get(), recording.forgotten.get()),
        (asked, 1),
        "the last request is taken back"
    );
    assert_eq!(sink.taken.borrow().len(), 2);
}

#[wasm_bindgen_test]
async fn a_video_gives_bitmaps_of_its_own_size() {
    use idv_web::camera::pump::VideoSource;
    let video = js_async(&format!(
        "const open = () => {{ {CANVAS_CAMERA} }};
         return (async () => {{
           const video = document.createElement('video');
           video.muted = true;
           video.srcObject = await open();
           await video.play();
           return video;
         }})()"
    ))
    .await;
    let source = VideoSource(video.unchecked_into());
    let bitmap = wasm_bindgen_futures::JsFuture::from(source.bitmap().expect("a picture")).await.unwrap();
    assert_eq!((member(&bitmap, "width"), member(&bitmap, "height")), (640.into(), 480.into()));
}

#[wasm_bindgen_test]
async fn a_drawn_camera_gives_itself_away_and_its_label_stays_here() {
    let _stub = CameraStub::new(CANVAS_CAMERA);
    let camera = media::open(Facing::User, || {}).await.ok().expect("opens");
    let codes: Vec<_> = camera.signals().iter().map(|signal| (signal.code, signal.is_sure())).collect();
    // Its track is of another class and names no device; this very test replaced `getUserMedia`, and drives the browser.
    for code in [
        InjectionCode::ImpossibleCapabilities,
        InjectionCode::ReplacedGetUserMedia,
        InjectionCode::Automation,
    ] {
        assert!(codes.contains(&(code, true)), "{code:?} among {codes:?}");
    }
    assert_eq!(js("return document.querySelectorAll('iframe').length"), 0, "nothing is left in the page");
}
