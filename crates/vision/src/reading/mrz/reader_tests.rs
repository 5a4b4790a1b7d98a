use super::*;
use crate::inference::Tensor;
use crate::inference::fake::FakeModel;
use crate::reading::mrz::decode::CLASSES;
use idv_protocol::Size;
use idv_protocol::reading::MrzStatus;

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);
const UPPER: &str = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
const LOWER: &str = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

/// What the network would say of a strip with `text`.
fn logits(text: &str, probability: f32) -> Vec<f32> {
    let mut values = vec![0.0f32; STEPS * CLASSES];
    for step in values.chunks_exact_mut(CLASSES) {
        step[0] = 20.0;
    }
    for (index, character) in text.bytes().enumerate() {
        let class = match character {
            b'0'..=b'9' => 1 + character - b'0',
            b'A'..=b'Z' => 11 + character - b'A',
            _ => 37,
        };
        let step = &mut values[(4 + 4 * index) * CLASSES..][..CLASSES];
        step[0] = 0.0;
        step[usize::from(class)] = (37.0 * probability / (1.0 - probability)).ln();
    }
    values
}

/// A page with two lines of strokes, dark on bright.
fn page() -> Vec<u8> {
    let ink = |x: usize, y: usize| {
        let line = [400, 440].iter().any(|top| (*top..top + 17).contains(&y));
        line && (40..656).contains(&x) && matches!((x - 40) % 14, 2 | 3 | 8 | 9)
    };
    (0..700 * 500)
        .flat_map(|i| if ink(i % 700, i / 700) { [30, 30, 30, 255] } else { [210, 215, 205, 255] })
        .collect()
}

fn reader(mut answers: impl FnMut(usize) -> Vec<f32> + Send + 'static) -> MrzReader {
    let mut call = 0;
    let model = FakeModel::new(&[1, 1, STRIP_HEIGHT, STRIP_WIDTH], move |strip| {
        assert!(strip.iter().all(|value| (0.0..=1.0).contains(value)));
        call += 1;
        vec![Tensor { shape: vec![1, STEPS, CLASSES], values: answers(call) }]
    });
    MrzReader::new(Box::new(model), CorrectionParams::default()).expect("shape fits")
}

fn read(reader: &mut MrzReader) -> Option<MrzReading> {
    let data = page();
    let frame = RgbaView::new(&data, Size { width: 700, height: 500 }).expect("fits");
    reader.read(frame, TODAY).expect("runs")
}

#[test]
fn reads_the_lines_from_the_upper_one_down() {
    let mut reader = reader(|call| logits(if call == 1 { UPPER } else { LOWER }, 0.99));
    let reading = read(&mut reader).expect("a zone");
    assert_eq!(reading.lines, [UPPER, LOWER]);
    assert_eq!(reading.status, MrzStatus::Valid);
}

#[test]
fn turns_the_lines_when_the_other_way_is_more_certain() {
    // Upside down the upper line is seen first and makes no sense; the lower one, turned, is the upper one.
    let mut reader = reader(|call| match call {
        1 => logits(UPPER, 0.6),
        2 => logits(UPPER, 0.99),
        _ => logits(LOWER, 0.99),
    });
    assert_eq!(read(&mut reader).expect("a zone").lines, [UPPER, LOWER]);
}

#[test]
fn an_uncertain_character_of_a_name_needs_confirmation() {
    let mut reader = reader(|call| {
        let mut values = logits(if call == 1 { UPPER } else { LOWER }, 0.995);
        if call == 1 {
            values[(4 + 4 * 5) * CLASSES + 11 + 5] = 8.0;
        }
        values
    });
    let reading = read(&mut reader).expect("a zone");
    assert_eq!(reading.status, MrzStatus::NeedsConfirmation);
    assert_eq!(reading.primary_identifier.readings, ["ERIKSSON", "FRIKSSON"]);
}

#[test]
fn other_text_is_no_zone() {
    assert!(read(&mut reader(|_| logits("SOME<OTHER<TEXT<OF<NO<FORMAT", 0.99))).is_none());
    assert!(read(&mut reader(|_| logits(UPPER, 0.4))).is_none());
    assert!(read(&mut reader(|_| vec![0.0; STEPS * CLASSES])).is_none());
}

#[test]
fn refuses_a_model_of_another_shape_or_answer() {
    let other = FakeModel::new(&[1, 1, 48, 320], |_| Vec::new());
    assert!(MrzReader::new(Box::new(other), CorrectionParams::default()).is_err());
    let data = page();
    let frame = RgbaView::new(&data, Size { width: 700, height: 500 }).expect("fits");
    let error = reader(|_| vec![0.0; 7]).read(frame, TODAY).expect_err("refused");
    assert_eq!(error.kind(), crate::ErrorKind::Inference);
}
