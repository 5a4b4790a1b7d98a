//! The vendor's words: statuses, kinds, triggers, comment codes, form error codes.

use super::words::words;

words! {
    /// `kyc.result` of a submission and `kycStatus` of step2.
    KycStatus {
        /// Verified.
        Approved = "approved",
        /// Refused; final.
        Rejected = "rejected",
        /// A person at the vendor looks at it.
        Pending = "pending",
        /// No proper selfie yet, or left between retries; becomes `rejected` after about 24 h once a face was
        /// sent.
        Incomplete = "incomplete",
    }
}

impl KycStatus {
    /// Whether nothing more changes it: approved or rejected. An unknown status is not taken for final.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Approved | Self::Rejected)
    }
}

words! {
    /// `verificationResult`: the document number against the issuer's records.
    VerificationResult {
        /// It is on record.
        Success = "success",
        /// It is not.
        Fail = "fail",
    }
}

words! {
    /// `gender`.
    Gender {
        /// Male.
        Male = "male",
        /// Female.
        Female = "female",
    }
}

words! {
    /// `idType`.
    IdType {
        /// Passport.
        Passport = "passport",
        /// National identity card.
        GovernmentId = "government_id",
        /// Driving licence.
        DriversLicense = "drivers_license",
        /// Residence permit (version 3).
        ResidencePermit = "residence_permit",
        /// Visa (version 3).
        Visa = "visa",
        /// Vehicle registration certificate (version 3).
        VehicleRegistrationCertificate = "vehicle_registration_certificate",
        /// Aadhaar (version 3).
        Aadhaar = "aadhaar",
        /// PAN card (version 3).
        Pancard = "pancard",
        /// Any document (version 3).
        Universal = "universal",
    }
}

impl IdType {
    /// Whether version 2, the one this client speaks, takes it in step1.
    pub fn is_legacy(&self) -> bool {
        matches!(self, Self::Passport | Self::GovernmentId | Self::DriversLicense)
    }
}

words! {
    /// `type` of an image.
    ImageType {
        /// Front of the document.
        IdImage = "idImage",
        /// Back of the document.
        IdBackImage = "idBackImage",
        /// The face.
        SelfieImage = "selfieImage",
        /// Proof of address.
        AddressImage = "addressImage",
    }
}

words! {
    /// `request_type` of a list.
    RequestType {
        /// Identity.
        Kyc = "kyc",
        /// Anti-money-laundering.
        Aml = "aml",
        /// Data.
        Data = "data",
        /// Others.
        Others = "others",
    }
}

words! {
    /// `webhook_trigger`.
    WebhookTrigger {
        /// A submission exists.
        Created = "created",
        /// A step must be repeated.
        Retry = "retry",
        /// Submitted, pending.
        Submit = "submit",
        /// Claims approval.
        Approved = "approved",
        /// Claims rejection.
        Rejected = "rejected",
        /// Data changed.
        Updated = "updated",
        /// Deleted.
        Delete = "delete",
        /// Data put in from elsewhere.
        Injection = "injection",
        /// A screening result.
        Aml = "aml",
        /// A screening result of the monitoring.
        AmlMonitor = "aml_monitor",
    }
}

words! {
    /// `commentCode`: why a submission was rejected. The published list is cut.
    CommentCode {
        /// Not a picture of a document.
        IdImageInvalidImage = "id_image_invalidImage",
        /// Not an accepted document.
        IdImageInvalidId = "id_image_invalidId",
        /// The picture could not be processed.
        IdImageError = "id_image_error",
        /// The picture is too bad to read.
        IdImageBadImage = "id_image_badImage",
        /// The document says something else than the form.
        IdInfoDataMismatch = "id_info_dataMismatch",
        /// On a block list.
        IdInfoBlacklist = "id_info_blacklist",
        /// Too young.
        IdInfoNotOfAge = "id_info_notOfAge",
        /// The person has submitted before.
        DuplicateUser = "duplicate_user",
        /// The same personal data were submitted before.
        DuplicatedUserPiiExact = "duplicated_user_PII_exact",
        /// The same face was submitted before.
        DuplicatedFace = "duplicated_face",
        /// All tries used.
        TooManyRetry = "too_many_retry",
        /// A country that the customer blocks.
        BlacklistCountry = "blacklistCountry",
        /// Below the age limit.
        UnderAgeLimit = "under_ageLimit",
        /// A kind of document that the customer does not take.
        InvalidAcceptedId = "invalid_acceptedID",
        /// No date of birth.
        NoDateOfBirth = "no-date-of-birth",
        /// The document has expired.
        ExpiredId = "expired_id",
        /// The automatic verification failed.
        AutomaticVerificationFail = "automatic_verification_fail",
        /// Not a proof of address.
        AddressImageInvalidImage = "address_image_invalidImage",
        /// The proof of address could not be processed.
        AddressImageError = "address_image_error",
        /// The proof of address is too bad to read.
        AddressImageBadImage = "address_image_badImage",
    }
}

