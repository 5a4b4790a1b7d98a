//! Signatures by Toss: asked for over HTTP, looked at, and counted once the result was read and holds.
//!
//! In: the session, what its person typed. Out: what came of it. Rule: a status only says when to read the result;
//! that somebody signed is the signed document, verified against the configured root, over the text that was sent,
//! by the person who was asked.

use crate::db::{self, SignatureRow, Signer};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use idv_edge::relay::Session;
use idv_edge::relay::entry::{Found, SIGNATURE_LIFE_MS, SignatureHeld, SignatureSeen};
use idv_edge::toss::signed_doc::{Chain, Verified};
use idv_edge::toss::{
    Document, FailCode, Gender, Nationality, Person, ResultReads, SignRequest, SignResult, StatusHint,
    Trigger, TxId,
};
use idv_protocol::{AppLinks, PersonField, PersonForm, SignatureTrigger};

/// Name under which the operator asks, as the app shows it.
const SERVICE_NAME: &str = "IDV Sandbox";

/// Time to sign in the scenario in which it runs out, in seconds: the shortest, so that nobody waits for it.
const EXPIRING_S: u32 = 1;

/// Asks the session's person for a signature.
pub(super) async fn ask(
    sandbox: &Sandbox,
    session: &Session,
    trigger: SignatureTrigger,
    reference: Option<&str>,
    korean: bool,
) -> Result<Found, Error> {
    let typed = typed(sandbox, session).await?;
    let person = Person::personal(
        typed.text(PersonField::FullName),
        typed.text(PersonField::Phone),
        &digits(typed.text(PersonField::BirthDate)),
    )
    .map_err(|error| Error::internal("the person who signs", error))?;
    let scenario = reference.and_then(Scenario::of);
    let expires = matches!(scenario, Some(Scenario::TossExpired | Scenario::Expire));
    let expire_s =
        if expires { EXPIRING_S } else { u32::try_from(SIGNATURE_LIFE_MS / 1000).unwrap_or(EXPIRING_S) };
    let document = document(&session.submission_id, korean);
    let request = SignRequest {
        person,
        trigger: match trigger {
            SignatureTrigger::Push => Trigger::Push,
            SignatureTrigger::AppScheme => {
                Trigger::AppScheme { success_callback_url: None, fail_callback_url: None }
            }
        },
        service_name: SERVICE_NAME.to_owned(),
        // A scenario is handed on in the place of the title.
        doc_title: match (scenario, reference) {
            (Some(_), Some(reference)) => reference.to_owned(),
            _ => title(korean).to_owned(),
        },
        document: Document::Text(document.clone()),
        encrypt_document: false,
        expire_s: Some(expire_s),
    };
    let asked_at_ms = sandbox.clock.now_ms();
    let requested = match sandbox.settings.vendors.toss.connect().await?.runner.sign(&request).await {
        Ok(requested) => requested,
        // Too young for a certificate: nobody will sign.
        Err(error) if FailCode::of(&error) == Some(FailCode::AgeRefused) => {
            return Ok(Found::Signature(SignatureSeen::Refused));
        }
        Err(error) => return Err(Error::internal("Toss", error)),
    };
    let row = SignatureRow {
        tx_id: requested.tx_id.as_str().to_owned(),
        document,
        reads: serde_json::to_string(&ResultReads::new(&requested, Some(expire_s)))?,
    };
    db::insert_signature(&sandbox.db, &session.id, &row, asked_at_ms).await?;
    Ok(Found::Asked(SignatureHeld {
        trigger,
        links: requested.links.map(|links| AppLinks {
            app_scheme: links.app_scheme,
            android: links.android_app_uri,
            ios: links.ios_app_uri,
        }),
        expires_at_ms: asked_at_ms.saturating_add(u64::from(expire_s) * 1000),
    }))
}

