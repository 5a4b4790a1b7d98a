//! The bindings in a real browser, without models: sizes, codes, messages, and what a panic looks like.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use idv_protocol::reading::CalendarDate;
use idv_protocol::seal::{FrameHead, FrameStep};
use idv_protocol::worker::FromWorker;
use idv_protocol::{DocumentSide, DocumentTask, FileProblem, Size};
use idv_seal::frames::{leaf, pixel_bytes};
use idv_vision_worker::VisionWorker;
use js_sys::{Function, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

const SIDE_PX: u32 = 128;

fn code(thrown: &JsValue) -> String {
    assert!(thrown.is_instance_of::<js_sys::Error>());
    Reflect::get(thrown, &"code".into()).expect("an object").as_string().unwrap_or_default()
}

fn begin_document(worker: &mut VisionWorker) {
    let task = DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1));
    worker.begin_document(serde_wasm_bindgen::to_value(&task).expect("plain")).expect("begins");
}

#[wasm_bindgen_test]
fn a_frame_that_no_camera_makes_is_refused_with_a_code() {
    let mut worker = VisionWorker::new();
    for (width, height) in [(0, 0), (8000, 6000), (1280, 1)] {
        let thrown = worker.frame_buffer(width, height).expect_err("refused");
        assert_eq!(code(&thrown), "bad_frame");
    }
    begin_document(&mut worker);
    let thrown = worker.frame(1, 0.0, SIDE_PX, SIDE_PX).expect_err("no buffer yet");
    assert_eq!(code(&thrown), "bad_frame");
}

#[wasm_bindgen_test]
fn a_frame_before_any_step_is_out_of_order() {
    let mut worker = VisionWorker::new();
    worker.frame_buffer(SIDE_PX, SIDE_PX).expect("fits");
    let thrown = worker.frame(1, 0.0, SIDE_PX, SIDE_PX).expect_err("no step");
    assert_eq!(code(&thrown), "out_of_order");
}

#[wasm_bindgen_test]
fn an_empty_frame_is_answered_with_a_message_that_the_page_reads() {
    let mut worker = VisionWorker::new();
    begin_document(&mut worker);
    let first = worker.frame_buffer(SIDE_PX, SIDE_PX).expect("fits");
    for seq in 1..=3 {
        let at_ms = f64::from(seq) * 33.0;
        let message = worker.frame(seq, at_ms, SIDE_PX, SIDE_PX).expect("is looked at");
        let message: FromWorker = serde_wasm_bindgen::from_value(message).expect("is one of ours");
        let FromWorker::Document { seq: answered, captures, status, .. } = message else {
            panic!("not the document step's answer")
        };
        assert_eq!((answered, captures, status.quad), (seq, 0, None));
    }
    assert_eq!(worker.frame_buffer(SIDE_PX, SIDE_PX).expect("fits"), first, "the buffer stays where it is");
    assert!(worker.take_capture().expect("none").is_undefined());
}

#[wasm_bindgen_test]
fn a_file_is_answered_with_a_message_that_the_page_reads() {
    let mut worker = VisionWorker::new();
    assert_eq!(code(&worker.document_file(b"%PDF-1.7").expect_err("no step")), "out_of_order");
    begin_document(&mut worker);
    for (bytes, expected) in [
        (&b"%PDF-1.7"[..], FileProblem::Pdf),
        (b"\0\0\0\x18ftypheic\0\0\0\0", FileProblem::Heic),
        (b"", FileProblem::UnsupportedFormat),
    ] {
        let answer = worker.document_file(bytes).expect("is looked at");
        let problem = Reflect::get(&answer, &"problem".into()).expect("an object").as_string();
        assert!(problem.is_some_and(|problem| !problem.is_empty()));
        let answer: FromWorker = serde_wasm_bindgen::from_value(answer).expect("is one of ours");
        assert_eq!(answer, FromWorker::File { problem: Some(expected), captures: 0, kind: None });
    }
}