/// `errorCode` of a form's return: two capital letters, a hyphen and five digits. The published list is cut
/// after a few codes, so only the family is typed and the code is kept.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum FormErrorCode {
    /// `DE-…`.
    De(u32),
    /// `TK-…`.
    Tk(u32),
    /// `PV-…`.
    Pv(u32),
    /// `SE-…`.
    Se(u32),
    /// `LO-…`.
    Lo(u32),
    /// Anything else, as it came.
    Unknown(String),
}

impl From<&str> for FormErrorCode {
    fn from(text: &str) -> Self {
        let number =
            text.get(3..).filter(|digits| digits.len() == 5 && digits.bytes().all(|b| b.is_ascii_digit()));
        match (text.get(..3), number.and_then(|digits| digits.parse().ok())) {
            (Some("DE-"), Some(number)) => Self::De(number),
            (Some("TK-"), Some(number)) => Self::Tk(number),
            (Some("PV-"), Some(number)) => Self::Pv(number),
            (Some("SE-"), Some(number)) => Self::Se(number),
            (Some("LO-"), Some(number)) => Self::Lo(number),
            _ => Self::Unknown(text.to_owned()),
        }
    }
}

impl std::fmt::Debug for FormErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::De(number) => write!(f, "DE-{number:05}"),
            Self::Tk(number) => write!(f, "TK-{number:05}"),
            Self::Pv(number) => write!(f, "PV-{number:05}"),
            Self::Se(number) => write!(f, "SE-{number:05}"),
            Self::Lo(number) => write!(f, "LO-{number:05}"),
            Self::Unknown(_) => f.write_str("Unknown(…)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_status_and_code_reads_and_writes_back() {
        let statuses = ["approved", "rejected", "pending", "incomplete"];
        assert!(KycStatus::KNOWN.iter().map(KycStatus::as_str).eq(statuses));
        let triggers = [
            "created",
            "retry",
            "submit",
            "approved",
            "rejected",
            "updated",
            "delete",
            "injection",
            "aml",
            "aml_monitor",
        ];
        assert!(WebhookTrigger::KNOWN.iter().map(WebhookTrigger::as_str).eq(triggers));
        let images = ["idImage", "idBackImage", "selfieImage", "addressImage"];
        assert!(ImageType::KNOWN.iter().map(ImageType::as_str).eq(images));
        assert!(RequestType::KNOWN.iter().map(RequestType::as_str).eq(["kyc", "aml", "data", "others"]));
        assert_eq!((IdType::KNOWN.len(), CommentCode::KNOWN.len()), (9, 20));
        for code in CommentCode::KNOWN {
            assert_eq!(&CommentCode::from(code.as_str()), code);
            assert!(code.is_known());
        }
        let legacy: Vec<&str> =
            IdType::KNOWN.iter().filter(|id| id.is_legacy()).map(IdType::as_str).collect();
        assert_eq!(legacy, ["passport", "government_id", "drivers_license"]);
    }

    #[test]
    fn an_unknown_word_is_kept_and_shown_only_where_it_looks_like_a_code() {
        let code: CommentCode = serde_json::from_str(r#""brand_new_code""#).expect("reads");
        assert_eq!(code, CommentCode::Unknown("brand_new_code".into()));
        assert_eq!(serde_json::to_string(&code).expect("writes"), r#""brand_new_code""#);
        assert_eq!(format!("{code:?}"), r#"Unknown("brand_new_code")"#);
        let text = CommentCode::from("Hong Gildong 981112-1234567");
        assert!(!format!("{text:?}").contains("Hong"));
    }

    #[test]
    fn only_approved_and_rejected_are_final() {
        let is_final: Vec<bool> = KycStatus::KNOWN.iter().map(KycStatus::is_final).collect();
        assert_eq!(is_final, [true, true, false, false]);
        assert!(!KycStatus::from("verified").is_final());
    }

    #[test]
    fn a_form_error_code_reads_by_its_family_and_keeps_its_number() {
        assert_eq!(FormErrorCode::from("DE-20000"), FormErrorCode::De(20_000));
        assert_eq!(FormErrorCode::from("TK-10001"), FormErrorCode::Tk(10_001));
        assert_eq!(FormErrorCode::from("PV-40018"), FormErrorCode::Pv(40_018));
        assert_eq!(FormErrorCode::from("SE-50021"), FormErrorCode::Se(50_021));
        assert_eq!(FormErrorCode::from("LO-30001"), FormErrorCode::Lo(30_001));
        for text in ["", "DE-", "DE-2000", "DE-+0000", "XX-20000", "é-20000", "DE-200000"] {
            assert_eq!(FormErrorCode::from(text), FormErrorCode::Unknown(text.into()));
        }
    }
}
