//! The policies without pictures, from the start to the fetched result, over HTTP.

use crate::support::{Page, TestSandbox, answer};
use idv_edge::tomo::{ApiVersion, Kyc, ResultRecord, ResultRequest};
use idv_protocol::relay::KEY_HEADER;
use idv_protocol::{Outcome, Reason, Size};
use serde_json::{Value, json};

const OTP_POLICY: &str = "us:personal_info:null:personal_info_verf:owner_verf:sms_otp";
const SECRET_POLICY: &str = "jp:document:id_card:government_id_verf:owner_verf:document_secret";
const RECORD_POLICY: &str = "cn:document:id_card:government_id_verf:no_owner_assurance";

/// Posts an entry under a key.
async fn post(page: &Page, path: &str, key: &str, body: Value) -> (u16, Value) {
    answer(page.request("POST", path).header(KEY_HEADER, key).json(&body)).await
}

fn american() -> Value {
    json!({ "fields": {
        "given_name": "Alex", "family_name": "Sample", "birth_date": "1990-01-02", "street": "1 Main Street",
        "city": "Springfield", "region": "IL", "postal_code": "62701", "phone": "(202) 555-0143",
    } })
}

fn japanese() -> Value {
    json!({ "fields": {
        "full_name": "山田太郎", "birth_date": "1985-05-05", "document_number": "1234 5678 9012",
    } })
}

fn chinese() -> Value {
    json!({ "fields": { "full_name": "张三", "document_number": "11010519491231002X" } })
}

/// The code in the last message to the American's phone.
async fn code(sandbox: &TestSandbox) -> String {
    let (status, messages) =
        answer(sandbox.http.get(sandbox.url("/console/messages?to=%2B12025550143"))).await;
    assert_eq!(status, 200, "{messages}");
    let text = messages[0]["text"].as_str().expect("a message").to_owned();
    let digits: String =
        text.split(|c: char| !c.is_ascii_digit()).find(|part| part.len() == 6).unwrap_or_default().into();
    assert_eq!(digits.len(), 6, "{text}");
    assert!(text.ends_with(&format!("@127.0.0.1 #{digits}")), "{text}");
    digits
}

async fn complete(page: &Page) -> (u16, Value) {
    let plan = page.plan().await;
    page.complete(&page.evidence(&plan, &[], Size { width: 1, height: 1 })).await
}

async fn result(sandbox: &TestSandbox, user_id: &str) -> (ResultRecord, Kyc) {
    sandbox.catch_up();
    let query = ResultRequest { user_id: user_id.into(), country: None, policy: None };
    let record = sandbox.runner(ApiVersion::V1_4).result(&query).await.expect("result").result.expect("one");
    let kyc = record.kyc.clone().expect("1.4");
    (record, kyc)
}

