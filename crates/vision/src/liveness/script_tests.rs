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
        alternatives: vec![],
    };
    Script::new(Schedule::rehearsed(challenge), ScriptParams::default())
}

/// A face at rest: its nose lies a little to the left, its camera a little below.
const REST: Seen = Seen {
    pose: HeadPose { yaw_deg: 0.0, pitch_deg: 6.0, roll_deg: 0.0 },
    nose_offset: 0.04,
    size_px: 80.0,
    expression: Expression { eye_openness: [0.25, 0.3], mouth_open: 0.0, smile: 0.8 },
    depth: None,
    good: true,
};

/// A solid head at `yaw_deg`: its nose moves by 0.01 a degree.
fn head(yaw_deg: f32) -> Sight {
    let pose = HeadPose { yaw_deg, ..REST.pose };
    let good = yaw_deg.abs() < 15.0;
    Sight::One(Seen { pose, nose_offset: REST.nose_offset + 0.01 * yaw_deg, depth: Some(0.2), good, ..REST })
}

/// A flat picture that looks turned by `yaw_deg`: its nose hardly moves.
fn print(yaw_deg: f32) -> Sight {
    let pose = HeadPose { yaw_deg, ..REST.pose };
    let good = yaw_deg.abs() < 15.0;
    Sight::One(Seen {
        pose,
        nose_offset: REST.nose_offset + 0.001 * yaw_deg,
        depth: Some(0.02),
        good,
        ..REST
    })
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
    assert_eq!(script.breaks(), [Break { at_ms: now, reason: BreakReason::FaceLost, draw: 0 }]);
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

/// A face at rest but for what `change` does to it.
fn with(change: impl FnOnce(&mut Seen)) -> Sight {
    let mut seen = Seen { depth: Some(0.2), ..REST };
    change(&mut seen);
    Sight::One(seen)
}

fn closed() -> Sight {
    with(|seen| seen.expression.eye_openness = [0.1, 0.12])
}

fn smiling() -> Sight {
    with(|seen| seen.expression.smile = 1.0)
}

fn nodding(by_deg: f32, depth: f32) -> Sight {
    with(|seen| (seen.pose.pitch_deg, seen.depth) = (REST.pose.pitch_deg + by_deg, Some(depth)))
}

#[test]
fn every_kind_of_action_is_asked_for_met_and_led_back_from() {
    let rest = || with(|_| {});
    for (kind, doing, back) in [
        (ActionKind::LookUp, nodding(20.0, 0.1), FaceHint::TurnBack),
        (ActionKind::LookDown, nodding(-20.0, 0.1), FaceHint::TurnBack),
        (ActionKind::Smile, smiling(), FaceHint::RelaxFace),
        (ActionKind::ComeCloser, with(|seen| seen.size_px = 115.0), FaceHint::GoBack),
        (ActionKind::Blink, closed(), FaceHint::OpenEyes),
    ] {
        let (mut script, mut now) = (script(&[kind, ActionKind::TurnLeft]), 0.0);
        let asked = show(&mut script, &mut now, 900.0, rest());
        assert_eq!((asked.ask, script.asked()), (Some(kind.hint()), Some(kind)));
        show(&mut script, &mut now, 600.0, rest());
        assert_eq!(script.actions_done(), 0, "{kind:?}");
        show(&mut script, &mut now, 550.0, doing);
        let step = script.step(now + FRAME_MS, if kind == ActionKind::Blink { rest() } else { doing }, None);
        assert_eq!((script.actions_done(), step.ask), (1, Some(back)), "{kind:?}");
        let step = script.step(now + 2.0 * FRAME_MS, rest(), None);
        assert_eq!(step.ask, Some(FaceHint::TurnLeft), "{kind:?}");
    }
}

#[test]
fn blinks_are_counted_and_eyes_that_stay_shut_are_none() {
    let (mut script, mut now) = (script_of(vec![(ActionKind::Blink, 3)]), 0.0);
    let rest = || with(|_| {});
    show(&mut script, &mut now, 900.0, rest());
    for done in 0..3 {
        assert_eq!(script.results()[0].value, done as f32);
        show(&mut script, &mut now, 200.0, closed());
        show(&mut script, &mut now, 200.0, rest());
    }
    assert!(script.met());
    let (mut script, mut now) = (self::script(&[ActionKind::Blink]), 0.0);
    show(&mut script, &mut now, 900.0, rest());
    assert_eq!(show(&mut script, &mut now, 6600.0, closed()).phase, FacePhase::Done);
    assert!(!script.met());
}

#[test]
fn a_nod_or_a_turn_that_a_plane_could_make_is_none() {
    let (mut script, mut now) = (script(&[ActionKind::LookUp]), 0.0);
    show(&mut script, &mut now, 900.0, nodding(0.0, 0.01));
    show(&mut script, &mut now, 1000.0, nodding(25.0, 0.03));
    assert_eq!((script.actions_done(), script.results()[0].depth), (0, Some(0.03)));
    show(&mut script, &mut now, 200.0, nodding(25.0, 0.09));
    assert_eq!(script.actions_done(), 1);
}

#[test]
fn a_window_counts_from_its_prompt_and_allows_the_tolerance() {
    for (late_ms, met) in [(6_400.0, true), (6_600.0, false)] {
        let (mut script, mut now) = (script(&[ActionKind::Smile]), 0.0);
        show(&mut script, &mut now, 3_000.0, with(|seen| seen.good = false));
        now += FRAME_MS;
        show(&mut script, &mut now, 900.0, with(|_| {}));
        let prompted = script.results()[0].prompted_at_ms;
        let wait = prompted + late_ms - FRAME_MS - now;
        show(&mut script, &mut now, wait, with(|_| {}));
        show(&mut script, &mut now, 3.0 * FRAME_MS, smiling());
        assert_eq!(script.met(), met, "{late_ms}");
    }
}

#[test]
fn each_break_is_named_and_begins_the_next_draw_until_there_is_none() {
    let (mut script, mut now) = (script(&[ActionKind::TurnLeft, ActionKind::Smile]), 0.0);
    assert!(!script.step(0.0, head(0.0), Some(BreakReason::Jump)).restarted, "nothing was asked yet");
    assert!(script.step(1.0, head(0.0), Some(BreakReason::Jump)).restarted);
    assert!(script.breaks().is_empty());
    for draw in 0..3 {
        show(&mut script, &mut now, 1_000.0, head(0.0));
        assert_eq!((script.draw(), script.asked()), (draw, Some(ActionKind::TurnLeft)));
        now += FRAME_MS;
        let step = script.step(now, head(0.0), Some(BreakReason::AnotherFace));
        assert_eq!(step.phase, if draw < 2 { FacePhase::Position } else { FacePhase::Done });
        assert_eq!(step.restarted, draw < 2);
    }
    assert!(!script.met());
    let breaks: Vec<_> = script.breaks().iter().map(|one| (one.reason, one.draw)).collect();
    assert_eq!(breaks, [0, 1, 2].map(|draw| (BreakReason::AnotherFace, draw)));
}
