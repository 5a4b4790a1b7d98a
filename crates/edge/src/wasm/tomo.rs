//! The TomoIDV client.

use super::dto::{PolicyDto, camel, country_and_policy, options, present};
use super::{Answer, Call, ms, random, thrown};
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use crate::keys::SigningKey;
use crate::retry::Repeat;
use crate::runner;
use crate::tomo::{
    AccessToken, ApiVersion, Client, Credentials, DeleteStatus, Environment, KycGetRequest,
    MAX_RESPONSE_BYTES, ResetRequest, ResetStatus, ResultRequest, ReturnHint, StartRequest, TokenCache,
    TokenFinding,
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::cell::RefCell;
use std::rc::Rc;
use url::Url;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

/// A client of TomoIDV and its access token.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct TomoClient {
    client: Rc<Client>,
    tokens: Rc<RefCell<TokenCache>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClientDto {
    environment: EnvironmentDto,
    #[serde(default)]
    issued_by: Option<String>,
    client_id: String,
    #[serde(default)]
    api_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EnvironmentDto {
    Named(String),
    Own {
        #[serde(rename = "baseUrl")]
        base_url: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct StartDto {
    #[serde(default)]
    user_id: Option<String>,
    #[serde(default)]
    policy_key: Option<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    kyc_policy: Option<PolicyDto>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    redirect_url_success: Option<String>,
    #[serde(default)]
    redirect_url_fail: Option<String>,
    #[serde(default)]
    webhook_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct QueryDto {
    user_id: String,
    #[serde(default)]
    policy_key: Option<String>,
    #[serde(default)]
    country: Option<String>,
    #[serde(default)]
    kyc_policy: Option<PolicyDto>,
}

fn environment(name: &str) -> Result<Environment, Error> {
    match name {
        "sandbox" => Ok(Environment::Sandbox),
        "production" => Ok(Environment::Production),
        _ => Err(Error::new(ErrorKind::RequestInvalid, "environment is neither sandbox nor production")),
    }
}

fn client(json: &str, secret_key: &str) -> Result<Client, Error> {
    let dto: ClientDto = options(json)?;
    let key = SigningKey::from_secret_key_text(secret_key)?;
    let version = match dto.api_version.as_deref() {
        None | Some("1.4") => ApiVersion::V1_4,
        Some("1.3") => ApiVersion::V1_3,
        Some(_) => return Err(Error::new(ErrorKind::RequestInvalid, "apiVersion is neither 1.3 nor 1.4")),
    };
    let client = match dto.environment {
        EnvironmentDto::Named(name) => {
            let environment = environment(&name)?;
            let issued_by = dto.issued_by.as_deref().map_or(Ok(environment), self::environment)?;
            Client::at(environment, Credentials { issued_by, client_id: dto.client_id, key })?
        }
        EnvironmentDto::Own { base_url } => Client::new(&base_url, dto.client_id, key)?,
    };
    Ok(client.with_version(version))
}

fn is_token_refusal(error: &Error) -> bool {
    error.status() == Some(401)
}

#[wasm_bindgen]
impl TomoClient {
    /// A client of the options' environment. The text of the key is wiped.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, secret_key: String) -> Result<TomoClient, JsValue> {
        let secret_key = Zeroizing::new(secret_key);
        let client = Rc::new(client(json, &secret_key).map_err(thrown)?);
        Ok(Self { client, tokens: Rc::default() })
    }

    /// Whether there is an access token to use at `now_ms`.
    pub fn has_token(&self, now_ms: f64) -> bool {
        self.tokens.borrow().usable(ms(now_ms)).is_some()
    }

    /// The call for an access token.
    pub fn token(&self) -> Call {
        let (client, reader, tokens) = (self.client.clone(), self.client.clone(), self.tokens.clone());
        let asked_at_ms = Rc::new(RefCell::new(0));
        let asked = asked_at_ms.clone();
        // A fresh assertion for each try: its jti may be used once.
        let build = move |now_ms: u64| {
            asked.replace(now_ms);
            client.token_request(now_ms / 1000, uuid::Builder::from_random_bytes(random()?).into_uuid())
        };
        let read = move |response: &Response, _| {
            tokens.borrow_mut().store(reader.read_token(response)?, *asked_at_ms.borrow());
            Ok(Answer::default())
        };
        Call::new(runner::Call::new(Repeat::Safe, MAX_RESPONSE_BYTES, build, read))
    }

    /// The call that starts a verification.
    pub fn start(&self, json: &str) -> Result<Call, JsValue> {
        let start = start(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token| client.start_request(token, &start),
            |client, response| Ok(json!({ "startIdvUri": client.read_start(response)?.as_str() })),
        ))
    }

    /// The call for a result.
    pub fn result(&self, json: &str) -> Result<Call, JsValue> {
        let query = query(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::Safe,
            move |client, token| client.result_request(token, &query),
            |client, response| {
                let result = client.read_result(response)?;
                let records: Vec<&_> = result.records().collect();
                let json = json!({ "ppid": result.user_id, "records": records });
                Ok(present(camel(json)))
            },
        ))
    }

    /// The call for the older form of a result.
    pub fn kyc_get(&self, json: &str) -> Result<Call, JsValue> {
        let query = kyc_get(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::Safe,
            move |client, token| client.kyc_get_request(token, &query),
            |client, response| Ok(present(camel(json!(client.read_kyc_get(response)?)))),
        ))
    }

    /// The call that resets a verification.
    pub fn reset(&self, json: &str) -> Result<Call, JsValue> {
        let reset = reset(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token| client.reset_request(token, &reset),
            |client, response| {
                Ok(json!(match client.read_reset(response)? {
                    ResetStatus::Reset => "reset".to_owned(),
                    ResetStatus::NotResettable => "not_resettable".to_owned(),
                    ResetStatus::Unknown(word) => word,
                }))
            },
        ))
    }

    /// The call that deletes the results of a user.
    pub fn delete(&self, user_id: String) -> Call {
        self.call(
            Repeat::UnsentOnly,
            move |client, token| client.delete_request(token, &user_id),
            |client, response| {
                Ok(json!(match client.read_delete(response)? {
                    DeleteStatus::Deleted => "deleted".to_owned(),
                    DeleteStatus::NotDeletable => "not_deletable".to_owned(),
                    DeleteStatus::Unknown(word) => word,
                }))
            },
        )
    }

    /// The call that deletes the results of several users, a JSON array of texts.
    pub fn bulk_delete(&self, json: &str) -> Result<Call, JsValue> {
        let user_ids: Vec<String> = options(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            move |client, token| client.bulk_delete_request(token, &user_ids),
            |client, response| Ok(Value::Array(client.read_bulk_delete(response)?.results)),
        ))
    }

    /// The call for the health of the service.
    pub fn health(&self) -> Call {
        let (client, reader) = (self.client.clone(), self.client.clone());
        let read = move |response: &Response, _| Ok(json!(reader.read_health(response)?).into());
        Call::new(runner::Call::new(Repeat::Safe, MAX_RESPONSE_BYTES, move |_| client.health_request(), read))
    }

    fn call(
        &self,
        repeat: Repeat,
        build: impl Fn(&Client, &AccessToken) -> Result<Request, Error> + 'static,
        read: impl Fn(&Client, &Response) -> Result<Value, Error> + 'static,
    ) -> Call {
        let (client, reader) = (self.client.clone(), self.client.clone());
        let (tokens, discarding) = (self.tokens.clone(), self.tokens.clone());
        let used: Rc<RefCell<Option<AccessToken>>> = Rc::default();
        let refused = used.clone();
        let build = move |now_ms: u64| {
            let token = tokens.borrow().usable(now_ms).cloned();
            let token = token.ok_or_else(|| Error::new(ErrorKind::RequestInvalid, "no access token"))?;
            let request = build(&client, &token);
            used.replace(Some(token));
            request
        };
        let read = move |response: &Response, _| read(&reader, response).map(Answer::from);
        let discard = move || {
            if let Some(token) = refused.borrow().as_ref() {
                discarding.borrow_mut().discard(token);
            }
        };
        let call = runner::Call::new(repeat, MAX_RESPONSE_BYTES, build, read);
        Call::new(call.with_token(is_token_refusal, discard))
    }
}

