//! Each step of the verification, held by documents that fail at that step only.

use super::*;
use crate::toss::fixture::{DAY_S, FROM_S, LIST_URL, NOW_S, authority, leaf, person_key, subject};
use crate::toss::issuing::{Authority, Leaf, RsaKey, Subject};
use crate::toss::oids;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedData, SignerInfos};
use der::asn1::{Any, OctetString, SetOfVec};
use der::{Decode, Encode};
use proptest::prelude::*;
use x509_cert::Certificate;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage, KeyUsages};

pub(super) const DOCUMENT: &[u8] = "출금이체에 동의합니다.".as_bytes();

fn root_only() -> Trust {
    Trust::with_root(&authority().root_der().expect("root")).expect("trust")
}

pub(super) fn trust() -> Trust {
    root_only().and_intermediate(&authority().issuing_der().expect("issuing")).expect("trust")
}

pub(super) fn signed() -> Vec<u8> {
    leaf().sign(DOCUMENT, NOW_S).expect("document")
}

fn check(der: &[u8], trust: &Trust) -> Result<Verified, Failure> {
    verify(der, Expected::Content(DOCUMENT), trust, NOW_S)
}

fn failure(der: &[u8]) -> Failure {
    check(der, &Trust::without_root()).expect_err("a failure")
}

/// `der` with its SignedData changed.
fn edited(der: &[u8], edit: impl FnOnce(&mut SignedData)) -> Vec<u8> {
    let mut info = ContentInfo::from_der(der).expect("info");
    let mut data: SignedData = info.content.decode_as().expect("data");
    edit(&mut data);
    info.content = Any::encode_from(&data).expect("data");
    info.to_der().expect("der")
}

/// A trust whose root is the authority that issues, changed: a root's own signature is not looked at.
fn changed_root(edit: impl FnOnce(&mut Certificate)) -> Trust {
    let mut root = Certificate::from_der(&authority().issuing_der().expect("der")).expect("certificate");
    edit(&mut root);
    Trust::with_root(&root.to_der().expect("der")).expect("trust")
}

#[test]
fn without_a_root_the_signature_is_valid_and_the_chain_not_checked() {
    let verified = check(&signed(), &Trust::without_root()).expect("verified");
    assert_eq!(verified.signed_at_s, NOW_S);
    assert_eq!((&verified.chain, verified.revocation), (&Chain::NotChecked, Revocation::NotChecked));
    let signer = &verified.signer;
    assert_eq!(signer.common_name.as_deref().map(String::as_str), Some("김토스"));
    assert_eq!(signer.uid.as_deref().map(String::as_str), Some("000000000000000000000001"));
    assert_eq!(
        (signer.serial.as_str(), signer.revocation_list_urls.as_slice()),
        ("4d", &[LIST_URL.to_owned()][..])
    );
    assert!(!format!("{verified:?}").contains("김토스"));
}

#[test]
fn with_a_root_the_chain_is_trusted() {
    let root_sha256 = hex::encode(Sha256::digest(authority().root_der().expect("root")));
    let verified = check(&signed(), &trust()).expect("verified");
    assert_eq!(verified.chain, Chain::Trusted { root_sha256 });
    assert_eq!(verified.revocation, Revocation::NotChecked);
}

#[test]
fn what_is_no_signed_data_is_named_so() {
    let der = signed();
    for bad in [&b""[..], b"\x30\x00", &der[..der.len() - 1], &[&der[..], b"\0"].concat(), &[0x30; 3000]] {
        assert_eq!(failure(bad), Failure::NotSignedData);
    }
    let mut info = ContentInfo::from_der(&der).expect("info");
    info.content_type = oids::DATA;
    assert_eq!(failure(&info.to_der().expect("der")), Failure::NotSignedData);
    assert_eq!(failure(&vec![0x30; MAX_DER_BYTES + 1]), Failure::NotSignedData);
}

