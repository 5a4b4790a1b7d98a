//! The face stage with the real networks on real pictures.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

#[allow(dead_code, reason = "what the other tests need")]
mod face_support;

use face_support::{asset, detector, embedder, labelled, mesh, model_file, noisy, passive, real_data};
use idv_protocol::{
    Action, ActionKind, CaptureKind, Challenge, ChallengeSet, CheckCode, FaceHint, Passive, Size,
};
use idv_vision::face::{
    Embedding, FaceQualityParams, Mesh, Subject, head_pose, main_faces, measure_face, nose_offset,
};
use idv_vision::frame::{RgbaImage, RgbaView};
use idv_vision::inference::load;
use idv_vision::liveness::{ScriptParams, live_probability};
use idv_vision::{Engine, ErrorKind};

/// The middle between the largest similarity of two people's faces, 0.38 of 414 pairs, and the smallest of one
/// person's, 0.6, as measured with this network.
const SAME_PERSON: f32 = 0.48;

#[test]
fn finds_the_one_face_of_each_portrait_and_none_in_pictures_without() {
    let mut detector = detector();
    for file in ["astronaut.png", "obama.jpg", "obama2.jpg", "biden.jpg"] {
        let image = asset(file);
        let faces = detector.detect(image.view().expect("fits")).expect("runs");
        assert_eq!(faces.len(), 1, "{file}");
        let [right, left, nose, mouth_right, mouth_left] = faces[0].keypoints;
        assert!(
            right.x < left.x && nose.y > right.y && mouth_right.y > nose.y && mouth_left.x > mouth_right.x
        );
    }
    for file in ["brick.png", "coffee.png", "coins.png", "grass.png", "gravel.png", "page.png", "rocket.jpg"]
    {
        let image = asset(&format!("backgrounds/{file}"));
        assert!(detector.detect(image.view().expect("fits")).expect("runs").is_empty(), "{file}");
    }
}

#[test]
fn a_portrait_looks_ahead_and_its_mirror_image_the_other_way() {
    let (front, _) = pose_of(&asset("obama.jpg"));
    assert!(
        front.yaw_deg.abs() < 8.0 && front.pitch_deg.abs() < 12.0 && front.roll_deg.abs() < 8.0,
        "{front:?}"
    );
    let turned = asset("obama2.jpg");
    let (pose, offset) = pose_of(&turned);
    // He looks to his right: the nose lies left of the middle between his eyes.
    assert!(pose.yaw_deg < -10.0 && offset < -0.1, "{pose:?} {offset}");
    let (mirrored, mirrored_offset) = pose_of(&mirror(&turned));
    assert!((mirrored.yaw_deg + pose.yaw_deg).abs() < 3.0, "{pose:?} {mirrored:?}");
    assert!((mirrored_offset + offset).abs() < 0.05, "{offset} {mirrored_offset}");
}

#[test]
fn the_mesh_of_a_leaning_head_leans_with_it() {
    let upright = asset("obama.jpg");
    let (_, pose_upright, width_upright) = mesh_of(&upright);
    let (leaning, pose, width) = mesh_of(&leaned(&upright, 25f32.to_radians()));
    assert!((pose - pose_upright - 25.0).abs() < 3.0, "{pose_upright} {pose}");
    assert!((width / width_upright - 1.0).abs() < 0.05);
    assert!(leaning.score > 0.9);
}

#[test]
fn a_tilted_print_keeps_its_nose_where_it_was() {
    let image = asset("obama.jpg");
    let (_, flat) = pose_of(&tilted(&image, 0.0));
    for degrees in [-50f32, -40.0, -30.0, -20.0, 20.0, 30.0, 40.0, 50.0] {
        let (pose, offset) = pose_of(&tilted(&image, degrees.to_radians()));
        println!("{degrees}: yaw {:.1}, offset {:.3}", pose.yaw_deg, offset - flat);
        assert!((offset - flat).abs() < ScriptParams::default().min_parallax * 0.8, "{degrees}: {offset}");
    }
}

#[test]
fn faces_of_one_person_are_alike_and_of_two_are_not() {
    let embedding = |file: &str| embedding_of(&asset(file));
    let (obama, obama2) = (embedding("obama.jpg"), embedding("obama2.jpg"));
    let (biden, astronaut) = (embedding("biden.jpg"), embedding("astronaut.png"));
    assert!(obama.similarity(&obama2) > SAME_PERSON + 0.1);
    for (a, b) in [(&obama, &biden), (&obama2, &biden), (&obama, &astronaut), (&biden, &astronaut)] {
        assert!(a.similarity(b) < SAME_PERSON - 0.1);
    }
}