#[tokio::test]
async fn personal_data_and_a_code_by_text_message_are_approved() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", OTP_POLICY).await;
    page.consent().await;
    let (status, early) = complete(&page).await;
    assert_eq!((status, early["code"].as_str()), (409, Some("out_of_order")));
    assert_eq!(post(&page, "/person", "p", american()).await, (200, json!({ "state": "accepted" })));
    let (status, sent) = post(&page, "/otp/send", "s", Value::Null).await;
    assert_eq!((status, &sent["state"], &sent["sends_left"]), (200, &json!("sent"), &json!(2)));
    let code = code(&sandbox).await;
    assert_eq!(
        post(&page, "/otp/verify", "v0", json!({ "code": "000000" })).await,
        (200, json!({ "state": "wrong", "problem": "wrong", "tries_left": 4 }))
    );
    assert_eq!(post(&page, "/otp/verify", "v1", json!({ "code": code })).await.1["state"], "accepted");
    let (status, receipt) = complete(&page).await;
    assert_eq!((status, &receipt["state"]), (200, &json!("received")), "{receipt}");

    let (record, kyc) = result(&sandbox, "u1").await;
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Approved, None));
    assert_eq!(record.result.full_name, "Alex Sample");
    assert_eq!(record.result.full_address, "1 Main Street, Springfield, IL 62701");
    assert_eq!(record.result.phone_number.as_deref(), Some("+12025550143"));
    assert_eq!(kyc.checks.phone_verification.outcome, "passed");
    assert_eq!(kyc.checks.data_source.outcome, "passed");
    assert_eq!((kyc.checks.document.outcome.as_str(), kyc.document.category), ("not_performed", None));
    assert_eq!(kyc.process.steps.ran(), ["terms_acceptance", "data_source_check", "phone_verification"]);
    assert_eq!(kyc.process.steps.phone_verification.as_deref(), Some("passed"));
    let matched = kyc.checks.data_source.attribute_match.expect("compared");
    assert_eq!([matched.name, matched.date_of_birth, matched.address], ["match", "match", "partial_match"]);
    assert_eq!([matched.id_number, matched.phone], ["not_checked", "not_checked"]);
    assert_eq!(kyc.contact.phone_number.as_deref(), Some("+12025550143"));
    assert_eq!(kyc.address.full.as_deref(), Some("1 Main Street, Springfield, IL 62701"));
    assert_eq!((kyc.address.postal_code.as_deref(), kyc.address.street2), (Some("62701"), None));
    assert_eq!(kyc.field_provenance.derived_fields, ["full_name", "full_address"]);
    assert!(kyc.field_provenance.missing_fields.is_empty(), "{:?}", kyc.field_provenance);
    assert!(kyc.field_provenance.not_collected_fields.contains(&"document_number".to_owned()));
    assert_eq!((kyc.media.len(), kyc.checks.watchlist.outcome.as_str()), (0, "not_performed"));
    let told = sandbox.all_events();
    for personal in ["Alex", "Sample", "5550143", "Springfield", &code] {
        assert!(!told.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn a_default_policy_runs_as_the_one_it_stands_for() {
    let sandbox = TestSandbox::start().await;
    for (country, steps) in [
        ("us", vec!["consent", "person", "otp"]),
        ("jp", vec!["consent", "person", "secret"]),
        ("cn", vec!["consent", "person"]),
        ("kr", vec!["consent", "person", "signature"]),
    ] {
        let page = sandbox.page(country, &format!("{country}:default")).await;
        let plan = page.plan().await;
        let names: Vec<&str> = plan.steps.iter().map(|step| step.name().code()).collect();
        assert_eq!((names, plan.challenge, plan.policy_key), (steps, None, format!("{country}:default")));
    }
}

#[tokio::test]
async fn a_document_number_and_its_secret_are_held_against_the_record() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SECRET_POLICY).await;
    page.consent().await;
    assert_eq!(post(&page, "/person", "p", japanese()).await.1["state"], "accepted");
    assert_eq!(
        post(&page, "/secret", "s0", json!({ "secret": "0000" })).await.1,
        json!({ "state": "wrong", "problem": "wrong", "tries_left": 2 })
    );
    assert_eq!(page.plan().await.secret_tries_left, Some(2));
    assert_eq!(post(&page, "/secret", "s1", json!({ "secret": "4096" })).await.1["state"], "accepted");
    assert_eq!(complete(&page).await.1["state"], "received");
    let (record, kyc) = result(&sandbox, "u1").await;
    assert_eq!(kyc.status, Outcome::Approved);
    assert_eq!(kyc.person.full_name.as_deref(), Some("山田太郎"));
    assert_eq!(kyc.document.number.as_deref(), Some("123456789012"));
    let government_id = kyc.person.government_id.expect("on record by it");
    assert_eq!(
        (government_id.kind.as_deref(), government_id.value.as_str()),
        (Some("id_card"), "123456789012")
    );
    assert_eq!(
        (kyc.document.category.as_deref(), kyc.checks.data_source.outcome.as_str()),
        (Some("id_card"), "passed")
    );
    assert_eq!(record.result.date_of_birth, "1985-05-05");
}

