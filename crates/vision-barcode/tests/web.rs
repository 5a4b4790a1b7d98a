//! In a browser: the binding hands over what was read, and refuses what cannot be a picture.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use idv_vision_barcode::read_barcode;
use js_sys::Reflect;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// A bitmap of one bit a pixel (PBM, P4) as RGBA, with its width and height.
fn rgba(pbm: &[u8]) -> (Vec<u8>, u32, u32) {
    let end_of = |line: usize| {
        let mut ends = pbm.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        ends.nth(line).expect("a header of two lines")
    };
    let size = std::str::from_utf8(&pbm[end_of(0)..end_of(1)]).expect("text");
    let mut sides = size.split_whitespace().map(|side| side.parse::<u32>().expect("a number"));
    let (width, height) = (sides.next().expect("a width"), sides.next().expect("a height"));
    let row = width.div_ceil(8);
    let bits = &pbm[end_of(1)..];
    let mut out = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let is_dark = bits[(y * row + x / 8) as usize] >> (7 - x % 8) & 1 == 1;
            let shade = if is_dark { 0 } else { 255 };
            out.extend([shade, shade, shade, 255]);
        }
    }
    (out, width, height)
}

fn member(value: &JsValue, name: &str) -> Option<String> {
    Reflect::get(value, &name.into()).ok()?.as_string()
}

#[wasm_bindgen_test]
fn reads_a_licence() {
    let (pixels, width, height) = rgba(include_bytes!("data/pdf417gen_us_v10.pbm"));
    let reading = read_barcode(&pixels, width, height).expect("a reading");
    assert_eq!(member(&reading, "format").as_deref(), Some("pdf417"));
    let licence = Reflect::get(&reading, &"licence".into()).expect("a licence");
    assert_eq!(member(&licence, "surname").as_deref(), Some("MARCHBANKS"));
    assert_eq!(member(&licence, "birth_date").as_deref(), Some("1974-08-12"));
}

#[wasm_bindgen_test]
fn reads_a_square_code_and_finds_none_where_there_is_none() {
    let (pixels, width, height) = rgba(include_bytes!("data/qrcode_specimen.pbm"));
    let reading = read_barcode(&pixels, width, height).expect("a reading");
    assert_eq!(member(&reading, "text").as_deref(), Some("SPECIMEN:UTOPIA:K48291735"));
    let empty = vec![200; 200 * 100 * 4];
    assert!(read_barcode(&empty, 200, 100).expect("no failure").is_undefined());
}

#[wasm_bindgen_test]
fn a_picture_that_is_none_is_refused_with_a_code() {
    for (pixels, width, height, code) in [
        (16, 2, 2, "barcode_picture_too_small"),
        (0, 20_000, 20_000, "barcode_picture_too_large"),
        (400, 100, 100, "barcode_bad_picture"),
    ] {
        let refused = read_barcode(&vec![0; pixels], width, height).expect_err("refused");
        assert_eq!(member(&refused, "code").as_deref(), Some(code));
    }
}
