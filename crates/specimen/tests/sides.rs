//! The sides of a document: what tells them apart, measured on specimens, and the whole document step over both.
//!
//! `IDV_SIDES=30 cargo test --test sides -- --nocapture` prints the measures over as many specimens of each kind.
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

mod support;

use idv_protocol::reading::{CalendarDate, MrzStatus};
use idv_protocol::{
    CaptureKind, CheckCode, DocumentHint, DocumentKind, DocumentSide, DocumentStatus, DocumentTask,
    FileProblem, Point, Quad, Size,
};
use idv_specimen::Assets;
use idv_specimen::document::{Kind, Order, Page, Photo, page};
use idv_specimen::person::Subject;
use idv_specimen::raster::Canvas;
use idv_specimen::recording::photograph;
use idv_specimen::scene::{Grip, hand_before};
use idv_vision::Engine;
use idv_vision::capture::{
    Capture, MIN_PORTRAIT_WIDTH_RATIO, PORTRAIT_VIEW_WIDTH_PX, Signature, both_ways_up,
};
use idv_vision::document::{Detection, Detector, DetectorParams, intersection_over_union};
use idv_vision::quality::{CoverParams, MAX_LIKENESS, kind_check, measure_cover};
use image::{RgbImage, imageops};
use std::io::Cursor;
use support::{FaceReader, Pixels, assets, engine_with, need, subject};

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);

const PHOTO: Size = Size { width: 1280, height: 960 };

const PX_PER_MM: f32 = 8.0;

const FRAME_MS: f64 = 150.0;

/// Specimens of each kind.
fn seeds() -> std::ops::Range<u64> {
    0..std::env::var("IDV_SIDES").ok().and_then(|count| count.parse().ok()).unwrap_or(2)
}

fn made(assets: &Assets, subject: &Subject, what: Kind, seed: u64) -> Page {
    let photo = Photo { image: &subject.photo, face: subject.face };
    need(page(assets, &Order { what, seed, px_per_mm: PX_PER_MM }, photo))
}

/// The page photographed, and where the detector finds it; `None` where it does not.
fn photographed(assets: &Assets, page: &Page, seed: u64) -> Option<(Pixels, Detection)> {
    let shot = need(photograph(assets, seed, PHOTO, Some(page)));
    let pixels = Pixels::of(&shot.image);
    let found = Detector::new(DetectorParams::default()).detect(pixels.view())?;
    (intersection_over_union(&found.quad, &shot.quad?) > 0.9).then_some((pixels, found))
}

/// Prints least, middle and most, and returns least and most.
fn summed(name: &str, mut values: Vec<f32>) -> (f32, f32) {
    values.sort_by(f32::total_cmp);
    let at = |share: f32| values[((values.len() - 1) as f32 * share) as usize];
    let (count, [least, low, middle, high, most]) = (values.len(), [0.0, 0.1, 0.5, 0.9, 1.0].map(at));
    println!(
        "{name:<36} n {count:>3}  {least:.3}  10 % {low:.3}  50 % {middle:.3}  90 % {high:.3}  {most:.3}"
    );
    (least, most)
}

#[test]
fn a_front_is_like_itself_and_unlike_its_back() {
    let assets = assets();
    let subject = subject(&assets);
    let (mut same, mut other) = (Vec::new(), Vec::new());
    let (mut cards, mut pages) = (Vec::new(), Vec::new());
    for seed in seeds() {
        for (front, back) in [(Kind::Td1Front, Kind::Td1Back), (Kind::Residence, Kind::ResidenceBack)] {
            let sign = |page: &Page, shot: u64| {
                let (pixels, found) = photographed(&assets, page, seed * 10 + shot)?;
                Signature::of(pixels.view(), &found.quad)
            };
            let (front, back) = (made(&assets, &subject, front, seed), made(&assets, &subject, back, seed));
            let Some(first) = sign(&front, 1) else { continue };
            same.extend(sign(&front, 2).map(|again| again.likeness(&first)));
            other.extend(sign(&back, 3).map(|back| back.likeness(&first)));
        }
        for (what, errors) in [(Kind::Td1Front, &mut cards), (Kind::Td3, &mut pages)] {
            let found = photographed(&assets, &made(&assets, &subject, what, seed), seed * 10 + 5);
            let check = found.and_then(|(_, found)| kind_check(&found.quad, PHOTO, &[DocumentKind::Id1]));
            errors.extend(check.map(|(_, check)| check.value));
        }
    }
    let (least, _) = summed("likeness of a front to itself", same);
    let (_, most) = summed("likeness of a back to its front", other);
    assert!(least > MAX_LIKENESS && most < MAX_LIKENESS);
    summed("proportions of cards from a card's", cards);
    summed("proportions of pages from a card's", pages);
}

