//! The spine: a picture in, a reading out.

use super::correct::CorrectionParams;
use super::decode::{CLASSES, Decoded, STEPS, decode};
use super::glyph::ReadLine;
use super::layout::MAX_COLUMNS;
use super::line::{TextLine, measure};
use super::locate::{Candidate, FAR_SIDE_PX, Locator, MAX_SLOPE, NEAR_SIDE_PX, STRAIGHT_SLOPE};
use super::parse_lines;
use super::strip::{STRIP_HEIGHT, STRIP_PITCH_PX, STRIP_START_PX, STRIP_WIDTH, cut};
use super::zone::Zone;
use crate::error::Error;
use crate::frame::{Luma, RgbaView};
use crate::inference::{Model, expect_input, output};
use idv_protocol::reading::{CalendarDate, MrzReading};

/// Longer side of the plane that is read, in px: a zone that fills it has letters 40 px apart, twice of what
/// the recogniser needs.
const PLANE_SIDE_PX: u32 = 1920;

/// Candidates that are tried in each search.
const MAX_TRIED: usize = 3;

/// Searches in the order in which they are likely: whether lines run along the height, the steepest line, the
/// size of the search.
const SEARCHES: [(bool, f32, u32); 4] = [
    (false, STRAIGHT_SLOPE, NEAR_SIDE_PX),
    (true, STRAIGHT_SLOPE, NEAR_SIDE_PX),
    (false, MAX_SLOPE, FAR_SIDE_PX),
    (true, MAX_SLOPE, FAR_SIDE_PX),
];

/// Distance of two lines of a card, in heights of their letters, from which a third may stand between them.
const ROOM_BETWEEN: f32 = 2.3;

/// Glyphs from which a line is worth a second look: less is some other text.
const MIN_GLYPHS: usize = 24;

/// Mean certainty from which a line is taken to be the right way up without looking at it the other way.
const UPRIGHT_CERTAINTY: f32 = 0.9;

/// Mean certainty below which a line is looked at no further: upside down, or other text.
const CERTAINTY_MIN: f32 = 0.5;

/// Mean certainty that every line of a zone has. The least certain line of a zone in blurred pictures with letters
/// 12 px apart, of which half cannot be read, has 0.84; of a mirrored one 0.71.
const ZONE_CERTAINTY_MIN: f32 = 0.78;

/// Reads the zone of a document. Its memory is reused.
pub struct MrzReader {
    model: Box<dyn Model>,
    params: CorrectionParams,
    locator: Locator,
    plane: Luma,
    strip: Vec<f32>,
}

