//! User authentication by the Toss client.

use super::dto::{options, present};
use super::toss::{TossClient, hint, invalid, personal, read_state, requested, verified};
use super::toss_input::PersonDto;
use super::{Answer, Call, random, thrown};
use crate::error::Error;
use crate::retry::Repeat;
use crate::toss::{AuthKind, AuthRequest, AuthWho, ResultReads, SESSION_RANDOM_BYTES, TxId};
use serde::Deserialize;
use serde_json::json;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AuthDto {
    kind: String,
    /// Absent: one touch.
    #[serde(default)]
    person: Option<PersonDto>,
    /// Whether Toss pushes to the person's app in the place of links.
    #[serde(default)]
    push: bool,
    #[serde(default)]
    request_url: Option<String>,
}

fn kind(word: &str) -> Result<AuthKind, Error> {
    match word {
        "identity" => Ok(AuthKind::Identity),
        "simple" => Ok(AuthKind::Simple),
        _ => Err(invalid("kind is neither identity nor simple")),
    }
}

fn auth(json: &str) -> Result<AuthRequest, Error> {
    let dto: AuthDto = options(json)?;
    let who = match (dto.person, dto.push) {
        (Some(person), true) => AuthWho::Push(person.person()?),
        (Some(person), false) => AuthWho::AppScheme(person.person()?),
        (None, false) => AuthWho::OneTouch,
        (None, true) => return Err(invalid("a push needs a person")),
    };
    Ok(AuthRequest { kind: kind(&dto.kind)?, who, request_url: dto.request_url })
}

#[wasm_bindgen]
impl TossClient {
    /// The call that asks for an authentication.
    pub fn authenticate(&self, json: &str) -> Result<Call, JsValue> {
        let auth = auth(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token, _| client.auth_request(token, &auth, &random::<SESSION_RANDOM_BYTES>()?),
            |client, response, _| {
                let asked = client.read_auth_requested(response)?;
                let reads = ResultReads::new(&asked, None);
                Ok(requested(&asked, &reads).into())
            },
        ))
    }

    /// The call for the status of an authentication: a hint for waiting.
    pub fn auth_status(&self, kind: &str, tx_id: &str) -> Result<Call, JsValue> {
        let kind = self::kind(kind).map_err(thrown)?;
        let tx_id = TxId::parse(tx_id).ok_or_else(|| thrown(invalid("not a transaction id")))?;
        let asked = tx_id.clone();
        Ok(self.call(
            Repeat::Safe,
            move |client, token, _| client.auth_status_request(token, kind, &asked),
            move |client, response, _| Ok(json!(hint(client.read_status(response, &tx_id)?)).into()),
        ))
    }

    /// The call for the result of the authentication with the reads `reads`, its signature verified.
    pub fn auth_result(&self, kind: &str, reads: &str) -> Result<Call, JsValue> {
        let kind = self::kind(kind).map_err(thrown)?;
        let reads = read_state(reads).map_err(thrown)?;
        let trust = self.trust.clone();
        let session = Rc::new(RefCell::new(None));
        let opened = session.clone();
        let permitted = reads.clone();
        // A read counts, and its answer cannot be read again with another session.
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token, now_ms| {
                let permit =
                    permitted.permit(now_ms / 1000).map_err(|refusal| invalid(&refusal.to_string()))?;
                let random = random::<SESSION_RANDOM_BYTES>()?;
                let (request, made) = client.auth_result_request(token, kind, permit, &random)?;
                opened.replace(Some(made));
                Ok(request)
            },
            move |client, response, now_ms| {
                let session = session.borrow_mut().take().ok_or_else(|| invalid("no session"))?;
                let result = client.read_auth_result(response, session)?;
                let mut reads = reads.clone();
                reads.read_auth(&result);
                let json = present(json!({
                    "txId": result.tx_id,
                    "completedAtS": result.completed_at.unix_s(),
                    "requestedAtS": result.requested_at.unix_s(),
                    "personal": personal(&result.personal),
                    "verification": verified(result.verify(&trust, now_ms / 1000)),
                    "reads": json!(reads).to_string(),
                    "readsLeft": reads.left(),
                }));
                Ok(Answer { json, bytes: Some(result.signature) })
            },
        ))
    }
}
