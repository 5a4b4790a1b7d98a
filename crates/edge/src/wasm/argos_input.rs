//! Options of the Argos calls, in camelCase, to checked values.

use super::dto::options;
use crate::argos::{
    Address, AddressForm, AddressQuery, Country, CustomFields, CustomOptions, Date, Email, Gender, IdType,
    IdentityFields, LicenseNumber, PageKey, Picture, PlusCode, RequestType, Step1, Step2, SubmissionId,
    SubmissionQuery, Text,
};
use crate::error::{Error, ErrorKind};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step1Dto {
    issuing_country: String,
    email: String,
    id_type: String,
    #[serde(default)]
    submission_id: Option<String>,
    #[serde(default)]
    custom: CustomDto,
    #[serde(default)]
    options: OptionsDto,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CustomDto {
    userid: Option<String>,
    cf1: Option<String>,
    cf2: Option<String>,
    cf3: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct OptionsDto {
    without_country_blacklist: bool,
    without_approve_period: bool,
    without_reject_period: bool,
    without_age_limit: bool,
    reject_duplicate_user: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Step2Dto {
    submission_id: String,
    name: String,
    date_of_birth: String,
    #[serde(default)]
    gender: Option<String>,
    #[serde(default)]
    nationality: Option<String>,
    #[serde(default)]
    identity: IdentityDto,
    #[serde(default)]
    address: Option<AddressDto>,
    #[serde(default)]
    document: Option<DocumentDto>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct IdentityDto {
    identity_number: Option<String>,
    license_number: Option<String>,
    serial_number: Option<String>,
    document_number: Option<String>,
    date_of_issue: Option<String>,
    date_of_expiry: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AddressDto {
    #[serde(default)]
    global_code: Option<String>,
    #[serde(default)]
    compound_code: Option<String>,
    #[serde(default)]
    formatted_address: Option<String>,
    #[serde(default)]
    input: Option<String>,
    #[serde(default)]
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct DocumentDto {
    issuing_country: String,
    id_type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AddressQueryDto {
    address: String,
    #[serde(default)]
    language: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
struct ListDto {
    userid: Option<String>,
    email: Option<String>,
    count: Option<u32>,
    start_date: Option<String>,
    end_date: Option<String>,
    request_type: Option<String>,
    page: Option<PageKey>,
}

fn some<T, U>(value: Option<T>, check: impl FnOnce(T) -> Result<U, Error>) -> Result<Option<U>, Error> {
    value.map(check).transpose()
}

fn date(text: Option<String>) -> Result<Option<Date>, Error> {
    some(text, |text| Date::parse(&text))
}

/// The document of step1 with its pictures.
pub(super) fn step1(json: &str, id_image: Vec<u8>, id_back_image: Option<Vec<u8>>) -> Result<Step1, Error> {
    let dto: Step1Dto = options(json)?;
    Ok(Step1 {
        issuing_country: Country::new(dto.issuing_country)?,
        email: Email::new(dto.email)?,
        id_type: IdType::from(dto.id_type.as_str()),
        id_image: Picture::new(id_image)?,
        id_back_image: some(id_back_image, Picture::new)?,
        submission_id: some(dto.submission_id, SubmissionId::new)?,
        custom: CustomFields {
            userid: some(dto.custom.userid, Text::new)?,
            cf1: some(dto.custom.cf1, Text::new)?,
            cf2: some(dto.custom.cf2, Text::new)?,
            cf3: some(dto.custom.cf3, Text::new)?,
        },
        options: CustomOptions {
            without_country_blacklist: dto.options.without_country_blacklist,
            without_approve_period: dto.options.without_approve_period,
            without_reject_period: dto.options.without_reject_period,
            without_age_limit: dto.options.without_age_limit,
            reject_duplicate_user: dto.options.reject_duplicate_user,
        },
    })
}

/// The face and the data of step2.
pub(super) fn step2(json: &str, face_image: Vec<u8>, address_image: Option<Vec<u8>>) -> Result<Step2, Error> {
    let dto: Step2Dto = options(json)?;
    let IdentityDto { identity_number, license_number, serial_number, document_number, .. } = dto.identity;
    Ok(Step2 {
        submission_id: SubmissionId::new(dto.submission_id)?,
        face_image: Picture::new(face_image)?,
        name: Text::new(dto.name)?,
        date_of_birth: Date::parse(&dto.date_of_birth)?,
        gender: dto.gender.as_deref().map(Gender::from),
        nationality: some(dto.nationality, Country::new)?,
        identity: IdentityFields {
            identity_number: some(identity_number, Text::new)?,
            license_number: some(license_number, LicenseNumber::new)?,
            serial_number: some(serial_number, Text::new)?,
            document_number: some(document_number, Text::new)?,
            date_of_issue: date(dto.identity.date_of_issue)?,
            date_of_expiry: date(dto.identity.date_of_expiry)?,
        },
        address: some(dto.address, address)?,
        address_image: some(address_image, Picture::new)?,
        document: some(dto.document, |document| {
            Ok((Country::new(document.issuing_country)?, IdType::from(document.id_type.as_str())))
        })?,
    })
}

fn address(dto: AddressDto) -> Result<Address, Error> {
    let code = match (dto.global_code, dto.compound_code, dto.formatted_address) {
        (Some(code), None, None) => AddressForm::Global(PlusCode::new(code)?),
        (None, Some(code), None) => AddressForm::Compound(Text::new(code)?),
        (None, None, Some(text)) => AddressForm::Formatted(Text::new(text)?),
        _ => {
            let why = "an address needs one of globalCode, compoundCode and formattedAddress";
            return Err(Error::new(ErrorKind::RequestInvalid, why));
        }
    };
    Ok(Address { code, input: some(dto.input, Text::new)?, detail: some(dto.detail, Text::new)? })
}

/// The address to look up.
pub(super) fn address_query(json: &str) -> Result<AddressQuery, Error> {
    let dto: AddressQueryDto = options(json)?;
    Ok(AddressQuery { address: Text::new(dto.address)?, language: dto.language })
}

/// What to list.
pub(super) fn list(json: &str) -> Result<SubmissionQuery, Error> {
    let dto: ListDto = options(json)?;
    Ok(SubmissionQuery {
        userid: some(dto.userid, Text::new)?,
        email: some(dto.email, Email::new)?,
        count: dto.count,
        start_date: date(dto.start_date)?,
        end_date: date(dto.end_date)?,
        request_type: dto.request_type.as_deref().map(RequestType::from),
        page: dto.page,
    })
}
