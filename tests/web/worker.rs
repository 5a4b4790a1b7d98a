use crate::support::{js_async, until, worker_url};
use idv_protocol::worker::{FromWorker, ToWorker};
use idv_protocol::{Action, ActionKind, Challenge, ChallengeSet, DocumentKind, FileProblem};
use idv_web::worker_host::{WorkerEvent, WorkerHost};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

/// Answers every frame with the size of its bitmap and a capture.
pub const SCRIPT: &str = "
    onmessage = ({ data }) => {
      switch (data.type) {
        case 'init':
          postMessage({ type: 'progress', loaded: 1, total: 2 });
          postMessage({ type: 'ready', models: data.models.map(({ name, sha256 }) => ({ name, sha256 })) });
          break;
        case 'begin_face':
          postMessage({ type: 'failed', code: 'bad_frame', message: JSON.stringify(data) });
          break;
        case 'file':
          postMessage({ type: 'file', problem: data.bytes.byteLength === 1 ? 'heic' : null, captures: 0, kind: 'id1' });
          break;
        case 'frame': {
          const { width, height } = data.bitmap;
          data.bitmap.close();
          const quality = { checks: [{ code: 'glare', value: 0.5, threshold: 1, passed: true }] };
          const quad = [{ x: 0, y: 0 }, { x: 1.5, y: 0 }, { x: 1.5, y: 1 }, { x: 0, y: 1 }];
          postMessage({ type: 'document', seq: data.seq, elapsed_ms: 3, captures: 1, status: {
            frame: { width, height }, quad, confidence: 1, kind: 'id3', quality,
            hint: 'capturing', progress: 1, manual: false, captured: true } });
          const jpeg = new Uint8Array([255, 216, 1, 2]).buffer;
          postMessage({ type: 'capture', jpeg, meta: { kind: 'document_front', attempt: 1, sha256: 'ab', bytes: 4,
            size: { width, height }, at_ms: data.at_ms, quad, quality } }, [jpeg]);
        }
      }
    };";

type Heard = Rc<RefCell<Vec<WorkerEvent>>>;

fn start(url: &str) -> (WorkerHost, Heard) {
    let heard = Heard::default();
    let sink = Rc::clone(&heard);
    let host = WorkerHost::start(url, move |event| sink.borrow_mut().push(event)).expect("starts");
    (host, heard)
}

fn init() -> ToWorker {
    let model = idv_protocol::worker::ModelFile {
        name: "face_mesh".into(),
        url: "https://idv.example/m".into(),
        sha256: "aa".into(),
        bytes: 9,
        pad: None,
    };
    ToWorker::Init { wasm_url: "https://idv.example/w".into(), wasm_bytes: 1, models: vec![model] }
}

#[wasm_bindgen_test]
async fn messages_frames_and_captures_go_there_and_back() {
    let (host, heard) = start(&worker_url(SCRIPT));
    host.post(&init());
    until("ready", || heard.borrow().len() == 2).await;
    let ready = heard.borrow()[1].clone();
    let WorkerEvent::Message(FromWorker::Ready { models }) = ready else { panic!("not ready") };
    assert_eq!(models[0].name, "face_mesh");

    assert!(host.is_free());
    let bitmap = js_async("return createImageBitmap(new ImageData(64, 48))").await;
    host.post_frame(bitmap.unchecked_ref(), 12.5);
    assert!(!host.is_free());
    assert_eq!(crate::support::member(&bitmap, "width"), 0, "the bitmap was transferred");
    until("the capture", || heard.borrow().len() == 4).await;
    assert!(host.is_free());
    let heard = heard.borrow();
    let WorkerEvent::Message(FromWorker::Document { seq, captures, status, .. }) = &heard[2] else {
        panic!("no document")
    };
    assert_eq!((*seq, *captures, status.frame.width, status.frame.height), (1, 1, 64, 48));
    assert_eq!(status.quad.unwrap().0[1].x, 1.5);
    let WorkerEvent::Capture { meta, jpeg } = &heard[3] else { panic!("no capture") };
    assert_eq!((meta.at_ms, &jpeg[..]), (12.5, &[255, 216, 1, 2][..]));
}

#[wasm_bindgen_test]
async fn a_file_goes_there_and_its_answer_comes_back() {
    let (host, heard) = start(&worker_url(SCRIPT));
    for (bytes, problem) in [(&[1][..], Some(FileProblem::Heic)), (&[1, 2][..], None)] {
        heard.borrow_mut().clear();
        host.post_file(bytes);
        assert!(!host.is_free(), "it owes the answer");
        until("the answer", || heard.borrow().len() == 1).await;
        let expected = FromWorker::File { problem, captures: 0, kind: Some(DocumentKind::Id1) };
        assert_eq!(heard.borrow()[0], WorkerEvent::Message(expected));
        assert!(host.is_free());
    }
}

#[wasm_bindgen_test]
async fn a_challenge_reaches_the_worker_as_a_plain_object() {
    let (host, heard) = start(&worker_url(SCRIPT));
    let challenge = Challenge {
        nonce: "00ff".into(),
        set: ChallengeSet::Standard,
        actions: vec![Action { kind: ActionKind::Blink, times: 3, window_ms: 7000 }],
        tolerance_ms: 1000,
        max_draws: 3,
    };
    host.post(&ToWorker::BeginFace { attempt: 2, challenge });
    until("the echo", || heard.borrow().len() == 1).await;
    let WorkerEvent::Message(FromWorker::Failed { message, .. }) = &heard.borrow()[0] else {
        panic!("no echo")
    };
    assert_eq!(
        message,
        r#"{"type":"begin_face","attempt":2,"challenge":{"nonce":"00ff","set":"standard","actions":[{"kind":"blink","times":3,"window_ms":7000}],"tolerance_ms":1000,"max_draws":3}}"#
    );
}

#[wasm_bindgen_test]
async fn a_worker_that_throws_is_reported_as_lost_once() {
    let script = "postMessage({ type: 'progress', loaded: 1, total: 2 });
        setTimeout(() => { throw new Error('a') }, 20); setTimeout(() => { throw new Error('b') }, 30)";
    let (host, heard) = start(&worker_url(script));
    until("the loss", || heard.borrow().len() == 2).await;
    crate::support::sleep(100).await;
    assert!(matches!(heard.borrow()[1], WorkerEvent::Lost { .. }));
    assert_eq!(heard.borrow().len(), 2);
    assert!(!host.is_free());
}

#[wasm_bindgen_test]
async fn a_script_that_is_not_there_is_reported_as_not_started() {
    let (_host, heard) = start("/no-such-worker.js");
    until("the report", || heard.borrow().len() == 1).await;
    assert!(matches!(heard.borrow()[0], WorkerEvent::NotStarted { .. }));
}

#[wasm_bindgen_test]
async fn a_message_that_cannot_be_read_loses_the_worker() {
    let (_host, heard) =
        start(&worker_url("postMessage({ type: 'progress', loaded: 1, total: 2 }); postMessage(42)"));
    until("the loss", || heard.borrow().len() == 2).await;
    assert!(matches!(heard.borrow()[1], WorkerEvent::Lost { .. }));
}
