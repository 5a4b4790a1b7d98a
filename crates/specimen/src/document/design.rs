//! How documents look: the colours, patterns, emblems and languages of invented issuers, as a table.

use crate::random::stream;
use crate::raster::{Rgb, rgb};
use rand::seq::IndexedRandom;

/// What the lines behind the text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Crossing waves.
    Waves,
    /// Wavy rings about a point outside the page.
    Rings,
    /// Bundles of lines that wind over the page.
    Ribbons,
    /// A net of two slanted families.
    Net,
}

/// The emblem of an issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emblem {
    /// A star over the sea, in a ring of rays and laurel.
    Star,
    /// A tree in a ring.
    Tree,
    /// A lighthouse with beams.
    Lighthouse,
    /// A sun behind mountains.
    Sun,
}

/// How the portrait is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// In colour.
    Colour,
    /// Engraved by laser: shades of grey.
    Engraved,
}

/// How the portrait ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Soft, with rounded corners.
    Soft,
    /// Sharp, inside a thin frame.
    Framed,
    /// Faded into the background all round.
    Faded,
}

/// How the head of the page is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Head {
    /// Two rules with microprint between them.
    Rules,
    /// A filled band behind the head's text.
    Band,
    /// Nothing but a line of microprint.
    Plain,
}

/// The second language of labels; the first is English.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// French.
    French,
    /// Spanish.
    Spanish,
    /// German.
    German,
    /// Italian.
    Italian,
}

/// The look of one series of documents.
#[derive(Debug, PartialEq)]
pub struct Design {
    /// Name of the series, for labels.
    pub name: &'static str,
    /// Name of the issuer, in the head.
    pub state: &'static str,
    /// Left, middle and right colour of the paper.
    pub paper: [Rgb; 3],
    /// Colours of the security lines: two families and what they fade to.
    pub lines: [Rgb; 4],
    /// Colour of the head and of rules.
    pub head_ink: u32,
    /// Colour of labels.
    pub label_ink: u32,
    /// Pattern behind the text.
    pub pattern: Pattern,
    /// Emblem.
    pub emblem: Emblem,
    /// How the portrait is printed.
    pub tone: Tone,
    /// How the portrait ends.
    pub edge: Edge,
    /// How the head is set off.
    pub head: Head,
    /// Second language of the labels.
    pub language: Language,
    /// Width of letters over the font's own.
    pub stretch: f32,
    /// Opacity of the security lines over the usual.
    pub depth: f32,
    /// Petals of the rosettes.
    pub petals: u32,
}

const fn palette(colours: [u32; 4]) -> [Rgb; 4] {
    [rgb(colours[0]), rgb(colours[1]), rgb(colours[2]), rgb(colours[3])]
}

const fn sheet(colours: [u32; 3]) -> [Rgb; 3] {
    [rgb(colours[0]), rgb(colours[1]), rgb(colours[2])]
}

/// The passport series of Utopia, first of all series.
pub const SEA: Design = Design {
    name: "utopia_sea",
    state: "UTOPIA",
    paper: sheet([0xdcece8, 0xf5f0df, 0xf2e0e4]),
    lines: palette([0x2a7f86, 0x39508f, 0xa9812f, 0xb0587a]),
    head_ink: 0x1c2f5c,
    label_ink: 0x42548a,
    pattern: Pattern::Waves,
    emblem: Emblem::Star,
    tone: Tone::Colour,
    edge: Edge::Soft,
    head: Head::Rules,
    language: Language::French,
    stretch: 1.0,
    depth: 1.0,
    petals: 12,
};

