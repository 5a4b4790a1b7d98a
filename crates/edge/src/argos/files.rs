//! Files that the vendor answers with (`GET /image`, `GET /report/aml`), and `DELETE /submission`.

use super::client::{Client, MAX_FILE_BYTES, body, json, not_of_the_contract};
use super::codes::ImageType;
use super::fields::{ResourceId, SubmissionId, invalid};
use super::picture::PictureFormat;
use crate::error::Error;
use crate::http::{Method, Request, Response};
use serde::Deserialize;
use std::fmt;
use zeroize::Zeroizing;

/// Format of a file that came, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// PDF.
    Pdf,
}

/// A file that came. Wiped from memory when dropped; `Debug` shows its format and size only.
#[derive(Clone, PartialEq, Eq)]
pub struct VendorFile {
    /// Its format.
    pub format: FileFormat,
    /// Its bytes.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for VendorFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VendorFile")
            .field("format", &self.format)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// What a deletion answers: the data and the images are gone for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deleted;

#[derive(Deserialize)]
struct DeleteWire {
    message: String,
    content: String,
}

impl Client {
    /// The request for an image of a submission. Fails with [`crate::ErrorKind::RequestInvalid`] on a type
    /// that no page names.
    pub fn image_request(&self, id: &SubmissionId, image: &ImageType) -> Result<Request, Error> {
        if !image.is_known() {
            return Err(invalid("type is not one of the contract"));
        }
        self.request(Method::Get, "image", &[("submission_id", id.as_str()), ("type", image.as_str())])
    }

    /// The image in the answer to [`Self::image_request`]; anything else than JPEG or PNG is
    /// [`crate::ErrorKind::ResponseInvalid`].
    pub fn read_image(&self, response: &Response) -> Result<VendorFile, Error> {
        let bytes = body(response, MAX_FILE_BYTES)?;
        let format = match PictureFormat::of(bytes).ok_or_else(not_of_the_contract)? {
            PictureFormat::Jpeg => FileFormat::Jpeg,
            PictureFormat::Png => FileFormat::Png,
        };
        Ok(VendorFile { format, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// The request for a screening report.
    pub fn aml_report_request(&self, id: &ResourceId) -> Result<Request, Error> {
        self.request(Method::Get, "report/aml", &[("resourceId", id.as_str())])
    }

    /// The PDF in the answer to [`Self::aml_report_request`]; anything else is
    /// [`crate::ErrorKind::ResponseInvalid`].
    pub fn read_aml_report(&self, response: &Response) -> Result<VendorFile, Error> {
        let bytes = body(response, MAX_FILE_BYTES)?;
        if !bytes.starts_with(b"%PDF-") {
            return Err(not_of_the_contract());
        }
        Ok(VendorFile { format: FileFormat::Pdf, bytes: Zeroizing::new(bytes.to_vec()) })
    }

    /// The request that deletes a submission, its data and its images, for good.
    pub fn delete_request(&self, id: &SubmissionId) -> Result<Request, Error> {
        self.request(Method::Delete, "submission", &[("submission_id", id.as_str())])
    }

    /// Reads the answer to [`Self::delete_request`] of the same `id`. A success without the word, or of
    /// another submission, is [`crate::ErrorKind::ResponseInvalid`]: then it is not known to be gone.
    pub fn read_delete(&self, id: &SubmissionId, response: &Response) -> Result<Deleted, Error> {
        let wire: DeleteWire = json(response)?;
        let content = wire.content.trim_end_matches('.').replace('#', "");
        let own = content.split_whitespace().any(|word| word == id.as_str());
        let deleted = wire.message.eq_ignore_ascii_case("success") && own;
        if deleted { Ok(Deleted) } else { Err(not_of_the_contract()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::{answer, client};
    use crate::argos::refusal::{Refusal, RefusalMessage};
    use crate::error::ErrorKind;
    use proptest::prelude::*;

    fn id() -> SubmissionId {
        SubmissionId::new("s1").expect("id")
    }

    #[test]
    fn an_image_of_each_type_is_asked_for_and_is_a_picture() {
        for image in ImageType::KNOWN {
            let request = client().image_request(&id(), image).expect("request");
            let expected = format!("/v2/image?submission_id=s1&type={}", image.as_str());
            assert!(request.url.as_str().ends_with(&expected), "{}", request.url);
        }
        assert!(client().image_request(&id(), &ImageType::from("video")).is_err());
        let jpeg = client().read_image(&answer(200, [0xFF, 0xD8, 0xFF, 0xE0])).expect("reads");
        assert_eq!((jpeg.format, jpeg.bytes.len()), (FileFormat::Jpeg, 4));
        assert_eq!(format!("{jpeg:?}"), "VendorFile { format: Jpeg, bytes: 4, .. }");
        let png = client().read_image(&answer(200, b"\x89PNG\r\n\x1a\n")).expect("reads");
        assert_eq!(png.format, FileFormat::Png);
        for bad in [&b""[..], b"{}", b"<html>", b"%PDF-1.4"] {
            let error = client().read_image(&answer(200, bad)).expect_err("no picture");
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
        }
    }

    #[test]
    fn a_screening_report_is_a_pdf() {
        let request = client().aml_report_request(&ResourceId::new("r1").expect("id")).expect("request");
        assert!(request.url.as_str().ends_with("/v2/report/aml?resourceId=r1"));
        let report = client().read_aml_report(&answer(200, b"%PDF-1.7 ...")).expect("reads");
        assert_eq!((report.format, &report.bytes[..5]), (FileFormat::Pdf, &b"%PDF-"[..]));
        let error = client().read_aml_report(&answer(200, b"{}")).expect_err("no PDF");
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
    }

    #[test]
    fn a_deletion_is_believed_only_of_the_submission_asked_for() {
        let request = client().delete_request(&id()).expect("request");
        assert_eq!(request.method, Method::Delete);
        assert!(request.url.as_str().ends_with("/v2/submission?submission_id=s1"));
        let gone = |text: &str| format!(r#"{{"message":"success","content":"Submission #{text} deleted."}}"#);
        assert_eq!(client().read_delete(&id(), &answer(200, gone("s1"))).expect("gone"), Deleted);
        let sample = r#"{"message":"success","content":"Submission #s1 deleted successfully."}"#;
        assert_eq!(client().read_delete(&id(), &answer(200, sample)).expect("gone"), Deleted);
        for bad in
            [gone("s12"), gone(""), "{}".into(), r##"{"message":"queued","content":"#s1"}"##.to_owned()]
        {
            let error = client().read_delete(&id(), &answer(200, &bad)).expect_err("not known to be gone");
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{bad}");
        }
        let absent = answer(400, r#"{"message":"not Exist Submission ID"}"#);
        let error = client().read_delete(&id(), &absent).expect_err("refused");
        assert_eq!(Refusal::of(&error).expect("refusal").message, RefusalMessage::SubmissionNotFound);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_file_or_a_typed_error(body in proptest::collection::vec(any::<u8>(), 0..64)) {
            let response = answer(200, body);
            for read in [client().read_image(&response), client().read_aml_report(&response)] {
                prop_assert!(read.is_ok() || read.is_err_and(|e| e.kind() == ErrorKind::ResponseInvalid));
            }
            let _ = client().read_delete(&id(), &response);
        }
    }
}