#[test]
fn a_portrait_is_found_on_fronts_and_not_on_backs() {
    let assets = assets();
    let subject = subject(&assets);
    let mut faces = FaceReader::new(&assets);
    for (what, is_front) in [
        (Kind::Td1Front, true),
        (Kind::Residence, true),
        (Kind::Td2, true),
        (Kind::Td3, true),
        (Kind::Td1Back, false),
        (Kind::ResidenceBack, false),
        (Kind::LicenceBack, false),
    ] {
        let (mut looked, mut widths) = (0, Vec::new());
        for seed in seeds() {
            let page = made(&assets, &subject, what, seed);
            let Some((pixels, found)) = photographed(&assets, &page, seed * 10 + 7) else { continue };
            let views = need(both_ways_up(pixels.view(), &found.quad, found.kind));
            looked += 1;
            let face = faces.portrait(&views).map(|(face, _)| face.rect.width);
            widths.extend(face.map(|width_px| width_px / PORTRAIT_VIEW_WIDTH_PX as f32));
        }
        println!("{}: faces on {} of {looked}, {widths:.3?} of its width", what.name(), widths.len());
        let portraits = widths.iter().filter(|width| **width >= MIN_PORTRAIT_WIDTH_RATIO).count();
        assert_eq!(portraits, if is_front { looked } else { 0 }, "{}", what.name());
    }
}

/// Corners of the whole picture.
fn all_of(page: &Page) -> Quad {
    let (w, h) = (page.picture.width as f32, page.picture.height as f32);
    Quad([(0.0, 0.0), (w, 0.0), (w, h), (0.0, h)].map(|(x, y)| Point::new(x, y)))
}

/// Lays a thumb over the right end of the page's zone.
fn lay_thumb(page: &mut Page, reach_mm: f32) {
    let (width, height) = page.layout.size_mm;
    let grip = Grip { at_mm: [width, height - 12.0], reach_mm, size: 1.0, extent_mm: [40.0, 40.0] };
    let thumb = hand_before(page.seed, grip, page.px_per_mm);
    let [x, y] = thumb.origin_mm.map(|mm| (mm * page.px_per_mm).round() as i32);
    page.picture.lay_canvas(&thumb.picture, x, y);
}

#[test]
fn a_thumb_over_the_zone_is_seen_and_a_clear_zone_is_clear() {
    let assets = assets();
    let subject = subject(&assets);
    for what in [Kind::Td3, Kind::Td2, Kind::MrvA, Kind::Td1Back, Kind::ResidenceBack] {
        for reach_mm in [0.0, 6.0, 12.0, 16.0, 22.0, 30.0] {
            let values = seeds().filter_map(|seed| {
                let mut page = made(&assets, &subject, what, seed);
                if reach_mm > 0.0 {
                    lay_thumb(&mut page, reach_mm);
                }
                let flat = Pixels::of(&page.picture.to_image());
                let check = measure_cover(flat.view(), &all_of(&page), page.kind, CoverParams::default());
                check.map(|check| check.value)
            });
            let (least, most) =
                summed(&format!("{} under {reach_mm} mm of thumb", what.name()), values.collect());
            let limit = CoverParams::default().max_covered_ratio;
            assert!(reach_mm > 0.0 || most <= limit);
            assert!(reach_mm < 22.0 || least > limit);
        }
    }
    for what in [Kind::Td3, Kind::Td1Back] {
        let values: Vec<f32> = seeds()
            .filter_map(|seed| {
                let page = made(&assets, &subject, what, seed);
                let (pixels, found) = photographed(&assets, &page, seed * 10 + 5)?;
                measure_cover(pixels.view(), &found.quad, page.kind, CoverParams::default())
            })
            .map(|check| check.value)
            .collect();
        summed(&format!("{} photographed", what.name()), values);
    }
}

