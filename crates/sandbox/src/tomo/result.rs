//! POST /v1/idv/result: what the customer's server learns.

use super::bearer::Caller;
use super::person::{self, Holder};
use super::{Version, read_json};
use super::{checks, media, policies, provenance, webhooks};
use crate::db::{self, Change, Finished, Signer};
use crate::decision::{Finding, ReadOff};
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use crate::time::rfc3339;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use idv_edge::relay::{Effect, expire};
use idv_edge::tomo::{Country, Kyc, PolicyKey, Process, ResultRecord, ResultResponse, SCHEMA_VERSION};
use idv_protocol::{Outcome, PersonForm};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct ResultBody {
    user_id: String,
    country: Option<String>,
    policy: Option<Value>,
}

pub(super) async fn result(
    State(sandbox): State<Sandbox>,
    Extension(version): Extension<Version>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let request: ResultBody = read_json(&headers, body).await?;
    let country = request
        .country
        .map(|country| country.parse::<Country>())
        .transpose()
        .map_err(|error| Error::bad_request("invalid_request", error.to_string()))?;
    let policy = request.policy.filter(|policy| !policy.is_null()).map(policies::read).transpose()?;

    let mut answer = ResultResponse::default();
    let mut records = Vec::new();
    let person = db::find_person_of_result(&sandbox.db, &caller.client_id, &request.user_id).await?;
    if let Some(ppid) = person {
        end_overdue(&sandbox, &ppid).await?;
        for finished in newest_of_each_policy(db::finished_of(&sandbox.db, &ppid).await?) {
            let key: PolicyKey =
                finished.policy_key.parse().map_err(|error| Error::internal("policy key", error))?;
            let asked = country.as_ref().is_none_or(|country| *country == key.country)
                && policy.as_ref().is_none_or(|policy| key.policy.as_ref() == Some(policy));
            // Contract 1.3 has no status: a record that did not succeed would read as one that did.
            let tellable = version == Version::V1_4 || finished.status == Outcome::Approved;
            if asked && tellable {
                records.push(record(&sandbox, &finished, &key, version).await?);
            }
        }
        answer.user_id = (version == Version::V1_4).then_some(ppid);
    }
    if records.len() == 1 {
        answer.result = records.pop();
    } else {
        answer.results = Some(records);
    }
    Ok((no_store(), Json(answer)).into_response())
}

/// Ends what nobody ended: a session whose time is over has expired.
async fn end_overdue(sandbox: &Sandbox, ppid: &str) -> Result<(), Error> {
    let now_ms = sandbox.clock.now_ms();
    for stored in db::overdue_sessions(&sandbox.db, ppid, now_ms).await? {
        let Some(next) = expire(&stored.session, now_ms) else { continue };
        let effects: Vec<Effect> = next.settled.map(Effect::Settle).into_iter().collect();
        let change = Change { next: &next, effects: &effects, text: None, judged: None, now_ms };
        if db::store(&sandbox.db, &stored, &change).await?
            && let Some(settled) = next.settled
        {
            webhooks::settled(sandbox, next.submission_id, settled.outcome, settled.reason);
        }
    }
    Ok(())
}

/// Of several verifications by one policy, the last one counts.
fn newest_of_each_policy(finished: Vec<Finished>) -> Vec<Finished> {
    let mut newest: Vec<Finished> = Vec::new();
    for one in finished {
        if newest.iter().all(|held| held.policy_key != one.policy_key) {
            newest.push(one);
        }
    }
    newest
}

/// The newest approved record of a person in `country`, in the older form.
pub(super) async fn approved_in(
    sandbox: &Sandbox,
    client_id: &str,
    user_id: &str,
    country: &Country,
) -> Result<Option<ResultRecord>, Error> {
    let Some(ppid) = db::find_person_of_result(&sandbox.db, client_id, user_id).await? else {
        return Ok(None);
    };
    let finished = db::finished_of(&sandbox.db, &ppid).await?;
    let newest =
        finished.into_iter().find(|one| one.status == Outcome::Approved && one.country == country.as_str());
    let Some(newest) = newest else { return Ok(None) };
    let key = newest.policy_key.parse().map_err(|error| Error::internal("policy key", error))?;
    record(sandbox, &newest, &key, Version::V1_3).await.map(Some)
}

async fn record(
    sandbox: &Sandbox,
    finished: &Finished,
    key: &PolicyKey,
    version: Version,
) -> Result<ResultRecord, Error> {
    let finding: Option<Finding> = finished.finding.as_deref().map(serde_json::from_str).transpose()?;
    // Only what was approved is said of a person: another's document may have been shown.
    let is_approved = finished.status == Outcome::Approved;
    let approved = |json: &Option<String>| json.clone().filter(|_| is_approved);
    let read: Option<ReadOff> =
        approved(&finished.reading).as_deref().map(serde_json::from_str).transpose()?;
    let typed: Option<PersonForm> =
        approved(&finished.typed).as_deref().map(serde_json::from_str).transpose()?;
    let signer: Option<Signer> =
        approved(&finished.signer).as_deref().map(serde_json::from_str).transpose()?;
    let policy = policies::running_policy(key)?;
    let mut holder = Holder::of(read.as_ref(), typed.as_ref(), signer.as_ref());
    if let (Some(holder), Some(email)) = (&mut holder, finished.email.as_deref()) {
        holder.email = email;
    }
    let kyc = match version {
        Version::V1_3 => None,
        Version::V1_4 => {
            let category = checks::category(&policy);
            let person = person::person(holder.as_ref(), &policy);
            let (contact, address) = (person::contact(holder.as_ref()), person::address(holder.as_ref()));
            let document = person::document(holder.as_ref(), category, read.as_ref());
            let media = match is_approved {
                true => media::media_of(sandbox, &finished.submission_id).await?,
                false => Vec::new(),
            };
            Some(Kyc {
                schema_version: SCHEMA_VERSION.to_owned(),
                status: finished.status,
                completed_at: Some(rfc3339(finished.completed_at_ms)),
                field_provenance: provenance::of(
                    &policy,
                    holder.as_ref(),
                    &provenance::Known {
                        person: &person,
                        contact: &contact,
                        address: &address,
                        document: &document,
                    },
                ),
                person,
                contact,
                address,
                document,
                checks: checks::checks(finished, &policy, finding.as_ref(), typed.as_ref()),
                process: Process { steps: checks::steps(finished, &policy, finding.as_ref()) },
                media,
                status_reason: finished.reason,
                submission_id: Some(finished.submission_id.clone()),
            })
        }
    };
    Ok(ResultRecord {
        auth_id: finished.submission_id.clone(),
        policy_key: finished.policy_key.clone(),
        country: finished.country.clone(),
        result: person::person_fields(holder.as_ref(), &finished.country),
        kyc,
    })
}
