//! Every policy of TomoIDV's test board, from its start to the fetched result.

use super::camera::{Camera, Scene};
use super::page::{Page, willing};
use super::support::{TestSandbox, answer};
use super::{USER, is_done, outcome, sandbox};
use idv_protocol::{Outcome, PersonField, PersonForm, Reason, SignatureTrigger};
use idv_web::flow::{Action, Entry, Screen, View};

/// What a person hands in, by policy: personal data, then what the step after them asks for.
struct Person {
    data: &'static [(PersonField, &'static str)],
    secret: &'static str,
    decision: &'static str,
}

const AMERICAN: Person = Person {
    data: &[
        (PersonField::GivenName, "Alex"),
        (PersonField::FamilyName, "Sample"),
        (PersonField::BirthDate, "1990-1-2"),
        (PersonField::Street, "1 Main Street"),
        (PersonField::City, "Springfield"),
        (PersonField::Region, "il"),
        (PersonField::PostalCode, "62701"),
        (PersonField::Phone, "202 555 0143"),
    ],
    secret: "",
    decision: "",
};

const JAPANESE: Person = Person {
    data: &[
        (PersonField::FullName, "山田 太郎"),
        (PersonField::BirthDate, "1985-5-5"),
        (PersonField::DocumentNumber, "1234 5678 9012"),
    ],
    secret: "4096",
    decision: "",
};

const CHINESE: Person = Person {
    data: &[(PersonField::FullName, "张三"), (PersonField::DocumentNumber, "11010519491231002x")],
    secret: "",
    decision: "",
};

const KOREAN: Person = Person {
    data: &[
        (PersonField::FullName, "김토스"),
        (PersonField::BirthDate, "1993-3-24"),
        (PersonField::Phone, "010-0000-0000"),
    ],
    secret: "",
    decision: "sign",
};

/// Whether the next thing is the user's to do.
fn asks(view: &View) -> bool {
    let asked = matches!(
        view.screen,
        Screen::Person | Screen::Otp | Screen::Secret | Screen::Signature | Screen::SignatureWait
    );
    let sent = view.otp.as_ref().is_none_or(|otp| otp.sent);
    (asked && !view.busy && sent) || view.screen == Screen::Done
}

/// Goes through the policy `key` as `person` without a camera, to the end.
async fn go(sandbox: &TestSandbox, key: &str, person: &Person) -> Page {
    let start_url = sandbox.start_url(USER, key).await;
    if !person.decision.is_empty() {
        // Toss makes its keys while a person types; nobody types here, and the page's time runs by itself.
        sandbox.running.vendors.toss.connect().await.expect("Toss has its keys");
    }
    let mut page = Page::open(sandbox, &start_url, None, Camera::before(Scene::Denied, 1));
    loop {
        let view = page.run(&mut willing, asks).await;
        match view.screen {
            Screen::Person => {
                let fields = person.data.iter().map(|(field, text)| (*field, (*text).to_owned()));
                page.enter(Entry::Person(PersonForm { fields: fields.collect() }));
            }
            Screen::Otp => {
                let (_, messages) = answer(sandbox.http.get(sandbox.url("/console/messages"))).await;
                let text = messages[0]["text"].as_str().expect("a message").to_owned();
                let code = text.rsplit('#').next().expect("a code").to_owned();
                page.enter(Entry::Code(code));
            }
            Screen::Secret => page.enter(Entry::Secret(person.secret.into())),
            Screen::Signature => {
                sandbox.catch_up();
                page.enter(Entry::Signature(SignatureTrigger::Push));
            }
            Screen::SignatureWait => {
                let (_, pushes) = answer(sandbox.http.get(sandbox.url("/console/pushes"))).await;
                if let Some(tx_id) = pushes[0]["tx_id"].as_str() {
                    let form = format!("txId={tx_id}&decision={}", person.decision);
                    let request = sandbox.http.post(sandbox.url("/toss/app/decide")).body(form);
                    let request = request.header("content-type", "application/x-www-form-urlencoded");
                    request.send().await.expect("decided");
                }
                page.act(Action::Check);
            }
            _ => return page,
        }
        page.settle().await;
    }
}

#[tokio::test]
async fn every_policy_without_pictures_is_approved_without_engine_and_camera() {
    let sandbox = TestSandbox::start().await;
    for (key, person, entries) in [
        ("us:personal_info:null:personal_info_verf:owner_verf:sms_otp", &AMERICAN, 3),
        ("jp:document:id_card:government_id_verf:owner_verf:document_secret", &JAPANESE, 2),
        ("cn:document:id_card:government_id_verf:no_owner_assurance", &CHINESE, 1),
        ("kr:eid:certificate:government_ci_verf:owner_verf:toss", &KOREAN, 3),
    ] {
        let page = go(&sandbox, key, person).await;
        assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{key} {}", sandbox.all_events());
        assert!(!page.has_engine() && page.saved.is_none(), "{key}");
        let sent = page.sent.iter().filter(|sent| {
            ["/person", "/otp", "/secret", "/signature"].iter().any(|path| sent.contains(path))
        });
        assert_eq!(sent.count(), entries, "{key} {:?}", page.sent);
    }
}

#[tokio::test]
async fn who_refuses_to_sign_three_times_is_rejected() {
    let sandbox = TestSandbox::start().await;
    go(&sandbox, "kr:default", &Person { decision: "refuse", ..KOREAN }).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Rejected, Some(Reason::SignatureRefused)));
}

#[tokio::test]
async fn every_policy_with_pictures_is_approved() {
    let sandbox = sandbox().await;
    for (key, scene) in [
        ("us:document:residential_card:document_ocr_check:no_owner_assurance", Scene::Card),
        ("jp:document:passport:document_ocr_check:no_owner_assurance", Scene::Holder),
        (
            "cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match",
            Scene::Card,
        ),
        ("cn:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match", Scene::Card),
    ] {
        let start_url = sandbox.start_url(USER, key).await;
        let mut page = Page::open(&sandbox, &start_url, None, Camera::before(scene, 11));
        page.run(&mut willing, is_done).await;
        assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{key} {}", sandbox.all_events());
        assert!(page.has_engine());
    }
}
