//! A signed document of the shape that Toss makes: three signed attributes, one certificate, nothing else.

use super::authority::{Leaf, time, unwritable};
use crate::error::Error;
use crate::toss::oids;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::Encode;
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use sha2::{Digest, Sha256};
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

impl Leaf {
    /// PKCS7: `document` signed at `signed_at_s` (seconds since 1970), with the document inside; DER.
    pub fn sign(&self, document: &[u8], signed_at_s: u64) -> Result<Vec<u8>, Error> {
        self.signed(Some(document), &Sha256::digest(document).into(), signed_at_s)
    }

    /// PKCS7_NO_CONTENT_WITH_ATTR: `sha256` signed at `signed_at_s`, with nothing inside; DER.
    pub fn sign_sha256(&self, sha256: &[u8; 32], signed_at_s: u64) -> Result<Vec<u8>, Error> {
        self.signed(None, sha256, signed_at_s)
    }

    pub(in crate::toss) fn signed(
        &self,
        content: Option<&[u8]>,
        sha256: &[u8; 32],
        signed_at_s: u64,
    ) -> Result<Vec<u8>, Error> {
        self.build(content, sha256, time(signed_at_s)?).map_err(unwritable)
    }

    fn build(&self, content: Option<&[u8]>, sha256: &[u8; 32], signing_time: Time) -> der::Result<Vec<u8>> {
        let attributes = SetOfVec::try_from([
            attribute(oids::CONTENT_TYPE, Any::encode_from(&oids::DATA)?)?,
            attribute(oids::SIGNING_TIME, Any::encode_from(&signing_time)?)?,
            attribute(oids::MESSAGE_DIGEST, Any::encode_from(&OctetString::new(&sha256[..])?)?)?,
        ])?;
        let signature = self.key.sign(&attributes.to_der()?);
        let tbs = &self.certificate.tbs_certificate;
        let named =
            IssuerAndSerialNumber { issuer: tbs.issuer.clone(), serial_number: tbs.serial_number.clone() };
        let signer = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(named),
            digest_alg: algorithm(oids::SHA256),
            signed_attrs: Some(attributes),
            signature_algorithm: algorithm(oids::RSA),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let certificate = CertificateChoices::Certificate(self.certificate.clone());
        let data = SignedData {
            version: CmsVersion::V1,
            digest_algorithms: SetOfVec::try_from([algorithm(oids::SHA256)])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: oids::DATA,
                econtent: content
                    .map(|content| OctetString::new(content).and_then(|octets| Any::encode_from(&octets)))
                    .transpose()?,
            },
            certificates: Some(CertificateSet(SetOfVec::try_from([certificate])?)),
            crls: None,
            signer_infos: SignerInfos(SetOfVec::try_from([signer])?),
        };
        ContentInfo { content_type: oids::SIGNED_DATA, content: Any::encode_from(&data)? }.to_der()
    }
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from([value])? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: Some(Any::null()) }
}
