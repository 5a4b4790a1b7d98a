//! The zone's reader with the real network: on drawn specimens of every format, in every direction, and on real ones.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

#[path = "face_support/mod.rs"]
#[allow(dead_code)]
mod support;

#[path = "golden/zones.rs"]
mod golden;

use golden::Specimen;
use idv_protocol::Size;
use idv_protocol::reading::{CalendarDate, MrzReading, MrzStatus};
use idv_vision::ErrorKind;
use idv_vision::frame::{RgbaImage, RgbaView};
use idv_vision::reading::MrzReader;
use idv_vision::reading::mrz::CorrectionParams;

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);

/// Width from which a specimen counts, in px: below, letters are smaller than 10 px.
const COUNTED_WIDTH_PX: u32 = 500;

fn reader() -> MrzReader {
    MrzReader::new(support::model("mrz_reader"), CorrectionParams::default()).expect("shape fits")
}

fn read(reader: &mut MrzReader, picture: &RgbaImage) -> Option<MrzReading> {
    reader.read(picture.view().expect("a frame"), TODAY).expect("runs")
}

/// The picture turned clockwise by so many quarters.
fn turned(picture: &RgbaImage, quarters: usize) -> RgbaImage {
    let mut picture = picture.clone();
    for _ in 0..quarters {
        let Size { width, height } = picture.size;
        let (w, h) = (width as usize, height as usize);
        let pixel = |i: usize| {
            let (x, y) = (i % h, i / h);
            let from = ((h - 1 - x) * w + y) * 4;
            [picture.data[from], picture.data[from + 1], picture.data[from + 2], picture.data[from + 3]]
        };
        let data = (0..w * h).flat_map(pixel).collect();
        picture = RgbaImage { data, size: Size { width: height, height: width } };
    }
    picture
}

#[test]
fn real_specimens_are_read_exactly_and_never_wrongly_valid_whichever_way_they_lie() {
    let Some(data) = support::real_data() else { return };
    let mut reader = reader();
    let (mut counted, mut exact) = ([0; 4], [0; 4]);
    for (index, (label, picture)) in support::labelled(&data.join("mrz")).iter().enumerate() {
        let lines: Vec<&str> = label["lines"]
            .as_array()
            .expect("lines")
            .iter()
            .map(|line| line.as_str().expect("text"))
            .collect();
        // Every picture upright, and each one in one of the other directions.
        for quarters in [0, 1 + index % 3] {
            let reading = read(&mut reader, &turned(picture, quarters));
            let is_exact = reading.as_ref().is_some_and(|reading| reading.lines == lines);
            let wrongly_valid =
                reading.is_some_and(|reading| reading.status == MrzStatus::Valid) && !is_exact;
            assert!(!wrongly_valid, "{} turned by {quarters}", label["file"]);
            if picture.size.width >= COUNTED_WIDTH_PX {
                counted[quarters] += 1;
                exact[quarters] += usize::from(is_exact);
            }
        }
    }
    assert_eq!(counted[0], 11);
    for quarters in 0..4 {
        assert!(exact[quarters] + 1 >= counted[quarters], "{exact:?} of {counted:?}");
    }
}

/// The picture as a mirror shows it.
fn mirrored(picture: &RgbaImage) -> RgbaImage {
    let width = picture.size.width as usize;
    let rows = picture.data.chunks_exact(width * 4);
    let data = rows.flat_map(|row| row.chunks_exact(4).rev().flatten().copied()).collect();
    RgbaImage { data, size: picture.size }
}

#[test]
fn drawn_specimens_of_every_format_read_as_their_golden_file_says() {
    let mut reader = reader();
    golden::hold_specimens(|picture| read(&mut reader, picture));
}

#[test]
fn real_specimens_read_as_their_golden_file_says() {
    let Some(data) = support::real_data() else { return };
    let mut reader = reader();
    golden::hold_real(&support::labelled(&data.join("mrz")), TODAY, |picture| read(&mut reader, picture));
}

#[test]
fn documents_are_read_in_all_four_directions() {
    let mut reader = reader();
    for specimen in Specimen::of_every_size() {
        let (picture, lines) = specimen.drawn();
        for quarters in 0..4 {
            let reading = read(&mut reader, &turned(&picture, quarters)).expect("a zone");
            assert_eq!(reading.lines, lines, "{} turned by {quarters}", specimen.name);
            assert_ne!(reading.status, MrzStatus::Invalid);
        }
    }
}

#[test]
fn a_mirrored_document_has_no_zone() {
    let mut reader = reader();
    for specimen in Specimen::of_every_size() {
        let mirrored = mirrored(&specimen.drawn().0);
        for quarters in 0..4 {
            let reading = read(&mut reader, &turned(&mirrored, quarters));
            assert!(reading.is_none(), "{} turned by {quarters}: {reading:?}", specimen.name);
        }
    }
}

#[test]
fn frames_of_absurd_shapes_are_refused_or_hold_no_zone() {
    let mut reader = reader();
    for (width, height) in [
        (1, 1),
        (8_000, 1),
        (1, 8_000),
        (30_000, 1),
        (4_096, 1),
        (64, 64),
        (4_096, 64),
        (64, 4_096),
        (65, 67),
    ] {
        for texture in
            [|_| 255, |i: u32| (i.wrapping_mul(2_654_435_761) >> 24) as u8, |i: u32| (i / 8 % 2 * 255) as u8]
        {
            let data: Vec<u8> = (0..width * height * 4).map(texture).collect();
            match RgbaView::new(&data, Size { width, height }) {
                Ok(frame) => assert!(reader.read(frame, TODAY).expect("runs").is_none(), "{width}x{height}"),
                Err(error) => assert_eq!(error.kind(), ErrorKind::BadFrame, "{width}x{height}"),
            }
        }
    }
    // A frame whose pixels are not all there.
    assert!(RgbaView::new(&[0; 64 * 64 * 4 - 1], Size { width: 64, height: 64 }).is_err());
}

#[test]
fn pictures_without_a_zone_give_none() {
    let mut reader = reader();
    for file in ["page.png", "text.png", "brick.png", "grass.png", "coins.png"] {
        assert!(read(&mut reader, &support::asset(&format!("backgrounds/{file}"))).is_none(), "{file}");
    }
    assert!(read(&mut reader, &support::asset("astronaut.png")).is_none());
    let noise: Vec<u8> = (0..640u32 * 480 * 4).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let frame = RgbaView::new(&noise, Size { width: 640, height: 480 }).expect("fits");
    assert!(reader.read(frame, TODAY).expect("runs").is_none());
}
