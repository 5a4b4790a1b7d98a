//! Dates: `MMDDCCYY` in the United States, `CCYYMMDD` in Canada and in the first version.

/// Years that a card can name: a holder's birth and an expiry.
const YEARS: std::ops::RangeInclusive<u16> = 1880..=2150;

/// Order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// `MMDDCCYY`.
    MonthFirst,
    /// `CCYYMMDD`.
    YearFirst,
}

/// `text` as `1974-08-12`. Eight digits are a date in one order at most, since no month is a century: where
/// `order` does not fit, the other is taken. `None` where neither does.
pub(super) fn parse(text: &str, order: Order) -> Option<String> {
    let other = match order {
        Order::MonthFirst => Order::YearFirst,
        Order::YearFirst => Order::MonthFirst,
    };
    in_order(text, order).or_else(|| in_order(text, other))
}

fn in_order(text: &str, order: Order) -> Option<String> {
    if text.len() != 8 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = match order {
        Order::MonthFirst => (text.get(4..8)?, text.get(0..2)?, text.get(2..4)?),
        Order::YearFirst => (text.get(0..4)?, text.get(4..6)?, text.get(6..8)?),
    };
    let (year, month, day): (u16, u8, u8) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return None,
    };
    let fits = YEARS.contains(&year) && (1..=days).contains(&day);
    fits.then(|| format!("{year:04}-{month:02}-{day:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_order_that_they_can_have() {
        for (text, order, want) in [
            ("08121974", Order::MonthFirst, Some("1974-08-12")),
            ("19740812", Order::YearFirst, Some("1974-08-12")),
            ("19740812", Order::MonthFirst, Some("1974-08-12")),
            ("12201220", Order::MonthFirst, None),
            ("02292000", Order::MonthFirst, Some("2000-02-29")),
            ("02291900", Order::MonthFirst, None),
            ("13011990", Order::MonthFirst, None),
            ("00000000", Order::MonthFirst, None),
            ("0812197", Order::MonthFirst, None),
            ("0812197é", Order::MonthFirst, None),
        ] {
            assert_eq!(parse(text, order).as_deref(), want, "{text}");
        }
    }

    #[test]
    fn no_eight_digits_are_a_date_in_both_orders() {
        for month in 1..=12 {
            for day in 1..=31 {
                for year in YEARS {
                    let text = format!("{month:02}{day:02}{year:04}");
                    assert!(in_order(&text, Order::YearFirst).is_none(), "{text}");
                }
            }
        }
    }
}
