//! A file that shows a person, sealed with a key that lies elsewhere: AES-256-GCM (NIST SP 800-38D) over everything
//! after [`super::MAGIC`] and the byte that says so, which it also vouches for.

use super::file::{MAGIC, PLAIN, SEALED};
use crate::error::{Error, ErrorKind};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};

/// Bytes of a nonce (SP 800-38D 8.2.1).
pub(super) const NONCE_BYTES: usize = 12;

/// Seals a plain file with a key; `nonce` is random, and of this file alone. Fails with [`ErrorKind::Encode`].
pub fn seal(plain: &[u8], key: &[u8; 32], nonce: [u8; NONCE_BYTES]) -> Result<Vec<u8>, Error> {
    let failed = || Error::new(ErrorKind::Encode, "the replay could not be sealed");
    let body = plain.strip_prefix(MAGIC).and_then(|rest| rest.strip_prefix(&[PLAIN])).ok_or_else(failed)?;
    let mut bytes = [MAGIC, &[SEALED]].concat();
    let payload = Payload { msg: body, aad: &bytes };
    let sealed = Aes256Gcm::new(key.into()).encrypt(&Nonce::from(nonce), payload).map_err(|_| failed())?;
    bytes.extend(nonce);
    bytes.extend(sealed);
    Ok(bytes)
}

/// The plain file in a sealed one. Fails with [`ErrorKind::NotAnImage`] with another key, or where a byte was changed.
pub fn open(sealed: &[u8], key: &[u8; 32]) -> Result<Vec<u8>, Error> {
    let failed = || Error::new(ErrorKind::NotAnImage, "the replay cannot be opened with this key");
    let head = [MAGIC, &[SEALED]].concat();
    let rest = sealed.strip_prefix(head.as_slice()).ok_or_else(failed)?;
    let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().ok_or_else(failed)?;
    let payload = Payload { msg: body, aad: &head };
    let body = Aes256Gcm::new(key.into()).decrypt(&Nonce::from(*nonce), payload).map_err(|_| failed())?;
    Ok([MAGIC, &[PLAIN], &body].concat())
}

#[cfg(test)]
mod tests {
    use super::super::is_sealed;
    use super::*;

    #[test]
    fn only_its_key_opens_a_sealed_file_and_only_as_it_was() {
        let plain = [MAGIC, &[PLAIN], b"frames of somebody"].concat();
        let sealed = seal(&plain, &[7; 32], [1; NONCE_BYTES]).expect("sealed");
        assert!(is_sealed(&sealed) && !sealed.windows(6).any(|part| part == b"frames"));
        assert_eq!(open(&sealed, &[7; 32]).expect("opened"), plain);
        assert!(open(&sealed, &[8; 32]).is_err());
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert!(open(&changed, &[7; 32]).is_err(), "byte {index}");
        }
        assert!(seal(b"no replay", &[7; 32], [1; NONCE_BYTES]).is_err());
    }
}
