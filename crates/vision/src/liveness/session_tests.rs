use super::*;
use crate::error::ErrorKind;
use crate::face::{DETECTOR_SIDE_PX, FaceDetectorParams, MESH_SIDE_PX, head};
use crate::inference::Tensor;
use crate::inference::fake::FakeModel;
use idv_protocol::{Action, ActionKind, ChallengeSet, Size};
use std::sync::{Arc, Mutex};

const SIZE: Size = Size { width: 640, height: 480 };

/// The nonce of the report.
const NONCE: &str = "5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d5d";

/// What stands before the camera.
#[derive(Clone, Copy)]
struct Scene {
    faces: usize,
    yaw_deg: f32,
    flat: bool,
}

const FRONT: Scene = Scene { faces: 1, yaw_deg: 0.0, flat: false };

/// Networks that see the scene, whatever the pixels are, and a frame with texture.
struct Stage {
    scene: Arc<Mutex<Scene>>,
    detector: FaceDetector,
    mesh: FaceMesh,
    passive: Option<PassivePad>,
    frame: Vec<u8>,
    now_ms: f64,
}

impl Stage {
    fn new(with_passive: bool) -> Self {
        let scene = Arc::new(Mutex::new(FRONT));
        let (seen, meshed) = (scene.clone(), scene.clone());
        let side = DETECTOR_SIDE_PX;
        let detector = FakeModel::new(&[1, 3, side, side], move |_| faces(seen.lock().expect("lock").faces));
        let mesh = FakeModel::new(&[1, 3, MESH_SIDE_PX, MESH_SIDE_PX], move |_| {
            let scene = *meshed.lock().expect("lock");
            let pose = HeadPose { yaw_deg: scene.yaw_deg, ..HeadPose::default() };
            // The crop is 300 px wide around (320, 240).
            let scale = MESH_SIDE_PX as f32 / 300.0;
            let mut points = head(pose, scene.flat).points;
            if !scene.flat {
                add_depth(&mut points, scene.yaw_deg.to_radians());
            }
            let values = points
                .iter()
                .flat_map(|[x, y, z]| [(x - 170.0) * scale, (y - 90.0) * scale, z * scale])
                .collect();
            vec![Tensor { shape: vec![1, 1404], values }, Tensor { shape: vec![1, 1], values: vec![0.9] }]
        });
        let passive = FakeModel::new(&[1, 3, 128, 128], |_| {
            vec![Tensor { shape: vec![1, 3], values: vec![3f32.ln(), 0.0, f32::MIN] }]
        });
        let frame = (0..SIZE.width * SIZE.height)
            .flat_map(|i| {
                // Fine checks over a slope: sharp, and alike where the crop moves a little.
                let (x, y) = (i % SIZE.width, i / SIZE.width);
                let check = if (x / 8 + y / 8).is_multiple_of(2) { 0 } else { 8 };
                let grey = u8::try_from(40 + x / 6 + y / 6 + check).expect("a byte");
                [grey, grey, grey, 255]
            })
            .collect();
        Self {
            scene,
            detector: FaceDetector::new(Box::new(detector), FaceDetectorParams::default()).expect("fits"),
            mesh: FaceMesh::new(Box::new(mesh)).expect("fits"),
            passive: with_passive.then(|| PassivePad::new(Box::new(passive)).expect("fits")),
            frame,
            now_ms: 5_000.0,
        }
    }

    /// Shows `scene` for `ms`, a frame every 50 ms; the last status, or the one with the report.
    fn show(&mut self, session: &mut FaceSession, scene: Scene, ms: f64) -> FaceStatus {
        *self.scene.lock().expect("lock") = scene;
        let end = self.now_ms + ms;
        loop {
            self.now_ms += 50.0;
            // No two frames of a sensor are equal.
            self.frame[0] = self.frame[0].wrapping_add(1);
            self.frame[1] = self.frame[1].wrapping_add(u8::from(self.frame[0] == 0));
            let models = FaceModels {
                detector: &mut self.detector,
                mesh: &mut self.mesh,
                passive: self.passive.as_mut(),
            };
            let frame = RgbaView::new(&self.frame, SIZE).expect("fits");
            let status = session.frame(models, frame, self.now_ms).expect("runs");
            if self.now_ms >= end || status.report.is_some() {
                return status;
            }
        }
    }
}

