//! Authentication against Toss's own side, made of the same wire types.

use super::*;
use crate::toss::fixture::{NOW_S, authority, leaf, toss_key};
use crate::toss::wire::PersonalFields;
use crate::toss::{AgeGroup, Environment, Gender, ReadRefusal, ResultReads, TossPublicKey};
use serde_json::json;
use zeroize::Zeroizing;

const TX: &str = "60940525-9a59-47db-b0eb-4f029b9faf1e";

fn client() -> Client {
    let key = TossPublicKey::read(&toss_key().public_key_der().expect("der")).expect("key");
    Client::new(Environment::Sandbox, "test_client", Zeroizing::new("test_geheim".to_owned()), key)
        .expect("client")
}

fn success(body: impl serde::Serialize) -> Response {
    let body = json!({ "resultType": "SUCCESS", "success": body });
    Response { status: 200, body: body.to_string().into_bytes() }
}

fn token() -> AccessToken {
    let body = json!({"access_token": "t0", "scope": "ca", "token_type": "Bearer", "expires_in": 600});
    let response = Response { status: 200, body: body.to_string().into_bytes() };
    client().read_token(&response, NOW_S).expect("token")
}

fn person() -> Person {
    Person::personal("김토스", "01000000000", "19930324").expect("person")
}

fn auth(who: AuthWho) -> AuthRequest {
    AuthRequest { kind: AuthKind::Identity, who, request_url: Some("shop://back".into()) }
}

fn random(seed: u8) -> [u8; SESSION_RANDOM_BYTES] {
    std::array::from_fn(|at| seed.wrapping_mul(31).wrapping_add(u8::try_from(at).unwrap_or(0)))
}

fn at(unix_s: u64) -> Timestamp {
    Timestamp::from_unix_s(unix_s).expect("time")
}

fn requested() -> Requested {
    Requested { tx_id: TxId::parse(TX).expect("id"), links: None, requested_at: at(NOW_S) }
}

fn asked(kind: AuthKind) -> (ResultSession, Session) {
    let permit = ResultReads::new(&requested(), None).permit(NOW_S).expect("permit");
    let (request, session) =
        client().auth_result_request(&token(), kind, permit, &random(7)).expect("request");
    assert_eq!(request.url.path(), kind.result_path());
    let body: ResultBody = serde_json::from_slice(&request.body).expect("body");
    (session, toss_key().open_session(&body.session_key).expect("session"))
}

fn result_of(statement: &str, toss: &Session) -> AuthResultSuccess {
    let seal = |text: &str| Some(toss.seal(text).expect("field"));
    AuthResultSuccess {
        tx_id: TX.into(),
        status: "COMPLETED".into(),
        user_identifier: None,
        user_ci_token: None,
        signature: STANDARD.encode(leaf().sign(statement.as_bytes(), NOW_S).expect("signed")),
        random_value: None,
        completed_dt: at(NOW_S).as_str().into(),
        requested_dt: at(NOW_S - 60).as_str().into(),
        personal_data: Some(PersonalFields {
            name: seal("김토스"),
            gender: seal("FEMALE"),
            age_group: seal("ADULT"),
            ..PersonalFields::default()
        }),
    }
}

fn trust() -> Trust {
    Trust::with_root(&authority().root_der().expect("der"))
        .and_then(|trust| trust.and_intermediate(&authority().issuing_der()?))
        .expect("trust")
}

#[test]
fn the_paths_of_both_authentications_are_those_of_the_contract() {
    for (kind, base) in
        [(AuthKind::Identity, "/api/v2/sign/user/auth/id"), (AuthKind::Simple, "/api/v2/sign/user/auth")]
    {
        let paths = [kind.request_path(), kind.status_path(), kind.result_path()];
        assert_eq!(
            paths.map(str::to_owned),
            ["request", "status", "result"].map(|call| format!("{base}/{call}"))
        );
        let request = client().auth_status_request(&token(), kind, &requested().tx_id).expect("request");
        assert_eq!(request.url.as_str(), format!("https://cert.toss.im{base}/status"));
        assert_eq!(request.body, format!("{{\"txId\":\"{TX}\"}}").into_bytes());
    }
}

