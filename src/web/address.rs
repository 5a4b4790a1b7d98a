//! The one-time token in addresses: read once, then gone from the address bar.

use crate::browser;
use wasm_bindgen::JsValue;
use web_sys::Url;

/// Query parameters of a start URL that must not stay visible.
const SECRET_PARAMETERS: [&str; 2] = ["token", "key"];

/// The `token` of a start URL.
pub fn token_of(start_url: &str) -> Option<String> {
    Url::new(start_url).ok()?.search_params().get("token").filter(|token| !token.is_empty())
}

/// Takes the token out of the address bar and the tab's history, when it is this page's own address.
pub fn hide_token(token: &str) {
    let Some(window) = browser::window() else { return };
    let Ok(Ok(url)) = window.location().href().map(|href| Url::new(&href)) else { return };
    if url.search_params().get("token").as_deref() != Some(token) {
        return;
    }
    for name in SECRET_PARAMETERS {
        url.search_params().delete(name);
    }
    if let Ok(history) = window.history() {
        // Refused in sandboxed frames only, whose address nobody sees.
        let _ =
            history.replace_state_with_url(&history.state().unwrap_or(JsValue::NULL), "", Some(&url.href()));
    }
}

/// `url` without a final `/`, when it is an absolute http(s) URL.
pub fn http_url(url: &str) -> Option<String> {
    let parsed = Url::new(url).ok()?;
    matches!(parsed.protocol().as_str(), "https:" | "http:")
        .then(|| parsed.href().trim_end_matches('/').to_owned())
}

/// Whether `origin` is exactly an origin, such as `https://shop.example`.
pub fn is_origin(origin: &str) -> bool {
    Url::new(origin).is_ok_and(|url| url.origin() == origin)
}