#[test]
fn another_shape_is_refused() {
    let der = signed();
    let unsigned = |data: &mut SignedData| {
        let mut signer = data.signer_infos.0.as_slice()[0].clone();
        signer.unsigned_attrs = signer.signed_attrs.clone();
        data.signer_infos = SignerInfos(SetOfVec::try_from([signer]).expect("set"));
    };
    let rows = [
        edited(&der, |data| data.version = CmsVersion::V3),
        edited(&der, |data| data.signer_infos = SignerInfos(SetOfVec::new())),
        edited(&der, |data| data.encap_content_info.econtent_type = oids::SIGNED_DATA),
        edited(&der, |data| data.encap_content_info.econtent = Some(Any::null())),
        edited(&der, unsigned),
    ];
    for row in rows {
        assert_eq!(failure(&row), Failure::ShapeUnknown);
    }
}

#[test]
fn another_algorithm_is_refused() {
    let der = signed();
    let sha1 = der::asn1::ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
    let weak = edited(&der, |data| {
        let mut signer = data.signer_infos.0.as_slice()[0].clone();
        signer.digest_alg.oid = sha1;
        data.signer_infos = SignerInfos(SetOfVec::try_from([signer]).expect("set"));
    });
    assert_eq!(failure(&weak), Failure::AlgorithmUnknown);
    assert_eq!(
        failure(&edited(&der, |data| data.digest_algorithms = SetOfVec::new())),
        Failure::AlgorithmUnknown
    );
}

#[test]
fn the_signers_certificate_and_attributes_must_be_inside() {
    let der = signed();
    assert_eq!(failure(&edited(&der, |data| data.certificates = None)), Failure::SignerCertificateMissing);
    let other = authority().issue(&Subject { serial: 78, ..subject() }, person_key().clone()).expect("leaf");
    let others = other.sign(DOCUMENT, NOW_S).expect("document");
    let mixed = edited(&der, |data| {
        edited(&others, |other| data.certificates = other.certificates.clone());
    });
    assert_eq!(failure(&mixed), Failure::SignerCertificateMissing);
    let bare = edited(&der, |data| {
        let mut signer = data.signer_infos.0.as_slice()[0].clone();
        signer.signed_attrs = None;
        data.signer_infos = SignerInfos(SetOfVec::try_from([signer]).expect("set"));
    });
    assert_eq!(failure(&bare), Failure::AttributesInvalid);
}

#[test]
fn a_short_key_is_not_used() {
    let short = RsaKey::from_seed(&[9; 32], 1024).expect("key");
    let leaf = authority().issue(&subject(), short).expect("leaf");
    assert_eq!(failure(&leaf.sign(DOCUMENT, NOW_S).expect("document")), Failure::SignerKeyUnusable);
}

#[test]
fn a_signature_by_another_key_is_invalid() {
    let der = signed();
    let other = RsaKey::from_seed(&[3; 32], 2048).expect("key");
    let others = authority().issue(&subject(), other).expect("leaf").sign(DOCUMENT, NOW_S).expect("document");
    let mixed = edited(&der, |data| {
        edited(&others, |other| data.certificates = other.certificates.clone());
    });
    assert_eq!(failure(&mixed), Failure::SignatureInvalid);
    let cut = edited(&der, |data| {
        let mut signer = data.signer_infos.0.as_slice()[0].clone();
        signer.signature = OctetString::new(&b""[..]).expect("octets");
        data.signer_infos = SignerInfos(SetOfVec::try_from([signer]).expect("set"));
    });
    assert_eq!(failure(&cut), Failure::SignatureInvalid);
}

#[test]
fn digest_and_content_must_be_those_of_the_document_sent() {
    let other = leaf().signed(Some(DOCUMENT), &[7; 32], NOW_S).expect("document");
    assert_eq!(failure(&other), Failure::DigestOther);
    let trust = Trust::without_root();
    let swapped = verify(&signed(), Expected::Content(b"another text"), &trust, NOW_S);
    assert_eq!(swapped, Err(Failure::ContentOther));
}

#[test]
fn a_hash_is_verified_without_content_only() {
    let (sha256, other) = (Sha256::digest(b"%PDF-1.7").into(), [7; 32]);
    let der = leaf().sign_sha256(&sha256, NOW_S).expect("document");
    let trust = trust();
    assert!(verify(&der, Expected::Sha256(&sha256), &trust, NOW_S).is_ok());
    assert_eq!(verify(&der, Expected::Sha256(&other), &trust, NOW_S), Err(Failure::DigestOther));
    assert_eq!(failure(&der), Failure::ContentPresence);
    let whole = verify(&signed(), Expected::Sha256(&Sha256::digest(DOCUMENT).into()), &trust, NOW_S);
    assert_eq!(whole, Err(Failure::ContentPresence));
}

