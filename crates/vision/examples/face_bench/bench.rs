//! The program.

#[allow(dead_code)]
#[path = "../../tests/face_support/drawn.rs"]
mod drawn;

use idv_protocol::{Passive, Size};
use idv_vision::face::{
    Cover, Expression, Face, FaceDetector, FaceDetectorParams, FaceMesh, FaceQualityParams, FaceWatch, Mesh,
    Subject, fault_hint, head_pose, measure_face, nose_offset,
};
use idv_vision::frame::{RgbaImage, decode_image};
use idv_vision::inference::{TractModel, load};
use idv_vision::liveness::{CueMeter, PASSIVE_PAD, PassivePad, live_probability};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// Frames a second of a recording, and how many of them are looked at.
const RECORDED_RATE: f64 = 30.0;
const RECORDED_STEP: usize = 15;

/// Time between two frames of an animation in ms, where it says none.
const FRAME_MS: f64 = 100.0;

pub fn run() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let bench = |models: &str| Bench {
        detector: FaceDetector::new(model(models, "face_detector"), FaceDetectorParams::default())
            .expect("its shape fits"),
        mesh: FaceMesh::new(model(models, "face_mesh")).expect("its shape fits"),
        passive: has_model(models, PASSIVE_PAD)
            .then(|| PassivePad::new(model(models, PASSIVE_PAD)).expect("its shape fits")),
        cues: CueMeter::default(),
    };
    match words.as_slice() {
        ["find", folder, models] => println!("{}", Value::Array(bench(models).find(Path::new(folder)))),
        ["cover", folder, models] => bench(models).cover(Path::new(folder)),
        _ => panic!("usage: face_bench find FOLDER MODELS | cover FOLDER MODELS"),
    }
}

/// A model of a folder with `models.json`.
fn model(folder: &str, name: &str) -> Box<TractModel> {
    let folder = Path::new(folder);
    let list = std::fs::read(folder.join("models.json")).expect("models.json");
    let list: Vec<Value> = serde_json::from_slice(&list).expect("models.json is JSON");
    let entry = list.iter().find(|entry| entry["name"] == name).expect("the model is listed");
    let bytes =
        std::fs::read(folder.join(entry["file"].as_str().expect("a file"))).expect("the model is there");
    Box::new(load(&bytes, entry["sha256"].as_str().expect("a digest")).expect("a sound model"))
}

fn has_model(folder: &str, name: &str) -> bool {
    let list = std::fs::read(Path::new(folder).join("models.json")).expect("models.json");
    let list: Vec<Value> = serde_json::from_slice(&list).expect("models.json is JSON");
    list.iter().any(|entry| entry["name"] == name)
}

/// The records of `labels.json`, or one for each animation of a folder without.
fn labels(folder: &Path) -> Vec<Value> {
    if let Ok(bytes) = std::fs::read(folder.join("labels.json")) {
        return serde_json::from_slice(&bytes).expect("labels.json is an array");
    }
    let mut files: Vec<String> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|file| file.ends_with(".gif") || file.ends_with(".mjpeg"))
        .collect();
    files.sort();
    files.into_iter().map(|file| json!({ "file": file, "faces": 1 })).collect()
}

/// The frames of a file with their times in ms: one of a picture.
fn frames(path: &Path) -> Vec<(RgbaImage, f64)> {
    use image::AnimationDecoder;
    let bytes = std::fs::read(path).expect("the picture");
    if path.extension().is_some_and(|extension| extension == "mjpeg") {
        return jpegs(&bytes);
    }
    if !bytes.starts_with(b"GIF8") {
        return vec![(decode_image(&bytes).expect("a picture"), 0.0)];
    }
    let decoder = image::codecs::gif::GifDecoder::new(std::io::Cursor::new(bytes)).expect("a GIF");
    let mut at_ms = 0.0;
    decoder
        .into_frames()
        .map(|frame| {
            let frame = frame.expect("a frame");
            let (above, below) = frame.delay().numer_denom_ms();
            let shown_ms = f64::from(above) / f64::from(below.max(1));
            let now = at_ms;
            at_ms += if shown_ms > 0.0 { shown_ms } else { FRAME_MS };
            let buffer = frame.into_buffer();
            let size = Size { width: buffer.width(), height: buffer.height() };
            (RgbaImage { data: buffer.into_raw(), size }, now)
        })
        .collect()
}

