//! What the document tests look at: drawn scenes and labelled photos.

pub mod canvas;
pub mod photos;
pub mod scene;