/// The page as it lies on a table, level.
fn on_table(page: &Page) -> RgbImage {
    let mut table = Canvas::opaque(1280, 960, |_, _| [0.10, 0.07, 0.05]);
    let (w, h) = (page.picture.width as f32, page.picture.height as f32);
    let (width, height) = (960.0, 960.0 * h / w);
    let seen = page.picture.resampled([0.0, 0.0, w, h], width as usize, height as usize);
    table.lay_canvas(&seen, 160, ((960.0 - height) / 2.0) as i32);
    table.to_image()
}

/// The document step with every model it uses, and its clock.
struct Run {
    engine: Engine,
    at_ms: f64,
}

impl Run {
    fn new(assets: &Assets) -> Self {
        Self { engine: engine_with(assets, &["document_corners", "face_detector", "mrz_reader"]), at_ms: 0.0 }
    }

    fn begin(&mut self, side: DocumentSide, kinds: &[DocumentKind]) {
        let task = DocumentTask { kinds: kinds.to_vec(), ..DocumentTask::new(1, side, TODAY) };
        self.engine.begin_document(task);
    }

    /// Shows the picture until it is captured, so many times at most; the last status.
    fn hold(&mut self, image: &RgbImage, most: usize) -> DocumentStatus {
        let pixels = Pixels::of(image);
        for left in (0..most).rev() {
            let status = need(self.engine.document_frame(pixels.view(), self.at_ms));
            self.at_ms += FRAME_MS;
            if status.captured || left == 0 {
                return status;
            }
        }
        panic!("at least one frame")
    }

    fn take(&mut self) -> Capture {
        self.engine.take_captures().pop().expect("a capture")
    }
}

#[test]
fn front_and_back_are_captured_in_their_order_and_neither_for_the_other() {
    let assets = assets();
    let subject = subject(&assets);
    let front = on_table(&made(&assets, &subject, Kind::Td1Front, 3));
    let back = on_table(&made(&assets, &subject, Kind::Td1Back, 3));
    let mut run = Run::new(&assets);
    run.begin(DocumentSide::Front, &[DocumentKind::Id1]);
    let status = run.hold(&back, 24);
    assert_eq!((status.captured, status.hint), (false, DocumentHint::WrongSide), "{status:#?}");
    assert!(status.manual, "after so many failures");
    assert!(run.hold(&front, 10).captured);
    let capture = run.take();
    assert_eq!(capture.meta.kind, CaptureKind::DocumentFront);
    let portrait = capture.meta.quality.checks.iter().find(|check| check.code == CheckCode::Portrait);
    assert!(portrait.is_some_and(|check| check.passed && check.value == 1.0));

    run.begin(DocumentSide::Back, &[DocumentKind::Id1]);
    for shown in [&front, &imageops::rotate180(&front)] {
        let status = run.hold(shown, 10);
        assert_eq!((status.captured, status.hint), (false, DocumentHint::TurnOver), "{status:#?}");
    }
    assert!(run.hold(&back, 10).captured);
    let meta = run.take().meta;
    assert_eq!(meta.kind, CaptureKind::DocumentBack);
    assert!(meta.reading.is_some_and(|reading| reading.status != MrzStatus::Invalid));
    assert!(meta.quality.checks.iter().any(|check| check.code == CheckCode::Likeness && check.passed));
}

#[test]
fn a_zone_of_a_kind_that_is_not_accepted_is_told_where_proportions_are_the_same() {
    let assets = assets();
    let subject = subject(&assets);
    let page = on_table(&made(&assets, &subject, Kind::Td3, 4));
    let mut run = Run::new(&assets);
    run.begin(DocumentSide::Front, &[DocumentKind::Id1, DocumentKind::Id2]);
    let status = run.hold(&page, 24);
    assert_eq!((status.captured, status.hint), (false, DocumentHint::WrongKind), "{status:#?}");
    let answer = need(run.engine.document_file(&png(&page)));
    assert_eq!((answer.problem, answer.kind), (Some(FileProblem::WrongKind), Some(DocumentKind::Id3)));
    run.begin(DocumentSide::Front, &[DocumentKind::Id1, DocumentKind::Id3]);
    let status = run.hold(&page, 10);
    assert_eq!((status.captured, status.kind), (true, Some(DocumentKind::Id3)));
}

