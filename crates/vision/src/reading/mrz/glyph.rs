//! Characters as a recogniser reads them.

/// Alternatives that are kept of a glyph.
pub const ALTERNATIVES: usize = 5;

/// A character as a recogniser reads it: what it may be, most probable first.
#[derive(Clone, Copy, PartialEq)]
pub struct Glyph {
    alternatives: [(u8, f32); ALTERNATIVES],
    len: usize,
}

impl Glyph {
    /// A glyph that may be any of `alternatives` (character, probability 0 to 1), in any order; the
    /// [`ALTERNATIVES`] most probable are kept, and probabilities that are no number count as 0.
    pub fn new(alternatives: impl IntoIterator<Item = (u8, f32)>) -> Self {
        let mut glyph = Self { alternatives: [(0, 0.0); ALTERNATIVES], len: 0 };
        for (character, probability) in alternatives {
            let probability = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
            let kept = &glyph.alternatives[..glyph.len];
            let at = kept.iter().position(|(_, other)| probability > *other).unwrap_or(glyph.len);
            if at >= ALTERNATIVES {
                continue;
            }
            glyph.len = (glyph.len + 1).min(ALTERNATIVES);
            glyph.alternatives[at..glyph.len].rotate_right(1);
            glyph.alternatives[at] = (character, probability);
        }
        glyph
    }

    /// A glyph that is certain.
    pub fn certain(character: u8) -> Self {
        Self::new([(character, 1.0)])
    }

    /// What it may be, most probable first.
    pub fn alternatives(&self) -> &[(u8, f32)] {
        &self.alternatives[..self.len]
    }
}

/// A line as a recogniser reads it. No `Debug`: it is personal data.
#[derive(Clone, Default, PartialEq)]
pub struct ReadLine {
    /// Its glyphs from left to right.
    pub glyphs: Vec<Glyph>,
}

impl ReadLine {
    /// The most probable characters; a glyph without alternatives is a space.
    pub fn text(&self) -> String {
        let first = |glyph: &Glyph| glyph.alternatives().first().map_or(' ', |(c, _)| char::from(*c));
        self.glyphs.iter().map(first).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_most_probable_alternatives_in_order() {
        let given = [(b'A', 0.1), (b'B', 0.5), (b'C', f32::NAN), (b'D', 0.2), (b'E', 0.15), (b'F', 0.05)];
        let glyph = Glyph::new(given);
        let order: Vec<u8> = glyph.alternatives().iter().map(|(character, _)| *character).collect();
        assert_eq!(order, b"BDEAF");
    }
}
