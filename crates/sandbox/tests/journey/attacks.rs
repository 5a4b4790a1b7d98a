//! Attacks in place of the face, each up to the operator's first decision.

use super::camera::Scene;
use super::page::willing;
use super::{open, sandbox};
use idv_specimen::recording::AttackKind;

/// The reason of the first decision on an attack of `kind`, and everything that happened.
async fn first_reason(kind: AttackKind) -> (Option<String>, String) {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Attack(kind)).await;
    let decided = || sandbox.events("decision").first().cloned();
    page.run(&mut willing, |_| decided().is_some()).await;
    let reason = decided().and_then(|event| event["reason"].as_str().map(str::to_owned));
    (reason, sandbox.all_events())
}

async fn is_no_live_person(kind: AttackKind) {
    let (reason, events) = first_reason(kind).await;
    assert_eq!(reason.as_deref(), Some("liveness_failed"), "{kind:?}: {events}");
}

#[tokio::test]
async fn a_phone_with_a_film_of_another_session_is_no_live_person() {
    is_no_live_person(AttackKind::PhoneOther).await;
}

#[tokio::test]
async fn a_bent_print_that_is_turned_as_asked_is_no_live_person() {
    is_no_live_person(AttackKind::PrintBent).await;
}

#[tokio::test]
async fn two_people_cut_together_are_no_live_person() {
    is_no_live_person(AttackKind::CutBetween).await;
}
