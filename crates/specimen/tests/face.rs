//! The recordings of a person and of a print: the engine's own models read the actions as they were asked for.

mod support;

use idv_protocol::{Action, ActionKind, Challenge, ChallengeSet, FacePhase};
use idv_specimen::recording::{FRONT_MS, HOLD_MS, OUT_MS, Recording, Settings, face, print};
use idv_vision::face::{Expression, head_pose};
use support::{FaceReader, Pixels, assets, engine, need, subject};

const WINDOW_MS: u32 = 6000;

fn actions(kinds: &[ActionKind]) -> Vec<Action> {
    kinds.iter().map(|kind| Action { kind: *kind, times: 1, window_ms: WINDOW_MS }).collect()
}

fn person(seed: u64, kinds: &[ActionKind]) -> Recording {
    need(face(&Settings::new(seed), &subject(&assets()), &[actions(kinds)]))
}

/// The middle of the hold of turn `index`, in ms.
fn peak_ms(index: usize) -> f64 {
    FRONT_MS + 2700.0 * index as f64 + OUT_MS + HOLD_MS / 2.0
}

#[test]
fn the_mesh_reads_each_turn_with_its_sign_and_at_least_22_degrees() {
    let recording = person(1, &[ActionKind::TurnLeft, ActionKind::TurnRight]);
    let mut reader = FaceReader::new(&assets());
    let left = head_pose(&reader.read(&recording.frame_at(peak_ms(0)))).yaw_deg;
    let right = head_pose(&reader.read(&recording.frame_at(peak_ms(1)))).yaw_deg;
    assert!(left >= 22.0, "left turn reads {left}");
    assert!(right <= -22.0, "right turn reads {right}");
    assert!(recording.truth_at(peak_ms(0)).pose.is_some_and(|pose| pose.yaw_deg > 30.0));
}

#[test]
fn the_mesh_reads_a_raised_and_a_lowered_head_with_its_sign_and_at_least_18_degrees() {
    let recording = person(1, &[ActionKind::LookUp, ActionKind::LookDown]);
    let mut reader = FaceReader::new(&assets());
    let mut pitch = |at_ms: f64| head_pose(&reader.read(&recording.frame_at(at_ms))).pitch_deg;
    let (rest, up, down) = (pitch(1500.0), pitch(peak_ms(0)), pitch(peak_ms(1)));
    assert!(up - rest >= 18.0 && rest - down >= 18.0, "{rest}, raised {up}, lowered {down}");
}

#[test]
fn closed_eyes_a_smile_and_a_face_that_came_closer_are_read_against_the_rest() {
    let recording = person(1, &[ActionKind::Blink, ActionKind::Smile, ActionKind::ComeCloser]);
    let mut reader = FaceReader::new(&assets());
    let mut read = |at_ms: f64| {
        let frame = recording.frame_at(at_ms);
        let mesh = reader.read(&frame);
        (Expression::seen(Pixels::of(&frame).view(), &mesh), mesh.point(10).distance(mesh.point(152)))
    };
    let ((rest, rest_size), (closed, _)) = (read(1500.0), read(FRONT_MS + 210.0));
    assert!(closed.eyes() < rest.eyes() * 0.6, "eyes from {} to {}", rest.eyes(), closed.eyes());
    // A blink takes 440 ms and 800 ms of rest, a smile 1800 ms and 800 ms of rest.
    let (smiling, _) = read(FRONT_MS + 1240.0 + 900.0);
    assert!(smiling.smile > rest.smile * 1.15, "smile from {} to {}", rest.smile, smiling.smile);
    let growth = read(FRONT_MS + 1240.0 + 2600.0 + 1300.0).1 / rest_size;
    assert!((1.35..1.7).contains(&growth), "grown {growth} times");
}

#[test]
fn the_face_is_frontal_first_and_of_the_right_size() {
    let recording = person(2, &[ActionKind::TurnRight]);
    let mut reader = FaceReader::new(&assets());
    for at_ms in [100.0, 1200.0, 2300.0] {
        let mesh = reader.read(&recording.frame_at(at_ms));
        assert!(head_pose(&mesh).yaw_deg.abs() < 5.0);
        let height = mesh.point(10).distance(mesh.point(152));
        assert!((230.0..300.0).contains(&height), "face {height} px high");
    }
}

#[test]
fn the_yaw_runs_smoothly_out_and_back() {
    let recording = person(3, &[ActionKind::TurnLeft]);
    let mut reader = FaceReader::new(&assets());
    let mut last: Option<f32> = None;
    for step in 0..42 {
        let at_ms = FRONT_MS - 100.0 + f64::from(step) * 50.0;
        let yaw = head_pose(&reader.read(&recording.frame_at(at_ms))).yaw_deg;
        let truth = recording.truth_at(at_ms).pose.expect("a head").yaw_deg;
        assert!((yaw - truth).abs() < 14.0, "{yaw} for {truth} at {at_ms}");
        // At most 35 degrees in 0.7 s, half as much again in the middle, and the mesh's own noise.
        assert!(last.is_none_or(|last| (yaw - last).abs() < 7.5), "from {last:?} to {yaw} at {at_ms}");
        last = Some(yaw);
    }
}

#[test]
fn a_turn_that_is_asked_for_late_is_seen_in_time() {
    let recording = person(4, &[ActionKind::TurnLeft, ActionKind::TurnRight]);
    let yaw = |at_ms: f64| recording.truth_at(at_ms).pose.expect("a head").yaw_deg;
    for asked_ms in (0..10).map(|step| 800.0 + f64::from(step) * 600.0) {
        for sign in [1.0, -1.0] {
            let limit = asked_ms + f64::from(WINDOW_MS) - 200.0;
            let seen =
                (0..).map(|step| asked_ms + f64::from(step) * 33.0).find(|at_ms| yaw(*at_ms) * sign > 28.0);
            assert!(seen.is_some_and(|at_ms| at_ms < limit), "asked at {asked_ms}, seen at {seen:?}");
        }
    }
}

/// A turn to the left, then to the right.
fn challenge() -> Challenge {
    Challenge {
        nonce: String::new(),
        set: ChallengeSet::Standard,
        actions: actions(&[ActionKind::TurnLeft, ActionKind::TurnRight]),
        tolerance_ms: 1_000,
        max_draws: 3,
        alternatives: vec![],
    }
}

/// The engine's report on `recording`, watched at ten frames a second.
fn watched(recording: &Recording) -> idv_protocol::LivenessReport {
    let mut engine = engine(&assets());
    need(engine.rehearse_face(1, challenge()));
    for step in 0..220 {
        let at_ms = f64::from(step) * 100.0;
        let pixels = Pixels::of(&recording.frame_at(at_ms));
        let status = need(engine.face_frame(pixels.view(), at_ms));
        if status.phase == FacePhase::Done {
            return *status.report.unwrap_or_else(|| panic!("no report at the end"));
        }
    }
    panic!("the face step did not end");
}

#[test]
fn the_engine_finds_the_challenge_met_by_the_person() {
    let report = watched(&person(5, &[ActionKind::TurnLeft, ActionKind::TurnRight]));
    assert!(report.challenge_met, "{:?}", report.actions);
}

#[test]
fn the_engine_finds_the_challenge_not_met_by_a_print() {
    let recording = need(print(&Settings::new(5), &subject(&assets()), 12_000.0));
    assert!(recording.truth_at(3000.0).quad.is_some() && recording.truth_at(3000.0).pose.is_none());
    assert!(!watched(&recording).challenge_met);
}
