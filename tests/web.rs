//! The bindings in a real browser: camera, worker, network, and the whole class.
#![cfg(target_arch = "wasm32")]

#[path = "web/support.rs"]
mod support;

#[path = "web/camera.rs"]
mod camera;
#[path = "web/transport.rs"]
mod transport;
#[path = "web/verification.rs"]
mod verification;
#[path = "web/worker.rs"]
mod worker;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
