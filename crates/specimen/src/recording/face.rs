//! A person before a camera on the desk: faces it, then does what was asked for, each time back to the front.

use super::answer::{Answers, CYCLES, FRONT_MS};
use super::{Recording, Scratch, Settings, Take, Truth};
use crate::camera::{Exposure, NEUTRAL_TINT, Sensor, px_scale};
use crate::error::Error;
use crate::person::{Gesture, Head, Place, Subject, Worn};
use crate::random::{Drift, stream};
use crate::raster::{Canvas, smoothstep};
use crate::scene::room;
use idv_protocol::face::HeadPose;
use idv_protocol::{Action, ActionKind};
use image::RgbImage;
use rand::Rng;
use std::f32::consts::TAU;

/// Yaw of a turn in degrees. The face mesh reads some 5 to 10 degrees less from a warped photograph.
const PEAK_YAW_DEG: f32 = 34.5;

/// What a turn does besides: people nod and lean a little, in degrees.
const TURN_PITCH_DEG: f32 = -1.5;
const TURN_ROLL_DEG: f32 = 1.2;

/// Pitch of a raised and of a lowered head in degrees.
const UP_DEG: f32 = 25.0;
const DOWN_DEG: f32 = 25.0;

/// The mouth at rest, and of a smile: people in photographs smile already.
const REST_SMILE: f32 = -0.35;
const FULL_SMILE: f32 = 1.0;

/// How much larger a face is seen that came closer: from an arm's length of 55 cm to 38 cm.
const CLOSER: f32 = 0.45;

/// Natural motion of a head that keeps still: degrees and px of the reference frame.
const SWAY_DEG: [f32; 3] = [0.8, 0.6, 0.5];
const SWAY_PX: f32 = 2.6;

/// A breath in ms, and a blink that comes of itself.
const BREATH_MS: f64 = 3600.0;
const BLINK_MS: f32 = 190.0;

/// Middle and height of the face over the height of the frame.
const FACE_Y_RATIO: f32 = 0.475;
const FACE_RATIO: f32 = 0.36;

/// A recording of the person in the photograph of `subject`, who faces the camera and does what each list of
/// `draws` asks for, one list after the other and over and over, so that an action that is asked for at any time is
/// seen within its window where their number allows it (two turns in 6 s). Fails with
/// [`crate::ErrorKind::BadRequest`] without an action.
pub fn face<D: AsRef<[Action]>>(
    settings: &Settings,
    subject: &Subject,
    draws: &[D],
) -> Result<Recording, Error> {
    let person = Person::new(settings, subject, draws)?;
    let (intro, cycle) = (person.answers.intro, person.answers.cycle);
    let frames = intro + cycle * CYCLES;
    Ok(Recording { take: Box::new(person), settings: *settings, intro, cycle, frames })
}

/// The same, but no two rounds are alike: what a camera gives, not what a file of it repeats.
pub fn live<D: AsRef<[Action]>>(
    settings: &Settings,
    subject: &Subject,
    draws: &[D],
) -> Result<Recording, Error> {
    let person = Person::new(settings, subject, draws)?.live();
    let frames = person.answers.intro + person.answers.cycle * CYCLES;
    Ok(Recording { take: Box::new(person), settings: *settings, intro: 0, cycle: 0, frames })
}

/// When the eyes close of themselves, in ms of the cycle (below 0 before it): once at first, and with every turn.
fn blinks(answers: &Answers, rng: &mut impl Rng) -> Vec<f64> {
    let mut at = vec![-FRONT_MS + rng.random_range(250.0..500.0), -rng.random_range(350.0..500.0)];
    for (index, (begin_ms, end_ms, kind)) in answers.spans().enumerate() {
        let (early, late) = (rng.random_range(40.0..160.0), rng.random_range(300.0..500.0));
        if matches!(kind, ActionKind::Blink | ActionKind::Smile | ActionKind::ComeCloser) {
            continue;
        }
        at.push(begin_ms + early);
        if index % 2 == 1 {
            at.push(end_ms - late);
        }
    }
    at
}

/// The take of [`face`].
pub(super) struct Person {
    head: Head,
    room: Canvas,
    sensor: Sensor,
    pub(super) answers: Answers,
    blinks: Vec<f64>,
    breaths: f32,
    scale: f32,
    sway: [Drift; 5],
    light: Drift,
    worn: Option<Worn>,
    /// No two rounds are alike without it.
    repeats: bool,
    /// Without a camera's blur and noise.
    perfect: bool,
}

