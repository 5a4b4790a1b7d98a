//! What follows from what was seen: which step must be repeated, and how a submission ends.
//!
//! In: readings, scores, the project, the time. Out: retry codes, a [`Conclusion`]. Rule: pure; thresholds, tries and
//! times are the client's constants ([`idv_edge::argos`]), the order is that of the vendor's lists.

use super::Project;
use super::record::{Ocr, Record};
use crate::decision::{DocumentLook, ReadOff};
use crate::scenario::Scenario;
use idv_edge::argos::{
    CommentCode, Gender, IdType, KycStatus, MAX_TRIES, NextAction, RetryCause, RetryCode, STEP2_WITHIN_MS,
};
use idv_protocol::DocumentKind;
use idv_protocol::comparison::{Agreement, ComparedField};
use idv_protocol::reading::{CalendarDate, MrzField};
use idv_vision::reading::compare::compare;
use idv_vision::reading::{has_zone_in_front, is_readable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Countries whose licences and identity cards have a barcode by AAMVA.
const AAMVA_COUNTRIES: [&str; 2] = ["USA", "CAN"];

/// Why a submission stands as it does.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// The code.
    pub code: CommentCode,
    /// The same in words.
    pub text: String,
}

impl Comment {
    pub(super) fn of(code: CommentCode) -> Self {
        let text = match &code {
            CommentCode::TooManyRetry => "Too many retry".to_owned(),
            code => code.as_str().replace(['_', '-'], " "),
        };
        Self { code, text }
    }
}

/// How a submission ends, or waits.
pub(super) struct Conclusion {
    pub(super) status: KycStatus,
    pub(super) comments: Vec<Comment>,
}

impl Conclusion {
    fn rejected(code: CommentCode) -> Self {
        Self { status: KycStatus::Rejected, comments: vec![Comment::of(code)] }
    }

    fn pending(codes: impl IntoIterator<Item = CommentCode>) -> Self {
        Self { status: KycStatus::Pending, comments: codes.into_iter().map(Comment::of).collect() }
    }
}

/// Shapes that a kind of document can have.
pub(super) fn shapes_of(id_type: &IdType) -> &'static [DocumentKind] {
    match id_type {
        IdType::Passport => &[DocumentKind::Id3],
        IdType::GovernmentId => &[DocumentKind::Id1, DocumentKind::Id2],
        _ => &[DocumentKind::Id1],
    }
}

/// Whether a document has a barcode that must be read.
pub(super) fn has_barcode(country: &str, id_type: &IdType) -> bool {
    *id_type != IdType::Passport && AAMVA_COUNTRIES.contains(&country)
}

/// Every reason for another picture of a document that was found.
pub(super) fn document_faults(
    look: &DocumentLook,
    country: &str,
    id_type: &IdType,
    today: CalendarDate,
) -> Vec<RetryCode> {
    let mut faults = Vec::new();
    let ReadOff { zone, licence } = &look.read;
    let barcode_needed = has_barcode(country, id_type);
    if look.back_found == Some(false) {
        faults.push(RetryCode::InvalidBackDocument);
    }
    if !is_readable(zone.as_ref()) && (zone.is_some() || has_zone_in_front(look.kind)) {
        faults.push(RetryCode::MrzProtocolFail);
        return faults;
    }
    if barcode_needed && licence.is_none() && look.back_found != Some(false) {
        faults.push(RetryCode::BarcodeProtocolFail);
    }
    let read = ocr_of(&look.read);
    if read.issuing_country.as_deref().is_some_and(|read| read != country) {
        faults.push(RetryCode::DocumentCountryMismatch);
    }
    if read.expire_date.as_deref().is_some_and(|date| is_past(date, today)) {
        faults.push(RetryCode::DocumentExpired);
    }
    for one in compare(zone.as_ref(), licence.as_ref(), None) {
        match (one.agreement, one.field) {
            (Agreement::Different, ComparedField::Surname | ComparedField::GivenNames) => {
                faults.push(RetryCode::DocumentNameMismatch);
            }
            (Agreement::Different, ComparedField::BirthDate) => faults.push(RetryCode::DocumentDobMismatch),
            _ => {}
        }
    }
    if zone.is_some() || licence.is_some() {
        let has_expiry = licence.is_some() || zone.as_ref().is_some_and(|zone| zone.expiry_date.is_some());
        let missing = [
            (has_expiry && read.expire_date.is_none(), RetryCode::MissingExpiryDate),
            (licence.is_some() && read.issue_date.is_none(), RetryCode::MissingIssueDate),
            (read.birth_date.is_none() && !read.birth_date_is_partial, RetryCode::MissingBirthDate),
            (read.document_number.is_none(), RetryCode::MissingDocumentNumber),
        ];
        faults.extend(missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, code)| code));
    }
    faults.dedup();
    faults
}

