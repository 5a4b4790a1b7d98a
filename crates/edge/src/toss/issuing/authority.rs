//! A root and an authority below it, shaped like Toss's, and the certificates and revocation lists they make.

use super::key::RsaKey;
use crate::error::{Error, ErrorKind};
use crate::toss::oids;
use crate::toss::signed_doc::TOSS_POLICY;
use der::asn1::{
    Any, BitString, GeneralizedTime, Ia5String, ObjectIdentifier, OctetString, SetOfVec, UtcTime,
};
use der::{Decode, Encode, Tag};
use std::time::Duration;
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{Certificate, TbsCertificate, Version};
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::pkix::certpolicy::PolicyInformation;
use x509_cert::ext::pkix::crl::dp::{DistributionPoint, IssuingDistributionPoint};
use x509_cert::ext::pkix::name::{DistributionPointName, GeneralName};
use x509_cert::ext::pkix::{
    BasicConstraints, CertificatePolicies, CrlDistributionPoints, KeyUsage, KeyUsages,
};
use x509_cert::ext::{AsExtension, Extension};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

const ID_COUNTRY: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.6");
const ID_ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// Who makes these certificates, so that nobody takes them for Toss's.
const ORGANIZATION: &str = "idv-web sandbox";
/// Life of the authorities, in seconds: ten years.
const AUTHORITY_LIFE_S: u64 = 10 * 365 * 24 * 3600;
/// Serial number of the root.
const ROOT_SERIAL: u64 = 1;
/// Serial number of the authority below it.
const ISSUING_SERIAL: u64 = 2;

/// A person who gets a certificate.
#[derive(Clone)]
pub struct Subject<'a> {
    /// Name.
    pub common_name: &'a str,
    /// Number of the person: Toss's have 24 digits.
    pub uid: &'a str,
    /// Serial number of the certificate.
    pub serial: u64,
    /// Start of its life, seconds since 1970.
    pub from_s: u64,
    /// Its end, seconds since 1970: Toss gives three years.
    pub until_s: u64,
    /// Where its revocation list is.
    pub revocation_list_url: Option<&'a str>,
}

impl std::fmt::Debug for Subject<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("serial", &self.serial).finish_non_exhaustive()
    }
}

/// A person's certificate and key, which sign documents.
#[derive(Clone)]
pub struct Leaf {
    pub(super) certificate: Certificate,
    pub(super) key: RsaKey,
}

impl std::fmt::Debug for Leaf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Leaf").finish_non_exhaustive()
    }
}

/// A root and the authority below it that gives certificates to people.
#[derive(Debug)]
pub struct Authority {
    root: Certificate,
    issuing: Certificate,
    issuing_key: RsaKey,
}

impl Authority {
    /// Authorities with these keys, valid for ten years from `from_s`. The same arguments give the same
    /// bytes.
    pub fn new(root_key: &RsaKey, issuing_key: RsaKey, from_s: u64) -> Result<Self, Error> {
        let (root_name, issuing_name) = (authority_name("Root CA1")?, authority_name("CA1")?);
        let validity = validity(from_s, from_s.saturating_add(AUTHORITY_LIFE_S))?;
        let make = |subject: &Name, serial, key: &RsaKey, path_len| {
            let usage = KeyUsage(KeyUsages::KeyCertSign | KeyUsages::CRLSign);
            let constraints = BasicConstraints { ca: true, path_len_constraint: path_len };
            let extensions = vec![extension(&constraints)?, extension(&usage)?];
            sign(tbs(&root_name, subject, serial, validity, key, extensions)?, root_key)
        };
        let root = make(&root_name, ROOT_SERIAL, root_key, None)?;
        let issuing = make(&issuing_name, ISSUING_SERIAL, &issuing_key, Some(0))?;
        Ok(Self { root, issuing, issuing_key })
    }

    /// The root's certificate, DER.
    pub fn root_der(&self) -> Result<Vec<u8>, Error> {
        self.root.to_der().map_err(unwritable)
    }

    /// The certificate of the authority below the root, DER.
    pub fn issuing_der(&self) -> Result<Vec<u8>, Error> {
        self.issuing.to_der().map_err(unwritable)
    }

    /// A certificate for binding signatures under Toss's policy, for `key`.
    pub fn issue(&self, subject: &Subject<'_>, key: RsaKey) -> Result<Leaf, Error> {
        let usage = KeyUsage(KeyUsages::DigitalSignature | KeyUsages::NonRepudiation);
        self.issue_for(subject, key, usage, TOSS_POLICY)
    }

    pub(in crate::toss) fn issue_for(
        &self,
        subject: &Subject<'_>,
        key: RsaKey,
        usage: KeyUsage,
        policy: ObjectIdentifier,
    ) -> Result<Leaf, Error> {
        let name = name(&[
            (ID_COUNTRY, Tag::PrintableString, "KR"),
            (ID_ORGANIZATION, Tag::Utf8String, ORGANIZATION),
            (oids::UID, Tag::Utf8String, subject.uid),
            (oids::COMMON_NAME, Tag::Utf8String, subject.common_name),
        ])?;
        let policy = PolicyInformation { policy_identifier: policy, policy_qualifiers: None };
        let policies = extension(&CertificatePolicies(vec![policy]))?;
        let mut extensions = vec![extension(&usage)?, Extension { critical: true, ..policies }];
        if let Some(url) = subject.revocation_list_url {
            let distribution_point = Some(distribution_point(url)?);
            let point = DistributionPoint { distribution_point, reasons: None, crl_issuer: None };
            extensions.push(extension(&CrlDistributionPoints(vec![point]))?);
        }
        let issuer = &self.issuing.tbs_certificate.subject;
        let validity = validity(subject.from_s, subject.until_s)?;
        let tbs = tbs(issuer, &name, subject.serial, validity, &key, extensions)?;
        Ok(Leaf { certificate: sign(tbs, &self.issuing_key)?, key })
    }

