//! A document held over a desk: brought in and out of focus at first, then sharp and rather still; a card is turned
//! over after a while.

use super::sheet::{self, Sheet};
use super::{Recording, Scratch, Settings, Take, Truth, frames_in};
use crate::assets::Assets;
use crate::camera::{Exposure, Pinhole, Pose, Sensor, glare, px_scale};
use crate::document::Page;
use crate::error::Error;
use crate::random::{Drift, stream};
use crate::raster::{Canvas, blur, smoothstep};
use crate::scene::{Grip, desk};
use image::RgbImage;
use rand::Rng;

/// Largest share of the frame's height and width the page takes: at 1280x720 it is 859 px wide, 67 % of the
/// frame, and a letter of the machine-readable zone 17 px.
const PAGE_HEIGHT_RATIO: f32 = 0.84;
const PAGE_WIDTH_RATIO: f32 = 0.88;

/// The page is brought in and the camera focuses until here, in ms.
const SETTLED_MS: f32 = 1500.0;

/// What is left of the hand's motion once it has settled.
const STILL_SHARE: f32 = 0.05;

/// Motion of a hand that has not settled: mm sideways, mm towards the camera, degrees of tilt.
const SWAY_MM: f32 = 5.0;
const SWAY_DEPTH_MM: f32 = 9.0;
const SWAY_DEG: f32 = 4.0;

/// Tremor of a hand in mm, at 6 to 9 Hz (physiological tremor).
const TREMOR_MM: f32 = 0.035;

/// Blur while the camera focuses, as a Gaussian's deviation in px of the reference frame.
const DEFOCUS_PX: f32 = 5.5;

/// Blur of the desk, which lies behind the plane in focus, likewise.
const DESK_DEFOCUS_PX: f32 = 1.3;

/// Motion of the camera in px of the reference frame, and the part of the desk kept around the frame for it.
const CAMERA_SWAY_PX: f32 = 2.2;
const DESK_MARGIN_PX: usize = 10;

/// Darkness of the page's shadow on the desk.
const DESK_SHADOW: f32 = 0.45;

/// Size of the lamp's reflection, as a Gaussian's deviation over the focal length.
const GLARE_RATIO: f32 = 0.085;

/// A card is turned over from here on, in ms: an engine has had time to find and read its front.
const TURN_AT_MS: f64 = 8000.0;

/// Time that turning takes, in ms.
const TURN_MS: f64 = 900.0;

/// Yaw in degrees beyond which a card is seen edge-on: nothing of it is drawn.
const EDGE_ON_DEG: f32 = 78.0;

/// A recording of `page` held before the desk of `settings.seed`, `duration_ms` long.
pub fn document(
    assets: &Assets,
    settings: &Settings,
    page: &Page,
    duration_ms: f64,
) -> Result<Recording, Error> {
    film(assets, settings, &[page], duration_ms)
}

/// A recording of a card held before the same desk, its `front` first, and from 8 seconds on its `back`.
pub fn card(
    assets: &Assets,
    settings: &Settings,
    front: &Page,
    back: &Page,
    duration_ms: f64,
) -> Result<Recording, Error> {
    film(assets, settings, &[front, back], duration_ms)
}

/// A recording of the same desk with nothing held before it.
pub fn no_document(assets: &Assets, settings: &Settings, duration_ms: f64) -> Result<Recording, Error> {
    film(assets, settings, &[], duration_ms)
}

fn film(assets: &Assets, settings: &Settings, sides: &[&Page], duration_ms: f64) -> Result<Recording, Error> {
    let (width, height) = settings.canvas()?;
    let scale = px_scale(width);
    let margin = 2 * DESK_MARGIN_PX;
    let mut desk = desk(assets, settings.seed, width + margin, height + margin)?;
    if !sides.is_empty() {
        blur(&mut desk, DESK_DEFOCUS_PX * scale, &mut Vec::new());
    }
    let mut rng = stream(settings.seed, "hand motion");
    let drift = |rng: &mut _, band| Drift::new(rng, band, None);
    let take = Desk {
        held: sides
            .iter()
            .map(|page| Held::new(settings.seed, page, width as f32, height as f32, &mut rng))
            .collect(),
        camera: [drift(&mut rng, 0.2..0.9), drift(&mut rng, 0.2..0.9)],
        light: drift(&mut rng, 0.1..0.6),
        sensor: Sensor::new(settings.seed, width, height),
        desk,
        scale,
    };
    let frames = frames_in(settings, duration_ms);
    Ok(Recording { take: Box::new(take), settings: *settings, intro: 0, cycle: 0, frames })
}

