//! A local stand-in for the operator and its vendors TomoIDV, Argos and Toss, on one port, with one SQLite file.
//!
//! The way of a verification through these modules: [`tomo`] (token, start) -> [`page`] (the hosted page) ->
//! [`relay`] (session, plan, captures, completion) -> [`decision`] (the pictures are looked at again) ->
//! [`tomo`] (result). [`customer`] is a demo customer's server that uses all of it from outside, [`events`]
//! says what happens, [`db`] keeps it.
//!
//! In: HTTP. Out: HTTP, JSON lines. Rule: clock and randomness come with the state, so that tests own them; no
//! personal data and no token in logs, events and errors, and no token in the database.
//!
//! Every choice that the vendor's public contract leaves open is listed in this crate's README.

pub mod app;
pub mod argos;
pub mod console;
pub mod customer;
pub mod db;
pub mod decision;
pub mod error;
pub mod events;
pub mod faults;
mod form;
mod html;
pub mod observe;
pub mod openapi;
pub mod operator;
pub mod page;
mod public_only;
pub mod records;
pub mod relay;
pub mod scenario;
pub mod serve;
pub mod state;
mod time;
mod tls;
pub mod tomo;
pub mod toss;
pub mod vendors;

pub use app::app;
pub use error::Error;
pub use serve::{ArgosParams, Running, ServeParams};
pub use state::{Clock, Randomness, Sandbox, Settings};
