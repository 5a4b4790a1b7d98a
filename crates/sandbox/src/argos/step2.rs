//! `POST /submission/step2`: the face and the data.

use super::applicant::recognise;
use super::facts::{self, Directed, SeenFace};
use super::form::Form;
use super::list::has_ended;
use super::record::{AttemptRecord, Declared, Record, members, whole};
use super::refusal::{Refused, message};
use super::rules::{Comment, conclude, is_last, is_overdue, retry_of};
use super::store::{self, Stored};
use super::{aml, identity, webhooks};
use crate::error::Error;
use crate::events::Event;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use idv_edge::argos::{
    CommentCode, ImageType, KycStatus, RetryCause, STEP2_WITHIN_MS, SubmissionId, VerificationResult,
    WebhookTrigger,
};
use idv_protocol::reading::CalendarDate;
use serde_json::{Value, json};

/// Takes a face and the data of a submission whose document was taken.
pub(super) async fn step2(
    State(sandbox): State<Sandbox>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Json<Value>, Refused> {
    let mut form = Form::read(body).await?;
    let missing = form.missing(&["submissionId", "name", "date_of_birth"]);
    if !missing.is_empty() {
        return Err(Refused::missing(&missing));
    }
    let invalid_id = || Refused::bad(message::SUBMISSION_ID_INVALID);
    let id = SubmissionId::new(form.get("submissionId").unwrap_or_default()).map_err(|_| invalid_id())?;
    settle_overdue(&sandbox).await?;
    let processed = || Refused::bad(message::ALREADY_PROCESSED);
    let _under_way = sandbox.argos.begin(id.as_str()).ok_or_else(processed)?;
    let mut stored = store::load(&sandbox.db, id.as_str()).await?.ok_or_else(invalid_id)?;
    if has_ended(&stored.record.status) {
        return Err(processed());
    }
    if stored.record.step1_open {
        return Err(invalid_id());
    }
    let declared = identity::declared(&form, &stored.record)?;
    let address_image = identity::address_image(&mut form)?;
    let picture = form.take_picture("faceImage").ok_or_else(|| Refused::bad(message::FACE_IMAGE_INVALID))?;

    let directed = Directed::of(stored.record.userid.as_deref());
    let now_ms = sandbox.clock.now_ms();
    let expires = directed.as_ref().is_some_and(|directed| directed.scenario == Scenario::Expire);
    if expires || is_overdue(&stored.record, now_ms) {
        let record = expire(&sandbox, stored).await?;
        let last = members([
            ("kycStatus", Some(json!(record.status))),
            ("retryCount", Some(record.tries_used.into())),
        ]);
        return Ok(Json(last.into()));
    }

    let seen = facts::face(&sandbox, directed.as_ref(), stored.portrait.as_ref(), &picture).await?;
    let on_record = identity::on_record(&form, &stored.record);
    let (triggers, retry) =
        apply(&sandbox, &mut stored, declared, &seen, on_record, directed.as_ref()).await?;
    let mut images = vec![(ImageType::SelfieImage, picture.as_slice())];
    images.extend(address_image.as_deref().map(|picture| (ImageType::AddressImage, picture)));
    write(&sandbox, &stored, &images, &triggers).await?;
    let record = &stored.record;
    sandbox.emit(Event::ArgosStep {
        submission_id: record.submission_id.clone(),
        step: 2,
        status: record.status.as_str().to_owned(),
        tries_used: record.tries_used,
        retry: retry.iter().map(|(code, _)| code.clone()).collect(),
        similarity: Some(seen.similarity),
        liveness: seen.liveness,
    });
    Ok(Json(answer(record, retry.as_ref())))
}

/// Brings the record to what was seen: what is to be told of it, and why another try is asked for, if it is.
async fn apply(
    sandbox: &Sandbox,
    stored: &mut Stored,
    declared: Declared,
    seen: &SeenFace,
    on_record: Option<bool>,
    directed: Option<&Directed>,
) -> Result<(Vec<WebhookTrigger>, Option<(String, String)>), Error> {
    let now_ms = sandbox.clock.now_ms();
    let cause = RetryCause::of(
        seen.faces,
        seen.similarity,
        // Where nothing measures liveness, it fails nobody.
        seen.liveness.unwrap_or(idv_edge::argos::LIVENESS_MIN),
        on_record,
    );
    let retry = cause.map(retry_of).map(|(code, text)| (code.as_str().to_owned(), text.to_owned()));
    let (record, face) = (&mut stored.record, &mut stored.face);
    record.updated_at_ms = now_ms;
    record.declared = declared;
    record.attempts.push(AttemptRecord {
        number: u32::try_from(record.attempts.len()).unwrap_or(u32::MAX).saturating_add(1),
        liveness: seen.liveness,
        similarity: (seen.faces > 0).then_some(seen.similarity),
        verification: match on_record {
            Some(false) => VerificationResult::Fail,
            _ => VerificationResult::Success,
        },
        retry: retry.clone(),
        declared: record.declared.clone(),
    });
    if retry.is_some() {
        record.tries_used += 1;
        if !is_last(record.tries_used) {
            return Ok((vec![WebhookTrigger::Retry], retry));
        }
        end(record, KycStatus::Rejected, vec![Comment::of(CommentCode::TooManyRetry)], now_ms);
        return Ok((vec![WebhookTrigger::Rejected], None));
    }
    face.clone_from(&seen.face);
    let known = recognise(sandbox, record, seen.face.as_ref()).await?;
    record.applicant_id = Some(known.applicant_id);
    record.duplicates = known.duplicates;
    let listed = directed.is_some_and(|directed| directed.scenario == Scenario::AmlHit);
    let screening = aml::screen(sandbox, record, listed)?;
    let conclusion = conclude(
        record,
        &sandbox.argos.project,
        directed.map(|directed| (directed.scenario, directed.comment_code())),
        known.before,
        &screening.hits,
        CalendarDate::of_unix_ms(now_ms),
    );
    record.screening = Some(screening);
    let trigger = match conclusion.status {
        KycStatus::Approved => WebhookTrigger::Approved,
        KycStatus::Pending => WebhookTrigger::Submit,
        _ => WebhookTrigger::Rejected,
    };
    end(record, conclusion.status, conclusion.comments, now_ms);
    Ok((vec![trigger, WebhookTrigger::Aml], None))
}

/// Gives a record its status, for good or until a person has looked at it.
pub(super) fn end(record: &mut Record, status: KycStatus, comments: Vec<Comment>, now_ms: u64) {
    if status.is_final() {
        record.result_at_ms = Some(now_ms);
    } else {
        record.pending_at_ms = Some(now_ms);
    }
    record.updated_at_ms = now_ms;
    record.status = status;
    record.comments = comments;
}

fn answer(record: &Record, retry: Option<&(String, String)>) -> Value {
    if let Some((code, text)) = retry {
        return json!({
            "retry": [{ "retryCode": code, "retryMsg": text }],
            "kycStatus": record.status,
            "retryCount": record.tries_used,
        });
    }
    let last = record.attempts.last();
    members([
        ("verificationResult", last.map(|last| json!(last.verification))),
        ("faceSimilarityScore", last.and_then(|last| last.similarity).map(whole)),
        ("livenessScore", last.and_then(|last| last.liveness).map(whole)),
        ("kycStatus", Some(json!(record.status))),
        ("retryCount", Some(record.tries_used.into())),
    ])
    .into()
}

/// Rejects a submission whose 24 hours are over.
async fn expire(sandbox: &Sandbox, mut stored: Stored) -> Result<Record, Error> {
    let comment = Comment {
        code: CommentCode::AutomaticVerificationFail,
        text: "not completed within 24 hours".to_owned(),
    };
    end(&mut stored.record, KycStatus::Rejected, vec![comment], sandbox.clock.now_ms());
    write(sandbox, &stored, &[], &[WebhookTrigger::Rejected]).await?;
    Ok(stored.record)
}

/// Writes a submission and tells of it.
pub(super) async fn write(
    sandbox: &Sandbox,
    stored: &Stored,
    images: &[(ImageType, &[u8])],
    triggers: &[WebhookTrigger],
) -> Result<(), Error> {
    let outgoing = webhooks::about(sandbox, &stored.record, triggers);
    let sent = store::save(&sandbox.db, stored, images, &outgoing).await?;
    webhooks::deliver(sandbox, sent);
    Ok(())
}

/// Rejects what was left between tries for 24 hours after a face was sent. Called before anything is told.
pub(super) async fn settle_overdue(sandbox: &Sandbox) -> Result<(), Error> {
    let before_ms = sandbox.clock.now_ms().saturating_sub(STEP2_WITHIN_MS);
    for id in store::left_incomplete(&sandbox.db, before_ms).await? {
        // One that is being worked on is settled by that.
        let Some(_under_way) = sandbox.argos.begin(&id) else { continue };
        let Some(stored) = store::load(&sandbox.db, &id).await? else { continue };
        if !has_ended(&stored.record.status) && stored.record.face_sent() {
            expire(sandbox, stored).await?;
        }
    }
    Ok(())
}