struct Desk {
    desk: Canvas,
    /// The sides of what is held; none where nothing is.
    held: Vec<Held>,
    camera: [Drift; 2],
    light: Drift,
    sensor: Sensor,
    scale: f32,
}

/// A page in a hand.
struct Held {
    sheet: Sheet,
    rest: Pose,
    sway: [Drift; 6],
    tremor: [Drift; 2],
    lamp: [f32; 2],
}

impl Held {
    fn new(seed: u64, page: &Page, width: f32, height: f32, rng: &mut impl Rng) -> Self {
        let (page_width, page_height) = page.layout.size_mm;
        let width_px = (height * PAGE_HEIGHT_RATIO * page_width / page_height).min(width * PAGE_WIDTH_RATIO);
        let pinhole = Pinhole::new(width, height);
        let rest = Pose {
            yaw_deg: rng.random_range(-4.0..4.0),
            pitch_deg: rng.random_range(-6.0..2.0),
            roll_deg: rng.random_range(-2.2..2.2),
            at_mm: [0.0, 0.0, page_width * pinhole.focal_px / width_px],
        };
        let grip = Grip {
            at_mm: [page_width, page_height * 0.645],
            reach_mm: 10.5,
            size: 1.0,
            extent_mm: [76.0, 82.0],
        };
        let held = sheet::Held {
            picture: &page.picture,
            size_mm: page.layout.size_mm,
            corner_mm: page.layout.corner_mm,
            grip: Some(grip),
            shadow: DESK_SHADOW,
        };
        let sheet = Sheet::new(seed, &held, width_px / page_width, pinhole);
        Self {
            sheet,
            rest,
            sway: std::array::from_fn(|_| Drift::new(rng, 0.15..0.7, None)),
            tremor: std::array::from_fn(|_| Drift::new(rng, 6.0..9.0, None)),
            lamp: [rng.random_range(0.35..0.65), rng.random_range(0.12..0.3)],
        }
    }

    /// Where it is held at `at_ms`, turned by `yaw_deg`.
    fn pose(&self, at_ms: f64, yaw_deg: f32) -> Pose {
        let at_s = (at_ms / 1000.0) as f32;
        let share = 1.0 - (1.0 - STILL_SHARE) * smoothstep(SETTLED_MS * 0.5, SETTLED_MS, at_ms as f32);
        let sway = |axis: usize| self.sway[axis].at(at_s) * share;
        let tremor = |axis: usize| self.tremor[axis].at(at_s) * TREMOR_MM;
        let [x, y, z] = self.rest.at_mm;
        Pose {
            yaw_deg: self.rest.yaw_deg + sway(3) * SWAY_DEG + yaw_deg,
            pitch_deg: self.rest.pitch_deg + sway(4) * SWAY_DEG,
            roll_deg: self.rest.roll_deg + sway(5) * SWAY_DEG * 0.5,
            at_mm: [
                x + sway(0) * SWAY_MM + tremor(0),
                y + sway(1) * SWAY_MM * 0.6 + tremor(1),
                // Only away from the camera, so that the page stays inside the frame.
                z + (sway(2) + 2.0 * share) * SWAY_DEPTH_MM,
            ],
        }
    }

    fn lay(&self, at_ms: f64, yaw_deg: f32, scratch: &mut Scratch) {
        let pose = self.pose(at_ms, yaw_deg);
        let (yaw, pitch) = (pose.yaw_deg - self.rest.yaw_deg - yaw_deg, pose.pitch_deg - self.rest.pitch_deg);
        // The sheet is brighter the more it faces the lamp at the upper left.
        let facing = 1.0 - 0.010 * yaw + 0.012 * pitch;
        let light = |u: f32, v: f32| facing * (1.01 - 0.0006 * u - 0.0005 * v);
        let map = self.sheet.lay(scratch, at_ms, |at_ms| self.pose(at_ms, yaw_deg), light);
        // A reflection wanders over the laminate while it tilts and leaves it when the hand comes to rest.
        let (width, height) = self.sheet.size_mm;
        let at = map.map(width * (self.lamp[0] + 0.09 * yaw), height * (self.lamp[1] - 0.11 * pitch));
        let strength = 0.08 + 0.55 * smoothstep(SETTLED_MS, SETTLED_MS * 0.4, at_ms as f32);
        glare(&mut scratch.frame, at, self.sheet.pinhole.focal_px * GLARE_RATIO, strength);
    }
}

