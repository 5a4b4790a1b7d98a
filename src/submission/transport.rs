//! The one place that talks to the network: fetch, with a time limit, without cookies and referrer.

use crate::browser::{self, Timeout};
use crate::submission::{Body, Request, Response, TransportFailure};
use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect,
};

/// Longest answer that is read, in characters: plans and receipts are some kilobytes.
const MAX_ANSWER_CHARS: u32 = 1024 * 1024;

/// Sends `request` below `base`, the relay's absolute URL without a final `/`.
pub async fn send(base: &str, request: &Request) -> Result<Response, TransportFailure> {
    let abort = AbortController::new().map_err(|_| TransportFailure::Network)?;
    let signal = abort.signal();
    let timer = Timeout::new(f64::from(request.timeout_ms), move || abort.abort());
    let answer = exchange(base, request, &signal).await;
    drop(timer);
    answer.map_err(|_| if signal.aborted() { TransportFailure::Timeout } else { TransportFailure::Network })
}

async fn exchange(base: &str, request: &Request, signal: &web_sys::AbortSignal) -> Result<Response, JsValue> {
    let window = browser::window().ok_or(JsValue::UNDEFINED)?;
    let headers = Headers::new()?;
    for (name, value) in request.headers() {
        headers.set(name, &value)?;
    }
    if let Some(token) = &request.bearer {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    let init = RequestInit::new();
    init.set_method(request.method.as_str());
    init.set_headers(&headers);
    init.set_mode(RequestMode::Cors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_redirect(RequestRedirect::Error);
    init.set_referrer_policy(ReferrerPolicy::NoReferrer);
    init.set_signal(Some(signal));
    match &request.body {
        Body::Empty => {}
        Body::Json(text) => init.set_body(&JsValue::from_str(text)),
        Body::Jpeg(bytes) => init.set_body(&Uint8Array::from(&bytes[..])),
    }
    let url = format!("{base}{}", request.path);
    let answer = JsFuture::from(window.fetch_with_str_and_init(&url, &init)).await?;
    let answer: web_sys::Response = answer.dyn_into()?;
    let text = JsFuture::from(answer.text()?).await?;
    let text: js_sys::JsString = text.dyn_into()?;
    let body = if text.length() > MAX_ANSWER_CHARS { String::new() } else { String::from(text) };
    Ok(Response {
        status: answer.status(),
        retry_after_ms: answer.headers().get("retry-after")?.and_then(|value| retry_after_ms(&value)),
        body,
    })
}

/// `Retry-After` (RFC 9110, 10.2.3) as a wait: seconds, or a date.
fn retry_after_ms(value: &str) -> Option<f64> {
    let wait_ms = match value.trim().parse::<u32>() {
        Ok(seconds) => f64::from(seconds) * 1000.0,
        Err(_) => js_sys::Date::parse(value) - js_sys::Date::now(),
    };
    (wait_ms.is_finite() && wait_ms >= 0.0).then_some(wait_ms)
}
