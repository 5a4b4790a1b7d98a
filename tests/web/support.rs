//! JavaScript at hand.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Runs the body of a JavaScript function and gives what it returns.
pub fn js(body: &str) -> JsValue {
    Function::new_no_args(body).call0(&JsValue::UNDEFINED).expect("the script runs")
}

/// The same, and waits for the promise that it returns.
pub async fn js_async(body: &str) -> JsValue {
    JsFuture::from(js(body).unchecked_into::<Promise>()).await.expect("the promise is kept")
}

pub async fn sleep(duration_ms: u32) {
    js_async(&format!("return new Promise(done => setTimeout(done, {duration_ms}))")).await;
}

/// Waits until `condition` holds, for five seconds at most.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    for _ in 0..500 {
        if condition() {
            return;
        }
        sleep(10).await;
    }
    panic!("not within five seconds: {what}");
}

pub fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).expect("an object")
}

pub fn text(object: &JsValue, name: &str) -> String {
    member(object, name).as_string().unwrap_or_default()
}

/// Address of a worker made from a script.
pub fn worker_url(script: &str) -> String {
    let make = Function::new_with_args(
        "script",
        "return URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))",
    );
    make.call1(&JsValue::UNDEFINED, &script.into()).expect("a URL").as_string().expect("text")
}

/// Replaces `navigator.mediaDevices.getUserMedia` until dropped.
pub struct CameraStub;

impl CameraStub {
    /// `body` gets `constraints` and returns a promise.
    pub fn new(body: &str) -> Self {
        js(&format!("navigator.mediaDevices.getUserMedia = function (constraints) {{ {body} }}"));
        Self
    }
}

impl Drop for CameraStub {
    fn drop(&mut self) {
        js("delete navigator.mediaDevices.getUserMedia");
    }
}

/// Replaces `fetch` until dropped. The test runner's own requests are over before a test begins.
pub struct FetchStub;

impl FetchStub {
    /// `body` gets `url` and `init` and returns a promise.
    pub fn new(body: &str) -> Self {
        js(&format!(
            "window.realFetch ??= window.fetch; window.fetch = async function (url, init) {{ {body} }}"
        ));
        Self
    }
}

impl Drop for FetchStub {
    fn drop(&mut self) {
        js("window.fetch = window.realFetch");
    }
}
