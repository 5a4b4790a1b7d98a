//! The screening report as a PDF of one page.
//!
//! Rule: one of the fourteen fonts that every reader has, so only Latin letters can be shown; others stand as `?`.

use super::record::{Record, Screening};
use crate::time::rfc3339;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};

/// A4 in points of 1/72 inch.
const PAGE_SIZE: [f32; 2] = [595.0, 842.0];
/// Margin, size of the title and of the text, and distance of lines, in points.
const MARGIN: f32 = 56.0;
const TITLE_SIZE: f32 = 18.0;
const TEXT_SIZE: f32 = 11.0;
const LEADING: f32 = 18.0;

/// The report on a submission that was screened.
pub(super) fn pdf(record: &Record) -> Option<Vec<u8>> {
    let screening = record.screening.as_ref()?;
    let [catalog, pages, page, font, content, info] = [1, 2, 3, 4, 5, 6].map(Ref::new);
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(pages);
    pdf.pages(pages).kids([page]).count(1);
    let mut sheet = pdf.page(page);
    sheet.parent(pages).media_box(Rect::new(0.0, 0.0, PAGE_SIZE[0], PAGE_SIZE[1])).contents(content);
    sheet.resources().fonts().pair(Name(b"F1"), font);
    sheet.finish();
    pdf.type1_font(font).base_font(Name(b"Helvetica")).encoding_predefined(Name(b"WinAnsiEncoding"));
    pdf.stream(content, &text(&lines(record, screening)));
    pdf.document_info(info).title(TextStr("AML screening report")).producer(TextStr("idv-sandbox"));
    Some(pdf.finish())
}

fn lines(record: &Record, screening: &Screening) -> Vec<String> {
    let person = record.person();
    let or_none = |value: Option<&str>| value.unwrap_or("not known").to_owned();
    let summary = screening.summary();
    let word = |name: &str| summary.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let mut lines = vec![
        "Made by a sandbox: no real watchlist was searched.".to_owned(),
        format!("Report: {}", screening.resource_id),
        format!("Submission: {}", record.submission_id),
        format!("Screened at: {}", rfc3339(screening.at_ms)),
        format!("Name: {}", or_none(person.name.as_deref())),
        format!("Date of birth: {}", or_none(person.birth_date.as_deref())),
        format!("Nationality: {}", or_none(person.nationality)),
        format!("Status: {}", word("currentstatus")),
        format!("Risk level: {}", word("risk_level_summary")),
        format!("Hits: {}", screening.hits.len()),
    ];
    lines.extend(screening.hits.iter().map(|hit| format!("- {hit}")));
    lines
}

fn text(lines: &[String]) -> Vec<u8> {
    let mut content = Content::new();
    content.begin_text();
    content.set_font(Name(b"F1"), TITLE_SIZE).next_line(MARGIN, PAGE_SIZE[1] - MARGIN - TITLE_SIZE);
    content.show(Str(b"AML screening report"));
    content.set_font(Name(b"F1"), TEXT_SIZE).set_leading(LEADING);
    content.next_line_using_leading();
    for line in lines {
        content.next_line_using_leading().show(Str(&latin(line)));
    }
    content.end_text();
    content.finish().to_vec()
}

/// A line in the font's encoding: ASCII as it is, the letters of Latin-1 at their own places.
fn latin(line: &str) -> Vec<u8> {
    line.chars()
        .map(|c| match u8::try_from(u32::from(c)) {
            Ok(byte) if byte.is_ascii_graphic() || byte == b' ' || byte >= 0xA0 => byte,
            _ => b'?',
        })
        .collect()
}
