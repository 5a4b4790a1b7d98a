//! From a certificate to the configured root, and revocation.

use super::Failure;
use super::keys::{is_sha256_with_rsa, is_signed, rsa_key};
use super::signer::check_critical;
use crate::error::{Error, ErrorKind};
use crate::toss::armor::der_of;
use crate::toss::oids;
use der::asn1::ObjectIdentifier;
use der::{Decode, Encode};
use sha2::{Digest, Sha256};
use std::fmt;
use x509_cert::Certificate;
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

/// Policy of the certificates that Toss gives to people.
pub const TOSS_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.410.200098.5.1.1.1.3");
/// Longest way from a signer to the root: Toss has one authority between.
pub const MAX_INTERMEDIATES: usize = 4;

/// Whether a certificate leads to the configured root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chain {
    /// No root is configured. The signature is valid; that Toss vouches for the signer was not checked.
    NotChecked,
    /// It leads to the root with this SHA-256, hex.
    Trusted {
        /// SHA-256 of the root's DER, hex.
        root_sha256: String,
    },
}

/// Whether a certificate was looked for in a revocation list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// No root, or no list of its issuer, is configured.
    NotChecked,
    /// The current list of its issuer does not have it.
    NotListed {
        /// When the list was made, seconds since 1970.
        list_of_s: u64,
    },
}

/// The configured certificates and revocation lists.
#[derive(Clone)]
pub struct Trust {
    root: Option<Certificate>,
    intermediates: Vec<Certificate>,
    lists: Vec<CertificateList>,
}

impl fmt::Debug for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Trust")
            .field("root", &self.root.as_ref().map(|root| root.tbs_certificate.subject.to_string()))
            .field("intermediates", &self.intermediates.len())
            .field("lists", &self.lists.len())
            .finish_non_exhaustive()
    }
}

impl Trust {
    /// No root: the chain is not checked.
    pub fn without_root() -> Self {
        Self { root: None, intermediates: Vec::new(), lists: Vec::new() }
    }

    /// This root, in DER or PEM. Fails with [`ErrorKind::KeyInvalid`] on what is no certificate.
    pub fn with_root(root: &[u8]) -> Result<Self, Error> {
        Ok(Self { root: Some(certificate(root)?), ..Self::without_root() })
    }

    /// And this certificate of an authority below the root, in DER or PEM. Documents do not hold it.
    pub fn and_intermediate(mut self, bytes: &[u8]) -> Result<Self, Error> {
        self.intermediates.push(certificate(bytes)?);
        Ok(self)
    }

    /// And this revocation list, in DER or PEM.
    pub fn and_revocation_list(mut self, bytes: &[u8]) -> Result<Self, Error> {
        let list = der_of(bytes).and_then(|der| CertificateList::from_der(&der).ok());
        self.lists.push(list.ok_or_else(|| Error::new(ErrorKind::KeyInvalid, "not a revocation list"))?);
        Ok(self)
    }

    /// The chain of `leaf` as it was at `signed_at_s`, with the revocation lists as they are at `now_s`.
    pub(super) fn check(
        &self,
        leaf: &Certificate,
        signed_at_s: u64,
        now_s: u64,
    ) -> Result<(Chain, Revocation), Failure> {
        let Some(root) = &self.root else { return Ok((Chain::NotChecked, Revocation::NotChecked)) };
        let mut below = leaf;
        let mut of_leaf = None;
        for authorities_between in 0..=MAX_INTERMEDIATES {
            let issuer = self.issuer(below, root)?;
            check_authority(issuer, authorities_between, signed_at_s)?;
            let revocation = self.check_revocation(below, issuer, now_s)?;
            let of_leaf = *of_leaf.get_or_insert(revocation);
            if issuer == root {
                let der = root.to_der().map_err(|_| Failure::IssuerUnknown)?;
                let root_sha256 = hex::encode(Sha256::digest(&der));
                return Ok((Chain::Trusted { root_sha256 }, of_leaf));
            }
            below = issuer;
        }
        Err(Failure::IssuerUnknown)
    }

    /// The configured certificate that issued `below`.
    fn issuer<'a>(&'a self, below: &Certificate, root: &'a Certificate) -> Result<&'a Certificate, Failure> {
        let tbs = &below.tbs_certificate;
        let mut named = std::iter::once(root)
            .chain(&self.intermediates)
            .filter(|one| one.tbs_certificate.subject == tbs.issuer)
            .peekable();
        if named.peek().is_none() {
            return Err(Failure::IssuerUnknown);
        }
        if !is_sha256_with_rsa(&below.signature_algorithm) || tbs.signature != below.signature_algorithm {
            return Err(Failure::IssuerSignatureInvalid);
        }
        let signed = tbs.to_der().map_err(|_| Failure::IssuerSignatureInvalid)?;
        let signature = below.signature.as_bytes().ok_or(Failure::IssuerSignatureInvalid)?;
        named.find(|one| is_issued(one, &signed, signature)).ok_or(Failure::IssuerSignatureInvalid)
    }

