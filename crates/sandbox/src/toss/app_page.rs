//! The page of the stand-in of the Toss app, in Korean and English, without script.

use crate::db::toss::{Kind, State, Transaction};
use crate::html::escape;
use axum::http::HeaderValue;
use idv_edge::toss::Timestamp;

/// Language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Korean,
    English,
}

impl Language {
    /// By `lang` in the query, else by the browser's first language; Korean, the app's own, where none is
    /// named.
    pub(super) fn of(asked: Option<&str>, accepted: Option<&HeaderValue>) -> Self {
        let accepted = accepted.and_then(|value| value.to_str().ok());
        match asked.or(accepted) {
            Some(tags) if tags.starts_with("en") => Self::English,
            None => Self::Korean,
            Some(tags) if tags.starts_with("ko") => Self::Korean,
            Some(_) => Self::English,
        }
    }

    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }

    fn words(self) -> &'static Words {
        match self {
            Self::Korean => &KOREAN,
            Self::English => &ENGLISH,
        }
    }
}

struct Words {
    app: &'static str,
    title: &'static str,
    asks: &'static str,
    auth_title: &'static str,
    auth_asks: &'static str,
    auth_told: &'static str,
    confirm: &'static str,
    confirmed: &'static str,
    until: &'static str,
    hash: &'static str,
    sign: &'static str,
    refuse: &'static str,
    signed: &'static str,
    refused: &'static str,
    over: &'static str,
    unknown: &'static str,
    go_on: &'static str,
    start_again: &'static str,
    back: &'static str,
    note: &'static str,
    other: (&'static str, &'static str),
}

const KOREAN: Words = Words {
    app: "시험용 인증 앱",
    title: "전자서명 요청",
    asks: "서비스가 아래 문서의 서명을 요청했어요.",
    auth_title: "본인 인증 요청",
    auth_asks: "서비스가 본인 인증을 요청했어요.",
    auth_told: "인증하면 이름, 생년월일, 성별, 내·외국인 구분, 성인 여부와 CI·DI가 서비스에 전달돼요.",
    confirm: "인증하기",
    confirmed: "인증을 마쳤어요",
    until: "{} (한국 시각)까지 서명할 수 있어요.",
    hash: "PDF 문서입니다. 내용 대신 아래 해시값에 서명합니다.",
    sign: "서명하기",
    refuse: "거절하기",
    signed: "서명을 마쳤어요",
    refused: "서명을 거절했어요",
    over: "서명할 수 있는 시간이 지났어요",
    unknown: "요청을 찾을 수 없어요",
    go_on: "서비스 화면으로 돌아가 계속 진행해 주세요.",
    start_again: "필요하면 서비스에서 처음부터 다시 요청해 주세요.",
    back: "서비스로 돌아가기",
    note: "토스 앱을 대신하는 시험용 화면이며 토스와 관련이 없습니다. 서명은 가상 인물의 이름으로 이 컴퓨터에서 만들어집니다.",
    other: ("en", "English"),
};

const ENGLISH: Words = Words {
    app: "Signing app for tests",
    title: "Signature request",
    asks: "asks you to sign the document below.",
    auth_title: "Authentication request",
    auth_asks: "asks you to confirm who you are.",
    auth_told: "If you confirm, the service is told your name, birthday, gender, nationality, age group, CI and DI.",
    confirm: "Confirm",
    confirmed: "You have confirmed",
    until: "You can sign until {} (Korean time).",
    hash: "A PDF document. Its hash is signed; its content is not shown.",
    sign: "Sign",
    refuse: "Refuse",
    signed: "You have signed",
    refused: "You have refused to sign",
    over: "The time to sign is over",
    unknown: "There is no such request",
    go_on: "Go back to the service to continue.",
    start_again: "If you still want to sign, start again at the service.",
    back: "Back to the service",
    note: "This page stands in for the Toss app in tests and is not affiliated with Toss. It signs on this computer, in the name of an invented person.",
    other: ("ko", "한국어"),
};

