use super::*;
use idv_protocol::barcode::LicenceKind;

/// A text of `version` with one subfile of `elements`.
fn text(version: u8, elements: &[&str]) -> String {
    let body = format!("DL{}\r", elements.join("\n"));
    let issuer_version = if version >= 2 { "00" } else { "" };
    let header = format!("@\n\u{1e}\rANSI 999999{version:02}{issuer_version}01");
    let offset = header.len() + 10;
    format!("{header}DL{offset:04}{:04}{body}", body.len())
}

fn parsed(version: u8, elements: &[&str]) -> LicenceReading {
    parse(&text(version, elements)).expect("a licence")
}

#[test]
fn reads_the_fields_of_the_newest_version() {
    let reading = parsed(
        10,
        &[
            "DAQK123456789",
            "DCSMARCHBANKS",
            "DDEN",
            "DACEDITH",
            "DDFN",
            "DADADA MARIA",
            "DDGT",
            "DCAC",
            "DBD08242022",
            "DBB08121974",
            "DBA08242030",
            "DBC2",
            "DAU070 in",
            "DAYBRO",
            "DAG12 CLOUD STREET",
            "DAIZENITH",
            "DAJUT",
            "DAK123450000  ",
            "DCGUSA",
        ],
    );
    assert_eq!(reading.kind, LicenceKind::DrivingLicence);
    assert_eq!((reading.issuer_number.as_str(), reading.version), ("999999", 10));
    let fields: Vec<(&str, &str)> = reading.fields().collect();
    assert_eq!(
        fields,
        [
            ("document_number", "K123456789"),
            ("surname", "MARCHBANKS"),
            ("given_names", "EDITH ADA MARIA"),
            ("birth_date", "1974-08-12"),
            ("issue_date", "2022-08-24"),
            ("expiry_date", "2030-08-24"),
            ("sex", "F"),
            ("eyes", "BRO"),
            ("street", "12 CLOUD STREET"),
            ("town", "ZENITH"),
            ("region", "UT"),
            ("postal_code", "12345"),
            ("country", "USA"),
            ("vehicle_class", "C"),
        ]
    );
    assert_eq!(reading.height_cm, Some(178));
    assert!(reading.names_are_truncated && reading.malformed.is_empty());
}

#[test]
fn names_stand_where_each_version_has_them() {
    for (version, elements, surname, given) in [
        (1, &["DAAQUILLAN,NORA,IRIS"][..], "QUILLAN", Some("NORA IRIS")),
        (1, &["DABQUILLAN", "DACNORA", "DADIRIS"], "QUILLAN", Some("NORA IRIS")),
        (3, &["DCSQUILLAN", "DCTNORA,IRIS"], "QUILLAN", Some("NORA IRIS")),
        (5, &["DCSQUILLAN", "DACNORA", "DADNONE"], "QUILLAN", Some("NORA")),
        (9, &["DCSQUILLAN", "DACNONE", "DADNONE"], "QUILLAN", None),
    ] {
        let reading = parsed(version, elements);
        assert_eq!(reading.surname.as_deref(), Some(surname), "version {version}");
        assert_eq!(reading.given_names.as_deref(), given, "version {version}");
    }
}

#[test]
fn dates_follow_the_country_and_a_date_that_is_none_is_named() {
    let canada = parsed(8, &["DBB19740812", "DCGCAN"]);
    assert_eq!(canada.birth_date.as_deref(), Some("1974-08-12"));
    let first = parsed(1, &["DBB19740812"]);
    assert_eq!(first.birth_date.as_deref(), Some("1974-08-12"));
    let broken = parsed(8, &["DBB13321974", "DBC7", "DAU999 cm", "DCGUSA"]);
    assert_eq!(broken.birth_date, None);
    assert_eq!(broken.malformed, ["DBB", "DBC", "DAU"]);
}

#[test]
fn a_subfile_is_found_behind_a_wrong_offset() {
    let good = text(10, &["DAQK1", "DCSQUILLAN"]);
    let wrong = good.replacen("DL0031", "DL0999", 1);
    assert_ne!(good, wrong);
    assert_eq!(parse(&wrong), parse(&good));
}

#[test]
fn what_is_no_licence_is_refused_with_its_reason() {
    for (text, kind) in [
        (String::new(), ErrorKind::NotAamva),
        ("https://example.org/".to_owned(), ErrorKind::NotAamva),
        ("@\n\u{1e}\rANSI ".to_owned(), ErrorKind::BadHeader),
        ("@\n\u{1e}\rANSI 99999X100001".to_owned(), ErrorKind::BadHeader),
        ("@\n\u{1e}\rANSI 999999000001DL00310010DLDAQ1\r".to_owned(), ErrorKind::UnsupportedVersion),
        ("@\n\u{1e}\rANSI 999999100000".to_owned(), ErrorKind::BadHeader),
        ("@\n\u{1e}\rANSI 999999100099".to_owned(), ErrorKind::BadHeader),
        ("@\n\u{1e}\rANSI 999999100001DL00310000".to_owned(), ErrorKind::NoSubfile),
        ("@\n\u{1e}\rANSI 999999100001ZZ00310008ZZDAQ1\r".to_owned(), ErrorKind::NoSubfile),
        ("@".repeat(MAX_LENGTH + 1), ErrorKind::TextTooLong),
    ] {
        let refused = parse(&text).expect_err("refused");
        assert_eq!(refused.kind(), kind, "{text:?}");
    }
}

#[test]
fn no_debug_output_shows_what_was_read() {
    let reading = parsed(10, &["DAQK1234567", "DCSQUILLAN", "DACNORA", "DBB08121974"]);
    let shown = format!("{reading:?}");
    for secret in ["K1234567", "QUILLAN", "NORA", "1974"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    assert!(shown.contains("surname"));
}