impl MrzReader {
    /// A reader on the `mrz_reader` model: a strip of 1 x 1 x [`STRIP_HEIGHT`] x [`STRIP_WIDTH`] in, [`STEPS`]
    /// steps of [`CLASSES`] values out. Fails with [`crate::ErrorKind::ModelUnreadable`] when the model takes another
    /// input.
    pub fn new(model: Box<dyn Model>, params: CorrectionParams) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[1, 1, STRIP_HEIGHT, STRIP_WIDTH])?;
        Ok(Self { model, params, locator: Locator::default(), plane: Luma::default(), strip: Vec::new() })
    }

    /// Reads the zone in `frame`, a rectified document or a picture with one in it, in any of four directions
    /// and leaning by at most 10 degrees. `today` settles the centuries. Nothing is found where no lines
    /// of a zone's lengths are read clearly, as in a mirror image. Fails with [`crate::ErrorKind::Inference`].
    pub fn read(&mut self, frame: RgbaView<'_>, today: CalendarDate) -> Result<Option<MrzReading>, Error> {
        let params = self.params;
        self.find(frame, |lines| parse_lines(&lines, today, &params).ok())
    }

    /// The lines that [`MrzReader::read`] reads in `frame`, as they were recognised: no format has decided anything
    /// yet. For measuring how far the recogniser's probabilities can be trusted. Fails with
    /// [`crate::ErrorKind::Inference`].
    pub fn recognise(&mut self, frame: RgbaView<'_>) -> Result<Option<Vec<ReadLine>>, Error> {
        let params = self.params;
        self.find(frame, |lines| Zone::from_lines(&lines, &params).is_ok().then_some(lines))
    }

    /// What `make` makes of the first candidate's lines of which it makes something.
    fn find<T>(
        &mut self,
        frame: RgbaView<'_>,
        make: impl Fn(Vec<ReadLine>) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        self.plane.fill_from(frame, PLANE_SIDE_PX);
        for (transposed, max_slope, side_px) in SEARCHES {
            let candidates = self.locator.find(&self.plane, transposed, max_slope, side_px);
            for candidate in candidates.iter().take(MAX_TRIED) {
                let Some(lines) = self.lines(candidate)? else { continue };
                if let Some(made) = make(lines) {
                    return Ok(Some(made));
                }
            }
        }
        Ok(None)
    }

    /// The lines of `candidate`, the right way up; nothing if they are no lines of a zone.
    fn lines(&mut self, candidate: &Candidate) -> Result<Option<Vec<ReadLine>>, Error> {
        let mut lines = measure(&self.plane, candidate);
        let Some((first, last)) = lines.first().copied().zip(lines.last().copied()) else { return Ok(None) };
        let upright = self.decoded(&first)?;
        let turned = if upright.certainty >= UPRIGHT_CERTAINTY && upright.has_zone_length() {
            Decoded::default()
        } else {
            self.decoded(&last.turned())?
        };
        if upright.certainty.max(turned.certainty) < CERTAINTY_MIN {
            return Ok(None);
        }
        let is_turned = turned.certainty > upright.certainty;
        if is_turned {
            lines.reverse();
            lines = lines.iter().map(TextLine::turned).collect();
        }
        let mut read = vec![if is_turned { turned } else { upright }];
        for line in lines.iter().skip(1) {
            read.push(self.decoded(line)?);
        }
        self.complete(candidate, &lines, &mut read)?;
        let certain = read.iter().all(|line| line.certainty >= ZONE_CERTAINTY_MIN);
        Ok(certain.then(|| read.into_iter().map(|decoded| decoded.line).collect()))
    }

    /// Takes the lines for two if the third is another text, and looks for the third of a card whose lines are
    /// too short for two.
    fn complete(
        &mut self,
        candidate: &Candidate,
        lines: &[TextLine],
        read: &mut Vec<Decoded>,
    ) -> Result<(), Error> {
        let length = |decoded: &Decoded| decoded.line.glyphs.len();
        let lengths: Vec<usize> = read.iter().map(length).collect();
        match lengths.as_slice() {
            [a, b, _] if a == b && matches!(a, 36 | 44) => read.truncate(2),
            [_, b, c] if b == c && matches!(b, 36 | 44) => {
                read.remove(0);
            }
            [30, 30] | [30, _] | [_, 30] => {
                let Some((upper, lower)) = lines.first().zip(lines.get(1)) else { return Ok(()) };
                let step_px = upper.start.distance(lower.start).max(candidate.height_px);
                // Between the two where there is room, else above or below.
                for (line, down, at) in [(upper, step_px / 2.0, 1), (upper, -step_px, 0), (lower, step_px, 2)]
                {
                    if at == 1 && step_px < ROOM_BETWEEN * upper.cap_px {
                        continue;
                    }
                    let moved = TextLine { start: line.at(0.0, down), ..*line };
                    let third = self.decoded(&moved)?;
                    if length(&third) == 30 && third.certainty >= ZONE_CERTAINTY_MIN {
                        read.insert(at, third);
                        return Ok(());
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Reads `line`; once more, cut out as its letters lie, if the first cut missed their place and they make
    /// no line of a zone.
    fn decoded(&mut self, line: &TextLine) -> Result<Decoded, Error> {
        let first = self.look(line)?;
        if first.has_zone_length() || first.certainty < CERTAINTY_MIN || first.line.glyphs.len() < MIN_GLYPHS
        {
            return Ok(first);
        }
        let per_px = line.pitch_px / STRIP_PITCH_PX;
        let (from, to) = first.ends_px;
        let moved = TextLine {
            start: line.at((from - STRIP_START_PX) * per_px, 0.0),
            pitch_px: (to - from) * per_px / first.line.glyphs.len() as f32,
            columns: MAX_COLUMNS,
            ..*line
        };
        let second = self.look(&moved)?;
        Ok(if second.has_zone_length() { second } else { first })
    }

    fn look(&mut self, line: &TextLine) -> Result<Decoded, Error> {
        cut(&self.plane, line, &mut self.strip);
        let outputs = self.model.run(&self.strip)?;
        Ok(decode(output(&outputs, 0, STEPS * CLASSES)?))
    }
}

#[cfg(test)]
#[path = "reader_tests.rs"]
mod tests;
