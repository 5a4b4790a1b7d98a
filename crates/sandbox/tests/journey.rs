//! The whole path natively: customer's server, flow, engine, relay, decision, result. Only the browser is missing.

#[path = "support/camera.rs"]
mod camera;
#[path = "support/page.rs"]
mod page;

use camera::{Camera, Scene};
