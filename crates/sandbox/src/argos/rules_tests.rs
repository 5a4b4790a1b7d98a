//! Each rule on its own: what a document lacks, and how a submission ends.

use super::*;
use crate::argos::record::{Declared, Options};
use idv_edge::argos::{Country, FACE_SIMILARITY_MIN, LIVENESS_MIN};
use idv_protocol::barcode::{LicenceKind, LicenceReading};
use idv_vision::reading::mrz::parse_text;

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);

/// A whole passport of Doc 9303's own specimen, valid until 2012.
const SPECIMEN: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

fn look(text: &str) -> DocumentLook {
    let zone = parse_text(text, CalendarDate::new(2010, 1, 1)).expect("a zone");
    let read = ReadOff { zone: Some(zone), licence: None };
    DocumentLook { kind: DocumentKind::Id3, back_found: None, read, portrait: None }
}

fn licence() -> LicenceReading {
    LicenceReading {
        kind: LicenceKind::DrivingLicence,
        issuer_number: "636000".into(),
        version: 10,
        document_number: Some("T1".into()),
        surname: Some("Eriksson".into()),
        given_names: Some("Anna".into()),
        names_are_truncated: false,
        birth_date: Some("1974-08-12".into()),
        issue_date: None,
        expiry_date: Some("2030-04-15".into()),
        sex: Some("F".into()),
        height_cm: None,
        eyes: None,
        street: None,
        town: None,
        region: None,
        postal_code: None,
        country: Some("USA".into()),
        vehicle_class: None,
        malformed: vec![],
    }
}

fn faults(look: &DocumentLook, country: &str, id_type: IdType, today: CalendarDate) -> Vec<RetryCode> {
    document_faults(look, country, &id_type, today)
}

#[test]
fn a_document_is_faulted_for_what_it_says_and_lacks() {
    let then = CalendarDate::new(2010, 1, 1);
    assert_eq!(faults(&look(SPECIMEN), "UTO", IdType::Passport, then), []);
    assert_eq!(faults(&look(SPECIMEN), "UTO", IdType::Passport, TODAY), [RetryCode::DocumentExpired]);
    assert_eq!(faults(&look(SPECIMEN), "KOR", IdType::Passport, then), [RetryCode::DocumentCountryMismatch]);
    let damaged = SPECIMEN.replace("7408122F", "7408123F");
    assert_eq!(faults(&look(&damaged), "UTO", IdType::Passport, then), [RetryCode::MrzProtocolFail]);
    let mut no_zone = look(SPECIMEN);
    no_zone.read.zone = None;
    assert_eq!(faults(&no_zone, "UTO", IdType::Passport, then), [RetryCode::MrzProtocolFail]);
    no_zone.kind = DocumentKind::Id1;
    assert_eq!(faults(&no_zone, "UTO", IdType::GovernmentId, then), [], "some cards have none");
    no_zone.back_found = Some(false);
    assert_eq!(faults(&no_zone, "UTO", IdType::GovernmentId, then), [RetryCode::InvalidBackDocument]);
    let mut missing = look(SPECIMEN);
    if let Some(zone) = &mut missing.read.zone {
        zone.document_number.value.clear();
        zone.birth_date.value.clear();
        if let Some(expiry) = &mut zone.expiry_date {
            expiry.value.clear();
        }
    }
    let expected =
        [RetryCode::MissingExpiryDate, RetryCode::MissingBirthDate, RetryCode::MissingDocumentNumber];
    assert_eq!(faults(&missing, "UTO", IdType::Passport, then), expected);
}

