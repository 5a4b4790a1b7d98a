//! What does it say. In: a picture of a document, or lines of text. Out: [`idv_protocol::reading`] types. Rule:
//! a reading that is wrong and called valid is the worst outcome: what is in doubt is said to be.

pub mod compare;
mod document;
pub mod mrz;

pub use document::{has_zone, has_zone_in_front, is_readable, kind_of, read_document};
pub use mrz::MrzReader;
