//! The person across submissions, and `GET /submission/applicant`.
//!
//! Rule: the same name, birth date, nationality, gender and face are one applicant.

use super::list::{Query, QueryError, items};
use super::record::Record;
use super::refusal::Refused;
use super::rules::{Likeness, name_words};
use super::store::{self, Known};
use crate::decision::likeness;
use crate::error::Error;
use crate::state::Sandbox;
use axum::Json;
use axum::extract::{RawQuery, State};
use idv_edge::argos::{ApplicantId, FACE_SIMILARITY_MIN};
use idv_vision::face::Embedding;
use serde_json::Value;

/// Who a submission is of.
pub(super) struct Recognised {
    /// The applicant: one that is known, or a new one.
    pub(super) applicant_id: String,
    /// Earlier submissions of the same person.
    pub(super) duplicates: Vec<String>,
    /// What was there before.
    pub(super) before: Likeness,
}

/// Looks for the person of `record` in the other submissions that were approved or wait. Without a face nobody is
/// recognised: then the submission is a scenario's, whose person is nobody.
pub(super) async fn recognise(
    sandbox: &Sandbox,
    record: &Record,
    face: Option<&Embedding>,
) -> Result<Recognised, Error> {
    let mut found = Recognised {
        applicant_id: sandbox.random.id("app")?,
        duplicates: Vec::new(),
        before: Likeness::default(),
    };
    let Some(face) = face else { return Ok(found) };
    let mut known_id = None;
    for Known { record: other, face: other_face } in store::known(&sandbox.db).await? {
        if other.submission_id == record.submission_id {
            continue;
        }
        let same_face =
            other_face.is_some_and(|other| likeness(face.similarity(&other)) >= FACE_SIMILARITY_MIN);
        let same_data = same_data(record, &other);
        found.before.data |= same_data;
        found.before.face |= same_face;
        if same_data && same_face {
            found.before.person = true;
            known_id = other.applicant_id;
            found.duplicates.push(other.submission_id);
        }
    }
    found.applicant_id = known_id.unwrap_or(found.applicant_id);
    Ok(found)
}

fn same_data(a: &Record, b: &Record) -> bool {
    let (a, b) = (a.person(), b.person());
    let words = |name: &Option<String>| name.as_deref().map(name_words);
    a.name.is_some()
        && a.birth_date.is_some()
        && words(&a.name) == words(&b.name)
        && a.birth_date == b.birth_date
        && a.nationality == b.nationality
        && a.gender == b.gender
}

/// GET /submission/applicant: the approved submissions of one person.
pub(super) async fn applicant(
    State(sandbox): State<Sandbox>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Refused> {
    let query = Query::of(query.as_deref());
    let id = query.get("applicant_id").ok_or(QueryError)?;
    let id = ApplicantId::new(id).map_err(|_| QueryError)?;
    super::step2::settle_overdue(&sandbox).await?;
    Ok(Json(items(store::approved_of(&sandbox.db, id.as_str()).await?, None)))
}
