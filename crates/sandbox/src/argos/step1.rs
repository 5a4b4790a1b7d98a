//! `POST /submission/step1`: the document.

use super::facts::{self, Directed, SeenDocument};
use super::form::Form;
use super::list::has_ended;
use super::record::{Declared, Options, Record, members};
use super::refusal::{Refused, message};
use super::rules::{Comment, comment_of, document_text, is_last};
use super::store::{self, Stored};
use super::{UnderWay, webhooks};
use crate::error::Error;
use crate::events::Event;
use crate::state::Sandbox;
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use idv_edge::argos::{
    CommentCode, Country, Email, IdType, ImageType, KycStatus, STEP1_REPEAT_MS, SubmissionId, WebhookTrigger,
};
use serde_json::{Value, json};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// A step1 whose fields hold.
struct Order {
    issuing_country: Country,
    email: Email,
    id_type: IdType,
    front: Vec<u8>,
    back: Option<Vec<u8>>,
    repeats: Option<SubmissionId>,
    userid: Option<String>,
    custom: [Option<String>; 3],
    options: Options,
}

impl Order {
    fn read(form: &mut Form) -> Result<Self, Refused> {
        let unreadable = || Refused::bad(message::INPUT_UNREADABLE);
        let missing = form.missing(&["issuingCountry", "email", "idType"]);
        if !missing.is_empty() {
            return Err(Refused::missing(&missing));
        }
        let get = |name: &str| form.get(name).unwrap_or_default().to_owned();
        let id_type = IdType::from(get("idType").as_str());
        if !id_type.is_legacy() {
            return Err(Refused::bad(message::ID_TYPE_INVALID));
        }
        let email = Email::new(get("email")).map_err(|_| Refused::bad(message::EMAIL_INVALID))?;
        let issuing_country = Country::new(get("issuingCountry")).map_err(|_| unreadable())?;
        let options: Options = match form.get("customOptions") {
            None => Options::default(),
            Some(json) => serde_json::from_str(json).map_err(|_| unreadable())?,
        };
        let switches =
            [options.blacklist_countries, options.approve_period, options.reject_period, options.age_limit];
        if switches.contains(&Some(true)) {
            return Err(unreadable());
        }
        let repeats = form
            .get("submissionId")
            .map(SubmissionId::new)
            .transpose()
            .map_err(|_| Refused::bad(message::SUBMISSION_ID_INVALID))?;
        let userid = form.text("userid")?;
        let custom = [form.text("cf1")?, form.text("cf2")?, form.text("cf3")?];
        let has_back = form.has_file("idBackImage");
        let front = form.take_picture("idImage").ok_or_else(|| Refused::bad(message::ID_IMAGE_INVALID))?;
        let back = form.take_picture("idBackImage");
        if has_back && back.is_none() {
            return Err(Refused::bad(message::ID_IMAGE_INVALID));
        }
        Ok(Self { issuing_country, email, id_type, front, back, repeats, userid, custom, options })
    }
}

/// Takes a document.
pub(super) async fn step1(
    State(sandbox): State<Sandbox>,
    body: Result<Multipart, MultipartRejection>,
) -> Result<Json<Value>, Refused> {
    let order = Order::read(&mut Form::read(body).await?)?;
    let id = match &order.repeats {
        Some(id) => id.as_str().to_owned(),
        None => new_id(&sandbox)?,
    };
    let _under_way = begin(&sandbox, &id)?;
    let mut stored = match order.repeats {
        Some(_) => repeated(&sandbox, &id).await?,
        None => {
            check_address(&sandbox, &order).await?;
            Stored { record: first(&sandbox, &id, &order), portrait: None, face: None }
        }
    };
    let userid = order.userid.as_deref().or(stored.record.userid.as_deref());
    let directed = Directed::of(userid);
    let (country, id_type) = (order.issuing_country.as_str(), &order.id_type);
    let seen =
        facts::document(&sandbox, directed.as_ref(), country, id_type, &order.front, order.back.as_deref())
            .await?;

    let triggers = apply(&mut stored, &order, &seen, sandbox.clock.now_ms());
    stored.portrait = seen.portrait.clone();
    let mut images = vec![(ImageType::IdImage, order.front.as_slice())];
    images.extend(order.back.as_deref().map(|back| (ImageType::IdBackImage, back)));
    let outgoing = webhooks::about(&sandbox, &stored.record, &triggers);
    let sent = store::save(&sandbox.db, &stored, &images, &outgoing).await?;
    webhooks::deliver(&sandbox, sent);
    sandbox.emit(Event::ArgosStep {
        submission_id: id,
        step: 1,
        status: stored.record.status.as_str().to_owned(),
        tries_used: stored.record.tries_used,
        retry: seen.faults.iter().map(|code| code.as_str().to_owned()).collect(),
        similarity: None,
        liveness: None,
    });
    Ok(Json(answer(&stored.record, &seen)))
}

fn begin<'a>(sandbox: &'a Sandbox, id: &str) -> Result<UnderWay<'a>, Refused> {
    sandbox.argos.begin(id).ok_or_else(|| Refused::bad(message::DATA_UNPROCESSED))
}