#[tokio::test]
async fn three_wrong_secrets_reject_and_their_answer_comes_again() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("scenario:secret-wrong:1", SECRET_POLICY).await;
    page.consent().await;
    post(&page, "/person", "p", japanese()).await;
    for (key, left) in [("a", 2), ("b", 1), ("b", 1)] {
        let (_, wrong) = post(&page, "/secret", key, json!({ "secret": "4096" })).await;
        assert_eq!(wrong["tries_left"], left, "{key}");
    }
    for _ in 0..2 {
        let (status, ended) = post(&page, "/secret", "c", json!({ "secret": "4096" })).await;
        assert_eq!((status, &ended["state"]), (200, &json!("received")));
        assert!(
            ended["return_url"].as_str().is_some_and(|url| url.contains("error=secret_wrong")),
            "{ended}"
        );
    }
    let (record, kyc) = result(&sandbox, "scenario:secret-wrong:1").await;
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Rejected, Some(Reason::SecretWrong)));
    assert_eq!(kyc.checks.data_source.outcome, "failed");
    assert_eq!(record.result.full_name, "", "of the rejected nothing is said");
}

#[tokio::test]
async fn a_government_id_is_held_against_the_record_three_times_at_most() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", RECORD_POLICY).await;
    page.consent().await;
    assert_eq!(post(&page, "/person", "p", chinese()).await.1["state"], "accepted");
    assert_eq!(complete(&page).await.1["state"], "received");
    assert_eq!(result(&sandbox, "u1").await.1.status, Outcome::Approved);

    let page = sandbox.page("u2", RECORD_POLICY).await;
    page.consent().await;
    let nobody = json!({ "fields": { "full_name": "李四", "document_number": "11010519491231002X" } });
    for (key, left) in [("a", 2), ("b", 1)] {
        let (_, retry) = post(&page, "/person", key, nobody.clone()).await;
        assert_eq!(retry, json!({ "state": "retry", "reason": "not_on_record", "attempts_left": left }));
    }
    assert_eq!(post(&page, "/person", "c", nobody).await.1["state"], "received");
    let (_, kyc) = result(&sandbox, "u2").await;
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Rejected, Some(Reason::NotOnRecord)));
    assert_eq!(kyc.checks.data_source.outcome, "failed");

    let page = sandbox.page("scenario:not-on-record", RECORD_POLICY).await;
    page.consent().await;
    assert_eq!(post(&page, "/person", "a", chinese()).await.1["reason"], "not_on_record");
}

#[tokio::test]
async fn a_wrong_code_on_the_phone_never_fits() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("scenario:otp-wrong", OTP_POLICY).await;
    page.consent().await;
    post(&page, "/person", "p", american()).await;
    post(&page, "/otp/send", "s", Value::Null).await;
    let code = code(&sandbox).await;
    let (_, wrong) = post(&page, "/otp/verify", "v", json!({ "code": code })).await;
    assert_eq!(wrong["problem"], "wrong");
}

#[tokio::test]
async fn a_message_is_sent_once_for_each_key_and_another_only_after_half_a_minute() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", OTP_POLICY).await;
    page.consent().await;
    post(&page, "/person", "p", american()).await;
    let first = post(&page, "/otp/send", "s", Value::Null).await;
    assert_eq!(post(&page, "/otp/send", "s", Value::Null).await, first);
    let (status, soon) = post(&page, "/otp/send", "t", Value::Null).await;
    assert_eq!((status, soon["code"].as_str()), (429, Some("rate_limited")));
    let count = async || {
        answer(sandbox.http.get(sandbox.url("/console/messages"))).await.1.as_array().map_or(0, Vec::len)
    };
    assert_eq!(count().await, 1);
    sandbox.pass_ms(30_000);
    assert_eq!(post(&page, "/otp/send", "t", Value::Null).await.1["sends_left"], 1);
    assert_eq!(count().await, 2);
}

#[tokio::test]
async fn a_form_is_refused_field_by_field_and_an_entry_without_a_key_altogether() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", RECORD_POLICY).await;
    page.consent().await;
    let bad = json!({ "fields": { "full_name": "", "document_number": "110105194912310021" } });
    let (status, problem) = post(&page, "/person", "p", bad).await;
    assert_eq!((status, &problem["code"]), (422, &json!("fields_invalid")));
    assert_eq!(
        problem["fields"],
        json!([
            { "field": "full_name", "problem": "missing" },
            { "field": "document_number", "problem": "wrong_check_digit" },
        ])
    );
    let (status, problem) = answer(page.request("POST", "/person").json(&chinese())).await;
    assert_eq!((status, problem["code"].as_str()), (400, Some("invalid_request")));
}

