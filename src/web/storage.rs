//! The tab's session storage, which a browser may refuse.

use crate::browser;
use crate::flow::Saved;
use crate::submission::Kept;
use web_sys::Storage;

fn storage() -> Option<Storage> {
    browser::window()?.session_storage().ok()?
}

/// What is kept under `key`. Something that is not of this version counts as nothing.
pub fn load(key: &str) -> Saved {
    let Some(text) = storage().map(|storage| storage.get_item(key)) else { return Saved::Blocked };
    match text {
        Ok(Some(text)) => serde_json::from_str(&text).map_or(Saved::Nothing, Saved::Kept),
        Ok(None) => Saved::Nothing,
        Err(_) => Saved::Blocked,
    }
}

/// Keeps `kept` under `key`. Where the browser refuses, a reload will say so.
pub fn save(key: &str, kept: &Kept) {
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(kept)) {
        let _ = storage.set_item(key, &text);
    }
}

/// Forgets what is kept under `key`.
pub fn clear(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}
