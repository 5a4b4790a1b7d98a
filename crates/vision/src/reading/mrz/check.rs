//! Check digits (Doc 9303-3, 4.9) and what they cannot see.

/// The filler.
pub const FILLER: u8 = b'<';

/// Weights of a check digit, repeated from left to right.
const WEIGHTS: [u32; 3] = [7, 3, 1];

/// Pairs of the 37 characters of a zone that no check digit tells apart: their values are equal modulo 10, and
/// since 7, 3 and 1 have no factor in common with 10, no weight brings the difference out. They are all pairs
/// within 0-A-K-U-`<`, 1-B-L-V, 2-C-M-W, 3-D-N-X, 4-E-O-Y, 5-F-P-Z, 6-G-Q, 7-H-R, 8-I-S and 9-J-T.
pub const BLIND_PAIRS: usize = 52;

/// Not a character of a zone, in [`CODES`].
const OUTSIDE: u8 = u8::MAX;

/// Number of each character: digits 0 to 9, letters 10 to 35, filler 36.
const CODES: [u8; 256] = {
    let mut codes = [OUTSIDE; 256];
    let mut i = 0;
    while i < 10 {
        codes[b'0' as usize + i] = i as u8;
        i += 1;
    }
    i = 0;
    while i < 26 {
        codes[b'A' as usize + i] = 10 + i as u8;
        i += 1;
    }
    codes[FILLER as usize] = 36;
    codes
};

/// Number of `character`, 0 to 36; nothing for one that no zone has.
#[inline]
pub(super) fn code(character: u8) -> Option<u8> {
    match CODES[character as usize] {
        OUTSIDE => None,
        code => Some(code),
    }
}

/// What `character` counts in a check digit: digits as they are, A to Z as 10 to 35, the filler and everything
/// else as 0.
#[inline]
pub(super) fn value(character: u8) -> u32 {
    let code = u32::from(CODES[character as usize]);
    if code < 36 { code } else { 0 }
}

/// What a character of value `value` at `index` adds to the sum of a check digit.
#[inline]
pub(super) fn weighted(value: u32, index: usize) -> u32 {
    value * WEIGHTS[index % WEIGHTS.len()]
}

/// The check digit of `characters`, as a digit `b'0'` to `b'9'`.
#[inline]
pub fn check_digit(characters: impl IntoIterator<Item = u8>) -> u8 {
    let sum: u32 =
        characters.into_iter().enumerate().map(|(index, character)| weighted(value(character), index)).sum();
    b'0' + (sum % 10) as u8
}

/// Whether no check digit tells the two characters apart: one of the [`BLIND_PAIRS`], or equal.
pub fn indistinguishable(a: u8, b: u8) -> bool {
    value(a) % 10 == value(b) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alphabet() -> impl Iterator<Item = u8> + Clone {
        (0..=255).filter(|&character| code(character).is_some())
    }

    #[test]
    fn computes_the_check_digits_of_doc_9303() {
        for (field, digit) in [
            ("520727", b'3'),
            ("AB2134<<<", b'5'),
            ("L898902C3", b'6'),
            ("D23145890734", b'9'),
            ("ZE184226B<<<<<", b'1'),
            ("HA672242<658022549601086<<<<<<<<<<<<<<0", b'8'),
        ] {
            assert_eq!(check_digit(field.bytes()), digit, "{field}");
        }
    }

    #[test]
    fn fifty_two_pairs_are_blind_and_every_weight_sees_all_others() {
        assert_eq!(alphabet().count(), 37);
        let mut blind = 0;
        for a in alphabet() {
            for b in alphabet().filter(|&b| b > a) {
                let seen = (0..3).map(|index| {
                    let digit = |c| check_digit([FILLER; 2].into_iter().take(index).chain([c]));
                    digit(a) != digit(b)
                });
                let seen: Vec<bool> = seen.collect();
                assert!(seen.iter().all(|&one| one == seen[0]), "the same at every weight");
                assert_eq!(indistinguishable(a, b), !seen[0]);
                blind += usize::from(!seen[0]);
            }
        }
        assert_eq!(blind, BLIND_PAIRS);
        assert!(
            indistinguishable(b'<', b'K') && indistinguishable(b'6', b'G') && !indistinguishable(b'8', b'B')
        );
    }
}
