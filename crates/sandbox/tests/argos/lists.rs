//! `GET /submission`: filters and pages.

use crate::support::{DAY_MS, TestArgos};
use idv_edge::argos::{Date, Email, RequestType, SubmissionId, SubmissionQuery};
use idv_sandbox::scenario::Scenario;

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let test = TestArgos::start().await;
    let mut made = Vec::new();
    for index in 0..5 {
        made.push(test.begin(Scenario::Approve, &format!("u{index}")).await.submission_id);
        // Two have the same time.
        test.pass_ms(if index == 2 { 0 } else { 1 });
    }
    let mut query = SubmissionQuery { count: Some(2), ..SubmissionQuery::default() };
    let (mut seen, mut sizes) = (Vec::new(), Vec::new());
    loop {
        let page = test.argos.list(&query).await.expect("page");
        sizes.push(page.items.len());
        seen.extend(page.items.iter().map(|item| item.submission_id.clone()));
        match query.after(&page) {
            Some(next) => query = next,
            None => break,
        }
    }
    assert_eq!(sizes, [2, 2, 1]);
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(sorted.len(), 5, "each once");
    assert_eq!(seen.first().map(String::as_str), made.last().map(SubmissionId::as_str), "newest first");
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let test = TestArgos::start().await;
    test.run(Scenario::Approve, "u1").await;
    test.pass_ms(DAY_MS);
    test.begin(Scenario::Approve, "u2").await;
    let count = async |query: SubmissionQuery| test.argos.list(&query).await.expect("list").items.len();
    let all = SubmissionQuery::default;
    assert_eq!(count(all()).await, 2);
    let userid = Some(crate::support::text("scenario:approve:u1"));
    assert_eq!(count(SubmissionQuery { userid, ..all() }).await, 1);
    let email = Some(Email::new("u2@example.com").expect("email"));
    assert_eq!(count(SubmissionQuery { email, ..all() }).await, 1);
    let day = |text| Some(Date::parse(text).expect("date"));
    assert_eq!(count(SubmissionQuery { start_date: day("2026-11-22"), ..all() }).await, 1);
    assert_eq!(count(SubmissionQuery { end_date: day("2026-11-21"), ..all() }).await, 1);
    let (start_date, end_date) = (day("2026-11-21"), day("2026-11-22"));
    assert_eq!(count(SubmissionQuery { start_date, end_date, ..all() }).await, 2);
    for (kind, expected) in
        [(RequestType::Kyc, 2), (RequestType::Aml, 1), (RequestType::Data, 0), (RequestType::Others, 0)]
    {
        assert_eq!(count(SubmissionQuery { request_type: Some(kind), ..all() }).await, expected);
    }
    let nobody = SubmissionId::new("nobody").expect("id");
    assert_eq!(test.argos.submission(&nobody).await.expect("read"), None);
}
