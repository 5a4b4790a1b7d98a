//! From the recogniser's output to glyphs. In: what the network says of each step along a strip. Out: glyphs
//! with alternatives. Rule: letters of a zone stand in cells of one width; what is seen twice in a cell is one
//! glyph that is in doubt, and a cell in which nothing was seen between two others is a glyph that is in doubt
//! as well.

use super::check::FILLER;
use super::glyph::{Glyph, ReadLine};
use super::strip::STRIP_PITCH_PX;

/// Classes of the network: 0 is none, then 0 to 9, A to Z and the filler.
pub const CLASSES: usize = 38;

/// Steps of the network along a strip.
pub const STEPS: usize = 192;

/// Width of a step in px of the strip.
pub const STEP_PX: f32 = 4.0;

/// Probability of a character from which a step shows one.
const SHOWN_MIN: f32 = 0.3;

/// Pitches in steps that are believed: what the cutting out leaves of [`STRIP_PITCH_PX`].
const PITCH_RANGE: (f32, f32) = (3.0, 5.2);

/// Most bend of a grid in steps: cells that are 8 % wider at the end of a line than in its middle.
const MAX_BEND: f32 = 0.012;

/// Middle part of a cell in which its character shows.
const CELL_SHARE: f32 = 0.6;

/// Probability below which an alternative is not kept.
const ALTERNATIVE_MIN: f32 = 0.001;

/// Temperature of the network's probabilities. Trained with smoothed labels it claims too little: at this temperature
/// the characters of held-out lines are most likely, and their calibration error falls from 0.0086 to 0.0007
/// (`models/training/mrz/calibrate.py`). To be fitted again for another network.
const TEMPERATURE: f32 = 0.725;

/// Columns that a line can have.
const COLUMNS: [usize; 3] = [30, 36, 44];

/// Probability below which a glyph at an end, of a line one glyph too long, is no glyph.
const END_MIN: f32 = 0.6;

/// A line that was read.
#[derive(Clone, Default)]
pub struct Decoded {
    /// Its glyphs.
    pub line: ReadLine,
    /// How clearly its characters show, 0 to 1: the mean of the network's own probabilities of the first choices;
    /// 0 for an empty line.
    pub certainty: f32,
    /// Where its first cell begins and its last one ends, in px of the strip.
    pub ends_px: (f32, f32),
}

impl Decoded {
    /// Whether the line has a length that a zone can have.
    pub fn has_zone_length(&self) -> bool {
        COLUMNS.contains(&self.line.glyphs.len())
    }
}

/// The character of a class from 1 on.
fn character(class: usize) -> u8 {
    match class {
        1..=10 => b'0' + (class - 1) as u8,
        11..=36 => b'A' + (class - 11) as u8,
        _ => FILLER,
    }
}

/// Something seen at one place.
#[derive(Clone)]
struct Sighting {
    /// Middle in steps.
    at: f32,
    /// First and last step.
    from: usize,
    to: usize,
}

