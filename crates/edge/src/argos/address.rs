//! `POST /address_code`: an address as plus codes. Only for projects that collect the address.

use super::client::{Client, json, not_of_the_contract};
use super::fields::{Text, invalid};
use crate::error::Error;
use crate::http::{Request, Response};
use serde::Deserialize;
use std::fmt;

/// Digits of an Open Location Code, in the order of their values.
const OLC_DIGITS: &str = "23456789CFGHJMPQRVWX";
/// Digits before the plus sign.
const OLC_SEPARATOR_AT: usize = 8;
/// Digits that a code can have in all.
const OLC_MAX_DIGITS: usize = 15;
/// First digits that latitude (90 degrees and more) and longitude (180 and more) cannot have begin at these
/// values.
const OLC_FIRST_LIMITS: [usize; 2] = [9, 18];

/// A whole Open Location Code ("plus code"), such as `8Q98HXPG+MP`. `Debug` hides it.
#[derive(Clone, PartialEq, Eq)]
pub struct PlusCode(String);

impl PlusCode {
    /// Takes a whole code: eight digits without padding, `+`, and none or two to seven more, as the Open
    /// Location Code specification has them, in capital letters. Fails with
    /// [`crate::ErrorKind::RequestInvalid`].
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = text.into();
        if is_whole_code(&text) { Ok(Self(text)) } else { Err(invalid("not a whole plus code")) }
    }

    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PlusCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PlusCode(…)")
    }
}

fn is_whole_code(text: &str) -> bool {
    let Some((area, rest)) = text.split_once('+') else { return false };
    let digits = |part: &str| part.chars().all(|digit| OLC_DIGITS.contains(digit));
    let in_range = area
        .chars()
        .zip(OLC_FIRST_LIMITS)
        .all(|(digit, limit)| OLC_DIGITS.find(digit).is_some_and(|value| value < limit));
    let length = rest.len() != 1 && rest.len() <= OLC_MAX_DIGITS - OLC_SEPARATOR_AT;
    area.len() == OLC_SEPARATOR_AT && digits(area) && digits(rest) && in_range && length
}

/// An address to look up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressQuery {
    /// The address.
    pub address: Text,
    /// Language of the answer: two lower-case letters, ISO 639-1.
    pub language: Option<String>,
}

/// An address and its codes. `Debug` hides them.
#[derive(Clone, PartialEq, Eq)]
pub struct AddressCodes {
    /// The address, written out.
    pub formatted_address: String,
    /// A short plus code and a place.
    pub compound_code: String,
    /// The whole plus code.
    pub global_code: PlusCode,
}

impl fmt::Debug for AddressCodes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressCodes(…)")
    }
}

#[derive(Deserialize)]
struct Wire {
    formatted_address: String,
    compound_code: String,
    global_code: String,
}

impl Client {
    /// The request for the codes of an address. Fails with [`crate::ErrorKind::RequestInvalid`] on a language
    /// that is not two lower-case letters.
    pub fn address_code_request(&self, query: &AddressQuery) -> Result<Request, Error> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        if let Some(language) = &query.language {
            if language.len() != 2 || !language.bytes().all(|byte| byte.is_ascii_lowercase()) {
                return Err(invalid("language is not two lower-case letters"));
            }
            form.append_pair("language", language);
        }
        form.append_pair("address", query.address.as_str());
        let body = form.finish().into_bytes();
        self.post("address_code", "application/x-www-form-urlencoded".to_owned(), body)
    }

    /// The codes in the answer to [`Self::address_code_request`].
    pub fn read_address_code(&self, response: &Response) -> Result<AddressCodes, Error> {
        let wire: Wire = json(response)?;
        Ok(AddressCodes {
            formatted_address: wire.formatted_address,
            compound_code: wire.compound_code,
            global_code: PlusCode::new(wire.global_code).map_err(|_| not_of_the_contract())?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::{answer, client};
    use crate::error::ErrorKind;
    use proptest::prelude::*;

    const SAMPLE: &str = r#"{"formatted_address":"1 Sejongno, Jongno-gu, Seoul, South Korea",
        "compound_code":"HXPG+MP Seoul, South Korea","global_code":"8Q98HXPG+MP"}"#;

    #[test]
    fn the_published_address_goes_out_as_a_form_and_its_codes_come_back() {
        let query = AddressQuery {
            address: Text::new("1 Sejongno, Jongno-gu, Seoul, South Korea").expect("text"),
            language: Some("en".into()),
        };
        let request = client().address_code_request(&query).expect("request");
        assert_eq!(request.url.path(), "/v2/address_code");
        assert!(request.headers.contains(&("content-type", "application/x-www-form-urlencoded".into())));
        let body = String::from_utf8(request.body).expect("text");
        assert_eq!(body, "language=en&address=1+Sejongno%2C+Jongno-gu%2C+Seoul%2C+South+Korea");
        let codes = client().read_address_code(&answer(200, SAMPLE)).expect("reads");
        assert_eq!(codes.global_code.as_str(), "8Q98HXPG+MP");
        assert_eq!(codes.compound_code, "HXPG+MP Seoul, South Korea");
        assert!(!format!("{codes:?} {query:?}").contains("Sejong"));
        let bad = AddressQuery { language: Some("english".into()), ..query };
        assert!(client().address_code_request(&bad).is_err());
    }

    #[test]
    fn a_plus_code_is_a_whole_open_location_code() {
        for good in ["8Q98HXPG+MP", "8FVC9G8F+6X", "8FVC9G8F+6XW", "7FG49Q00+", "8FVC2222+"] {
            assert_eq!(PlusCode::new(good).is_ok(), good != "7FG49Q00+", "{good}");
        }
        for bad in [
            "",
            "+",
            "HXPG+MP",
            "8Q98HXPG",
            "8Q98HXPG+M",
            "8Q98HXPA+MP",
            "8q98hxpg+mp",
            "XQ98HXPG+MP",
            "8XQ8HXPG+MP",
            "8Q98HXPG+MP+",
            "8Q98HXPG+23456789",
            "서울서울+MP",
        ] {
            assert_eq!(PlusCode::new(bad).expect_err(bad).kind(), ErrorKind::RequestInvalid);
        }
        let odd = SAMPLE.replace("8Q98", "AAAA");
        let error = client().read_address_code(&answer(200, odd)).expect_err("no code");
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
    }

    proptest! {
        #[test]
        fn any_text_is_a_plus_code_or_an_error(text in ".{0,14}") {
            if let Ok(code) = PlusCode::new(&*text) {
                prop_assert!(code.as_str().is_ascii() && code.as_str().contains('+'));
            }
        }
    }
}
