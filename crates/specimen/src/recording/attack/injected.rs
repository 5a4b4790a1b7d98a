//! A file that takes the place of the camera: perfect frames of a film with fewer frames than the camera has, over
//! and over.

use super::super::face::Person;
use super::super::{Scratch, Take, Truth};
use image::RgbImage;

/// Time of a frame of the file in ms: 15 a second.
const FILE_FRAME_MS: f64 = 1000.0 / 15.0;

/// The take.
pub(super) struct Injected {
    film: Person,
}

impl Injected {
    /// A file of `film`.
    pub(super) fn new(film: Person) -> Self {
        Self { film }
    }

    fn file_ms(at_ms: f64) -> f64 {
        ((at_ms + 1e-6) / FILE_FRAME_MS).floor() * FILE_FRAME_MS
    }
}

impl Take for Injected {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        self.film.frame(Self::file_ms(at_ms), scratch)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        self.film.truth(Self::file_ms(at_ms))
    }
}
