//! The console's page around its sections.

use crate::html::escape;
use crate::time::rfc3339;

/// One section of the page.
pub(super) struct Section {
    /// Where links go to.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) count: usize,
    /// HTML; empty where there is nothing.
    pub(super) body: String,
    /// What is said where there is nothing.
    pub(super) empty: &'static str,
}

pub(super) const STYLE: &str = r#":root { color-scheme: light dark; --ink: #16211f; --dim: #52635f; --paper: #fff; --ground: #f1f4f3; --line: #d5dedb; --key: #0b5f55; --good: #10603a; --good-bg: #dcf3e5; --bad: #8f1d22; --bad-bg: #fbe3e3; --wait: #6a4a00; --wait-bg: #fbefcf; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edeb; --dim: #9db0ab; --paper: #121b19; --ground: #090f0e; --line: #2a3936; --key: #6fd3c4; --good: #93e2b4; --good-bg: #12331f; --bad: #ffb0b0; --bad-bg: #3d1719; --wait: #f3d27c; --wait-bg: #362a0b; } }
* { box-sizing: border-box; }
html { scroll-padding-block-start: 4rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans KR", sans-serif; overflow-wrap: anywhere; }
a { color: var(--key); }
:focus-visible { outline: 3px solid var(--key); outline-offset: 2px; }
header, main { inline-size: min(72rem, 100%); margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
header { padding-block: 1.75rem .5rem; }
h1 { margin: 0; font-size: 1.625rem; line-height: 1.25; letter-spacing: -.015em; }
header p { margin: .25rem 0 0; color: var(--dim); }
nav { position: sticky; inset-block-start: 0; z-index: 1; background: var(--ground); border-block-end: 1px solid var(--line); }
nav ul { inline-size: min(72rem, 100%); margin: 0 auto; padding: .625rem clamp(1rem, 4vw, 2rem); display: flex; gap: 1.25rem; overflow-x: auto; list-style: none; white-space: nowrap; }
nav li:last-child { margin-inline-start: auto; }
nav span { color: var(--dim); font-variant-numeric: tabular-nums; }
main { padding-block-end: 4rem; }
h2 { margin: 2rem 0 .75rem; font-size: 1.1875rem; }
h3 { margin: 1.25rem 0 .5rem; font-size: .9375rem; }
.none { margin: 0; padding: 1.25rem; border: 1px dashed var(--line); border-radius: .75rem; color: var(--dim); }
.card { margin-block-end: .625rem; background: var(--paper); border: 1px solid var(--line); border-radius: .75rem; }
.card > .row, summary { display: grid; grid-template-columns: minmax(0, 1fr) max-content; gap: .125rem 1rem; align-items: center; padding: .875rem 1.125rem; }
summary { cursor: pointer; list-style: none; }
summary::-webkit-details-marker { display: none; }
.name { font-weight: 600; }
summary { position: relative; padding-inline-start: 2.125rem; }
summary::before { content: "›"; position: absolute; inset-inline-start: 1.125rem; inset-block-start: .875rem; color: var(--dim); font-weight: 600; }
details[open] > summary::before { transform: rotate(90deg); }
.sub { grid-column: 1; color: var(--dim); font-size: .875rem; }
.mark { grid-column: 2; grid-row: 1 / span 2; padding: .125rem .625rem; border-radius: 1rem; background: var(--wait-bg); color: var(--wait); font-size: .8125rem; font-weight: 600; }
.mark.good { background: var(--good-bg); color: var(--good); }
.mark.bad { background: var(--bad-bg); color: var(--bad); }
.inside { padding: 0 1.125rem 1.125rem; border-block-start: 1px solid var(--line); }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(15rem, 100%), 1fr)); gap: .125rem 1.5rem; margin: .75rem 0 0; font-size: .9375rem; }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding-block: .1875rem; border-block-end: 1px solid var(--line); }
dt { color: var(--dim); }
dd { margin: 0; text-align: end; font-variant-numeric: tabular-nums; }
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(11rem, 46%), 1fr)); gap: .75rem; }
figure { margin: 0; }
figure img { display: block; inline-size: 100%; aspect-ratio: 4 / 3; object-fit: contain; background: var(--ground); border: 1px solid var(--line); border-radius: .5rem; }
figcaption { margin-block-start: .25rem; color: var(--dim); font-size: .8125rem; }
pre { margin: .75rem 0 0; padding: .75rem; max-block-size: 20rem; overflow: auto; white-space: pre-wrap; background: var(--ground); border-radius: .5rem; font: .8125rem/1.5 ui-monospace, monospace; }
code { font: .875em/1.5 ui-monospace, monospace; }
"#;

