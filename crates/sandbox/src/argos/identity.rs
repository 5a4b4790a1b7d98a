//! What step2 declares: the person, the document's numbers, the address.

use super::form::Form;
use super::record::{Declared, Record};
use super::refusal::{Refused, message};
use crate::scenario::Scenario;
use idv_edge::argos::{Country, Date, Gender, IdType, LicenseNumber, PlusCode, is_resident_number};

/// The country whose documents are held against the issuer's records.
const KOREA: &str = "KOR";

/// Fields of an address; one of the first three is needed where any is sent.
const ADDRESS_CODES: [&str; 3] = ["globalCode", "compoundCode", "formatted_address"];
const ADDRESS_TEXTS: [&str; 2] = ["address_input", "address_detail"];

fn is_korean_card(record: &Record) -> bool {
    record.issuing_country == KOREA && record.id_type != IdType::Passport
}

/// The data of a form that fits the document of step1.
pub(super) fn declared(form: &Form, record: &Record) -> Result<Declared, Refused> {
    let unreadable = || Refused::bad(message::INPUT_UNREADABLE);
    let date = |name: &str| {
        form.get(name)
            .map(Date::parse)
            .transpose()
            .map(|date| date.map(Date::to_text))
            .map_err(|_| unreadable())
    };
    let gender = form.get("gender").map(Gender::from);
    if gender.as_ref().is_some_and(|gender| !gender.is_known()) {
        return Err(unreadable());
    }
    let nationality = form.get("nationality").map(Country::new).transpose().map_err(|_| unreadable())?;
    if is_korean_card(record) {
        let licensed = record.id_type != IdType::DriversLicense
            || form.get("license_number").is_some_and(|number| LicenseNumber::new(number).is_ok());
        if !licensed || !form.get("identity_number").is_some_and(is_resident_number) {
            return Err(Refused::bad(message::IDENTITY_PARAMETERS_MISSING));
        }
    }
    Ok(Declared {
        name: form.text("name")?.unwrap_or_default(),
        date_of_birth: date("date_of_birth")?.unwrap_or_default(),
        gender,
        nationality: nationality.map(|country| country.as_str().to_owned()),
        identity_number: form.text("identity_number")?.map(|number| hidden(&number)),
        document_number: form.text("document_number")?,
        date_of_issue: date("date_of_issue")?,
        date_of_expiry: date("date_of_expiry")?,
        address: address(form)?,
    })
}

/// A personal number with its last six characters hidden, as the vendor's sample has it (`981112-1******`).
fn hidden(number: &str) -> String {
    const HIDDEN: usize = 6;
    let shown = number.chars().count().saturating_sub(HIDDEN);
    number.chars().take(shown).chain(std::iter::repeat_n('*', HIDDEN)).collect()
}

fn address(form: &Form) -> Result<Vec<(String, String)>, Refused> {
    let mut address = Vec::new();
    for name in ADDRESS_CODES.into_iter().chain(ADDRESS_TEXTS) {
        if let Some(value) = form.text(name)? {
            address.push((name.to_owned(), value));
        }
    }
    let has_code = ADDRESS_CODES.iter().any(|name| form.get(name).is_some());
    let has_any = !address.is_empty() || form.has_file("addressImage");
    let code_holds = form.get("globalCode").is_none_or(|code| PlusCode::new(code).is_ok());
    if has_any && !(has_code && code_holds) {
        return Err(Refused::bad(message::ADDRESS_MISSING));
    }
    Ok(address)
}

/// The proof of address, where one came.
pub(super) fn address_image(form: &mut Form) -> Result<Option<Vec<u8>>, Refused> {
    if !form.has_file("addressImage") {
        return Ok(None);
    }
    let picture = form.take_picture("addressImage");
    picture.map(Some).ok_or_else(|| Refused::bad(message::ADDRESS_IMAGE_INVALID))
}

/// Whether the number of a Korean card is on record; `None` for other documents. The record is stood in for: a number
/// is on it when its first six digits are the declared date of birth, unless the scenario says that nobody is.
pub(super) fn on_record(form: &Form, record: &Record) -> Option<bool> {
    if !is_korean_card(record) {
        return None;
    }
    let unknown = record.userid.as_deref().and_then(Scenario::of) == Some(Scenario::NotOnRecord);
    let birth: String = form.get("date_of_birth")?.chars().filter(char::is_ascii_digit).skip(2).collect();
    let fits = form.get("identity_number").is_some_and(|number| number.starts_with(&birth));
    Some(fits && !unknown)
}

#[cfg(test)]
mod tests {
    use super::hidden;

    #[test]
    fn a_personal_number_hides_its_end() {
        assert_eq!(hidden("981112-1234567"), "981112-1******");
        assert_eq!(hidden("123"), "******");
    }
}
