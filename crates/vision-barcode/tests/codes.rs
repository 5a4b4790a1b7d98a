//! Codes of other libraries, of this project's specimens and of nobody are read, or not, as they should be.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use idv_protocol::barcode::{BarcodeFormat, BarcodeReading};
use idv_protocol::{DocumentKind, Point, Size};
use idv_specimen::Assets;
use idv_specimen::document::holder::Holder;
use idv_specimen::document::mrz::transliterate;
use idv_specimen::document::{Kind, Order, Page, Photo, page};
use idv_specimen::recording::photograph;
use idv_vision::document::rectify;
use idv_vision::frame::RgbaView;
use idv_vision_barcode::{Formats, LumaView, aamva, read};
use image::{GrayImage, imageops};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Photographs of licences that are tried, and how many of them are to be read: a thumb covers a part of some
/// codes, others are out of focus.
const PHOTOGRAPHS: u64 = 8;
/// See [`PHOTOGRAPHS`].
const READ_AT_LEAST: usize = 6;

fn code(file: &str) -> GrayImage {
    let path = format!("{}/tests/data/{file}", env!("CARGO_MANIFEST_DIR"));
    image::open(&path).unwrap_or_else(|error| panic!("{path}: {error}")).into_luma8()
}

fn found(image: &GrayImage) -> Option<BarcodeReading> {
    let size = Size { width: image.width(), height: image.height() };
    let view = LumaView::new(image.as_raw(), size).expect("a picture");
    read(view, Formats::default()).expect("the reader works")
}

fn text(file: &str) -> String {
    found(&code(file)).unwrap_or_else(|| panic!("no code in {file}")).text
}

#[test]
fn reads_licences_of_other_libraries() {
    let us = found(&code("pdf417gen_us_v10.png")).expect("a code");
    assert_eq!(us.format, BarcodeFormat::Pdf417);
    let licence = us.licence.expect("a licence");
    let fields: Vec<(&str, &str)> = licence.fields().collect();
    assert_eq!(
        fields,
        [
            ("document_number", "K48291735"),
            ("surname", "MARCHBANKS"),
            ("given_names", "EDITH ADA"),
            ("birth_date", "1974-08-12"),
            ("issue_date", "2022-08-24"),
            ("expiry_date", "2030-08-23"),
            ("sex", "F"),
            ("eyes", "BRO"),
            ("street", "12 CLOUD STREET"),
            ("town", "ZENITH"),
            ("region", "UT"),
            ("postal_code", "12345"),
            ("country", "USA"),
            ("vehicle_class", "C"),
        ]
    );
    assert_eq!(text("bwip_us_v10.png"), us.text);

    let canada = found(&code("pdf417gen_ca_v8.png")).and_then(|code| code.licence).expect("a licence");
    assert_eq!(canada.birth_date.as_deref(), Some("1991-11-30"));
    assert_eq!((canada.given_names.as_deref(), canada.height_cm), (Some("FELIX"), Some(181)));

    let first = found(&code("pdf417gen_v1.png")).and_then(|code| code.licence).expect("a licence");
    assert_eq!((first.version, first.surname.as_deref()), (1, Some("QUILLAN")));
    assert_eq!(first.given_names.as_deref(), Some("NORA IRIS"));
    assert_eq!(first.birth_date.as_deref(), Some("1968-02-29"));
}

#[test]
fn reads_texts_that_are_no_licence() {
    let plain = found(&code("pdf417gen_plain.png")).expect("a code");
    assert_eq!(plain.text, "An invented text without any header: 0123456789.");
    assert_eq!(plain.licence, None);
    for file in ["qrcode_specimen.png", "bwip_qr.png"] {
        let square = found(&code(file)).expect("a code");
        assert_eq!(square.format, BarcodeFormat::QrCode);
        assert_eq!(square.text, "SPECIMEN:UTOPIA:K48291735");
    }
}

