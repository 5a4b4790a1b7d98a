//! The session encryption against the committed vectors, and against every kind of damage.

use super::*;
use proptest::prelude::*;
use rsa::rand_core::RngCore;

const ID: &str = "00000000-0000-4000-8000-000000000000";
const KEY_TEXT: &str = "AES_GCM$AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=$AAECAwQFBgcICQoL";
/// Plaintext, and its field after version and id: key 00 to 1f, IV 00 to 0b.
const VECTORS: [(&str, &str); 5] = [
    ("김토스", "rbtW9kNFLpEpV0LPcKfQ/BtLV58fT8DJLQ=="),
    ("19930324", "djvvKPXW8C/V2er168crMureVF7JrCpf"),
    ("FEMALE", "AUebWomgsUYmU/Zkz75ioP/MEh90aQ=="),
    ("LOCAL", "C02VWonKll2XqMMI4rprNKNbSyJQ"),
    ("01000000000", "dzPmK/XV8iu9cacKqR2F2yQxTat/WRuAVBMR"),
];

fn session_of(version: &str) -> Session {
    let version = VersionTag::parse(version).expect("version");
    Session::from_key_text(version, ID.into(), KEY_TEXT).expect("session")
}

fn session() -> Session {
    session_of("v1")
}

#[test]
fn the_committed_vectors_hold_in_both_directions() {
    for (plaintext, body) in VECTORS {
        let field = format!("v1${ID}${body}");
        assert_eq!(session().seal(plaintext).expect("field"), field, "{plaintext}");
        assert_eq!(*session().open(&field).expect("plaintext"), plaintext);
    }
    let text = session().key_text();
    assert_eq!((text.as_str(), text.len()), (KEY_TEXT, KEY_TEXT_CHARS));
}

#[test]
fn fields_are_as_long_as_those_of_the_vendors_page() {
    let ci = "x".repeat(88);
    let rows =
        [("김토스", 25), ("01000000000", 27), ("19930324", 24), ("FEMALE", 22), ("LOCAL", 21), (&ci, 104)];
    for (plaintext, bytes) in rows {
        let field = Tagged::parse(&session().seal(plaintext).expect("field")).expect("field");
        assert_eq!(field.body.len(), bytes, "{plaintext}");
    }
}

#[test]
fn version_tags_are_v1_or_v1_with_three_numbers() {
    for good in ["v1", "v1_0.0.14", "v1_1.2.3", "v1_99999.0.1"] {
        assert_eq!(VersionTag::parse(good).expect(good).as_str(), good);
    }
    for bad in ["", "v2", "v1_", "v1_1.2", "v1_1.2.3.4", "v1_a.b.c", "v1_1..3", "v10", "V1", "v1_123456.0.0"]
    {
        assert_eq!(VersionTag::parse(bad), None, "{bad}");
    }
}

#[test]
fn fields_of_another_version_or_session_are_refused() {
    let field = session().seal("LOCAL").expect("field");
    assert_eq!(session_of("v1_0.0.14").open(&field), Err(FieldFailure::VersionOther));
    let own = session_of("v1_0.0.14").seal("LOCAL").expect("field");
    assert!(own.starts_with(&format!("v1_0.0.14${ID}$")), "{own}");
    let other = field.replace(ID, "00000000-0000-4000-8000-000000000001");
    assert_eq!(session().open(&other), Err(FieldFailure::SessionOther));
}

#[test]
fn each_damage_has_its_name() {
    let rows = [
        (String::new(), FieldFailure::Form),
        (format!("v1${ID}"), FieldFailure::Form),
        (format!("v1${ID}$AAAA$00"), FieldFailure::Form),
        (format!("v2${ID}$AAAA"), FieldFailure::VersionUnknown),
        ("v1$1234$AAAA".into(), FieldFailure::SessionInvalid),
        (format!("v1${ID}$A"), FieldFailure::Base64),
        (format!("v1${ID}$C02VWonKll2XqMMI4rprNKNbSyJ"), FieldFailure::Base64),
        (format!("v1${ID}$AAAA"), FieldFailure::Length),
        (format!("v1${ID}$D02VWonKll2XqMMI4rprNKNbSyJQ"), FieldFailure::Integrity),
        (format!("v1${ID}$C02VWonKll2XqMMI4rprNKNbSyJR"), FieldFailure::Integrity),
    ];
    for (field, failure) in rows {
        assert_eq!(session().open(&field), Err(failure), "{field}");
    }
}

#[test]
fn a_key_text_of_another_form_opens_no_session() {
    for bad in
        ["", "AES_GCM$", "AES_CBC$AAAA$AAAA", "AES_GCM$AAAA$AAAA", &format!("{KEY_TEXT}$AAAA"), "AES_GCM$é"]
    {
        let opened = Session::from_key_text(VersionTag::v1(), ID.into(), bad);
        assert_eq!(opened.err(), Some(FieldFailure::Plaintext), "{bad}");
    }
}

#[test]
fn debug_shows_neither_key_nor_iv() {
    let shown = format!("{:?}", session());
    assert!(shown.contains(ID) && !shown.contains("AAEC") && !shown.contains('['), "{shown}");
}

#[test]
fn random_bytes_are_used_once_and_never_made_up() {
    let mut given = GivenBytes { rest: &[1, 2, 3], short: false };
    let mut to = [0; 2];
    given.fill_bytes(&mut to);
    assert_eq!((to, given.short), ([1, 2], false));
    given.fill_bytes(&mut to);
    assert!(given.short);
}

proptest! {
    #[test]
    fn any_text_is_opened_without_panic(text in ".{0,200}") {
        prop_assert!(session().open(&text).is_err());
    }

    #[test]
    fn what_is_sealed_is_opened(text in ".{0,300}") {
        let field = session().seal(&text).expect("field");
        prop_assert_eq!(&*session().open(&field).expect("plaintext"), &text);
    }

    #[test]
    fn one_changed_bit_of_a_field_is_seen(
        text in ".{0,40}",
        at in any::<proptest::sample::Index>(),
        bit in 0_u32..8,
    ) {
        let mut body = Tagged::parse(&session().seal(&text).expect("field")).expect("field").body;
        let at = at.index(body.len());
        body[at] ^= 1_u8 << bit;
        prop_assert_eq!(session().open(&session().tagged(&body)), Err(FieldFailure::Integrity));
    }
}
