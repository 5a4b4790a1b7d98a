//! What the operator tells Argos, and what it makes of its words.

use super::*;
use idv_protocol::reading::CalendarDate;
use idv_vision::reading::mrz::parse_text;

/// A whole passport of Doc 9303's own specimen.
const SPECIMEN: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

fn of(state: &str) -> ReadOff {
    let text = SPECIMEN.replace("P<UTO", &format!("P<{state}"));
    ReadOff { zone: parse_text(&text, CalendarDate::new(2010, 1, 1)).ok(), licence: None }
}

fn key(country: &str, id_type: &str) -> PolicyKey {
    format!("{country}:document:{id_type}:document_ocr_check:no_owner_assurance").parse().expect("policy key")
}

#[test]
fn the_policys_country_is_the_issuers_but_for_specimens() {
    let nothing = ReadOff::default();
    for (country, read, expected) in [
        ("jp", of("JPN"), "JPN"),
        // Argos finds that it is another country's.
        ("jp", of("KOR"), "JPN"),
        ("jp", of("UTO"), "UTO"),
        ("jp", of("XXA"), "XXA"),
        ("uk", nothing.clone(), "GBR"),
        ("unknown", of("KOR"), "KOR"),
        ("unknown", of("D<<"), "DEU"),
        ("unknown", nothing, UNKNOWN_COUNTRY),
    ] {
        let country_of = country_of(&key(country, "passport"), &read).expect("country");
        assert_eq!(country_of.as_str(), expected, "{country}");
    }
}

#[test]
fn a_passport_is_one_and_every_card_a_government_id() {
    for (id_type, expected) in [
        ("passport", IdType::Passport),
        ("id_card", IdType::GovernmentId),
        ("residential_card", IdType::GovernmentId),
    ] {
        assert_eq!(id_type_of(key("jp", id_type).policy.as_ref()), expected);
    }
    assert_eq!(id_type_of(None), IdType::Passport, "what a default policy asks for here");
}

#[test]
fn every_published_code_has_a_reason_that_the_page_or_the_customer_knows() {
    let retried: Vec<Reason> = RetryCode::KNOWN.iter().map(reason_of).collect();
    for reason in [
        Reason::DocumentExpired,
        Reason::DocumentMismatch,
        Reason::DocumentUnreadable,
        Reason::FaceMismatch,
        Reason::LivenessFailed,
    ] {
        assert!(retried.contains(&reason), "{reason:?}");
    }
    let unknown = RetryCode::Unknown("identity_verification_fail".into());
    assert_eq!(reason_of(&unknown), Reason::DocumentMismatch);

    let rejected = |codes: &[CommentCode]| reason_of_comments(codes);
    assert_eq!(rejected(&[CommentCode::TooManyRetry, CommentCode::ExpiredId]), Reason::DocumentExpired);
    for code in [CommentCode::TooManyRetry, CommentCode::UnderAgeLimit, CommentCode::DuplicateUser] {
        assert_eq!(rejected(&[code]), Reason::VendorRejected);
    }
    assert_eq!(rejected(&[]), Reason::VendorRejected);
}

#[test]
fn a_picture_over_two_megabytes_is_made_smaller() {
    let plain = image::RgbImage::from_fn(400, 300, |x, y| image::Rgb([x as u8, y as u8, 0]));
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 100).encode_image(&plain).expect("encodes");
    // What stands behind the end of a picture is no part of it.
    jpeg.resize(MAX_PICTURE_BYTES + 1, 0);
    assert!(picture(&jpeg).is_ok_and(|picture| !picture.is_over_recommended()));
    assert!(picture(b"no picture").is_err());
}
