//! The client of Argos against injected faults: what reads is repeated, what changes something is not.

use crate::support::{TestArgos, document, face};
use idv_edge::ErrorKind;
use idv_edge::argos::SubmissionQuery;
use idv_sandbox::faults::Faults;
use idv_sandbox::scenario::Scenario;

async fn start(faults: &[&str]) -> TestArgos {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect::<Vec<_>>();
    let faults = Faults::parse(&faults).expect("faults");
    TestArgos::start_with(|params| params.faults = faults).await
}

#[tokio::test]
async fn a_list_is_asked_for_again_over_an_outage_and_a_lost_answer() {
    let sandbox = start(&["status=503:/argos/v2/submission:1", "drop-connection=/argos/v2/submission"]).await;
    let page = sandbox.argos.list(&SubmissionQuery::default()).await.expect("the third try");
    assert!(page.items.is_empty());
    assert_eq!(sandbox.events("fault_injected").len(), 2);
}

#[tokio::test]
async fn a_step_whose_answer_is_lost_is_not_sent_again() {
    let sandbox = start(&["drop-connection=/argos/v2/submission/step1"]).await;
    let step = document(&Scenario::Approve.reference("a"), "a");
    let error = sandbox.argos.step1(&step).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    assert_eq!(sandbox.events("fault_injected").len(), 1);
    let page = sandbox.argos.list(&SubmissionQuery::default()).await.expect("page");
    assert_eq!(page.items.len(), 1, "carried out once");
}

#[tokio::test]
async fn a_step_that_is_refused_for_now_uses_up_no_try_and_tells_how_long_to_wait() {
    let sandbox = start(&["status=503:/argos/v2/submission/step2:1"]).await;
    let begun = sandbox.begin(Scenario::Approve, "a").await;
    let error = sandbox.argos.step2(&face(&begun.submission_id)).await.expect_err("refused");
    assert_eq!((error.status(), error.retry_after_s()), (Some(503), Some(1)));
    assert_eq!(sandbox.events("fault_injected").len(), 1, "sent once");
    sandbox.argos.step2(&face(&begun.submission_id)).await.expect("by the caller's own second try");
}
