//! Toss's times: `YYYY-MM-DDThh:mm:ss+09:00`.

use der::DateTime;
use std::time::Duration;

/// Offset of Korean time from UTC, in seconds: nine hours all year.
const KST_OFFSET_S: u64 = 9 * 3600;
/// Characters of a time: date, `T`, time, offset.
const TIME_CHARS: usize = 25;

/// A moment as Toss wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamp {
    text: String,
    unix_s: u64,
}

impl Timestamp {
    /// Reads ISO 8601 with seconds and offset (`+09:00`, or another one). None on anything else, years before
    /// 1970 included.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != TIME_CHARS || !text.is_ascii() {
            return None;
        }
        let shape = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (22, b':')];
        if shape.iter().any(|(at, mark)| bytes.get(*at) != Some(mark)) {
            return None;
        }
        let number = |from: usize, to: usize| -> Option<u16> {
            let digits = text.get(from..to)?;
            digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
        };
        let small = |from: usize| number(from, from + 2).and_then(|value| u8::try_from(value).ok());
        let local =
            DateTime::new(number(0, 4)?, small(5)?, small(8)?, small(11)?, small(14)?, small(17)?).ok()?;
        let (hours, minutes) = (u64::from(small(20)?), u64::from(small(23)?));
        if hours > 14 || minutes > 59 {
            return None;
        }
        let offset_s = hours * 3600 + minutes * 60;
        let local_s = local.unix_duration().as_secs();
        let unix_s = match bytes.get(19)? {
            b'+' => local_s.checked_sub(offset_s)?,
            b'-' => local_s.checked_add(offset_s)?,
            _ => return None,
        };
        Some(Self { text: text.to_owned(), unix_s })
    }

    /// The moment `unix_s` (seconds since 1970) in Korean time. None after the year 9999.
    pub fn from_unix_s(unix_s: u64) -> Option<Self> {
        let local = unix_s.checked_add(KST_OFFSET_S).map(Duration::from_secs)?;
        let at = DateTime::from_unix_duration(local).ok()?;
        let text = format!(
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}+09:00",
            at.year(),
            at.month(),
            at.day(),
            at.hour(),
            at.minutes(),
            at.seconds()
        );
        Some(Self { text, unix_s })
    }

    /// Seconds since 1970.
    pub fn unix_s(&self) -> u64 {
        self.unix_s
    }

    /// As Toss writes it.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_vendors_times_are_read_and_written() {
        let read = Timestamp::parse("2022-03-13T18:01:53+09:00").expect("time");
        assert_eq!(read.unix_s(), 1_647_162_113);
        assert_eq!(Timestamp::from_unix_s(1_647_162_113).expect("time"), read);
        assert_eq!(Timestamp::parse("2022-03-13T09:01:53+00:00").expect("time").unix_s(), 1_647_162_113);
        assert_eq!(Timestamp::parse("2022-03-13T05:01:53-04:00").expect("time").unix_s(), 1_647_162_113);
    }

    #[test]
    fn what_is_no_time_is_none() {
        for bad in [
            "",
            "2022-03-13T18:01:53Z",
            "2022-13-13T18:01:53+09:00",
            "2022-02-30T18:01:53+09:00",
            "2022-03-13 18:01:53+09:00",
            "2022-03-13T18:01:53+99:00",
            "1969-03-13T18:01:53+09:00",
            "+022-03-13T18:01:53+09:00",
            "2022-03-13T18:01:53+09:0é",
        ] {
            assert_eq!(Timestamp::parse(bad), None, "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text in ".{0,30}") {
            let _ = Timestamp::parse(&text);
        }

        #[test]
        fn what_is_written_is_read_back(unix_s in 0_u64..253_402_300_799 - KST_OFFSET_S) {
            let written = Timestamp::from_unix_s(unix_s).expect("time");
            prop_assert_eq!(Timestamp::parse(written.as_str()), Some(written));
        }
    }
}