#[test]
fn reads_a_code_in_any_quarter_turn_and_says_where_it_stands() {
    let upright = code("pdf417gen_us_v10.png");
    let (width, height) = (upright.width() as f32, upright.height() as f32);
    let want = found(&upright).expect("a code");
    let first = want.quad.expect("corners").0[0];
    assert!(first.x < 0.2 * width && first.y < 0.3 * height, "{first:?}");
    let turned = [
        (imageops::rotate90(&upright), [height - first.y, first.x]),
        (imageops::rotate180(&upright), [width - first.x, height - first.y]),
        (imageops::rotate270(&upright), [first.y, width - first.x]),
    ];
    for (image, [x, y]) in turned {
        let got = found(&image).expect("a code");
        assert_eq!(got.text, want.text);
        let corner = got.quad.expect("corners").0[0];
        assert!((corner.x - x).hypot(corner.y - y) < 8.0, "{corner:?} for {x}, {y}");
    }
}

#[test]
fn a_code_is_looked_for_only_where_it_was_asked_for() {
    let image = code("pdf417gen_us_v10.png");
    let size = Size { width: image.width(), height: image.height() };
    let view = LumaView::new(image.as_raw(), size).expect("a picture");
    assert_eq!(read(view, Formats { pdf417: false, qr_code: true }), Ok(None));
}

/// The back of a licence; no portrait is needed to read a barcode.
fn licence(assets: &Assets, seed: u64, px_per_mm: f32) -> Page {
    let grey = image::RgbImage::from_pixel(90, 120, image::Rgb([128; 3]));
    let face = idv_protocol::PxRect { x: 25.0, y: 30.0, width: 40.0, height: 55.0 };
    let order = Order { what: Kind::LicenceBack, seed, px_per_mm };
    page(assets, &order, Photo { image: &grey, face }).unwrap_or_else(|error| panic!("{error}"))
}

fn luma(page: &Page) -> GrayImage {
    image::DynamicImage::from(page.picture.to_image()).into_luma8()
}

#[test]
fn reads_the_licences_of_the_specimens_field_by_field() {
    let assets = Assets::open().unwrap_or_else(|error| panic!("{error}"));
    let mut placed = 0;
    for seed in 0..12 {
        let page = licence(&assets, seed, 12.0);
        let want = page.barcode.as_ref().expect("a barcode");
        let got = found(&luma(&page)).unwrap_or_else(|| panic!("no code on specimen {seed}"));
        assert_eq!(got.text, want.text, "specimen {seed}");
        let holder = Holder::varied(seed, Kind::LicenceBack);
        let licence = got.licence.expect("a licence");
        assert_eq!(licence.document_number.as_deref(), Some(holder.document_number.as_str()));
        assert_eq!(licence.birth_date, Some(holder.birth.iso()));
        assert_eq!(licence.expiry_date, Some(holder.expiry.iso()));
        assert_eq!(licence.issue_date, Some(holder.issue.iso()));
        assert_eq!(licence.sex.as_deref(), Some(holder.sex.letter()));
        assert!(licence.height_cm.is_some_and(|cm| cm.abs_diff(holder.height_cm) <= 1));
        assert!(licence.malformed.is_empty(), "{:?}", licence.malformed);
        let place = page.layout.template.barcode.map(|room| want.place(room)).expect("a place");
        // Where the stop pattern was not needed, its corners are not known.
        let Some(quad) = got.quad else { continue };
        let (x, y) = (place.x * page.px_per_mm, place.y * page.px_per_mm);
        let far = Point::new(x + place.width * page.px_per_mm, y + place.height * page.px_per_mm);
        assert!(quad.0[0].distance(Point::new(x, y)) < 6.0, "{quad:?} for {x}, {y}");
        assert!(quad.0[2].distance(far) < 6.0, "{quad:?} for {far:?}");
        placed += 1;
    }
    assert!(placed >= 3, "corners of {placed} of 12");
}

