//! What a barcode on a document says. All of it is personal data: no `Debug` shows a character of it.

use crate::geometry::Quad;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Kind of barcode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BarcodeFormat {
    /// Stacked bars (ISO/IEC 15438), as on driving licences of North America.
    Pdf417,
    /// Squares (ISO/IEC 18004).
    QrCode,
}

/// A barcode that was read. `Debug` shows its kind, place and length only.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BarcodeReading {
    /// Its kind.
    pub format: BarcodeFormat,
    /// Its corners in px of the picture it was read from, where they are known.
    pub quad: Option<Quad>,
    /// Its text.
    pub text: String,
    /// Its fields, where the text is that of a driving licence or identity card by AAMVA.
    pub licence: Option<LicenceReading>,
}

impl fmt::Debug for BarcodeReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BarcodeReading")
            .field("format", &self.format)
            .field("quad", &self.quad)
            .field("length", &self.text.len())
            .field("licence", &self.licence)
            .finish_non_exhaustive()
    }
}

/// Which card an AAMVA barcode belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LicenceKind {
    /// Driving licence, subfile `DL`.
    DrivingLicence,
    /// Identity card, subfile `ID`.
    IdentityCard,
}

/// What the barcode of a driving licence or identity card says (AAMVA DL/ID card design standard). Dates are
/// `1974-08-12`; what the barcode lacks is `None`. `Debug` shows kind, versions and which fields are there.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LicenceReading {
    /// Kind of card.
    pub kind: LicenceKind,
    /// Number of the issuer, six digits.
    pub issuer_number: String,
    /// Version of the standard, 1 (2000) to 10 (2020) and later.
    pub version: u8,
    /// Number of the licence or card (`DAQ`).
    pub document_number: Option<String>,
    /// Family name (`DCS`).
    pub surname: Option<String>,
    /// First name and middle names, in this order (`DAC` and `DAD`, or `DCT`).
    pub given_names: Option<String>,
    /// True when the barcode says that a name was cut (`DDE`, `DDF`, `DDG`).
    pub names_are_truncated: bool,
    /// Date of birth (`DBB`).
    pub birth_date: Option<String>,
    /// Date of issue (`DBD`).
    pub issue_date: Option<String>,
    /// Date of expiry (`DBA`).
    pub expiry_date: Option<String>,
    /// `F`, `M` or `X` for unspecified (`DBC`).
    pub sex: Option<String>,
    /// Height in cm (`DAU`).
    pub height_cm: Option<u16>,
    /// Colour of the eyes, a code of three letters (`DAY`).
    pub eyes: Option<String>,
    /// Street of the address (`DAG`).
    pub street: Option<String>,
    /// Town of the address (`DAI`).
    pub town: Option<String>,
    /// State or province of the address, two letters (`DAJ`).
    pub region: Option<String>,
    /// Postal code of the address (`DAK`).
    pub postal_code: Option<String>,
    /// Issuing country, three letters (`DCG`).
    pub country: Option<String>,
    /// Class of vehicles (`DCA`).
    pub vehicle_class: Option<String>,
    /// Elements that hold what the standard does not allow, such as a month 13; their value is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub malformed: Vec<String>,
}

impl LicenceReading {
    /// The fields that are there, with their names as on the wire, in the order of this type.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("document_number", &self.document_number),
            ("surname", &self.surname),
            ("given_names", &self.given_names),
            ("birth_date", &self.birth_date),
            ("issue_date", &self.issue_date),
            ("expiry_date", &self.expiry_date),
            ("sex", &self.sex),
            ("eyes", &self.eyes),
            ("street", &self.street),
            ("town", &self.town),
            ("region", &self.region),
            ("postal_code", &self.postal_code),
            ("country", &self.country),
            ("vehicle_class", &self.vehicle_class),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

impl fmt::Debug for LicenceReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields: Vec<&str> = self.fields().map(|(name, _)| name).collect();
        f.debug_struct("LicenceReading")
            .field("kind", &self.kind)
            .field("version", &self.version)
            .field("fields", &fields)
            .field("malformed", &self.malformed)
            .finish_non_exhaustive()
    }
}
