//! A printed photograph held before the camera and tilted, as someone does who wants to pass for the person on
//! it: a flat picture, whatever it does.

use super::answer::{Answer, Answers};
use super::sheet::{Held, Sheet};
use super::{Recording, Scratch, Settings, Take, Truth, frames_in};
use crate::camera::{Exposure, NEUTRAL_TINT, Pinhole, Pose, Sensor, px_scale};
use crate::error::Error;
use crate::person::Subject;
use crate::random::{Drift, Lattice, stream};
use crate::raster::{Canvas, smoothstep};
use crate::scene::{Grip, room};
use image::RgbImage;
use image::imageops::{FilterType, crop_imm, resize};

/// The photograph on the paper, in heights of the face.
const PHOTO_FACES: [f32; 2] = [1.85, 2.3];

/// The paper: height of the face on it, white border, in mm.
const FACE_MM: f32 = 44.0;
const BORDER_MM: f32 = 5.0;

/// Pixels per mm of the paper's picture.
const PX_PER_MM: f32 = 8.0;

/// Height of the face over the height of the frame.
const FACE_RATIO: f32 = 0.33;

/// The print is held straight until here, in ms, then tilted this far, in degrees.
const STRAIGHT_MS: f32 = 2500.0;
const TILT_DEG: f32 = 25.0;

/// Motion of the hand: mm sideways and towards the camera.
const SWAY_MM: f32 = 3.5;
const SWAY_DEPTH_MM: f32 = 9.0;

/// Length of one tilt from side to side and back, in seconds.
const TILT_S: f32 = 3.4;

/// The farthest that a print is turned and tilted in place of a head, in degrees: beyond it, no face is found.
const ANSWER_YAW_DEG: f32 = 45.0;
const ANSWER_PITCH_DEG: f32 = 40.0;

/// How much larger it is seen when it comes closer.
const ANSWER_CLOSER: f32 = 0.45;

/// What the hand does.
enum Hand {
    /// Tilts it to and fro.
    Tilts,
    /// Keeps it still.
    Still,
    /// Moves it as is asked for.
    Answers(Answers),
}

/// A recording of the photograph of `subject`, printed on paper and held before the camera, `duration_ms` long.
pub fn print(settings: &Settings, subject: &Subject, duration_ms: f64) -> Result<Recording, Error> {
    let take = Print::new(settings, subject, Hand::Tilts)?;
    let frames = frames_in(settings, duration_ms);
    Ok(Recording { take: Box::new(take), settings: *settings, intro: 0, cycle: 0, frames })
}

/// The print moved as `answers` says, or held still.
pub(super) fn print_take(
    settings: &Settings,
    subject: &Subject,
    answers: Option<Answers>,
) -> Result<Print, Error> {
    Print::new(settings, subject, answers.map_or(Hand::Still, Hand::Answers))
}

/// Motion of the hand of `seed`.
pub(super) fn sway(seed: u64) -> [Drift; 5] {
    let mut rng = stream(seed, "print motion");
    std::array::from_fn(|_| Drift::new(&mut rng, 0.2..0.9, None))
}

/// Where a print is that is moved as a head would be.
pub(super) fn answering(answer: &Answer, sway: &[Drift; 5], at_ms: f64, distance_mm: f32) -> Pose {
    let at_s = (at_ms / 1000.0) as f32;
    let sway = |axis: usize| sway[axis].at(at_s);
    let distance_mm = distance_mm / (1.0 + ANSWER_CLOSER * answer.closer);
    Pose {
        yaw_deg: answer.turned * ANSWER_YAW_DEG + sway(0) * 1.2,
        pitch_deg: answer.raised * ANSWER_PITCH_DEG + sway(1) * 1.0,
        roll_deg: sway(2) * 1.5,
        at_mm: [sway(3) * SWAY_MM, sway(4) * SWAY_MM * 0.7, distance_mm + sway(1) * 0.4 * SWAY_DEPTH_MM],
    }
}

/// The print, its scale in a frame of `settings` in px a mm, and its size in mm.
pub(super) fn paper(settings: &Settings, subject: &Subject) -> Result<(Canvas, f32, (f32, f32)), Error> {
    let (width, height) = settings.canvas()?;
    let (picture, size_mm) = printed(settings.seed, subject);
    Ok((picture, FACE_RATIO * (height as f32).min(width as f32) / FACE_MM, size_mm))
}

