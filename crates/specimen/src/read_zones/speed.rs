//! How many zones are parsed in a second, on one thread.

use idv_protocol::reading::CalendarDate;
use idv_vision::reading::mrz::{Zone, parse_text};
use std::hint::black_box;
use std::time::Instant;

/// Zones that are parsed in one round.
const ROUND: usize = 2000;

/// Rounds. The best counts: the others were interrupted by something else on the machine.
const ROUNDS: usize = 200;

/// Specimens of Doc 9303 and a French card.
const ZONES: [&str; 4] = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
    "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6",
];

/// Zones in a second.
pub struct Speed {
    /// Parsed and judged: format, fields, dates, codes, check digits, a status for each field and the whole.
    pub parses_per_s: f64,
    /// The same with every field as text, as it goes over the wire.
    pub readings_per_s: f64,
}

/// Measures on the specimens in turn.
pub fn measure(today: CalendarDate) -> Speed {
    let parse = |zone: &str| Zone::from_text(zone).is_ok_and(|zone| black_box(zone.status(today)) as u8 == 0);
    let read = |zone: &str| black_box(parse_text(zone, today)).is_ok();
    Speed { parses_per_s: best_rate(parse), readings_per_s: best_rate(read) }
}

fn best_rate(mut one: impl FnMut(&str) -> bool) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        for zone in ZONES.iter().cycle().take(ROUND) {
            black_box(one(black_box(zone)));
        }
        best = best.min(started.elapsed().as_secs_f64());
    }
    ROUND as f64 / best
}
