//! The browser's binding: one function for the vision worker, in a wasm module of its own.

use crate::decode::{Formats, LumaView, read};
use crate::error::Error;
use idv_protocol::Size;
use js_sys::Reflect;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// Weights of red, green and blue in luma, of 256 (ITU-R BT.601).
const LUMA: [u32; 3] = [77, 150, 29];

/// The code in an RGBA picture of `width` x `height` px: an object as `BarcodeReading` of the protocol, or
/// `undefined` when there is none. Throws an `Error` with `code` for a picture that is too small, too large or
/// not of its size.
#[wasm_bindgen(js_name = readBarcode)]
pub fn read_barcode(rgba: &[u8], width: u32, height: u32) -> Result<JsValue, JsValue> {
    let luma: Vec<u8> = rgba
        .chunks_exact(4)
        .map(|px| {
            let sum: u32 = px.iter().zip(LUMA).map(|(value, weight)| u32::from(*value) * weight).sum();
            (sum >> 8) as u8
        })
        .collect();
    let view = LumaView::new(&luma, Size { width, height }).map_err(thrown)?;
    let Some(reading) = read(view, Formats::default()).map_err(thrown)? else {
        return Ok(JsValue::UNDEFINED);
    };
    let serializer = serde_wasm_bindgen::Serializer::json_compatible();
    reading.serialize(&serializer).map_err(|_| js_error("internal", "the reading cannot be handed over"))
}

fn thrown(error: Error) -> JsValue {
    js_error(error.code(), &error.to_string())
}

fn js_error(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message);
    error.set_name("BarcodeError");
    // An error object of our own takes a new member.
    let _ = Reflect::set(&error, &"code".into(), &code.into());
    error.into()
}