#[tokio::test]
async fn what_was_typed_goes_with_the_person() {
    let sandbox = TestSandbox::start_on_file().await;
    let page = sandbox.page("u1", SECRET_POLICY).await;
    page.consent().await;
    post(&page, "/person", "p", japanese()).await;
    post(&page, "/secret", "s", json!({ "secret": "4096" })).await;
    complete(&page).await;
    let written = || {
        let files = ["sandbox.sqlite", "sandbox.sqlite-wal"].map(|name| sandbox.folder.join(name));
        files.iter().filter_map(|file| std::fs::read(file).ok()).flatten().collect::<Vec<u8>>()
    };
    let holds = |bytes: &[u8], text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds(&written(), "山田太郎"));
    assert!(!holds(&written(), "4096\""), "the secret is nowhere");
    sandbox.catch_up();
    sandbox.runner(ApiVersion::V1_4).delete("u1").await.expect("deleted");
    let db = idv_sandbox::db::open(&sandbox.folder.join("sandbox.sqlite")).await.expect("opens");
    let left: i64 = sqlx_count(&db).await;
    assert_eq!(left, 0);
}

async fn sqlx_count(db: &sqlx::SqlitePool) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM typed_people").fetch_one(db).await.expect("a count")
}

const TOSS_POLICY: &str = "kr:eid:certificate:government_ci_verf:owner_verf:toss";

/// Toss's invented person, as every result of its test environment has it.
fn korean(name: &str) -> Value {
    json!({ "fields": { "full_name": name, "birth_date": "1993-03-24", "phone": "010-0000-0000" } })
}

/// The person signs or refuses in the app, `tx_id` being the transaction.
async fn decide(sandbox: &TestSandbox, tx_id: &str, decision: &str) {
    let form = format!("txId={tx_id}&decision={decision}");
    let request = sandbox.http.post(sandbox.url("/toss/app/decide")).body(form);
    let status = request
        .header("content-type", "application/x-www-form-urlencoded")
        .send()
        .await
        .expect("an answer")
        .status();
    assert_eq!(status, 303);
}

/// The transaction that a link to the app names.
fn transaction(link: &str) -> String {
    let (_, rest) = link.split_once("txId=").expect("a transaction");
    rest.split('&').next().unwrap_or_default().to_owned()
}

/// Asks for a signature by a link to the app, and gives back the transaction.
async fn asked(sandbox: &TestSandbox, page: &Page, key: &str) -> String {
    sandbox.catch_up();
    let (status, wait) = post(page, "/signature/start", key, json!({ "trigger": "app_scheme" })).await;
    assert_eq!((status, &wait["state"]), (200, &json!("waiting")), "{wait}");
    let scheme = wait["links"]["app_scheme"].as_str().expect("a link");
    assert!(scheme.starts_with("supertoss://toss-cert/v2/sign/doc?txId="), "{scheme}");
    assert!(wait["links"]["android"].as_str().expect("a link").starts_with("intent://"));
    transaction(scheme)
}

async fn look(page: &Page) -> Value {
    let (status, seen) = answer(page.request("POST", "/signature/check").json(&json!({}))).await;
    assert_eq!(status, 200, "{seen}");
    seen
}

