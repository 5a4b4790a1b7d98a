//! The face step on recorded heads.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

#[allow(dead_code, reason = "what the other tests need")]
mod face_support;

use face_support::{gif, model_file, real_data};
use idv_protocol::{Action, ActionKind, Challenge, ChallengeSet, LivenessReport, Size};
use idv_vision::Engine;
use idv_vision::frame::RgbaImage;

/// Time between two frames of the recordings, in ms.
const FRAME_MS: f64 = 90.0;

/// How long a still frame is shown, in frames: longer than the step looks at a face before it asks.
const HELD_FRAMES: u32 = 16;

fn engine() -> Engine {
    let mut engine = Engine::new();
    for name in ["face_detector", "face_mesh", "passive_pad"] {
        let (bytes, sha256) = model_file(name);
        engine.load_model(name, &bytes, &sha256).expect("sound");
    }
    engine
}

/// The face of `frame` in the middle of a camera's frame, at two and a half times its size, with noise of its own.
fn filmed(frame: &RgbaImage, index: u32) -> RgbaImage {
    const SCALE: f32 = 2.5;
    // The faces of both recordings lie above the middle.
    const FACE_Y: f32 = 102.0;
    let size = Size { width: 640, height: 480 };
    let (from_w, from_h) = (frame.size.width as f32, frame.size.height as f32);
    let data = (0..size.width * size.height)
        .flat_map(|i| {
            let x = ((i % size.width) as f32 - 320.0) / SCALE + from_w / 2.0;
            let y = ((i / size.width) as f32 - 240.0) / SCALE + FACE_Y;
            if x < 0.0 || y < 0.0 || x > from_w - 1.0 || y > from_h - 1.0 {
                return [110, 110, 110, 255];
            }
            let rgb = frame.view().expect("fits").sample(x, y);
            let noise = (i.wrapping_mul(2_654_435_761).wrapping_add(index * 97) >> 7) % 5;
            let [r, g, b] = rgb.map(|value| (value + noise as f32).min(255.0) as u8);
            [r, g, b, 255]
        })
        .collect();
    RgbaImage { data, size }
}

/// The report on `frames`, shown one after the other, where `kinds` are asked for; `None` where nothing was asked,
/// since the face was never seen at rest.
fn shown<'a>(frames: impl Iterator<Item = &'a RgbaImage>, kinds: &[ActionKind]) -> Option<LivenessReport> {
    let mut engine = engine();
    let action = |kind: &ActionKind| Action { kind: *kind, times: 1, window_ms: 2_500 };
    let challenge = Challenge {
        nonce: String::new(),
        set: ChallengeSet::Standard,
        alternatives: Vec::new(),
        actions: kinds.iter().map(action).collect(),
        tolerance_ms: 0,
        max_draws: 1,
    };
    engine.rehearse_face(1, challenge).expect("models are there");
    let mut hints = Vec::new();
    for (index, frame) in (0u32..).zip(frames) {
        let frame = filmed(frame, index);
        let at_ms = f64::from(index) * FRAME_MS;
        let status = engine.face_frame(frame.view().expect("fits"), at_ms).expect("runs");
        if hints.last() != Some(&status.hint) {
            hints.push(status.hint);
        }
        if let Some(report) = status.report {
            println!("{hints:?} {:?} {:?} {:?}", report.actions, report.depth, report.breaks);
            return Some(*report);
        }
    }
    println!("{hints:?}");
    None
}

/// A head that looks straight for a while, turns to its left and back, then to its right.
fn turning(frames: &[RgbaImage]) -> impl Iterator<Item = &RgbaImage> {
    // Straight in frame 9, to the left until 13, straight again in 19, to the right until the end and from the start.
    let held = std::iter::repeat_n(&frames[9], HELD_FRAMES as usize);
    held.chain(&frames[10..]).chain(&frames[..4]).chain(std::iter::repeat_n(&frames[3], 40))
}

#[test]
fn a_recorded_head_turn_answers_the_challenge_that_it_matches_and_no_other() {
    let Some(data) = real_data() else { return };
    let frames = gif(&data.join("video/head-pose-female.gif"));
    let report = shown(turning(&frames), &[ActionKind::TurnLeft, ActionKind::TurnRight]).expect("a report");
    assert!(report.challenge_met && report.depth.is_some_and(|depth| !depth.flat), "{report:?}");
    for other in [
        [ActionKind::TurnRight, ActionKind::TurnLeft],
        [ActionKind::LookUp, ActionKind::TurnRight],
        [ActionKind::TurnLeft, ActionKind::ComeCloser],
    ] {
        assert!(shown(turning(&frames), &other).is_some_and(|report| !report.challenge_met), "{other:?}");
    }
}

#[test]
fn a_recorded_head_that_keeps_still_answers_no_challenge() {
    let Some(data) = real_data() else { return };
    let frames = gif(&data.join("video/head-pose-male.gif"));
    for kinds in [
        [ActionKind::TurnLeft, ActionKind::TurnRight],
        [ActionKind::LookDown, ActionKind::Blink],
        [ActionKind::ComeCloser, ActionKind::Smile],
    ] {
        let report = shown(frames.iter().cycle().take(100), &kinds);
        assert!(report.is_none_or(|report| !report.challenge_met), "{kinds:?}");
    }
}
