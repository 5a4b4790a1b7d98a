//! What the customer's server asks a user to sign, checked before anything is sent.

use super::session::Session;
use super::wire::RequestBody;
use crate::error::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use der::DateTime;
use std::fmt;
use url::Url;
use zeroize::Zeroizing;

/// Longest name of a service, in characters.
pub const MAX_SERVICE_NAME_CHARS: usize = 50;
/// Longest document that Toss recommends, in characters. Longer ones are sent.
pub const RECOMMENDED_DOCUMENT_CHARS: usize = 2000;
/// Longest time to sign, in seconds.
pub const MAX_EXPIRE_S: u32 = 1800;
/// Characters of a CI or DI: base64 of 64 bytes.
pub const CI_CHARS: usize = 88;
/// Characters of a birthday.
pub const BIRTHDAY_CHARS: usize = 8;
/// Digits of a Korean mobile number: 11 today, 10 of the old ones.
pub const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 10..=11;
/// Longest name, in characters. Korean registers hold far shorter ones.
const MAX_NAME_CHARS: usize = 100;
/// Longest callback URL, in characters.
const MAX_CALLBACK_CHARS: usize = 2000;

/// Who signs. Wiped from memory when dropped; `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub enum Person {
    /// USER_PERSONAL: found by name, telephone number and birthday.
    Personal {
        /// Name as registered.
        name: Zeroizing<String>,
        /// Digits of the mobile number.
        phone: Zeroizing<String>,
        /// `YYYYMMDD`.
        birthday: Zeroizing<String>,
    },
    /// USER_CI: found by the CI; the result then has neither CI nor DI.
    Ci(Zeroizing<String>),
}

impl fmt::Debug for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.request_type())
    }
}

impl Person {
    /// A person by personal data. Fails with [`ErrorKind::RequestInvalid`].
    pub fn personal(name: &str, phone: &str, birthday: &str) -> Result<Self, Error> {
        if name.trim().is_empty() || name.chars().count() > MAX_NAME_CHARS {
            return Err(invalid("the name is empty or too long"));
        }
        if !PHONE_DIGITS.contains(&phone.len()) || !digits(phone) {
            return Err(invalid("the telephone number is not 10 or 11 digits"));
        }
        if !is_birthday(birthday) {
            return Err(invalid("the birthday is no date YYYYMMDD"));
        }
        let own = |text: &str| Zeroizing::new(text.to_owned());
        Ok(Self::Personal { name: own(name), phone: own(phone), birthday: own(birthday) })
    }

    /// A person by CI. Fails with [`ErrorKind::RequestInvalid`].
    pub fn ci(ci: &str) -> Result<Self, Error> {
        if ci.len() != CI_CHARS || !ci.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(invalid("the CI is not 88 characters"));
        }
        Ok(Self::Ci(Zeroizing::new(ci.to_owned())))
    }

    fn request_type(&self) -> &'static str {
        match self {
            Self::Personal { .. } => "USER_PERSONAL",
            Self::Ci(_) => "USER_CI",
        }
    }
}

/// How the user's Toss app opens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trigger {
    /// Toss pushes to the user's app.
    #[default]
    Push,
    /// The caller opens one of the links of the answer, which may lead back to the caller's own app.
    AppScheme {
        /// Where the Toss app goes after success.
        success_callback_url: Option<String>,
        /// Where the Toss app goes after failure.
        fail_callback_url: Option<String>,
    },
}

/// What is signed. `Debug` shows its kind.
#[derive(Clone, PartialEq, Eq)]
pub enum Document {
    /// Plain text.
    Text(String),
    /// HTML.
    Html(String),
    /// The SHA-256 of a PDF, which Toss does not show. That SHA-256 is meant is this crate's choice: the
    /// contract says "hash" only.
    PdfSha256([u8; 32]),
}

impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.doc_type())
    }
}

impl Document {
    /// `doc` as it goes over the wire before any encryption.
    pub fn wire_text(&self) -> Zeroizing<String> {
        Zeroizing::new(match self {
            Self::Text(text) | Self::Html(text) => text.clone(),
            Self::PdfSha256(sha256) => STANDARD.encode(sha256),
        })
    }

