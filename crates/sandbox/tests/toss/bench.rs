//! A sandbox, and a customer's server at its Toss.

use crate::support::{TestSandbox, answer};
use idv_edge::http::{Request, Response};
use idv_edge::toss::{
    AccessToken, Client, Document, FailCode, Person, Requested, ResultReads, SESSION_RANDOM_BYTES,
    SignRequest, SignResult, StatusHint, Trigger, TxId,
};
use idv_edge::{Error, toss};
use idv_sandbox::vendors::TossSide;
use serde_json::Value;

/// What the customer sends of a person; nothing of it comes back.
pub const NAME: &str = "홍길동";
pub const PHONE: &str = "01098765432";
pub const TEXT: &str = "출금이체에 동의합니다. <b>&</b>";

pub struct Bench {
    pub sandbox: TestSandbox,
    pub side: TossSide,
}

impl Bench {
    pub async fn start() -> Self {
        Self::of(TestSandbox::start().await).await
    }

    /// With the database in a file, for tests that look into it.
    pub async fn start_on_file() -> Self {
        Self::of(TestSandbox::start_on_file().await).await
    }

    async fn of(sandbox: TestSandbox) -> Self {
        let side = sandbox.running.vendors.toss.connect().await.expect("connects").clone();
        Self { sandbox, side }
    }

    pub fn client(&self) -> &Client {
        self.side.runner.client()
    }

    pub fn now_s(&self) -> u64 {
        self.sandbox.now_ms() / 1000
    }

    pub async fn sign(&self, sign: &SignRequest) -> Requested {
        self.side.runner.sign(sign).await.expect("requested")
    }

    pub async fn status(&self, requested: &Requested) -> StatusHint {
        self.side.runner.status(&requested.tx_id).await.expect("status")
    }

    /// One read of the result, by a customer who counts none.
    pub async fn result(&self, requested: &Requested) -> Result<SignResult, Error> {
        let permit =
            ResultReads::new(requested, None).permit(self.now_s().min(requested.requested_at.unix_s()));
        self.side.runner.result(permit.expect("permit")).await
    }

    /// The code that a read of the result is refused with.
    pub async fn refusal(&self, requested: &Requested) -> FailCode {
        let error = self.result(requested).await.expect_err("refused");
        assert_eq!(error.status(), Some(400), "{error}");
        FailCode::of(&error).expect("a code")
    }

    /// What the app's buttons do: the status and where it leads.
    pub async fn decide(&self, tx_id: &TxId, decision: &str) -> (u16, String) {
        let response = self
            .sandbox
            .http
            .post(self.sandbox.url("/toss/app/decide"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("txId={}&decision={decision}", tx_id.as_str()))
            .send()
            .await
            .expect("an answer");
        let location =
            response.headers().get("location").map(|value| value.to_str().expect("text").to_owned());
        (response.status().as_u16(), location.unwrap_or_default())
    }

    pub async fn signed(&self, sign: &SignRequest) -> Requested {
        let requested = self.sign(sign).await;
        assert_eq!(self.decide(&requested.tx_id, "sign").await.0, 303);
        requested
    }

    /// Sends a request of the client's as it is.
    pub async fn send(&self, request: Request) -> Response {
        let mut builder = self.sandbox.http.post(request.url);
        for (name, value) in request.headers {
            builder = builder.header(name, value);
        }
        let response = builder.body(request.body).send().await.expect("an answer");
        let status = response.status().as_u16();
        Response { status, body: response.bytes().await.expect("body").to_vec() }
    }

    pub async fn token(&self) -> AccessToken {
        let answer = self.send(self.client().token_request().expect("request")).await;
        self.client().read_token(&answer, self.now_s()).expect("token")
    }

    /// Sends a request for a signature after `change` of its body: status and answer.
    pub async fn send_changed(&self, sign: &SignRequest, change: impl FnOnce(&mut Value)) -> (u16, Value) {
        let request = self.client().sign_request(&self.token().await, sign, &random()).expect("request");
        self.send_json(request, change).await
    }

    /// Sends a request for a result after `change` of its body.
    pub async fn send_result(&self, requested: &Requested, change: impl FnOnce(&mut Value)) -> (u16, Value) {
        let permit = ResultReads::new(requested, None).permit(0).expect("permit");
        let (request, _) =
            self.client().result_request(&self.token().await, permit, &random()).expect("request");
        self.send_json(request, change).await
    }

    async fn send_json(&self, mut request: Request, change: impl FnOnce(&mut Value)) -> (u16, Value) {
        let mut body: Value = serde_json::from_slice(&request.body).expect("JSON");
        change(&mut body);
        request.body = serde_json::to_vec(&body).expect("JSON");
        let answer = self.send(request).await;
        (answer.status, serde_json::from_slice(&answer.body).expect("JSON"))
    }

    pub async fn page(&self, path: &str, language: &str) -> (u16, String) {
        let request = self.sandbox.http.get(self.sandbox.url(path)).header("accept-language", language);
        let (status, body) = answer(request).await;
        (status, body.as_str().expect("a page").to_owned())
    }
}

/// Random bytes of a session.
pub fn random() -> [u8; SESSION_RANDOM_BYTES] {
    let uuids = [(); 5].map(|()| uuid::Uuid::new_v4().into_bytes());
    uuids.concat().try_into().expect("80 bytes")
}

pub fn person() -> Person {
    Person::personal(NAME, PHONE, "19850607").expect("person")
}

/// A request by push for a text.
pub fn push() -> SignRequest {
    SignRequest {
        person: person(),
        trigger: Trigger::Push,
        service_name: "토스 출금이체".into(),
        doc_title: "출금이체 동의문".into(),
        document: Document::Text(TEXT.into()),
        encrypt_document: false,
        expire_s: Some(300),
    }
}

/// A request by links that lead back to the shop's app.
pub fn app_scheme() -> SignRequest {
    let trigger = Trigger::AppScheme {
        success_callback_url: Some("shop://signed?order=1".into()),
        fail_callback_url: Some("shop://failed?order=1".into()),
    };
    SignRequest { trigger, ..push() }
}

pub fn scenario(reference: &str) -> SignRequest {
    SignRequest { doc_title: format!("scenario:{reference}"), ..push() }
}

/// Code of a FAIL envelope of the vendor's form.
pub fn fail_code(answer: &(u16, Value)) -> &str {
    let (_, body) = answer;
    assert_eq!(body["resultType"], toss::wire::FAIL, "{body}");
    assert_eq!((&body["success"], &body["error"]["title"]), (&Value::Null, &Value::Null));
    assert_eq!((&body["error"]["errorType"], &body["error"]["data"]), (&0.into(), &serde_json::json!({})));
    assert!(!body["error"]["reason"].as_str().expect("reason").is_empty());
    body["error"]["errorCode"].as_str().expect("code")
}
