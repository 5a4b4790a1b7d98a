//! Toss's JSON, the same for the client and for a stand-in. Types that hold personal data, even encrypted,
//! show none in `Debug`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Path that starts a signature.
pub const REQUEST_PATH: &str = "/api/v2/sign/doc/request";
/// Path of the status, which proves nothing.
pub const STATUS_PATH: &str = "/api/v2/sign/doc/status";
/// Path of the result.
pub const RESULT_PATH: &str = "/api/v2/sign/doc/result";
/// `resultType` of an answer that succeeded.
pub const SUCCESS: &str = "SUCCESS";
/// `resultType` of an answer that failed.
pub const FAIL: &str = "FAIL";

/// Every answer of the API.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// `SUCCESS` or `FAIL`.
    pub result_type: String,
    /// What was asked for.
    #[serde(default = "none")]
    pub success: Option<T>,
    /// Why it failed; absent in the vendor's successes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<FailBody>,
}

fn none<T>() -> Option<T> {
    None
}

impl<T> fmt::Debug for Envelope<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("result_type", &self.result_type)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

impl<T> Envelope<T> {
    /// A success.
    pub fn success(body: T) -> Self {
        Self { result_type: SUCCESS.to_owned(), success: Some(body), error: None }
    }

    /// A failure with `code` and a text for developers.
    pub fn fail(code: &str, reason: &str) -> Self {
        let error = FailBody {
            error_type: 0,
            error_code: code.to_owned(),
            reason: reason.to_owned(),
            data: serde_json::json!({}),
            title: None,
        };
        Self { result_type: FAIL.to_owned(), success: None, error: Some(error) }
    }
}

/// `error` of a FAIL.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FailBody {
    /// 0 in the vendor's samples.
    #[serde(default)]
    pub error_type: i64,
    /// CE and four digits.
    #[serde(default)]
    pub error_code: String,
    /// A text for developers.
    #[serde(default)]
    pub reason: String,
    /// Empty in the vendor's samples.
    #[serde(default)]
    pub data: serde_json::Value,
    /// Null in the vendor's samples.
    #[serde(default)]
    pub title: Option<String>,
}

/// Body of a request for a signature.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RequestBody {
    /// `USER_PERSONAL` or `USER_CI`.
    pub request_type: String,
    /// `PUSH` or `APP_SCHEME`.
    pub trigger_type: String,
    /// Encrypted name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Encrypted telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_phone: Option<String>,
    /// Encrypted birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_birthday: Option<String>,
    /// Encrypted CI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_ci: Option<String>,
    /// Encrypted session key.
    pub session_key: String,
    /// Name of the service, shown in the Toss app.
    pub service_name: String,
    /// Title of the document, shown in the Toss app.
    pub doc_title: String,
    /// The document, or the base64 of its hash; encrypted if `doc_encrypted`.
    pub doc: String,
    /// `TEXT`, `HTML` or `PDF`.
    pub doc_type: String,
    /// Whether `doc` is encrypted.
    #[serde(deserialize_with = "boolean")]
    pub doc_encrypted: bool,
    /// `PKCS7` or `PKCS7_NO_CONTENT_WITH_ATTR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signature_type: Option<String>,
    /// Seconds to sign in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_seconds: Option<u32>,
    /// Where the Toss app goes after success.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_callback_url: Option<String>,
    /// Where the Toss app goes after failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_callback_url: Option<String>,
}

/// Body of a request for an authentication. USER_NONE has `requestUrl` alone.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AuthRequestBody {
    /// `USER_PERSONAL` or `USER_NONE`.
    pub request_type: String,
    /// Where the Toss app goes back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_url: Option<String>,
    /// `PUSH` or `APP_SCHEME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger_type: Option<String>,
    /// Encrypted name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_name: Option<String>,
    /// Encrypted telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_phone: Option<String>,
    /// Encrypted birthday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_birthday: Option<String>,
    /// Encrypted session key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session_key: Option<String>,
}

/// Body of a request for the status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusBody {
    /// Transaction.
    pub tx_id: String,
}

/// Body of a request for the result.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultBody {
    /// Transaction.
    pub tx_id: String,
    /// Encrypted session key, another one than the request's.
    pub session_key: String,
}

/// `success` of a request for a signature. The links are null for `PUSH`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RequestSuccess {
    /// Transaction.
    pub tx_id: String,
    /// Link by the app's scheme.
    #[serde(default)]
    pub app_scheme: Option<String>,
    /// Link as a Chrome intent.
    #[serde(default)]
    pub android_app_uri: Option<String>,
    /// Link as a universal link.
    #[serde(default)]
    pub ios_app_uri: Option<String>,
    /// When it was requested.
    pub requested_dt: String,
}