    /// Whether it is longer than Toss recommends.
    pub fn is_longer_than_recommended(&self) -> bool {
        self.wire_text().chars().count() > RECOMMENDED_DOCUMENT_CHARS
    }

    fn doc_type(&self) -> &'static str {
        match self {
            Self::Text(_) => "TEXT",
            Self::Html(_) => "HTML",
            Self::PdfSha256(_) => "PDF",
        }
    }

    fn signature_type(&self) -> &'static str {
        match self {
            Self::Text(_) | Self::Html(_) => "PKCS7",
            Self::PdfSha256(_) => "PKCS7_NO_CONTENT_WITH_ATTR",
        }
    }
}

/// A signature to ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignRequest {
    /// Who signs.
    pub person: Person,
    /// How the app opens.
    pub trigger: Trigger,
    /// Name of the service, 1 to 50 characters.
    pub service_name: String,
    /// Title of the document.
    pub doc_title: String,
    /// The document.
    pub document: Document,
    /// Whether the document goes encrypted: it must where it holds personal data.
    pub encrypt_document: bool,
    /// Seconds to sign in, 1 to 1800; None leaves it to Toss.
    pub expire_s: Option<u32>,
}

impl SignRequest {
    /// Whether the contract allows this request. Fails with [`ErrorKind::RequestInvalid`].
    pub fn check(&self) -> Result<(), Error> {
        if self.service_name.trim().is_empty() || self.service_name.chars().count() > MAX_SERVICE_NAME_CHARS {
            return Err(invalid("the service name is empty or longer than 50 characters"));
        }
        if self.doc_title.trim().is_empty() {
            return Err(invalid("the document has no title"));
        }
        if self.document.wire_text().trim().is_empty() {
            return Err(invalid("the document is empty"));
        }
        if self.expire_s.is_some_and(|seconds| !(1..=MAX_EXPIRE_S).contains(&seconds)) {
            return Err(invalid("the time to sign is not 1 to 1800 seconds"));
        }
        if let Trigger::AppScheme { success_callback_url, fail_callback_url } = &self.trigger {
            success_callback_url.iter().chain(fail_callback_url).try_for_each(|url| check_callback(url))?;
        }
        Ok(())
    }

    /// The body, its personal data encrypted with `session`.
    pub(super) fn body(&self, session: &Session, session_key: String) -> Result<RequestBody, Error> {
        self.check()?;
        let document = self.document.wire_text();
        let mut body = RequestBody {
            request_type: self.person.request_type().to_owned(),
            trigger_type: "PUSH".to_owned(),
            session_key,
            service_name: self.service_name.clone(),
            doc_title: self.doc_title.clone(),
            doc: if self.encrypt_document { session.seal(&document)? } else { document.to_string() },
            doc_type: self.document.doc_type().to_owned(),
            doc_encrypted: self.encrypt_document,
            signature_type: Some(self.document.signature_type().to_owned()),
            expire_seconds: self.expire_s,
            ..RequestBody::default()
        };
        match &self.person {
            Person::Personal { name, phone, birthday } => {
                body.user_name = Some(session.seal(name)?);
                body.user_phone = Some(session.seal(phone)?);
                body.user_birthday = Some(session.seal(birthday)?);
            }
            Person::Ci(ci) => body.user_ci = Some(session.seal(ci)?),
        }
        if let Trigger::AppScheme { success_callback_url, fail_callback_url } = &self.trigger {
            body.trigger_type = "APP_SCHEME".to_owned();
            body.success_callback_url.clone_from(success_callback_url);
            body.fail_callback_url.clone_from(fail_callback_url);
        }
        Ok(body)
    }
}