/// The submission that is repeated: one whose picture was asked for again, within 4 hours.
async fn repeated(sandbox: &Sandbox, id: &str) -> Result<Stored, Refused> {
    let stored =
        store::load(&sandbox.db, id).await?.ok_or_else(|| Refused::bad(message::SUBMISSION_ID_INVALID))?;
    if has_ended(&stored.record.status) || !stored.record.step1_open {
        return Err(Refused::bad(message::ALREADY_PROCESSED));
    }
    if sandbox.clock.now_ms().saturating_sub(stored.record.created_at_ms) >= STEP1_REPEAT_MS {
        return Err(Refused::bad(message::SUBMISSION_ID_INVALID));
    }
    Ok(stored)
}

/// An address that was approved, or rejected, may not submit again for a time that the project sets.
async fn check_address(sandbox: &Sandbox, order: &Order) -> Result<(), Refused> {
    let (project, options) = (&sandbox.argos.project, &order.options);
    let rules = [
        (KycStatus::Approved, project.approve_period_days, options.approve_period, message::EMAIL_APPROVED),
        (KycStatus::Rejected, project.reject_period_days, options.reject_period, message::DATA_UNPROCESSED),
    ];
    for (status, days, option, sentence) in rules {
        if option == Some(false) || days == 0 {
            continue;
        }
        let last = store::last_result(&sandbox.db, order.email.as_str(), &status).await?;
        let period_ms = u64::from(days) * DAY_MS;
        if last.is_some_and(|at_ms| sandbox.clock.now_ms().saturating_sub(at_ms) < period_ms) {
            return Err(Refused::bad(sentence));
        }
    }
    Ok(())
}

fn first(sandbox: &Sandbox, id: &str, order: &Order) -> Record {
    let now_ms = sandbox.clock.now_ms();
    Record {
        submission_id: id.to_owned(),
        created_at_ms: now_ms,
        updated_at_ms: now_ms,
        result_at_ms: None,
        pending_at_ms: None,
        reviewer: None,
        email: order.email.as_str().to_owned(),
        userid: None,
        custom: [None, None, None],
        issuing_country: order.issuing_country.as_str().to_owned(),
        id_type: order.id_type.clone(),
        options: order.options,
        ocr: super::record::Ocr::default(),
        declared: Declared::default(),
        status: KycStatus::Incomplete,
        comments: Vec::new(),
        attempts: Vec::new(),
        tries_used: 0,
        step1_open: true,
        applicant_id: None,
        duplicates: Vec::new(),
        screening: None,
    }
}

/// Brings the record to what was seen; what is to be told of it.
fn apply(stored: &mut Stored, order: &Order, seen: &SeenDocument, now_ms: u64) -> Vec<WebhookTrigger> {
    let record = &mut stored.record;
    let mut triggers =
        vec![if order.repeats.is_none() { WebhookTrigger::Created } else { WebhookTrigger::Updated }];
    record.email = order.email.as_str().to_owned();
    record.issuing_country = order.issuing_country.as_str().to_owned();
    record.id_type = order.id_type.clone();
    record.options = order.options;
    record.userid = order.userid.clone().or(record.userid.take());
    for (held, sent) in record.custom.iter_mut().zip(&order.custom) {
        *held = sent.clone().or(held.take());
    }
    record.ocr = seen.ocr.clone();
    record.updated_at_ms = now_ms;
    record.step1_open = !seen.faults.is_empty();
    if record.step1_open {
        record.tries_used += 1;
        triggers.push(WebhookTrigger::Retry);
    }
    if record.step1_open && is_last(record.tries_used) {
        let codes =
            std::iter::once(CommentCode::TooManyRetry).chain(seen.faults.iter().filter_map(comment_of));
        record.comments = codes.map(Comment::of).collect();
        record.comments.dedup();
        record.status = KycStatus::Rejected;
        record.result_at_ms = Some(now_ms);
        triggers.push(WebhookTrigger::Rejected);
    }
    triggers
}

fn answer(record: &Record, seen: &SeenDocument) -> Value {
    let text = |value: &Option<String>| value.as_deref().map(Value::from);
    let ocr = members([
        ("ocr_issueDate", text(&seen.ocr.issue_date)),
        ("ocr_gender", seen.ocr.gender.as_ref().map(|gender| json!(gender))),
        ("ocr_nationality", text(&seen.ocr.nationality)),
        ("ocr_birthDate", text(&seen.ocr.birth_date)),
        ("ocr_name", text(&seen.ocr.name)),
    ]);
    let note = |code| json!({ "retryCode": code, "retryMsg": document_text(code) });
    let retry: Vec<Value> = seen.faults.iter().map(note).collect();
    members([
        ("reviewOCRData", Some(ocr.into())),
        ("file_upload", Some(true.into())),
        ("submissionId", Some(record.submission_id.as_str().into())),
        ("retry", (!retry.is_empty()).then(|| json!(retry))),
    ])
    .into()
}

/// A new id: 32 digits and small letters.
pub(super) fn new_id(sandbox: &Sandbox) -> Result<String, Error> {
    Ok(format!("{:032x}", u128::from_be_bytes(sandbox.random.bytes()?)))
}
