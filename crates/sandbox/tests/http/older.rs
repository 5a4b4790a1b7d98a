//! The older forms: kyc/get, and the paths that the vendor calls deprecated.

use crate::support::{SELFIE_POLICY, TestSandbox, answer, query};
use idv_edge::ErrorKind;
use idv_edge::http::Request;
use idv_edge::tomo::{
    ApiVersion, Client, KYC_GET_PATH, KycGetRequest, OlderCountry, OlderStartRequest, SESSION_START_PATH,
    SessionStartRequest,
};
use idv_protocol::relay::KEY_HEADER;
use serde_json::{Value, json};
use url::Url;

const RECORD_POLICY: &str = "cn:document:id_card:government_id_verf:no_owner_assurance";

/// Somebody on record in China is approved as `user_id`.
async fn approve(sandbox: &TestSandbox, user_id: &str) {
    let page = sandbox.page(user_id, RECORD_POLICY).await;
    page.consent().await;
    let person = json!({ "fields": { "full_name": "张三", "document_number": "11010519491231002X" } });
    let (status, reply) = answer(page.request("POST", "/person").header(KEY_HEADER, "p").json(&person)).await;
    assert_eq!((status, &reply["state"]), (200, &json!("accepted")));
    let plan = page.plan().await;
    let evidence = page.evidence(&plan, &[], idv_protocol::Size { width: 1, height: 1 });
    assert_eq!(page.complete(&evidence).await.0, 200);
}

fn about(user_id: &str, country: &str) -> KycGetRequest {
    KycGetRequest { user_id: user_id.into(), country: country.parse().expect("country") }
}

/// Sends a request of the client's as it is.
async fn send(sandbox: &TestSandbox, request: Request) -> (u16, Value) {
    let get = request.method == idv_edge::http::Method::Get;
    let mut builder = if get { sandbox.http.get(request.url) } else { sandbox.http.post(request.url) };
    for (name, value) in request.headers {
        builder = builder.header(name, value);
    }
    answer(builder.body(request.body)).await
}

fn client(sandbox: &TestSandbox) -> Client {
    Client::new(&sandbox.running.origin, sandbox.client_id(), sandbox.key()).expect("client")
}

#[tokio::test]
async fn kyc_get_tells_what_is_known_of_a_person_who_was_approved_in_the_country() {
    let sandbox = TestSandbox::start().await;
    let runner = sandbox.runner(ApiVersion::V1_3);
    let error = runner.kyc_get(&about("u1", "cn")).await.expect_err("nobody");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, Some(400)));
    approve(&sandbox, "u1").await;
    sandbox.catch_up();
    let fields = runner.kyc_get(&about("u1", "cn")).await.expect("fields");
    assert_eq!((fields.full_name.as_str(), fields.country.as_str(), fields.city), ("张三", "cn", None));
    for other in [about("u1", "jp"), about("u2", "cn")] {
        assert_eq!(runner.kyc_get(&other).await.expect_err("nobody").status(), Some(400));
    }
    sandbox.page("u3", SELFIE_POLICY).await.cancel("user_canceled").await;
    let error = runner.kyc_get(&about("u3", "unknown")).await.expect_err("not approved");
    assert_eq!(error.refusal_code(), Some("invalid_request"));
    let bare =
        sandbox.http.post(sandbox.url(KYC_GET_PATH)).json(&json!({ "user_id": "u1", "country": "cn" }));
    assert_eq!(answer(bare).await.0, 401, "not without a token");
    let token = sandbox.access_token().await;
    let half =
        sandbox.http.post(sandbox.url(KYC_GET_PATH)).bearer_auth(token).json(&json!({ "user_id": "u1" }));
    assert_eq!(answer(half).await.0, 400, "both are required");
}

