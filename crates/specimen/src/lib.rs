//! Specimen documents, people and camera recordings, deterministic by seed.
//!
//! Everything a test or the demo points a camera at is made here, so that no picture of a real document is
//! ever needed: passports, cards, visas, permits and licences of Utopia (ICAO's fictional state) and of invented
//! neighbours, a desk, a hand, a room, and a person who turns the head, made from one photograph.
//!
//! seed -> [`document`] (page), [`person`] (head), [`scene`] (desk, room, hand) -> [`camera`] (perspective,
//! lens, light, sensor) -> [`recording`] (frames over time and single photographs, with the truth that tests hold them against) ->
//! [`set`] (folders of pictures with labels).

pub mod assets;
pub mod camera;
pub mod document;
pub mod error;
pub mod person;
pub mod random;
pub mod raster;
pub mod recording;
pub mod scene;
pub mod set;

pub use assets::Assets;
pub use error::{Error, ErrorKind};