/// Gives a head that is turned by `yaw` radians the nose, the temples and the jaw by which its depth is seen.
fn add_depth(points: &mut [[f32; 3]], yaw: f32) {
    for (index, [x, y, z]) in [
        (4, [0.0, 42.0, -40.0]),
        (6, [0.0, 5.0, -12.0]),
        (195, [0.0, 25.0, -28.0]),
        (48, [-18.0, 58.0, -22.0]),
        (278, [18.0, 58.0, -22.0]),
        (127, [-60.0, -20.0, 15.0]),
        (234, [-60.0, 20.0, 15.0]),
        (58, [-45.0, 85.0, 15.0]),
        (356, [60.0, -20.0, 15.0]),
        (454, [60.0, 20.0, 15.0]),
        (288, [45.0, 85.0, 15.0f32]),
    ] {
        points[index] = [320.0 + x * yaw.cos() - z * yaw.sin(), 240.0 + y, z * yaw.cos() + x * yaw.sin()];
    }
}

/// Outputs of the detector: `count` faces of 160x200 px, the first around (320, 240).
fn faces(count: usize) -> Vec<Tensor> {
    let mut outputs = Vec::new();
    for values in [1, 1, 4, 10] {
        for stride in [8, 16, 32] {
            let cells = (DETECTOR_SIDE_PX / stride) * (DETECTOR_SIDE_PX / stride);
            let mut tensor = Tensor { shape: vec![1, cells, values], values: vec![0.0; cells * values] };
            for cell in [35, 38].into_iter().take(if stride == 32 { count } else { 0 }) {
                let own = &mut tensor.values[cell * values..(cell + 1) * values];
                match values {
                    1 => own[0] = 0.95,
                    4 => own.copy_from_slice(&[0.0, 0.75, 2.5f32.ln(), 3.125f32.ln()]),
                    _ => own[..4].copy_from_slice(&[-0.78, 0.28, 0.78, 0.28]),
                }
            }
            outputs.push(tensor);
        }
    }
    outputs
}

fn challenge() -> Challenge {
    let turn = |kind| Action { kind, times: 1, window_ms: 9_000 };
    Challenge {
        nonce: NONCE.into(),
        set: ChallengeSet::Standard,
        alternatives: Vec::new(),
        actions: vec![turn(ActionKind::TurnLeft), turn(ActionKind::TurnRight)],
        tolerance_ms: 1_000,
        max_draws: 3,
    }
}

fn turned(yaw_deg: f32) -> Scene {
    Scene { yaw_deg, ..FRONT }
}

#[test]
fn a_head_that_turns_as_asked_gives_a_report_and_three_pictures() {
    let (mut stage, mut session) = (Stage::new(true), FaceSession::rehearsal(2, challenge()));
    let status = stage.show(&mut session, FRONT, 500.0);
    assert_eq!((status.phase, status.hint), (FacePhase::Position, FaceHint::HoldStill));
    assert!(status.quality.passed() && status.progress > 0.1 && status.face.is_some());
    assert_eq!(stage.show(&mut session, FRONT, 500.0).hint, FaceHint::TurnLeft);
    assert_eq!(stage.show(&mut session, turned(30.0), 600.0).hint, FaceHint::TurnBack);
    assert!(session.take_captures().is_empty(), "nothing is final before the end");
    let status = stage.show(&mut session, FRONT, 200.0);
    assert_eq!((status.hint, status.actions_done), (FaceHint::TurnRight, 1));
    let status = stage.show(&mut session, turned(-33.0), 2000.0);
    assert_eq!((status.phase, status.hint, status.progress), (FacePhase::Done, FaceHint::Done, 1.0));
    let report = status.report.expect("a report");
    assert!(report.challenge_met);
    assert_eq!(report.nonce, NONCE);
    assert!(
        (report.actions[0].value - 30.0).abs() < 1.0 && (report.actions[1].value - 33.0).abs() < 1.0,
        "{:?}",
        report.actions
    );
    assert!(report.actions.iter().all(|action| action.met_at_ms > Some(action.prompted_at_ms)));
    let Passive::Scored { scores, median } = report.passive else { panic!("scored") };
    assert_eq!(scores.len(), PASSIVE_SCORES);
    assert!((median - 0.75).abs() < 1e-4);
    assert!(report.poses.len() > 10 && report.frames > 20 && report.duration_ms > 1000.0);
    let captures = session.take_captures();
    let kinds: Vec<_> = captures.iter().map(|capture| capture.meta.kind).collect();
    assert_eq!(kinds, [CaptureKind::Selfie, CaptureKind::Action1, CaptureKind::Action2]);
    assert!(captures.iter().all(|capture| capture.meta.attempt == 2 && capture.meta.size == SIZE));
    assert!(captures[0].meta.at_ms < report.actions[0].prompted_at_ms + 1.0);
    assert!(session.take_captures().is_empty(), "each is taken once");
}

