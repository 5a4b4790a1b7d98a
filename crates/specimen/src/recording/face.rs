//! A person before a camera on the desk: faces it, then does what is asked, each time back to rest.

use super::{Recording, Scratch, Settings, Take, Truth};
use crate::camera::{Exposure, NEUTRAL_TINT, Sensor, px_scale};
use crate::error::{Error, ErrorKind};
use crate::person::{Gesture, Head, Place, Subject};
use crate::random::{Drift, stream};
use crate::raster::{Canvas, smoothstep};
use crate::scene::room;
use idv_protocol::{Action, ActionKind, HeadPose};
use image::RgbImage;
use rand::Rng;
use std::f32::consts::TAU;

/// How long the person faces the camera first, in ms.
pub const FRONT_MS: f64 = 2500.0;

/// One turn: out, held, back, and facing the camera again, in ms.
pub const OUT_MS: f64 = 700.0;
/// See [`OUT_MS`].
pub const HOLD_MS: f64 = 500.0;
/// See [`OUT_MS`].
pub const BACK_MS: f64 = 700.0;
/// See [`OUT_MS`].
pub const REST_MS: f64 = 800.0;

const TURN_MS: f64 = OUT_MS + HOLD_MS + BACK_MS + REST_MS;

/// Yaw of a turn in degrees. The face mesh reads some 5 to 10 degrees less from a warped photograph.
const PEAK_YAW_DEG: f32 = 34.5;

/// What a turn does besides: people nod and lean a little, in degrees.
const TURN_PITCH_DEG: f32 = -1.5;
const TURN_ROLL_DEG: f32 = 1.2;

/// How often the turns are filmed: enough for a face step that begins late.
const CYCLES: usize = 3;

/// The time limit of a turn is met with this to spare, in ms: frames are late and heads are measured slowly.
const SPARE_MS: f64 = 500.0;

/// Longest pause between two rounds of turns, in ms.
const LONGEST_PAUSE_MS: f64 = 1500.0;

/// Natural motion of a head that keeps still: degrees and px of the reference frame.
const SWAY_DEG: [f32; 3] = [0.8, 0.6, 0.5];
const SWAY_PX: f32 = 2.6;

/// A breath in ms, and a blink.
const BREATH_MS: f64 = 3600.0;
const BLINK_MS: f32 = 190.0;

/// A blink that was asked for is slower, in ms; and the time from one to the next.
const ASKED_BLINK_MS: f32 = 500.0;
/// See [`ASKED_BLINK_MS`].
const ASKED_EVERY_MS: f64 = 750.0;

/// Pitch of a nod in degrees.
const PEAK_PITCH_DEG: f32 = 24.0;

/// Middle and height of the face over the height of the frame.
const FACE_Y_RATIO: f32 = 0.475;
const FACE_RATIO: f32 = 0.36;

/// A recording of the person in the photograph of `subject`, who faces the camera and does what each list of
/// `draws` asks for, one list after the other and over and over, so that one asked for at any time is seen within its window where their number allows it (two in 6 s).
/// Fails with [`ErrorKind::BadRequest`] without actions, and for a smile or coming closer.
pub fn face<D: AsRef<[Action]>>(
    settings: &Settings,
    subject: &Subject,
    draws: &[D],
) -> Result<Recording, Error> {
    let (width, height) = settings.canvas()?;
    let actions: Vec<Action> = draws.iter().flat_map(AsRef::as_ref).copied().collect();
    let Some(window_ms) = actions.iter().map(|action| action.window_ms).min() else {
        return Err(Error::new(ErrorKind::BadRequest, "a face recording needs at least one action"));
    };
    if actions.iter().any(|action| matches!(action.kind, ActionKind::Smile | ActionKind::ComeCloser)) {
        return Err(Error::new(ErrorKind::BadRequest, "this person can neither smile nor come closer"));
    }
    let turns_ms = TURN_MS * actions.len() as f64;
    let pause_ms = (f64::from(window_ms) - SPARE_MS - turns_ms).clamp(0.0, LONGEST_PAUSE_MS);
    let frames_of = |ms: f64| (ms * settings.frame_rate / 1000.0).round().max(1.0) as usize;
    let (intro, cycle) = (frames_of(FRONT_MS), frames_of(turns_ms + pause_ms));
    let cycle_ms = cycle as f64 * 1000.0 / settings.frame_rate;
    let mut rng = stream(settings.seed, "head motion");
    let mut drift = |band| Drift::new(&mut rng, band, Some((cycle_ms / 1000.0) as f32));
    let (sway, light) = (std::array::from_fn(|_| drift(0.15..0.7)), drift(0.1..0.5));
    let face_px = FACE_RATIO * (height as f32).min(width as f32);
    let middle_px = [
        width as f32 * rng.random_range(0.485..0.515),
        height as f32 * FACE_Y_RATIO + face_px * rng.random_range(-0.03..0.03),
    ];
    let take = Person {
        head: Head::new(subject, width, height, Place { middle_px, face_px }),
        room: room(settings.seed, width, height),
        sensor: Sensor::new(settings.seed, width, height),
        blinks: blinks(&actions, &mut rng),
        breaths: (cycle_ms / BREATH_MS).round().max(1.0) as f32,
        actions,
        intro_ms: intro as f64 * 1000.0 / settings.frame_rate,
        cycle_ms,
        scale: px_scale(width.max(height)),
        sway,
        light,
    };
    let frames = intro + cycle * CYCLES;
    Ok(Recording { take: Box::new(take), settings: *settings, intro, cycle, frames })
}

