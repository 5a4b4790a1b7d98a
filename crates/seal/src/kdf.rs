//! The Concat KDF of NIST SP 800-56A 5.8.1 with SHA-256, as RFC 7518 4.6.2 uses it.

use sha2::{Digest, Sha256};

/// Bytes that SHA-256 gives: the longest key that one round makes.
const ROUND_BYTES: usize = 32;

/// A content key of `N` bytes, 32 at most (more are zero), from the shared secret `z`. `enc` is the JWE's `enc`; `apu`
/// and `apv` are what stands under these names in its header, decoded, empty where they are absent.
pub fn concat_kdf<const N: usize>(z: &[u8], enc: &str, apu: &[u8], apv: &[u8]) -> [u8; N] {
    let mut hash = Sha256::new();
    hash.update(1u32.to_be_bytes());
    hash.update(z);
    for info in [enc.as_bytes(), apu, apv] {
        hash.update(u32::try_from(info.len()).unwrap_or(u32::MAX).to_be_bytes());
        hash.update(info);
    }
    hash.update((N as u32 * 8).to_be_bytes());
    let round = hash.finalize();
    let mut key = [0; N];
    for (to, from) in key.iter_mut().zip(round.iter().take(ROUND_BYTES)) {
        *to = *from;
    }
    key
}

/// The key of a JWE with `alg` ECDH-ES and `enc` A256GCM, without `apu` and `apv`.
pub fn content_key(z: &[u8]) -> [u8; 32] {
    concat_kdf(z, idv_protocol::seal::SEAL_ENC, b"", b"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    /// Z of RFC 7518 Appendix C.
    const Z: [u8; 32] = [
        158, 86, 217, 29, 129, 113, 53, 211, 114, 131, 66, 131, 191, 132, 38, 156, 251, 49, 110, 163, 218,
        128, 106, 72, 246, 218, 167, 121, 140, 254, 144, 196,
    ];

    #[test]
    fn derives_the_key_of_rfc_7518_appendix_c() {
        let key: [u8; 16] = concat_kdf(&Z, "A128GCM", b"Alice", b"Bob");
        assert_eq!(URL_SAFE_NO_PAD.encode(key), "VqqN6vgjbSBcIijNcacQGg");
    }

    #[test]
    fn every_part_of_the_context_changes_the_key() {
        let key: [u8; 16] = concat_kdf(&Z, "A128GCM", b"Alice", b"Bob");
        let others: [[u8; 16]; 4] = [
            concat_kdf(&Z, "A128GCX", b"Alice", b"Bob"),
            concat_kdf(&Z, "A128GCM", b"AliceB", b"ob"),
            concat_kdf(&Z, "A128GCM", b"Alice", b""),
            concat_kdf(&[0; 32], "A128GCM", b"Alice", b"Bob"),
        ];
        assert!(others.iter().all(|other| *other != key));
        let longer: [u8; 32] = concat_kdf(&Z, "A128GCM", b"Alice", b"Bob");
        assert_ne!(longer[..16], key, "the length is part of the context");
        assert_eq!(content_key(&Z), concat_kdf::<32>(&Z, "A256GCM", b"", b""));
    }
}
