//! What the tests of recordings share. Each test file uses a part of it.
#![allow(dead_code)]

use idv_protocol::Size;
use idv_specimen::Assets;
use idv_specimen::document::{self, Kind, Order, PX_PER_MM, Page, Photo, passport};
use idv_specimen::person::Subject;
use idv_vision::Engine;
use idv_vision::capture::find_portrait;
use idv_vision::face::{Face, FaceDetector, FaceDetectorParams, FaceMesh, Mesh};
use idv_vision::frame::RgbaView;
use idv_vision::inference::load;
use image::RgbImage;

/// A result, or the end of the test with the error's own message, which says what is missing and how to get it.
pub fn need<T, E: std::fmt::Display>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// Fonts and pictures that set-up fetches.
pub fn assets() -> Assets {
    need(Assets::open())
}

/// The demo's person.
pub fn subject(assets: &Assets) -> Subject {
    need(Subject::find(need(assets.portrait()), assets.models_dir()))
}

/// The passport of `seed`, made out to the demo's person.
pub fn page(assets: &Assets, seed: u64) -> Page {
    let subject = subject(assets);
    passport(assets, seed, &subject.photo, subject.face)
}

/// A side of the card of `seed`, made out to the demo's person.
pub fn card_side(assets: &Assets, what: Kind, seed: u64) -> Page {
    let subject = subject(assets);
    let order = Order { what, seed, px_per_mm: PX_PER_MM };
    need(document::page(assets, &order, Photo { image: &subject.photo, face: subject.face }))
}

/// A frame as the engine takes it.
pub struct Pixels {
    rgba: Vec<u8>,
    size: Size,
}

impl Pixels {
    /// The pixels of `image`.
    pub fn of(image: &RgbImage) -> Self {
        let rgba = image.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        Self { rgba, size: Size { width: image.width(), height: image.height() } }
    }

    /// The frame.
    pub fn view(&self) -> RgbaView<'_> {
        need(RgbaView::new(&self.rgba, self.size))
    }
}

/// The bytes and digest of the model `name`.
fn model(assets: &Assets, name: &str) -> (Vec<u8>, String) {
    let list = std::fs::read(assets.models_dir().join("models.json")).unwrap_or_else(|error| {
        panic!("no models.json in {}: {error}. Run `cargo xtask models`", assets.models_dir().display())
    });
    let list: serde_json::Value = need(serde_json::from_slice(&list));
    let entry = list.as_array().into_iter().flatten().find(|entry| entry["name"] == name);
    let entry = entry.unwrap_or_else(|| panic!("{name} is not in models.json"));
    let text = |key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    (need(std::fs::read(assets.models_dir().join(text("file")))), text("sha256"))
}

/// The engine with what the face step needs.
pub fn engine(assets: &Assets) -> Engine {
    engine_with(assets, &["face_detector", "face_mesh", "passive_pad"])
}

/// The engine with these models.
pub fn engine_with(assets: &Assets, names: &[&str]) -> Engine {
    let mut engine = Engine::new();
    for name in names {
        let (bytes, sha256) = model(assets, name);
        need(engine.load_model(name, &bytes, &sha256));
    }
    engine
}

/// Finds faces and their points, with the engine's models.
pub struct FaceReader {
    detector: FaceDetector,
    mesh: FaceMesh,
}

impl FaceReader {
    /// A reader on the models of `assets`.
    pub fn new(assets: &Assets) -> Self {
        let open = |name: &str| {
            let (bytes, sha256) = model(assets, name);
            Box::new(need(load(&bytes, &sha256)))
        };
        Self {
            detector: need(FaceDetector::new(open("face_detector"), FaceDetectorParams::default())),
            mesh: need(FaceMesh::new(open("face_mesh"))),
        }
    }

    /// Finds the portrait on a document.
    pub fn portrait(&mut self, views: &[idv_vision::frame::RgbaImage; 2]) -> Option<(Face, usize)> {
        need(find_portrait(&mut self.detector, views))
    }

    /// The one face of `image`.
    pub fn read(&mut self, image: &RgbImage) -> Mesh {
        let pixels = Pixels::of(image);
        let faces = need(self.detector.detect(pixels.view()));
        assert_eq!(faces.len(), 1, "one face in the frame");
        need(self.mesh.fit(pixels.view(), &faces[0]))
    }
}
