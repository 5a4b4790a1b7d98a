use super::*;
use crate::face::Expression;
use idv_protocol::face::HeadPose;
use idv_protocol::{Challenge, ChallengeSet};

const FRAME_MS: f64 = 50.0;

const WINDOW_MS: u32 = 6_000;

fn script(kinds: &[ActionKind]) -> Script {
    script_of(kinds.iter().map(|kind| (*kind, 1)).collect())
}

fn script_of(actions: Vec<(ActionKind, u32)>) -> Script {
    let action = |(kind, times)| Action { kind, times, window_ms: WINDOW_MS };
    let challenge = Challenge {
        nonce: String::new(),
        set: ChallengeSet::Standard,
        actions: actions.into_iter().map(action).collect(),
        tolerance_ms: 500,
        max_draws: 3,
    };
    Script::new(Schedule::rehearsed(challenge), ScriptParams::default())
}

/// A face at rest: its nose lies a little to the left, its camera a little below.
const REST: Seen = Seen {
    pose: HeadPose { yaw_deg: 0.0, pitch_deg: 6.0, roll_deg: 0.0 },
    nose_offset: 0.04,
    size_px: 80.0,
    expression: Expression { eye_openness: [0.25, 0.3], mouth_open: 0.0, smile: 0.8 },
    good: true,
};

/// A solid head at `yaw_deg`: its nose moves by 0.01 a degree.
fn head(yaw_deg: f32) -> Sight {
    let pose = HeadPose { yaw_deg, ..REST.pose };
    let good = yaw_deg.abs() < 15.0;
    Sight::One(Seen { pose, nose_offset: REST.nose_offset + 0.01 * yaw_deg, good, ..REST })
}

/// A flat picture that looks turned by `yaw_deg`: its nose hardly moves.
fn print(yaw_deg: f32) -> Sight {
    let pose = HeadPose { yaw_deg, ..REST.pose };
    let good = yaw_deg.abs() < 15.0;
    Sight::One(Seen { pose, nose_offset: REST.nose_offset + 0.001 * yaw_deg, good, ..REST })
}

/// Shows `sight` for `ms`; the last step.
fn show(script: &mut Script, now_ms: &mut f64, ms: f64, sight: Sight) -> Step {
    let end = *now_ms + ms;
    let mut step = script.step(*now_ms, sight, None);
    while *now_ms < end {
        *now_ms += FRAME_MS;
        step = script.step(*now_ms, sight, None);
    }
    step
}

#[test]
fn a_head_that_follows_every_turn_meets_the_challenge() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::TurnRight]), 0.0);
    assert_eq!(show(&mut script, &mut now, 700.0, head(0.0)).phase, FacePhase::Position);
    let step = show(&mut script, &mut now, 200.0, head(-2.0));
    assert_eq!((step.phase, step.ask), (FacePhase::Challenge, Some(FaceHint::TurnLeft)));
    assert_eq!(show(&mut script, &mut now, 100.0, head(30.0)).keep, Keep::Action(0, 30.0));
    let step = show(&mut script, &mut now, 450.0, head(30.0));
    assert_eq!(step.ask, Some(FaceHint::TurnBack));
    assert_eq!(show(&mut script, &mut now, 300.0, head(18.0)).ask, Some(FaceHint::TurnBack));
    assert_eq!(show(&mut script, &mut now, 100.0, head(3.0)).ask, Some(FaceHint::TurnRight));
    let step = show(&mut script, &mut now, 600.0, head(-28.0));
    assert_eq!((step.phase, script.met()), (FacePhase::Done, true));
    let results = script.results();
    assert_eq!((results[0].value, results[1].value), (30.0, 28.0));
    assert_eq!(script.progress(now), 1.0);
}

#[test]
fn the_turn_ends_when_the_head_goes_back_before_the_peak_time_is_over() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::TurnRight]), 0.0);
    show(&mut script, &mut now, 900.0, head(0.0));
    show(&mut script, &mut now, 100.0, head(30.0));
    assert_eq!(script.step(now + FRAME_MS, head(20.0), None).ask, Some(FaceHint::TurnBack));
}

#[test]
fn a_tilted_print_runs_out_of_time() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft]), 0.0);
    show(&mut script, &mut now, 900.0, print(0.0));
    let step = show(&mut script, &mut now, 6400.0, print(35.0));
    assert_eq!(step.phase, FacePhase::Challenge);
    let step = show(&mut script, &mut now, 200.0, print(35.0));
    assert_eq!((step.phase, script.met()), (FacePhase::Done, false));
    assert_eq!(script.results()[0].met_at_ms, None);
    assert_eq!(script.results()[0].value, 35.0);
}

#[test]
fn the_wrong_way_or_one_measurement_alone_is_no_turn() {
    let (mut script, mut now) = (script(&[ActionKind::TurnRight]), 0.0);
    show(&mut script, &mut now, 900.0, head(0.0));
    show(&mut script, &mut now, 1000.0, head(35.0));
    script.step(now + 10.0, head(-35.0), None);
    show(&mut script, &mut now, 300.0, head(0.0));
    assert_eq!((script.actions_done(), script.results()[0].met_at_ms), (0, None));
}

#[test]
fn a_lost_face_begins_anew_and_a_short_gap_does_not() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::TurnRight]), 0.0);
    show(&mut script, &mut now, 900.0, head(0.0));
    show(&mut script, &mut now, 600.0, head(30.0));
    assert_eq!(script.actions_done(), 1);
    let step = show(&mut script, &mut now, 500.0, Sight::Nobody);
    assert_eq!((step.phase, step.restarted), (FacePhase::Challenge, false));
    now += 150.0;
    let step = script.step(now, Sight::Nobody, None);
    assert_eq!((step.phase, step.restarted, script.actions_done()), (FacePhase::Position, true, 0));
    assert!(!script.step(now + FRAME_MS, Sight::Nobody, None).restarted, "it begins anew once");
}

#[test]
fn however_often_it_begins_anew_the_challenge_ends() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::TurnRight]), 0.0);
    for _ in 0..20 {
        show(&mut script, &mut now, 1000.0, head(0.0));
        show(&mut script, &mut now, 700.0, Sight::Nobody);
    }
    assert_eq!(script.step(now, head(0.0), None).phase, FacePhase::Done);
    assert!(!script.met());
}

#[test]
fn a_head_that_never_comes_back_does_not_meet_the_challenge() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::TurnRight]), 0.0);
    show(&mut script, &mut now, 900.0, head(0.0));
    let step = show(&mut script, &mut now, 7000.0, head(40.0));
    assert_eq!((step.phase, script.met(), script.actions_done()), (FacePhase::Done, false, 1));
}

#[test]
fn a_fault_longer_than_a_blurred_frame_begins_the_watch_anew() {
    let bad = Sight::One(Seen { good: false, ..REST });
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft]), 0.0);
    show(&mut script, &mut now, 600.0, head(0.0));
    assert!(!show(&mut script, &mut now, 200.0, bad).restarted);
    assert_eq!(show(&mut script, &mut now, 100.0, head(0.0)).phase, FacePhase::Challenge);
    let (mut script, mut now) = (self::script(&[ActionKind::TurnLeft]), 0.0);
    show(&mut script, &mut now, 600.0, head(0.0));
    show(&mut script, &mut now, 400.0, bad);
    assert_eq!(script.progress(now), 0.0);
    assert_eq!(show(&mut script, &mut now, 100.0, head(0.0)).phase, FacePhase::Position);
}
