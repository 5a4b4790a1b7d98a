//! Argos KYC v2, its desk, and where the operator takes its webhooks.

use super::build::{Operation, bytes, integer, list, number, object, open_object, text, words};
use crate::argos::{BASE_PATH, OPERATOR_WEBHOOK_PATH};
use serde_json::{Value, json};

const TAG: &str = "Argos";
const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";
const URL_FORM: &str = "application/x-www-form-urlencoded";

/// What any request may be answered instead.
const REFUSALS: &[(u16, &str)] = &[
    (400, "Refused; the message says why"),
    (403, "The key is missing or wrong"),
    (413, "A picture is over 2 MB"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway: nothing looks at pictures in this run"),
];

pub(super) fn operations() -> Vec<Operation> {
    let refused = object(&[("message", text())]);
    let called = |method, path: &str, summary| {
        Operation::new(TAG, method, &format!("{BASE_PATH}{path}"), summary)
            .secured("argos")
            .each(REFUSALS, JSON, &refused)
    };
    let file = |operation: Operation| operation.content(200, "The file", "application/octet-stream", bytes());
    let desk = |path: &str, summary| {
        Operation::new(TAG, "post", &format!("/argos/desk{path}"), summary).each(REFUSALS, JSON, &refused)
    };
    let items = object(&[("Items", list(item())), ("nextpageKey?", page_key())]);
    vec![
        called("post", "/submission/step1", "The document: a submission begins or is repeated")
            .body(FORM, step1())
            .json(200, "What was read, or why to take it again", step1_answer()),
        called("post", "/submission/step2", "The face and the data").body(FORM, step2()).json(
            200,
            "How the submission stands",
            step2_answer(),
        ),
        called("get", "/submission", "One submission, or a list of them")
            .query("submission_id", "only this one")
            .query("userid", "only of this user")
            .query("email", "only of this address")
            .query("count", "items of a page, 1 to 2000")
            .query("nextpage_id", "from the page before, with nextpage_date")
            .query("nextpage_date", "from the page before, with nextpage_id")
            .query("start_date", "YYYYMMDD or YYYY-MM-DD")
            .query("end_date", "YYYYMMDD or YYYY-MM-DD")
            .query("request_type", "kyc, aml, data or others")
            .json(200, "Newest first", items.clone()),
        called("get", "/submission/applicant", "The approved submissions of one person")
            .query("applicant_id", "the person")
            .json(200, "Newest first", items),
        called("delete", "/submission", "Deletes a submission with its images for good")
            .query("submission_id", "the submission")
            .json(200, "It is gone", object(&[("message", words(&["success"])), ("content", text())])),
        file(
            called("get", "/image", "An image of a submission")
                .query("submission_id", "the submission")
                .query("type", "idImage, idBackImage, selfieImage or addressImage"),
        ),
        file(called("get", "/report/aml", "The screening report as PDF").query("resourceId", "the report")),
        called("post", "/address_code", "Plus codes of an address")
            .body(URL_FORM, open_object(&[("address", text()), ("language?", text())]))
            .json(
                200,
                "The codes",
                object(&[("formatted_address", text()), ("compound_code", text()), ("global_code", text())]),
            ),
        Operation::new(
            TAG,
            "post",
            OPERATOR_WEBHOOK_PATH,
            "The operator hears of a change, and reads it itself",
        )
        .body(JSON, json!({ "type": "object" }))
        .empty(204, "Heard")
        .content(400, "Not a webhook of the contract", JSON, json!({}))
        .content(413, "Over 256 KiB", JSON, json!({})),
    ]
}

fn note() -> Value {
    object(&[("retryCode", text()), ("retryMsg", text())])
}

fn page_key() -> Value {
    object(&[("id", text()), ("created_at", text())])
}

fn step1() -> Value {
    open_object(&[
        ("issuingCountry", text()),
        ("email", text()),
        ("idType", words(&["passport", "government_id", "drivers_license"])),
        ("idImage", bytes()),
        ("idBackImage?", bytes()),
        ("submissionId?", text()),
        ("userid?", text()),
        ("cf1?", text()),
        ("cf2?", text()),
        ("cf3?", text()),
        ("customOptions?", text()),
    ])
}

fn step1_answer() -> Value {
    let review = object(&[
        ("ocr_issueDate?", text()),
        ("ocr_gender?", text()),
        ("ocr_nationality?", text()),
        ("ocr_birthDate?", text()),
        ("ocr_name?", text()),
    ]);
    object(&[
        ("reviewOCRData", review),
        ("file_upload", json!({ "type": "boolean" })),
        ("submissionId", text()),
        ("retry?", list(note())),
    ])
}

fn step2() -> Value {
    open_object(&[
        ("submissionId", text()),
        ("faceImage", bytes()),
        ("name", text()),
        ("date_of_birth", text()),
        ("gender?", words(&["male", "female"])),
        ("nationality?", text()),
        ("identity_number?", text()),
        ("license_number?", text()),
        ("serial_number?", text()),
        ("document_number?", text()),
        ("date_of_issue?", text()),
        ("date_of_expiry?", text()),
        ("globalCode?", text()),
        ("compoundCode?", text()),
        ("formatted_address?", text()),
        ("address_input?", text()),
        ("address_detail?", text()),
        ("addressImage?", bytes()),
    ])
}

fn step2_answer() -> Value {
    object(&[
        ("verificationResult?", words(&["success", "fail"])),
        ("faceSimilarityScore?", score()),
        ("livenessScore?", score()),
        ("kycStatus", words(&["approved", "rejected", "pending", "incomplete"])),
        ("retryCount", json!({ "type": "integer", "minimum": 0, "maximum": 3 })),
        ("retry?", list(note())),
    ])
}

fn score() -> Value {
    let mut score = number();
    if let Value::Object(members) = &mut score {
        members.insert("minimum".to_owned(), 0.into());
        members.insert("maximum".to_owned(), 100.into());
    }
    score
}

/// The item of `GET /submission`.
fn item() -> Value {
    let params = object(&[
        ("fullName", text()),
        ("idType", text()),
        ("issueDate?", text()),
        ("identityNumber?", text()),
    ]);
    let attempt = object(&[
        ("attemptCnt", integer()),
        ("livenessScore?", score()),
        ("faceSimilarityScore?", score()),
        ("verificationParams", params),
        ("verificationResult", words(&["success", "fail"])),
        ("retryCode?", text()),
        ("retryMsg?", text()),
    ]);
    let kyc = object(&[
        ("result", words(&["approved", "rejected", "pending", "incomplete"])),
        ("comment?", list(text())),
        ("commentCode?", list(text())),
        ("attempts?", list(attempt)),
    ]);
    let data = open_object(&[
        ("name?", text()),
        ("gender?", text()),
        ("nationality?", text()),
        ("date_of_birth?", text()),
        ("idcard_issuingCountry", text()),
        ("idType", text()),
    ]);
    open_object(&[
        ("data", data),
        ("email", text()),
        ("submission_id", text()),
        ("created_at", text()),
        ("userid?", text()),
        ("kyc", kyc),
    ])
}
