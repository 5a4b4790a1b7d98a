//! The active challenge: which way to turn the head.

use crate::error::{Error, ErrorKind};
use idv_protocol::Turn;
use sha2::{Digest, Sha256};

/// Bytes of a nonce.
const NONCE_LEN: usize = 32;

/// Turns of a challenge.
const TURNS: u8 = 2;

/// The turns that follow from a nonce (32 bytes as hex): bit 0 and bit 1 of the first byte of its SHA-256, 0 for
/// left and 1 for right. Fails with [`ErrorKind::BadChallenge`] on anything that is not such a nonce.
pub fn turns_from_nonce(nonce_hex: &str) -> Result<Vec<Turn>, Error> {
    let nonce = hex::decode(nonce_hex).ok().filter(|nonce| nonce.len() == NONCE_LEN).ok_or_else(|| {
        Error::new(ErrorKind::BadChallenge, format!("the nonce is not {NONCE_LEN} bytes as hex"))
    })?;
    let first = Sha256::digest(&nonce)[0];
    Ok((0..TURNS).map(|bit| if first >> bit & 1 == 0 { Turn::Left } else { Turn::Right }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_the_first_bits_of_the_nonces_digest() {
        // SHA-256 of 32 zero bytes begins with 66, of 32 bytes 01 with 72, of 32 bytes 02 with 75.
        let turns = |byte: u8| turns_from_nonce(&hex::encode([byte; 32])).expect("a nonce");
        assert_eq!(turns(0), [Turn::Left, Turn::Right]);
        assert_eq!(turns(1), [Turn::Left, Turn::Right]);
        assert_eq!(turns(2), [Turn::Right, Turn::Left]);
    }

    #[test]
    fn every_pair_of_turns_comes_up() {
        let pairs: std::collections::HashSet<_> =
            (0..64).map(|byte| turns_from_nonce(&hex::encode([byte; 32])).expect("a nonce")).collect();
        assert_eq!(pairs.len(), 4);
    }

    #[test]
    fn anything_but_32_bytes_of_hex_is_refused() {
        for nonce in ["", "00", &"0".repeat(63), &"zz".repeat(32), &"00".repeat(33)] {
            assert_eq!(turns_from_nonce(nonce).expect_err("refused").kind(), ErrorKind::BadChallenge);
        }
    }
}