#[tokio::test]
async fn a_toss_signature_is_verified_and_names_who_signed() {
    let sandbox = TestSandbox::start_on_file().await;
    let page = sandbox.page("u1", TOSS_POLICY).await;
    page.consent().await;
    assert_eq!(post(&page, "/person", "p", korean("김 토스")).await.1["state"], "accepted");
    let tx_id = asked(&sandbox, &page, "s").await;
    assert_eq!(look(&page).await["state"], "waiting", "nobody has signed");
    assert_eq!(complete(&page).await.0, 409, "a status completes nothing");
    decide(&sandbox, &tx_id, "sign").await;
    assert_eq!(look(&page).await["state"], "accepted");
    assert_eq!(look(&page).await["state"], "accepted", "asked again");
    assert_eq!(complete(&page).await.1["state"], "received");

    let (record, kyc) = result(&sandbox, "u1").await;
    assert_eq!((kyc.status, kyc.checks.certificate.outcome.as_str()), (Outcome::Approved, "passed"));
    assert_eq!((kyc.person.full_name.as_deref(), kyc.person.sex.as_deref()), (Some("김토스"), Some("F")));
    assert_eq!(
        (kyc.person.nationality.as_deref(), record.result.date_of_birth.as_str()),
        (Some("KOR"), "1993-03-24")
    );
    assert_eq!(record.policy_key, TOSS_POLICY);
    let db = idv_sandbox::db::open(&sandbox.folder.join("sandbox.sqlite")).await.expect("opens");
    let stored: i64 = sqlx::query_scalar("SELECT length(signed_doc) FROM signatures WHERE tx_id = ?")
        .bind(&tx_id)
        .fetch_one(&db)
        .await
        .expect("stored with its transaction");
    assert!(stored > 1000, "a signed document of {stored} bytes");
    let told = sandbox.all_events();
    for personal in ["김", "토스", "01000000000", "1993-03-24", &tx_id] {
        assert!(!told.contains(personal), "{personal}");
    }
}

#[tokio::test]
async fn a_signature_by_push_is_found_in_the_console() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", "kr:default").await;
    page.consent().await;
    post(&page, "/person", "p", korean("김토스")).await;
    sandbox.catch_up();
    let (_, wait) = post(&page, "/signature/start", "s", json!({ "trigger": "push" })).await;
    assert_eq!((&wait["trigger"], wait.get("links")), (&json!("push"), None));
    let (_, pushes) = answer(sandbox.http.get(sandbox.url("/console/pushes"))).await;
    assert_eq!(
        post(&page, "/signature/start", "s", json!({ "trigger": "push" })).await.1,
        wait,
        "asked once"
    );
    assert_eq!(pushes.as_array().map(Vec::len), Some(1));
    decide(&sandbox, pushes[0]["tx_id"].as_str().expect("a transaction"), "sign").await;
    assert_eq!(look(&page).await["state"], "accepted");
}

#[tokio::test]
async fn a_refused_a_late_and_a_foreign_signature_each_have_their_reason() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", TOSS_POLICY).await;
    page.consent().await;
    post(&page, "/person", "p", korean("김토스")).await;
    let refused = asked(&sandbox, &page, "s1").await;
    decide(&sandbox, &refused, "refuse").await;
    assert_eq!(
        look(&page).await,
        json!({ "state": "retry", "reason": "signature_refused", "attempts_left": 2 })
    );
    assert_eq!(page.plan().await.met.len(), 1, "the personal data stand");
    let other = sandbox.page("u2", TOSS_POLICY).await;
    other.consent().await;
    post(&other, "/person", "p", korean("이토스")).await;
    let foreign = asked(&sandbox, &other, "s").await;
    decide(&sandbox, &foreign, "sign").await;
    assert_eq!(look(&other).await["reason"], "signature_invalid", "who signed is not who was typed");
    // Last, since the customer's server keeps the real time.
    asked(&sandbox, &page, "s2").await;
    sandbox.pass_ms(600_000);
    assert_eq!(look(&page).await["reason"], "signature_expired");
}

#[tokio::test]
async fn the_scenarios_of_toss_reach_the_page() {
    let sandbox = TestSandbox::start().await;
    let reach = async |scenario: &str| {
        let page = sandbox.page(&format!("scenario:{scenario}"), TOSS_POLICY).await;
        page.consent().await;
        post(&page, "/person", "p", korean("김토스")).await;
        sandbox.catch_up();
        let started = post(&page, "/signature/start", "s", json!({ "trigger": "push" })).await;
        sandbox.pass_ms(1000);
        let seen = answer(page.request("POST", "/signature/check").json(&json!({}))).await;
        (started, seen.1)
    };
    let (started, _) = reach("toss-unavailable").await;
    assert_eq!((started.0, started.1["code"].as_str()), (503, Some("vendor_unavailable")));
    assert_eq!(reach("toss-refused").await.1["reason"], "signature_refused");
    assert_eq!(reach("toss-expired").await.1["reason"], "signature_expired");
    assert_eq!(reach("approve").await.1["state"], "accepted");
}
