//! The Toss client.

use super::dto::present;
use super::{Answer, Call, ms, random, thrown, toss_input};
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use crate::retry::Repeat;
use crate::runner;
use crate::toss::signed_doc::{Chain, Failure, Revocation, Trust, Verified};
use crate::toss::{
    AccessToken, AgeGroup, Client, FailCode, Gender, MAX_RESPONSE_BYTES, Nationality, PersonalData,
    Requested, ResultReads, SESSION_RANDOM_BYTES, SignResult, SignatureType, StatusHint, TokenCache,
    TokenState, TxId,
};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// A client of Toss, its access token, and the certificates its results are held against.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct TossClient {
    client: Rc<Client>,
    pub(super) trust: Rc<Trust>,
    tokens: Rc<RefCell<TokenCache>>,
}

pub(super) fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::RequestInvalid, why)
}

fn is_token_refusal(error: &Error) -> bool {
    FailCode::of(error) == Some(FailCode::TokenInvalid)
}

#[wasm_bindgen]
impl TossClient {
    /// A client of the options' environment. The text of the secret is wiped.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, client_secret: String) -> Result<TossClient, JsValue> {
        let (client, trust) = toss_input::client(json, Zeroizing::new(client_secret)).map_err(thrown)?;
        Ok(Self { client: Rc::new(client), trust: Rc::new(trust), tokens: Rc::default() })
    }

    /// Whether there is an access token that need not be renewed at `now_ms`.
    pub fn has_token(&self, now_ms: f64) -> bool {
        matches!(self.tokens.borrow().state(ms(now_ms) / 1000), TokenState::Fresh(_))
    }

    /// Whether there is one that still serves at `now_ms`, renewed or not.
    pub fn holds_token(&self, now_ms: f64) -> bool {
        !matches!(self.tokens.borrow().state(ms(now_ms) / 1000), TokenState::Missing)
    }

    /// The call for an access token.
    pub fn token(&self) -> Call {
        let (client, reader, tokens) = (self.client.clone(), self.client.clone(), self.tokens.clone());
        let asked_at_ms = Rc::new(RefCell::new(0));
        let asked = asked_at_ms.clone();
        let build = move |now_ms: u64| {
            asked.replace(now_ms);
            client.token_request()
        };
        let read = move |response: &Response, _| {
            let token = reader.read_token(response, *asked_at_ms.borrow() / 1000)?;
            tokens.borrow_mut().store(token);
            Ok(Answer::default())
        };
        Call::new(runner::Call::new(Repeat::Safe, MAX_RESPONSE_BYTES, build, read))
    }

    /// The call that asks for a signature.
    pub fn request(&self, json: &str) -> Result<Call, JsValue> {
        let sign = toss_input::sign(json).map_err(thrown)?;
        let (trigger, expire_s) = (sign.trigger.clone(), sign.expire_s);
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token, _| client.sign_request(token, &sign, &random::<SESSION_RANDOM_BYTES>()?),
            move |client, response, _| {
                let requested = client.read_requested(response, &trigger)?;
                let reads = ResultReads::new(&requested, expire_s);
                Ok(self::requested(&requested, &reads).into())
            },
        ))
    }

    /// The call for the status: a hint for waiting.
    pub fn status(&self, tx_id: &str) -> Result<Call, JsValue> {
        let tx_id = TxId::parse(tx_id).ok_or_else(|| thrown(invalid("not a transaction id")))?;
        let asked = tx_id.clone();
        Ok(self.call(
            Repeat::Safe,
            move |client, token, _| client.status_request(token, &asked),
            move |client, response, _| Ok(json!(hint(client.read_status(response, &tx_id)?)).into()),
        ))
    }

    /// The call for the result of the transaction with the reads `reads`, verified against the document that
    /// was sent.
    pub fn result(&self, reads: &str, document: &str) -> Result<Call, JsValue> {
        let reads = read_state(reads).map_err(thrown)?;
        let document = toss_input::document(document).map_err(thrown)?;
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
                let (request, made) =
                    client.result_request(token, permit, &random::<SESSION_RANDOM_BYTES>()?)?;
                opened.replace(Some(made));
                Ok(request)
            },
            move |client, response, now_ms| {
                let session = session.borrow_mut().take().ok_or_else(|| invalid("no session"))?;
                let result = client.read_result(response, session)?;
                let mut reads = reads.clone();
                reads.read(&result);
                let verified = verified(result.verify(&document, &trust, now_ms / 1000));
                Ok(Answer { json: signed(&result, &reads, verified), bytes: Some(result.signed_doc) })
            },
        ))
    }

    pub(super) fn call(
        &self,
        repeat: Repeat,
        build: impl Fn(&Client, &AccessToken, u64) -> Result<Request, Error> + 'static,
        read: impl Fn(&Client, &Response, u64) -> Result<Answer, Error> + 'static,
    ) -> Call {
        let (client, reader) = (self.client.clone(), self.client.clone());
        let (tokens, forgetting) = (self.tokens.clone(), self.tokens.clone());
        let used: Rc<RefCell<Option<AccessToken>>> = Rc::default();
        let refused = used.clone();
        let build = move |now_ms: u64| {
            let token = match tokens.borrow().state(now_ms / 1000) {
                TokenState::Fresh(token) | TokenState::Renew(token) => token.clone(),
                TokenState::Missing => return Err(invalid("no access token")),
            };
            let request = build(&client, &token, now_ms);
            used.replace(Some(token));
            request
        };
        let discard = move || {
            if let Some(token) = refused.borrow().as_ref() {
                forgetting.borrow_mut().forget(token);
            }
        };
        let read = move |response: &Response, now_ms| read(&reader, response, now_ms);
        let call = runner::Call::new(repeat, MAX_RESPONSE_BYTES, build, read);
        Call::new(call.with_token(is_token_refusal, discard))
    }
}