#[test]
fn the_quality_of_a_portrait_fails_only_where_the_picture_is_spoilt() {
    let params = FaceQualityParams::default();
    let image = asset("obama.jpg");
    let passed = |image: &RgbaImage, code: CheckCode| {
        let frame = image.view().expect("fits");
        let faces = main_faces(detector().detect(frame).expect("runs"));
        let (points, ..) = mesh_of(image);
        let subject = Subject { faces: &faces, mesh: Some(&points), ..Subject::default() };
        let report = measure_face(frame, &subject, &params);
        let check = report.checks.iter().find(|check| check.code == code).cloned().expect("checked");
        println!("{check:?}");
        check.passed
    };
    for code in
        [CheckCode::FaceCount, CheckCode::Size, CheckCode::Pose, CheckCode::Sharpness, CheckCode::ExposureLow]
    {
        assert!(passed(&image, code), "{code:?}");
    }
    assert!(!passed(&map(&image, |value| value / 5), CheckCode::ExposureLow));
    assert!(!passed(&map(&image, |value| 215 + value / 7), CheckCode::ExposureHigh));
    assert!(!passed(&blurred(&image, 9), CheckCode::Sharpness));
    assert!(!passed(&asset("obama2.jpg"), CheckCode::Pose));
}

#[test]
fn the_engine_refuses_a_model_with_another_digest_and_a_step_without_models() {
    let mut engine = Engine::new();
    let (bytes, sha256) = model_file("face_detector");
    let (_, other) = model_file("face_mesh");
    let error = engine.load_model("face_detector", &bytes, &other).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::ModelDigestMismatch);
    assert!(error.to_string().contains(&sha256) && error.to_string().contains(&other));
    assert_eq!(
        engine.load_model("unknown", &bytes, &sha256).expect_err("refused").kind(),
        ErrorKind::ModelUnreadable
    );
    assert_eq!(
        engine.load_model("face_mesh", &bytes, &sha256).expect_err("refused").kind(),
        ErrorKind::ModelUnreadable
    );
    engine.load_model("face_detector", &bytes, &sha256).expect("sound");
    assert_eq!(engine.models().len(), 1);
    let challenge = turns(8_000);
    assert_eq!(engine.begin_face(1, challenge).expect_err("no mesh").kind(), ErrorKind::ModelMissing);
    let cut = &bytes[..bytes.len() / 2];
    assert!(load(cut, &sha256).is_err());
}

/// A turn to the left, then one to the right.
fn turns(window_ms: u32) -> Challenge {
    let turn = |kind| Action { kind, times: 1, window_ms };
    Challenge {
        nonce: "00".repeat(32),
        set: ChallengeSet::Standard,
        actions: vec![turn(ActionKind::TurnLeft), turn(ActionKind::TurnRight)],
        tolerance_ms: 0,
        max_draws: 1,
        alternatives: vec![],
    }
}

#[test]
fn a_portrait_held_before_the_camera_is_taken_for_a_face_and_fails_the_challenge() {
    let mut engine = Engine::new();
    for name in ["face_detector", "face_mesh", "passive_pad"] {
        let (bytes, sha256) = model_file(name);
        engine.load_model(name, &bytes, &sha256).expect("sound");
    }
    engine.rehearse_face(3, turns(1_500)).expect("models are there");
    // The face, at a little over half its size, in the middle of a camera's frame.
    let portrait = asset("obama.jpg");
    let camera = Size { width: 640, height: 480 };
    let frame = resampled(&portrait, camera, |x, y| (490.0 + (x - 320.0) * 1.6, 250.0 + (y - 240.0) * 1.6));
    let mut hints = Vec::new();
    let report = (0..60).find_map(|i| {
        let frame = noisy(&frame, i);
        let status = engine.face_frame(frame.view().expect("fits"), f64::from(i) * 100.0).expect("runs");
        if hints.last() != Some(&status.hint) {
            hints.push(status.hint);
        }
        status.report
    });
    assert_eq!(hints, [FaceHint::HoldStill, FaceHint::TurnLeft, FaceHint::Done]);
    let report = report.expect("ended by time");
    assert!(!report.challenge_met && report.nonce == turns(0).nonce);
    assert!(
        matches!(&report.passive, Passive::Scored { scores, .. } if scores.len() >= 4),
        "{:?}",
        report.passive
    );
    // Three cues beside the network, and one number of both.
    assert_eq!(report.cues.len(), 3, "{:?}", report.cues);
    let live = live_probability(&report.passive, &report.cues).expect("the network scored");
    assert!((0.0..=1.0).contains(&live));
    let captures = engine.take_captures();
    assert_eq!(captures[0].meta.kind, CaptureKind::Selfie);
    assert!(captures.iter().all(|capture| capture.meta.attempt == 3 && capture.meta.size == camera));
    assert!(captures[0].meta.quality.passed());
}

