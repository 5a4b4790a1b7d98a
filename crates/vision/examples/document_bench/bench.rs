//! The program.

#[allow(dead_code)]
#[path = "../../tests/documents/canvas.rs"]
mod canvas;
#[allow(dead_code)]
#[path = "../../tests/documents/photos.rs"]
mod photos;
#[allow(dead_code)]
#[path = "../../tests/documents/scene.rs"]
mod scene;

use idv_protocol::Quad;
use idv_vision::capture::DocumentSessionParams;
use idv_vision::document::{CornerNet, Detector, Follower, intersection_over_union};
use idv_vision::frame::RgbaImage;
use idv_vision::inference;
use scene::{CHALLENGES, Challenge};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::ops::Range;
use std::path::Path;
use std::time::Instant;

pub fn run() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["draw", out, scenes] => draw(Path::new(out), 0..scenes.parse().expect("a number of scenes")),
        ["draw", out, scenes, first] => {
            let first: u64 = first.parse().expect("a seed");
            draw(Path::new(out), first..first + scenes.parse::<u64>().expect("a number of scenes"));
        }
        ["find", folder, options @ ..] => {
            let after = |name: &str| {
                options.iter().position(|word| *word == name).and_then(|i| options.get(i + 1)).map(Path::new)
            };
            let candidates = options.contains(&"--candidates");
            let cases = find(Path::new(folder), after("--model"), after("--raw"), candidates);
            println!("{}", Value::Array(cases));
        }
        ["follow", recording, model] => follow(Path::new(recording), Path::new(model)),
        _ => panic!(
            "usage: document_bench draw OUT SCENES [FIRST] | find FOLDER [--model FILE] [--raw OUT] | follow RECORDING MODEL"
        ),
    }
}

/// Name of the set of a challenge.
fn name_of(challenge: Challenge) -> &'static str {
    match challenge {
        Challenge::Clean => "clean",
        Challenge::Noise => "noise",
        Challenge::Shadow => "shadow",
        Challenge::LowContrast => "low_contrast",
        Challenge::Clutter => "clutter",
        Challenge::Held => "held",
    }
}

/// Draws the scenes of these seeds of each challenge, and four times as many without a document.
fn draw(out: &Path, seeds: Range<u64>) {
    for challenge in CHALLENGES {
        let drawn = seeds.clone().map(|seed| {
            let scene = scene::with_document(challenge, seed);
            (scene.image, Some(scene.quad))
        });
        write_set(&out.join(name_of(challenge)), drawn);
    }
    write_set(
        &out.join("none"),
        (4 * seeds.start..4 * seeds.end).map(|seed| (scene::without_document(seed), None)),
    );
}

fn write_set(folder: &Path, scenes: impl Iterator<Item = (RgbaImage, Option<Quad>)>) {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let labels: Vec<Value> = scenes
        .enumerate()
        .map(|(k, (image, quad))| {
            let file = format!("{k:03}.png");
            let (width, height) = (image.size.width, image.size.height);
            image::save_buffer(folder.join(&file), &image.data, width, height, image::ColorType::Rgba8)
                .expect("the picture can be written");
            json!({ "file": file, "width": width, "height": height, "quad": quad.map(points) })
        })
        .collect();
    std::fs::write(folder.join("labels.json"), Value::Array(labels).to_string()).expect("labels.json");
}

fn points(quad: Quad) -> Vec<[f32; 2]> {
    quad.0.iter().map(|p| [p.x, p.y]).collect()
}

fn network(path: &Path) -> CornerNet {
    let bytes = std::fs::read(path).expect("the model file");
    let digest = hex::encode(Sha256::digest(&bytes));
    CornerNet::new(Box::new(inference::load(&bytes, &digest).expect("a model"))).expect("its shape fits")
}

