//! The values of the visual zone and the words before them.

use super::design::Language;
use super::holder::Holder;

/// What a value of the visual zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Datum {
    /// Document code without fillers.
    Code,
    /// Issuing state.
    Issuer,
    /// Number of the document.
    DocumentNumber,
    /// The same on a passport, where it is the passport's.
    OwnPassportNumber,
    /// Primary identifier.
    Surname,
    /// Secondary identifier.
    GivenNames,
    /// Both, in one line.
    Name,
    /// Nationality.
    Nationality,
    /// Personal number.
    PersonalNumber,
    /// Date of birth.
    BirthDate,
    /// Sex.
    Sex,
    /// Place of birth.
    Birthplace,
    /// Issuing authority.
    Authority,
    /// Date of issue.
    IssueDate,
    /// Date of expiry.
    ExpiryDate,
    /// Street of the address.
    Street,
    /// Postal code and town of the address.
    Town,
    /// Height.
    Height,
    /// Colour of the eyes.
    Eyes,
    /// Kind of visa or permit.
    Category,
    /// Number of entries of a visa.
    Entries,
    /// Number of the passport that a visa belongs to.
    PassportNumber,
    /// First day of a visa.
    ValidFrom,
    /// Last day of a visa.
    ValidUntil,
    /// Place of issue of a visa.
    IssuePlace,
}

/// Name in labels, then the words in English, French, Spanish, German and Italian.
type Row = (&'static str, [&'static str; 5]);

impl Datum {
    const fn row(self) -> Row {
        match self {
            Self::Code => ("document_code", ["Type", "Type", "Tipo", "Typ", "Tipo"]),
            Self::Issuer => ("issuing_state", ["Code", "Code", "Código", "Kode", "Codice"]),
            Self::DocumentNumber => (
                "document_number",
                ["Document No.", "No. de document", "Documento N.º", "Dokument-Nr.", "Documento N."],
            ),
            Self::OwnPassportNumber => ("document_number", Self::PassportNumber.row().1),
            Self::Surname => ("surname", ["Surname", "Nom", "Apellidos", "Name", "Cognome"]),
            Self::GivenNames => ("given_names", ["Given names", "Prénoms", "Nombres", "Vornamen", "Nomi"]),
            Self::Name => ("name", ["Name", "Nom", "Nombre", "Name", "Nome"]),
            Self::Nationality => (
                "nationality",
                ["Nationality", "Nationalité", "Nacionalidad", "Staatsangehörigkeit", "Cittadinanza"],
            ),
            Self::PersonalNumber => (
                "personal_number",
                ["Personal No.", "No. personnel", "N.º personal", "Personennummer", "N. personale"],
            ),
            Self::BirthDate => (
                "birth_date",
                [
                    "Date of birth",
                    "Date de naissance",
                    "Fecha de nacimiento",
                    "Geburtsdatum",
                    "Data di nascita",
                ],
            ),
            Self::Sex => ("sex", ["Sex", "Sexe", "Sexo", "Geschlecht", "Sesso"]),
            Self::Birthplace => (
                "birthplace",
                [
                    "Place of birth",
                    "Lieu de naissance",
                    "Lugar de nacimiento",
                    "Geburtsort",
                    "Luogo di nascita",
                ],
            ),
            Self::Authority => ("authority", ["Authority", "Autorité", "Autoridad", "Behörde", "Autorità"]),
            Self::IssueDate => (
                "issue_date",
                [
                    "Date of issue",
                    "Date de délivrance",
                    "Fecha de expedición",
                    "Ausgestellt am",
                    "Data di rilascio",
                ],
            ),
            Self::ExpiryDate => (
                "expiry_date",
                [
                    "Date of expiry",
                    "Date d'expiration",
                    "Fecha de caducidad",
                    "Gültig bis",
                    "Data di scadenza",
                ],
            ),
            Self::Street => ("street", ["Address", "Adresse", "Domicilio", "Anschrift", "Indirizzo"]),
            Self::Town => ("town", ["Town", "Ville", "Ciudad", "Ort", "Città"]),
            Self::Height => ("height", ["Height", "Taille", "Estatura", "Größe", "Statura"]),
            Self::Eyes => ("eyes", ["Eyes", "Yeux", "Ojos", "Augenfarbe", "Occhi"]),
            Self::Category => {
                ("category", ["Category", "Catégorie", "Categoría", "Art des Titels", "Categoria"])
            }
            Self::Entries => ("entries", ["Entries", "Entrées", "Entradas", "Einreisen", "Ingressi"]),
            Self::PassportNumber => (
                "passport_number",
                ["Passport No.", "No. de passeport", "Pasaporte N.º", "Pass-Nr.", "Passaporto N."],
            ),
            Self::ValidFrom => {
                ("valid_from", ["Valid from", "Valable du", "Válido desde", "Gültig ab", "Valido dal"])
            }
            Self::ValidUntil => ("valid_until", ["Until", "Au", "Hasta", "Bis", "Al"]),
            Self::IssuePlace => {
                ("issue_place", ["Issued at", "Délivré à", "Expedido en", "Ausgestellt in", "Rilasciato a"])
            }
        }
    }

    /// Its name in labels.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// The words before the value, in English and `second`.
    pub fn label(self, second: Language) -> String {
        let words = self.row().1;
        let [english, french, spanish, german, italian] = words;
        let other = match second {
            Language::French => french,
            Language::Spanish => spanish,
            Language::German => german,
            Language::Italian => italian,
        };
        format!("{english} / {other}")
    }

    /// The value as it is printed for `holder`; empty where there is none.
    pub fn value(self, holder: &Holder) -> String {
        match self {
            Self::Code => holder.code.to_owned(),
            Self::Issuer => holder.issuer.to_owned(),
            Self::DocumentNumber | Self::OwnPassportNumber => holder.document_number.clone(),
            Self::Surname => holder.surname.to_uppercase(),
            Self::GivenNames => holder.given_names.to_uppercase(),
            Self::Name if holder.given_names.is_empty() => holder.surname.to_uppercase(),
            Self::Name => format!("{}, {}", holder.surname, holder.given_names).to_uppercase(),
            Self::Nationality => holder.nationality_shown().to_owned(),
            Self::PersonalNumber => holder.personal_number.clone(),
            Self::BirthDate => holder.birth.to_string(),
            Self::Sex => holder.sex.letter().to_owned(),
            Self::Birthplace => holder.birthplace.to_uppercase(),
            Self::Authority => holder.authority.to_uppercase(),
            Self::IssueDate | Self::ValidFrom => holder.issue.to_string(),
            Self::ExpiryDate | Self::ValidUntil => holder.expiry.to_string(),
            Self::Street => holder.street.to_uppercase(),
            Self::Town => format!("{} {}", holder.postal_code, holder.town.to_uppercase()),
            Self::Height => format!("{} cm", holder.height_cm),
            Self::Eyes => holder.eyes.to_owned(),
            Self::Category => holder.category.to_owned(),
            Self::Entries => holder.entries.to_owned(),
            Self::PassportNumber => holder.passport_number.clone(),
            Self::IssuePlace => holder.town.to_uppercase(),
        }
    }
}
