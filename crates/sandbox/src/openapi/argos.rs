//! Argos KYC v2, the vendor's desk, and the operator's address for its webhooks.

use super::build::{Operation, bytes, integer, list, number, object, open_object, text, words};
use crate::argos::{BASE_PATH, OPERATOR_WEBHOOK_PATH};
use idv_edge::argos::{CommentCode, KycStatus, VerificationResult, WebhookTrigger};
use serde_json::{Value, json};

const TAG: &str = "Argos";
const JSON: &str = "application/json";
const MULTIPART: &str = "multipart/form-data";
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn operations() -> Vec<Operation> {
    let refusal = object(&[("message", text())]);
    let refusals =
        [(400, "Refused; message says why"), (403, "The key is missing or wrong"), (500, "Our own fault")];
    let of = |method, path: &str, summary| {
        Operation::new(TAG, method, &format!("{BASE_PATH}{path}"), summary)
            .secured("argos")
            .each(&refusals, JSON, &refusal)
    };
    let step = |path: &str, summary, form: Value, answer: Value| {
        of("post", path, summary)
            .body(MULTIPART, form)
            .json(200, "How it went", answer)
            .json(413, "A picture is over 2 MB", refusal.clone())
            .json(502, "Nothing looks at pictures in this run", refusal.clone())
    };
    let desk = |path: &str, summary, form: Value| {
        Operation::new(TAG, "post", &format!("/argos/desk{path}"), summary)
            .body(FORM, form)
            .json(200, "The submission", item())
            .each(&[(400, "Refused"), (500, "Our own fault")], JSON, &refusal)
            .each(&[(415, "Not a form"), (422, "A field is missing")], "text/plain", &text())
    };
    let triggers: Vec<&str> = WebhookTrigger::KNOWN.iter().map(WebhookTrigger::as_str).collect();
    vec![
        of("get", "/submission", "One submission, or a page of them, newest first")
            .query("submission_id", "this one only")
            .query("userid", "of this customer's user id")
            .query("email", "of this address")
            .query("count", "size of a page, 1 to 2000")
            .query("nextpage_id", "from nextpageKey")
            .query("nextpage_date", "from nextpageKey")
            .query("start_date", "from this day on, YYYYMMDD in UTC")
            .query("end_date", "up to this day")
            .query("request_type", "kyc, aml, data or others")
            .json(200, "The submissions", items()),
        of("delete", "/submission", "Deletes a submission with its pictures, for good")
            .query("submission_id", "which")
            .json(200, "It is gone", object(&[("message", words(&["success"])), ("content", text())])),
        of("get", "/submission/applicant", "The approved submissions of one person")
            .query("applicant_id", "from a submission")
            .json(200, "The submissions", items()),
        step("/submission/step1", "Takes the document", step1_form(), step1()),
        step("/submission/step2", "Takes the face and the data", step2_form(), step2()),
        of("get", "/image", "A picture as it was sent")
            .query("submission_id", "of which submission")
            .query("type", "idImage, idBackImage, selfieImage or addressImage")
            .content(200, "The picture", "image/jpeg", bytes())
            .content(200, "The picture", "application/octet-stream", bytes()),
        of("get", "/report/aml", "The screening report").query("resourceId", "from aml_result").content(
            200,
            "The report",
            "application/pdf",
            bytes(),
        ),
        of("post", "/address_code", "The plus codes of an address of the table")
            .body(FORM, object(&[("address", text()), ("language?", text())]))
            .json(
                200,
                "The codes",
                object(&[("formatted_address", text()), ("compound_code", text()), ("global_code", text())]),
            ),
        desk(
            "/review",
            "A person decides a submission",
            object(&[
                ("submission_id", text()),
                ("result", words(&["approved", "rejected"])),
                ("code?", words(&codes())),
            ]),
        ),
        desk(
            "/webhook",
            "Tells of a submission again",
            object(&[("submission_id", text()), ("trigger", words(&triggers))]),
        ),
        Operation::new(
            TAG,
            "post",
            OPERATOR_WEBHOOK_PATH,
            "The operator's address for webhooks: a hint that leads to a read",
        )
        .body(JSON, open_object(&[("webhook_trigger", words(&triggers)), ("submission_id?", text())]))
        .empty(204, "Taken")
        .json(400, "No webhook", refusal.clone())
        .json(413, "Over 256 KiB", refusal.clone())
        .json(502, "The submission cannot be read now", refusal.clone()),
    ]
}

fn codes() -> Vec<&'static str> {
    CommentCode::KNOWN.iter().map(CommentCode::as_str).collect()
}

fn statuses() -> Value {
    let known: Vec<&str> = KycStatus::KNOWN.iter().map(KycStatus::as_str).collect();
    words(&known)
}

fn results() -> Value {
    let known: Vec<&str> = VerificationResult::KNOWN.iter().map(VerificationResult::as_str).collect();
    words(&known)
}

fn retry() -> Value {
    list(object(&[("retryCode", text()), ("retryMsg", text())]))
}

fn step1_form() -> Value {
    object(&[
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

fn step1() -> Value {
    object(&[
        (
            "reviewOCRData",
            object(&[
                ("ocr_issueDate?", text()),
                ("ocr_gender?", text()),
                ("ocr_nationality?", text()),
                ("ocr_birthDate?", text()),
                ("ocr_name?", text()),
            ]),
        ),
        ("file_upload", json!({ "type": "boolean" })),
        ("submissionId", text()),
        ("retry?", retry()),
    ])
}

fn step2_form() -> Value {
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

fn step2() -> Value {
    object(&[
        ("verificationResult?", results()),
        ("faceSimilarityScore?", number()),
        ("livenessScore?", number()),
        ("kycStatus", statuses()),
        ("retryCount", integer()),
        ("retry?", retry()),
    ])
}

fn items() -> Value {
    object(&[("Items", list(item())), ("nextpageKey?", object(&[("id", text()), ("created_at", text())]))])
}

fn item() -> Value {
    let params = object(&[
        ("fullName", text()),
        ("idType", text()),
        ("issueDate?", text()),
        ("identityNumber?", text()),
    ]);
    let attempt = object(&[
        ("attemptCnt", integer()),
        ("livenessScore?", number()),
        ("faceSimilarityScore?", number()),
        ("verificationParams", params),
        ("verificationResult", results()),
        ("retryCode?", text()),
        ("retryMsg?", text()),
    ]);
    let kyc = object(&[
        ("result", statuses()),
        ("comment?", list(text())),
        ("commentCode?", list(words(&codes()))),
        ("attempts?", list(attempt)),
    ]);
    let screening =
        object(&[("resourceId", text()), ("currentstatus", text()), ("risk_level_summary", text())]);
    object(&[
        ("data", json!({ "type": "object", "additionalProperties": { "type": "string" } })),
        ("email", text()),
        ("submission_id", text()),
        ("created_at", text()),
        ("updated_at", text()),
        ("kyc_result_at?", text()),
        ("userid?", text()),
        ("applicant_id?", text()),
        ("reviewer?", text()),
        ("duplicated_information?", list(text())),
        ("aml_result?", screening),
        ("kyc", kyc),
    ])
}