/// Looks at every third frame of a recording, JPEG after JPEG, as if they were 100 ms apart: what
/// `tests/e2e/bench-frames.mjs` shows the engine.
fn follow(recording: &Path, model: &Path) {
    let bytes = std::fs::read(recording).expect("the recording");
    let starts: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == [0xff, 0xd8, 0xff, 0xe0])
        .map(|(at, _)| at)
        .chain([bytes.len()])
        .collect();
    let (mut net, mut detector, mut follower) = (network(model), Detector::default(), Follower::default());
    for (k, span) in starts.windows(2).enumerate().step_by(3) {
        let image = idv_vision::frame::decode_image(&bytes[span[0]..span[1]]).expect("a JPEG");
        let (view, at_ms) = (canvas::view(&image), k as f64 / 3.0 * 100.0);
        let start = Instant::now();
        let sighting = match follower.expected(at_ms) {
            Some(expected) => net.look_near(view, &expected),
            None => net.look(view),
        }
        .expect("the network runs");
        let looked_ms = start.elapsed().as_secs_f64() * 1000.0;
        let found = detector.detect_with(view, Some(sighting));
        let confidence = found.map_or(0.0, |found| found.confidence);
        follower.update(at_ms, found.map(|found| found.quad), confidence, sighting);
        let record = json!({
            "frame": k, "followed": sighting.followed().is_some(), "confidence": confidence,
            "network": sighting.proposals().first().map(|first| first.confidence),
            "look_ms": looked_ms, "ms": start.elapsed().as_secs_f64() * 1000.0,
        });
        println!("{record}");
    }
}

/// Looks at every picture of `folder`.
fn find(folder: &Path, model: Option<&Path>, raw: Option<&Path>, candidates: bool) -> Vec<Value> {
    let mut net = model.map(network);
    let least_confidence = DocumentSessionParams::default().min_confidence;
    let mut detector = Detector::default();
    if let Some(raw) = raw {
        std::fs::create_dir_all(raw).expect("the folder can be made");
    }
    let verdict = |found: Option<(Quad, f32)>, expected: Option<&Quad>, ms: f64| {
        let confidence = found.map_or(0.0, |(_, confidence)| confidence);
        json!({
            "found": found.map(|(quad, _)| points(quad)),
            "confidence": confidence,
            "accepted": confidence >= least_confidence,
            "iou": found.zip(expected).map_or(0.0, |((quad, _), truth)| intersection_over_union(&quad, truth)),
            "ms": ms,
        })
    };
    photos::load(folder)
        .iter()
        .enumerate()
        .map(|(k, photo)| {
            let view = canvas::view(&photo.image);
            let expected = photo.quad.as_ref();
            if let Some(raw) = raw {
                std::fs::write(raw.join(format!("{k}.rgba")), &photo.image.data).expect("the pixels");
            }
            let ms = |start: Instant| start.elapsed().as_secs_f64() * 1000.0;
            let start = Instant::now();
            let classical = detector.detect(view).map(|d| (d.quad, d.confidence));
            let size = photo.image.size;
            let mut case = json!({
                "file": photo.file, "width": size.width, "height": size.height,
                "expected": photo.quad.map(points),
                "classical": verdict(classical, expected, ms(start)),
            });
            if let Some(net) = &mut net {
                let start = Instant::now();
                let sighting = net.look(view).expect("the network runs");
                let model_ms = ms(start);
                let best = sighting.proposals().first().map(|p| (p.quad, p.confidence));
                case["model"] = verdict(best, expected, model_ms);
                let start = Instant::now();
                let both = detector.detect_with(view, Some(sighting)).map(|d| (d.quad, d.confidence));
                case["fused"] = verdict(both, expected, model_ms + ms(start));
            }
            if candidates {
                let scale = detector.shrunk_by();
                case["candidates"] = detector
                    .candidates()
                    .iter()
                    .map(|candidate| {
                        let quad = Quad(
                            candidate.quad.0.map(|p| idv_protocol::Point::new(p.x * scale.0, p.y * scale.1)),
                        );
                        json!({
                            "edges": candidate.edges, "network": candidate.network, "score": candidate.score,
                            "evidence": candidate.evidence.to_vec(),
                            "iou": expected.map_or(0.0, |truth| intersection_over_union(&quad, truth)),
                        })
                    })
                    .collect();
            }
            case
        })
        .collect()
}