/// When the eyes close, in ms of the cycle (below 0 before it), and for how long: once at first, with every turn, and
/// where it is asked.
fn blinks(actions: &[Action], rng: &mut impl Rng) -> Vec<(f64, f32)> {
    let mut at = vec![
        (-FRONT_MS + rng.random_range(250.0..500.0), BLINK_MS),
        (-rng.random_range(350.0..500.0), BLINK_MS),
    ];
    for (index, action) in actions.iter().enumerate() {
        let begins_ms = index as f64 * TURN_MS;
        if action.kind == ActionKind::Blink {
            let asked = (0..action.times).map(|time| begins_ms + f64::from(time) * ASKED_EVERY_MS);
            at.extend(asked.map(|at_ms| (at_ms, ASKED_BLINK_MS)));
            continue;
        }
        at.push((begins_ms + rng.random_range(40.0..160.0), BLINK_MS));
        if index % 2 == 1 {
            at.push((begins_ms + TURN_MS - rng.random_range(300.0..500.0), BLINK_MS));
        }
    }
    at
}

struct Person {
    head: Head,
    room: Canvas,
    sensor: Sensor,
    actions: Vec<Action>,
    blinks: Vec<(f64, f32)>,
    breaths: f32,
    intro_ms: f64,
    cycle_ms: f64,
    scale: f32,
    sway: [Drift; 5],
    light: Drift,
}

impl Person {
    /// Time within the cycle; below 0 before the first.
    fn phase_ms(&self, at_ms: f64) -> f64 {
        let ms = at_ms - self.intro_ms;
        if ms < 0.0 { ms } else { ms % self.cycle_ms }
    }

    /// How far the head is turned, -1 (right) to 1 (left), and raised, -1 (down) to 1 (up).
    fn turned(&self, phase_ms: f64) -> [f32; 2] {
        if phase_ms < 0.0 {
            return [0.0; 2];
        }
        let Some(action) = self.actions.get((phase_ms / TURN_MS) as usize) else { return [0.0; 2] };
        let ms = (phase_ms % TURN_MS) as f32;
        let (out, hold, back) = (OUT_MS as f32, HOLD_MS as f32, BACK_MS as f32);
        let share = smoothstep(0.0, out, ms) * smoothstep(out + hold + back, out + hold, ms);
        match action.kind {
            ActionKind::TurnLeft => [share, 0.0],
            ActionKind::TurnRight => [-share, 0.0],
            ActionKind::LookUp => [0.0, share],
            ActionKind::LookDown => [0.0, -share],
            ActionKind::Blink | ActionKind::Smile | ActionKind::ComeCloser => [0.0; 2],
        }
    }

    fn gesture(&self, at_ms: f64) -> Gesture {
        let phase_ms = self.phase_ms(at_ms);
        let at_s = (phase_ms / 1000.0) as f32;
        let [turned, raised] = self.turned(phase_ms);
        let sway = |axis: usize| self.sway[axis].at(at_s);
        let blink = self
            .blinks
            .iter()
            .map(|(at, length)| 1.0 - ((phase_ms - at) as f32 / (length / 2.0) - 1.0).abs())
            .fold(0.0, f32::max);
        Gesture {
            yaw_deg: turned * PEAK_YAW_DEG + sway(0) * SWAY_DEG[0],
            pitch_deg: raised * PEAK_PITCH_DEG + turned.abs() * TURN_PITCH_DEG + sway(1) * SWAY_DEG[1],
            roll_deg: -turned * TURN_ROLL_DEG + sway(2) * SWAY_DEG[2],
            shift_px: [
                (sway(3) * SWAY_PX - turned * 6.0) * self.scale,
                (sway(4) * SWAY_PX * 0.6 + turned.abs() * 3.0) * self.scale,
            ],
            blink: smoothstep(0.0, 0.75, blink),
            breath: (at_s * 1000.0 / self.cycle_ms as f32 * self.breaths * TAU).sin(),
        }
    }
}

impl Take for Person {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        let gesture = self.gesture(at_ms);
        scratch.frame.clone_from(&self.room);
        self.head.draw(&mut scratch.frame, &gesture, &mut scratch.depth);
        let phase_ms = self.phase_ms(at_ms);
        let at_s = (phase_ms / 1000.0) as f32;
        // A quick turn is smeared while the shutter is open.
        let speed = (self.gesture(at_ms + 8.0).yaw_deg - self.gesture(at_ms - 8.0).yaw_deg).abs();
        let exposure = Exposure {
            defocus_px: (0.25 + 0.45 * speed.min(3.0)) * self.scale,
            gain: 1.0 + 0.007 * self.light.at(at_s),
            tint: NEUTRAL_TINT,
            index: ((self.intro_ms + phase_ms) * 1000.0).round() as u64,
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
