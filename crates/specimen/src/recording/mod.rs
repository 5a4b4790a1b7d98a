//! Camera recordings. In: a seed, a size, a photograph. Out: a [`Recording`]: a frame for any moment, and the
//! truth about that moment. Rule: a frame depends on its time alone, so that frames can be made in any order
//! and on any thread.

mod answer;
mod attack;
mod document;
mod face;
mod mjpeg;
mod photograph;
mod print;
mod sheet;

pub use answer::{BACK_MS, FRONT_MS, HOLD_MS, OUT_MS, REST_MS};
pub use attack::{AttackKind, attack};
pub use document::{card, document, no_document};
pub use face::{face, live};
pub use idv_protocol::{Action, ActionKind};
pub use mjpeg::JPEG_QUALITY;
pub use photograph::{Photograph, photograph};
pub use print::print;

use crate::error::{Error, ErrorKind};
use crate::raster::Canvas;
use idv_protocol::face::HeadPose;
use idv_protocol::{Quad, Size};
use image::RgbImage;

/// What every recording is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Seed of everything that is drawn at random.
    pub seed: u64,
    /// Width and height of a frame in px.
    pub size: Size,
    /// Frames per second.
    pub frame_rate: f64,
}

impl Settings {
    /// Settings of `seed` with 1280x720 px at 30 frames a second, what the page asks cameras for.
    pub fn new(seed: u64) -> Self {
        Self { seed, size: Size { width: 1280, height: 720 }, frame_rate: 30.0 }
    }

    /// The same with frames of another size.
    pub fn sized(self, width: u32, height: u32) -> Self {
        Self { size: Size { width, height }, ..self }
    }

    /// Width and height as lengths of a canvas. Fails with [`ErrorKind::BadRequest`] outside 160 to 4096 px a
    /// side (below, nothing could be seen) and without a frame rate.
    fn canvas(&self) -> Result<(usize, usize), Error> {
        let sides = 160..=4096;
        if !sides.contains(&self.size.width) || !sides.contains(&self.size.height) || self.frame_rate <= 0.0 {
            return Err(Error::new(
                ErrorKind::BadRequest,
                "a recording needs a frame rate above 0 and sides of 160 to 4096 px",
            ));
        }
        Ok((self.size.width as usize, self.size.height as usize))
    }
}

/// One frame.
pub struct Frame {
    /// The picture, as the camera gives it (not mirrored).
    pub image: RgbImage,
    /// Time since the recording began, in ms.
    pub at_ms: f64,
}

/// What is truly before the camera at one moment, in px of the frame.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Truth {
    /// Corners of the document's page, or of the printed photograph; of square corners where they are rounded.
    pub quad: Option<Quad>,
    /// Pose of a living head; `None` for a print.
    pub pose: Option<HeadPose>,
    /// Blur besides the lens's own, as a Gaussian's deviation in px.
    pub defocus_px: f32,
}

/// Something that can be filmed.
trait Take: Send + Sync {
    /// The frame at `at_ms`.
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage;

    /// The truth at `at_ms`.
    fn truth(&self, at_ms: f64) -> Truth;
}

/// Memory that frames are made in, one for each thread.
struct Scratch {
    frame: Canvas,
    layer: Canvas,
    depth: Vec<f32>,
    blur: Vec<[f32; 4]>,
}

impl Scratch {
    fn new() -> Self {
        Self { frame: Canvas::clear(0, 0), layer: Canvas::clear(0, 0), depth: Vec::new(), blur: Vec::new() }
    }
}

/// A recording: frames by time.
pub struct Recording {
    take: Box<dyn Take>,
    settings: Settings,
    /// Frames before the part that repeats.
    intro: usize,
    /// Frames of the part that repeats; 0 where nothing does.
    cycle: usize,
    /// Frames in all.
    frames: usize,
}

impl Recording {
    /// Length in ms.
    pub fn duration_ms(&self) -> f64 {
        self.frames as f64 * 1000.0 / self.settings.frame_rate
    }

    /// Number of frames.
    pub fn frame_count(&self) -> usize {
        self.frames
    }

    /// Size of the frames in px.
    pub fn size(&self) -> Size {
        self.settings.size
    }

    /// The frame at `at_ms`, which may lie between two frames or beyond the end.
    pub fn frame_at(&self, at_ms: f64) -> RgbImage {
        self.take.frame(at_ms, &mut Scratch::new())
    }

    /// What is truly there at `at_ms`.
    pub fn truth_at(&self, at_ms: f64) -> Truth {
        self.take.truth(at_ms)
    }

    /// All frames in order.
    pub fn frames(&self) -> impl Iterator<Item = Frame> + '_ {
        let mut scratch = Scratch::new();
        (0..self.frames).map(move |index| {
            let at_ms = self.time_of(index);
            Frame { image: self.take.frame(at_ms, &mut scratch), at_ms }
        })
    }

    fn time_of(&self, index: usize) -> f64 {
        index as f64 * 1000.0 / self.settings.frame_rate
    }

    /// The first frame that looks like frame `index`.
    fn original_of(&self, index: usize) -> usize {
        if self.cycle == 0 || index < self.intro {
            index
        } else {
            self.intro + (index - self.intro) % self.cycle
        }
    }
}

/// Frames in `duration_ms` at the rate of `settings`.
fn frames_in(settings: &Settings, duration_ms: f64) -> usize {
    (duration_ms * settings.frame_rate / 1000.0).round().max(1.0) as usize
}
