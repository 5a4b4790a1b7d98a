//! The terms that the user is asked to agree to: who receives what, by the steps of the plan.

use idv_edge::relay::Session;
use idv_protocol::{ConsentTerms, Recipient, Step};

/// Version of the terms below; it changes with their text.
const TERMS_VERSION: &str = "sandbox-1";

/// Days after which captures are deleted.
pub(crate) const RETENTION_DAYS: u32 = 1;

/// The terms of `session`, with the integrator's own `text` above them; `argos` where Argos is asked about pictures.
pub(super) fn terms(text: &str, session: &Session, argos: bool, korean: bool) -> ConsentTerms {
    let said = |english: &str, in_korean: &str| if korean { in_korean } else { english }.to_owned();
    let recipient =
        |name: &str, purpose: String| Recipient { name: name.to_owned(), country: "kr".to_owned(), purpose };
    let asks = |wanted: fn(&Step) -> bool| session.steps.iter().any(wanted);
    let operator = if session.asks_face() {
        said(
            "Checks your document and compares your face with its portrait.",
            "신분증을 확인하고 얼굴을 신분증 사진과 비교합니다.",
        )
    } else if session.asks_captures() {
        said("Checks your document.", "신분증을 확인합니다.")
    } else if asks(|step| matches!(step, Step::Signature(_))) {
        said("Asks for your signature and checks it.", "서명을 요청하고 확인합니다.")
    } else {
        said("Holds your details against official records.", "입력하신 정보를 공적 기록과 대조합니다.")
    };
    let mut recipients = vec![recipient("IDV Sandbox", operator)];
    if argos && session.asks_captures() {
        let purpose = said("Checks the same pictures once more.", "같은 사진을 한 번 더 확인합니다.");
        recipients.push(recipient("Argos (stand-in)", purpose));
    }
    if asks(|step| matches!(step, Step::Signature(_))) {
        let purpose = said(
            "Finds you by name, birth date and phone number, and has you sign in its app.",
            "이름, 생년월일, 전화번호로 회원을 찾아 앱에서 서명을 받습니다.",
        );
        recipients.push(recipient("Toss (stand-in)", purpose));
    }
    if asks(|step| matches!(step, Step::Otp(_))) {
        let purpose = said("Brings a code to your phone.", "휴대전화로 인증번호를 보냅니다.");
        recipients.push(recipient("Text message service (stand-in)", purpose));
    }
    let customer = if session.asks_captures() {
        said(
            "Receives the outcome of the check, never your pictures.",
            "확인 결과만 받으며 사진은 받지 않습니다.",
        )
    } else {
        said("Receives the outcome of the check and your details.", "확인 결과와 입력하신 정보를 받습니다.")
    };
    recipients.push(recipient("Demo Customer", customer));
    ConsentTerms {
        version: TERMS_VERSION.to_owned(),
        text: text.to_owned(),
        recipients,
        retention_days: RETENTION_DAYS,
    }
}