/// What a document says of its holder: its zone, and what only its barcode says.
pub(crate) fn ocr_of(read: &ReadOff) -> Ocr {
    let text = |value: &str| Some(value.to_owned()).filter(|value| !value.is_empty());
    let field = |field: Option<&MrzField>| field.and_then(|field| text(&field.value));
    let whole = |date: Option<String>| date.filter(|date| !date.contains('X'));
    let gender = |sex: Option<String>| match sex.as_deref() {
        Some("M") => Some(Gender::Male),
        Some("F") => Some(Gender::Female),
        _ => None,
    };
    let name = |given: &str, surname: &str| text(format!("{given} {surname}").trim());
    let from_licence = read.licence.as_ref().map(|licence| Ocr {
        name: name(
            licence.given_names.as_deref().unwrap_or_default(),
            licence.surname.as_deref().unwrap_or_default(),
        ),
        gender: gender(licence.sex.clone()),
        nationality: None,
        birth_date: licence.birth_date.clone(),
        birth_date_is_partial: false,
        issue_date: licence.issue_date.clone(),
        expire_date: licence.expiry_date.clone(),
        document_number: licence.document_number.clone(),
        issuing_country: licence.country.clone(),
    });
    let Some(zone) = &read.zone else { return from_licence.unwrap_or_default() };
    let birth_date = field(Some(&zone.birth_date));
    let licence = from_licence.unwrap_or_default();
    Ocr {
        name: name(&zone.secondary_identifier.value, &zone.primary_identifier.value),
        gender: gender(field(Some(&zone.sex))),
        nationality: field(zone.nationality.as_ref()).map(alpha_3),
        birth_date_is_partial: birth_date.as_deref().is_some_and(|date| date.contains('X')),
        birth_date: whole(birth_date),
        issue_date: licence.issue_date,
        expire_date: whole(field(zone.expiry_date.as_ref())).or(licence.expire_date),
        document_number: field(Some(&zone.document_number)),
        issuing_country: field(Some(&zone.issuing_state)).map(alpha_3),
    }
}

/// ISO 3166 alpha-3 of a code of Doc 9303-3 section 5, which has one letter for Germany.
fn alpha_3(code: String) -> String {
    if code == "D" { "DEU".to_owned() } else { code }
}

/// Whether a whole date lies before `today`.
fn is_past(date: &str, today: CalendarDate) -> bool {
    date < format!("{:04}-{:02}-{:02}", today.year, today.month, today.day).as_str()
}

/// Age in whole years of who was born on `birth_date`, YYYY-MM-DD; `None` for another form.
pub(super) fn age_on(birth_date: &str, today: CalendarDate) -> Option<u16> {
    let mut parts = birth_date.split('-').map(|part| part.parse::<u16>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let had_birthday = (u16::from(today.month), u16::from(today.day)) >= (month, day);
    today.year.checked_sub(year)?.checked_sub(u16::from(!had_birthday))
}

/// Code and text of a cause of another step2.
pub(super) fn retry_of(cause: RetryCause) -> (RetryCode, &'static str) {
    match cause {
        RetryCause::NoFace => (RetryCode::FaceCompareUnderscore, "Face compare failed: no face detected"),
        RetryCause::TooManyFaces => {
            (RetryCode::FaceCompareUnderscore, "Face compare failed: three or more faces detected")
        }
        RetryCause::FaceDiffers => {
            (RetryCode::FaceCompareUnderscore, "Face compare failed: no matching face")
        }
        RetryCause::NotAlive => {
            (RetryCode::LivenessError, "Liveness check failed: the face does not look alive")
        }
        RetryCause::IdentityNotOnRecord => (
            RetryCode::Unknown("identity_verification_fail".to_owned()),
            "Identity verification failed: the number is not on record",
        ),
    }
}

/// What step1 says about a code.
pub(super) fn document_text(code: &RetryCode) -> String {
    format!("Document check failed: {}", code.as_str().replace('_', " "))
}

/// The comment that goes with [`CommentCode::TooManyRetry`] when the last try failed for `code`.
pub(super) fn comment_of(code: &RetryCode) -> Option<CommentCode> {
    match code {
        RetryCode::DocumentExpired => Some(CommentCode::ExpiredId),
        RetryCode::InvalidBackDocument => Some(CommentCode::IdImageInvalidId),
        RetryCode::DocumentCountryMismatch
        | RetryCode::DocumentNameMismatch
        | RetryCode::DocumentDobMismatch => Some(CommentCode::IdInfoDataMismatch),
        _ if code.next_action() == NextAction::RetakeDocument => Some(CommentCode::IdImageBadImage),
        _ => None,
    }
}

/// Whether a failed try that makes `tries_used` is the last one.
pub(super) fn is_last(tries_used: u32) -> bool {
    tries_used >= MAX_TRIES
}

/// Whether the 24 hours are over.
pub(super) fn is_overdue(record: &Record, now_ms: u64) -> bool {
    now_ms.saturating_sub(record.created_at_ms) >= STEP2_WITHIN_MS
}

/// How much of a person was submitted before, by submissions that were not rejected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Likeness {
    /// Everything: name, birth date, nationality, gender and face.
    pub(super) person: bool,
    /// All but the face.
    pub(super) data: bool,
    /// The face.
    pub(super) face: bool,
}

