//! Dates and timestamps as they are written in answers and headers, checked against the calendar.

use crate::error::{Error, ErrorKind};
use std::fmt;

/// A day of the Gregorian calendar, years 1000 to 9999. `Debug` hides it: most are dates of birth.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// Reads `YYYY-MM-DD`. Fails with [`ErrorKind::RequestInvalid`] on another form or a day that does not
    /// exist.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Self::read(text)
            .ok_or_else(|| Error::new(ErrorKind::RequestInvalid, "not a date of the form YYYY-MM-DD"))
    }

    fn read(text: &str) -> Option<Self> {
        let bytes: &[u8; 10] = text.as_bytes().try_into().ok()?;
        let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *bytes else { return None };
        let year = u16::try_from(number(&[y1, y2, y3, y4])?).ok()?;
        let month = u8::try_from(number(&[m1, m2])?).ok()?;
        let day = u8::try_from(number(&[d1, d2])?).ok()?;
        let fits = year >= 1000 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
        fits.then_some(Self { year, month, day })
    }

    /// `YYYY-MM-DD`, as bodies have it.
    pub fn to_text(self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `YYYYMMDD`, as the legacy list filter has it.
    pub fn to_compact(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// Days since 1970-01-01.
    fn days(self) -> i64 {
        // Years that start in March, so that the leap day ends a year; eras of 400 years have 146 097 days.
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let month = (i64::from(self.month) + 9) % 12;
        let day_of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
        era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Date(…)")
    }
}

fn number(digits: &[u8]) -> Option<u32> {
    digits
        .iter()
        .try_fold(0, |sum: u32, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
}

fn days_in(year: u16, month: u8) -> u8 {
    let leap = (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A `created_at` (`2022-04-07T00:30:35.919Z`: UTC, with or without a fraction) in ms since 1970; `None` for
/// another form, or a time before 1970.
pub fn timestamp_ms(text: &str) -> Option<u64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let days = u64::try_from(Date::read(date)?.days()).ok()?;
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let bytes: &[u8; 8] = clock.as_bytes().try_into().ok()?;
    let [h1, h2, b':', m1, m2, b':', s1, s2] = *bytes else { return None };
    let [hours, minutes, seconds] = [number(&[h1, h2])?, number(&[m1, m2])?, number(&[s1, s2])?];
    if hours > 23 || minutes > 59 || seconds > 60 || fraction.is_empty() || fraction.len() > 9 {
        return None;
    }
    let digits = number(fraction.as_bytes())?;
    let places = u32::try_from(fraction.len()).ok()?;
    let nanos = u64::from(digits) * 10_u64.pow(9 - places);
    let of_day_s = u64::from(hours * 3600 + minutes * 60 + seconds);
    Some((days * 86_400 + of_day_s) * 1000 + nanos / 1_000_000)
}

/// An HTTP date (`Sun, 06 Nov 1994 08:49:37 GMT`, RFC 9110 5.6.7, the form that is to be sent) in seconds
/// since 1970; `None` for another form. The name of the day is not checked.
pub fn http_date_s(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (_, date) = text.strip_suffix(" GMT")?.split_once(", ")?;
    let parts: Vec<&str> = date.split(' ').collect();
    let [day, month, year, clock] = parts.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    timestamp_ms(&format!("{year}-{month:02}-{day}T{clock}Z")).map(|ms| ms / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_is_a_day_of_the_calendar() {
        for good in ["1998-11-12", "2024-02-29", "2000-02-29"] {
            assert_eq!(Date::parse(good).expect(good).to_text(), good);
        }
        assert_eq!(Date::parse("2024-02-29").expect("date").to_compact(), "20240229");
        for bad in [
            "",
            "2023-02-29",
            "1900-02-29",
            "2023-13-01",
            "2023-00-10",
            "2023-04-31",
            "20230401",
            "2023-4-01",
            "0999-01-01",
            "2023-01-0é",
            "+023-01-01",
        ] {
            assert_eq!(Date::parse(bad).expect_err(bad).kind(), ErrorKind::RequestInvalid);
        }
        assert!(!format!("{:?}", Date::parse("1998-11-12")).contains("1998"));
    }

    #[test]
    fn the_vendors_timestamps_read_as_python_reads_them() {
        // datetime.fromisoformat(...).timestamp() of Python 3.
        assert_eq!(timestamp_ms("2022-04-07T00:30:35.919Z"), Some(1_649_291_435_919));
        assert_eq!(timestamp_ms("2024-02-29T23:59:59Z"), Some(1_709_251_199_000));
        assert_eq!(timestamp_ms("1970-01-01T00:00:00.0Z"), Some(0));
        for bad in [
            "",
            "2022-04-07",
            "2022-04-07T24:00:00Z",
            "2022-04-07T00:30:35+09:00",
            "1969-12-31T00:00:00Z",
            "2022-04-07T00:30:35.Z",
            "2022-04-07T00:30:35.0123456789Z",
            "2022-04-07T00-30-35Z",
        ] {
            assert_eq!(timestamp_ms(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_http_date_reads_as_python_reads_it() {
        // email.utils.parsedate_to_datetime(...).timestamp() of Python 3.
        assert_eq!(http_date_s("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
        for bad in [
            "",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun, 31 Feb 2024 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 06 nov 1994 08:49:37 GMT",
        ] {
            assert_eq!(http_date_s(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_date_or_an_error(text in ".{0,24}") {
            if let Ok(date) = Date::parse(&text) {
                prop_assert_eq!(date.to_text(), text);
            } else {
                let _ = (timestamp_ms(&text), http_date_s(&text));
            }
        }

        #[test]
        fn days_follow_one_another(year in 1000_u16..=9998, month in 1_u8..=12, day in 1_u8..=31) {
            prop_assume!(day <= days_in(year, month));
            let next = if day < days_in(year, month) {
                Date { year, month, day: day + 1 }
            } else if month < 12 {
                Date { year, month: month + 1, day: 1 }
            } else {
                Date { year: year + 1, month: 1, day: 1 }
            };
            prop_assert_eq!(next.days() - Date { year, month, day }.days(), 1);
        }
    }
}
