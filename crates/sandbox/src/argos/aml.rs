//! The screening against watchlists.

use super::record::{Record, Screening};
use super::rules::name_words;
use super::step1::new_id;
use crate::error::Error;
use crate::state::Sandbox;

/// The watchlist of this stand-in: names of nobody.
pub(super) const WATCHLIST: [&str; 2] = ["Testa Sanctioned", "Peppe Exposed"];

/// Screens the person of `record`. `listed` puts the person on the list.
pub(super) fn screen(sandbox: &Sandbox, record: &Record, listed: bool) -> Result<Screening, Error> {
    let name = record.person().name.unwrap_or_default();
    let words = name_words(&name);
    let mut hits: Vec<String> =
        WATCHLIST.into_iter().filter(|entry| name_words(entry) == words).map(str::to_owned).collect();
    if listed && hits.is_empty() {
        hits.push(name);
    }
    Ok(Screening { resource_id: new_id(sandbox)?, hits, at_ms: sandbox.clock.now_ms() })
}
