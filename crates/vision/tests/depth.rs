//! Depth from motion and the likeness of neighbouring frames, on the real networks: what the thresholds lie between.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

#[allow(dead_code, reason = "what the other tests need")]
mod face_support;

use face_support::{asset, detector, gif, mesh, real_data};
use idv_protocol::{Action, ActionKind, Size};
use idv_specimen::assets::{Assets, photo};
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, FRONT_MS, HOLD_MS, OUT_MS, Recording, Settings};
use idv_vision::face::{FaceDetector, FaceMesh, Mesh, head_pose};
use idv_vision::frame::RgbaImage;
use idv_vision::liveness::ScriptParams;
use idv_vision::liveness::continuity::{MIN_LIKENESS, Patch};
use idv_vision::liveness::depth::{MIN_SOLID_RESIDUAL, growth, residual};

const PORTRAITS: [&str; 3] = ["obama.jpg", "astronaut.png", "biden.jpg"];

/// Finds the points of faces.
struct Reader {
    detector: FaceDetector,
    mesh: FaceMesh,
}

impl Reader {
    fn new() -> Self {
        Self { detector: detector(), mesh: mesh() }
    }

    fn read(&mut self, image: &RgbaImage) -> Option<Mesh> {
        let view = image.view().expect("fits");
        let face = *self.detector.detect(view).expect("runs").first()?;
        Some(self.mesh.fit(view, &face).expect("runs"))
    }
}

fn frame_of(recording: &Recording, at_ms: f64) -> RgbaImage {
    let image = image::DynamicImage::ImageRgb8(recording.frame_at(at_ms)).into_rgba8();
    let size = Size { width: image.width(), height: image.height() };
    RgbaImage { data: image.into_raw(), size }
}

fn subject(name: &str) -> Subject {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/assets");
    let dir = std::env::var_os("IDV_ASSETS").map_or_else(|| default.into(), std::path::PathBuf::from);
    let models = Assets::open().expect("assets").models_dir().to_owned();
    Subject::find(photo(&dir.join(name)).expect("a picture"), &models).expect("a face")
}

/// A print of `image`, turned by `yaw` and nodded by `pitch` radians, seen from `far` times its width.
fn tilted(image: &RgbaImage, yaw: f32, pitch: f32, far: f32) -> RgbaImage {
    let side = image.size.width as f32;
    let (distance, half, focal) = (side * far, side / 2.0, side * 1.2);
    let right = [yaw.cos(), 0.0, yaw.sin()];
    let down = [yaw.sin() * pitch.sin(), pitch.cos(), -yaw.cos() * pitch.sin()];
    let normal = [
        right[1] * down[2] - right[2] * down[1],
        right[2] * down[0] - right[0] * down[2],
        right[0] * down[1] - right[1] * down[0],
    ];
    let dot = |a: [f32; 3], b: [f32; 3]| a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
    let data = (0..image.size.width * image.size.width)
        .flat_map(|i| {
            let (x, y) = ((i % image.size.width) as f32, (i / image.size.width) as f32);
            let ray = [(x - half) / focal, (y - half) / focal, 1.0];
            let t = distance * normal[2] / dot(ray, normal);
            let at = [ray[0] * t, ray[1] * t, ray[2] * t - distance];
            let (u, v) = (dot(right, at) + half, dot(down, at) + half);
            if t <= 0.0 || u < 0.0 || v < 0.0 || u > side - 1.0 || v > image.size.height as f32 - 1.0 {
                return [128, 128, 128, 255];
            }
            let at = (v as usize * image.size.width as usize + u as usize) * 4;
            [image.data[at], image.data[at + 1], image.data[at + 2], 255]
        })
        .collect();
    RgbaImage { data, size: Size { width: image.size.width, height: image.size.width } }
}

fn line(what: &str, rest: &Mesh, moved: &Mesh) -> f32 {
    let residual = residual(rest, moved).expect("a plane fits");
    let (pose, front) = (head_pose(moved), head_pose(rest));
    println!(
        "{what}: yaw {:+.1} pitch {:+.1} residual {residual:.3} growth {:+.3}",
        pose.yaw_deg - front.yaw_deg,
        pose.pitch_deg - front.pitch_deg,
        growth(rest, moved)
    );
    residual
}

#[test]
fn a_picture_however_it_is_moved_looks_flat_or_not_turned_far_enough() {
    let mut reader = Reader::new();
    let params = ScriptParams::default();
    for name in PORTRAITS {
        let image = asset(name);
        let rest = reader.read(&tilted(&image, 0.0, 0.0, 1.5)).expect("a face");
        let mut see = |yaw: f32, pitch: f32, far: f32| {
            let moved = reader.read(&tilted(&image, yaw.to_radians(), pitch.to_radians(), far));
            let moved = moved.expect("a face");
            let residual = line(&format!("flat {name} {yaw} {pitch} {far}"), &rest, &moved);
            let (pose, front) = (head_pose(&moved), head_pose(&rest));
            let turned = (pose.yaw_deg - front.yaw_deg).abs() >= params.turned_deg
                || (pose.pitch_deg - front.pitch_deg).abs() >= params.nodded_deg;
            (residual, turned)
        };
        for (yaw, pitch, far) in [
            (0.0, 0.0, 1.1),
            (0.0, 0.0, 1.0),
            (20.0, 0.0, 1.5),
            (-30.0, 0.0, 1.5),
            (35.0, 0.0, 1.5),
            (0.0, 20.0, 1.5),
            (0.0, -25.0, 1.5),
            (25.0, 20.0, 1.3),
        ] {
            assert!(see(yaw, pitch, far).0 < MIN_SOLID_RESIDUAL, "{name} {yaw} {pitch}");
        }
        for (yaw, pitch, far) in [(45.0, 0.0, 1.5), (-45.0, 0.0, 1.2), (50.0, 0.0, 1.2), (0.0, 45.0, 1.5)] {
            assert!(!see(yaw, pitch, far).1, "{name} {yaw} {pitch}");
        }
    }
}

