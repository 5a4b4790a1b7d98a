//! Pages, photographs and sets of specimen documents.
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

mod support;

use idv_protocol::reading::{CalendarDate, MrzField, MrzFieldStatus, MrzStatus};
use idv_protocol::{PxRect, Size};
use idv_specimen::Assets;
use idv_specimen::camera::Homography;
use idv_specimen::document::field::Datum;
use idv_specimen::document::holder::Holder;
use idv_specimen::document::labels::Label;
use idv_specimen::document::layout::Layout;
use idv_specimen::document::mrz::{Format, check_digit, transliterate};
use idv_specimen::document::{Kind, Order, Page, Photo, page};
use idv_specimen::recording::photograph;
use idv_specimen::set::{self, People, SetOrder};
use idv_vision::reading::mrz::parse_text;
use image::RgbImage;
use support::{assets, need};

/// Small pages are enough for what is tested here.
const PX_PER_MM: f32 = 4.0;

fn made(assets: &Assets, what: Kind, seed: u64) -> Page {
    let grey = RgbImage::from_fn(90, 120, |x, y| image::Rgb([(x * 2) as u8, (y * 2) as u8, 128]));
    let face = PxRect { x: 25.0, y: 30.0, width: 40.0, height: 55.0 };
    need(page(assets, &Order { what, seed, px_per_mm: PX_PER_MM }, Photo { image: &grey, face }))
}

#[test]
fn a_page_is_the_same_for_the_same_seed_and_another_for_the_next() {
    let assets = assets();
    for kind in Kind::ALL {
        let first = made(&assets, kind, 5).picture.to_image();
        assert!(first == made(&assets, kind, 5).picture.to_image(), "{kind:?}");
        assert!(first != made(&assets, kind, 6).picture.to_image(), "{kind:?}");
    }
}

#[test]
fn a_page_has_the_size_of_its_kind_and_everything_stands_on_it() {
    let assets = assets();
    for kind in Kind::ALL {
        for seed in 0..8 {
            let page = made(&assets, kind, seed);
            let (width, height) = page.layout.size_mm;
            assert_eq!(page.picture.width, (width * PX_PER_MM).round() as usize);
            let label = Label::flat("page.png".into(), &page);
            for (name, corners) in &label.quads {
                for [x, y] in corners {
                    let inside =
                        (0.0..=label.width as f32).contains(x) && (0.0..=label.height as f32).contains(y);
                    assert!(inside, "{name} of {kind:?} reaches {x}, {y}");
                }
            }
            for field in &page.layout.fields {
                assert!(field.x + field.room <= width && field.y < height, "{:?} of {kind:?}", field.datum);
            }
        }
    }
}

/// The value that is printed, without what a zone cannot have.
fn shown(layout: &Layout, datum: Datum) -> Option<String> {
    let field = layout.fields.iter().find(|field| field.datum == datum)?;
    Some(transliterate(&field.value))
}

#[test]
fn what_is_printed_agrees_with_the_zone() {
    let assets = assets();
    for kind in Kind::ALL {
        let Some(format) = kind.format() else { continue };
        for seed in 0..12 {
            let page = made(&assets, kind, seed);
            let holder = Holder::varied(seed, kind);
            assert_eq!(page.mrz, format.lines(&holder));
            let (numbers, dates, names) = match format {
                Format::Td1 => (&page.mrz[0][5..], &page.mrz[1], &page.mrz[2][..]),
                _ => (&page.mrz[1][..], &page.mrz[1], &page.mrz[0][5..]),
            };
            if let Some(number) = shown(&page.layout, Datum::DocumentNumber) {
                let kept: String = number.chars().take(9).collect();
                assert!(numbers.starts_with(&kept), "{kind:?} {seed}: {number} in {numbers}");
            }
            if let Some(surname) = shown(&page.layout, Datum::Surname) {
                let printed: String = names.split("<<").next().unwrap_or_default().to_owned();
                assert!(surname.starts_with(&printed) && !printed.is_empty(), "{surname} in {names}");
            }
            assert!(dates.contains(&format!("{}{}", holder.birth.mrz(), check_digit(&holder.birth.mrz()))));
            assert!(dates.contains(&format!("{}{}", holder.expiry.mrz(), check_digit(&holder.expiry.mrz()))));
        }
    }
}

#[test]
fn the_engines_own_parser_reads_every_zone() {
    let today = CalendarDate::new(2026, 1, 31);
    for kind in Kind::ALL {
        let Some(format) = kind.format() else { continue };
        for seed in 0..400 {
            let holder = Holder::varied(seed, kind);
            let text = format.lines(&holder).join("\n");
            let zone = parse_text(&text, today).unwrap_or_else(|error| panic!("{kind:?} {seed}: {error}"));
            let agrees = |field: &MrzField, want: &str| {
                assert_ne!(field.status, MrzFieldStatus::Malformed, "{kind:?} {seed}\n{text}");
                assert_eq!(field.value, want, "{kind:?} {seed}\n{text}");
            };
            assert_eq!(zone.status, MrzStatus::Valid, "{kind:?} {seed}: {zone:?}\n{text}");
            agrees(&zone.document_code, holder.code);
            agrees(&zone.document_number, &holder.document_number);
            agrees(&zone.issuing_state, holder.issuer);
            agrees(&zone.sex, holder.sex.letter());
            let spaced = |name: &str| transliterate(name).replace('<', " ");
            let (surname, given) = (spaced(&holder.surname), spaced(&holder.given_names));
            if !zone.names_may_be_truncated {
                agrees(&zone.primary_identifier, &surname);
                agrees(&zone.secondary_identifier, &given);
            }
            if holder.birth.day > 0 {
                agrees(&zone.birth_date, &holder.birth.iso());
            }
            if let (Some(nationality), Some(expiry)) = (&zone.nationality, &zone.expiry_date) {
                agrees(nationality, holder.nationality);
                agrees(expiry, &holder.expiry.iso());
            }
        }
    }
}

