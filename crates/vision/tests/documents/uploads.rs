//! Files in place of captures of the document step.

use crate::canvas::view;
use crate::files::{encoded, oriented};
use crate::held::Held;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{CaptureKind, CaptureMethod, DocumentKind, DocumentSide, DocumentTask, FileProblem};
use idv_vision::capture::encode_jpeg;
use idv_vision::document::intersection_over_union;
use idv_vision::frame::decode_image;
use idv_vision::{Engine, ErrorKind};
use image::{ImageBuffer, ImageFormat, Rgb};

const TODAY: CalendarDate = CalendarDate::new(2026, 1, 1);

fn begun(side: DocumentSide, kinds: &[DocumentKind]) -> Engine {
    let mut engine = Engine::new();
    engine.begin_document(DocumentTask { kinds: kinds.to_vec(), ..DocumentTask::new(1, side, TODAY) });
    engine
}

#[test]
fn a_file_with_a_document_is_captured_in_place_of_a_frame() {
    let page = Held { blur_px: 3, ..Held::default() }.draw();
    let jpeg = encode_jpeg(view(&page.image), 92).expect("encodes");
    let mut engine = begun(DocumentSide::Front, &[DocumentKind::Id3]);
    let answer = engine.document_file(&oriented(&jpeg, 3)).expect("answers");
    assert_eq!((answer.problem, answer.kind), (None, Some(DocumentKind::Id3)));
    let captures = engine.take_captures();
    let [capture] = captures.as_slice() else { panic!("one capture, not {}", captures.len()) };
    let meta = &capture.meta;
    assert_eq!((meta.kind, meta.method), (CaptureKind::DocumentFront, CaptureMethod::Upload));
    assert!(!meta.quality.passed() && meta.quality.signals.len() == 4, "its checks are kept: it is blurred");
    let size = meta.size;
    let upside_down = idv_protocol::Quad(
        page.quad.0.map(|p| idv_protocol::Point::new(size.width as f32 - p.x, size.height as f32 - p.y)),
    );
    assert!(intersection_over_union(&meta.quad.expect("a quad"), &upside_down) > 0.95);
    assert!(!capture.jpeg.windows(4).any(|window| window == b"Exif"), "nothing of the file's is kept");
    assert_eq!(engine.document_file(&jpeg).expect_err("captured already").kind(), ErrorKind::OutOfOrder);
}

#[test]
fn a_file_without_the_document_that_is_asked_for_is_refused_and_the_step_goes_on() {
    let mut engine = begun(DocumentSide::Front, &[DocumentKind::Id1]);
    let table = Held { width_px: 1.0, ..Held::default() }.draw();
    let page = Held::default().draw();
    for (image, expected) in [(&table.image, FileProblem::NoDocument), (&page.image, FileProblem::WrongKind)]
    {
        let answer = engine.document_file(&encode_jpeg(view(image), 92).expect("encodes")).expect("answers");
        assert_eq!(answer.problem, Some(expected));
        assert!(engine.take_captures().is_empty());
    }
    assert_eq!(engine.document_file(b"%PDF-1.7").expect("answers").problem, Some(FileProblem::Pdf));
    assert!(engine.document_frame(view(&page.image), 0.0).expect("a frame").quad.is_some());
    assert_eq!(Engine::new().document_file(b"").expect_err("no step").kind(), ErrorKind::OutOfOrder);
}

#[test]
fn a_large_noisy_photo_fits_the_limit_of_a_capture() {
    let page = Held::default().draw();
    let mut random = crate::canvas::Random::new(9);
    let large = ImageBuffer::from_fn(4_000, 2_250, |x, y| {
        let [r, g, b] = view(&page.image).rgb((x * 1280 / 4_000) as usize, (y * 720 / 2_250) as usize);
        Rgb([r, g, b].map(|v| v.saturating_add_signed(random.range(-20.0, 20.0) as i8)))
    });
    let mut engine = begun(DocumentSide::Front, &[]);
    let answer = engine.document_file(&encoded(large, ImageFormat::Jpeg)).expect("answers");
    assert_eq!(answer.problem, None);
    let capture = engine.take_captures().pop().expect("a capture");
    assert!(capture.jpeg.len() <= idv_protocol::relay::MAX_CAPTURE_BYTES);
    let size = decode_image(&capture.jpeg).expect("a JPEG").size;
    assert_eq!(size, capture.meta.size);
    let scale = size.width as f32 / 1280.0;
    let overlap = intersection_over_union(&capture.meta.quad.expect("a quad"), &page.quad.scaled(scale));
    assert!(overlap > 0.97, "{overlap}");
}