#[test]
fn the_certificate_must_be_valid_at_the_signing_time_not_now() {
    let rows = [
        (NOW_S + CLOCK_SKEW_S, Ok(())),
        (NOW_S + CLOCK_SKEW_S + 1, Err(Failure::SignedInFuture)),
        (FROM_S, Ok(())),
        (FROM_S - 1, Err(Failure::CertificateNotYetValid)),
    ];
    for (signed_at_s, expected) in rows {
        let der = leaf().sign(DOCUMENT, signed_at_s).expect("document");
        assert_eq!(check(&der, &trust()).map(|_| ()), expected, "{signed_at_s}");
    }
    let short = Subject { until_s: FROM_S + DAY_S, ..subject() };
    let short = authority().issue(&short, person_key().clone()).expect("leaf");
    let in_time = short.sign(DOCUMENT, FROM_S + DAY_S).expect("document");
    assert!(check(&in_time, &trust()).is_ok(), "expired now, valid then");
    assert_eq!(
        failure(&short.sign(DOCUMENT, FROM_S + DAY_S + 1).expect("document")),
        Failure::CertificateExpired
    );
}

#[test]
fn usage_and_policy_must_be_those_of_binding_signatures() {
    let with = |usage: KeyUsage, policy| -> Leaf {
        authority().issue_for(&subject(), person_key().clone(), usage, policy).expect("leaf")
    };
    let both = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
    let login = with(KeyUsage(KeyUsages::DigitalSignature.into()), TOSS_POLICY);
    assert_eq!(failure(&login.sign(DOCUMENT, NOW_S).expect("document")), Failure::KeyUsageOther);
    let other = with(both, oids::DATA);
    assert_eq!(failure(&other.sign(DOCUMENT, NOW_S).expect("document")), Failure::PolicyOther);
}

#[test]
fn a_chain_that_does_not_reach_the_root_is_refused() {
    assert_eq!(check(&signed(), &root_only()), Err(Failure::IssuerUnknown));
    let impostor = Authority::new(person_key(), person_key().clone(), FROM_S).expect("authority");
    let forged = impostor.issue(&subject(), person_key().clone()).expect("leaf").sign(DOCUMENT, NOW_S);
    let forged = forged.expect("document");
    assert!(check(&forged, &Trust::without_root()).is_ok(), "anybody can sign in anybody's name");
    assert_eq!(check(&forged, &trust()), Err(Failure::IssuerSignatureInvalid));
    let with_impostor = root_only().and_intermediate(&impostor.issuing_der().expect("der")).expect("trust");
    assert_eq!(check(&forged, &with_impostor), Err(Failure::IssuerSignatureInvalid));
}

#[test]
fn an_issuer_must_be_an_authority_that_was_valid() {
    assert!(check(&signed(), &changed_root(|_| ())).is_ok());
    let constraints = |value: BasicConstraints| {
        changed_root(move |root| {
            let extensions = root.tbs_certificate.extensions.as_mut().expect("extensions");
            extensions[0].extn_value = OctetString::new(value.to_der().expect("der")).expect("octets");
        })
    };
    let person = constraints(BasicConstraints { ca: false, path_len_constraint: None });
    assert_eq!(check(&signed(), &person), Err(Failure::IssuerNotAuthority));
    let usage = changed_root(|root| {
        let usage = KeyUsage(KeyUsages::DigitalSignature.into()).to_der().expect("der");
        root.tbs_certificate.extensions.as_mut().expect("extensions")[1].extn_value =
            OctetString::new(usage).expect("octets");
    });
    assert_eq!(check(&signed(), &usage), Err(Failure::IssuerNotAuthority));
    let young = changed_root(|root| {
        root.tbs_certificate.validity.not_before = root.tbs_certificate.validity.not_after;
    });
    assert_eq!(check(&signed(), &young), Err(Failure::IssuerNotValid));
    let unknown = changed_root(|root| {
        let extn_value = OctetString::new(&b"\x05\x00"[..]).expect("octets");
        let unknown = Extension { extn_id: oids::DATA, critical: true, extn_value };
        root.tbs_certificate.extensions.as_mut().expect("extensions").push(unknown);
    });
    assert_eq!(check(&signed(), &unknown), Err(Failure::ExtensionsInvalid));
}