    /// Looks `below` up in a list of `issuer`. A listed certificate is refused whenever it was revoked: the
    /// signing time is the signer's own statement.
    fn check_revocation(
        &self,
        below: &Certificate,
        issuer: &Certificate,
        now_s: u64,
    ) -> Result<Revocation, Failure> {
        let tbs = &below.tbs_certificate;
        let mut newest = None;
        for list in self.lists.iter().filter(|list| list.tbs_cert_list.issuer == tbs.issuer) {
            if !covers(list, below) {
                continue;
            }
            let list_of_s = check_list(list, issuer, now_s)?;
            let revoked = list.tbs_cert_list.revoked_certificates.iter().flatten();
            if revoked.into_iter().any(|one| one.serial_number == tbs.serial_number) {
                return Err(Failure::Revoked);
            }
            newest = newest.max(Some(list_of_s));
        }
        Ok(newest.map_or(Revocation::NotChecked, |list_of_s| Revocation::NotListed { list_of_s }))
    }
}

fn certificate(bytes: &[u8]) -> Result<Certificate, Error> {
    der_of(bytes)
        .and_then(|der| Certificate::from_der(&der).ok())
        .ok_or_else(|| Error::new(ErrorKind::KeyInvalid, "not a certificate"))
}

fn is_issued(issuer: &Certificate, signed: &[u8], signature: &[u8]) -> bool {
    let info = &issuer.tbs_certificate.subject_public_key_info;
    rsa_key(info).is_some_and(|key| is_signed(&key, signed, signature))
}

fn check_authority(issuer: &Certificate, authorities_below: usize, signed_at_s: u64) -> Result<(), Failure> {
    let tbs = &issuer.tbs_certificate;
    check_critical(issuer, &[oids::KEY_USAGE, oids::POLICIES, oids::BASIC_CONSTRAINTS])?;
    let constraints = tbs.get::<BasicConstraints>().map_err(|_| Failure::ExtensionsInvalid)?;
    let usage = tbs.get::<KeyUsage>().map_err(|_| Failure::ExtensionsInvalid)?;
    let long_enough = constraints.is_some_and(|(_, constraints)| {
        constraints.ca
            && constraints.path_len_constraint.is_none_or(|most| usize::from(most) >= authorities_below)
    });
    if !long_enough || !usage.is_none_or(|(_, usage)| usage.key_cert_sign()) {
        return Err(Failure::IssuerNotAuthority);
    }
    let valid = tbs.validity.not_before.to_unix_duration().as_secs()
        ..=tbs.validity.not_after.to_unix_duration().as_secs();
    if !valid.contains(&signed_at_s) {
        return Err(Failure::IssuerNotValid);
    }
    Ok(())
}

/// Whether `list` is the one for `below`. Toss spreads its certificates over many lists, each with the
/// address of its distribution point inside; that address stands in the certificates of that list.
fn covers(list: &CertificateList, below: &Certificate) -> bool {
    let mut extensions = list.tbs_cert_list.crl_extensions.iter().flatten();
    let Some(point) = extensions.find(|one| one.extn_id == oids::ISSUING_DISTRIBUTION_POINT) else {
        return true;
    };
    let urls = super::signer::revocation_list_urls(below);
    urls.iter().any(|url| {
        let url = url.as_bytes();
        !url.is_empty() && point.extn_value.as_bytes().windows(url.len()).any(|window| window == url)
    })
}

/// Signed by `issuer`, understood and current: when it was made, seconds since 1970.
fn check_list(list: &CertificateList, issuer: &Certificate, now_s: u64) -> Result<u64, Failure> {
    let tbs = &list.tbs_cert_list;
    let signed = tbs.to_der().map_err(|_| Failure::RevocationListInvalid)?;
    let signature = list.signature.as_bytes().ok_or(Failure::RevocationListInvalid)?;
    let mut extensions = tbs.crl_extensions.iter().flatten();
    let understood = !extensions.any(|one| one.critical && one.extn_id != oids::ISSUING_DISTRIBUTION_POINT);
    let made_s = tbs.this_update.to_unix_duration().as_secs();
    let until_s = tbs.next_update.map_or(0, |next| next.to_unix_duration().as_secs());
    let current = made_s <= now_s.saturating_add(super::CLOCK_SKEW_S) && now_s <= until_s;
    let by_issuer = is_sha256_with_rsa(&list.signature_algorithm)
        && tbs.signature == list.signature_algorithm
        && is_issued(issuer, &signed, signature);
    if understood && current && by_issuer { Ok(made_s) } else { Err(Failure::RevocationListInvalid) }
}