/// How a submission ends whose step2 passed. `scenario` stands for what it names, whatever was seen; `hits` is what
/// the screening found.
pub(super) fn conclude(
    record: &Record,
    project: &Project,
    scenario: Option<(Scenario, Option<CommentCode>)>,
    before: Likeness,
    hits: &[String],
    today: CalendarDate,
) -> Conclusion {
    let (scenario, code) = scenario.map_or((None, None), |(scenario, code)| (Some(scenario), code));
    let is = |asked: Scenario| scenario == Some(asked);
    let options = &record.options;
    let blocked = project.blacklist.iter().any(|country| country.as_str() == record.issuing_country);
    let age_limited = options.age_limit != Some(false);
    let no_duplicates = options.reject_duplicate_user.unwrap_or(project.reject_duplicate_user);
    let age = record.person().birth_date.and_then(|date| age_on(&date, today));

    if is(Scenario::Reject) {
        return Conclusion::rejected(code.unwrap_or(CommentCode::AutomaticVerificationFail));
    }
    if is(Scenario::Blacklist) || (blocked && options.blacklist_countries != Some(false)) {
        return Conclusion::rejected(CommentCode::BlacklistCountry);
    }
    if age_limited && (is(Scenario::UnderAge) || age.is_some_and(|age| age < project.age_limit_years)) {
        return Conclusion::rejected(CommentCode::UnderAgeLimit);
    }
    if age_limited && record.ocr.birth_date_is_partial {
        return Conclusion::rejected(CommentCode::NoDateOfBirth);
    }
    if is(Scenario::Duplicate) || (no_duplicates && before.person) {
        return Conclusion::rejected(CommentCode::DuplicateUser);
    }
    let typed = &record.declared;
    if scenario.is_none() && differ(record.ocr.birth_date.as_deref(), Some(&typed.date_of_birth)) {
        return Conclusion::rejected(CommentCode::IdInfoDataMismatch);
    }
    if is(Scenario::Pending) {
        return Conclusion::pending([]);
    }
    let mut doubts = Vec::new();
    if no_duplicates && before.data {
        doubts.push(CommentCode::DuplicatedUserPiiExact);
    }
    if no_duplicates && before.face {
        doubts.push(CommentCode::DuplicatedFace);
    }
    if scenario.is_none() && names_differ(record.ocr.name.as_deref(), &typed.name) {
        doubts.push(CommentCode::IdInfoDataMismatch);
    }
    if !hits.is_empty() {
        doubts.push(CommentCode::IdInfoBlacklist);
    }
    if doubts.is_empty() {
        Conclusion { status: KycStatus::Approved, comments: Vec::new() }
    } else {
        Conclusion::pending(doubts)
    }
}

fn differ(read: Option<&str>, typed: Option<&str>) -> bool {
    read.zip(typed).is_some_and(|(read, typed)| read != typed)
}

/// Whether two names in Latin letters have other words, in whatever order. Other scripts are not compared: documents
/// write names in Latin letters.
fn names_differ(read: Option<&str>, typed: &str) -> bool {
    let Some(read) = read else { return false };
    typed.is_ascii() && name_words(read) != name_words(typed)
}

/// The words of a name, in capital letters and without marks, in no order.
pub(super) fn name_words(name: &str) -> BTreeSet<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_uppercase)
        .collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
