//! What came in a form: text fields and pictures.
//!
//! In: a multipart body. Out: a [`Form`]. Rule: a picture over 2 MB is 413, whatever else is wrong; a body that is no
//! form is refused with the vendor's sentence; an empty field counts as absent.

use super::refusal::{Refused, message};
use super::{MAX_PICTURES, MAX_TEXT_BYTES};
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError, MultipartRejection};
use axum::http::StatusCode;
use idv_edge::argos::{MAX_PICTURE_BYTES, PictureFormat, Text};
use std::collections::BTreeMap;

/// Fields of one form at most: the contract names some twenty.
const MAX_FIELDS: usize = 40;

/// A form. No `Debug`: all of it is personal data.
pub(super) struct Form {
    fields: BTreeMap<String, String>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Form {
    /// Reads a form.
    pub(super) async fn read(body: Result<Multipart, MultipartRejection>) -> Result<Self, Refused> {
        let mut body = body.map_err(|_| unreadable())?;
        let mut form = Self { fields: BTreeMap::new(), files: BTreeMap::new() };
        let (mut text_bytes, mut too_large) = (0, false);
        while let Some(field) = body.next_field().await.map_err(broken)? {
            let name = field.name().unwrap_or_default().to_owned();
            if form.fields.len() + form.files.len() >= MAX_FIELDS {
                return Err(unreadable());
            }
            if field.file_name().is_some() || is_picture(&name) {
                let Some(bytes) = limited(field, MAX_PICTURE_BYTES).await? else {
                    too_large = true;
                    continue;
                };
                if form.files.len() >= MAX_PICTURES {
                    return Err(unreadable());
                }
                form.files.insert(name, bytes);
            } else {
                let bytes = limited(field, MAX_TEXT_BYTES).await?.ok_or_else(unreadable)?;
                text_bytes += bytes.len();
                if text_bytes > MAX_TEXT_BYTES {
                    return Err(unreadable());
                }
                let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
                form.fields.insert(name, text);
            }
        }
        if too_large { Err(Refused::too_large()) } else { Ok(form) }
    }

    /// A text field that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A text field of one line of at most 256 characters.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, Refused> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = Text::new(value).map_err(|_| unreadable())?;
        Ok(Some(text.as_str().to_owned()))
    }

    /// Whether a file of this name came, whatever it is.
    pub(super) fn has_file(&self, name: &str) -> bool {
        self.files.contains_key(name)
    }

    /// A file that begins as a JPEG or PNG does, taken out of the form.
    pub(super) fn take_picture(&mut self, name: &str) -> Option<Vec<u8>> {
        self.files.remove(name).filter(|bytes| PictureFormat::of(bytes).is_some())
    }

    /// The names of `needed` that did not come.
    pub(super) fn missing<'a>(&self, needed: &[&'a str]) -> Vec<&'a str> {
        needed.iter().copied().filter(|name| self.get(name).is_none()).collect()
    }
}

/// Fields that are pictures, also where a client forgets the file name.
fn is_picture(name: &str) -> bool {
    ["idImage", "idBackImage", "faceImage", "addressImage"].contains(&name)
}

/// The bytes of a field; `None` where there are more than `limit`. It is read to its end all the same, so that the
/// client hears the answer and no broken connection.
async fn limited(mut field: Field<'_>, limit: usize) -> Result<Option<Vec<u8>>, Refused> {
    let mut bytes = Some(Vec::new());
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes = bytes.filter(|held| held.len() + chunk.len() <= limit);
        if let Some(held) = &mut bytes {
            held.extend_from_slice(&chunk);
        }
    }
    Ok(bytes)
}

fn broken(error: MultipartError) -> Refused {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Refused::too_large() } else { unreadable() }
}

fn unreadable() -> Refused {
    Refused::bad(message::INPUT_UNREADABLE)
}