/// Reads `logits`, [`STEPS`] rows of [`CLASSES`] values, raw or normalised. Fewer steps are read as they are.
pub fn decode(logits: &[f32]) -> Decoded {
    let steps: Vec<[f32; CLASSES]> = logits.chunks_exact(CLASSES).map(|row| softmax(row, 1.0)).collect();
    let calibrated: Vec<[f32; CLASSES]> =
        logits.chunks_exact(CLASSES).map(|row| softmax(row, TEMPERATURE)).collect();
    let sightings = sightings(&steps);
    let Some(grid) = Grid::fit(&sightings) else { return Decoded::default() };
    let cell = |sighting: &Sighting| grid.cell(sighting.at).round() as i32;
    let cells = sightings.iter().map(cell);
    let Some((first, last)) = cells.clone().min().zip(cells.max()) else { return Decoded::default() };
    // A strip has no more cells than this, whatever the grid.
    let last = last.min(first + (STEPS as f32 / PITCH_RANGE.0) as i32);
    let mut glyphs: Vec<Glyph> = Vec::new();
    let mut shown: Vec<f32> = Vec::new();
    for index in first..=last {
        let middle = grid.middle(index as f32);
        let half = CELL_SHARE / 2.0 * grid.pitch;
        let mut from = (middle - half).round().max(0.0) as usize;
        let mut to = (middle + half).round().max(0.0) as usize;
        for sighting in sightings.iter().filter(|sighting| cell(sighting) == index) {
            (from, to) = (from.min(sighting.from), to.max(sighting.to));
        }
        let inside = from..(to + 1).min(steps.len());
        shown.push(clarity(steps.get(inside.clone()).unwrap_or_default()));
        glyphs.push(glyph(calibrated.get(inside).unwrap_or_default()));
    }
    let from_start = trim(&mut glyphs);
    let start = from_start as f32 + first as f32;
    let sum: f32 = shown.iter().skip(from_start).take(glyphs.len()).sum();
    let certainty = sum / glyphs.len().max(1) as f32;
    let px = |cell: f32| (grid.middle(cell) + 0.5) * STEP_PX;
    let ends_px = (px(start - 0.5), px(start + glyphs.len() as f32 - 0.5));
    Decoded { line: ReadLine { glyphs }, certainty, ends_px }
}

fn softmax(row: &[f32], temperature: f32) -> [f32; CLASSES] {
    let highest = row.iter().copied().fold(f32::MIN, f32::max);
    let mut out = [0.0; CLASSES];
    for (out, value) in out.iter_mut().zip(row) {
        *out = ((value - highest) / temperature).exp();
    }
    let sum: f32 = out.iter().sum();
    out.map(|value| if sum > 0.0 { value / sum } else { 0.0 })
}

/// Runs of steps in which one and the same character shows.
fn sightings(steps: &[[f32; CLASSES]]) -> Vec<Sighting> {
    let mut found: Vec<Sighting> = Vec::new();
    let mut before = 0;
    for (at, step) in steps.iter().enumerate() {
        let best = (1..CLASSES).max_by(|a, b| step[*a].total_cmp(&step[*b])).unwrap_or(0);
        let class = if step[best] >= SHOWN_MIN { best } else { 0 };
        if class != 0 && class == before {
            if let Some(last) = found.last_mut() {
                last.to = at;
                last.at = (last.from + at) as f32 / 2.0;
            }
        } else if class != 0 {
            found.push(Sighting { at: at as f32, from: at, to: at });
        }
        before = class;
    }
    found
}

/// Where the cells are: the middle of cell k is at `origin` + `pitch` k + `bend` k^2, in steps. Perspective makes
/// cells wider towards one end.
#[derive(Clone, Copy)]
struct Grid {
    origin: f32,
    pitch: f32,
    bend: f32,
}

impl Grid {
    fn middle(&self, cell: f32) -> f32 {
        self.origin + self.pitch * cell + self.bend * cell * cell
    }

    /// The cell whose middle is at `at`, between two of them as a fraction.
    fn cell(&self, at: f32) -> f32 {
        let mut cell = (at - self.origin) / self.pitch;
        // Newton's steps; the bend is small against the pitch.
        for _ in 0..3 {
            let rise = (self.pitch + 2.0 * self.bend * cell).max(0.5 * self.pitch);
            cell -= (self.middle(cell) - at) / rise;
        }
        cell
    }

