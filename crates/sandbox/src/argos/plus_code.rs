//! Open Location Codes ("plus codes") of places.
//!
//! In: degrees. Out: a code of ten digits, as the public specification of Open Location Code has it. Rule: written by
//! hand, since the crates of this format have not been kept for years, and only whole codes of one length are needed.

/// Digits in the order of their values.
const DIGITS: &[u8; 20] = b"23456789CFGHJMPQRVWX";
/// Pairs of digits of a code; the last one is 1/8000 degree wide, about 14 m.
const PAIRS: u32 = 5;
/// Steps of a code of this length in one degree.
const STEPS_OF_DEGREE: f64 = 8000.0;
/// Digits before the plus sign.
const SEPARATOR_AT: usize = 8;

/// The code of the place at these degrees. A latitude beyond the poles is the pole's, a longitude is wrapped.
pub(super) fn encode(latitude_deg: f64, longitude_deg: f64) -> String {
    let most = (180.0 * STEPS_OF_DEGREE) as u64 - 1;
    let mut north = ((latitude_deg.clamp(-90.0, 90.0) + 90.0) * STEPS_OF_DEGREE).floor() as u64;
    north = north.min(most);
    let mut east = ((longitude_deg + 180.0).rem_euclid(360.0) * STEPS_OF_DEGREE).floor() as u64;
    let mut digits = Vec::new();
    for _ in 0..PAIRS {
        for value in [&mut east, &mut north] {
            digits.push(DIGITS[(*value % 20) as usize]);
            *value /= 20;
        }
    }
    digits.reverse();
    let mut code: String = digits.into_iter().map(char::from).collect();
    code.insert(SEPARATOR_AT, '+');
    code
}

/// The code without its first four digits, for use beside the name of a town.
pub(super) fn short(code: &str) -> &str {
    code.get(4..).unwrap_or(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_edge::argos::PlusCode;

    #[test]
    fn codes_are_those_of_the_specification() {
        // From the test values that the specification of Open Location Code publishes, ten digits each.
        for (latitude, longitude, code) in [
            (20.3700625, 2.7821875, "7FG49QCJ+2V"),
            (47.0000625, 8.0000625, "8FVC2222+22"),
            (-41.2730625, 174.7859375, "4VCPPQGP+Q9"),
            (90.0, 1.0, "CFX3X2X2+X2"),
            (1.0, 180.0, "62H22222+22"),
            (37.5866875, 126.9768125, "8Q98HXPG+MP"),
        ] {
            assert_eq!(encode(latitude, longitude), code);
            assert!(PlusCode::new(encode(latitude, longitude)).is_ok());
        }
        assert_eq!(short("8Q98HXPG+MP"), "HXPG+MP");
        assert_eq!(encode(1.0, -540.0), encode(1.0, 180.0));
    }
}