/// The page with these sections at `now_ms`.
pub(super) fn page(origin: &str, now_ms: u64, sections: &[Section]) -> String {
    let links: String = sections
        .iter()
        .map(|one| format!("<li><a href=\"#{}\">{}</a> <span>{}</span></li>\n", one.id, one.title, one.count))
        .collect();
    let bodies: String = sections.iter().map(section).collect();
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Sandbox console</title>
<link rel="stylesheet" href="/console/style.css">
</head>
<body>
<header>
<h1>Sandbox console</h1>
<p>{origin} at {now}</p>
</header>
<nav aria-label="Sections"><ul>
{links}<li><a href="/console">Reload</a></li>
</ul></nav>
<main>
{bodies}</main>
</body>
</html>
"#,
        origin = escape(origin),
        now = time(now_ms),
    )
}

fn section(one: &Section) -> String {
    let (id, title) = (one.id, one.title);
    let body = match one.body.is_empty() {
        true => format!("<p class=\"none\">{}</p>\n", one.empty),
        false => one.body.clone(),
    };
    format!("<section aria-labelledby=\"{id}\">\n<h2 id=\"{id}\">{title}</h2>\n{body}</section>\n")
}

/// A time as the page shows it.
pub(super) fn time(at_ms: u64) -> String {
    let at = rfc3339(at_ms);
    let shown = at.replace('T', " ").replace('Z', " UTC");
    format!("<time datetime=\"{at}\">{shown}</time>")
}

/// A card's first lines: its name, which may break after each colon, how it stands, and what else is known at a
/// glance. The last two are HTML.
pub(super) fn head(name: &str, mark: &str, sub: &str) -> String {
    let name = escape(name).replace(':', ":<wbr>");
    format!("<span class=\"name\">{name}</span>\n{mark}\n<span class=\"sub\">{sub}</span>\n")
}

/// A card of its first lines only.
pub(super) fn plain(head: &str) -> String {
    format!("<div class=\"card\"><div class=\"row\">{head}</div></div>\n")
}

/// How something stands: good, bad or undecided.
pub(super) fn mark(word: &str, good: Option<bool>) -> String {
    let class = match good {
        Some(true) => "mark good",
        Some(false) => "mark bad",
        None => "mark",
    };
    format!("<span class=\"{class}\">{}</span>", escape(&word.replace('_', " ")))
}

/// A card that opens: its first lines, and what is inside; one of its first lines only where that is nothing.
pub(super) fn details(open: bool, head: &str, inside: &str) -> String {
    if inside.is_empty() {
        return plain(head);
    }
    let open = if open { " open" } else { "" };
    format!(
        "<details class=\"card\"{open}>\n<summary>{head}</summary>\n<div class=\"inside\">\n{inside}</div>\n</details>\n"
    )
}

/// A picture at `path` that shows `kind` and has `bytes`.
pub(super) fn figure(path: &str, kind: &str, bytes: u64) -> String {
    let (path, name, kb) = (escape(path), escape(&kind.replace('_', " ")), bytes.div_ceil(1024));
    format!(
        "<figure><a href=\"{path}\"><img src=\"{path}\" alt=\"{name}\" loading=\"lazy\"></a>\
         <figcaption>{name}, {kb} KB</figcaption></figure>\n"
    )
}

/// Pictures under their heading; nothing where there is none.
pub(super) fn pictures(figures: &str) -> String {
    match figures.is_empty() {
        true => String::new(),
        false => format!("<h3>Pictures</h3>\n<div class=\"pictures\">\n{figures}</div>\n"),
    }
}

/// Names and values.
pub(super) fn rows(rows: &[(String, String)]) -> String {
    let row = |(name, value): &(String, String)| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escape(name), escape(value))
    };
    match rows.is_empty() {
        true => String::new(),
        false => format!("<dl>\n{}</dl>\n", rows.iter().map(row).collect::<String>()),
    }
}