#[tokio::test]
#[allow(deprecated)]
async fn the_paths_of_single_countries_start_answer_and_are_healthy() {
    let sandbox = TestSandbox::start().await;
    let client = client(&sandbox);
    let token = sandbox.access_token().await;
    let access = format!("Bearer {token}");
    let start = OlderStartRequest {
        user_id: "u1".into(),
        callback_url: "https://shop.example/back".into(),
        email: None,
        kyc_policy_id: None,
    };
    for country in OlderCountry::ALL {
        let (status, body) = send(&sandbox, client.older_health_request(country).expect("request")).await;
        assert_eq!((status, body), (200, json!("ok")), "{country:?}");
        let post = |path: String| sandbox.http.post(sandbox.url(&path)).header("authorization", &access);
        let (status, body) = answer(post(country.start_path()).json(&start)).await;
        // Of these five, the United Kingdom and Canada have no default policy here.
        let runs = !matches!(country, OlderCountry::Uk | OlderCountry::Ca);
        assert_eq!(status, if runs { 200 } else { 400 }, "{country:?} {body}");
        if runs {
            let url: Url = body["start_idv_uri"].as_str().expect("URL").parse().expect("URL");
            assert!(!query(&url, "token").is_empty());
        }
        let (status, body) = answer(post(country.kyc_get_path()).json(&json!({ "user_id": "u1" }))).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "{country:?}");
    }
    let path = OlderCountry::Uk.start_path();
    let by_id = |id: &str| {
        let named = OlderStartRequest { kyc_policy_id: Some(id.into()), ..start.clone() };
        answer(sandbox.http.post(sandbox.url(&path)).header("authorization", &access).json(&named))
    };
    assert_eq!(by_id("uk:document:passport:document_ocr_check:no_owner_assurance").await.0, 200);
    let (status, body) = by_id("").await;
    assert_eq!((status, &body["error_description"]), (400, &json!("Please provide kyc_policy_id.")));
    for bad in ["us:document:passport:document_ocr_check:no_owner_assurance", "anything"] {
        let (status, body) = by_id(bad).await;
        assert!(
            body["error_description"].as_str().is_some_and(|text| text.contains("Unsupported kyc_policy"))
        );
        assert_eq!(status, 400, "{bad}");
    }
    approve(&sandbox, "u2").await;
    let asked =
        sandbox.http.post(sandbox.url(&OlderCountry::Cn.kyc_get_path())).header("authorization", &access);
    let (status, body) = answer(asked.json(&json!({ "user_id": "u2" }))).await;
    assert_eq!((status, &body["full_name"]), (200, &json!("张三")));
}

#[tokio::test]
#[allow(deprecated)]
async fn chinas_token_and_a_started_session_open_the_page() {
    let sandbox = TestSandbox::start().await;
    let client = client(&sandbox);
    let token = sandbox.access_token().await;
    let posted = |path: &str, body: Value| {
        answer(sandbox.http.post(sandbox.url(path)).bearer_auth(&token).json(&body))
    };
    let (status, body) = posted(idv_edge::tomo::CN_TOKEN_PATH, json!({ "user_id": "u1" })).await;
    assert_eq!((status, &body["expires_in"]), (200, &json!(900)), "{body}");
    assert_eq!(sandbox.exchange(body["session_token"].as_str().expect("token")).await.0, 200);

    let start = SessionStartRequest {
        user_id: "u1".into(),
        country: Some("unknown".parse().expect("country")),
        email: None,
        kyc_policy: None,
        callback_url: Some("https://shop.example/back".into()),
    };
    let (status, body) = posted(SESSION_START_PATH, serde_json::to_value(&start).expect("json")).await;
    assert_eq!(status, 200, "{body}");
    let bytes = body.to_string().into_bytes();
    let started =
        client.read_session_start(&idv_edge::http::Response { status, body: bytes }).expect("reads");
    assert_eq!(started.launch.kind, "url");
    let url: Url = started.launch.start_url().expect("URL").as_str().parse().expect("URL");
    let (status, session) = sandbox.exchange(&query(&url, "token")).await;
    assert_eq!((status, &session["session_id"]), (200, &json!(started.session_id)));
    let (status, body) = posted(SESSION_START_PATH, json!({ "country": "unknown" })).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "user_id is required");
}