/// Every [`RECORDED_STEP`]th frame of a recording, JPEG after JPEG.
fn jpegs(bytes: &[u8]) -> Vec<(RgbaImage, f64)> {
    let starts: Vec<usize> = bytes
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == [0xff, 0xd8, 0xff, 0xe0])
        .map(|(at, _)| at)
        .chain([bytes.len()])
        .collect();
    let frame = |(index, span): (usize, &[usize])| {
        (decode_image(&bytes[span[0]..span[1]]).expect("a JPEG"), index as f64 * 1000.0 / RECORDED_RATE)
    };
    starts.windows(2).enumerate().step_by(RECORDED_STEP).map(frame).collect()
}

struct Bench {
    detector: FaceDetector,
    mesh: FaceMesh,
    passive: Option<PassivePad>,
    cues: CueMeter,
}

impl Bench {
    /// A case for each picture, and for each frame of an animation.
    fn find(&mut self, folder: &Path) -> Vec<Value> {
        let mut cases = Vec::new();
        for label in labels(folder) {
            let file = label["file"].as_str().expect("a file");
            let frames = frames(&folder.join(file));
            let (moving, mut watch) = (frames.len() > 1, FaceWatch::default());
            for (index, (image, at_ms)) in frames.iter().enumerate() {
                let mut case = self.look(image, moving);
                case["file"] = json!(file);
                case["expected"] = label["faces"].clone();
                if let Some(sign) = label["yaw_sign"].as_i64() {
                    case["yaw_sign"] = json!(sign);
                }
                if moving {
                    case["frame"] = json!(index);
                    case["at_ms"] = json!(at_ms);
                    let view = image.view().expect("fits");
                    let start = Instant::now();
                    let watched = watch
                        .look(&mut self.detector, &mut self.mesh, view, *at_ms, true)
                        .expect("the networks run");
                    case["followed"] = json!({
                        "found": watched.faces.len(),
                        "yaw_deg": watched.mesh.as_ref().map(|mesh| head_pose(mesh).yaw_deg),
                        "ms": start.elapsed().as_secs_f64() * 1000.0,
                    });
                }
                cases.push(case);
            }
        }
        cases
    }

    fn look(&mut self, image: &RgbaImage, moving: bool) -> Value {
        let view = image.view().expect("fits");
        let start = Instant::now();
        let faces = if moving { self.detector.detect(view) } else { self.detector.detect_fine(view) };
        let faces = faces.expect("the network runs");
        let mesh = faces.first().map(|face| self.mesh.fit(view, face).expect("the network runs"));
        let ms = start.elapsed().as_secs_f64() * 1000.0;
        let mut case = json!({
            "width": image.size.width, "height": image.size.height, "found": faces.len(), "ms": ms,
            "faces": faces.iter().map(|face| {
                let rect = face.rect;
                json!({ "rect": [rect.x, rect.y, rect.width, rect.height], "score": face.score })
            }).collect::<Vec<_>>(),
        });
        if let (Some(face), Some(mesh)) = (faces.first(), &mesh) {
            let subject = Subject { faces: &faces, mesh: Some(mesh), ..Subject::default() };
            let quality = measure_face(view, &subject, &FaceQualityParams::default());
            let expression = Expression::seen(view, mesh);
            case["pose"] = json!(head_pose(mesh));
            case["nose_offset"] = json!(nose_offset(mesh));
            case["detector_nose_offset"] = json!(offset_of(face));
            case["mesh_score"] = json!(mesh.score);
            case["expression"] = json!({
                "eyes": expression.eye_openness, "mouth_open": expression.mouth_open, "smile": expression.smile,
            });
            let passive =
                self.passive.as_mut().map(|passive| passive.score(view, face).expect("the network runs"));
            let cues = self.cues.measure(view, face);
            let scored = passive.map(|median| Passive::Scored { scores: vec![median], median });
            case["passive"] = json!(passive);
            case["live"] = json!(scored.and_then(|scored| live_probability(&scored, &cues)));
            case["cues"] = json!(cues);
            case["hint"] = json!(fault_hint(view, &faces, &quality));
            case["checks"] = json!(quality.checks);
        }
        case
    }