#[test]
fn counts_the_faces_of_labelled_pictures() {
    let Some(data) = real_data() else { return };
    let mut detector = detector();
    for (label, image) in labelled(&data.join("faces")) {
        let expected = label["faces"].as_u64().expect("a count") as usize;
        // A group photograph's faces are smaller than what the flow takes.
        let found = detector.detect_fine(image.view().expect("fits")).expect("runs").len();
        println!("{}: {found} of {expected}", label["file"]);
        assert_eq!(found, expected, "{}", label["file"]);
    }
}

#[test]
fn people_in_labelled_pictures_are_told_apart() {
    let Some(data) = real_data() else { return };
    let people: Vec<(String, Embedding)> = labelled(&data.join("faces"))
        .into_iter()
        .filter_map(|(label, image)| Some((label["identity"].as_str()?.to_owned(), embedding_of(&image))))
        .collect();
    for (i, (name, face)) in people.iter().enumerate() {
        for (other_name, other) in &people[..i] {
            let similarity = face.similarity(other);
            assert_eq!(similarity > SAME_PERSON, name == other_name, "{name} {other_name}: {similarity}");
        }
    }
}

#[test]
fn a_live_face_scores_above_a_print_and_a_screen() {
    let Some(data) = real_data() else { return };
    let (mut detector, mut passive) = (detector(), passive());
    let (mut live, mut attacks) = (Vec::new(), Vec::new());
    for (label, image) in labelled(&data.join("liveness")) {
        // The samples lie on their side.
        let image = quarter_turn(&image);
        let frame = image.view().expect("fits");
        let face = detector.detect(frame).expect("runs")[0];
        let score = passive.score(frame, &face).expect("runs");
        println!("{}: {score}", label["file"]);
        if label["label"] == "live" { live.push(score) } else { attacks.push(score) }
    }
    let lowest_live = live.iter().copied().fold(1.0, f32::min);
    let highest_attack = attacks.iter().copied().fold(0.0, f32::max);
    assert!(lowest_live > 0.5 && lowest_live > highest_attack, "{live:?} {attacks:?}");
}

#[test]
fn a_recorded_head_turn_has_the_sign_and_the_order_of_its_label() {
    let Some(data) = real_data() else { return };
    let turning: Vec<(f32, f32)> = recording(&data.join("video/head-pose-female.gif"));
    let yaws: Vec<f32> = turning.iter().map(|(yaw_deg, _)| *yaw_deg).collect();
    println!("{yaws:?}");
    // Labelled -0.9 to +0.5 rad: first to her right, later to her left.
    let (lowest, highest) = (position(&yaws, |a, b| a < b), position(&yaws, |a, b| a > b));
    assert!(yaws[lowest] < -35.0 && yaws[highest] > 20.0 && lowest < highest);
    for (yaw_deg, offset) in turning.iter().filter(|(yaw_deg, _)| yaw_deg.abs() > 15.0) {
        assert!(offset.signum() == yaw_deg.signum() && offset.abs() > 0.15, "{yaw_deg} {offset}");
    }
    let still = recording(&data.join("video/head-pose-male.gif"));
    assert!(still.iter().all(|(yaw_deg, offset)| yaw_deg.abs() < 6.0 && offset.abs() < 0.08), "{still:?}");
}

fn position(values: &[f32], better: impl Fn(f32, f32) -> bool) -> usize {
    (0..values.len()).fold(0, |best, i| if better(values[i], values[best]) { i } else { best })
}

/// Yaw and nose offset in each frame of an animation.
fn recording(path: &std::path::Path) -> Vec<(f32, f32)> {
    use image::AnimationDecoder;
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the recording"));
    let frames = image::codecs::gif::GifDecoder::new(file).expect("a GIF").into_frames();
    let (mut detector, mut mesh) = (detector(), mesh());
    frames
        .map(|frame| {
            let frame = frame.expect("a frame").into_buffer();
            let size = Size { width: frame.width(), height: frame.height() };
            let view = RgbaView::new(frame.as_raw(), size).expect("fits");
            let faces = detector.detect(view).expect("runs");
            let mesh = mesh.fit(view, faces.first().expect("a face")).expect("runs");
            (head_pose(&mesh).yaw_deg, nose_offset(&mesh))
        })
        .collect()
}

