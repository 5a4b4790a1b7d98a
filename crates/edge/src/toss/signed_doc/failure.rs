//! The first step that does not hold.

use std::fmt;

/// Why a signed document is not accepted. Each is one step; those before it hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// Not DER of a PKCS#7 SignedData.
    NotSignedData,
    /// SignedData of another shape than Toss makes: version, number of signers, unsigned attributes.
    ShapeUnknown,
    /// Another algorithm than SHA-256 with RSA PKCS#1 v1.5.
    AlgorithmUnknown,
    /// The certificate that the signer names by issuer and serial number is not inside, or is there twice.
    SignerCertificateMissing,
    /// The signer's key is no RSA key of 2048 to 4096 bits with exponent 65537.
    SignerKeyUnusable,
    /// A signed attribute is missing, doubled or malformed.
    AttributesInvalid,
    /// The signature over the signed attributes is not the signer's.
    SignatureInvalid,
    /// The signed digest is not that of the content.
    DigestOther,
    /// There is no content inside where the document was sent whole, or content where only its hash was sent.
    ContentPresence,
    /// The content is not the document that was sent.
    ContentOther,
    /// The signing time lies in the future.
    SignedInFuture,
    /// The certificate was not valid yet at the signing time.
    CertificateNotYetValid,
    /// The certificate had expired at the signing time.
    CertificateExpired,
    /// The certificate has a malformed extension, or a critical one that is not understood.
    ExtensionsInvalid,
    /// The certificate is not for signatures that bind: keyUsage lacks nonRepudiation.
    KeyUsageOther,
    /// The certificate is not of the expected policy.
    PolicyOther,
    /// No configured certificate issued this one, up to the root.
    IssuerUnknown,
    /// A certificate is not signed by the issuer it names.
    IssuerSignatureInvalid,
    /// An issuer is no certificate authority, or not for a path of this length.
    IssuerNotAuthority,
    /// An issuer's certificate was not valid at the signing time.
    IssuerNotValid,
    /// The revocation list is not signed by the issuer, is not understood, or is not the current one.
    RevocationListInvalid,
    /// A certificate of the chain is revoked.
    Revoked,
}

impl Failure {
    /// Stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSignedData => "not_signed_data",
            Self::ShapeUnknown => "shape_unknown",
            Self::AlgorithmUnknown => "algorithm_unknown",
            Self::SignerCertificateMissing => "signer_certificate_missing",
            Self::SignerKeyUnusable => "signer_key_unusable",
            Self::AttributesInvalid => "attributes_invalid",
            Self::SignatureInvalid => "signature_invalid",
            Self::DigestOther => "digest_other",
            Self::ContentPresence => "content_presence",
            Self::ContentOther => "content_other",
            Self::SignedInFuture => "signed_in_future",
            Self::CertificateNotYetValid => "certificate_not_yet_valid",
            Self::CertificateExpired => "certificate_expired",
            Self::ExtensionsInvalid => "extensions_invalid",
            Self::KeyUsageOther => "key_usage_other",
            Self::PolicyOther => "policy_other",
            Self::IssuerUnknown => "issuer_unknown",
            Self::IssuerSignatureInvalid => "issuer_signature_invalid",
            Self::IssuerNotAuthority => "issuer_not_authority",
            Self::IssuerNotValid => "issuer_not_valid",
            Self::RevocationListInvalid => "revocation_list_invalid",
            Self::Revoked => "revoked",
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSignedData => "not a PKCS#7 SignedData",
            Self::ShapeUnknown => "a SignedData of another shape than Toss makes",
            Self::AlgorithmUnknown => "another algorithm than SHA-256 with RSA",
            Self::SignerCertificateMissing => "the signer's certificate is not inside",
            Self::SignerKeyUnusable => "the signer's key cannot be used",
            Self::AttributesInvalid => "the signed attributes are not complete",
            Self::SignatureInvalid => "the signature is not the signer's",
            Self::DigestOther => "the signed digest is not that of the content",
            Self::ContentPresence => "the content is missing, or there where only its hash is expected",
            Self::ContentOther => "the content is not the document that was sent",
            Self::SignedInFuture => "the signing time lies in the future",
            Self::CertificateNotYetValid => "the certificate was not valid yet at the signing time",
            Self::CertificateExpired => "the certificate had expired at the signing time",
            Self::ExtensionsInvalid => "an extension of a certificate is not understood",
            Self::KeyUsageOther => "the certificate is not for binding signatures",
            Self::PolicyOther => "the certificate is of another policy",
            Self::IssuerUnknown => "no configured certificate leads to the root",
            Self::IssuerSignatureInvalid => "a certificate is not signed by its issuer",
            Self::IssuerNotAuthority => "an issuer is no certificate authority",
            Self::IssuerNotValid => "an issuer was not valid at the signing time",
            Self::RevocationListInvalid => "the revocation list is not usable",
            Self::Revoked => "a certificate is revoked",
        })
    }
}

impl std::error::Error for Failure {}