#[test]
fn the_parser_and_the_specimens_own_encoder_agree() {
    let assets = Assets::open().unwrap_or_else(|error| panic!("{error}"));
    for seed in 100..200 {
        let text = licence(&assets, seed, 2.0).barcode.expect("a barcode").text;
        let licence = aamva::parse(&text).expect("a licence");
        let holder = Holder::varied(seed, Kind::LicenceBack);
        assert_eq!(licence.version, 10);
        assert_eq!(licence.document_number.as_deref(), Some(holder.document_number.as_str()));
        assert_eq!(licence.birth_date, Some(holder.birth.iso()), "{seed}");
        assert_eq!(licence.postal_code, Some(holder.postal_code.clone()));
        let agrees = |text: &Option<String>, printed: &str| {
            let printed = transliterate(printed).replace('<', " ");
            match text {
                Some(text) => printed.starts_with(text.as_str()) || licence.names_are_truncated,
                None => printed.is_empty(),
            }
        };
        assert!(agrees(&licence.surname, &holder.surname), "{seed}");
        assert!(agrees(&licence.given_names, &holder.given_names), "{seed}");
        assert!(licence.malformed.is_empty(), "{seed}: {:?}", licence.malformed);
    }
}

#[test]
fn reads_licences_from_photographs_that_were_cut_out() {
    let assets = Assets::open().unwrap_or_else(|error| panic!("{error}"));
    let size = Size { width: 1920, height: 1440 };
    let (mut count, mut wrong) = (0, 0);
    for seed in 0..PHOTOGRAPHS {
        let page = licence(&assets, seed, 16.0);
        let taken = photograph(&assets, seed, size, Some(&page)).unwrap_or_else(|error| panic!("{error}"));
        let rgba: Vec<u8> = taken.image.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        let view = RgbaView::new(&rgba, size).expect("a frame");
        let quad = taken.quad.expect("a document");
        let flat = rectify(view, &quad, DocumentKind::Id1, 1600).expect("a card");
        let luma: Vec<u8> = flat.data.chunks_exact(4).map(|p| p[1]).collect();
        let view = LumaView::new(&luma, flat.size).expect("a picture");
        if let Some(got) = read(view, Formats::default()).expect("the reader works") {
            count += 1;
            wrong += usize::from(got.text != page.barcode.expect("a barcode").text);
        }
    }
    println!("read {count} of {PHOTOGRAPHS} photographs, {wrong} of them wrongly");
    assert!(count >= READ_AT_LEAST, "read {count} of {PHOTOGRAPHS}");
    assert_eq!(wrong, 0, "a code that is read is read as it is");
}

#[test]
fn no_text_makes_the_parser_panic() {
    let assets = Assets::open().unwrap_or_else(|error| panic!("{error}"));
    let whole = licence(&assets, 3, 2.0).barcode.expect("a barcode").text;
    let mut rng = ChaCha8Rng::seed_from_u64(41);
    let letters: Vec<char> = "@\n\u{1e}\rANSI DLAQ09é\u{0}".chars().collect();
    for round in 0..60_000 {
        let mut text: Vec<char> = match round % 3 {
            0 => Vec::new(),
            _ => whole.chars().collect(),
        };
        text.truncate(rng.random_range(0..=text.len()));
        for _ in 0..rng.random_range(0..12) {
            let letter = letters[rng.random_range(0..letters.len())];
            let at = rng.random_range(0..=text.len());
            if at < text.len() && rng.random_bool(0.5) { text[at] = letter } else { text.insert(at, letter) }
        }
        // Either a reading or a reason; both are fine.
        let _ = aamva::parse(&text.into_iter().collect::<String>());
    }
}

#[test]
fn no_picture_makes_the_reader_fail() {
    let mut rng = ChaCha8Rng::seed_from_u64(17);
    let good = code("pdf417gen_us_v10.png");
    for round in 0..60 {
        let mut image = if round % 2 == 0 {
            GrayImage::from_fn(rng.random_range(24..300), rng.random_range(24..200), |_, _| image::Luma([0]))
        } else {
            let (width, height) = (rng.random_range(30..good.width()), rng.random_range(30..good.height()));
            imageops::crop_imm(&good, good.width() - width, good.height() - height, width, height).to_image()
        };
        let share = rng.random_range(0.0..1.0);
        for px in image.pixels_mut() {
            if rng.random_bool(share) {
                px.0 = [if rng.random_bool(0.5) { 255 } else { 0 }];
            }
        }
        let size = Size { width: image.width(), height: image.height() };
        let view = LumaView::new(image.as_raw(), size).expect("a picture");
        assert!(read(view, Formats::default()).is_ok(), "round {round}");
    }
}
