//! The signer's certificate: who it names, and whether it may sign.

use super::Failure;
use crate::toss::oids;
use der::asn1::{Any, ObjectIdentifier};
use der::{Encode, Tag, Tagged};
use sha2::{Digest, Sha256};
use std::fmt;
use x509_cert::Certificate;
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{CertificatePolicies, CrlDistributionPoints, KeyUsage};
use x509_cert::name::Name;
use zeroize::Zeroizing;

/// Who signed, as the certificate has it. `Debug` shows nothing of the person.
#[derive(Clone, PartialEq, Eq)]
pub struct Signer {
    /// The person's name.
    pub common_name: Option<Zeroizing<String>>,
    /// Toss's number of the person.
    pub uid: Option<Zeroizing<String>>,
    /// The issuer, as RFC 4514 writes names.
    pub issuer: String,
    /// Serial number, hex.
    pub serial: String,
    /// SHA-256 of the certificate, hex.
    pub certificate_sha256: String,
    /// Where its revocation list is.
    pub revocation_list_urls: Vec<String>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

impl Signer {
    pub(super) fn of(certificate: &Certificate) -> Result<Self, Failure> {
        let tbs = &certificate.tbs_certificate;
        let der = certificate.to_der().map_err(|_| Failure::NotSignedData)?;
        Ok(Self {
            common_name: text_of(&tbs.subject, oids::COMMON_NAME),
            uid: text_of(&tbs.subject, oids::UID),
            issuer: tbs.issuer.to_string(),
            serial: hex::encode(tbs.serial_number.as_bytes()),
            certificate_sha256: hex::encode(Sha256::digest(&der)),
            revocation_list_urls: revocation_list_urls(certificate),
        })
    }
}

/// Whether `certificate` was good for a binding signature of `policy` at `signed_at_s`.
pub(super) fn check(
    certificate: &Certificate,
    signed_at_s: u64,
    policy: ObjectIdentifier,
) -> Result<(), Failure> {
    let tbs = &certificate.tbs_certificate;
    if signed_at_s < tbs.validity.not_before.to_unix_duration().as_secs() {
        return Err(Failure::CertificateNotYetValid);
    }
    if signed_at_s > tbs.validity.not_after.to_unix_duration().as_secs() {
        return Err(Failure::CertificateExpired);
    }
    check_critical(certificate, &[oids::KEY_USAGE, oids::POLICIES])?;
    let usage = tbs.get::<KeyUsage>().map_err(|_| Failure::ExtensionsInvalid)?;
    if !usage.is_some_and(|(_, usage)| usage.digital_signature() && usage.non_repudiation()) {
        return Err(Failure::KeyUsageOther);
    }
    let policies = tbs.get::<CertificatePolicies>().map_err(|_| Failure::ExtensionsInvalid)?;
    match policies {
        Some((_, policies)) if policies.0.iter().any(|one| one.policy_identifier == policy) => Ok(()),
        _ => Err(Failure::PolicyOther),
    }
}

/// Every critical extension must be one of `known`.
pub(super) fn check_critical(certificate: &Certificate, known: &[ObjectIdentifier]) -> Result<(), Failure> {
    let mut extensions = certificate.tbs_certificate.extensions.iter().flatten();
    if extensions.any(|extension| extension.critical && !known.contains(&extension.extn_id)) {
        return Err(Failure::ExtensionsInvalid);
    }
    Ok(())
}

fn text_of(name: &Name, oid: ObjectIdentifier) -> Option<Zeroizing<String>> {
    let value =
        name.0.iter().flat_map(|part| part.0.iter()).find(|part| part.oid == oid).map(|part| &part.value)?;
    text(value)
}

fn text(value: &Any) -> Option<Zeroizing<String>> {
    let readable = [Tag::Utf8String, Tag::PrintableString, Tag::Ia5String].contains(&value.tag());
    let text = std::str::from_utf8(value.value()).ok().filter(|_| readable)?;
    Some(Zeroizing::new(text.to_owned()))
}

pub(super) fn revocation_list_urls(certificate: &Certificate) -> Vec<String> {
    let Ok(Some((_, points))) = certificate.tbs_certificate.get::<CrlDistributionPoints>() else {
        return Vec::new();
    };
    let names = points.0.into_iter().filter_map(|point| match point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names),
        _ => None,
    });
    names
        .flatten()
        .filter_map(|name| match name {
            GeneralName::UniformResourceIdentifier(url) => Some(url.to_string()),
            _ => None,
        })
        .collect()
}