fn pose_of(image: &RgbaImage) -> (idv_protocol::face::HeadPose, f32) {
    let frame = image.view().expect("fits");
    let face = detector().detect(frame).expect("runs")[0];
    let mesh = mesh().fit(frame, &face).expect("runs");
    (head_pose(&mesh), nose_offset(&mesh))
}

/// The mesh, its roll in degrees and the distance between its eyes.
fn mesh_of(image: &RgbaImage) -> (Mesh, f32, f32) {
    let frame = image.view().expect("fits");
    let face = detector().detect(frame).expect("runs")[0];
    let mesh = mesh().fit(frame, &face).expect("runs");
    let [right, left] = mesh.eyes();
    let roll_deg = head_pose(&mesh).roll_deg;
    (mesh, roll_deg, right.distance(left))
}

fn embedding_of(image: &RgbaImage) -> Embedding {
    let frame = image.view().expect("fits");
    let face = detector().detect(frame).expect("runs")[0];
    let mesh = mesh().fit(frame, &face).expect("runs");
    embedder().embed(frame, &mesh).expect("embeds")
}

/// A picture of `size` whose pixel at x, y is that of `image` at `from(x, y)`, or grey outside.
fn resampled(image: &RgbaImage, size: Size, from: impl Fn(f32, f32) -> (f32, f32)) -> RgbaImage {
    let (width, height) = (image.size.width as f32, image.size.height as f32);
    let data = (0..size.width * size.height)
        .flat_map(|i| {
            let (x, y) = from((i % size.width) as f32, (i / size.width) as f32);
            if x < 0.0 || y < 0.0 || x > width - 1.0 || y > height - 1.0 {
                return [128, 128, 128, 255];
            }
            let at = (y.round() as usize * image.size.width as usize + x.round() as usize) * 4;
            [image.data[at], image.data[at + 1], image.data[at + 2], 255]
        })
        .collect();
    RgbaImage { data, size }
}

fn mirror(image: &RgbaImage) -> RgbaImage {
    let last = image.size.width as f32 - 1.0;
    resampled(image, image.size, |x, y| (last - x, y))
}

/// Turned clockwise by a quarter.
fn quarter_turn(image: &RgbaImage) -> RgbaImage {
    let last = image.size.height as f32 - 1.0;
    resampled(image, Size { width: image.size.height, height: image.size.width }, |x, y| (y, last - x))
}

/// Turned clockwise by `angle` radians around its middle.
fn leaned(image: &RgbaImage, angle: f32) -> RgbaImage {
    let (cx, cy) = (image.size.width as f32 / 2.0, image.size.height as f32 / 2.0);
    let (sin, cos) = angle.sin_cos();
    resampled(image, image.size, |x, y| {
        let (dx, dy) = (x - cx, y - cy);
        (cx + cos * dx + sin * dy, cy - sin * dx + cos * dy)
    })
}

/// A print of `image`, as wide as high, turned by `angle` radians around its upright middle line and seen from
/// two and a half times its width: a portrait of 16 cm at 40 cm.
fn tilted(image: &RgbaImage, angle: f32) -> RgbaImage {
    let side = image.size.width as f32;
    let (distance, half) = (side * 2.5, side / 2.0);
    let (sin, cos) = angle.sin_cos();
    resampled(image, Size { width: image.size.width, height: image.size.width }, |x, y| {
        let (dx, dy) = ((x - half) / distance, (y - half) / distance);
        // The ray (dx, dy, 1) t meets the print's plane through (0, 0, distance).
        let u = distance * dx / (cos - dx * sin);
        let depth = distance + u * sin;
        (u + half, dy * depth + half)
    })
}

fn map(image: &RgbaImage, change: impl Fn(u8) -> u8) -> RgbaImage {
    RgbaImage { data: image.data.iter().map(|value| change(*value)).collect(), size: image.size }
}

/// Averaged along rows and columns over `2 * radius + 1` pixels.
fn blurred(image: &RgbaImage, radius: usize) -> RgbaImage {
    let (width, height) = (image.size.width as usize, image.size.height as usize);
    let mut data = image.data.clone();
    for (step, lines, length, line_step) in [(4, height, width, width * 4), (width * 4, width, height, 4)] {
        let from = data.clone();
        for line in 0..lines {
            for i in 0..length {
                let (first, last) = (i.saturating_sub(radius), (i + radius).min(length - 1));
                for channel in 0..3 {
                    let at = |i: usize| line * line_step + i * step + channel;
                    let sum: usize = (first..=last).map(|i| from[at(i)] as usize).sum();
                    data[at(i)] = (sum / (last - first + 1)) as u8;
                }
            }
        }
    }
    RgbaImage { data, size: image.size }
}