    /// The grid that fits the sightings, from the middle outwards, so that an error of the first pitch does not
    /// add up to a cell.
    fn fit(sightings: &[Sighting]) -> Option<Self> {
        let mut gaps: Vec<f32> = sightings
            .windows(2)
            .filter_map(|pair| match pair {
                [a, b] => Some(b.at - a.at),
                _ => None,
            })
            .filter(|gap| (PITCH_RANGE.0..=PITCH_RANGE.1).contains(gap))
            .collect();
        gaps.sort_by(f32::total_cmp);
        let pitch = gaps.get(gaps.len() / 2).copied().unwrap_or(STRIP_PITCH_PX / STEP_PX);
        let middle = sightings.get(sightings.len() / 2)?.at;
        let mut grid = Self { origin: middle, pitch, bend: 0.0 };
        for (reach, bends) in
            [(0.1, false), (0.2, false), (0.35, true), (0.6, true), (1.0, true), (1.0, true)]
        {
            let near =
                sightings.iter().filter(|sighting| (sighting.at - middle).abs() <= reach * STEPS as f32);
            let placed = near.map(|sighting| (grid.cell(sighting.at).round(), sighting.at));
            let kept = placed.filter(|(cell, at)| (at - grid.middle(*cell)).abs() < 0.4 * grid.pitch);
            let kept: Vec<(f32, f32)> = kept.collect();
            grid = grid.refitted(&kept, bends);
        }
        Some(grid)
    }

    /// Least squares through (cell, step); what cannot be fitted stays.
    fn refitted(self, points: &[(f32, f32)], bends: bool) -> Self {
        let mut sums = [0f64; 5];
        let mut moments = [0f64; 3];
        for &(cell, at) in points {
            let mut power = 1.0;
            for (order, sum) in sums.iter_mut().enumerate() {
                *sum += power;
                if let Some(moment) = moments.get_mut(order) {
                    *moment += power * f64::from(at);
                }
                power *= f64::from(cell);
            }
        }
        let [n, x, xx, xxx, xxxx] = sums;
        let [y, xy, xxy] = moments;
        let determinant = |m: [[f64; 3]; 3]| {
            m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1])
                - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0])
                + m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
        };
        let whole = determinant([[n, x, xx], [x, xx, xxx], [xx, xxx, xxxx]]);
        let line = n * xx - x * x;
        let fitted = if bends && points.len() > 6 && whole.abs() > 1e-6 {
            Self {
                origin: (determinant([[y, x, xx], [xy, xx, xxx], [xxy, xxx, xxxx]]) / whole) as f32,
                pitch: (determinant([[n, y, xx], [x, xy, xxx], [xx, xxy, xxxx]]) / whole) as f32,
                bend: (determinant([[n, x, y], [x, xx, xy], [xx, xxx, xxy]]) / whole) as f32,
            }
        } else if line.abs() > 1e-6 {
            let pitch = (n * xy - x * y) / line;
            Self { origin: ((y - pitch * x) / n) as f32, pitch: pitch as f32, bend: 0.0 }
        } else {
            return self;
        };
        let sound = (PITCH_RANGE.0..=PITCH_RANGE.1).contains(&fitted.pitch) && fitted.bend.abs() < MAX_BEND;
        if sound { fitted } else { self }
    }
}

/// The class of the character that shows most in a step, with its probability.
fn best(step: &[f32; CLASSES]) -> (usize, f32) {
    let classes = step.iter().copied().enumerate().skip(1);
    classes.fold((0, 0.0), |best, (class, p)| if p > best.1 { (class, p) } else { best })
}

/// The probability of the character that shows most in the steps of one cell.
fn clarity(steps: &[[f32; CLASSES]]) -> f32 {
    steps.iter().map(|step| best(step).1).fold(0.0, f32::max)
}

/// What the steps of one cell say together: all that the step says in which a character shows most, which is what
/// [`TEMPERATURE`] was fitted on, and the character that shows in each other step. The rest of what those say comes
/// from the edge of the character and is no evidence. As shares where they are more than 1 in sum.
fn glyph(steps: &[[f32; CLASSES]]) -> Glyph {
    let strongest = steps.iter().max_by(|a, b| best(a).1.total_cmp(&best(b).1));
    let mut seen = strongest.copied().unwrap_or([0.0; CLASSES]);
    for step in steps {
        let (class, p) = best(step);
        if let Some(slot) = seen.get_mut(class) {
            *slot = slot.max(p);
        }
    }
    let sum: f32 = seen.iter().skip(1).sum::<f32>().max(1.0);
    let kept = seen.iter().enumerate().skip(1).map(|(class, value)| (character(class), value / sum));
    let glyph = Glyph::new(kept.filter(|(_, value)| *value >= ALTERNATIVE_MIN));
    if glyph.alternatives().is_empty() { Glyph::new([(FILLER, 0.0)]) } else { glyph }
}

