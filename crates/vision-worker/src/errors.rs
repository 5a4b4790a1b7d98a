//! Failures as JavaScript errors.

use js_sys::Reflect;
use std::sync::Once;
use wasm_bindgen::prelude::*;

/// Code of a panic.
const TRAPPED: &str = "engine_trapped";

/// An `Error` with `code`.
pub fn js_error(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("EngineError");
    // An error object of our own takes a new member.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}

/// The engine's error as a JavaScript one.
pub fn from_engine(error: idv_vision::Error) -> JsValue {
    js_error(error.code(), &error.to_string())
}

/// From now on a panic is thrown as an `Error` with `code: "engine_trapped"` and the place of the panic. The
/// instance is unusable afterwards; other traps (out of memory, stack) have no code.
pub fn throw_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            // Only the place: the text of a panic can quote values.
            let place = info
                .location()
                .map_or_else(String::new, |at| format!("{}:{}:{}", at.file(), at.line(), at.column()));
            wasm_bindgen::throw_val(js_error(TRAPPED, &format!("the engine panicked at {place}")));
        }));
    });
}