/// Series of Utopia itself.
pub const UTOPIAN: [Design; 4] = [
    SEA,
    Design {
        name: "utopia_moss",
        paper: sheet([0xe3edd9, 0xf3f2e2, 0xdfe9ea]),
        lines: palette([0x4f7f3a, 0x2f6f6a, 0x8a8a2f, 0x4a6fa0]),
        head_ink: 0x234a2f,
        label_ink: 0x3f6a4a,
        pattern: Pattern::Net,
        tone: Tone::Engraved,
        edge: Edge::Faded,
        head: Head::Plain,
        language: Language::German,
        stretch: 0.92,
        depth: 0.9,
        petals: 9,
        ..SEA
    },
    Design {
        name: "utopia_dusk",
        paper: sheet([0xe9dff0, 0xf7e8df, 0xfae9c8]),
        lines: palette([0x7a4d9a, 0xb0506a, 0xc07a3a, 0xd0a030]),
        head_ink: 0x4a1f5c,
        label_ink: 0x6d4a86,
        pattern: Pattern::Rings,
        edge: Edge::Framed,
        head: Head::Band,
        language: Language::Spanish,
        stretch: 0.95,
        depth: 0.95,
        petals: 16,
        ..SEA
    },
    Design {
        name: "utopia_ice",
        paper: sheet([0xdde9f5, 0xeef3f7, 0xd7e4ee]),
        lines: palette([0x3a6fae, 0x5a5fae, 0x3a9aae, 0x7a8fb0]),
        head_ink: 0x123f6b,
        label_ink: 0x4a6a8c,
        pattern: Pattern::Ribbons,
        tone: Tone::Engraved,
        edge: Edge::Soft,
        head: Head::Rules,
        language: Language::Italian,
        stretch: 0.9,
        depth: 1.05,
        petals: 10,
        ..SEA
    },
];

/// Series of the invented countries of the Utopian sea, which use Utopia's code in the zone.
pub const NEIGHBOURS: [Design; 4] = [
    Design {
        name: "anydria",
        state: "REPUBLIC OF ANYDRIA",
        paper: sheet([0xf4dfe6, 0xf6ecef, 0xe3ddf0]),
        lines: palette([0xb0416e, 0x6a4a9e, 0xc0607a, 0x8a6fc0]),
        head_ink: 0x6b1540,
        label_ink: 0x8a4566,
        pattern: Pattern::Ribbons,
        emblem: Emblem::Tree,
        tone: Tone::Engraved,
        edge: Edge::Faded,
        head: Head::Plain,
        language: Language::French,
        stretch: 0.9,
        depth: 0.95,
        petals: 11,
    },
    Design {
        name: "amaurotia",
        state: "COMMONWEALTH OF AMAUROTIA",
        paper: sheet([0xdff0ef, 0xeef5e8, 0xcfe6ec]),
        lines: palette([0x1f8a8a, 0x2f9a5a, 0x2a6fa0, 0x60b0a0]),
        head_ink: 0x0c4a52,
        label_ink: 0x2f6f78,
        pattern: Pattern::Net,
        emblem: Emblem::Lighthouse,
        tone: Tone::Colour,
        edge: Edge::Framed,
        head: Head::Band,
        language: Language::German,
        stretch: 0.94,
        depth: 0.9,
        petals: 14,
    },
    Design {
        name: "polyleria",
        state: "FREE CITIES OF POLYLERIA",
        paper: sheet([0xf8eccb, 0xf4e9da, 0xf3d9c4]),
        lines: palette([0xb0762a, 0xa04a2f, 0xc09a3a, 0x8a5a4a]),
        head_ink: 0x5c2c10,
        label_ink: 0x8a5a34,
        pattern: Pattern::Rings,
        emblem: Emblem::Sun,
        tone: Tone::Engraved,
        edge: Edge::Soft,
        head: Head::Rules,
        language: Language::Spanish,
        stretch: 0.96,
        depth: 1.0,
        petals: 8,
    },
    Design {
        name: "macaria",
        state: "PRINCIPALITY OF MACARIA",
        paper: sheet([0xe6ecd4, 0xeef0e4, 0xd8e2e0]),
        lines: palette([0x5c7a2f, 0x2f5c4a, 0x8a8a3a, 0x3a6a7a]),
        head_ink: 0x2f3f14,
        label_ink: 0x566a3a,
        pattern: Pattern::Waves,
        emblem: Emblem::Tree,
        tone: Tone::Colour,
        edge: Edge::Faded,
        head: Head::Band,
        language: Language::Italian,
        stretch: 0.92,
        depth: 0.9,
        petals: 13,
    },
];

/// The series among `from` that the documents with `seed` belong to, the same for both sides of a card.
pub fn drawn(seed: u64, from: &'static [Design]) -> &'static Design {
    from.choose(&mut stream(seed, "design")).unwrap_or(&SEA)
}