#[test]
fn a_licence_is_read_from_its_barcode_and_held_against_its_zone() {
    let card = |licence: Option<LicenceReading>, zone: bool| {
        let mut look = look(SPECIMEN);
        look.kind = DocumentKind::Id1;
        look.back_found = Some(true);
        look.read.licence = licence;
        if !zone {
            look.read.zone = None;
        }
        look
    };
    let then = CalendarDate::new(2010, 1, 1);
    let of = |look: &DocumentLook| faults(look, "USA", IdType::DriversLicense, then);
    assert_eq!(of(&card(None, false)), [RetryCode::BarcodeProtocolFail]);
    assert_eq!(of(&card(Some(licence()), false)), [RetryCode::MissingIssueDate]);
    let whole = LicenceReading { issue_date: Some("2009-01-01".into()), ..licence() };
    assert_eq!(of(&card(Some(whole.clone()), false)), []);
    let other =
        LicenceReading { surname: Some("Olsson".into()), birth_date: Some("1980-01-01".into()), ..whole };
    let mut both = faults(&card(Some(other), true), "UTO", IdType::DriversLicense, then);
    both.retain(|code| *code != RetryCode::BarcodeProtocolFail);
    assert_eq!(both, [RetryCode::DocumentNameMismatch, RetryCode::DocumentDobMismatch]);
}

#[test]
fn a_german_document_has_its_alpha_3_code_and_an_unknown_day_is_no_date() {
    let german = SPECIMEN.replace("P<UTO", "P<D<<").replace("C36UTO", "C36D<<");
    let mut look = look(&german);
    let read = ocr_of(&look.read);
    assert_eq!((read.issuing_country.as_deref(), read.nationality.as_deref()), (Some("DEU"), Some("DEU")));
    assert_eq!((read.name.as_deref(), read.gender), (Some("ANNA MARIA ERIKSSON"), Some(Gender::Female)));
    if let Some(zone) = &mut look.read.zone {
        zone.birth_date.value = "1974-08-XX".into();
    }
    let read = ocr_of(&look.read);
    assert_eq!((read.birth_date, read.birth_date_is_partial), (None, true));
}

#[test]
fn an_age_is_counted_in_whole_years() {
    for (date, age) in [("2013-11-21", Some(13)), ("2013-11-22", Some(12)), ("2026-11-21", Some(0))] {
        assert_eq!(age_on(date, TODAY), age);
    }
    assert_eq!((age_on("2027-01-01", TODAY), age_on("", TODAY)), (None, None));
}

#[test]
fn a_try_is_used_by_each_cause_of_the_vendors_page() {
    let cause = |faces, similarity, liveness, record| RetryCause::of(faces, similarity, liveness, record);
    let good = (FACE_SIMILARITY_MIN, LIVENESS_MIN);
    assert_eq!(cause(1, good.0, good.1, None), None);
    assert_eq!(cause(2, good.0, good.1, Some(true)), None, "two faces are taken");
    let cases = [
        (cause(0, good.0, good.1, None), RetryCode::FaceCompareUnderscore),
        (cause(3, good.0, good.1, None), RetryCode::FaceCompareUnderscore),
        (cause(1, 84.0, good.1, None), RetryCode::FaceCompareUnderscore),
        (cause(1, good.0, 49.0, None), RetryCode::LivenessError),
    ];
    for (cause, code) in cases {
        assert_eq!(cause.map(|cause| retry_of(cause).0), Some(code));
    }
    let on_record = cause(1, good.0, good.1, Some(false)).map(|cause| retry_of(cause).0);
    assert!(on_record.is_some_and(|code| !code.is_known()), "no page names the code");
    assert!(!is_last(2) && is_last(3));
}

/// A submission whose data agree with its document.
fn record() -> Record {
    Record {
        submission_id: "s1".into(),
        created_at_ms: 0,
        updated_at_ms: 0,
        result_at_ms: None,
        pending_at_ms: None,
        reviewer: None,
        email: "a@example.com".into(),
        userid: None,
        custom: [None, None, None],
        issuing_country: "UTO".into(),
        id_type: IdType::Passport,
        options: Options::default(),
        ocr: ocr_of(&look(SPECIMEN).read),
        declared: Declared {
            name: "Eriksson, Anna Maria".into(),
            date_of_birth: "1974-08-12".into(),
            ..Declared::default()
        },
        status: KycStatus::Incomplete,
        comments: vec![],
        attempts: vec![],
        tries_used: 0,
        step1_open: false,
        applicant_id: None,
        duplicates: vec![],
        screening: None,
    }
}