#[test]
fn one_touch_sends_the_return_address_alone_and_a_person_is_encrypted() {
    let random = random(5);
    let request = client().auth_request(&token(), &auth(AuthWho::OneTouch), &random).expect("request");
    let body: serde_json::Value = serde_json::from_slice(&request.body).expect("body");
    assert_eq!(body, json!({ "requestType": "USER_NONE", "requestUrl": "shop://back" }));

    let sign = auth(AuthWho::AppScheme(person()));
    let request = client().auth_request(&token(), &sign, &random).expect("request");
    let body: AuthRequestBody = serde_json::from_slice(&request.body).expect("body");
    assert_eq!(
        (body.request_type.as_str(), body.trigger_type.as_deref()),
        ("USER_PERSONAL", Some("APP_SCHEME"))
    );
    let session = toss_key().open_session(&body.session_key.expect("key")).expect("session");
    let open = |field: Option<String>| session.open(&field.expect("field")).expect("plaintext").to_string();
    assert_eq!(
        [open(body.user_name), open(body.user_phone), open(body.user_birthday)],
        ["김토스", "01000000000", "19930324"]
    );
    assert!(!format!("{sign:?} {request:?}").contains("김토스"));
}

#[test]
fn impossible_authentications_are_refused_before_they_are_sent() {
    let by_ci = AuthWho::Push(Person::ci(&"C".repeat(88)).expect("CI"));
    for bad in [
        auth(by_ci),
        AuthRequest { request_url: None, ..auth(AuthWho::OneTouch) },
        AuthRequest { request_url: None, ..auth(AuthWho::AppScheme(person())) },
        AuthRequest { request_url: Some("javascript:alert(1)".into()), ..auth(AuthWho::OneTouch) },
    ] {
        assert_eq!(bad.check().expect_err("refused").kind(), ErrorKind::RequestInvalid, "{bad:?}");
    }
    assert!(AuthRequest { request_url: None, ..auth(AuthWho::Push(person())) }.check().is_ok());
}

#[test]
fn an_answer_has_links_or_none_also_where_they_are_the_word_null() {
    let body = json!({ "txId": TX, "appScheme": "null", "androidAppUri": "null", "iosAppUri": "null",
                       "requestedDt": "2022-02-13T17:52:22+09:00" });
    assert_eq!(client().read_auth_requested(&success(body)).expect("reads").links, None);
    let body = json!({ "txId": TX, "requestedDt": "2022-02-13T17:52:22+09:00" });
    assert_eq!(client().read_auth_requested(&success(body)).expect("reads").tx_id.as_str(), TX);
    let body = json!({ "txId": TX, "appScheme": "evil://x", "androidAppUri": "evil://x", "iosAppUri": "evil://x",
                       "requestedDt": "2022-02-13T17:52:22+09:00" });
    assert!(client().read_auth_requested(&success(body)).is_err());
}

#[test]
fn a_result_names_the_age_group_and_its_signature_is_over_this_transaction() {
    for kind in AuthKind::ALL {
        let (session, toss) = asked(kind);
        let statement =
            json!({ "txId": TX, "partnerCode": "TEST1", "requestTs": "2026-01-01T00:00:00+09:00" });
        let body = result_of(&statement.to_string(), &toss);
        let result = client().read_auth_result(&success(body), session).expect("result");
        assert_eq!(
            (&result.personal.age_group, &result.personal.gender),
            (&Some(AgeGroup::Adult), &Some(Gender::Female))
        );
        assert!(result.verify(&trust(), NOW_S).is_ok());
        assert!(!format!("{result:?}").contains("김토스"));
        let mut reads = ResultReads::new(&requested(), None);
        reads.read_auth(&result);
        reads.read_auth(&result);
        assert_eq!(reads.permit(NOW_S), Err(ReadRefusal::ReadTwice));
    }
}

#[test]
fn a_signature_over_another_transaction_or_over_no_statement_is_refused() {
    for statement in [r#"{"txId":"another"}"#, "no statement", "{}"] {
        let (session, toss) = asked(AuthKind::Identity);
        let body = result_of(statement, &toss);
        let result = client().read_auth_result(&success(body), session).expect("result");
        assert_eq!(result.verify(&trust(), NOW_S), Err(Failure::ContentOther), "{statement}");
    }
    let (session, toss) = asked(AuthKind::Identity);
    let mut body = result_of(&json!({ "txId": TX }).to_string(), &toss);
    body.tx_id = "another".into();
    assert!(client().read_auth_result(&success(body), session).is_err());
}