/// `success` of a status.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatusSuccess {
    /// Transaction.
    pub tx_id: String,
    /// `REQUESTED`, `IN_PROGRESS`, `COMPLETED` or `EXPIRED`.
    pub status: String,
    /// When it was requested.
    pub requested_dt: String,
}

/// `success` of a result.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ResultSuccess {
    /// Transaction.
    pub tx_id: String,
    /// `COMPLETED`.
    pub status: String,
    /// The document as it was sent.
    #[serde(default)]
    pub doc: Option<String>,
    /// The signature, base64 of DER.
    pub signed_doc: String,
    /// How it was signed.
    pub signature_type: String,
    /// Whether `doc` is encrypted.
    #[serde(default, deserialize_with = "boolean")]
    pub doc_encrypted: bool,
    /// Null.
    #[serde(default)]
    pub random_value: Option<String>,
    /// Null.
    #[serde(default)]
    pub user_ci_token: Option<String>,
    /// When the user finished.
    pub completed_dt: String,
    /// When it was requested.
    pub requested_dt: String,
    /// Encrypted personal data.
    #[serde(default)]
    pub personal_data: Option<PersonalFields>,
}

/// `success` of the result of an authentication.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuthResultSuccess {
    /// Transaction.
    pub tx_id: String,
    /// `COMPLETED`.
    pub status: String,
    /// Null.
    #[serde(default)]
    pub user_identifier: Option<String>,
    /// Null.
    #[serde(default)]
    pub user_ci_token: Option<String>,
    /// The signature over a statement of Toss's, base64 of DER.
    pub signature: String,
    /// Null.
    #[serde(default)]
    pub random_value: Option<String>,
    /// When the user finished.
    pub completed_dt: String,
    /// When it was requested.
    pub requested_dt: String,
    /// Encrypted personal data.
    #[serde(default)]
    pub personal_data: Option<PersonalFields>,
}

/// Encrypted personal data. Absent or null: not applied for.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PersonalFields {
    /// CI, 88 characters.
    pub ci: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Birthday, `YYYYMMDD`.
    pub birthday: Option<String>,
    /// `MALE` or `FEMALE`.
    pub gender: Option<String>,
    /// `LOCAL` or `FOREIGNER`.
    pub nationality: Option<String>,
    /// A second CI, for the case that CIs leak.
    pub ci2: Option<String>,
    /// DI, 88 characters.
    pub di: Option<String>,
    /// When the CI changed, for the case that CIs leak.
    pub ci_update: Option<String>,
    /// `ADULT` or `MINOR`, of an authentication only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_group: Option<String>,
}

macro_rules! debug_without_content {
    ($($name:ident { $($shown:ident),* })+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    )+};
}

debug_without_content! {
    RequestBody { request_type, trigger_type, doc_type, doc_encrypted }
    AuthRequestBody { request_type, trigger_type }
    ResultBody { tx_id }
    RequestSuccess { tx_id, requested_dt }
    ResultSuccess { tx_id, status, signature_type, completed_dt }
    AuthResultSuccess { tx_id, status, completed_dt }
    PersonalFields {}
}

/// The vendor's table says String, its sample boolean: both are read, null as false.
fn boolean<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(false),
        serde_json::Value::Bool(value) => Ok(value),
        serde_json::Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
        serde_json::Value::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(serde::de::Error::custom("neither a boolean nor its text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_request_keeps_its_members() {
        let json = serde_json::json!({
            "requestType": "USER_CI", "triggerType": "APP_SCHEME", "userCi": "v1$a$b", "sessionKey": "v1$a$c",
            "serviceName": "s", "docTitle": "t", "doc": "d", "docType": "TEXT", "docEncrypted": false,
            "signatureType": "PKCS7"
        });
        let body: RequestBody = serde_json::from_value(json.clone()).expect("body");
        assert_eq!(serde_json::to_value(&body).expect("json"), json);
    }

    #[test]
    fn doc_encrypted_is_read_as_boolean_and_as_text() {
        for (text, value) in [("true", true), ("\"true\"", true), ("\"False\"", false), ("null", false)] {
            let body: RequestBody =
                serde_json::from_str(&format!("{{\"docEncrypted\":{text}}}")).expect(text);
            assert_eq!(body.doc_encrypted, value, "{text}");
        }
        assert!(serde_json::from_str::<RequestBody>("{\"docEncrypted\":1}").is_err());
    }

    #[test]
    fn a_failure_is_written_as_the_vendor_writes_it() {
        let fail = Envelope::<StatusSuccess>::fail("CE3100", "존재하지 않는 요청입니다");
        let json = serde_json::to_value(&fail).expect("json");
        assert_eq!(
            json,
            serde_json::json!({
                "resultType": "FAIL",
                "error": {
                    "errorType": 0, "errorCode": "CE3100", "reason": "존재하지 않는 요청입니다",
                    "data": {}, "title": null
                },
                "success": null
            })
        );
    }
}