    /// A line for each face of the pictures, bare and with each mask and each pair of sunglasses.
    fn cover(&mut self, folder: &Path) {
        for label in
            labels(folder).iter().filter(|label| label["faces"].as_u64().is_none_or(|faces| faces < 3))
        {
            let file = label["file"].as_str().expect("a file");
            let (image, _) = frames(&folder.join(file)).swap_remove(0);
            let Some((mesh, score)) = self.largest(&image) else { continue };
            let bare = Cover::of(image.view().expect("fits"), &mesh);
            println!(
                "{file:<24} bare              eyes {:5.2} mouth {:5.2} ({score:.2})",
                bare.eyes, bare.mouth
            );
            let masks =
                drawn::MASKS.iter().map(|(name, rgb)| ("mask", *name, drawn::masked(&image, &mesh, *rgb)));
            let lenses = drawn::LENSES
                .iter()
                .map(|(name, rgb, t)| ("lens", *name, drawn::shaded(&image, &mesh, *rgb, *t)));
            for shrink in [1, 3] {
                let image = shrunk(&image, shrink);
                let Some((mesh, _)) = self.largest(&image) else { continue };
                let width = mesh.eyes()[0].distance(mesh.eyes()[1]);
                for open in [1.0, 0.75, 0.5, 0.25, 0.05] {
                    let closed = drawn::eyes_closed_to(&image, &mesh, open);
                    let Some((mesh, _)) = self.largest(&closed) else { continue };
                    let ear = Expression::of(&mesh).eye_openness;
                    let seen = Expression::seen(closed.view().expect("fits"), &mesh).eye_openness;
                    println!(
                        "{file:<24} eyes {width:3.0} px apart, open {open:.2}: aspect {:.3} {:.3} seen {:.3} {:.3}",
                        ear[0], ear[1], seen[0], seen[1]
                    );
                }
            }
            for (what, name, covered) in masks.chain(lenses) {
                match self.largest(&covered) {
                    Some((mesh, score)) => {
                        let cover = Cover::of(covered.view().expect("fits"), &mesh);
                        println!(
                            "{file:<24} {what} {name:<12} eyes {:5.2} mouth {:5.2} ({score:.2})",
                            cover.eyes, cover.mouth
                        );
                    }
                    None => println!("{file:<24} {what} {name:<12} no face"),
                }
            }
        }
    }

    fn largest(&mut self, image: &RgbaImage) -> Option<(Mesh, f32)> {
        let view = image.view().expect("fits");
        let face: Face = *self.detector.detect(view).expect("the network runs").first()?;
        let mesh = self.mesh.fit(view, &face).expect("the network runs");
        Some((mesh, face.score))
    }
}

/// The offset of the nose by the detector's own five points: another network's word on the sign of a turn.
fn offset_of(face: &Face) -> f32 {
    let [right, left, nose, ..] = face.keypoints;
    let (dx, dy) = (left.x - right.x, left.y - right.y);
    let middle = ((left.x + right.x) / 2.0, (left.y + right.y) / 2.0);
    ((nose.x - middle.0) * dx + (nose.y - middle.1) * dy) / (dx * dx + dy * dy).max(f32::EPSILON)
}

fn shrunk(image: &RgbaImage, by: u32) -> RgbaImage {
    let size = Size { width: image.size.width / by, height: image.size.height / by };
    let data = (0..size.width * size.height)
        .flat_map(|i| {
            let (x, y) = (i % size.width, i / size.width);
            let mut sum = [0u32; 3];
            for dy in 0..by {
                for dx in 0..by {
                    let at = (((y * by + dy) * image.size.width + x * by + dx) * 4) as usize;
                    sum.iter_mut().zip(&image.data[at..]).for_each(|(sum, value)| *sum += u32::from(*value));
                }
            }
            let n = by * by;
            [(sum[0] / n) as u8, (sum[1] / n) as u8, (sum[2] / n) as u8, 255]
        })
        .collect();
    RgbaImage { data, size }
}