/// Whether `text` is a date `YYYYMMDD`. Years from 1900 on, which holds everyone alive.
pub(super) fn is_birthday(text: &str) -> bool {
    if text.len() != BIRTHDAY_CHARS || !digits(text) {
        return false;
    }
    let number = |range| text.get(range).and_then(|part: &str| part.parse::<u16>().ok());
    let (Some(year), Some(month), Some(day)) = (number(0..4), number(4..6), number(6..8)) else {
        return false;
    };
    // The calendar repeats every 400 years, and this date type starts in 1970.
    let calendar_year = if year < 1970 { year + 400 } else { year };
    let date = (u8::try_from(month), u8::try_from(day));
    year >= 1900
        && matches!(date, (Ok(month), Ok(day)) if DateTime::new(calendar_year, month, day, 0, 0, 0).is_ok())
}

pub(super) fn check_callback(text: &str) -> Result<(), Error> {
    let url = Url::parse(text).map_err(|_| invalid("a callback that is no absolute URL"))?;
    if text.len() > MAX_CALLBACK_CHARS
        || ["javascript", "data", "file", "blob", "http"].contains(&url.scheme())
    {
        return Err(invalid("a callback that is no app's URL"));
    }
    Ok(())
}

fn digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::RequestInvalid, why)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> SignRequest {
        SignRequest {
            person: Person::personal("김토스", "01000000000", "19930324").expect("person"),
            trigger: Trigger::Push,
            service_name: "토스 출금이체".into(),
            doc_title: "출금이체 동의문".into(),
            document: Document::Text("동의".into()),
            encrypt_document: false,
            expire_s: None,
        }
    }

    #[test]
    fn impossible_requests_are_refused_before_they_are_sent() {
        assert!(request().check().is_ok());
        let app = |url: &str| Trigger::AppScheme {
            success_callback_url: Some(url.to_owned()),
            fail_callback_url: None,
        };
        assert!(SignRequest { trigger: app("shop://done"), ..request() }.check().is_ok());
        assert!(SignRequest { service_name: "가".repeat(50), ..request() }.check().is_ok());
        let rows = [
            SignRequest { service_name: "가".repeat(51), ..request() },
            SignRequest { service_name: " ".into(), ..request() },
            SignRequest { doc_title: String::new(), ..request() },
            SignRequest { document: Document::Html(String::new()), ..request() },
            SignRequest { expire_s: Some(0), ..request() },
            SignRequest { expire_s: Some(1801), ..request() },
            SignRequest { trigger: app("javascript:alert(1)"), ..request() },
            SignRequest { trigger: app("http://shop.example"), ..request() },
            SignRequest { trigger: app("done"), ..request() },
        ];
        for row in rows {
            assert_eq!(row.check().expect_err("refused").kind(), ErrorKind::RequestInvalid, "{row:?}");
        }
    }

    #[test]
    fn personal_data_has_the_lengths_of_the_contract() {
        for (name, phone, birthday) in [
            ("", "01000000000", "19930324"),
            ("김토스", "010-0000-0000", "19930324"),
            ("김토스", "010000000", "19930324"),
            ("김토스", "01000000000", "930324"),
            ("김토스", "01000000000", "19930230"),
            ("김토스", "01000000000", "1993032４"),
        ] {
            assert!(Person::personal(name, phone, birthday).is_err(), "{phone} {birthday}");
        }
        for (birthday, good) in
            [("19000301", true), ("19000229", false), ("19600229", true), ("18991231", false)]
        {
            assert_eq!(is_birthday(birthday), good, "{birthday}");
        }
        assert!(Person::ci(&"A".repeat(88)).is_ok());
        assert!(Person::ci(&"A".repeat(87)).is_err());
        assert!(Person::ci(&" ".repeat(88)).is_err());
    }

    #[test]
    fn a_long_document_is_noticed_and_sent() {
        let long = SignRequest { document: Document::Text("가".repeat(2001)), ..request() };
        assert!(long.document.is_longer_than_recommended() && long.check().is_ok());
        assert!(!Document::Text("가".repeat(2000)).is_longer_than_recommended());
    }

    #[test]
    fn debug_shows_no_personal_data_and_no_document() {
        let shown = format!("{:?}", SignRequest { document: Document::Text("geheim".into()), ..request() });
        for secret in ["김토스", "01000000000", "19930324", "geheim"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }
}
