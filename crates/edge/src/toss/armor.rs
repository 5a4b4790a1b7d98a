//! DER out of DER, PEM or base64, as people paste keys and certificates.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// First byte of every DER SEQUENCE.
const SEQUENCE: u8 = 0x30;

/// The DER in `bytes`; of PEM the first block. None where there is none.
pub(super) fn der_of(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_text = std::str::from_utf8(bytes)
        .ok()
        .filter(|text| text.bytes().all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace()));
    let Some(text) = is_text else {
        return (bytes.first() == Some(&SEQUENCE)).then(|| bytes.to_vec());
    };
    let mut body = String::new();
    let mut inside = !text.contains("-----BEGIN ");
    for line in text.lines().map(str::trim) {
        if line.starts_with("-----BEGIN ") {
            inside = true;
        } else if line.starts_with("-----END ") {
            break;
        } else if inside {
            body.push_str(line);
        }
    }
    STANDARD.decode(body).ok().filter(|der| der.first() == Some(&SEQUENCE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn der_pem_and_base64_give_the_same_bytes() {
        let der = [0x30, 0x03, 0x02, 0x01, 0xff];
        assert_eq!(der_of(&der).as_deref(), Some(&der[..]));
        assert_eq!(der_of(b"MAMCAf8=").as_deref(), Some(&der[..]));
        let pem = b"-----BEGIN X-----\r\nMAMC\r\nAf8=\r\n-----END X-----\n\
            -----BEGIN X-----\nAAAA\n-----END X-----\n";
        assert_eq!(der_of(pem).as_deref(), Some(&der[..]));
        assert_eq!(der_of(b"AAAA"), None);
        assert_eq!(der_of(b""), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = der_of(&bytes);
        }
    }
}