fn ended(record: &Record, before: Likeness, hits: &[String]) -> (KycStatus, Vec<CommentCode>) {
    let conclusion = conclude(record, &Project::default(), None, before, hits, TODAY);
    (conclusion.status, conclusion.comments.into_iter().map(|comment| comment.code).collect())
}

#[test]
fn who_fits_is_approved_and_each_rule_has_its_code() {
    let none = Likeness::default();
    assert_eq!(ended(&record(), none, &[]), (KycStatus::Approved, vec![]));
    let change = |change: fn(&mut Record)| {
        let mut record = record();
        change(&mut record);
        ended(&record, none, &[])
    };
    let rejected = |code| (KycStatus::Rejected, vec![code]);
    let pending = |code| (KycStatus::Pending, vec![code]);
    let young = |record: &mut Record| {
        record.ocr.birth_date = Some("2014-01-01".into());
        record.declared.date_of_birth = "2014-01-01".into();
    };
    assert_eq!(change(young), rejected(CommentCode::UnderAgeLimit));
    assert_eq!(
        change(|record| record.issuing_country = "PRK".into()),
        rejected(CommentCode::BlacklistCountry)
    );
    assert_eq!(
        change(|record| record.ocr.birth_date_is_partial = true),
        rejected(CommentCode::NoDateOfBirth)
    );
    let typed_date = change(|record| record.declared.date_of_birth = "1974-08-13".into());
    assert_eq!(typed_date, rejected(CommentCode::IdInfoDataMismatch));
    let typed_name = change(|record| record.declared.name = "Anna Ericsson".into());
    assert_eq!(typed_name, pending(CommentCode::IdInfoDataMismatch));
    assert_eq!(change(|record| record.declared.name = "안나 에릭손".into()), (KycStatus::Approved, vec![]));
    let listed = ended(&record(), none, &["Anna".into()]);
    assert_eq!(listed, pending(CommentCode::IdInfoBlacklist));
}

#[test]
fn a_person_who_was_there_before_is_refused_only_where_asked() {
    let before = Likeness { person: true, data: true, face: true };
    assert_eq!(ended(&record(), before, &[]).0, KycStatus::Approved);
    let asked = || {
        let options = Options { reject_duplicate_user: Some(true), ..Options::default() };
        Record { options, ..record() }
    };
    assert_eq!(ended(&asked(), before, &[]), (KycStatus::Rejected, vec![CommentCode::DuplicateUser]));
    let data = Likeness { data: true, ..Likeness::default() };
    assert_eq!(ended(&asked(), data, &[]), (KycStatus::Pending, vec![CommentCode::DuplicatedUserPiiExact]));
    let face = Likeness { face: true, ..Likeness::default() };
    assert_eq!(ended(&asked(), face, &[]), (KycStatus::Pending, vec![CommentCode::DuplicatedFace]));
}

#[test]
fn options_win_over_the_project() {
    let mut project = Project { reject_duplicate_user: true, ..Project::default() };
    project.blacklist.push(Country::new("UTO").expect("country"));
    let before = Likeness { person: true, data: true, face: true };
    let off = Options {
        blacklist_countries: Some(false),
        age_limit: Some(false),
        reject_duplicate_user: Some(false),
        ..Options::default()
    };
    let mut record = Record { options: off, ..record() };
    record.ocr.birth_date = Some("2020-01-01".into());
    record.declared.date_of_birth = "2020-01-01".into();
    let end = |record: &Record| conclude(record, &project, None, before, &[], TODAY).status;
    assert_eq!(end(&record), KycStatus::Approved);
    record.options = Options::default();
    assert_eq!(end(&record), KycStatus::Rejected);
}
