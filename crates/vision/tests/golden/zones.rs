//! Whole readings that `zones.json` holds: of specimens drawn by their seed with every field, of real ones with their
//! statuses alone, since what they say is no part of this repository.
//!
//! In: a reader. Out: a test that passes or fails. Rule: what a specimen says is known from its drawing and from its
//! label; the file adds how far each field is to be trusted. `IDV_WRITE_GOLDEN=1` writes the file anew, to be looked
//! at before it is kept.

use idv_protocol::reading::{CalendarDate, MrzReading};
use idv_specimen::Assets;
use idv_specimen::document::holder::Holder;
use idv_specimen::document::mrz::Format;
use idv_specimen::document::{self, Kind, Order, Photo};
use idv_vision::frame::RgbaImage;
use idv_vision::reading::mrz::parse_text;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Letters of the zone 20 px apart, as the capture step makes them.
const PX_PER_MM: f32 = 20.0 / 2.54;

/// What the file states as its tolerance: characters and statuses of a reading that may differ. Of a real specimen a
/// status may: sums of floating point differ between machines, and a share near its threshold with them.
fn tolerances() -> Value {
    json!({ "specimens": { "characters": 0, "statuses": 0 }, "real": { "characters": 0, "statuses": 1 } })
}

/// A document drawn by its seed.
pub struct Specimen {
    pub name: &'static str,
    kind: Kind,
    seed: u64,
    /// The format of its lines, where it is not that of the kind.
    format: Option<Format>,
}

const fn specimen(name: &'static str, kind: Kind, seed: u64) -> Specimen {
    Specimen { name, kind, seed, format: None }
}

/// One of every format, and a card whose number runs on.
const SPECIMENS: [Specimen; 7] = [
    specimen("td1", Kind::Td1Back, 20000),
    specimen("td2", Kind::Td2, 2),
    specimen("td3", Kind::Td3, 3),
    specimen("mrv_a", Kind::MrvA, 4),
    specimen("mrv_b", Kind::MrvB, 5),
    Specimen { format: Some(Format::FraId), ..specimen("fra_id", Kind::Td2, 16) },
    specimen("td1_long_number", Kind::Td1Back, 20030),
];

impl Specimen {
    /// A card, a larger card and a passport.
    pub fn of_every_size() -> impl Iterator<Item = &'static Self> {
        SPECIMENS.iter().take(3)
    }

    /// Its flat picture and the lines of its zone.
    pub fn drawn(&self) -> (RgbaImage, Vec<String>) {
        let assets = Assets::open().expect("set IDV_ASSETS or run cargo xtask models");
        let portrait = image::RgbImage::from_pixel(120, 150, image::Rgb([150, 130, 120]));
        let face = idv_protocol::PxRect { x: 40.0, y: 45.0, width: 40.0, height: 55.0 };
        let photo = Photo { image: &portrait, face };
        let order = Order { what: self.kind, seed: self.seed, px_per_mm: PX_PER_MM };
        let page = match self.format {
            Some(format) => {
                let lines = format.lines(&Holder::varied(self.seed, self.kind));
                document::page_with_zone(&assets, &order, lines, photo)
            }
            None => document::page(&assets, &order, photo),
        };
        let page = page.expect("a page");
        let picture = image::DynamicImage::from(page.picture.to_image()).to_rgba8();
        let size = idv_protocol::Size { width: picture.width(), height: picture.height() };
        (RgbaImage { data: picture.into_raw(), size }, page.mrz)
    }
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/zones.json")
}

/// The part of the file with this name; `made` is written there first where that is asked for.
fn held(part: &str, made: &Value) -> Value {
    let text = std::fs::read_to_string(path()).unwrap_or_else(|_| "{}".to_owned());
    let mut file: Value = serde_json::from_str(&text).expect("JSON");
    if std::env::var_os("IDV_WRITE_GOLDEN").is_some() {
        file[part] = made.clone();
        file["tolerance"] = tolerances();
        let text = serde_json::to_string_pretty(&file).expect("JSON") + "\n";
        std::fs::write(path(), text).expect("written");
    }
    assert_eq!(file["tolerance"], tolerances(), "the tolerance that the file states");
    file[part].clone()
}

/// Reads every specimen and holds each field of the readings, its status included, against the file: no character and
/// no status may differ.
pub fn hold_specimens(mut read: impl FnMut(&RgbaImage) -> Option<MrzReading>) {
    let mut made = BTreeMap::new();
    for specimen in &SPECIMENS {
        let (picture, lines) = specimen.drawn();
        let reading = read(&picture).unwrap_or_else(|| panic!("{} has a zone", specimen.name));
        assert_eq!(reading.lines, lines, "{}", specimen.name);
        made.insert(
            specimen.name,
            json!({ "seed": specimen.seed, "kind": specimen.kind.name(), "reading": reading }),
        );
    }
    let made = json!(made);
    let held = held("specimens", &made);
    for specimen in &SPECIMENS {
        assert_eq!(made[specimen.name], held[specimen.name], "{}", specimen.name);
    }
}

/// Reads the labelled pictures that the file knows and holds their characters against the labels, and the statuses
/// of their fields against the file.
pub fn hold_real(
    labelled: &[(Value, RgbaImage)],
    today: CalendarDate,
    mut read: impl FnMut(&RgbaImage) -> Option<MrzReading>,
) {
    let mut made = BTreeMap::new();
    for (label, picture) in labelled {
        let file = label["file"].as_str().expect("a file");
        let lines: Vec<&str> =
            label["lines"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let reading = read(picture);
        let is_exact = reading.as_ref().is_some_and(|reading| reading.lines == lines);
        if let (true, Some(reading)) = (is_exact, &reading) {
            let truth = parse_text(&lines.join("\n"), today).expect("a zone");
            for ((name, field), (_, true_field)) in reading.fields().zip(truth.fields()) {
                assert_eq!(field.value, true_field.value, "{file} {name}");
            }
        }
        let statuses: Vec<Value> = reading
            .iter()
            .flat_map(|reading| reading.fields().map(|(name, field)| json!([name, field.status])))
            .collect();
        let status = reading.as_ref().map(|reading| reading.status);
        made.insert(file.to_owned(), json!({ "exact": is_exact, "status": status, "fields": statuses }));
    }
    let made = json!(made);
    let held = held("real", &made);
    for (file, made) in made.as_object().into_iter().flatten() {
        let known = &held[file];
        if known.is_null() {
            println!("{file} is in no golden file");
            continue;
        }
        assert_eq!(made["exact"], known["exact"], "{file}");
        let pairs = made["fields"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(known["fields"].as_array().into_iter().flatten());
        let off = pairs.filter(|(made, known)| made != known).count();
        let most = tolerances()["real"]["statuses"].as_u64().unwrap_or_default();
        assert!(off as u64 <= most, "{file}: {off} statuses differ: {made} {known}");
    }
}
