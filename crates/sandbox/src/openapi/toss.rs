//! The Toss certificate, and the app where the person signs.

use super::build::{Operation, bytes, integer, nullable, object, open_object, text, words};
use crate::toss::{APP_PATH, BASE_PATH};
use idv_edge::toss::wire::{REQUEST_PATH, RESULT_PATH, STATUS_PATH};
use idv_edge::toss::{AuthKind, TOKEN_PATH};
use serde_json::{Value, json};

const TAG: &str = "Toss";
const JSON: &str = "application/json";
const HTML: &str = "text/html";

pub(super) fn operations() -> Vec<Operation> {
    let failed = fail();
    let called = |path: &str, summary: &str| {
        Operation::new(TAG, "post", &format!("{BASE_PATH}{path}"), summary).secured("toss").each(
            &[
                (400, "Refused; errorCode says why"),
                (401, "CE1000: the token is not valid"),
                (413, "The body is over the limit"),
            ],
            JSON,
            &failed,
        )
    };
    let success = |schema: Value| envelope("SUCCESS", schema, json!({ "type": "null" }));
    let app = |method, path: &str, summary| Operation::new(TAG, method, path, summary);
    let file = |path: &str, summary, content_type| {
        app("get", &format!("{BASE_PATH}{path}"), summary).content(200, "The file", content_type, bytes())
    };
    let mut operations = vec![
        app("post", &format!("{BASE_PATH}{TOKEN_PATH}"), "An access token by client secret")
            .body("application/x-www-form-urlencoded", token_form())
            .json(200, "A token", token())
            .each(
                &[(400, "Refused"), (401, "The client is not known"), (413, "Too long")],
                JSON,
                &oauth_error(),
            ),
        called(REQUEST_PATH, "Asks for a signature").body(JSON, request()).json(
            200,
            "A transaction",
            success(requested()),
        ),
        called(STATUS_PATH, "How far a signature is; proves nothing")
            .body(JSON, object(&[("txId", text())]))
            .json(200, "The status", success(status())),
        called(RESULT_PATH, "The signature, at most twice and within 60 minutes")
            .body(JSON, object(&[("txId", text()), ("sessionKey", text())]))
            .json(200, "The signature", success(result())),
        app("get", APP_PATH, "The stand-in of the app: where the person signs")
            .query("txId", "the transaction")
            .query("lang", "ko or en, in place of Accept-Language")
            .content(200, "The page", HTML, text())
            .content(400, "The query is refused", "text/plain", text())
            .content(404, "No such transaction", HTML, text()),
        app("post", &format!("{APP_PATH}/decide"), "What the app's buttons do")
            .body(
                "application/x-www-form-urlencoded",
                object(&[("txId", text()), ("decision", words(&["sign", "refuse"])), ("lang?", text())]),
            )
            .empty(303, "To the callback, or back to the app")
            .each(&[(400, "The form is refused"), (404, "No such transaction")], "text/plain", &text())
            .content(409, "Decided already, or out of time", HTML, text()),
        app("get", &format!("{APP_PATH}/style.css"), "The app's style").content(
            200,
            "The style",
            "text/css",
            text(),
        ),
        file("/public-key.pem", "The key that session keys are encrypted to", "application/x-pem-file"),
        file("/ca/root.pem", "The root certificate", "application/x-pem-file"),
        file("/ca/issuing.pem", "The issuing authority's certificate", "application/x-pem-file"),
        file("/ca/revoked.crl", "The revocation list", "application/pkix-crl"),
    ];
    for kind in AuthKind::ALL {
        operations.extend([
            called(kind.request_path(), "Asks for a user authentication").body(JSON, auth_request()).json(
                200,
                "A transaction",
                success(requested()),
            ),
            called(kind.status_path(), "How far an authentication is; proves nothing")
                .body(JSON, object(&[("txId", text())]))
                .json(200, "The status", success(status())),
            called(kind.result_path(), "The signature and the person, at most twice and within 60 minutes")
                .body(JSON, object(&[("txId", text()), ("sessionKey", text())]))
                .json(200, "The authentication", success(auth_result())),
        ]);
    }
    operations
}

