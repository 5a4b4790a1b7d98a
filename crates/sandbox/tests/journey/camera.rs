//! A camera before which specimens are held.

use idv_protocol::{Action, Challenge, Size};
use idv_specimen::Error;
use idv_specimen::assets::{Assets, photo};
use idv_specimen::document::{Kind, Order, PX_PER_MM, Photo, page, passport};
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, AttackKind, Recording, Settings};
use idv_web::camera::Facing;
use std::path::PathBuf;

/// Length of the recordings in ms; they repeat.
const LENGTH_MS: f64 = 10_000.0;

/// The same where a card is turned over, in ms.
const CARD_LENGTH_MS: f64 = 16_000.0;

/// A moment of a recording when the document is sharp and still, in ms.
const SHARP_MS: f64 = 3_000.0;

/// What is held before the camera.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scene {
    /// A passport, then its holder.
    Holder,
    /// An identity card, front and back, then its holder.
    Card,
    /// A licence with a barcode on its back, then its holder.
    Licence,
    /// An empty desk.
    Desk,
    /// A passport, then a printed photo of its holder.
    Print,
    /// A passport, then an attack by somebody else on its holder's behalf.
    Attack(AttackKind),
    /// A passport, then somebody else.
    Stranger,
    /// The camera is denied.
    Denied,
}

/// The camera.
pub struct Camera {
    scene: Scene,
    seed: u64,
    assets: Assets,
    actions: Vec<Action>,
    playing: Option<Recording>,
}

impl Camera {
    /// A camera before `scene`.
    pub fn before(scene: Scene, seed: u64) -> Self {
        let assets = Assets::open().expect("the fonts and pictures; run `cargo xtask models`");
        Self { scene, seed, assets, actions: Vec::new(), playing: None }
    }

    /// Hears of the session's challenge, so that the person can answer it.
    pub fn learn(&mut self, challenge: Option<&Challenge>) {
        if let Some(challenge) = challenge {
            self.actions.clone_from(&challenge.actions);
        }
    }

    /// Opens. Fails with the name of the browser's error.
    pub fn open(&mut self, facing: Facing) -> Result<Size, &'static str> {
        let settings = Settings::new(self.seed);
        let recording = match (facing, self.scene) {
            (_, Scene::Denied) => return Err("NotAllowedError"),
            (Facing::Environment, Scene::Desk) => recording::no_document(&self.assets, &settings, LENGTH_MS),
            (Facing::Environment, Scene::Card) => self.card(&settings, Kind::Td1Front, Kind::Td1Back),
            (Facing::Environment, Scene::Licence) => self.card(&settings, Kind::Residence, Kind::LicenceBack),
            (Facing::Environment, _) => {
                let holder = self.subject("astronaut.png");
                let page = passport(&self.assets, self.seed, &holder.photo, holder.face);
                recording::document(&self.assets, &settings, &page, LENGTH_MS)
            }
            (Facing::User, Scene::Print) => {
                recording::print(&settings, &self.subject("astronaut.png"), LENGTH_MS)
            }
            (Facing::User, Scene::Attack(kind)) => {
                let (holder, attacker) = (self.subject("astronaut.png"), self.subject("obama.jpg"));
                recording::attack(&settings, kind, &holder, &attacker, &[&self.actions])
            }
            (Facing::User, scene) => {
                let name = if scene == Scene::Stranger { "obama.jpg" } else { "astronaut.png" };
                recording::face(&settings, &self.subject(name), &[&self.actions])
            }
        };
        let recording = recording.expect("a recording");
        let size = recording.size();
        self.playing = Some(recording);
        Ok(size)
    }

    /// The frame at `at_ms` since the camera was opened, as RGBA bytes.
    pub fn frame(&mut self, at_ms: f64) -> (Vec<u8>, Size) {
        let recording = self.playing.as_ref().expect("an open camera");
        let image = image::DynamicImage::ImageRgb8(recording.frame_at(at_ms)).into_rgba8();
        (image.into_raw(), recording.size())
    }

    /// A photo of the passport, as a JPEG file.
    pub fn photo_of_the_passport(&self) -> Vec<u8> {
        let holder = self.subject("astronaut.png");
        let page = passport(&self.assets, self.seed, &holder.photo, holder.face);
        let recording = recording::document(&self.assets, &Settings::new(self.seed), &page, LENGTH_MS);
        let frame = recording.expect("a recording").frame_at(SHARP_MS);
        let mut file = Vec::new();
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut file, 92);
        frame.write_with_encoder(encoder).expect("a JPEG");
        file
    }

    fn card(&self, settings: &Settings, front: Kind, back: Kind) -> Result<Recording, Error> {
        let holder = self.subject("astronaut.png");
        let side = |what| {
            let order = Order { what, seed: self.seed, px_per_mm: PX_PER_MM };
            page(&self.assets, &order, Photo { image: &holder.photo, face: holder.face })
        };
        recording::card(&self.assets, settings, &side(front)?, &side(back)?, CARD_LENGTH_MS)
    }

    fn subject(&self, name: &str) -> Subject {
        let picture = photo(&assets_dir().join(name)).expect("a picture of the assets");
        Subject::find(picture, self.assets.models_dir()).expect("a face in the picture")
    }
}

/// The folder of pictures and fonts: `IDV_ASSETS`, or where set-up puts them.
fn assets_dir() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/assets");
    std::env::var_os("IDV_ASSETS").map_or_else(|| default.into(), PathBuf::from)
}