impl Person {
    /// See [`face`].
    pub(super) fn new<D: AsRef<[Action]>>(
        settings: &Settings,
        subject: &Subject,
        draws: &[D],
    ) -> Result<Self, Error> {
        let (width, height) = settings.canvas()?;
        let answers = Answers::new(settings, draws)?;
        let cycle_ms = answers.cycle_ms();
        let mut rng = stream(settings.seed, "head motion");
        let mut drift = |band| Drift::new(&mut rng, band, Some((cycle_ms / 1000.0) as f32));
        let (sway, light) = (std::array::from_fn(|_| drift(0.15..0.7)), drift(0.1..0.5));
        let face_px = FACE_RATIO * (height as f32).min(width as f32);
        let middle_px = [
            width as f32 * rng.random_range(0.485..0.515),
            height as f32 * FACE_Y_RATIO + face_px * rng.random_range(-0.03..0.03),
        ];
        Ok(Self {
            head: Head::new(subject, width, height, Place { middle_px, face_px }),
            room: room(settings.seed, width, height),
            sensor: Sensor::new(settings.seed, width, height),
            blinks: blinks(&answers, &mut rng),
            breaths: (cycle_ms / BREATH_MS).round().max(1.0) as f32,
            answers,
            scale: px_scale(width.max(height)),
            sway,
            light,
            worn: None,
            repeats: true,
            perfect: false,
        })
    }

    /// The same without rounds that are alike.
    pub(super) fn live(self) -> Self {
        Self { repeats: false, ..self }
    }

    /// The same with `worn` before the face.
    pub(super) fn wearing(self, worn: Worn) -> Self {
        Self { worn: Some(worn), ..self }
    }

    /// The same without a camera's blur and noise.
    pub(super) fn perfect(self) -> Self {
        Self { perfect: true, ..self }
    }

    /// The person's head.
    pub(super) fn head(&self) -> &Head {
        &self.head
    }

    /// Time by which everything moves that is not asked for, in ms.
    fn motion_ms(&self, at_ms: f64) -> f64 {
        if self.repeats { self.answers.phase_ms(at_ms) } else { at_ms - self.answers.intro_ms() }
    }

    /// What the person does at `at_ms`.
    pub(super) fn gesture(&self, at_ms: f64) -> Gesture {
        let phase_ms = self.answers.phase_ms(at_ms);
        let at_s = (self.motion_ms(at_ms) / 1000.0) as f32;
        let answer = self.answers.at(phase_ms);
        let turned = answer.turned;
        let sway = |axis: usize| self.sway[axis].at(at_s);
        let blink = self
            .blinks
            .iter()
            .map(|at| 1.0 - ((phase_ms - at) as f32 / (BLINK_MS / 2.0) - 1.0).abs())
            .fold(0.0, f32::max);
        let raised = answer.raised * if answer.raised > 0.0 { UP_DEG } else { DOWN_DEG };
        Gesture {
            yaw_deg: turned * PEAK_YAW_DEG + sway(0) * SWAY_DEG[0],
            pitch_deg: raised + turned.abs() * TURN_PITCH_DEG + sway(1) * SWAY_DEG[1],
            roll_deg: -turned * TURN_ROLL_DEG + sway(2) * SWAY_DEG[2],
            shift_px: [
                (sway(3) * SWAY_PX - turned * 6.0) * self.scale,
                (sway(4) * SWAY_PX * 0.6 + turned.abs() * 3.0) * self.scale,
            ],
            blink: smoothstep(0.0, 0.75, blink).max(answer.closed),
            smile: REST_SMILE + (FULL_SMILE - REST_SMILE) * answer.smile,
            closer: CLOSER * answer.closer,
            breath: (at_s * 1000.0 / self.answers.cycle_ms() as f32 * self.breaths * TAU).sin(),
        }
    }
}

impl Take for Person {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        let gesture = self.gesture(at_ms);
        scratch.frame.clone_from(&self.room);
        self.head.draw_wearing(&mut scratch.frame, &gesture, &mut scratch.depth, self.worn.as_ref());
        if self.perfect {
            return scratch.frame.to_image();
        }
        let motion_ms = self.motion_ms(at_ms);
        let at_s = (motion_ms / 1000.0) as f32;
        // A quick turn is smeared while the shutter is open.
        let (before, after) = (self.gesture(at_ms - 8.0), self.gesture(at_ms + 8.0));
        let speed = (after.yaw_deg - before.yaw_deg).hypot(after.pitch_deg - before.pitch_deg);
        let exposure = Exposure {
            defocus_px: (0.25 + 0.45 * speed.min(3.0)) * self.scale,
            gain: 1.0 + 0.007 * self.light.at(at_s),
            tint: NEUTRAL_TINT,
            index: ((self.answers.intro_ms() + motion_ms) * 1000.0).round() as u64,
        };
        self.sensor.expose(&mut scratch.frame, &exposure, &mut scratch.blur)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        let gesture = self.gesture(at_ms);
        let pose =
            HeadPose { yaw_deg: gesture.yaw_deg, pitch_deg: gesture.pitch_deg, roll_deg: gesture.roll_deg };
        Truth { quad: None, pose: Some(pose), defocus_px: 0.0 }
    }
}
