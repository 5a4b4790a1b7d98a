//! `POST /address_code`: an address as plus codes, from a fixed table.

use super::plus_code::{encode, short};
use super::refusal::{Refused, message};
use axum::Json;
use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

/// A place: its address in English and in Korean, the town that its short code stands beside, and where it is.
struct Place {
    english: &'static str,
    korean: Option<&'static str>,
    town: &'static str,
    at_deg: [f64; 2],
}

/// The addresses that are known, all of them public buildings; the first is the vendor's sample.
const PLACES: [Place; 6] = [
    Place {
        english: "1 Sejongno, Jongno-gu, Seoul, South Korea",
        korean: Some("대한민국 서울특별시 종로구 세종로 1"),
        town: "Seoul, South Korea",
        at_deg: [37.586_687_5, 126.976_812_5],
    },
    Place {
        english: "110 Sejong-daero, Jung-gu, Seoul, South Korea",
        korean: Some("대한민국 서울특별시 중구 세종대로 110"),
        town: "Seoul, South Korea",
        at_deg: [37.566_3, 126.977_9],
    },
    Place {
        english: "1001 Jungang-daero, Yeonje-gu, Busan, South Korea",
        korean: Some("대한민국 부산광역시 연제구 중앙대로 1001"),
        town: "Busan, South Korea",
        at_deg: [35.179_8, 129.075_0],
    },
    Place {
        english: "350 5th Ave, New York, NY 10118, USA",
        korean: None,
        town: "New York, USA",
        at_deg: [40.748_4, -73.985_7],
    },
    Place {
        english: "2-8-1 Nishi-Shinjuku, Shinjuku City, Tokyo, Japan",
        korean: None,
        town: "Tokyo, Japan",
        at_deg: [35.689_6, 139.692_1],
    },
    Place {
        english: "4 Jingshan Front St, Dongcheng, Beijing, China",
        korean: None,
        town: "Beijing, China",
        at_deg: [39.916_3, 116.397_2],
    },
];

/// Looks an address up, by its words in either language.
pub(super) async fn address_code(headers: HeaderMap, body: Bytes) -> Result<Json<Value>, Refused> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.starts_with("application/x-www-form-urlencoded") {
        return Err(Refused::bad(message::INPUT_UNREADABLE));
    }
    let (mut address, mut language) = (String::new(), String::new());
    for (name, value) in url::form_urlencoded::parse(&body) {
        match &*name {
            "address" => address = value.into_owned(),
            "language" => language = value.into_owned(),
            _ => {}
        }
    }
    if address.trim().is_empty() {
        return Err(Refused::missing(&["address"]));
    }
    let asked = words(&address);
    let known = |place: &&Place| {
        words(place.english) == asked || place.korean.is_some_and(|korean| words(korean) == asked)
    };
    let place = PLACES.iter().find(known).ok_or_else(|| Refused::bad(message::DATA_UNPROCESSED))?;
    let code = encode(place.at_deg[0], place.at_deg[1]);
    let written = if language == "ko" { place.korean.unwrap_or(place.english) } else { place.english };
    Ok(Json(json!({
        "formatted_address": written,
        "compound_code": format!("{} {}", short(&code), place.town),
        "global_code": code,
    })))
}

/// The words of an address, without case, commas and further spaces.
fn words(address: &str) -> Vec<String> {
    address
        .split(|c: char| c == ',' || c.is_whitespace())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
