//! The one place that talks to the network: fetch, with a time limit, without cookies and referrer. Bodies are sealed and
//! signed just before.

use crate::browser::{self, Timeout};
use crate::evidence::keys::{self, DeviceKey};
use crate::submission::{Body, Request, Response, TransportFailure};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReferrerPolicy, RequestCache, RequestCredentials, RequestInit, RequestMode,
    RequestRedirect,
};

/// Longest answer that is read, in characters: plans and receipts are some kilobytes.
const MAX_ANSWER_CHARS: u32 = 1024 * 1024;

/// A body as it is sent.
struct Sent {
    body: JsValue,
    /// SHA-256 of a sealed one.
    digest: Option<String>,
}

/// Sends `request` below `base`, the relay's absolute URL without a final `/`, signed by `key` where it is to be.
pub async fn send(
    base: &str,
    request: &Request,
    key: Option<&DeviceKey>,
) -> Result<Response, TransportFailure> {
    let sent = prepare(request, key).await.map_err(|_| TransportFailure::Sealing)?;
    let abort = AbortController::new().map_err(|_| TransportFailure::Network)?;
    let signal = abort.signal();
    let timer = Timeout::new(f64::from(request.timeout_ms), move || abort.abort());
    let answer = exchange(base, request, sent, &signal).await;
    drop(timer);
    answer.map_err(|_| if signal.aborted() { TransportFailure::Timeout } else { TransportFailure::Network })
}

async fn prepare(request: &Request, key: Option<&DeviceKey>) -> Result<Sent, JsValue> {
    Ok(match &request.body {
        Body::Empty => Sent { body: JsValue::UNDEFINED, digest: None },
        Body::Json(text) => Sent { body: JsValue::from_str(text), digest: None },
        Body::Sealed { to, bytes } => {
            let sealed = keys::seal(to, bytes).await?;
            Sent { digest: Some(keys::sha256(&sealed).await?), body: sealed.into() }
        }
        Body::Signed(what) => {
            let key = key.ok_or(JsValue::UNDEFINED)?;
            Sent { body: key.sign(what).await?.into(), digest: None }
        }
    })
}

async fn exchange(
    base: &str,
    request: &Request,
    sent: Sent,
    signal: &web_sys::AbortSignal,
) -> Result<Response, JsValue> {
    let window = browser::window().ok_or(JsValue::UNDEFINED)?;
    let headers = Headers::new()?;
    for (name, value) in request.headers(sent.digest) {
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
    if !sent.body.is_undefined() {
        init.set_body(&sent.body);
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
