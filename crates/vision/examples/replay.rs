//! A recorded step again, natively: see `idv_vision::replay`.
//!
//! ```text
//! replay FILE MODELS [--against PLAYED.json]
//! ```
//!
//! `MODELS` has a `models.json` and the files that it names. Prints one JSON object: what was decided, natively, how that
//! compares with what was recorded, and with `PLAYED.json`, which another engine printed. `IDV_REPLAY_KEY` opens a sealed
//! file: 64 hex digits.
#![allow(clippy::expect_used)] // a program for the bench may end by a panic

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use idv_vision::Engine;
    use idv_vision::replay::{self, Comparison, Played, ReplayHead, ReplayStep};
    use serde_json::{Value, json};
    use std::path::Path;

    pub fn run() {
        let mut arguments = std::env::args().skip(1);
        let file = arguments.next().expect("FILE");
        let models = arguments.next().expect("MODELS");
        let bytes = std::fs::read(&file).expect("the file");
        let bytes = if replay::is_sealed(&bytes) { opened(&bytes) } else { bytes };
        let (head, frames) = replay::decode(&bytes).expect("a replay");
        let mut engine = engine(Path::new(&models), &head);
        let played = replay::play(&mut engine, &head, &frames).expect("played");
        let recorded = replay::compare(&replay::recorded(&head), &played);
        let mut printed = json!({
            "step": match head.step { ReplayStep::Document { .. } => "document", ReplayStep::Face { .. } => "face" },
            "module_version": head.module_version,
            "configuration_sha256": head.configuration(),
            "frames": head.frames.len(),
            "models": head.models,
            "other_models": others(&engine, &head),
            "decisions": played.decisions,
            "report": played.report,
            "captures": played.captures,
            "recorded": shown(&recorded),
        });
        if arguments.next().as_deref() == Some("--against") {
            let text = std::fs::read_to_string(arguments.next().expect("PLAYED.json")).expect("the file");
            let other: Played = serde_json::from_str(&text).expect("what an engine printed");
            printed["against"] = shown(&replay::compare(&other, &played));
        }
        println!("{printed}");
    }

    fn opened(sealed: &[u8]) -> Vec<u8> {
        let key = std::env::var("IDV_REPLAY_KEY").expect("this replay is sealed: set IDV_REPLAY_KEY");
        let key = hex::decode(key).ok().and_then(|key| <[u8; 32]>::try_from(key).ok());
        replay::open(sealed, &key.expect("64 hex digits")).expect("the key of this file")
    }

    /// An engine with the models of the folder that the recording names.
    fn engine(folder: &Path, head: &ReplayHead) -> Engine {
        let index = std::fs::read(folder.join("models.json")).expect("models.json");
        let index: Vec<Value> = serde_json::from_slice(&index).expect("a list");
        let mut engine = Engine::new();
        for record in index {
            let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            if head.models.iter().any(|used| used.name == text("name")) {
                let bytes = std::fs::read(folder.join(text("file"))).expect("a model");
                engine.load_model(&text("name"), &bytes, &text("sha256")).expect("a sound model");
            }
        }
        engine
    }

    /// Models that are others than those that were recorded, or are missing.
    fn others(engine: &Engine, head: &ReplayHead) -> Vec<String> {
        let loaded = engine.models();
        head.models.iter().filter(|used| !loaded.contains(used)).map(|used| used.name.clone()).collect()
    }

    fn shown(comparison: &Comparison) -> Value {
        json!({
            "same": comparison.is_same(),
            "identical": comparison.is_identical(),
            "frames": comparison.frames,
            "differing": comparison.differing,
            "ends": comparison.ends,
        })
    }
}

fn main() {
    // It reads files: in a browser there is nothing to do.
    #[cfg(not(target_arch = "wasm32"))]
    native::run();
}