fn start(json: &str) -> Result<StartRequest, Error> {
    let dto: StartDto = options(json)?;
    let (country, kyc_policy) = country_and_policy(dto.policy_key, dto.country, dto.kyc_policy)?;
    Ok(StartRequest {
        user_id: dto.user_id,
        country,
        email: dto.email,
        kyc_policy,
        redirect_url_success: dto.redirect_url_success,
        redirect_url_fail: dto.redirect_url_fail,
        webhook_url: dto.webhook_url,
    })
}

fn query(json: &str) -> Result<ResultRequest, Error> {
    let dto: QueryDto = options(json)?;
    let (country, policy) = country_and_policy(dto.policy_key, dto.country, dto.kyc_policy)?;
    Ok(ResultRequest { user_id: dto.user_id, country, policy })
}

fn kyc_get(json: &str) -> Result<KycGetRequest, Error> {
    let dto: QueryDto = options(json)?;
    match country_and_policy(dto.policy_key, dto.country, dto.kyc_policy)? {
        (Some(country), None) => Ok(KycGetRequest { user_id: dto.user_id, country }),
        _ => Err(Error::new(ErrorKind::RequestInvalid, "this older form takes a country and no policy")),
    }
}

fn reset(json: &str) -> Result<ResetRequest, Error> {
    let dto: QueryDto = options(json)?;
    match country_and_policy(dto.policy_key, dto.country, dto.kyc_policy)? {
        (Some(country), Some(kyc_policy)) => Ok(ResetRequest { user_id: dto.user_id, country, kyc_policy }),
        _ => Err(Error::new(ErrorKind::RequestInvalid, "a reset needs country and policy")),
    }
}

/// What a return URL claims, and what is wrong with its token: JSON of `parameters`, `claimedError`, `finding`.
#[wasm_bindgen]
pub fn read_return(url: &str, client_id: &str, now_ms: f64) -> Result<String, JsValue> {
    let url = Url::parse(url)
        .map_err(|_| thrown(Error::new(ErrorKind::UrlInvalid, "the return URL is not absolute")))?;
    let hint = ReturnHint::from_url(&url);
    let own = url.query_pairs().filter(|(name, _)| name != "token" && name != "key");
    let parameters: serde_json::Map<String, Value> =
        own.map(|(name, value)| (name.into_owned(), json!(value))).collect();
    let finding = match hint.diagnose(client_id, ms(now_ms) / 1000) {
        TokenFinding::TokenAbsent => "token_absent",
        TokenFinding::KeyAbsent => "key_absent",
        TokenFinding::KeyInvalid => "key_invalid",
        TokenFinding::SignatureInvalid => "signature_invalid",
        TokenFinding::OtherAudience => "other_audience",
        TokenFinding::TimesAbsent => "times_absent",
        TokenFinding::Expired => "expired",
        TokenFinding::NotYetValid => "not_yet_valid",
        TokenFinding::ConsistentWithItself => "consistent_with_itself",
    };
    let claimed = hint.claimed_error();
    Ok(present(json!({ "parameters": parameters, "claimedError": claimed, "finding": finding })).to_string())
}