/// The state of a transaction's reads once its status said completed at `now_ms`.
#[wasm_bindgen]
pub fn toss_seen_completed(reads: &str, now_ms: f64) -> Result<String, JsValue> {
    let mut reads = read_state(reads).map_err(thrown)?;
    reads.seen_completed(ms(now_ms) / 1000);
    Ok(json!(reads).to_string())
}

pub(super) fn read_state(reads: &str) -> Result<ResultReads, Error> {
    serde_json::from_str(reads).map_err(|_| invalid("reads is not the text that a request gave"))
}

pub(super) fn requested(requested: &Requested, reads: &ResultReads) -> Value {
    let links = requested.links.as_ref().map(|links| {
        json!({
            "appScheme": links.app_scheme,
            "androidAppUri": links.android_app_uri,
            "iosAppUri": links.ios_app_uri,
        })
    });
    present(json!({
        "txId": requested.tx_id,
        "links": links,
        "requestedAtS": requested.requested_at.unix_s(),
        "reads": json!(reads).to_string(),
    }))
}

/// A status in JavaScript's words.
pub(super) fn hint(hint: StatusHint) -> String {
    match hint {
        StatusHint::Requested => "requested".to_owned(),
        StatusHint::InProgress => "in_progress".to_owned(),
        StatusHint::Completed => "completed".to_owned(),
        StatusHint::Expired => "expired".to_owned(),
        StatusHint::Other(word) => word,
    }
}

pub(super) fn verified(outcome: Result<Verified, Failure>) -> Value {
    match outcome {
        Ok(Verified { signed_at_s, signer, chain, revocation }) => {
            let root_sha256 = match &chain {
                Chain::NotChecked => None,
                Chain::Trusted { root_sha256 } => Some(root_sha256),
            };
            let list_of_s = match revocation {
                Revocation::NotChecked => None,
                Revocation::NotListed { list_of_s } => Some(list_of_s),
            };
            json!({
                "holds": true,
                "signedAtS": signed_at_s,
                "chain": if root_sha256.is_some() { "trusted" } else { "not_checked" },
                "rootSha256": root_sha256,
                "revocation": if list_of_s.is_some() { "not_listed" } else { "not_checked" },
                "revocationListOfS": list_of_s,
                "signer": {
                    "commonName": signer.common_name.as_deref(),
                    "uid": signer.uid.as_deref(),
                    "issuer": signer.issuer,
                    "serial": signer.serial,
                    "certificateSha256": signer.certificate_sha256,
                    "revocationListUrls": signer.revocation_list_urls,
                },
            })
        }
        Err(failure) => json!({ "holds": false, "failure": failure.code(), "message": failure.to_string() }),
    }
}

/// The person of a result.
pub(super) fn personal(personal: &PersonalData) -> Value {
    let gender = personal.gender.as_ref().map(|gender| match gender {
        Gender::Male => "MALE",
        Gender::Female => "FEMALE",
        Gender::Other(word) => word,
    });
    let nationality = personal.nationality.as_ref().map(|nationality| match nationality {
        Nationality::Local => "LOCAL",
        Nationality::Foreigner => "FOREIGNER",
        Nationality::Other(word) => word,
    });
    let age_group = personal.age_group.as_ref().map(|age_group| match age_group {
        AgeGroup::Adult => "ADULT",
        AgeGroup::Minor => "MINOR",
        AgeGroup::Other(word) => word,
    });
    let text = |text: &Option<Zeroizing<String>>| text.as_ref().map(|text| text.as_str().to_owned());
    json!({
        "ci": text(&personal.ci),
        "di": text(&personal.di),
        "name": text(&personal.name),
        "birthday": text(&personal.birthday),
        "gender": gender,
        "nationality": nationality,
        "ageGroup": age_group,
        "ci2": text(&personal.ci2),
        "ciUpdate": text(&personal.ci_update),
    })
}

fn signed(result: &SignResult, reads: &ResultReads, verified: Value) -> Value {
    let signature_type = match &result.signature_type {
        SignatureType::Pkcs7 => "PKCS7",
        SignatureType::Pkcs7NoContentWithAttr => "PKCS7_NO_CONTENT_WITH_ATTR",
        SignatureType::Other(word) => word,
    };
    present(json!({
        "txId": result.tx_id,
        "signatureType": signature_type,
        "completedAtS": result.completed_at.unix_s(),
        "requestedAtS": result.requested_at.unix_s(),
        "document": result.document.as_ref().map(|text| text.as_str().to_owned()),
        "personal": personal(&result.personal),
        "verification": verified,
        "reads": json!(reads).to_string(),
        "readsLeft": reads.left(),
    }))
}