    /// The revocation list of people's certificates, DER: `revoked` serial numbers, made at `made_s`, good
    /// until `until_s`; for the certificates with `url` inside, or for all.
    pub fn revocation_list(
        &self,
        revoked: &[u64],
        made_s: u64,
        until_s: u64,
        url: Option<&str>,
    ) -> Result<Vec<u8>, Error> {
        let made = time(made_s)?;
        let entry = |serial: &u64| {
            let serial_number = SerialNumber::from(*serial);
            RevokedCert { serial_number, revocation_date: made, crl_entry_extensions: None }
        };
        let extensions = match url {
            Some(url) => {
                let point = IssuingDistributionPoint {
                    distribution_point: Some(distribution_point(url)?),
                    only_contains_user_certs: false,
                    only_contains_ca_certs: false,
                    only_some_reasons: None,
                    indirect_crl: false,
                    only_contains_attribute_certs: false,
                };
                let extn_value = OctetString::new(point.to_der().map_err(unwritable)?).map_err(unwritable)?;
                Some(vec![Extension {
                    extn_id: oids::ISSUING_DISTRIBUTION_POINT,
                    critical: true,
                    extn_value,
                }])
            }
            None => None,
        };
        let tbs_cert_list = TbsCertList {
            version: Version::V2,
            signature: algorithm(),
            issuer: self.issuing.tbs_certificate.subject.clone(),
            this_update: made,
            next_update: Some(time(until_s)?),
            revoked_certificates: (!revoked.is_empty()).then(|| revoked.iter().map(entry).collect()),
            crl_extensions: extensions,
        };
        let signature = self.issuing_key.sign(&tbs_cert_list.to_der().map_err(unwritable)?);
        let signature = BitString::from_bytes(&signature).map_err(unwritable)?;
        CertificateList { tbs_cert_list, signature_algorithm: algorithm(), signature }
            .to_der()
            .map_err(unwritable)
    }
}

/// `unix_s` as certificates have it: two-digit years until 2049, four digits after.
pub(super) fn time(unix_s: u64) -> Result<Time, Error> {
    let since_1970 = Duration::from_secs(unix_s);
    UtcTime::from_unix_duration(since_1970)
        .map(Time::from)
        .or_else(|_| GeneralizedTime::from_unix_duration(since_1970).map(Time::from))
        .map_err(unwritable)
}

pub(super) fn algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oids::SHA256_WITH_RSA, parameters: Some(Any::null()) }
}

pub(super) fn unwritable(_: der::Error) -> Error {
    Error::new(ErrorKind::RequestInvalid, "a value that DER cannot hold here")
}

fn validity(from_s: u64, until_s: u64) -> Result<Validity, Error> {
    Ok(Validity { not_before: time(from_s)?, not_after: time(until_s)? })
}

fn authority_name(common_name: &str) -> Result<Name, Error> {
    name(&[
        (ID_COUNTRY, Tag::PrintableString, "KR"),
        (ID_ORGANIZATION, Tag::Utf8String, ORGANIZATION),
        (oids::COMMON_NAME, Tag::Utf8String, &format!("{ORGANIZATION} {common_name}")),
    ])
}

fn name(parts: &[(ObjectIdentifier, Tag, &str)]) -> Result<Name, Error> {
    let part = |(oid, tag, text): &(ObjectIdentifier, Tag, &str)| {
        let value = Any::new(*tag, text.as_bytes()).map_err(unwritable)?;
        let one = SetOfVec::try_from([AttributeTypeAndValue { oid: *oid, value }]).map_err(unwritable)?;
        Ok(RelativeDistinguishedName(one))
    };
    parts.iter().map(part).collect::<Result<_, Error>>().map(RdnSequence)
}

fn distribution_point(url: &str) -> Result<DistributionPointName, Error> {
    let url = Ia5String::new(url).map_err(unwritable)?;
    Ok(DistributionPointName::FullName(vec![GeneralName::UniformResourceIdentifier(url)]))
}

fn extension(value: &impl AsExtension) -> Result<Extension, Error> {
    value.to_extension(&RdnSequence::default(), &[]).map_err(unwritable)
}

fn tbs(
    issuer: &Name,
    subject: &Name,
    serial: u64,
    validity: Validity,
    key: &RsaKey,
    extensions: Vec<Extension>,
) -> Result<TbsCertificate, Error> {
    Ok(TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::from(serial),
        signature: algorithm(),
        issuer: issuer.clone(),
        validity,
        subject: subject.clone(),
        subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(&key.public_key_der()?)
            .map_err(unwritable)?,
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    })
}

fn sign(tbs_certificate: TbsCertificate, key: &RsaKey) -> Result<Certificate, Error> {
    let signature = key.sign(&tbs_certificate.to_der().map_err(unwritable)?);
    let signature = BitString::from_bytes(&signature).map_err(unwritable)?;
    Ok(Certificate { tbs_certificate, signature_algorithm: algorithm(), signature })
}
