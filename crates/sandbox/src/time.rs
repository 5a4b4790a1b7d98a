//! Times as text.

/// `at_ms` (ms since 1970) as RFC 3339 in UTC with seconds, such as `2026-01-31T12:00:00Z`. Days to date by
/// the civil calendar algorithm of Howard Hinnant's chrono-compatible date paper.
pub(crate) fn rfc3339(at_ms: u64) -> String {
    let seconds = at_ms / 1000;
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The same with ms, such as `2026-01-31T12:00:00.042Z`.
pub(crate) fn rfc3339_ms(at_ms: u64) -> String {
    format!("{}.{:03}Z", rfc3339(at_ms).trim_end_matches('Z'), at_ms % 1000)
}

#[cfg(test)]
mod tests {
    use super::{rfc3339, rfc3339_ms};

    #[test]
    fn times_are_written_in_utc() {
        // By `date -u -d @N +%FT%TZ`.
        let cases = [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_772_323_199, "2026-02-28T23:59:59Z"),
            (1_772_323_200, "2026-03-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ];
        for (seconds, text) in cases {
            assert_eq!(rfc3339(seconds * 1000 + 999), text);
            assert_eq!(rfc3339_ms(seconds * 1000 + 42), text.replace('Z', ".042Z"));
        }
    }
}