#[test]
fn a_recorded_head_that_turns_is_solid_and_one_that_keeps_still_is_not() {
    let Some(data) = real_data() else { return };
    let mut reader = Reader::new();
    for (name, still) in [("head-pose-female.gif", false), ("head-pose-male.gif", true)] {
        let frames = gif(&data.join("video").join(name));
        let meshes: Vec<Mesh> = frames.iter().filter_map(|frame| reader.read(frame)).collect();
        let yaw = |mesh: &Mesh| head_pose(mesh).yaw_deg;
        let rest = meshes.iter().min_by(|a, b| yaw(a).abs().total_cmp(&yaw(b).abs())).expect("a face");
        for moved in &meshes {
            let residual = line(name, rest, moved);
            assert!(!still || residual < MIN_SOLID_RESIDUAL, "{residual}");
            let turned = (yaw(moved) - yaw(rest)).abs() >= ScriptParams::default().turned_deg;
            assert!(!turned || residual > 2.0 * MIN_SOLID_RESIDUAL, "{residual}");
        }
    }
}

#[test]
fn the_generated_person_is_solid_and_a_print_of_it_is_flat() {
    let mut reader = Reader::new();
    let action = |kind| Action { kind, times: 1, window_ms: 7_000 };
    for name in ["astronaut.png", "obama.jpg"] {
        let subject = subject(name);
        for kind in [ActionKind::TurnLeft, ActionKind::LookUp, ActionKind::LookDown, ActionKind::ComeCloser] {
            let film = recording::face(&Settings::new(3), &subject, &[[action(kind)]]).expect("recording");
            let rest = reader.read(&frame_of(&film, 1_300.0)).expect("a face");
            let peak_ms = FRONT_MS + OUT_MS + HOLD_MS / 2.0 + if kind.shows_depth() { 0.0 } else { 300.0 };
            let moved = reader.read(&frame_of(&film, peak_ms)).expect("a face");
            let residual = line(&format!("person {name} {}", kind.code()), &rest, &moved);
            assert!(!kind.shows_depth() || residual > 2.0 * MIN_SOLID_RESIDUAL, "{kind:?} {residual}");
        }
        let film = recording::print(&Settings::new(5), &subject, 12_000.0).expect("recording");
        let rest = reader.read(&frame_of(&film, 1_300.0)).expect("a face");
        for step in 0..20 {
            let at_ms = 500.0 * f64::from(step);
            let moved = reader.read(&frame_of(&film, at_ms)).expect("a face");
            let residual = line(&format!("print {name} {at_ms}"), &rest, &moved);
            assert!(residual < MIN_SOLID_RESIDUAL, "{residual}");
        }
    }
}

#[test]
fn neighbouring_frames_of_one_person_are_alike_and_two_people_are_not() {
    let mut reader = Reader::new();
    let mut patch = |image: &RgbaImage| {
        let mesh = reader.read(image).expect("a face");
        Patch::of(image.view().expect("fits"), &mesh)
    };
    let people: Vec<Patch> = PORTRAITS.map(|name| patch(&asset(name))).into();
    for (index, one) in people.iter().enumerate() {
        for other in &people[..index] {
            let likeness = one.likeness(other);
            println!("two people: {likeness:.3}");
            assert!(likeness < MIN_LIKENESS);
        }
    }
    let mut least = |frames: &mut dyn Iterator<Item = RgbaImage>| {
        let patches: Vec<Patch> = frames.map(|frame| patch(&frame)).collect();
        patches.windows(2).map(|pair| pair[0].likeness(&pair[1])).fold(1.0, f32::min)
    };
    let kinds = [ActionKind::TurnLeft, ActionKind::LookDown, ActionKind::ComeCloser, ActionKind::Blink];
    let actions = kinds.map(|kind| Action { kind, times: 1, window_ms: 7_000 });
    let film = recording::face(&Settings::new(3), &subject("astronaut.png"), &[actions]).expect("recording");
    let found = least(&mut (20..110).map(|step| frame_of(&film, 100.0 * f64::from(step))));
    println!("the generated person: {found:.3}");
    assert!(found > MIN_LIKENESS + 0.1);
    if let Some(data) = real_data() {
        for name in ["head-pose-female.gif", "head-pose-male.gif"] {
            let found = least(&mut gif(&data.join("video").join(name)).into_iter());
            println!("{name}: {found:.3}");
            assert!(found > MIN_LIKENESS);
        }
    }
}