fn auth_request() -> Value {
    open_object(&[
        ("requestType", words(&["USER_PERSONAL", "USER_NONE"])),
        ("requestUrl?", text()),
        ("triggerType?", words(&["PUSH", "APP_SCHEME"])),
        ("userName?", text()),
        ("userPhone?", text()),
        ("userBirthday?", text()),
        ("sessionKey?", text()),
    ])
}

fn auth_result() -> Value {
    let null = || json!({ "type": "null" });
    object(&[
        ("txId", text()),
        ("status", words(&["COMPLETED"])),
        ("userIdentifier", null()),
        ("userCiToken", null()),
        ("signature", text()),
        ("randomValue", null()),
        ("completedDt", text()),
        ("requestedDt", text()),
        ("personalData", person(&[("ageGroup", text())])),
    ])
}

/// Encrypted personal data, and `more` of them.
fn person(more: &[(&str, Value)]) -> Value {
    let null = || json!({ "type": "null" });
    let mut members = vec![
        ("ci", nullable(text())),
        ("name", nullable(text())),
        ("birthday", nullable(text())),
        ("gender", nullable(text())),
        ("nationality", nullable(text())),
        ("ci2", null()),
        ("di", nullable(text())),
        ("ciUpdate", null()),
    ];
    members.extend(more.iter().cloned());
    object(&members)
}

fn envelope(result_type: &str, success: Value, error: Value) -> Value {
    object(&[("resultType", words(&[result_type])), ("success", success), ("error?", error)])
}

fn fail() -> Value {
    let error = object(&[
        ("errorType", integer()),
        ("errorCode", text()),
        ("reason", text()),
        ("data", json!({ "type": "object" })),
        ("title", json!({ "type": "null" })),
    ]);
    envelope("FAIL", json!({ "type": "null" }), error)
}

fn oauth_error() -> Value {
    object(&[("error", text()), ("error_description?", text())])
}

fn token_form() -> Value {
    open_object(&[
        ("grant_type", words(&["client_credentials"])),
        ("client_id", text()),
        ("client_secret", text()),
        ("scope", words(&["ca"])),
    ])
}

fn token() -> Value {
    object(&[
        ("access_token", text()),
        ("scope", words(&["ca"])),
        ("token_type", words(&["Bearer"])),
        ("expires_in", integer()),
    ])
}

fn request() -> Value {
    open_object(&[
        ("requestType?", words(&["USER_PERSONAL", "USER_CI"])),
        ("triggerType", words(&["PUSH", "APP_SCHEME"])),
        ("userName?", text()),
        ("userPhone?", text()),
        ("userBirthday?", text()),
        ("userCi?", text()),
        ("sessionKey", text()),
        ("serviceName", text()),
        ("docTitle", text()),
        ("doc", text()),
        ("docType", words(&["TEXT", "HTML", "PDF"])),
        ("docEncrypted?", json!({ "type": ["boolean", "string"] })),
        ("signatureType?", words(&["PKCS7", "PKCS7_NO_CONTENT_WITH_ATTR"])),
        ("expireSeconds?", integer()),
        ("successCallbackUrl?", text()),
        ("failCallbackUrl?", text()),
    ])
}

fn requested() -> Value {
    object(&[
        ("txId", text()),
        ("appScheme", nullable(text())),
        ("androidAppUri", nullable(text())),
        ("iosAppUri", nullable(text())),
        ("requestedDt", text()),
    ])
}

fn status() -> Value {
    let states = words(&["REQUESTED", "IN_PROGRESS", "COMPLETED", "EXPIRED"]);
    object(&[("txId", text()), ("status", states), ("requestedDt", text())])
}

fn result() -> Value {
    let null = || json!({ "type": "null" });
    object(&[
        ("txId", text()),
        ("status", words(&["COMPLETED"])),
        ("doc", text()),
        ("signedDoc", text()),
        ("signatureType", text()),
        ("docEncrypted", json!({ "type": "boolean" })),
        ("randomValue", null()),
        ("userCiToken", null()),
        ("completedDt", text()),
        ("requestedDt", text()),
        ("personalData", person(&[])),
    ])
}
