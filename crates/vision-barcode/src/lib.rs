//! Barcodes of identity documents.
//!
//! In: the luma of a picture, best of a rectified document. Out: [`idv_protocol::barcode`] types: the text of a
//! PDF417 or QR code, and the fields of a driving licence or identity card of North America. Rule: the work is
//! bounded by the picture's size, which is bounded; what a code says is data to be compared, never believed.
//!
//! A module of its own, so that only who reads barcodes downloads it.

pub mod aamva;
mod decode;
mod error;
#[cfg(target_arch = "wasm32")]
mod web;

pub use decode::{Formats, LumaView, MAX_PIXELS, MAX_SIDE_PX, MAX_TEXT_LENGTH, MIN_SIDE_PX, read};
pub use error::{Error, ErrorKind};
#[cfg(target_arch = "wasm32")]
pub use web::read_barcode;
