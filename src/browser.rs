//! Small things every binding file needs of the browser: the window, the clock, timeouts, JavaScript errors.

use crate::error::Error;
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;

/// The window. The module runs in pages only, so that its absence is a mistake of the integrator's.
pub fn window() -> Option<web_sys::Window> {
    web_sys::window()
}

/// Monotonic time in ms since the page began.
pub fn now_ms() -> f64 {
    window().and_then(|window| window.performance()).map_or_else(js_sys::Date::now, |clock| clock.now())
}

/// Random bytes for secrets; `None` where the browser gives none.
pub fn random_bytes<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    window()?.crypto().ok()?.get_random_values_with_u8_array(&mut bytes).ok()?;
    Some(bytes)
}

/// A member of a JavaScript object; `undefined` when there is none.
pub fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A member that is a function.
pub fn method(object: &JsValue, name: &str) -> Option<Function> {
    member(object, name).dyn_into().ok()
}

/// The `name` of a thrown value; empty when it has none.
pub fn error_name(thrown: &JsValue) -> String {
    member(thrown, "name").as_string().unwrap_or_default()
}

/// A JavaScript `Error` with `code`, `remedy` and `retryable`.
pub fn js_error(error: &Error) -> JsValue {
    let thrown = js_sys::Error::new(&error.to_string());
    thrown.set_name("IdvError");
    let members = [
        ("code", JsValue::from_str(error.code())),
        ("remedy", JsValue::from_str(error.remedy().code())),
        ("retryable", JsValue::from_bool(error.retryable())),
    ];
    for (name, value) in members {
        // An error object of our own takes new members.
        let _ = Reflect::set(&thrown, &JsValue::from_str(name), &value);
    }
    thrown.into()
}

/// A call in the future; dropping it takes it back.
pub struct Timeout {
    id: i32,
    _callback: Closure<dyn FnMut()>,
}

impl Timeout {
    /// Calls `callback` once in `after_ms`; `None` where there is no window.
    pub fn new(after_ms: f64, callback: impl FnOnce() + 'static) -> Option<Self> {
        let callback = Closure::once(callback);
        let id = window()?
            .set_timeout_with_callback_and_timeout_and_arguments_0(
                callback.as_ref().unchecked_ref(),
                after_ms.clamp(0.0, f64::from(i32::MAX)).ceil() as i32,
            )
            .ok()?;
        Some(Self { id, _callback: callback })
    }
}

impl Drop for Timeout {
    fn drop(&mut self) {
        if let Some(window) = window() {
            window.clear_timeout_with_handle(self.id);
        }
    }
}

/// An event handler that is taken off when dropped.
pub struct Listener {
    target: web_sys::EventTarget,
    name: &'static str,
    callback: Closure<dyn FnMut(web_sys::Event)>,
}

impl Listener {
    /// Calls `callback` for every event `name` of `target`.
    pub fn new(
        target: &web_sys::EventTarget,
        name: &'static str,
        callback: impl FnMut(web_sys::Event) + 'static,
    ) -> Option<Self> {
        let callback = Closure::new(callback);
        target.add_event_listener_with_callback(name, Closure::as_ref(&callback).unchecked_ref()).ok()?;
        Some(Self { target: target.clone(), name, callback })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let callback = Closure::as_ref(&self.callback).unchecked_ref();
        // Taking off a handler that is no longer there is no fault.
        let _ = self.target.remove_event_listener_with_callback(self.name, callback);
    }
}