#[wasm_bindgen_test]
fn the_shutter_takes_the_next_frame_once_it_is_offered() {
    let mut worker = VisionWorker::new();
    assert_eq!(code(&worker.shoot().expect_err("no step")), "out_of_order");
    let task = DocumentTask::new(1, DocumentSide::Back, CalendarDate::new(2026, 1, 1));
    let task = DocumentTask { manual_after_ms: 100, ..task };
    worker.begin_document(serde_wasm_bindgen::to_value(&task).expect("plain")).expect("begins");
    worker.frame_buffer(SIDE_PX, SIDE_PX).expect("fits");
    let mut captured = Vec::new();
    for seq in 1..=4 {
        worker.shoot().expect("in the step");
        let message = worker.frame(seq, f64::from(seq) * 60.0, SIDE_PX, SIDE_PX).expect("is looked at");
        let message: FromWorker = serde_wasm_bindgen::from_value(message).expect("is one of ours");
        let FromWorker::Document { captures, status, .. } = message else {
            panic!("not the document step's")
        };
        captured.push((captures, status.manual));
    }
    assert_eq!(captured, [(0, false), (0, false), (0, true), (1, true)]);
    assert!(!worker.give_up_capture(), "what a person took stays");
    assert!(!worker.take_capture().expect("one").is_undefined());
}

#[wasm_bindgen_test]
fn models_and_challenges_that_do_not_fit_are_refused_with_a_code() {
    let mut worker = VisionWorker::new();
    let thrown = worker
        .load_model("face_mesh", &[1, 2, 3], &"00".repeat(32), JsValue::UNDEFINED)
        .expect_err("refused");
    assert_eq!(code(&thrown), "model_digest_mismatch");
    let thrown = worker.begin_face(1, JsValue::from_str("no challenge")).expect_err("refused");
    assert_eq!(code(&thrown), "invalid_request");
    assert!(js_sys::Array::is_array(&worker.models().expect("a list")));
}

#[wasm_bindgen_test]
fn a_panic_is_an_error_that_says_that_the_engine_trapped() {
    let _worker = VisionWorker::new();
    let panics = Closure::<dyn Fn()>::new(|| panic!("with a value that must not leave: 4711"));
    let caught = Function::new_with_args("f", "try { f() } catch (error) { return error }")
        .call1(&JsValue::UNDEFINED, panics.as_ref())
        .expect("is caught");
    assert_eq!(code(&caught), "engine_trapped");
    let message = js_sys::Error::from(caught).message();
    assert!(String::from(message).starts_with("the engine panicked at "));
    std::mem::forget(panics);
}

/// Median time of a leaf in ms, of `step`'s pixels.
fn leaf_ms(step: FrameStep) -> f64 {
    const ROUNDS: usize = 31;
    let frame = Size { width: 1280, height: 720 };
    let head = FrameHead { step, at_us: 1, frame, part: [0, 0, 1280, 720] };
    let mut pixels = vec![7; pixel_bytes(&head)];
    let now_ms = Function::new_no_args("return performance.now()");
    let now_ms = || now_ms.call0(&JsValue::UNDEFINED).expect("a clock").as_f64().expect("a number");
    let mut times: Vec<f64> = (0..ROUNDS)
        .map(|round| {
            pixels[round] ^= 1;
            let began_ms = now_ms();
            std::hint::black_box(leaf(&head, &pixels));
            now_ms() - began_ms
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[ROUNDS / 2]
}

#[wasm_bindgen_test]
fn a_leaf_costs_a_small_part_of_a_frame() {
    // A frame may take 100 ms (ten a second); this build is not the optimised one, and the machine may be busy.
    const MOST_MS: f64 = 20.0;
    let (document_ms, face_ms) = (leaf_ms(FrameStep::DocumentFront), leaf_ms(FrameStep::Face));
    wasm_bindgen_test::console_log!("leaf: document {document_ms:.2} ms, face {face_ms:.2} ms");
    assert!(document_ms < MOST_MS && face_ms < MOST_MS, "document {document_ms} ms, face {face_ms} ms");
}

#[wasm_bindgen_test]
fn frames_that_are_not_there_are_not_handed_over() {
    let worker = VisionWorker::new();
    let answer = worker.open_frames(&[0, 7]).expect("an answer");
    let message = Reflect::get(&answer, &"message".into()).expect("an object");
    let message: FromWorker = serde_wasm_bindgen::from_value(message).expect("is one of ours");
    assert_eq!(message, FromWorker::Frames { frames: Vec::new() });
}
