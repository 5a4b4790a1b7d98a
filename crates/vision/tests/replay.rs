//! A recorded step decides again what it decided, from its file alone.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // a test that cannot go on fails

use idv_protocol::reading::CalendarDate;
use idv_protocol::{ActionKind, Challenge, ChallengeSet, DocumentSide, DocumentTask, Size};
use idv_seal::challenge::challenge;
use idv_specimen::assets::Assets;
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, Recording, Settings};
use idv_vision::Engine;
use idv_vision::capture::encode_jpeg;
use idv_vision::frame::{RgbaView, decode_image};
use idv_vision::replay::{
    Decision, Played, ReplayFrame, ReplayHead, ReplayStep, compare, decode, encode, open, play, recorded,
    seal,
};

/// Time between two frames, in ms.
const FRAME_MS: f64 = 100.0;

/// Most frames of a step.
const MAX_FRAMES: usize = 260;

/// Quality of the recorded frames, as that of the page's recorder.
const QUALITY: u8 = 95;

/// Runs `step` over what `picture` gives for each time, and writes it down.
fn record(engine: &mut Engine, step: ReplayStep, picture: impl Fn(f64) -> Vec<u8>) -> (Played, Vec<u8>) {
    match &step {
        ReplayStep::Document { task } => engine.begin_document(task.clone()),
        ReplayStep::Face { attempt, challenge } => {
            engine.begin_face(*attempt, challenge.clone()).expect("begins");
        }
    }
    let (mut seen, mut frames, mut bytes) = (Played::default(), Vec::new(), Vec::new());
    for index in 0..MAX_FRAMES {
        let at_ms = index as f64 * FRAME_MS;
        let jpeg = picture(at_ms);
        let shown = decode_image(&jpeg).expect("a picture");
        let view = shown.view().expect("a frame");
        frames.push(ReplayFrame { at_ms, bytes: jpeg.len() as u32 });
        bytes.extend(&jpeg);
        let is_over = match &step {
            ReplayStep::Document { .. } => {
                let status = engine.document_frame(view, at_ms).expect("runs");
                seen.decisions.push(Decision::from(&status));
                status.captured
            }
            ReplayStep::Face { .. } => {
                let status = engine.face_frame(view, at_ms).expect("runs");
                seen.decisions.push(Decision::from(&status));
                seen.report = status.report.map(|report| *report);
                seen.report.is_some()
            }
        };
        if is_over {
            break;
        }
    }
    seen.captures = engine.take_captures().iter().map(|capture| capture.meta.kind).collect();
    let head = ReplayHead {
        module_version: "test".into(),
        plan: None,
        models: engine.models(),
        step,
        frames,
        decisions: seen.decisions.clone(),
        report: seen.report.clone().map(Box::new),
    };
    (seen, encode(&head, &bytes).expect("written"))
}

/// The file again, in an engine of its own.
fn again(engine: &mut Engine, file: &[u8]) -> Played {
    let (head, frames) = decode(file).expect("a replay");
    let played = play(engine, &head, &frames).expect("played");
    let comparison = compare(&recorded(&head), &played);
    assert!(comparison.is_identical(), "{comparison:?}");
    played
}

/// A JPEG of a table, onto which a page slides after a second and lies still.
fn page(at_ms: f64) -> Vec<u8> {
    const SIZE: Size = Size { width: 640, height: 480 };
    let left = (500.0 - at_ms / 4.0).max(140.0);
    let inside =
        |x: f64, y: f64| at_ms >= 1_000.0 && (left..left + 360.0).contains(&x) && (110.0..365.0).contains(&y);
    let mut bytes = Vec::new();
    for y in 0..SIZE.height {
        for x in 0..SIZE.width {
            let (fx, fy) = (f64::from(x), f64::from(y));
            let line = inside(fx, fy) && y % 14 < 3 && (x / 5) % 3 != 0;
            let level = match (inside(fx, fy), line) {
                (_, true) => 40,
                (true, false) => 215,
                (false, _) => 70 + (x * 7 + y * 13) as u8 % 9,
            };
            bytes.extend([level, level, level, 255]);
        }
    }
    encode_jpeg(RgbaView::new(&bytes, SIZE).expect("a frame"), QUALITY).expect("encodes")
}

#[test]
fn a_document_step_is_decided_again_as_it_was() {
    let task = DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 2));
    let (seen, file) = record(&mut Engine::new(), ReplayStep::Document { task }, page);
    let hints: std::collections::HashSet<_> =
        seen.decisions.iter().map(|decision| format!("{decision:?}")).collect();
    assert!(hints.len() > 1, "the step has more to say than one thing: {hints:?}");
    assert_eq!(again(&mut Engine::new(), &file), seen);
}

/// An engine with the models of the face, from `models.json` beside them.
fn engine(assets: &Assets) -> Engine {
    let index = std::fs::read(assets.models_dir().join("models.json")).expect("models.json");
    let index: Vec<serde_json::Value> = serde_json::from_slice(&index).expect("a list");
    let mut engine = Engine::new();
    for record in index {
        let text = |name: &str| record[name].as_str().expect("text").to_owned();
        if ["face_detector", "face_mesh"].contains(&text("name").as_str()) {
            let bytes = std::fs::read(assets.models_dir().join(text("file"))).expect("a model");
            engine.load_model(&text("name"), &bytes, &text("sha256")).expect("sound");
        }
    }
    engine
}

/// A challenge of a turn to the left and one to the right, whose nonce it follows from.
fn turns() -> Challenge {
    let drawn = (0..=255_u8)
        .filter_map(|byte| challenge(&hex::encode([byte; 32]), ChallengeSet::NoPreciseSight, 1_000, 1));
    let kinds = |drawn: &Challenge| drawn.actions.iter().map(|action| action.kind).collect::<Vec<_>>();
    let mut wanted = drawn.filter(|drawn| kinds(drawn) == [ActionKind::TurnLeft, ActionKind::TurnRight]);
    wanted.next().expect("one of 256 nonces")
}

fn person(assets: &Assets, challenge: &Challenge) -> Option<Recording> {
    let subject = Subject::find(assets.portrait().ok()?, assets.models_dir()).ok()?;
    recording::face(&Settings::new(11).sized(640, 480), &subject, &[&challenge.actions]).ok()
}

#[test]
fn a_face_step_is_decided_again_as_it_was_also_from_a_sealed_file() {
    let challenge = turns();
    let stage = Assets::open().ok().and_then(|assets| Some((person(&assets, &challenge)?, assets)));
    let Some((person, assets)) = stage else {
        eprintln!("skipped: no models or pictures; set IDV_MODELS and IDV_ASSETS, or run the set-up");
        return;
    };
    let step = ReplayStep::Face { attempt: 1, challenge };
    let (seen, file) = record(&mut engine(&assets), step, |at_ms| {
        let frame = person.frame_at(at_ms);
        let rgba: Vec<u8> =
            frame.pixels().flat_map(|pixel| [pixel.0[0], pixel.0[1], pixel.0[2], 255]).collect();
        let size = Size { width: frame.width(), height: frame.height() };
        encode_jpeg(RgbaView::new(&rgba, size).expect("a frame"), QUALITY).expect("encodes")
    });
    let report = seen.report.as_ref().expect("the step ended");
    assert!(report.challenge_met, "{report:?}");
    let key = [3; 32];
    let sealed = seal(&file, &key, [9; 12]).expect("sealed");
    let opened = open(&sealed, &key).expect("opened");
    assert_eq!(again(&mut engine(&assets), &opened), seen, "every number, not only the decisions");
}
