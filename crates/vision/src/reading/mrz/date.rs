//! Dates of a zone: `YYMMDD` with fillers for unknown parts (Doc 9303-3, 4.8), and the century they lack.

use super::check::FILLER;
use idv_protocol::reading::CalendarDate;

/// Years that an expiry date may lie in the past; the window of 100 years runs on from there. No document is
/// issued for 50 years.
const EXPIRED_YEARS: u16 = 50;

/// Which century a date lies in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Century {
    /// The latest one in which the date is not in the future: births and issues.
    Past,
    /// The one whose date lies from 50 years before today to 49 years after: expiries.
    Near,
}

/// A date of which parts may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PartialDate {
    year: Option<u16>,
    month: Option<u8>,
    day: Option<u8>,
}

/// Two characters: a number, or `Ok(None)` for two fillers. Fails on anything else.
fn two(characters: &[u8]) -> Result<Option<u8>, ()> {
    match characters {
        [FILLER, FILLER] => Ok(None),
        [a @ b'0'..=b'9', b @ b'0'..=b'9'] => Ok(Some((a - b'0') * 10 + b - b'0')),
        _ => Err(()),
    }
}

/// Days of a month; 29 for a February whose year is unknown.
fn days_of(month: u8, year: Option<u16>) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 => match year {
            Some(year)
                if !year.is_multiple_of(4) || (year.is_multiple_of(100) && !year.is_multiple_of(400)) =>
            {
                28
            }
            _ => 29,
        },
        _ => 31,
    }
}

impl PartialDate {
    /// The date that `characters` say, which must be six; nothing if they make no date.
    pub(super) fn read(characters: &[u8], century: Century, today: CalendarDate) -> Option<Self> {
        if characters.len() != 6 {
            return None;
        }
        let part = |from: usize| two(characters.get(from..from + 2).unwrap_or_default());
        let (Ok(short), Ok(month), Ok(day)) = (part(0), part(2), part(4)) else { return None };
        if month.is_some_and(|month| !(1..=12).contains(&month))
            || day.is_some_and(|day| !(1..=31).contains(&day))
        {
            return None;
        }
        let year = short.map(|short| Self::year_of(u16::from(short), month, day, century, today));
        let fits = day.is_none_or(|day| month.is_none_or(|month| day <= days_of(month, year)));
        fits.then_some(Self { year, month, day })
    }

    fn year_of(short: u16, month: Option<u8>, day: Option<u8>, century: Century, today: CalendarDate) -> u16 {
        match century {
            Century::Past => {
                let year = today.year / 100 * 100 + short;
                // An unknown part is taken as its earliest: it may have been yesterday.
                let future = CalendarDate::new(year, month.unwrap_or(1), day.unwrap_or(1)) > today;
                if future { year.saturating_sub(100) } else { year }
            }
            Century::Near => {
                let first = today.year.saturating_sub(EXPIRED_YEARS);
                first + (short + 100 - first % 100) % 100
            }
        }
    }

    /// `1974-08-12`, with `XX` for an unknown part (ISO 8601-2); empty if all of it is unknown.
    pub(super) fn text(self) -> String {
        if self.year.is_none() && self.month.is_none() && self.day.is_none() {
            return String::new();
        }
        let mut text = String::with_capacity(10);
        match self.year {
            Some(year) => {
                push_two(&mut text, (year / 100) as u8);
                push_two(&mut text, (year % 100) as u8);
            }
            None => text.push_str("XXXX"),
        }
        for part in [self.month, self.day] {
            text.push('-');
            match part {
                Some(part) => push_two(&mut text, part),
                None => text.push_str("XX"),
            }
        }
        text
    }
}

fn push_two(text: &mut String, number: u8) {
    text.push(char::from(b'0' + number / 10 % 10));
    text.push(char::from(b'0' + number % 10));
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);

    fn read(characters: &str, century: Century) -> Option<String> {
        PartialDate::read(characters.as_bytes(), century, TODAY).map(PartialDate::text)
    }

    #[test]
    fn a_birth_is_never_in_the_future() {
        for (characters, text) in [
            ("261121", "2026-11-21"),
            ("261122", "1926-11-22"),
            ("740812", "1974-08-12"),
            ("000229", "2000-02-29"),
            ("270101", "1927-01-01"),
        ] {
            assert_eq!(read(characters, Century::Past).as_deref(), Some(text));
        }
    }

    #[test]
    fn an_expiry_lies_near_today() {
        for (characters, text) in [
            ("120415", "2012-04-15"),
            ("361121", "2036-11-21"),
            ("750101", "2075-01-01"),
            ("760101", "1976-01-01"),
            ("991231", "1999-12-31"),
        ] {
            assert_eq!(read(characters, Century::Near).as_deref(), Some(text));
        }
    }

    #[test]
    fn unknown_parts_stay_unknown() {
        for (characters, text) in [
            ("74<<<<", "1974-XX-XX"),
            ("7408<<", "1974-08-XX"),
            ("<<0812", "XXXX-08-12"),
            ("26<<<<", "2026-XX-XX"),
            ("<<<<<<", ""),
            ("<<0229", "XXXX-02-29"),
        ] {
            assert_eq!(read(characters, Century::Past).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for characters in
            ["741301", "740230", "740100", "740001", "74O812", "7<0812", "010229", "7408", "74081<"]
        {
            assert_eq!(read(characters, Century::Past), None, "{characters}");
        }
    }
}
