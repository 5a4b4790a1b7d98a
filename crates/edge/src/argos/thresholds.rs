//! Why step2 asks for another try: the rule of the vendor page as a pure function, for a sandbox, and for a
//! customer's server that wants to explain a try.

/// Likeness of the faces below which a try is used up (vendor page, section 5).
pub const FACE_SIMILARITY_MIN: f32 = 85.0;
/// Liveness below which a try is used up (vendor page, section 5).
pub const LIVENESS_MIN: f32 = 50.0;
/// Number of faces from which a try is used up (vendor page, section 5). Two are taken: the page says three
/// or more.
const TOO_MANY_FACES: u32 = 3;

/// One reason for another try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RetryCause {
    /// No face in the picture.
    NoFace,
    /// Three faces or more.
    TooManyFaces,
    /// The faces are less than 85 alike.
    FaceDiffers,
    /// Liveness is less than 50.
    NotAlive,
    /// The number of a Korean document is not on record.
    IdentityNotOnRecord,
}

impl RetryCause {
    /// The first cause that a try gives, in the order of the page; `None` where it gives none. Scores are 0
    /// to 100 and one that is not a number counts as 0; `korean_id_ok` is `None` for other documents.
    pub fn of(faces: u32, similarity: f32, liveness: f32, korean_id_ok: Option<bool>) -> Option<Self> {
        if faces == 0 {
            Some(Self::NoFace)
        } else if faces >= TOO_MANY_FACES {
            Some(Self::TooManyFaces)
        } else if similarity.is_nan() || similarity < FACE_SIMILARITY_MIN {
            Some(Self::FaceDiffers)
        } else if liveness.is_nan() || liveness < LIVENESS_MIN {
            Some(Self::NotAlive)
        } else if korean_id_ok == Some(false) {
            Some(Self::IdentityNotOnRecord)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_try_is_used_up_for_exactly_the_five_causes_of_the_page() {
        assert_eq!(RetryCause::of(1, 85.0, 50.0, None), None);
        assert_eq!(RetryCause::of(2, 100.0, 100.0, Some(true)), None);
        assert_eq!(RetryCause::of(0, 100.0, 100.0, None), Some(RetryCause::NoFace));
        assert_eq!(RetryCause::of(3, 100.0, 100.0, None), Some(RetryCause::TooManyFaces));
        assert_eq!(RetryCause::of(1, 84.9, 100.0, None), Some(RetryCause::FaceDiffers));
        assert_eq!(RetryCause::of(1, 85.0, 49.9, None), Some(RetryCause::NotAlive));
        assert_eq!(RetryCause::of(1, 85.0, 50.0, Some(false)), Some(RetryCause::IdentityNotOnRecord));
        assert_eq!(RetryCause::of(1, f32::NAN, 100.0, None), Some(RetryCause::FaceDiffers));
        assert_eq!(RetryCause::of(1, 100.0, f32::NAN, None), Some(RetryCause::NotAlive));
    }
}
