//! The engine in a real browser: what it does without a network file.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use idv_protocol::reading::CalendarDate;
use idv_protocol::{ChallengeSet, DocumentSide, DocumentTask, Size};
use idv_seal::challenge::challenge;
use idv_vision::capture::encode_jpeg;
use idv_vision::frame::{Luma, RgbaView, decode_image};
use idv_vision::{Engine, ErrorKind};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SIZE: Size = Size { width: 320, height: 240 };

/// Darker to the left, redder to the bottom.
fn picture() -> Vec<u8> {
    (0..SIZE.width * SIZE.height)
        .flat_map(|i| {
            let (x, y) = (i % SIZE.width, i / SIZE.width);
            [(y / 2) as u8 + 60, (x / 2) as u8, 40, 255]
        })
        .collect()
}

#[wasm_bindgen_test]
fn a_frame_survives_its_jpeg() {
    let data = picture();
    let jpeg = encode_jpeg(RgbaView::new(&data, SIZE).expect("fits"), 90).expect("encodes");
    let decoded = decode_image(&jpeg).expect("a JPEG");
    assert_eq!(decoded.size, SIZE);
    let worst = decoded.data.iter().zip(&data).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(worst < Some(24), "{worst:?}");
}

#[wasm_bindgen_test]
fn luma_is_averaged_from_the_frame() {
    let data = picture();
    let mut luma = Luma::default();
    let scale = luma.fill_from(RgbaView::new(&data, SIZE).expect("fits"), 160);
    assert_eq!((scale, luma.size), (2.0, Size { width: 160, height: 120 }));
    // Red 60 to 61, green 0 to 1, blue 40: the weights of BT.601 give 22.
    assert!(luma.at(0, 0).abs_diff(22) <= 1, "{}", luma.at(0, 0));
    assert!(luma.at(159, 0) > luma.at(0, 0) && luma.at(0, 119) > luma.at(0, 0));
}

#[wasm_bindgen_test]
fn the_document_step_runs_and_the_face_step_asks_for_its_models() {
    let data = picture();
    let frame = RgbaView::new(&data, SIZE).expect("fits");
    let mut engine = Engine::new();
    assert_eq!(engine.document_frame(frame, 0.0).expect_err("not begun").kind(), ErrorKind::OutOfOrder);
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let status = engine.document_frame(frame, 0.0).expect("runs");
    assert_eq!((status.frame, status.quad, status.captured), (SIZE, None, false));
    let challenge = challenge(&"00".repeat(32), ChallengeSet::Standard, 1_000, 3).expect("a nonce");
    assert_eq!(challenge.actions.len(), 2);
    let error = engine.begin_face(1, challenge).expect_err("no models");
    assert_eq!((error.kind(), error.code()), (ErrorKind::ModelMissing, "model_missing"));
}
