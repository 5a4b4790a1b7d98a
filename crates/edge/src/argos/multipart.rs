//! `multipart/form-data` (RFC 7578), written by hand: names and file names are constants, values are checked
//! fields, so that nothing needs escaping, and no crate of this size makes bodies without a runtime.
//!
//! In: fields and files. Out: content type and body. Rule: the boundary occurs in no part. It is the digest
//! of the parts, so that the same parts give the same body and no randomness is needed.

use super::picture::Picture;
use sha2::{Digest, Sha256};

/// One part.
enum Part<'a> {
    Field(&'static str, &'a str),
    File(&'static str, &'a Picture),
}

/// The parts of a form, in order.
#[derive(Default)]
pub(super) struct Form<'a>(Vec<Part<'a>>);

impl<'a> Form<'a> {
    /// Adds a field.
    pub(super) fn field(&mut self, name: &'static str, value: &'a str) -> &mut Self {
        self.0.push(Part::Field(name, value));
        self
    }

    /// Adds a field where there is a value.
    pub(super) fn optional(&mut self, name: &'static str, value: Option<&'a str>) -> &mut Self {
        if let Some(value) = value {
            self.field(name, value);
        }
        self
    }

    /// Adds a picture as a file named after its field.
    pub(super) fn file(&mut self, name: &'static str, picture: &'a Picture) -> &mut Self {
        self.0.push(Part::File(name, picture));
        self
    }

    /// Content type and body.
    pub(super) fn finish(&self) -> (String, Vec<u8>) {
        let mut digest = Sha256::new();
        for part in &self.0 {
            let content = part.content();
            digest.update(u64::try_from(content.len()).unwrap_or(u64::MAX).to_be_bytes());
            digest.update(content);
        }
        let mut boundary = hex::encode(digest.finalize());
        while self.0.iter().any(|part| contains(part.content(), boundary.as_bytes())) {
            boundary = hex::encode(Sha256::digest(boundary));
        }
        let mut body = Vec::new();
        for part in &self.0 {
            body.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            let head = match part {
                Part::Field(name, _) => format!("Content-Disposition: form-data; name=\"{name}\"\r\n\r\n"),
                Part::File(name, picture) => format!(
                    "Content-Disposition: form-data; name=\"{name}\"; filename=\"{name}.{}\"\r\n\
                     Content-Type: {}\r\n\r\n",
                    picture.format().extension(),
                    picture.format().media_type()
                ),
            };
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(part.content());
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

impl Part<'_> {
    fn content(&self) -> &[u8] {
        match self {
            Self::Field(_, value) => value.as_bytes(),
            Self::File(_, picture) => picture.bytes(),
        }
    }
}

fn contains(content: &[u8], needle: &[u8]) -> bool {
    content.windows(needle.len()).any(|window| window == needle)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::argos::picture::tests::jpeg;
    use proptest::prelude::*;

    /// Names and contents of a body, read as a server does: split at the boundary of the content type.
    pub(in crate::argos) fn parts(content_type: &str, body: &[u8]) -> Vec<(String, Vec<u8>)> {
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").expect("content type");
        let find = |from: usize, needle: &[u8]| {
            body[from..].windows(needle.len()).position(|window| window == needle).map(|at| from + at)
        };
        let delimiter = format!("--{boundary}\r\n");
        let next = format!("\r\n--{boundary}");
        let mut parts = Vec::new();
        let mut at = 0;
        while body[at..].starts_with(delimiter.as_bytes()) {
            let head_end = find(at, b"\r\n\r\n").expect("head");
            let head = String::from_utf8(body[at..head_end].to_vec()).expect("ASCII head");
            let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("name");
            let end = find(head_end + 2, next.as_bytes()).expect("end");
            parts.push((name.to_owned(), body[(head_end + 4).min(end)..end].to_vec()));
            at = end + 2;
        }
        assert_eq!(&body[at..], format!("--{boundary}--\r\n").as_bytes(), "the end of the body");
        parts
    }

    #[test]
    fn a_picture_is_a_file_with_its_media_type() {
        let picture = jpeg();
        let (content_type, body) = Form::default().field("email", "a@b.c").file("idImage", &picture).finish();
        let text = String::from_utf8_lossy(&body);
        assert!(
            text.contains("name=\"idImage\"; filename=\"idImage.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n")
        );
        let parts = parts(&content_type, &body);
        assert_eq!(parts[0], ("email".to_owned(), b"a@b.c".to_vec()));
        assert_eq!(parts[1], ("idImage".to_owned(), picture.bytes().to_vec()));
    }

    #[test]
    fn a_field_that_holds_a_boundary_ends_no_part() {
        let (first, _) = Form::default().field("cf1", "x").finish();
        let value = format!("\r\n--{}--\r\n", first.rsplit('=').next().expect("boundary"));
        let (content_type, body) = Form::default().field("cf1", &value).finish();
        assert_eq!(parts(&content_type, &body), [("cf1".to_owned(), value.into_bytes())]);
    }

    proptest! {
        #[test]
        fn every_field_comes_out_as_it_went_in(values in proptest::collection::vec("(?s).{0,60}", 0..6)) {
            let mut form = Form::default();
            for value in &values {
                form.field("cf1", value);
            }
            let (content_type, body) = form.finish();
            let read: Vec<Vec<u8>> = parts(&content_type, &body).into_iter().map(|part| part.1).collect();
            let sent: Vec<Vec<u8>> = values.into_iter().map(String::into_bytes).collect();
            prop_assert_eq!(read, sent);
        }
    }
}