/// The print and its size in mm: the photograph inside a white border on slightly rough, slightly curled paper.
fn printed(seed: u64, subject: &Subject) -> (Canvas, (f32, f32)) {
    let (photo, face) = (&subject.photo, subject.face);
    let (photo_width, photo_height) = (photo.width() as f32, photo.height() as f32);
    let (w, h) =
        ((face.height * PHOTO_FACES[0]).min(photo_width), (face.height * PHOTO_FACES[1]).min(photo_height));
    let x = (face.x + face.width / 2.0 - w / 2.0).clamp(0.0, photo_width - w);
    let y = (face.y + face.height / 2.0 - h * 0.52).clamp(0.0, photo_height - h);
    let mm = FACE_MM / face.height;
    let (w_mm, h_mm) = (w * mm, h * mm);
    let cut = crop_imm(photo, x as u32, y as u32, (w as u32).max(1), (h as u32).max(1)).to_image();
    let (columns, rows) = ((w_mm * PX_PER_MM) as u32, (h_mm * PX_PER_MM) as u32);
    let print = Canvas::from_image(&resize(&cut, columns.max(1), rows.max(1), FilterType::CatmullRom));
    let size_mm = (w_mm + 2.0 * BORDER_MM, h_mm + 2.0 * BORDER_MM);
    let fibre = Lattice::new(&mut stream(seed, "paper of the print"));
    let border = BORDER_MM * PX_PER_MM;
    let (width, height) = ((size_mm.0 * PX_PER_MM) as usize, (size_mm.1 * PX_PER_MM) as usize);
    let picture = Canvas::opaque(width, height, |x, y| {
        let (u, v) = (x - border, y - border);
        let inside = u > 0.0 && v > 0.0 && u < print.width as f32 && v < print.height as f32;
        let ink = if inside { print.sample(u, v) } else { [0.95, 0.945, 0.93, 1.0] };
        let rough = 1.0 + 0.018 * fibre.fractal(x / 5.0, y / 5.0, 2);
        // Curled about the vertical axis: brighter towards the window, and a soft fold of light.
        let across = x / width as f32;
        let curl = 1.0 - 0.16 * across + 0.05 * (across * 5.0 + 0.6).sin();
        // Print has less range than the eye: its black is grey, its white is paper.
        [0, 1, 2].map(|k| (0.055 + ink[k] * 0.87) * rough * curl)
    });
    (picture, size_mm)
}

/// The take.
pub(super) struct Print {
    hand: Hand,
    sheet: Sheet,
    distance_mm: f32,
    sway: [Drift; 5],
    room: Canvas,
    sensor: Sensor,
}

impl Print {
    fn new(settings: &Settings, subject: &Subject, hand: Hand) -> Result<Self, Error> {
        let (width, height) = settings.canvas()?;
        let (picture, px_per_mm, size_mm) = paper(settings, subject)?;
        let pinhole = Pinhole::new(width as f32, height as f32);
        let at_mm = [size_mm.0, size_mm.1 * 0.74];
        let grip = Grip { at_mm, reach_mm: 9.0, size: 1.0, extent_mm: [150.0, 130.0] };
        let held = Held { picture: &picture, size_mm, corner_mm: 0.6, grip: Some(grip), shadow: 0.0 };
        Ok(Self {
            hand,
            sheet: Sheet::new(settings.seed, &held, px_per_mm, pinhole),
            distance_mm: pinhole.focal_px / px_per_mm,
            sway: sway(settings.seed),
            room: room(settings.seed, width, height),
            sensor: Sensor::new(settings.seed, width, height),
        })
    }

    fn pose(&self, at_ms: f64) -> Pose {
        match &self.hand {
            Hand::Tilts => self.tilting(at_ms),
            Hand::Still => answering(&Answer::default(), &self.sway, at_ms, self.distance_mm),
            Hand::Answers(answers) => {
                let answer = answers.at(answers.phase_ms(at_ms));
                answering(&answer, &self.sway, at_ms, self.distance_mm)
            }
        }
    }

    fn tilting(&self, at_ms: f64) -> Pose {
        let at_s = (at_ms / 1000.0) as f32;
        let sway = |axis: usize| self.sway[axis].at(at_s);
        let tilting = smoothstep(STRAIGHT_MS, STRAIGHT_MS + 700.0, at_ms as f32);
        let turn = (at_s - STRAIGHT_MS / 1000.0) * std::f32::consts::TAU / TILT_S;
        Pose {
            yaw_deg: (turn.sin() * TILT_DEG).clamp(-TILT_DEG, TILT_DEG) * tilting
                + sway(0) * 1.2 * (1.0 - tilting),
            pitch_deg: (turn * 0.5).sin() * TILT_DEG * 0.5 * tilting + sway(1) * 1.0,
            roll_deg: sway(2) * 1.5,
            at_mm: [
                sway(3) * SWAY_MM,
                sway(4) * SWAY_MM * 0.7,
                self.distance_mm + (sway(1) + sway(3)) * 0.5 * SWAY_DEPTH_MM,
            ],
        }
    }
}

impl Take for Print {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        scratch.frame.clone_from(&self.room);
        let pose = self.pose(at_ms);
        // Light comes from the window at the left.
        let facing = 1.04 - 0.006 * pose.yaw_deg + 0.003 * pose.pitch_deg;
        self.sheet.lay(scratch, at_ms, |at_ms| self.pose(at_ms), |_, _| facing);
        let exposure = Exposure {
            defocus_px: 0.3 * px_scale(scratch.frame.width),
            gain: 1.0,
            tint: NEUTRAL_TINT,
            index: (at_ms * 1000.0).round() as u64,
        };
        self.sensor.expose(&mut scratch.frame, &exposure, &mut scratch.blur)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        Truth { quad: Some(self.sheet.quad(&self.pose(at_ms))), pose: None, defocus_px: 0.0 }
    }
}