#[test]
fn a_front_without_a_portrait_is_taken_by_hand_alone() {
    let assets = assets();
    let grey = RgbImage::from_pixel(90, 120, image::Rgb([128; 3]));
    let face = idv_protocol::PxRect { x: 25.0, y: 30.0, width: 40.0, height: 55.0 };
    let order = Order { what: Kind::Td1Front, seed: 5, px_per_mm: PX_PER_MM };
    let blank = on_table(&need(page(&assets, &order, Photo { image: &grey, face })));
    let mut run = Run::new(&assets);
    run.begin(DocumentSide::Front, &[]);
    let status = run.hold(&blank, 12);
    assert_eq!((status.captured, status.hint), (false, DocumentHint::WrongSide));
    let status = run.hold(&blank, 24);
    assert_eq!((status.captured, status.manual), (false, true));
    need(run.engine.shoot());
    assert!(run.hold(&blank, 1).captured);
    let failed = run.take().meta.quality.first_failed().map(|check| check.code);
    assert_eq!(failed, Some(CheckCode::Portrait));
}

#[test]
fn a_thumb_over_the_zone_is_named_and_then_taken_as_it_is() {
    let assets = assets();
    let subject = subject(&assets);
    let mut page = made(&assets, &subject, Kind::Td3, 6);
    lay_thumb(&mut page, 40.0);
    let covered = on_table(&page);
    let mut run = Run::new(&assets);
    run.begin(DocumentSide::Front, &[]);
    let status = run.hold(&covered, 12);
    assert_eq!((status.captured, status.hint), (false, DocumentHint::Covered), "{status:#?}");
    assert!(run.hold(&covered, 24).captured);
    let failed = run.take().meta.quality.first_failed().map(|check| check.code);
    assert_eq!(failed, Some(CheckCode::Covered));
}

fn png(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    need(image.write_to(&mut bytes, image::ImageFormat::Png));
    bytes.into_inner()
}

#[test]
fn files_are_read_whichever_way_up_and_a_mirrored_one_is_never_valid() {
    let assets = assets();
    let subject = subject(&assets);
    let page = on_table(&made(&assets, &subject, Kind::Td3, 7));
    let lines = made(&assets, &subject, Kind::Td3, 7).mrz;
    let mut run = Run::new(&assets);
    for (turned, readable) in [
        (imageops::rotate180(&page), true),
        (imageops::rotate90(&page), true),
        (imageops::flip_horizontal(&page), false),
        (imageops::flip_vertical(&page), false),
    ] {
        run.begin(DocumentSide::Front, &[DocumentKind::Id3]);
        assert_eq!(need(run.engine.document_file(&png(&turned))).problem, None);
        let reading = run.take().meta.reading;
        assert_eq!(reading.as_ref().is_some_and(|reading| reading.lines == lines), readable);
        assert!(readable || reading.is_none_or(|reading| reading.status != MrzStatus::Valid));
    }
}

#[test]
fn a_file_of_the_wrong_side_is_refused() {
    let assets = assets();
    let subject = subject(&assets);
    let front = png(&on_table(&made(&assets, &subject, Kind::Residence, 8)));
    let back = png(&on_table(&made(&assets, &subject, Kind::ResidenceBack, 8)));
    let mut run = Run::new(&assets);
    run.begin(DocumentSide::Front, &[]);
    assert_eq!(need(run.engine.document_file(&back)).problem, Some(FileProblem::WrongSide));
    assert_eq!(need(run.engine.document_file(&front)).problem, None);
    run.take();
    run.begin(DocumentSide::Back, &[]);
    assert_eq!(need(run.engine.document_file(&front)).problem, Some(FileProblem::WrongSide));
    assert_eq!(need(run.engine.document_file(&back)).problem, None);
    assert_eq!(run.take().meta.kind, CaptureKind::DocumentBack);
}
