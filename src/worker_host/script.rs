//! Making the worker where Trusted Types may be enforced.

use crate::browser;
use js_sys::{Array, Function, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::prelude::*;
use web_sys::Worker;

/// Name of the Trusted Types policy that a page's `trusted-types` directive has to allow.
pub const POLICY_NAME: &str = "idv-web";

thread_local! {
    /// A policy can be created once; later workers use the same one.
    static POLICY: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// Starts the worker at `url`.
pub fn start_worker(url: &str) -> Result<Worker, &'static str> {
    let address = trusted(url).ok_or("the Trusted Types policy idv-web is not allowed")?;
    let options = Object::new();
    for (name, value) in [("type", "module"), ("name", "idv-vision")] {
        Reflect::set(&options, &name.into(), &value.into()).map_err(|_| "worker options")?;
    }
    let window = browser::window().ok_or("no window")?;
    // Not the typed constructor: it takes strings only, and a TrustedScriptURL is an object.
    let constructor = browser::method(&window, "Worker").ok_or("workers are not available")?;
    Reflect::construct(&constructor, &Array::of2(&address, &options))
        .map(JsCast::unchecked_into)
        .map_err(|_| "the worker's script was refused")
}

/// `url` as a TrustedScriptURL where Trusted Types exist, else as a string. `None` when the page's policy list
/// does not allow ours.
fn trusted(url: &str) -> Option<JsValue> {
    let text = JsValue::from_str(url);
    let types =
        browser::window().map_or(JsValue::UNDEFINED, |window| browser::member(&window, "trustedTypes"));
    let Some(create_policy) = browser::method(&types, "createPolicy") else { return Some(text) };
    POLICY.with_borrow_mut(|known| {
        if known.is_none() {
            let rules = Object::new();
            let create_url: Function =
                Closure::<dyn Fn(JsValue) -> JsValue>::new(same_text).into_js_value().unchecked_into();
            Reflect::set(&rules, &"createScriptURL".into(), &create_url).ok()?;
            *known = Some(create_policy.call2(&types, &POLICY_NAME.into(), &rules).ok()?);
        }
        let policy = known.as_ref()?;
        browser::method(policy, "createScriptURL")?.call1(policy, &text).ok()
    })
}

/// The policy is reachable from this module only, which passes the configured worker URL and nothing else.
fn same_text(url: JsValue) -> JsValue {
    url
}