fn probability(glyph: &Glyph) -> f32 {
    glyph.alternatives().first().map_or(0.0, |(_, probability)| *probability)
}

/// Takes doubtful glyphs off the ends of a line that is too long by one or two: something beside the line.
/// Returns how many went from the start.
fn trim(glyphs: &mut Vec<Glyph>) -> usize {
    let too_long = |columns: &&usize| (**columns + 1..=**columns + 2).contains(&glyphs.len());
    let Some(&columns) = COLUMNS.iter().find(too_long) else { return 0 };
    let mut from_start = 0;
    while glyphs.len() > columns {
        let first = glyphs.first().map_or(1.0, probability);
        let last = glyphs.last().map_or(1.0, probability);
        if first.min(last) >= END_MIN {
            break;
        }
        if first < last {
            glyphs.remove(0);
            from_start += 1;
        } else {
            glyphs.pop();
        }
    }
    from_start
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Logits in which each (step, character, probability) shows; the rest is blank.
    fn logits(shown: &[(usize, u8, f32)]) -> Vec<f32> {
        let mut steps = vec![[1e-6f32; CLASSES]; STEPS];
        for step in &mut steps {
            step[0] = 1.0;
        }
        for &(at, letter, p) in shown {
            let class = (1..CLASSES).find(|&class| character(class) == letter).expect("a character");
            steps[at][class] = p;
            steps[at][0] -= p;
        }
        steps.iter().flatten().map(|p| p.max(1e-6).ln()).collect()
    }

    fn line(text: &str) -> Vec<(usize, u8, f32)> {
        text.bytes().enumerate().map(|(i, c)| (4 + 4 * i, c, 0.99)).collect()
    }

    const TEXT: &str = "IDCHES0002068<8<<<<<<<<<<<<<<<";

    #[test]
    fn reads_a_line_and_its_repeated_characters() {
        let decoded = decode(&logits(&line(TEXT)));
        assert_eq!(decoded.line.text(), TEXT);
        assert!(decoded.has_zone_length() && decoded.certainty > 0.98);
    }

    #[test]
    fn two_characters_in_one_cell_are_one_glyph_in_doubt() {
        let mut shown = line(TEXT);
        shown.push((4 + 4 * 3 + 1, b'M', 0.8));
        let decoded = decode(&logits(&shown));
        assert_eq!(decoded.line.text(), TEXT);
        let alternatives = decoded.line.glyphs[3].alternatives();
        assert_eq!((alternatives[0].0, alternatives[1].0), (b'H', b'M'));
        assert!(alternatives[0].1 < 0.6 && alternatives[1].1 > 0.4);
    }

    #[test]
    fn an_empty_cell_is_a_glyph_in_doubt() {
        let mut shown = line(TEXT);
        shown[5].2 = 0.1;
        let decoded = decode(&logits(&shown));
        assert_eq!(decoded.line.text(), TEXT);
        assert!(decoded.line.glyphs[5].alternatives()[0].1 < 0.2);
    }

    #[test]
    fn something_faint_beside_the_line_is_no_glyph() {
        let mut shown = line(TEXT);
        shown.push((4 + 4 * 30, b'1', 0.5));
        assert_eq!(decode(&logits(&shown)).line.text(), TEXT);
        shown.push((4 + 4 * 31, b'1', 0.99));
        assert!(!decode(&logits(&shown)).has_zone_length(), "a line of another length is reported as it is");
    }

    #[test]
    fn nothing_is_read_from_nothing() {
        for logits in [vec![], vec![0.0; CLASSES * STEPS], vec![f32::NAN; CLASSES * STEPS], logits(&[])] {
            assert!(!decode(&logits).has_zone_length());
        }
    }
}
