//! The scenarios of the end-to-end run, each with the outcome it must end with.

use anyhow::{Result, bail};
use clap::ValueEnum;

/// One way a verification can go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scenario {
    /// A person with their own passport.
    Approved,
    /// A desk without a document.
    NoDocument,
    /// A printed photo in place of the face.
    PrintedFace,
    /// A phone that shows a film of the holder from another session in place of the face.
    ScreenFace,
    /// The holder at first, and somebody else who does what is asked for, cut together.
    CutBetweenPeople,
    /// Somebody else's face.
    OtherPerson,
    /// The camera is denied.
    CameraDenied,
    /// The recorded camera, where the plan does not expect one.
    InjectedCamera,
    /// The connection breaks in mid-upload and the page is reloaded.
    NetworkLost,
    /// The vision worker traps in the middle of the document step.
    WorkerTrap,
    /// A person with their own identity card, front and back.
    Card,
    /// A person with a licence that has a barcode on its back.
    Licence,
    /// No document before the camera: a file in its place, the first one in a format that is refused.
    Upload,
    /// Typed personal data and a code by text message.
    Otp,
    /// The code on the phone is never the one that is accepted.
    OtpWrong,
    /// A document number and the secret printed on the document.
    Secret,
    /// The secret is never the one on record.
    SecretWrong,
    /// A document number held against the government's records.
    Record,
    /// Somebody whom the records do not know.
    NotOnRecord,
    /// A signature in the app of Toss.
    Toss,
    /// A signature that is refused there.
    TossRefused,
}

/// What the customer's server must read at the end.
pub struct Expected {
    /// `kyc.status` of the result.
    pub status: &'static str,
    /// `kyc.status_reason` of the result.
    pub reason: Option<&'static str>,
    /// Attempts the person needs.
    pub attempts: u32,
}

impl Scenario {
    /// All of them, in the order they are run.
    pub const ALL: [Self; 21] = [
        Self::Approved,
        Self::NoDocument,
        Self::PrintedFace,
        Self::ScreenFace,
        Self::CutBetweenPeople,
        Self::OtherPerson,
        Self::CameraDenied,
        Self::InjectedCamera,
        Self::NetworkLost,
        Self::WorkerTrap,
        Self::Card,
        Self::Licence,
        Self::Upload,
        Self::Otp,
        Self::OtpWrong,
        Self::Secret,
        Self::SecretWrong,
        Self::Record,
        Self::NotOnRecord,
        Self::Toss,
        Self::TossRefused,
    ];

    /// The scenario that ends the policy `key` as approved. Fails on a key that TomoIDV's test board does not use.
    pub fn of_policy(key: &str) -> Result<Self> {
        let parts: Vec<&str> = key.split(':').collect();
        match parts.as_slice() {
            ["us", "default"] | [_, "personal_info", _, _, _, "sms_otp"] => Ok(Self::Otp),
            ["jp", "default"] | ["jp", "document", _, "government_id_verf", _, "document_secret"] => {
                Ok(Self::Secret)
            }
            ["cn", "default"] | ["cn", "document", _, "government_id_verf", "no_owner_assurance"] => {
                Ok(Self::Record)
            }
            ["kr", "default"] | [_, "eid", _, _, _, "toss"] => Ok(Self::Toss),
            ["unknown", "default"]
            | [_, "document", "passport", "document_ocr_check" | "document_authenticity_check", ..] => {
                Ok(Self::Approved)
            }
            // Of the United States and Canada, identity cards have a barcode.
            ["us" | "ca", "document", "id_card", "document_ocr_check", ..] => Ok(Self::Licence),
            [_, "document", _, "document_ocr_check" | "document_authenticity_check", ..] => Ok(Self::Card),
            _ => bail!("no demo for the policy '{key}'; see README.md for the policies that run"),
        }
    }

    /// Whether it takes no pictures.
    pub fn is_form(self) -> bool {
        matches!(
            self,
            Self::Otp
                | Self::OtpWrong
                | Self::Secret
                | Self::SecretWrong
                | Self::Record
                | Self::NotOnRecord
                | Self::Toss
                | Self::TossRefused
        )
    }