impl Desk {
    /// The side that is seen, and how far it is turned away, in degrees; `None` where nothing of a document is.
    fn side(&self, at_ms: f64) -> Option<(&Held, f32)> {
        let [front, back] = match self.held.as_slice() {
            [front, back] => [front, back],
            held => return held.first().map(|held| (held, 0.0)),
        };
        let turned_deg = (180.0 * (at_ms - TURN_AT_MS) / TURN_MS).clamp(0.0, 180.0) as f32;
        let (side, yaw_deg) =
            if turned_deg < 90.0 { (front, turned_deg) } else { (back, turned_deg - 180.0) };
        (yaw_deg.abs() <= EDGE_ON_DEG).then_some((side, yaw_deg))
    }

    fn defocus_px(&self, at_ms: f64) -> f32 {
        if self.held.is_empty() {
            return 0.0;
        }
        let t = at_ms as f32;
        // Out of focus, then past the point and back, as contrast autofocus does.
        let far = smoothstep(SETTLED_MS * 0.78, SETTLED_MS * 0.2, t);
        let hunt = 0.28 * smoothstep(0.62, 0.80, t / SETTLED_MS) * smoothstep(1.0, 0.86, t / SETTLED_MS);
        (far + hunt).min(1.0) * DEFOCUS_PX * self.scale
    }
}

impl Take for Desk {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        let at_s = (at_ms / 1000.0) as f32;
        let margin = DESK_MARGIN_PX as f32;
        let (width, height) = (self.desk.width - 2 * DESK_MARGIN_PX, self.desk.height - 2 * DESK_MARGIN_PX);
        let sway = |axis: usize| {
            (margin + self.camera[axis].at(at_s) * CAMERA_SWAY_PX * self.scale).clamp(0.0, 2.0 * margin - 1.0)
        };
        shifted(&self.desk, [sway(0), sway(1)], width, height, &mut scratch.frame);
        if let Some((held, yaw_deg)) = self.side(at_ms) {
            held.lay(at_ms, yaw_deg, scratch);
        }
        let exposure = Exposure {
            defocus_px: self.defocus_px(at_ms),
            gain: 0.97 + 0.008 * self.light.at(at_s) - 0.06 * smoothstep(500.0, 0.0, at_ms as f32),
            tint: [1.015, 0.985],
            index: (at_ms * 1000.0).round() as u64,
        };
        self.sensor.expose(&mut scratch.frame, &exposure, &mut scratch.blur)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        Truth {
            quad: self.side(at_ms).map(|(held, yaw_deg)| held.sheet.quad(&held.pose(at_ms, yaw_deg))),
            pose: None,
            defocus_px: self.defocus_px(at_ms),
        }
    }
}

/// The part of `from` with its corner at `x`, `y` px (bilinear), `width` x `height` px, into `to`.
fn shifted(from: &Canvas, [x, y]: [f32; 2], width: usize, height: usize, to: &mut Canvas) {
    to.width = width;
    to.height = height;
    to.px.resize(width * height, [0.0; 4]);
    let (x0, y0) = (x as usize, y as usize);
    let (ax, ay) = (x - x0 as f32, y - y0 as f32);
    let weights = [(1.0 - ax) * (1.0 - ay), ax * (1.0 - ay), (1.0 - ax) * ay, ax * ay];
    for row in 0..height {
        let above = &from.px[(y0 + row) * from.width + x0..][..width + 1];
        let below = &from.px[(y0 + row + 1) * from.width + x0..][..width + 1];
        let out = &mut to.px[row * width..][..width];
        for (column, px) in out.iter_mut().enumerate() {
            let (a, b, c, d) = (above[column], above[column + 1], below[column], below[column + 1]);
            for k in 0..4 {
                px[k] = a[k] * weights[0] + b[k] * weights[1] + c[k] * weights[2] + d[k] * weights[3];
            }
        }
    }
}