pub(super) const STYLE: &str = r#":root { color-scheme: light dark; --ink: #191f28; --dim: #5b6675; --paper: #fff; --ground: #f2f4f6; --line: #dfe3e8; --key: #1b64da; --on-key: #fff; --soft: #e8f0fd; --on-soft: #123f8c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e9ecf1; --dim: #a3adba; --paper: #17191e; --ground: #0d0f12; --line: #2d323a; --key: #7fb0ff; --on-key: #08214d; --soft: #1d2a40; --on-soft: #c4dbff; } }
* { box-sizing: border-box; }
body { margin: 0; min-block-size: 100dvh; display: grid; place-items: center; padding: clamp(0rem, 4vw, 1.5rem); background: var(--ground); color: var(--ink); font: 1.0625rem/1.6 system-ui, -apple-system, "Segoe UI", "Apple SD Gothic Neo", "Noto Sans KR", Roboto, sans-serif; word-break: keep-all; overflow-wrap: anywhere; }
main { inline-size: min(30rem, 100%); min-block-size: min(100dvh, 34rem); display: flex; flex-direction: column; padding: clamp(1.25rem, 5vw, 2rem); background: var(--paper); border-radius: clamp(0rem, 4vw, 1.25rem); }
header { display: flex; justify-content: space-between; gap: 1rem; margin-block-end: 1.25rem; color: var(--dim); font-size: .875rem; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.35; letter-spacing: -.01em; text-wrap: balance; }
p { margin: 0 0 1rem; }
a { color: var(--key); }
.dim { color: var(--dim); font-size: .9375rem; }
section { flex: 1; margin-block: .25rem 1.25rem; padding: 1rem 1.125rem; border: 1px solid var(--line); border-radius: .875rem; }
h2 { margin: 0 0 .5rem; font-size: 1.0625rem; line-height: 1.4; }
.text { margin: 0; max-block-size: 18rem; overflow: auto; white-space: pre-wrap; }
.text:focus-visible { outline: 2px solid var(--key); outline-offset: 4px; border-radius: .25rem; }
code { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
iframe { inline-size: 100%; block-size: 16rem; border: 0; border-radius: .5rem; background: #fff; }
.decide { display: grid; grid-template-columns: minmax(max-content, 1fr) 2fr; gap: .625rem; }
button, .button { min-block-size: 3.25rem; padding: .75rem 1rem; border: 0; border-radius: .875rem; background: var(--key); color: var(--on-key); font: inherit; font-weight: 600; text-align: center; text-decoration: none; white-space: nowrap; cursor: pointer; }
.button { display: block; margin-block-start: .5rem; }
button.soft { background: var(--soft); color: var(--on-soft); }
button:focus-visible, a:focus-visible { outline: 3px solid var(--key); outline-offset: 3px; }
.note { margin: 1.25rem 0 0; padding-block-start: 1rem; border-block-start: 1px solid var(--line); color: var(--dim); font-size: .8125rem; line-height: 1.55; }
"#;

/// The page of a transaction at `now_ms`, with the link `back` to the service's app where there is one.
pub(super) fn page(found: &Transaction, language: Language, now_ms: u64, back: Option<&str>) -> String {
    let words = language.words();
    if found.is_open(now_ms) {
        let title = if found.kind == Kind::Doc { words.title } else { words.auth_title };
        return html(language, title, Some(&found.tx_id), &open(found, language));
    }
    let (title, text) = match found.state {
        State::Completed if found.kind == Kind::Doc => (words.signed, words.go_on),
        State::Completed => (words.confirmed, words.go_on),
        State::Refused => (words.refused, words.start_again),
        State::Requested | State::InProgress => (words.over, words.start_again),
    };
    let mut body = format!("<h1>{title}</h1>\n<p>{text}</p>\n");
    if let Some(back) = back {
        body.push_str(&format!("<a class=\"button\" href=\"{}\">{}</a>\n", escape(back), words.back));
    }
    html(language, title, Some(&found.tx_id), &body)
}

/// The page where there is no transaction.
pub(super) fn unknown(language: Language) -> String {
    let words = language.words();
    html(
        language,
        words.unknown,
        None,
        &format!("<h1>{}</h1>\n<p>{}</p>\n", words.unknown, words.start_again),
    )
}

fn open(found: &Transaction, language: Language) -> String {
    let words = language.words();
    let (service, title) = (escape(&found.service_name), escape(&found.doc_title));
    let doc = escape(found.doc.as_deref().unwrap_or_default());
    let document = match found.doc_type.as_str() {
        _ if found.kind != Kind::Doc => format!("<p>{}</p>", words.auth_told),
        "HTML" => format!("<iframe sandbox srcdoc=\"{doc}\" title=\"{title}\"></iframe>"),
        "PDF" => format!("<p class=\"dim\">{}</p>\n<code>{doc}</code>", words.hash),
        _ => format!("<p class=\"text\" tabindex=\"0\">{doc}</p>"),
    };
    let (heading, asks, sign) = match found.kind {
        Kind::Doc => (words.title, words.asks, words.sign),
        Kind::Auth(_) => (words.auth_title, words.auth_asks, words.confirm),
    };
    let asks = format!("<strong>{service}</strong> {asks}");
    let until = Timestamp::from_unix_s(found.expires_at_ms / 1000)
        .and_then(|time| time.as_str().get(11..16).map(str::to_owned))
        .unwrap_or_default();
    let until = words.until.replace("{}", &until);
    let tag = language.tag();
    let tx_id = escape(&found.tx_id);
    format!(
        r#"<h1>{heading}</h1>
<p>{asks}</p>
<section>
<h2>{title}</h2>
{document}
</section>
<p class="dim">{until}</p>
<form class="decide" method="post" action="/toss/app/decide">
<input type="hidden" name="txId" value="{tx_id}">
<input type="hidden" name="lang" value="{tag}">
<button class="soft" name="decision" value="refuse">{refuse}</button>
<button name="decision" value="sign">{sign}</button>
</form>
"#,
        refuse = words.refuse,
    )
}

fn html(language: Language, title: &str, tx_id: Option<&str>, body: &str) -> String {
    let words = language.words();
    let (tag, (other_tag, other_name)) = (language.tag(), words.other);
    let tx_id = tx_id.map(|tx_id| format!("txId={}&amp;", escape(tx_id))).unwrap_or_default();
    format!(
        r#"<!doctype html>
<html lang="{tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<title>{title}</title>
<link rel="stylesheet" href="/toss/app/style.css">
</head>
<body>
<main>
<header><span>{app}</span><a href="/toss/app?{tx_id}lang={other_tag}" lang="{other_tag}">{other_name}</a></header>
{body}<p class="note">{note}</p>
</main>
</body>
</html>
"#,
        app = words.app,
        note = words.note,
    )
}
