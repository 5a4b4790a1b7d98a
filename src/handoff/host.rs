//! Posting an envelope to whatever host there is.

use crate::browser;
use wasm_bindgen::prelude::*;

/// Name of the handler that an iOS host registers.
const WEBKIT_HANDLER: &str = "idv";

/// Posts `envelope` to a React Native host, to a WKWebView host, and to the page around this one when its
/// origin is named. Hosts that are not there are passed over.
pub fn post(envelope: &str, parent_origin: Option<&str>) {
    let Some(window) = browser::window() else { return };
    let text = JsValue::from_str(envelope);
    call(&browser::member(&window, "ReactNativeWebView"), &text);
    let handlers = browser::member(&browser::member(&window, "webkit"), "messageHandlers");
    call(&browser::member(&handlers, WEBKIT_HANDLER), &text);
    if let (Some(origin), Ok(Some(parent))) = (parent_origin, window.parent())
        && parent != window
    {
        // An origin that is no origin makes postMessage throw; then nothing is sent.
        let _ = parent.post_message(&text, origin);
    }
}

fn call(host: &JsValue, text: &JsValue) {
    if let Some(post) = browser::method(host, "postMessage") {
        // A host that fails is the host's concern, never the flow's.
        let _ = post.call1(host, text);
    }
}
