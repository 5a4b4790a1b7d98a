//! The kinds of specimen that can be made.

use super::design::{self, Design};
use super::mrz::Format;
use super::template::{self, Template};

/// One side of a kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Front of an identity card.
    Td1Front,
    /// Back of an identity card, with the zone of three lines.
    Td1Back,
    /// Identity document of the larger size, with the zone on the front.
    Td2,
    /// Data page of a passport.
    Td3,
    /// Larger visa.
    MrvA,
    /// Smaller visa.
    MrvB,
    /// Front of a permit of residence.
    Residence,
    /// Back of a permit of residence, with the zone of three lines.
    ResidenceBack,
    /// Back of a driving licence, with the barcode.
    LicenceBack,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Td1Front,
        Self::Td1Back,
        Self::Td2,
        Self::Td3,
        Self::MrvA,
        Self::MrvB,
        Self::Residence,
        Self::ResidenceBack,
        Self::LicenceBack,
    ];

    /// Its name on the command line and in labels.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Td1Front => "td1-front",
            Self::Td1Back => "td1-back",
            Self::Td2 => "td2",
            Self::Td3 => "td3",
            Self::MrvA => "mrv-a",
            Self::MrvB => "mrv-b",
            Self::Residence => "residence",
            Self::ResidenceBack => "residence-back",
            Self::LicenceBack => "licence-back",
        }
    }

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The format of its zone, where it has one.
    pub fn format(self) -> Option<Format> {
        self.template(&design::SEA).mrz.map(|place| place.format)
    }

    /// The series it may belong to.
    pub(super) fn designs(self) -> &'static [Design] {
        match self {
            Self::Residence | Self::ResidenceBack | Self::LicenceBack => &design::NEIGHBOURS,
            _ => &design::UTOPIAN,
        }
    }

    /// Where everything stands on it, in the look of `design`.
    pub(super) fn template(self, design: &Design) -> &'static Template {
        match self {
            Self::Td1Front => &template::TD1_FRONT,
            Self::Td1Back => &template::TD1_BACK,
            Self::Td2 => &template::TD2,
            Self::Td3 => &template::TD3,
            Self::MrvA => &template::MRV_A,
            Self::MrvB => &template::MRV_B,
            Self::Residence => {
                let [left, right, strip] = &template::RESIDENCE_FRONTS;
                match design.name {
                    "amaurotia" => right,
                    "polyleria" => strip,
                    _ => left,
                }
            }
            Self::ResidenceBack => &template::RESIDENCE_BACK,
            Self::LicenceBack => &template::LICENCE_BACK,
        }
    }
}