#[test]
fn a_tilted_print_does_not_meet_the_challenge() {
    let (mut stage, mut session) = (Stage::new(false), FaceSession::rehearsal(1, challenge()));
    let print = |yaw_deg| Scene { yaw_deg, flat: true, faces: 1 };
    stage.show(&mut session, print(0.0), 1000.0);
    for yaw_deg in [20.0, 40.0, 50.0, -40.0] {
        assert_eq!(stage.show(&mut session, print(yaw_deg), 1200.0).phase, FacePhase::Challenge);
    }
    let report = stage.show(&mut session, print(45.0), 8000.0).report.expect("ended by time");
    assert!(!report.challenge_met);
    assert_eq!((report.actions.len(), report.actions[0].met_at_ms), (1, None));
    assert_eq!(report.passive, Passive::NotRun);
    let kinds: Vec<_> = session.take_captures().iter().map(|capture| capture.meta.kind).collect();
    assert_eq!(kinds, [CaptureKind::Selfie, CaptureKind::Action1]);
}

#[test]
fn faces_that_come_and_go_are_hints_and_a_lost_one_begins_anew() {
    let (mut stage, mut session) = (Stage::new(false), FaceSession::rehearsal(1, challenge()));
    assert_eq!(stage.show(&mut session, Scene { faces: 0, ..FRONT }, 100.0).hint, FaceHint::NoFace);
    assert_eq!(stage.show(&mut session, Scene { faces: 2, ..FRONT }, 400.0).hint, FaceHint::SeveralFaces);
    assert_eq!(stage.show(&mut session, turned(25.0), 100.0).hint, FaceHint::SeveralFaces, "hints last");
    assert_eq!(stage.show(&mut session, turned(25.0), 300.0).hint, FaceHint::LookStraight);
    stage.show(&mut session, FRONT, 1000.0);
    let status = stage.show(&mut session, Scene { faces: 2, ..FRONT }, 400.0);
    assert_eq!((status.phase, status.hint), (FacePhase::Challenge, FaceHint::SeveralFaces));
    let status = stage.show(&mut session, Scene { faces: 0, ..FRONT }, 700.0);
    assert_eq!((status.phase, status.hint), (FacePhase::Position, FaceHint::NoFace));
    assert_eq!(stage.show(&mut session, FRONT, 300.0).phase, FacePhase::Position);
}

#[test]
fn a_frame_after_the_end_changes_nothing() {
    let (mut stage, mut session) = (Stage::new(false), FaceSession::rehearsal(1, challenge()));
    stage.show(&mut session, FRONT, 1000.0);
    assert!(stage.show(&mut session, FRONT, 12_000.0).report.is_some());
    let status = stage.show(&mut session, FRONT, 100.0);
    assert_eq!((status.phase, status.report), (FacePhase::Done, None));
}

#[test]
fn actions_that_do_not_follow_from_the_nonce_are_refused() {
    let blink = Action { kind: ActionKind::Blink, times: 2, window_ms: 8_000 };
    let other = Challenge { actions: vec![blink; 2], ..challenge() };
    assert_eq!(FaceSession::new(1, other).err().expect("refused").kind(), ErrorKind::BadChallenge);
}
