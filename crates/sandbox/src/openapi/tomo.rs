//! TomoIDV, contracts 1.3 and 1.4.

use super::build::{Operation, integer, list, number, object, open_object, text, words};
use idv_edge::tomo::{
    ASSERTION_TYPE, BULK_DELETE_PATH, DEFAULT_SCOPE, HEALTH_PATH, RESET_PATH, RESULT_DELETE_PATH,
    RESULT_PATH, START_PATH, TOKEN_PATH, VERSION_HEADER,
};
use serde_json::{Value, json};

const TAG: &str = "TomoIDV";
const JSON: &str = "application/json";

pub(super) fn operations() -> Vec<Operation> {
    let errors = error();
    let with_errors = |operation: Operation| {
        operation.each(
            &[(400, "The body, a header or the policy is refused"), (413, "The body is over 64 KiB")],
            JSON,
            &errors,
        )
    };
    let versioned = |method, path, summary| {
        let schema = words(&["1.4"]);
        Operation::new(TAG, method, path, summary).header(VERSION_HEADER, false, schema, "absent: 1.3")
    };
    let called = |path, summary| {
        with_errors(versioned("post", path, summary)).secured("tomo").each(
            &[(401, "No good access token"), (403, "The scope is too small")],
            JSON,
            &errors,
        )
    };
    let status = |words_: &[&str]| object(&[("status", words(words_))]);
    vec![
        with_errors(versioned("post", TOKEN_PATH, "An access token by private_key_jwt"))
            .body("application/x-www-form-urlencoded", token_form())
            .json(200, "A token", token()),
        called(START_PATH, "Starts a verification").body(JSON, start()).json(
            200,
            "Where the visitor goes",
            object(&[("start_idv_uri", text())]),
        ),
        called(RESULT_PATH, "The results of a person")
            .body(JSON, open_object(&[("user_id", text()), ("country?", text()), ("policy?", policy())]))
            .json(200, "One as `result`, several or none as `results`", result()),
        called(RESET_PATH, "Forgets a person's verifications by one policy")
            .body(JSON, open_object(&[("user_id", text()), ("country", text()), ("kyc_policy", policy())]))
            .json(200, "Whether it was done", status(&["reset", "not_resettable"])),
        called(RESULT_DELETE_PATH, "Deletes a person with everything")
            .body(JSON, open_object(&[("user_id", text())]))
            .json(200, "Whether it was done", status(&["deleted", "not_deletable"])),
        called(BULK_DELETE_PATH, "Deletes 1 to 1000 people")
            .body(JSON, open_object(&[("user_ids", list(text()))]))
            .json(200, "Each, in the order asked", object(&[("results", list(deleted()))])),
        versioned("get", HEALTH_PATH, "Whether the database answers")
            .json(200, "It does", words(&["ok"]))
            .json(400, "The version is refused", errors.clone()),
    ]
}

/// RFC 6749 5.2.
fn error() -> Value {
    object(&[("error", text()), ("error_description?", text())])
}

fn token_form() -> Value {
    open_object(&[
        ("grant_type", words(&["client_credentials"])),
        ("client_assertion_type", words(&[ASSERTION_TYPE])),
        ("client_assertion", text()),
        ("client_id?", text()),
        ("scope?", words(&[DEFAULT_SCOPE])),
        ("resource?", text()),
    ])
}

fn token() -> Value {
    object(&[
        ("access_token", text()),
        ("token_type", words(&["Bearer"])),
        ("expires_in", integer()),
        ("scope", text()),
    ])
}

fn start() -> Value {
    open_object(&[
        ("user_id?", text()),
        ("country?", text()),
        ("email?", text()),
        ("kyc_policy?", policy()),
        ("redirect_url_success?", text()),
        ("redirect_url_fail?", text()),
        ("callback_url?", text()),
        ("webhook_url?", text()),
    ])
}

fn policy() -> Value {
    let kind = |more: &str| open_object(&[("kind", text()), (more, text())]);
    open_object(&[("subject", kind("id_type?")), ("method", text()), ("owner_assurance", kind("type?"))])
}

fn deleted() -> Value {
    object(&[("user_id", text()), ("status", words(&["deleted", "not_deletable"]))])
}

fn result() -> Value {
    object(&[("user_id?", text()), ("result?", record()), ("results?", list(record()))])
}

fn record() -> Value {
    object(&[
        ("auth_id", text()),
        ("policy_key", text()),
        ("country", text()),
        ("result", fields()),
        ("kyc?", kyc()),
    ])
}

/// GetKycRes of contract 1.3.
fn fields() -> Value {
    object(&[
        ("date_of_birth", text()),
        ("full_name", text()),
        ("country", text()),
        ("full_address", text()),
        ("given_name?", text()),
        ("family_name?", text()),
        ("sex?", text()),
        ("city?", text()),
        ("region?", text()),
        ("postal_code?", text()),
        ("street?", text()),
        ("phone_number?", text()),
        ("email_address?", text()),
    ])
}

/// StandardKycResultView of contract 1.4.
fn kyc() -> Value {
    let outcome = || words(&["passed", "failed", "not_performed"]);
    let status = words(&["approved", "rejected", "pending_review", "expired", "canceled"]);
    let document = object(&[
        ("attempts", integer()),
        ("authenticity", outcome()),
        ("data_comparison", outcome()),
        ("image_quality", outcome()),
        ("outcome", outcome()),
    ]);
    let biometric = object(&[
        ("attempts?", integer()),
        ("document_comparison", outcome()),
        ("face_match", outcome()),
        ("liveness", outcome()),
        ("outcome", outcome()),
        ("similarity_score?", number()),
    ]);
    open_object(&[
        ("schema_version", json!({ "const": "kyc_result.v1" })),
        ("status", status),
        ("completed_at", text()),
        ("person", open_object(&[("full_name", text()), ("date_of_birth", text())])),
        ("document?", open_object(&[("category", text())])),
        ("checks", open_object(&[("biometric?", biometric), ("document?", document)])),
        ("process", object(&[("steps", list(text()))])),
        ("status_reason?", text()),
        ("submission_id?", text()),
    ])
}