    /// The sandbox's scenario that the customer's user id names, where the outcome has to be forced.
    pub fn sandbox_scenario(self) -> Option<&'static str> {
        match self {
            Self::OtpWrong => Some("otp-wrong"),
            Self::SecretWrong => Some("secret-wrong"),
            Self::NotOnRecord => Some("not-on-record"),
            _ => None,
        }
    }

    /// The check of contract 1.4 that must have passed at the end of an approved one without pictures.
    pub fn passed_check(self) -> Option<&'static str> {
        match self {
            Self::Otp => Some("phone_verification"),
            Self::Secret | Self::Record => Some("data_source"),
            Self::Toss => Some("certificate"),
            _ => None,
        }
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::NoDocument => "no-document",
            Self::PrintedFace => "printed-face",
            Self::ScreenFace => "screen-face",
            Self::CutBetweenPeople => "cut-between-people",
            Self::OtherPerson => "other-person",
            Self::CameraDenied => "camera-denied",
            Self::InjectedCamera => "injected-camera",
            Self::NetworkLost => "network-lost",
            Self::WorkerTrap => "worker-trap",
            Self::Card => "card",
            Self::Licence => "licence",
            Self::Upload => "upload",
            Self::Otp => "otp",
            Self::OtpWrong => "otp-wrong",
            Self::Secret => "secret",
            Self::SecretWrong => "secret-wrong",
            Self::Record => "record",
            Self::NotOnRecord => "not-on-record",
            Self::Toss => "toss",
            Self::TossRefused => "toss-refused",
        }
    }

    /// What it must end with.
    pub fn expected(self) -> Expected {
        let (status, reason, attempts) = match self {
            Self::Approved
            | Self::NetworkLost
            | Self::WorkerTrap
            | Self::Card
            | Self::Licence
            | Self::Upload
            | Self::Otp
            | Self::Secret
            | Self::Record
            | Self::Toss => ("approved", None, 1),
            Self::OtpWrong => ("rejected", Some("otp_failed"), 3),
            Self::SecretWrong => ("rejected", Some("secret_wrong"), 1),
            Self::NotOnRecord => ("rejected", Some("not_on_record"), 3),
            Self::TossRefused => ("rejected", Some("signature_refused"), 3),
            Self::NoDocument => ("canceled", Some("document_not_found"), 1),
            Self::PrintedFace | Self::ScreenFace | Self::CutBetweenPeople => {
                ("rejected", Some("liveness_failed"), 3)
            }
            Self::OtherPerson => ("rejected", Some("face_mismatch"), 3),
            Self::CameraDenied => ("canceled", Some("camera_denied"), 1),
            Self::InjectedCamera => ("rejected", Some("camera_not_genuine"), 3),
        };
        Expected { status, reason, attempts }
    }

    /// Whether it takes minutes in a browser, since three attempts run through or every window of every draw runs out.
    /// `cargo xtask test` leaves it to the native journey of the same person.
    pub fn is_slow(self) -> bool {
        matches!(self, Self::ScreenFace | Self::CutBetweenPeople | Self::OtherPerson)
    }

    /// Whether the sandbox's plans expect a recorded camera, as all but one do.
    pub fn expects_recorded_camera(self) -> bool {
        self != Self::InjectedCamera
    }

    /// Faults the sandbox is started with.
    pub fn sandbox_arguments(self) -> &'static [&'static str] {
        match self {
            Self::NetworkLost => &["--fault", "drop-capture=document_front"],
            Self::Upload => &["--allow-upload", "--manual-after-ms", "2000"],
            _ => &[],
        }
    }

    /// The policy it is started with. Utopia has no country code, so `unknown`, the sandbox's own choice.
    pub fn policy_key(self) -> &'static str {
        match self {
            Self::Card => {
                "unknown:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match"
            }
            Self::Otp | Self::OtpWrong => "us:personal_info:null:personal_info_verf:owner_verf:sms_otp",
            Self::Secret | Self::SecretWrong => {
                "jp:document:id_card:government_id_verf:owner_verf:document_secret"
            }
            Self::Record | Self::NotOnRecord => "cn:document:id_card:government_id_verf:no_owner_assurance",
            Self::Toss | Self::TossRefused => "kr:eid:certificate:government_ci_verf:owner_verf:toss",
            // Without a face: what is refused is the camera.
            Self::InjectedCamera => "jp:document:passport:document_ocr_check:no_owner_assurance",
            Self::Licence => "us:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match",
            _ => "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_of_the_test_board_has_its_demo() {
        let rows = [
            ("us:personal_info:null:personal_info_verf:owner_verf:sms_otp", Scenario::Otp),
            ("us:document:residential_card:document_ocr_check:no_owner_assurance", Scenario::Card),
            ("jp:document:id_card:government_id_verf:owner_verf:document_secret", Scenario::Secret),
            ("jp:document:passport:document_ocr_check:no_owner_assurance", Scenario::Approved),
            ("cn:document:id_card:government_id_verf:no_owner_assurance", Scenario::Record),
            (
                "cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match",
                Scenario::Card,
            ),
            ("cn:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match", Scenario::Card),
            ("kr:eid:certificate:government_ci_verf:owner_verf:toss", Scenario::Toss),
            ("us:default", Scenario::Otp),
            ("jp:default", Scenario::Secret),
            ("cn:default", Scenario::Record),
            ("kr:default", Scenario::Toss),
            ("unknown:default", Scenario::Approved),
            ("jp:document:passport:document_authenticity_check:no_owner_assurance", Scenario::Approved),
        ];
        for (key, scenario) in rows {
            assert_eq!(Scenario::of_policy(key).expect(key), scenario);
        }
        assert!(Scenario::of_policy("fr:default").is_err());
        for scenario in Scenario::ALL {
            assert!(Scenario::of_policy(scenario.policy_key()).is_ok(), "{}", scenario.name());
        }
    }
}