/// Where the signature of the session stands.
pub(super) async fn look(sandbox: &Sandbox, session: &Session) -> Result<SignatureSeen, Error> {
    let none = || Error::Internal("a signature that nobody asked for".to_owned());
    let mut row = db::last_signature(&sandbox.db, &session.id).await?.ok_or_else(none)?;
    let held = session.entries.signature.as_ref().ok_or_else(none)?;
    let tx_id = TxId::parse(&row.tx_id).ok_or_else(none)?;
    let toss = sandbox.settings.vendors.toss.connect().await?;
    let now_ms = sandbox.clock.now_ms();
    match toss.runner.status(&tx_id).await.map_err(|error| Error::internal("Toss", error))? {
        StatusHint::Completed => {}
        // Toss has no word for a refusal: a request that ends before its time was refused.
        StatusHint::Expired if now_ms < held.expires_at_ms => return Ok(SignatureSeen::Refused),
        StatusHint::Expired => return Ok(SignatureSeen::Expired),
        _ => return Ok(SignatureSeen::Waiting),
    }
    let mut reads: ResultReads = serde_json::from_str(&row.reads)?;
    reads.seen_completed(now_ms / 1000);
    let Ok(permit) = reads.permit(now_ms / 1000) else { return Ok(SignatureSeen::Expired) };
    let result = match toss.runner.result(permit).await {
        Ok(result) => result,
        Err(error) => {
            return match FailCode::of(&error) {
                Some(FailCode::NotCompleted) => Ok(SignatureSeen::Waiting),
                Some(FailCode::Expired | FailCode::ResultReadTwice) => Ok(SignatureSeen::Expired),
                _ => Err(Error::internal("Toss", error)),
            };
        }
    };
    reads.read(&result);
    row.reads = serde_json::to_string(&reads)?;
    let verified = result.verify(&Document::Text(row.document.clone()), &toss.trust, now_ms / 1000);
    let typed = typed(sandbox, session).await?;
    let signer = match verified {
        Ok(verified) => signer(&verified, &result, &typed),
        Err(failure) => {
            tracing::warn!(%failure, "a signature that does not hold");
            None
        }
    };
    // Stored in any case: Toss obliges its customers to.
    db::update_signature(&sandbox.db, &row, Some(&result.signed_doc), signer.as_ref()).await?;
    Ok(if signer.is_some() { SignatureSeen::Signed } else { SignatureSeen::Invalid })
}

/// Who signed: none where the certificate leads to no configured root, is of another name than the personal data, or
/// where these are not those that were typed.
fn signer(verified: &Verified, result: &SignResult, typed: &PersonForm) -> Option<Signer> {
    let personal = &result.personal;
    let (name, birthday) = (personal.name.as_ref()?, personal.birthday.as_ref()?);
    let vouched = matches!(verified.chain, Chain::Trusted { .. });
    let certified = verified.signer.common_name.as_ref().is_some_and(|certified| same(certified, name));
    let is_who_was_asked = same(name, typed.text(PersonField::FullName))
        && birthday.as_str() == digits(typed.text(PersonField::BirthDate));
    (vouched && certified && is_who_was_asked).then(|| Signer {
        full_name: name.to_string(),
        birth_date: typed.text(PersonField::BirthDate).to_owned(),
        sex: match personal.gender {
            Some(Gender::Male) => "M",
            Some(Gender::Female) => "F",
            _ => "",
        }
        .to_owned(),
        nationality: if personal.nationality == Some(Nationality::Local) { "KOR" } else { "" }.to_owned(),
    })
}

/// Whether two names are the same but for their spaces.
fn same(a: &str, b: &str) -> bool {
    a.chars().filter(|c| !c.is_whitespace()).eq(b.chars().filter(|c| !c.is_whitespace()))
}

fn digits(date: &str) -> String {
    date.chars().filter(char::is_ascii_digit).collect()
}

async fn typed(sandbox: &Sandbox, session: &Session) -> Result<PersonForm, Error> {
    db::person_of_session(&sandbox.db, &session.id)
        .await?
        .ok_or_else(|| Error::Internal("a signature before the personal data".to_owned()))
}

const fn title(korean: bool) -> &'static str {
    if korean { "본인 확인 동의" } else { "Consent to the identity check" }
}

/// What is signed. It names the verification, so that no other one can use the signature, and no person.
fn document(submission_id: &str, korean: bool) -> String {
    if korean {
        format!(
            "본인은 IDV Sandbox가 본인 확인을 위해 이름, 생년월일, 성별, 국적을 토스에서 제공받는 것에 동의합니다.\n\n확인 번호: {submission_id}"
        )
    } else {
        format!(
            "I agree that IDV Sandbox receives my name, date of birth, sex and nationality from Toss to confirm who I am.\n\nVerification: {submission_id}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_signed_names_the_verification_and_keeps_the_length_that_toss_recommends() {
        for korean in [true, false] {
            let text = document("sub_AAAAAAAAAAAAAAAAAAAAAA", korean);
            assert!(text.ends_with("sub_AAAAAAAAAAAAAAAAAAAAAA"));
            assert!(!Document::Text(text).is_longer_than_recommended());
        }
    }

    #[test]
    fn names_are_compared_without_their_spaces() {
        assert!(same("김 토스", "김토스") && !same("김토스", "이토스"));
        assert_eq!(digits("1993-03-24"), "19930324");
    }
}
