//! A film shown on a phone or a monitor before the camera: its pixels against the camera's (moiré), its glass with
//! the window and the room in it, its black that is never black, its edge.

use super::super::face::Person;
use super::super::sheet::{Held, Sheet};
use super::super::{Scratch, Settings, Take, Truth};
use crate::camera::{Exposure, Homography, NEUTRAL_TINT, Pinhole, Pose, Sensor, glare, px_scale};
use crate::error::Error;
use crate::random::{Drift, stream};
use crate::raster::Canvas;
use crate::scene::{Grip, room};
use image::RgbImage;
use rand::Rng;
use std::f32::consts::{PI, TAU};

/// The picture of a phone of 6.1 inch and of a monitor of 27 inch, in mm.
const PHONE_MM: [f32; 2] = [65.0, 140.0];
const MONITOR_MM: [f32; 2] = [597.0, 336.0];

/// Their edges in mm, and the radius of their corners.
const PHONE_EDGE_MM: f32 = 3.5;
const MONITOR_EDGE_MM: f32 = 9.0;
const PHONE_CORNER_MM: f32 = 9.0;
const MONITOR_CORNER_MM: f32 = 2.0;

/// Distances of the camera in mm: from a phone, so that the face on it is as large as a face; from a monitor, so
/// that it fills the frame, or so that its edge is seen.
const PHONE_DISTANCE_MM: f32 = 190.0;
const MONITOR_DISTANCES_MM: [f32; 2] = [425.0, 530.0];

/// Distance of two pixels in mm: of a phone with 460 dpi; of monitors with 2560, 2160 and 1920 columns.
const PHONE_PITCH_MM: f32 = 0.055;
const MONITOR_PITCHES_MM: [f32; 3] = [0.233, 0.277, 0.311];

/// Columns of the camera's sensor, whose picture is shrunk to the frame: what it samples of the screen's pixels stays.
const SENSOR_COLUMNS: f32 = 1920.0;

/// Share of a sensor's pixel that takes light, and blur of a sharp lens as a Gaussian's deviation in px of the
/// sensor: what is left of a screen's pixels in the picture follows from both.
const FILL: f32 = 0.8;
const LENS_PX: f32 = 0.2;

/// Strength of the first harmonic of a stripe a third of a pixel wide, over its mean, and of the gaps between rows.
const STRIPE: f32 = 1.65;
const ROW_GAP: f32 = 0.35;

/// A screen's black in a lit room, its brightness over a lit face's, and its colour as factors.
const BLACK: f32 = 0.03;
const BRIGHTNESS: f32 = 1.02;
const TINT: [f32; 3] = [0.97, 1.0, 1.04];

/// Share of the room that its glass mirrors, and strength of the window in it.
const MIRROR: f32 = 0.05;
const WINDOW: f32 = 0.22;

/// Strength of the band that backlight and shutter draw together, and its speed in heights a second.
const BAND: f32 = 0.012;
const BAND_SPEED: f32 = 0.7;

/// Sway of a phone in a hand, of a monitor before a camera in a hand: mm and degrees.
const PHONE_SWAY: (f32, f32) = (1.6, 1.4);
const MONITOR_SWAY: (f32, f32) = (0.8, 0.3);

/// The take.
pub(super) struct Screen {
    film: Person,
    /// Part of the film that is shown: left, top, width and height in px.
    part: [f32; 4],
    body: Sheet,
    edge_mm: f32,
    picture_mm: [f32; 2],
    pitch_mm: f32,
    distance_mm: f32,
    pinhole: Pinhole,
    sway_mm_deg: (f32, f32),
    sway: [Drift; 5],
    window_px: [f32; 3],
    room: Canvas,
    sensor: Sensor,
}

/// What distinguishes one screen from another.
struct Kind {
    picture_mm: [f32; 2],
    edge_mm: f32,
    corner_mm: f32,
    pitch_mm: f32,
    distance_mm: f32,
    sway_mm_deg: (f32, f32),
    held: bool,
}

impl Screen {
    /// A phone in a hand that shows the middle of `film`.
    pub(super) fn phone(settings: &Settings, film: Person) -> Result<Self, Error> {
        let kind = Kind {
            picture_mm: PHONE_MM,
            edge_mm: PHONE_EDGE_MM,
            corner_mm: PHONE_CORNER_MM,
            pitch_mm: PHONE_PITCH_MM,
            distance_mm: PHONE_DISTANCE_MM,
            sway_mm_deg: PHONE_SWAY,
            held: true,
        };
        Self::new(settings, film, &kind)
    }

    /// A monitor that shows all of `film`.
    pub(super) fn monitor(settings: &Settings, film: Person) -> Result<Self, Error> {
        let mut rng = stream(settings.seed, "monitor");
        let kind = Kind {
            picture_mm: MONITOR_MM,
            edge_mm: MONITOR_EDGE_MM,
            corner_mm: MONITOR_CORNER_MM,
            pitch_mm: MONITOR_PITCHES_MM[rng.random_range(0..MONITOR_PITCHES_MM.len())],
            distance_mm: MONITOR_DISTANCES_MM[rng.random_range(0..MONITOR_DISTANCES_MM.len())],
            sway_mm_deg: MONITOR_SWAY,
            held: false,
        };
        Self::new(settings, film, &kind)
    }

