//! A PDF417 symbol as rows of modules.

use super::layout::MmRect;
use crate::error::{Error, ErrorKind};
use rxing::pdf417::encoder::PDF417;

/// Height of a row over the width of a module: the least that the standard allows (ISO/IEC 15438, 5.8.2).
const ROW_RATIO: f32 = 3.0;

/// Columns of data: with them the symbol fills the width of a card.
const DATA_COLUMNS: u32 = 13;

/// Level of error correction: AAMVA asks for 3 at least and recommends 5 (AAMVA DL/ID, annex D.5).
const CORRECTION_LEVEL: u32 = 5;

/// A symbol: its text and its modules, row by row.
pub struct Barcode {
    /// What the symbol says.
    pub text: String,
    /// Modules in a row.
    pub columns: usize,
    /// Number of rows.
    pub rows: usize,
    /// True where a module is dark.
    pub dark: Vec<bool>,
}

impl Barcode {
    /// The symbol that says `text`. Fails with [`ErrorKind::BadRequest`] when there is no room for it.
    pub fn of(text: String) -> Result<Self, Error> {
        let refused = |reason: String| Error::new(ErrorKind::BadRequest, format!("no barcode: {reason}"));
        let mut encoder = PDF417::new();
        encoder.setDimensions(DATA_COLUMNS, DATA_COLUMNS, 60, 3);
        encoder.generateBarcodeLogic(&text, CORRECTION_LEVEL).map_err(|error| refused(error.to_string()))?;
        let matrix = encoder.getBarcodeMatrix().as_ref().ok_or_else(|| refused("it is empty".into()))?;
        let matrix = matrix.getScaledMatrix(1, 1);
        let columns = matrix.first().map_or(0, Vec::len);
        // The encoder's rows run from the bottom to the top.
        let dark = matrix.iter().rev().flatten().map(|module| *module != 0).collect();
        Ok(Self { text, columns, rows: matrix.len(), dark })
    }

    /// Where the symbol stands in `room`: as wide as it, but for a clear zone of two modules at each side, with
    /// rows of at least three modules' height, in the middle.
    pub fn place(&self, room: MmRect) -> MmRect {
        let clear = 2.0;
        let module = room.width / (self.columns as f32 + 2.0 * clear);
        let height = (self.rows as f32 * ROW_RATIO * module).min(room.height - 2.0 * clear * module);
        let width = module * self.columns as f32;
        MmRect::new(room.x + clear * module, room.y + (room.height - height) / 2.0, width, height)
    }
}
