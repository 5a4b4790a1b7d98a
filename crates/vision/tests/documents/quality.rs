//! What the checks say of drawn pages.

use crate::canvas::view;
use crate::held::Held;
use crate::scene::Scene;
use idv_protocol::{CheckCode, DocumentHint, QualityReport};
use idv_vision::document::Detection;
use idv_vision::quality::{DocumentQualityParams, hint_for, measure_document};

fn report_of(scene: &Scene, motion_ratio: Option<f32>) -> QualityReport {
    let detection = Detection { quad: scene.quad, confidence: 1.0, kind: scene.kind };
    measure_document(view(&scene.image), &detection, motion_ratio, DocumentQualityParams::default())
}

fn value_of(report: &QualityReport, code: CheckCode) -> f32 {
    report.checks.iter().find(|check| check.code == code).expect("a check of this code").value
}

#[test]
fn a_good_page_passes_every_check() {
    let report = report_of(&Held::default().draw(), Some(0.002));
    assert!(report.passed(), "{report:#?}");
    assert_eq!(report.checks.len(), 8);
    assert_eq!(hint_for(&report), DocumentHint::Capturing);
    assert!((value_of(&report, CheckCode::Size) - 850.0).abs() < 1.0);
}

#[test]
fn each_fault_is_named_with_its_remedy() {
    let good = Held::default();
    let cases = [
        (Held { shift: (0.0, -58.0), ..good }, None, CheckCode::CutOff, DocumentHint::MoveBack),
        (Held { width_px: 560.0, ..good }, None, CheckCode::Size, DocumentHint::MoveCloser),
        (Held { light: 0.2, ..good }, None, CheckCode::ExposureLow, DocumentHint::TooDark),
        (Held { light: 2.2, ..good }, None, CheckCode::ExposureHigh, DocumentHint::TooBright),
        (Held { width_px: 720.0, yaw_deg: 38.0, ..good }, None, CheckCode::Tilt, DocumentHint::HoldFlat),
        (good, Some(0.03), CheckCode::Stability, DocumentHint::HoldStill),
        (Held { blur_px: 3, ..good }, None, CheckCode::Sharpness, DocumentHint::Blurred),
        (Held { glare_px: 60.0, ..good }, None, CheckCode::Glare, DocumentHint::Glare),
    ];
    for (held, motion_ratio, code, hint) in cases {
        let report = report_of(&held.draw(), motion_ratio);
        assert_eq!(report.first_failed().map(|check| check.code), Some(code), "{report:#?}");
        assert_eq!(hint_for(&report), hint);
    }
}

#[test]
fn sharpness_depends_on_the_blur_and_not_on_the_distance() {
    let sharpness = |width_px: f32, blur_px: usize| {
        value_of(
            &report_of(&Held { width_px, blur_px, ..Held::default() }.draw(), None),
            CheckCode::Sharpness,
        )
    };
    // Twice a box of 3 and of 5 px have deviations of 1.15 and 2 px: the same share of pages of these widths.
    let (near, far) = (sharpness(940.0, 2), sharpness(940.0 * 1.15 / 2.0, 1));
    println!("near {near:.3}, far {far:.3}");
    assert!((near / far - 1.0).abs() < 0.15, "near {near}, far {far}");
    let values: Vec<f32> = (1..5).map(|blur_px| sharpness(850.0, blur_px)).collect();
    println!("at 850 px, box radii 1 to 4: {values:.3?}");
    assert!(values.windows(2).all(|pair| pair[0] > 1.1 * pair[1]), "{values:?}");
}

#[test]
fn noise_does_not_pass_for_sharpness() {
    let mut scene = Held { blur_px: 3, ..Held::default() }.draw();
    let mut random = crate::canvas::Random::new(3);
    for value in &mut scene.image.data {
        *value = value.saturating_add_signed(random.range(-12.0, 12.0) as i8);
    }
    let report = report_of(&scene, None);
    assert_eq!(hint_for(&report), DocumentHint::Blurred, "{report:#?}");
}