#[test]
fn a_path_longer_than_an_authority_allows_is_refused() {
    // The root of this trust allows no authority below itself.
    let root = Certificate::from_der(&authority().root_der().expect("der")).expect("certificate");
    let mut narrow = root;
    let none_below = BasicConstraints { ca: true, path_len_constraint: Some(0) }.to_der().expect("der");
    narrow.tbs_certificate.extensions.as_mut().expect("extensions")[0].extn_value =
        OctetString::new(none_below).expect("octets");
    let trust = Trust::with_root(&narrow.to_der().expect("der"))
        .and_then(|trust| trust.and_intermediate(&authority().issuing_der()?))
        .expect("trust");
    assert_eq!(check(&signed(), &trust), Err(Failure::IssuerNotAuthority));
}

#[test]
fn revocation_is_looked_up_in_the_current_list_of_the_issuer() {
    let list = |revoked: &[u64], made_s, until_s, url| {
        let der = authority().revocation_list(revoked, made_s, until_s, url).expect("list");
        trust().and_revocation_list(&der).expect("trust")
    };
    let good = list(&[1, 2], NOW_S - DAY_S, NOW_S, Some(LIST_URL));
    let not_listed = Revocation::NotListed { list_of_s: NOW_S - DAY_S };
    assert_eq!(check(&signed(), &good).expect("verified").revocation, not_listed);
    assert_eq!(
        check(&signed(), &list(&[], NOW_S - DAY_S, NOW_S, None)).expect("verified").revocation,
        not_listed
    );
    assert_eq!(check(&signed(), &list(&[77], NOW_S - DAY_S, NOW_S, Some(LIST_URL))), Err(Failure::Revoked));
    let old = list(&[], NOW_S - 2 * DAY_S, NOW_S - 1, Some(LIST_URL));
    assert_eq!(check(&signed(), &old), Err(Failure::RevocationListInvalid));
    let elsewhere = list(&[77], NOW_S - DAY_S, NOW_S, Some("http://127.0.0.1/crl/2.crl"));
    assert_eq!(check(&signed(), &elsewhere).expect("verified").revocation, Revocation::NotChecked);
    let impostor = Authority::new(person_key(), person_key().clone(), FROM_S).expect("authority");
    let forged = impostor.revocation_list(&[], NOW_S - DAY_S, NOW_S, None).expect("list");
    let forged = trust().and_revocation_list(&forged).expect("trust");
    assert_eq!(check(&signed(), &forged), Err(Failure::RevocationListInvalid));
}

#[test]
fn with_a_root_no_bit_of_a_document_can_change() {
    let (der, trust) = (signed(), trust());
    assert!(check(&der, &trust).is_ok());
    for at in 0..der.len() {
        let mut changed = der.clone();
        changed[at] ^= 1_u8 << (at % 8);
        assert!(check(&changed, &trust).is_err(), "byte {at}");
    }
}

#[test]
fn every_failure_has_its_own_code() {
    let codes = [Failure::NotSignedData, Failure::SignatureInvalid, Failure::DigestOther, Failure::Revoked]
        .map(Failure::code);
    assert_eq!(codes, ["not_signed_data", "signature_invalid", "digest_other", "revoked"]);
    assert_eq!(Failure::SignatureInvalid.to_string(), "the signature is not the signer's");
}

#[test]
fn what_is_no_certificate_configures_nothing() {
    for bad in [&b""[..], b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", b"\x30\x00"] {
        assert!(Trust::with_root(bad).is_err());
        assert!(Trust::without_root().and_intermediate(bad).is_err());
        assert!(Trust::without_root().and_revocation_list(bad).is_err());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(check(&bytes, &Trust::without_root()).is_err());
    }

    #[test]
    fn a_damaged_document_is_refused_without_panic(
        edits in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<proptest::sample::Index>(),
        cuts in any::<bool>(),
    ) {
        let whole = signed();
        let mut der = whole.clone();
        for (at, byte) in edits {
            let at = at.index(der.len());
            der[at] = byte;
        }
        if cuts {
            der.truncate(cut.index(der.len()));
        }
        if der != whole {
            prop_assert!(check(&der, &trust()).is_err());
        }
    }
}
