//! The invented person of every result, as Toss publishes for its test environment.

/// Name.
pub(super) const NAME: &str = "김토스";
/// Birthday.
pub(super) const BIRTHDAY: &str = "19930324";
/// Gender.
pub(super) const GENDER: &str = "FEMALE";
/// Nationality.
pub(super) const NATIONALITY: &str = "LOCAL";
/// Age group: of age since 2012.
pub(super) const AGE_GROUP: &str = "ADULT";
/// Toss's number of the person in the certificate: 24 digits.
pub(super) const UID: &str = "000000000000000000000001";
/// Serial number of the certificate.
pub(super) const SERIAL: u64 = 0x10_0001;

/// What the CI begins with; the rest of the published one is not public.
const CI_BEGINNING: &str = "CI0110000000001";
/// What the DI begins with, likewise.
const DI_BEGINNING: &str = "DI0110000000001";
/// Characters of both.
const CI_CHARS: usize = idv_edge::toss::CI_CHARS;

/// CI, filled up to its length.
pub(super) fn ci() -> String {
    filled(CI_BEGINNING)
}

/// DI, filled up to its length.
pub(super) fn di() -> String {
    filled(DI_BEGINNING)
}

/// `beginning` and zeros, ending as base64 of 64 bytes does.
fn filled(beginning: &str) -> String {
    format!("{beginning:0<width$}==", width = CI_CHARS - 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_has_the_published_values_and_lengths() {
        assert!(ci().starts_with("CI0110000000001") && di().starts_with("DI0110000000001"));
        assert_eq!((ci().len(), di().len(), UID.len()), (88, 88, 24));
        assert_eq!((NAME, BIRTHDAY, GENDER, NATIONALITY), ("김토스", "19930324", "FEMALE", "LOCAL"));
    }
}
