//! TomoIDV, contracts 1.3 and 1.4.

use super::build::{Operation, bytes, integer, list, nullable, number, object, open_object, text, words};
use crate::tomo::MEDIA_PATH;
use idv_edge::tomo::{
    ASSERTION_TYPE, BULK_DELETE_PATH, CN_TOKEN_PATH, COMPLETED_EVENT, DEFAULT_SCOPE, HEALTH_PATH,
    KYC_GET_PATH, OlderCountry, RESET_PATH, RESULT_DELETE_PATH, RESULT_PATH, SESSION_START_PATH,
    STANDARD_FIELDS, START_PATH, TOKEN_PATH, VERSION_HEADER,
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
    let versioned = |method, path: &str, summary| {
        let schema = words(&["1.4"]);
        Operation::new(TAG, method, path, summary).header(VERSION_HEADER, false, schema, "absent: 1.3")
    };
    let called = |path: &str, summary| {
        with_errors(versioned("post", path, summary)).secured("tomo").each(
            &[(401, "No good access token"), (403, "The scope is too small")],
            JSON,
            &errors,
        )
    };
    let status = |words_: &[&str]| object(&[("status", words(words_))]);
    let started = object(&[("start_idv_uri", text())]);
    let mut operations = vec![
        with_errors(versioned("post", TOKEN_PATH, "An access token by private_key_jwt"))
            .body("application/x-www-form-urlencoded", token_form())
            .json(200, "A token", token()),
        called(START_PATH, "Starts a verification").body(JSON, start()).json(
            200,
            "Where the visitor goes",
            started.clone(),
        ),
        called(KYC_GET_PATH, "The older form of a result")
            .body(JSON, open_object(&[("user_id", text()), ("country", text())]))
            .json(200, "What is known of a person who was approved in the country", fields()),
        called(SESSION_START_PATH, "Starts a session").deprecated().body(JSON, session_start()).json(
            200,
            "How the visitor gets there",
            object(&[("session_id", text()), ("launch", launch())]),
        ),
        called(CN_TOKEN_PATH, "A session that an app opens itself")
            .deprecated()
            .body(JSON, open_object(&[("user_id", text())]))
            .json(
                200,
                "The token of a start URL",
                object(&[("expires_in", integer()), ("key", text()), ("session_token", text())]),
            ),
        versioned("get", MEDIA_PATH, "A picture of an approved verification")
            .secured("tomo")
            .content(200, "The picture", "image/jpeg", bytes())
            .each(
                &[
                    (400, "The version is refused"),
                    (401, "No good access token"),
                    (403, "The scope is too small"),
                    (404, "No such picture, or it is no longer kept"),
                ],
                JSON,
                &errors,
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
    ];
    for country in OlderCountry::ALL {
        operations.extend([
            called(&country.start_path(), "Starts a verification in this country")
                .deprecated()
                .body(JSON, older_start())
                .json(200, "Where the visitor goes", started.clone()),
            called(&country.kyc_get_path(), "The older form of a result in this country")
                .deprecated()
                .body(JSON, open_object(&[("user_id", text())]))
                .json(200, "What is known of a person who was approved", fields()),
            versioned("get", &country.health_path(), "Whether the database answers")
                .deprecated()
                .json(200, "It does", words(&["ok"]))
                .json(400, "The version is refused", errors.clone()),
        ]);
    }
    operations
}

/// What is sent to `webhook_url`: the document's `webhooks`.
pub(super) fn webhooks() -> Value {
    let body = object(&[
        ("event", words(&[COMPLETED_EVENT])),
        ("event_id", text()),
        ("auth_id", text()),
        ("occurred_at", text()),
    ]);
    let post = json!({
        "tags": [TAG],
        "summary": "A verification has ended, or its review has: a hint that leads to a result",
        "requestBody": { "required": true, "content": { JSON: { "schema": body } } },
        "responses": { "2XX": { "description": "Taken; anything else is tried three times" } },
    });
    json!({ COMPLETED_EVENT: { "post": post } })
}

fn session_start() -> Value {
    open_object(&[
        ("user_id", text()),
        ("country?", text()),
        ("email?", text()),
        ("kyc_policy?", policy()),
        ("callback_url?", text()),
    ])
}

fn older_start() -> Value {
    open_object(&[
        ("user_id", text()),
        ("callback_url", text()),
        ("email?", text()),
        ("kyc_policy_id?", text()),
    ])
}

fn launch() -> Value {
    object(&[
        ("type", text()),
        ("config?", open_object(&[])),
        ("data?", text()),
        ("fallback_url?", text()),
        ("session_token?", text()),
        ("url?", text()),
    ])
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

/// StandardKycResultView of contract 1.4: what is not known is null.
fn kyc() -> Value {
    let status = words(&["approved", "rejected", "pending_review", "expired", "canceled"]);
    object(&[
        ("schema_version", json!({ "const": "kyc_result.v1" })),
        ("status", status),
        ("completed_at", maybe()),
        ("person", person()),
        ("contact", all(&["email_address", "phone_number"])),
        ("address", all(&["city", "country", "full", "postal_code", "region", "street", "street2"])),
        ("document", document()),
        ("checks", checks()),
        ("process", object(&[("steps", steps())])),
        ("media", list(object(&[("kind", words(&MEDIA_KINDS)), ("url", text())]))),
        ("field_provenance", provenance()),
        ("status_reason?", text()),
        ("submission_id?", text()),
    ])
}

/// Kinds of the contract.
const MEDIA_KINDS: [&str; 5] =
    ["document_front", "document_back", "portrait", "selfie_image", "selfie_video"];

fn maybe() -> Value {
    nullable(text())
}

/// Exactly these members, each a text or null.
fn all(names: &[&str]) -> Value {
    let members: Vec<(&str, Value)> = names.iter().map(|name| (*name, maybe())).collect();
    object(&members)
}

fn person() -> Value {
    let kinds = words(&["phonetic", "phonetic_half_width", "alternate_script", "previous"]);
    object(&[
        ("full_name", maybe()),
        ("given_name", maybe()),
        ("family_name", maybe()),
        ("date_of_birth", maybe()),
        ("sex", maybe()),
        ("nationality", maybe()),
        ("government_id", nullable(object(&[("type", maybe()), ("value", text())]))),
        ("name_variants", list(object(&[("kind", kinds), ("value", text())]))),
    ])
}

fn document() -> Value {
    let categories = [
        "drivers_license",
        "id_card",
        "passport",
        "residence_permit_card",
        "residence_card",
        "my_number_card",
        "visa",
    ];
    let extracted = all(&[
        "category",
        "date_of_birth",
        "expiration_date",
        "family_name",
        "given_name",
        "id_number",
        "issuing_country",
        "issuing_region",
    ]);
    object(&[
        ("category", nullable(words(&categories))),
        ("number", maybe()),
        ("issuing_country", maybe()),
        ("issuing_region", maybe()),
        ("expiration_date", maybe()),
        ("extracted", nullable(extracted)),
        ("residence_permit", json!({ "type": ["object", "null"] })),
    ])
}

fn checks() -> Value {
    let outcome = || words(&["passed", "failed", "not_performed"]);
    let agreement = || words(&["match", "partial_match", "no_match", "not_checked"]);
    let compared = |names: &[&str]| {
        let members: Vec<(&str, Value)> = names.iter().map(|name| (*name, agreement())).collect();
        nullable(object(&members))
    };
    let attempts = || nullable(integer());
    let biometric = object(&[
        ("attempts", attempts()),
        ("document_comparison", outcome()),
        ("face_match", outcome()),
        ("liveness", outcome()),
        ("outcome", outcome()),
        ("similarity_score", nullable(number())),
    ]);
    let document = object(&[
        ("attempts", attempts()),
        ("authenticity", maybe()),
        ("data_comparison", compared(&["date_of_birth", "expiration_date", "issuing_country", "name"])),
        ("image_quality", maybe()),
        ("outcome", outcome()),
    ]);
    let data_source = object(&[
        ("address_type", maybe()),
        ("attribute_match", compared(&["address", "date_of_birth", "id_number", "name", "phone"])),
        ("outcome", outcome()),
    ]);
    object(&[
        ("biometric", biometric),
        (
            "certificate",
            object(&[
                ("outcome", outcome()),
                ("valid_from", maybe()),
                ("valid_to", maybe()),
                ("verified_at", maybe()),
            ]),
        ),
        ("data_source", data_source),
        ("document", document),
        ("phone_verification", object(&[("attempts", attempts()), ("outcome", outcome())])),
        ("risk", object(&[("outcome", outcome()), ("signals", json!({ "type": ["object", "null"] }))])),
        ("watchlist", object(&[("outcome", outcome())])),
    ])
}

fn steps() -> Value {
    all(&[
        "terms_acceptance",
        "document_check",
        "biometric_check",
        "data_source_check",
        "phone_verification",
        "risk_check",
        "watchlist_screening",
    ])
}

fn provenance() -> Value {
    let names = || list(words(&STANDARD_FIELDS));
    object(&[("derived_fields", names()), ("missing_fields", names()), ("not_collected_fields", names())])
}
