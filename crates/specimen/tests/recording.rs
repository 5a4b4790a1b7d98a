//! Recordings as files and as frames: the same seed gives the same bytes, in any order and on any thread.

mod support;

use idv_protocol::{Action, ActionKind};
use idv_specimen::recording::{Recording, Settings, document, face, no_document, print};
use support::{assets, need, page, subject};

/// Small frames, so that many can be compared.
fn turn(kind: ActionKind) -> Action {
    Action { kind, times: 1, window_ms: 6_000 }
}

fn settings(seed: u64) -> Settings {
    Settings::new(seed).sized(320, 180)
}

fn all(seed: u64) -> Vec<Recording> {
    let assets = assets();
    let (subject, settings) = (subject(&assets), settings(seed));
    vec![
        need(document(&assets, &settings, &page(&assets, seed), 1000.0)),
        need(no_document(&assets, &settings, 1000.0)),
        need(face(&settings, &subject, &[[turn(ActionKind::TurnLeft)]])),
        need(print(&settings, &subject, 1000.0)),
    ]
}

#[test]
fn the_same_seed_gives_the_same_frames_and_another_seed_others() {
    for ((one, same), other) in all(1).iter().zip(&all(1)).zip(&all(2)) {
        for at_ms in [0.0, 700.0] {
            let frame = one.frame_at(at_ms);
            assert_eq!(frame, same.frame_at(at_ms));
            assert_ne!(frame, other.frame_at(at_ms));
        }
    }
}

#[test]
fn a_frame_depends_on_its_time_alone() {
    for recording in all(3) {
        let third = recording.frames().nth(3).expect("four frames");
        assert_eq!(third.at_ms, 100.0);
        assert_eq!(third.image, recording.frame_at(100.0));
    }
}

/// Where each JPEG of a file begins: no marker can stand inside the compressed data.
fn starts(bytes: &[u8]) -> Vec<usize> {
    (0..bytes.len() - 2).filter(|&i| bytes[i..i + 3] == [0xff, 0xd8, 0xff]).collect()
}

#[test]
fn a_file_is_the_same_from_one_thread_and_from_three() {
    let recording = &all(4)[0];
    let write = |threads| {
        let (mut bytes, mut heard) = (Vec::new(), Vec::new());
        need(recording.write_mjpeg(&mut bytes, threads, |share| heard.push(share)));
        assert!(heard.is_sorted() && heard.last() == Some(&1.0), "{heard:?}");
        bytes
    };
    let bytes = write(1);
    assert_eq!(bytes, write(3));
    let starts = starts(&bytes);
    assert_eq!(starts.len(), recording.frame_count());
    let last = need(image::load_from_memory(&bytes[*starts.last().expect("frames")..]));
    assert_eq!((last.width(), last.height()), (320, 180));
}

#[test]
fn rounds_of_turns_are_written_again_and_not_made_again() {
    let recording = need(face(&settings(5), &subject(&assets()), &[[turn(ActionKind::TurnRight)]]));
    let mut bytes = Vec::new();
    need(recording.write_mjpeg(&mut bytes, 0, |_| ()));
    let mut starts = starts(&bytes);
    assert_eq!(starts.len(), recording.frame_count());
    starts.push(bytes.len());
    let frame = |index: usize| &bytes[starts[index]..starts[index + 1]];
    let cycle = (recording.frame_count() - 75) / 3;
    assert_eq!(frame(75 + 10), frame(75 + cycle + 10));
    assert_ne!(frame(75 + 10), frame(75 + 11));
}

#[test]
fn a_broken_file_ends_the_recording_with_an_error() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let error = all(6)[1].write_mjpeg(&mut Full, 2, |_| ()).expect_err("refused");
    assert_eq!(error.kind(), idv_specimen::ErrorKind::Write);
}