#[test]
fn the_letters_of_the_zone_stand_where_the_label_says() {
    let assets = assets();
    for kind in Kind::ALL {
        let page = made(&assets, kind, 9);
        let Some(place) = page.layout.template.mrz.map(|place| place.letters()) else { continue };
        let luma = |x_mm: f32, y_mm: f32| {
            let [r, g, b, _] = page.picture.sample(x_mm * PX_PER_MM, y_mm * PX_PER_MM);
            0.30 * r + 0.59 * g + 0.11 * b
        };
        let darkest = |x0: f32, y0: f32, x1: f32, y1: f32| {
            let steps =
                |from: f32, to: f32| (0..).map(move |i| from + 0.2 * i as f32).take_while(move |v| *v < to);
            steps(y0, y1)
                .flat_map(|y| steps(x0, x1).map(move |x| (x, y)))
                .map(|(x, y)| luma(x, y))
                .fold(1.0, f32::min)
        };
        let (right, bottom) = (place.x + place.width, place.y + place.height);
        assert!(darkest(place.x, place.y, right, bottom) < 0.35, "{kind:?}: letters inside");
        for (name, clear) in [
            ("above", darkest(place.x, place.y - 1.6, right, place.y - 0.5)),
            ("below", darkest(place.x, bottom + 0.5, right, bottom + 1.6)),
            ("left", darkest(place.x - 1.6, place.y, place.x - 0.2, bottom)),
        ] {
            assert!(clear > 0.6, "{kind:?}: ink {name} of the zone, {clear}");
        }
    }
}

#[test]
fn a_photograph_shows_the_page_where_its_label_says() {
    let assets = assets();
    let size = Size { width: 640, height: 480 };
    let mut alike = 0;
    for seed in 0..8 {
        let page = made(&assets, Kind::ALL[seed as usize], seed);
        let taken = need(photograph(&assets, seed, size, Some(&page)));
        let quad = taken.quad.expect("a document");
        let (width, height) = page.layout.size_mm;
        let to_frame = Homography::from_rect([0.0, 0.0, width, height], &quad);
        let mut pairs = Vec::new();
        for row in 2..(height as usize - 2) * 2 {
            for column in 2..(width as usize - 2) * 2 {
                let (u, v) = (column as f32 / 2.0, row as f32 / 2.0);
                let [x, y] = to_frame.map(u, v);
                let seen = taken.image.get_pixel(x as u32, y as u32)[1];
                pairs.push((f32::from(seen), page.picture.sample(u * PX_PER_MM, v * PX_PER_MM)[1]));
            }
        }
        alike += usize::from(correlation(&pairs) > 0.5);
    }
    // A hand, a reflection or blur may spoil one.
    assert!(alike >= 6, "{alike} of 8 photographs show their page");
}

fn correlation(pairs: &[(f32, f32)]) -> f32 {
    let count = pairs.len() as f32;
    let mean = pairs.iter().fold((0.0, 0.0), |m, p| (m.0 + p.0 / count, m.1 + p.1 / count));
    let sum = pairs.iter().fold((0.0, 0.0, 0.0), |s, p| {
        let (a, b) = (p.0 - mean.0, p.1 - mean.1);
        (s.0 + a * b, s.1 + a * a, s.2 + b * b)
    });
    sum.0 / (sum.1 * sum.2).sqrt()
}

#[test]
fn a_set_has_the_labels_that_the_benchmarks_read() {
    let assets = assets();
    let people = need(People::open(&assets));
    let folder = std::env::temp_dir().join(format!("idv-specimen-set-{}", std::process::id()));
    let order = SetOrder {
        kinds: vec![Kind::Td3, Kind::Td1Back],
        first_seed: 40,
        px_per_mm: 3.0,
        photographed: None,
        empty_each: 0,
        ending: "png".into(),
    };
    need(set::write(&assets, &people, &order, 3, &folder, 2, |_| {}));
    let text = need(std::fs::read(folder.join("labels.json")));
    let labels: serde_json::Value = need(serde_json::from_slice(&text));
    let labels = labels.as_array().expect("a list").clone();
    let formats: Vec<&str> = labels.iter().filter_map(|label| label["format"].as_str()).collect();
    assert_eq!(formats, ["TD3/MRV-A", "TD1", "TD3/MRV-A"]);
    for label in &labels {
        let picture = need(image::open(folder.join(label["file"].as_str().expect("a file"))));
        assert_eq!(label["width"].as_u64(), Some(picture.width().into()));
        assert_eq!(label["height"].as_u64(), Some(picture.height().into()));
        assert!(label["lines"].as_array().is_some_and(|lines| lines.len() >= 2));
        assert_eq!(label["quad"].as_array().map(Vec::len), Some(4));
    }
    need(std::fs::remove_dir_all(&folder));
}
