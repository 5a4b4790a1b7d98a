use super::*;
use crate::face::head;
use idv_protocol::{HeadPose, Size};

/// A frame whose pixels follow from `pattern`.
fn picture(pattern: u32) -> Vec<u8> {
    (0..640 * 480u32)
        .flat_map(|i| {
            let (x, y) = (i % 640, i / 640);
            let grey = ((x / 12 * 7 + y / 12 * 13) * (pattern * 2 + 1) % 97 * 2) as u8;
            [grey, grey, grey, 255]
        })
        .collect()
}

fn patch(pattern: u32) -> Patch {
    let data = picture(pattern);
    let frame = RgbaView::new(&data, Size { width: 640, height: 480 }).expect("fits");
    Patch::of(frame, &head(HeadPose::default(), false))
}

fn moment(at_ms: f64, digest: u64) -> Moment<'static> {
    Moment { at_ms, digest, face: None }
}

#[test]
fn frames_in_order_that_differ_are_one_view() {
    let (mut continuity, mesh, patch) = (Continuity::default(), head(HeadPose::default(), false), patch(1));
    for frame in 0..200u64 {
        let face = Some((&mesh, patch.clone()));
        let now = Moment { at_ms: 33.0 * frame as f64, digest: frame, face };
        assert_eq!(continuity.see(now), None, "{frame}");
    }
}

#[test]
fn times_that_go_back_stand_still_leap_or_are_none_are_a_break() {
    for (second_ms, broken) in
        [(133.0, false), (2_050.0, false), (100.0, true), (60.0, true), (2_200.0, true), (f64::NAN, true)]
    {
        let mut continuity = Continuity::default();
        assert_eq!(continuity.see(moment(100.0, 1)), None);
        let reason = continuity.see(moment(second_ms, 2));
        assert_eq!(reason, broken.then_some(BreakReason::Timing), "{second_ms}");
    }
}

#[test]
fn a_frame_that_comes_again_is_a_break_unless_the_camera_is_only_slow() {
    let mut continuity = Continuity::default();
    let mut see = |at_ms: f64, digest: u64| continuity.see(moment(at_ms, digest));
    for (at_ms, digest) in [(0.0, 1), (100.0, 1), (200.0, 2), (300.0, 2), (800.0, 2)] {
        assert_eq!(see(at_ms, digest), None, "{at_ms}");
    }
    assert_eq!(see(850.0, 2), Some(BreakReason::RepeatedFrames), "frozen");
    assert_eq!(see(900.0, 3), None);
    assert_eq!(see(1_000.0, 1), Some(BreakReason::RepeatedFrames), "seen before");
    for frame in 0..40 {
        assert_eq!(see(1_100.0 + 100.0 * f64::from(frame), 100 + u64::try_from(frame).expect("small")), None);
    }
    assert_eq!(see(5_200.0, 3), None, "too long ago to be remembered");
}

#[test]
fn a_face_that_leaps_grows_at_once_or_looks_like_another_is_a_break() {
    let front = head(HeadPose::default(), false);
    let moved = |dx: f32, scale: f32| {
        let mut mesh = front.clone();
        mesh.points.iter_mut().for_each(|p| *p = [320.0 + dx + (p[0] - 320.0) * scale, p[1] * scale, p[2]]);
        mesh
    };
    let second = |mesh: &Mesh, pattern: u32, after_ms: f64| {
        let mut continuity = Continuity::default();
        assert_eq!(continuity.see(Moment { at_ms: 0.0, digest: 1, face: Some((&front, patch(1))) }), None);
        continuity.see(Moment { at_ms: after_ms, digest: 2, face: Some((mesh, patch(pattern))) })
    };
    assert_eq!(second(&moved(40.0, 1.0), 1, 50.0), None);
    assert_eq!(second(&moved(250.0, 1.0), 1, 50.0), Some(BreakReason::Jump));
    assert_eq!(second(&moved(0.0, 1.6), 1, 50.0), Some(BreakReason::Jump));
    assert_eq!(second(&front, 3, 50.0), Some(BreakReason::AnotherFace));
    assert_eq!(second(&front, 3, 600.0), None, "much can change in a longer time");
}

#[test]
fn a_patch_is_like_itself_whatever_the_light() {
    let data = picture(1);
    let bright: Vec<u8> = data.iter().map(|value| value / 2 + 60).collect();
    let size = Size { width: 640, height: 480 };
    let mesh = head(HeadPose::default(), false);
    let of = |data: &[u8]| Patch::of(RgbaView::new(data, size).expect("fits"), &mesh);
    assert!(of(&data).likeness(&of(&bright)) > 0.99);
    assert!(of(&data).likeness(&patch(3)) < MIN_LIKENESS);
}
