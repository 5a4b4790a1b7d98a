//! One document or one face looked at on its own, without a session's evidence: what a vendor sees of a verification.
//!
//! In: decoded pictures. Out: what was found, read and measured. Rule: nothing is decided here.

use super::models::Judge;
use super::{ReadOff, barcode, document, face, zone};
use idv_protocol::DocumentKind;
use idv_protocol::reading::CalendarDate;
use idv_vision::Error;
use idv_vision::face::{Embedding, main_faces};
use idv_vision::frame::RgbaImage;

/// What a document shows.
pub struct DocumentLook {
    /// Its shape by proportions.
    pub kind: DocumentKind,
    /// Whether it was found in the picture of its back; `None` where there is no such picture.
    pub back_found: Option<bool>,
    /// What was read off both sides.
    pub read: ReadOff,
    /// Its portrait, where one was found.
    pub portrait: Option<Embedding>,
}

/// What a picture of a person shows.
pub struct FaceLook {
    /// Faces, without those in the background.
    pub faces: u32,
    /// The largest one.
    pub embedding: Option<Embedding>,
    /// Probability of a live face by the passive model, 0 to 1; `None` without that model, or without a face.
    pub live: Option<f32>,
}

impl Judge {
    /// Looks for a document of one of the `accepted` shapes in `front`, reads it, and its barcode where
    /// `with_barcode`; `None` where there is none.
    pub fn look_at_document(
        &self,
        front: &RgbaImage,
        back: Option<&RgbaImage>,
        accepted: &[DocumentKind],
        with_barcode: bool,
        today: CalendarDate,
    ) -> Result<Option<DocumentLook>, Error> {
        let mut models = self.lock();
        let Some(found) = document::find_in(&mut models, front, accepted)? else { return Ok(None) };
        let found_back = match back {
            Some(picture) => document::find_in(&mut models, picture, accepted)?,
            None => None,
        };
        let zone = zone::read(&mut models, &found, found_back.as_ref(), today)?;
        let licence = match (&found_back, with_barcode) {
            (Some(side), true) => barcode::read(back, side)?,
            (None, true) => barcode::read(Some(front), &found)?,
            (_, false) => None,
        };
        Ok(Some(DocumentLook {
            kind: found.kind,
            back_found: back.map(|_| found_back.is_some()),
            read: ReadOff { zone, licence },
            portrait: document::portrait(&mut models, &found)?,
        }))
    }

    /// Looks at the largest face of `picture`.
    pub fn look_at_face(&self, picture: &RgbaImage) -> Result<FaceLook, Error> {
        let mut models = self.lock();
        let view = picture.view()?;
        let faces = main_faces(models.detector.detect(view)?);
        let mut look =
            FaceLook { faces: u32::try_from(faces.len()).unwrap_or(u32::MAX), embedding: None, live: None };
        let Some(largest) = faces.first() else { return Ok(look) };
        look.embedding = face::look(&mut models, view, largest, None)?.map(|seen| seen.embedding);
        if let Some(passive) = models.passive.as_mut() {
            look.live = Some(passive.score(view, largest)?);
        }
        Ok(look)
    }
}