    fn new(settings: &Settings, film: Person, kind: &Kind) -> Result<Self, Error> {
        let (width, height) = settings.canvas()?;
        let (w, h) = (width as f32, height as f32);
        let mut rng = stream(settings.seed, "screen");
        let pinhole = Pinhole::new(w, h);
        let px_per_mm = pinhole.focal_px / kind.distance_mm;
        let size_mm = (kind.picture_mm[0] + 2.0 * kind.edge_mm, kind.picture_mm[1] + 2.0 * kind.edge_mm);
        let casing = Canvas::opaque(64, 64, |_, _| [0.035, 0.036, 0.04]);
        let grip = kind.held.then_some(Grip {
            at_mm: [size_mm.0, size_mm.1 * 0.72],
            reach_mm: 6.0,
            size: 1.0,
            extent_mm: [150.0, 130.0],
        });
        let held = Held { picture: &casing, size_mm, corner_mm: kind.corner_mm, grip, shadow: 0.0 };
        // As much of the film's middle as has the picture's proportions.
        let shape = kind.picture_mm[0] / kind.picture_mm[1];
        let (part_width, part_height) = (w.min(h * shape), h.min(w / shape));
        let part = [(w - part_width) / 2.0, (h - part_height) / 2.0, part_width, part_height];
        Ok(Self {
            film,
            part,
            body: Sheet::new(settings.seed, &held, px_per_mm.min(8.0), pinhole),
            edge_mm: kind.edge_mm,
            picture_mm: kind.picture_mm,
            pitch_mm: kind.pitch_mm,
            distance_mm: kind.distance_mm,
            pinhole,
            sway_mm_deg: kind.sway_mm_deg,
            sway: std::array::from_fn(|_| Drift::new(&mut rng, 0.2..0.9, None)),
            window_px: [
                w * rng.random_range(0.32..0.68),
                h * rng.random_range(0.05..0.95),
                h * rng.random_range(0.05..0.12),
            ],
            // The film was made elsewhere, by another camera.
            room: room(settings.seed.wrapping_add(1), width, height),
            sensor: Sensor::new(settings.seed.wrapping_add(1), width, height),
        })
    }

    fn pose(&self, at_ms: f64) -> Pose {
        let at_s = (at_ms / 1000.0) as f32;
        let ((mm, deg), sway) = (self.sway_mm_deg, |axis: usize| self.sway[axis].at(at_s));
        Pose {
            yaw_deg: sway(0) * deg,
            pitch_deg: sway(1) * deg,
            roll_deg: sway(2) * deg * 0.6,
            at_mm: [sway(3) * mm, sway(4) * mm, self.distance_mm + (sway(0) + sway(4)) * mm],
        }
    }

    /// Draws what the screen shows; `to_px` takes mm of its casing to px of the frame.
    fn show(&self, frame: &mut Canvas, shown: &Canvas, to_px: &Homography, at_ms: f64) {
        let back = to_px.inverse();
        // Pixels of the screen in one of the sensor, and what aperture and lens leave of them.
        let native = SENSOR_COLUMNS / frame.width as f32;
        let cycles = self.distance_mm / (self.pinhole.focal_px * native) / self.pitch_mm;
        let blurred = (-2.0 * (PI * LENS_PX * cycles).powi(2)).exp();
        let left = STRIPE * (PI * FILL * cycles).sin() / (PI * FILL * cycles) * blurred;
        // The sensor sees them once a pixel, so that whole cycles cannot be told from none.
        let folded = cycles.round();
        let band = (at_ms / 1000.0) as f32 * BAND_SPEED;
        let (columns, rows) = (frame.width, frame.height as f32);
        for (index, px) in frame.px.iter_mut().enumerate() {
            let (x, y) = ((index % columns) as f32 + 0.5, (index / columns) as f32 + 0.5);
            let [u, v] = back.map(x, y);
            let (u, v) = (u - self.edge_mm, v - self.edge_mm);
            let [width_mm, height_mm] = self.picture_mm;
            if !(0.0..width_mm).contains(&u) || !(0.0..height_mm).contains(&v) {
                continue;
            }
            let [part_x, part_y, part_width, part_height] = self.part;
            let sample =
                shown.sample(part_x + u / width_mm * part_width, part_y + v / height_mm * part_height);
            let mirrored = self.room.sample(columns as f32 - x, y);
            let beat = |mm: f32, px: f32| mm / self.pitch_mm - folded * px * native;
            let row = 1.0 + ROW_GAP * left * (TAU * beat(v, y)).cos();
            let rolling = 1.0 + BAND * (TAU * (y / rows + band)).sin();
            for k in 0..3 {
                let stripe = 1.0 + left * (TAU * (beat(u, x) + k as f32 / 3.0)).cos();
                let light = (BLACK + sample[k] * BRIGHTNESS * TINT[k] * rolling) * stripe * row;
                px[k] = light + mirrored[k] * MIRROR;
            }
        }
    }
}

impl Take for Screen {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        let shown = Canvas::from_image(&self.film.frame(at_ms, scratch));
        scratch.frame.clone_from(&self.room);
        let to_px = self.body.lay(scratch, at_ms, |at_ms| self.pose(at_ms), |_, _| 1.0);
        self.show(&mut scratch.frame, &shown, &to_px, at_ms);
        let [x, y, radius] = self.window_px;
        glare(&mut scratch.frame, [x, y], radius, WINDOW);
        let exposure = Exposure {
            defocus_px: 0.15 * px_scale(scratch.frame.width),
            gain: 1.0,
            tint: NEUTRAL_TINT,
            index: (at_ms * 1000.0).round() as u64,
        };
        self.sensor.expose(&mut scratch.frame, &exposure, &mut scratch.blur)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        Truth { quad: Some(self.body.quad(&self.pose(at_ms))), pose: None, defocus_px: 0.0 }
    }
}
