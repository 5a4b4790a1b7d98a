//! Answers of Argos as JSON in camelCase.

use super::dto::present;
use crate::argos::{
    AddressCodes, Attempt, NextAction, RetryCode, RetryNote, Step1Answer, Step2Answer, Submission,
    SubmissionPage, WebhookHint,
};
use serde_json::{Value, json};

fn next_action(code: &RetryCode) -> &'static str {
    match code.next_action() {
        NextAction::RetakeDocument => "retake_document",
        NextAction::RetakeBack => "retake_back",
        NextAction::OtherDocument => "other_document",
        NextAction::RetakeSelfie => "retake_selfie",
        NextAction::RepeatStep => "repeat_step",
    }
}

fn retry(notes: &[RetryNote]) -> Vec<Value> {
    notes
        .iter()
        .map(|note| json!({ "code": note.code, "message": note.message, "nextAction": next_action(&note.code) }))
        .collect()
}

pub(super) fn step1(answer: &Step1Answer) -> Value {
    let ocr = &answer.ocr;
    present(json!({
        "submissionId": answer.submission_id.as_str(),
        "ocr": {
            "name": ocr.name,
            "gender": ocr.gender,
            "nationality": ocr.nationality,
            "birthDate": ocr.birth_date,
            "issueDate": ocr.issue_date,
        },
        "fileUpload": answer.file_upload,
        "retry": retry(&answer.retry),
    }))
}

pub(super) fn step2(answer: &Step2Answer) -> Value {
    present(json!({
        "kycStatus": answer.kyc_status,
        "verificationResult": answer.verification_result,
        "faceSimilarityScore": answer.face_similarity_score,
        "livenessScore": answer.liveness_score,
        "retryCount": answer.retry_count,
        "retry": retry(&answer.retry),
    }))
}

pub(super) fn submission(item: &Submission) -> Value {
    let data = &item.data;
    present(json!({
        "submissionId": item.submission_id,
        "email": item.email,
        "userid": item.userid,
        "applicantId": item.applicant_id,
        "createdAtMs": item.created_at_ms(),
        "kyc": {
            "result": item.kyc.result,
            "comment": item.kyc.comment,
            "commentCodes": item.kyc.comment_codes,
            "attempts": item.kyc.attempts.iter().map(attempt).collect::<Vec<_>>(),
        },
        "data": {
            "name": data.name,
            "gender": data.gender,
            "nationality": data.nationality,
            "dateOfBirth": data.date_of_birth,
            "cf1": data.cf1,
            "cf2": data.cf2,
            "cf3": data.cf3,
            "ipAddress": data.ip_address,
            "issuingCountry": data.issuing_country,
            "issueDate": data.issue_date,
            "expireDate": data.expire_date,
            "idType": data.id_type,
            "identityNumber": data.identity_number,
            "documentNumber": data.document_number,
        },
    }))
}

fn attempt(attempt: &Attempt) -> Value {
    let params = &attempt.verification_params;
    json!({
        "attempt": attempt.attempt_cnt,
        "livenessScore": attempt.liveness_score,
        "faceSimilarityScore": attempt.face_similarity_score,
        "verificationResult": attempt.verification_result,
        "retryMessages": attempt.retry_messages,
        "retryCodes": attempt.retry_codes,
        "verificationParams": {
            "fullName": params.full_name,
            "idType": params.id_type,
            "issueDate": params.issue_date,
            "identityNumber": params.identity_number,
        },
    })
}

pub(super) fn submissions(items: &[Submission]) -> Vec<Value> {
    items.iter().map(submission).collect()
}

pub(super) fn page(page: &SubmissionPage) -> Value {
    present(json!({ "items": submissions(&page.items), "next": page.next }))
}

pub(super) fn address(codes: &AddressCodes) -> Value {
    json!({
        "formattedAddress": codes.formatted_address,
        "compoundCode": codes.compound_code,
        "globalCode": codes.global_code.as_str(),
    })
}

pub(super) fn webhook(hint: &WebhookHint) -> Value {
    present(json!({
        "claimedTrigger": hint.claimed_trigger(),
        "submissionId": hint.submission_id().map(|id| id.as_str()),
        "isEncrypted": hint.is_encrypted(),
    }))
}
