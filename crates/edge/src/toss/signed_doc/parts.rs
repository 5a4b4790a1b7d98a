//! The parts of a PKCS#7 SignedData of the one shape that Toss makes.

use super::keys::{is_rsa, no_parameters};
use super::{Failure, MAX_DER_BYTES};
use crate::toss::oids;
use cms::cert::CertificateChoices;
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{SignedAttributes, SignedData, SignerIdentifier, SignerInfo};
use der::asn1::{Any, ObjectIdentifier, OctetString};
use der::{Decode, Encode, Tag, Tagged};
use x509_cert::Certificate;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

/// A SignedData with one signer.
pub(super) struct Parts {
    data: SignedData,
    signer: SignerInfo,
}

impl Parts {
    /// Fails with [`Failure::NotSignedData`], [`Failure::ShapeUnknown`] or [`Failure::AlgorithmUnknown`].
    pub(super) fn read(der: &[u8]) -> Result<Self, Failure> {
        if der.len() > MAX_DER_BYTES {
            return Err(Failure::NotSignedData);
        }
        let info = ContentInfo::from_der(der).map_err(|_| Failure::NotSignedData)?;
        if info.content_type != oids::SIGNED_DATA {
            return Err(Failure::NotSignedData);
        }
        let data: SignedData = info.content.decode_as().map_err(|_| Failure::NotSignedData)?;
        let [signer] = data.signer_infos.0.as_slice() else { return Err(Failure::ShapeUnknown) };
        let signer = signer.clone();
        let known = data.version == CmsVersion::V1
            && signer.version == CmsVersion::V1
            && data.encap_content_info.econtent_type == oids::DATA
            && data
                .encap_content_info
                .econtent
                .as_ref()
                .is_none_or(|content| content.tag() == Tag::OctetString)
            && data.crls.is_none()
            && signer.unsigned_attrs.is_none();
        if !known {
            return Err(Failure::ShapeUnknown);
        }
        let [digest] = data.digest_algorithms.as_slice() else { return Err(Failure::AlgorithmUnknown) };
        if !is_sha256(digest) || !is_sha256(&signer.digest_alg) || !is_rsa(&signer.signature_algorithm) {
            return Err(Failure::AlgorithmUnknown);
        }
        Ok(Self { data, signer })
    }

    /// The content inside.
    pub(super) fn content(&self) -> Option<&[u8]> {
        self.data.encap_content_info.econtent.as_ref().map(Any::value)
    }

    pub(super) fn signature(&self) -> &[u8] {
        self.signer.signature.as_bytes()
    }

    /// The one certificate that the signer names by issuer and serial number.
    pub(super) fn signer_certificate(&self) -> Result<&Certificate, Failure> {
        let SignerIdentifier::IssuerAndSerialNumber(named) = &self.signer.sid else {
            return Err(Failure::ShapeUnknown);
        };
        let inside = self.data.certificates.as_ref().map_or(&[][..], |set| set.0.as_slice());
        let mut fitting = inside.iter().filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate),
            CertificateChoices::Other(_) => None,
        });
        let mut next = || {
            fitting.find(|certificate| {
                certificate.tbs_certificate.issuer == named.issuer
                    && certificate.tbs_certificate.serial_number == named.serial_number
            })
        };
        match (next(), next()) {
            (Some(certificate), None) => Ok(certificate),
            _ => Err(Failure::SignerCertificateMissing),
        }
    }

    pub(super) fn attributes(&self) -> Result<Attributes<'_>, Failure> {
        let list = self.signer.signed_attrs.as_ref().ok_or(Failure::AttributesInvalid)?;
        // A SET OF in DER, which is what was signed; inside the signer's structure it has another tag.
        let der = list.to_der().map_err(|_| Failure::AttributesInvalid)?;
        Ok(Attributes { list, der })
    }
}

/// The signed attributes.
pub(super) struct Attributes<'a> {
    list: &'a SignedAttributes,
    pub(super) der: Vec<u8>,
}

impl Attributes<'_> {
    /// The only value of the only attribute `oid`.
    fn value(&self, oid: ObjectIdentifier) -> Result<&Any, Failure> {
        let mut fitting = self.list.iter().filter(|attribute| attribute.oid == oid);
        match (fitting.next().map(|attribute| attribute.values.as_slice()), fitting.next()) {
            (Some([value]), None) => Ok(value),
            _ => Err(Failure::AttributesInvalid),
        }
    }

    pub(super) fn message_digest(&self) -> Result<Vec<u8>, Failure> {
        let value = self.value(oids::MESSAGE_DIGEST)?;
        let digest: OctetString = value.decode_as().map_err(|_| Failure::AttributesInvalid)?;
        Ok(digest.into_bytes())
    }

    pub(super) fn signing_time_s(&self) -> Result<u64, Failure> {
        let der = self.value(oids::SIGNING_TIME)?.to_der().map_err(|_| Failure::AttributesInvalid)?;
        let time = Time::from_der(&der).map_err(|_| Failure::AttributesInvalid)?;
        Ok(time.to_unix_duration().as_secs())
    }

    pub(super) fn check_content_type(&self) -> Result<(), Failure> {
        match self.value(oids::CONTENT_TYPE)?.decode_as::<ObjectIdentifier>() {
            Ok(oids::DATA) => Ok(()),
            _ => Err(Failure::AttributesInvalid),
        }
    }
}

fn is_sha256(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.oid == oids::SHA256 && no_parameters(algorithm)
}
