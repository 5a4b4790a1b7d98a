//! Asks the browser for what the signs are measured from.
//!
//! In: an open track. Out: [`CameraFacts`]. Rule: what a browser does not tell is left out, and is no sign; asking
//! takes [`PROBE_TIMEOUT_MS`] at most and leaves the camera as it was opened.

use super::{Answer, CameraFacts, PageFacts, ProbeFacts, Range, TrackFacts, other_size};
use crate::browser::{self, Timeout};
use js_sys::{Object, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlElement, MediaStreamTrack};

/// Time for a track to follow, each way, in ms: cameras that change their mode begin anew.
pub const PROBE_TIMEOUT_MS: u32 = 1_000;

thread_local! {
    /// What came of asking each device, by its id: once a page, as people see it happen.
    static PROBED: RefCell<Vec<(String, Option<ProbeFacts>)>> = const { RefCell::new(Vec::new()) };
}

/// What is known of the camera behind `track`, which was opened with the constraints `wishes`.
pub async fn camera(track: &MediaStreamTrack, wishes: &JsValue) -> CameraFacts {
    let device = called(track, "getSettings")
        .and_then(|settings| browser::member(&settings, "deviceId").as_string())
        .unwrap_or_default();
    let known = PROBED.with_borrow(|all| all.iter().find(|(id, _)| *id == device).map(|(_, facts)| *facts));
    let probe = match known {
        Some(facts) => facts,
        None => {
            let facts = probe(track, wishes).await;
            PROBED.with_borrow_mut(|all| all.push((device, facts)));
            facts
        }
    };
    CameraFacts { label: track.label(), track: facts_of(track), probe, page: page() }
}

fn facts_of(track: &MediaStreamTrack) -> TrackFacts {
    let capabilities = called(track, "getCapabilities");
    let settings = called(track, "getSettings").unwrap_or(JsValue::UNDEFINED);
    let range = |name: &str| {
        let range = browser::member(capabilities.as_ref()?, name);
        Some(Range { min: number(&range, "min").unwrap_or(0.0), max: number(&range, "max")? })
    };
    // Not the track's own `toString`, which a script may give it.
    let tag = browser::method(&Object::new(), "toString").and_then(|print| print.call0(track).ok());
    let tag = tag.and_then(|tag| tag.as_string()).unwrap_or_default();
    TrackFacts {
        class: tag.trim_start_matches("[object ").trim_end_matches(']').to_owned(),
        has_device: browser::member(&settings, "deviceId").as_string().is_some_and(|id| !id.is_empty()),
        tells_ranges: capabilities.is_some(),
        width: range("width"),
        height: range("height"),
        frame_rate: range("frameRate"),
        size: size_of(track),
        rate: number(&settings, "frameRate"),
    }
}

/// What a method of the track without arguments gives; `None` where there is none.
fn called(track: &MediaStreamTrack, name: &str) -> Option<JsValue> {
    browser::method(track, name)?.call0(track).ok().filter(JsValue::is_object)
}

fn number(object: &JsValue, name: &str) -> Option<f64> {
    browser::member(object, name).as_f64()
}

fn size_of(track: &MediaStreamTrack) -> Option<(f64, f64)> {
    let settings = called(track, "getSettings")?;
    Some((number(&settings, "width")?, number(&settings, "height")?))
}

/// Asks the track for another size of its own, then for the first one again. `None` where the browser does not know of
/// sizes that are not scaled.
async fn probe(track: &MediaStreamTrack, wishes: &JsValue) -> Option<ProbeFacts> {
    let devices = browser::member(&browser::window()?.navigator(), "mediaDevices");
    let known = browser::method(&devices, "getSupportedConstraints")?.call0(&devices).ok()?;
    browser::member(&known, "resizeMode").as_bool().filter(|known| *known)?;
    let before = size_of(track)?;
    let asked = other_size(before);
    let taken = apply(track, &unscaled(asked)).await;
    let (after, settings) = (size_of(track), called(track, "getSettings"));
    // Also where it said nothing: what was asked of it may still come. A camera that does not come back is judged by its
    // frames, like any other.
    apply(track, wishes).await;
    let tells_mode = browser::member(&settings?, "resizeMode").is_string();
    Some(ProbeFacts { refused: !taken?, tells_mode, asked, answer: Answer { before, after: after? } })
}

fn unscaled((width, height): (f64, f64)) -> JsValue {
    let constraints = Object::new();
    let wish = |name: &str, kind: &str, value: &JsValue| {
        let one = Object::new();
        // New objects take members.
        let _ = Reflect::set(&one, &kind.into(), value);
        let _ = Reflect::set(&constraints, &name.into(), &one);
    };
    wish("width", "ideal", &width.into());
    wish("height", "ideal", &height.into());
    wish("resizeMode", "exact", &"none".into());
    constraints.into()
}

/// Whether the track takes the constraints; `None` where it says nothing in its time.
async fn apply(track: &MediaStreamTrack, constraints: &JsValue) -> Option<bool> {
    let answer: Promise =
        browser::method(track, "applyConstraints")?.call1(track, constraints).ok()?.dyn_into().ok()?;
    let timer = RefCell::new(None);
    let limit = Promise::new(&mut |resolve, _| {
        *timer.borrow_mut() = Timeout::new(f64::from(PROBE_TIMEOUT_MS), move || {
            // Resolving a promise does not throw.
            let _ = resolve.call1(&JsValue::UNDEFINED, &JsValue::FALSE);
        });
    });
    match JsFuture::from(Promise::race(&js_sys::Array::of2(&answer, &limit))).await {
        Ok(late) if late == JsValue::FALSE => None,
        Ok(_) => Some(true),
        Err(_) => Some(false),
    }
}

fn page() -> PageFacts {
    let Some(window) = browser::window() else { return PageFacts::default() };
    let navigator = window.navigator();
    let devices = browser::member(&navigator, "mediaDevices");
    let function = browser::member(&devices, "getUserMedia");
    PageFacts {
        get_user_media: source_of(&function).unwrap_or_default(),
        is_own_member: is_own(&devices, "getUserMedia"),
        is_driven: browser::member(&navigator, "webdriver").as_bool() == Some(true),
        user_agent: navigator.user_agent().unwrap_or_default(),
    }
}

/// Whether `object` itself has this member, not its class.
fn is_own(object: &JsValue, name: &str) -> bool {
    let known = browser::method(&Object::new(), "hasOwnProperty");
    known.and_then(|known| known.call1(object, &name.into()).ok()).is_some_and(|is| is == JsValue::TRUE)
}

/// The source of a function by the `toString` of a frame that is made for it and taken away again: a page that replaces
/// a function may replace its own `toString` as well.
fn source_of(function: &JsValue) -> Option<String> {
    let document = browser::window()?.document()?;
    let frame: HtmlElement = document.create_element("iframe").ok()?.dyn_into().ok()?;
    frame.set_hidden(true);
    let root = document.document_element()?;
    root.append_child(&frame).ok()?;
    let clean = browser::member(&browser::member(&frame, "contentWindow"), "Function");
    let print = browser::method(&browser::member(&clean, "prototype"), "toString");
    let source = print.and_then(|print| print.call0(function).ok()).and_then(|source| source.as_string());
    frame.remove();
    source
}
