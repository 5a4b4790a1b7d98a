//! The verification against others: OpenSSL and the vendor's own document, where they are present.

use super::tests::{DOCUMENT, signed, trust};
use super::*;
use crate::toss::fixture::{NOW_S, authority, members, openssl, vendor_page};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

#[test]
fn openssl_accepts_what_the_stand_in_signs_where_it_is_installed() {
    let pem = |der: Vec<u8>| {
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der))
    };
    let authorities =
        pem(authority().root_der().expect("der")) + &pem(authority().issuing_der().expect("der"));
    let files = [("signed.der", &signed()[..]), ("ca.pem", authorities.as_bytes())];
    let at = NOW_S.to_string();
    let command = ["cms", "-verify", "-binary", "-inform", "DER", "-in", "signed.der"];
    let arguments = [&command[..], &["-CAfile", "ca.pem", "-purpose", "any", "-attime", &at]].concat();
    if let Some(content) = openssl(&files, &arguments) {
        assert_eq!(content, DOCUMENT);
    }
}

/// The vendor's signed document and its text, where the page is present.
fn vendor_sample() -> Option<(Vec<u8>, String)> {
    let page = vendor_page()?;
    let (signed, texts) = (members(&page, "signedDoc"), members(&page, "doc"));
    Some((
        STANDARD.decode(signed.first().expect("signedDoc")).expect("base64"),
        (*texts.last().expect("doc")).into(),
    ))
}

#[test]
fn the_vendors_own_document_verifies() {
    let Some((der, text)) = vendor_sample() else { return };
    assert_eq!(der.len(), 2387);
    assert_eq!(
        hex::encode(Sha256::digest(&der)),
        "f74260e003cf0fd7d35eca2433678bbe2d3ba49300b439632d2052c03063aa5e"
    );
    let verified =
        verify(&der, Expected::Content(text.as_bytes()), &Trust::without_root(), NOW_S).expect("verified");
    assert_eq!(verified.signed_at_s, 1_650_615_289, "2022-04-22 08:14:49Z");
    assert_eq!(verified.chain, Chain::NotChecked);
    let signer = &verified.signer;
    assert_eq!(signer.serial, "765dff");
    assert!(signer.issuer.contains("CN=Toss CA1"), "{}", signer.issuer);
    assert_eq!(signer.uid.as_deref().map(String::len), Some(24));
    assert_eq!(signer.common_name.as_deref().map(|name| name.chars().count()), Some(3));
    assert_eq!(signer.revocation_list_urls.len(), 1);
    let other = verify(&der, Expected::Content(b"another text"), &Trust::without_root(), NOW_S);
    assert_eq!(other, Err(Failure::ContentOther));
    assert_eq!(
        verify(&der, Expected::Content(text.as_bytes()), &trust(), NOW_S),
        Err(Failure::IssuerUnknown)
    );
}

#[test]
fn each_flipped_bit_of_the_vendors_document_fails_at_its_step() {
    let Some((der, text)) = vendor_sample() else { return };
    let rows = [
        (64, Failure::DigestOther),
        (311, Failure::DigestOther),
        (2060, Failure::SignatureInvalid),
        (2085, Failure::SignatureInvalid),
        (2200, Failure::SignatureInvalid),
        (2386, Failure::SignatureInvalid),
    ];
    for (at, failure) in rows {
        for bit in 0..8 {
            let mut changed = der.clone();
            changed[at] ^= 1_u8 << bit;
            let verified =
                verify(&changed, Expected::Content(text.as_bytes()), &Trust::without_root(), NOW_S);
            assert_eq!(verified, Err(failure), "byte {at}, bit {bit}");
        }
    }
}
