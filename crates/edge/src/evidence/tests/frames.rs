//! Frames: the commitment, the draw, the opening.

use super::*;

#[test]
fn a_commitment_whose_numbers_do_not_fit_is_refused() {
    let with = |change: fn(&mut FrameCommitment)| {
        Page::with(|evidence| change(evidence.frames.as_mut().expect("frames"))).refused()
    };
    assert_eq!(with(|frames| frames.root.truncate(62)), Failure::Commitment);
    assert_eq!(with(|frames| frames.count = 10), Failure::Commitment);
    assert_eq!(with(|frames| frames.count = 0), Failure::Commitment);
    assert_eq!(with(|frames| frames.openable = vec![[6, 10], [3, 4]]), Failure::Commitment);
    assert_eq!(with(|frames| frames.openable = vec![[3, 6], [6, 10]]), Failure::Commitment);
    assert_eq!(with(|frames| frames.openable = vec![[3, 4]]), Failure::CaptureFrame(CaptureKind::Selfie));
    let faceless = Page::with(|evidence| evidence.captures[1].frame = None);
    assert_eq!(faceless.refused(), Failure::CaptureFrame(CaptureKind::Selfie));
    assert_eq!(Page::with(|evidence| evidence.frames = None).refused(), Failure::Commitment);
}

#[test]
fn frames_are_drawn_from_those_that_can_be_opened_and_one_is_of_a_capture() {
    let evidence = Page::new().evidence;
    let openable: Vec<u32> = evidence.frames.as_ref().expect("frames").openable().collect();
    let of_captures = [3, 6, 8, 10];
    let mut ever = std::collections::BTreeSet::new();
    for fill in 0..=255 {
        let drawn = draw(&evidence, &[fill; 32]);
        assert_eq!(drawn.len(), 4);
        assert!(drawn.windows(2).all(|pair| pair[0] < pair[1]), "{drawn:?}");
        assert!(drawn.iter().all(|index| openable.contains(index)));
        assert!(drawn.iter().any(|index| of_captures.contains(index)));
        ever.extend(drawn);
    }
    assert_eq!(ever.into_iter().collect::<Vec<_>>(), openable, "each may be drawn");
    assert!(draw(&Evidence { frames: None, captures: vec![], ..evidence }, &[0; 32]).is_empty());
}

#[test]
fn each_frame_that_is_not_what_was_committed_to_is_refused_by_name() {
    let page = Page::new();
    let drawn = [3, 4, 8, 9];
    let refused = |indices: &[u32], change: fn(&mut Vec<FrameOpening>, &mut Vec<Vec<u8>>)| {
        let bundle = EvidenceBundle { frames: Some(page.frames(indices, change)), ..page.bundle() };
        let context = EvidenceContext { drawn: drawn.to_vec(), ..page.context() };
        check(&bundle, &context, &page.verifier).expect_err("refused")
    };
    assert_eq!(refused(&drawn, |_, pixels| pixels[3][9] ^= 1), Failure::FrameOther(9));
    assert_eq!(refused(&drawn, |openings, _| openings[1].head.at_us += 1), Failure::FrameOther(4));
    assert_eq!(refused(&drawn, |openings, _| openings[1].path.truncate(1)), Failure::FrameOther(4));
    assert_eq!(refused(&drawn, |openings, _| openings[1].path[0] = "A0".repeat(32)), Failure::FrameOther(4));
    assert_eq!(
        refused(&drawn, |openings, _| openings[0].head.part = [1, 0, 1280, 720]),
        Failure::FrameRange(3)
    );
    assert_eq!(refused(&drawn, |openings, _| openings[0].head.part = [u32::MAX; 4]), Failure::FrameRange(3));
    assert_eq!(refused(&[3, 4, 8], |_, _| {}), Failure::FrameMissing(9));
    assert_eq!(refused(&[3, 4, 8, 9, 10], |_, _| {}), Failure::FrameExtra(10));
    assert_eq!(refused(&[3, 4, 8, 9, 9], |_, _| {}), Failure::FrameExtra(9));
    let cut = |_: &mut Vec<FrameOpening>, pixels: &mut Vec<Vec<u8>>| pixels[3].truncate(10);
    assert_eq!(refused(&drawn, cut), Failure::Malformed(Part::Frames));
    let context = EvidenceContext { drawn: drawn.to_vec(), ..page.context() };
    assert_eq!(
        check(&page.bundle(), &context, &page.verifier).expect_err("none came"),
        Failure::FramesMissing
    );
}

#[test]
fn the_frame_of_a_capture_is_of_its_step_and_time() {
    for (index, change) in [
        (3, (|capture| capture.at_ms = 301.0) as fn(&mut CaptureMeta)),
        (8, |capture| capture.frame = Some(9)),
    ] {
        let page = Page::with(|evidence| {
            let capture = evidence.captures.iter_mut().find(|capture| capture.frame == Some(index));
            change(capture.expect("a capture"));
        });
        let (bundle, context) = page.opened();
        let failure = check(&bundle, &context, &page.verifier).expect_err("refused");
        assert!(matches!(failure, Failure::FrameOfCapture(3 | 9)), "{failure}");
    }
}
