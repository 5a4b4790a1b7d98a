//! Limits of a readable document.

/// Pitch of OCR-B in the machine-readable zone: 10 characters an inch (ICAO Doc 9303-3, 4.2.1), in mm.
pub const MRZ_PITCH_MM: f32 = 2.54;

/// Stroke width of OCR-B size I (ISO 1073-2), in mm.
pub const MRZ_STROKE_MM: f32 = 0.35;

/// Limits for [`super::measure_document`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocumentQualityParams {
    /// Least distance of a corner from the frame's edge, in shares of the frame's shorter side: 14 px of 720. Nearer
    /// than that, what looks like a side can be a line of print of a document that goes on beyond the frame.
    pub min_margin_ratio: f32,
    /// Least pitch of the machine-readable zone in px. 12 px of pitch make capital letters 11 px high: Tesseract's
    /// guide gives 10 px as the height under which reading fails, 20 px as what it reads best, which no 720 line
    /// camera shows of a whole passport page.
    pub min_pitch_px: f32,
    /// Lowest mean luma. Paper then lies near 70: after gamma some 5 % of full light, where the noise of a
    /// webcam comes near the contrast of grey print.
    pub min_luma: f32,
    /// Highest mean luma. Print takes some 15 % of a page: above this the paper itself is near 255.
    pub max_luma: f32,
    /// Largest tilt in degrees: cos 30 squeezes letters by 13 % and takes the far side out of focus at arm's length.
    pub max_tilt_deg: f32,
    /// Largest motion of a corner within [`super::Motion::WINDOW_MS`], in shares of the diagonal. 0.015 of a
    /// passport page's 153 mm in 200 ms is 0.38 mm in a shutter time of 33 ms: one stroke of the machine-readable
    /// zone ([`MRZ_STROKE_MM`]).
    pub max_motion_ratio: f32,
    /// Least sharpness: the steepest steps of the print, in shares of its contrast per 0.25 mm. On a passport page
    /// a Gaussian blur with a deviation of half a stroke of the machine-readable zone ([`MRZ_STROKE_MM`]) leaves
    /// 0.2; a focused camera gives 0.25 to 0.4.
    pub min_sharpness: f32,
    /// Largest share of the document that is blown out without structure: of a passport page 1 % is 1.1 square
    /// centimetres, ten letters of the machine-readable zone.
    pub max_glare_ratio: f32,
}

impl Default for DocumentQualityParams {
    fn default() -> Self {
        Self {
            min_margin_ratio: 0.02,
            min_pitch_px: 12.0,
            min_luma: 50.0,
            max_luma: 225.0,
            max_tilt_deg: 30.0,
            max_motion_ratio: 0.015,
            min_sharpness: 0.2,
            max_glare_ratio: 0.01,
        }
    }
}
