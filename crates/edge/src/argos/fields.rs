//! Checked field values: what a request cannot be built without.
//!
//! Rule: each type refuses with [`ErrorKind::RequestInvalid`] what the vendor would refuse, before anything
//! is sent, and names the field and never its value. `Debug` shows no value.

use crate::error::{Error, ErrorKind};
use std::fmt;

/// Longest text field, in characters. No page states one; 256 holds every name and address, and this limit is
/// ours.
pub const MAX_TEXT_CHARS: usize = 256;
/// Longest e-mail address, in bytes (RFC 5321 4.5.3.1.3: a path has 256 with its brackets).
const MAX_EMAIL_BYTES: usize = 254;
/// Longest id, in characters. The samples have 13 to 16; this limit is ours.
const MAX_ID_CHARS: usize = 128;

pub(super) fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::RequestInvalid, message)
}

macro_rules! checked_text {
    ($($(#[$meta:meta])* $name:ident: $check:expr, $why:literal;)*) => {$(
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, Hash)]
        pub struct $name(String);

        impl $name {
            /// Takes `text` if it has this type's form. Fails with [`ErrorKind::RequestInvalid`].
            pub fn new(text: impl Into<String>) -> Result<Self, Error> {
                let text = text.into();
                let check: fn(&str) -> bool = $check;
                if check(&text) { Ok(Self(text)) } else { Err(invalid($why)) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
    )*};
}

checked_text! {
    /// An e-mail address: one `@`, something before it, a domain with a dot after it, at most 254 bytes.
    Email: is_email, "email is not an address";
    /// A country as ISO 3166 alpha-3: three capital letters.
    Country: is_alpha3, "a country is not three capital letters (ISO 3166 alpha-3)";
    /// Id of a submission: 1 to 128 letters, digits, `-` or `_`.
    SubmissionId: is_id, "a submission id is not 1 to 128 letters, digits, - or _";
    /// Id of an applicant, from a submission: the same form.
    ApplicantId: is_id, "an applicant id is not 1 to 128 letters, digits, - or _";
    /// Id of a screening report: the same form.
    ResourceId: is_id, "a resource id is not 1 to 128 letters, digits, - or _";
    /// Text of 1 to 256 characters, not blank, without control characters.
    Text: is_text, "a text field is blank, over 256 characters, or has control characters";
    /// Number of a Korean driving licence: 12 digits.
    LicenseNumber: is_license, "license_number is not 12 digits";
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    let labels = domain.split('.').count() >= 2
        && domain.split('.').all(|label| {
            !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        });
    text.len() <= MAX_EMAIL_BYTES && plain && !local.is_empty() && labels
}

fn is_alpha3(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_id(text: &str) -> bool {
    (1..=MAX_ID_CHARS).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_text(text: &str) -> bool {
    text.chars().count() <= MAX_TEXT_CHARS && !text.trim().is_empty() && !text.chars().any(char::is_control)
}

fn is_license(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `text` is a Korean resident registration number: 6 digits, 7 digits, with or without a hyphen.
pub fn is_resident_number(text: &str) -> bool {
    let digits: String = match text.split_once('-') {
        Some((birth, rest)) if birth.len() == 6 => format!("{birth}{rest}"),
        Some(_) => return false,
        None => text.to_owned(),
    };
    digits.len() == 13 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The customer's own fields: `userid`, `cf1`, `cf2`, `cf3`. Each comes back with the submission.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomFields {
    /// `userid`.
    pub userid: Option<Text>,
    /// `cf1`.
    pub cf1: Option<Text>,
    /// `cf2`.
    pub cf2: Option<Text>,
    /// `cf3`.
    pub cf3: Option<Text>,
}

impl CustomFields {
    /// Names and values that are set, in the order of the contract.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [("userid", &self.userid), ("cf1", &self.cf1), ("cf2", &self.cf2), ("cf3", &self.cf3)]
            .into_iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| (name, value.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_email_country_id_and_licence_have_their_form() {
        for good in ["test@gmail.com", "a.b+c@x-y.co.kr"] {
            assert!(Email::new(good).is_ok(), "{good}");
        }
        let long = format!("{}@gmail.com", "a".repeat(250));
        for bad in ["", "a", "@b.c", "a@b", "a@.c", "a@b.", "a b@c.d", "a@b@c.d", "a\r\n@b.c", &long] {
            assert_eq!(Email::new(bad).expect_err(bad).kind(), ErrorKind::RequestInvalid);
        }
        assert!(Country::new("KOR").is_ok());
        for bad in ["", "KR", "kor", "KORE", "K0R", "대한민"] {
            assert!(Country::new(bad).is_err(), "{bad}");
        }
        assert!(SubmissionId::new("1cz94l9ksfi1bokk").is_ok());
        for bad in ["", "a b", "a/b", "a&b=c", "gt7*", &"a".repeat(129)] {
            assert!(SubmissionId::new(bad).is_err(), "{bad}");
            assert!(ApplicantId::new(bad).is_err() && ResourceId::new(bad).is_err(), "{bad}");
        }
        assert!(LicenseNumber::new("112233445566").is_ok());
        for bad in ["11223344556", "1122334455667", "11-22-334455-66", "11223344556a"] {
            assert!(LicenseNumber::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_text_field_is_not_blank_not_long_and_has_no_control_character() {
        assert!(Text::new("홍길동").is_ok());
        assert!(Text::new("홍".repeat(MAX_TEXT_CHARS)).is_ok());
        for bad in ["", "  ", "a\nb", "a\u{0}b", &"a".repeat(MAX_TEXT_CHARS + 1)] {
            assert!(Text::new(bad).is_err());
        }
    }

    #[test]
    fn a_resident_number_has_six_and_seven_digits() {
        assert!(is_resident_number("981112-1234567") && is_resident_number("9811121234567"));
        for bad in ["", "981112-1******", "98111-21234567", "981112--123456", "981112-12345678"] {
            assert!(!is_resident_number(bad), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics_and_no_refusal_or_debug_repeats_it(text in ".{5,40}") {
            let outcomes = [
                Email::new(&*text).map(|value| format!("{value:?}")),
                Country::new(&*text).map(|value| format!("{value:?}")),
                SubmissionId::new(&*text).map(|value| format!("{value:?}")),
                Text::new(&*text).map(|value| format!("{value:?}")),
                LicenseNumber::new(&*text).map(|value| format!("{value:?}")),
            ];
            prop_assume!(text.trim().chars().count() > 6);
            for outcome in outcomes {
                let shown = outcome.unwrap_or_else(|error| format!("{error} {error:?}"));
                prop_assert!(!shown.contains(&text));
            }
            let _ = is_resident_number(&text);
        }
    }
}
