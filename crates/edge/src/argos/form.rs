//! The vendor's own form: the link that opens it, and the URL that it returns to.
//!
//! Rule: a return is a hint, as a webhook is: anyone can make one. It gives no status.

use super::client::Client;
use super::codes::FormErrorCode;
use super::fields::{CustomFields, Email, SubmissionId, Text};
use crate::error::{Error, ErrorKind};
use crate::http::Request;
use std::fmt;
use url::Url;

/// The form.
pub const FORM_URL: &str = "https://form.argosidentity.com/";

/// A link to the form. Left out are the parameters that must be encrypted in ways that are not public, and
/// the options that would be safe only then: put those into step1's `customOptions`.
#[derive(Clone, Debug)]
pub struct FormLink {
    /// The project (`pid`).
    pub project: Text,
    /// The visitor's address.
    pub email: Option<Email>,
    /// A submission to go on with (`sid`).
    pub submission_id: Option<SubmissionId>,
    /// The customer's own fields.
    pub custom: CustomFields,
    /// Private mode: a token that dies three minutes after its first use (`tokenId`).
    pub token_id: Option<Text>,
    /// Language.
    pub lang: Option<Text>,
}

impl FormLink {
    /// The link. It may hold an e-mail address and a token: not for logs.
    pub fn to_url(&self) -> Result<Url, Error> {
        let mut url = Url::parse(FORM_URL)
            .map_err(|_| Error::new(ErrorKind::UrlInvalid, "the form's URL cannot be read"))?;
        let mut query = url.query_pairs_mut();
        query.append_pair("pid", self.project.as_str());
        let own = [
            ("email", self.email.as_ref().map(Email::as_str)),
            ("sid", self.submission_id.as_ref().map(SubmissionId::as_str)),
            ("tokenId", self.token_id.as_ref().map(Text::as_str)),
            ("lang", self.lang.as_ref().map(Text::as_str)),
        ];
        query.extend_pairs(own.into_iter().filter_map(|(name, value)| Some((name, value?))));
        query.extend_pairs(self.custom.pairs());
        drop(query);
        Ok(url)
    }
}

/// What the URL that the form returns to claims. It has no status on purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct FormReturn {
    submission_id: Option<SubmissionId>,
    error: Option<FormErrorCode>,
}

impl FormReturn {
    /// Reads the URL that the visitor came back with. An id that cannot be one is left out.
    pub fn from_url(url: &Url) -> Self {
        let value = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value);
        Self {
            submission_id: value("submissionId").and_then(|id| SubmissionId::new(id).ok()),
            error: value("errorCode").filter(|code| !code.is_empty()).map(|code| FormErrorCode::from(&*code)),
        }
    }

    /// The submission to read.
    pub fn submission_id(&self) -> Option<&SubmissionId> {
        self.submission_id.as_ref()
    }

    /// The error that the return claims. Not a result either.
    pub fn claimed_error(&self) -> Option<&FormErrorCode> {
        self.error.as_ref()
    }

    /// The read that it leads to; `None` where it names no submission.
    pub fn reread_request(&self, client: &Client) -> Option<Result<Request, Error>> {
        self.submission_id.as_ref().map(|id| client.submission_request(id))
    }
}

impl fmt::Debug for FormReturn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormReturn").field("error", &self.error).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::client;

    #[test]
    fn the_link_to_the_form_has_the_published_parameters() {
        let text = |text| Text::new(text).expect("text");
        let link = FormLink {
            project: text("p1"),
            email: Some(Email::new("a@b.c").expect("email")),
            submission_id: Some(SubmissionId::new("s1").expect("id")),
            custom: CustomFields { userid: Some(text("u 1")), cf1: Some(text("1")), ..Default::default() },
            token_id: Some(text("t1")),
            lang: Some(text("ko")),
        };
        let expected =
            "https://form.argosidentity.com/?pid=p1&email=a%40b.c&sid=s1&tokenId=t1&lang=ko&userid=u+1&cf1=1";
        assert_eq!(link.to_url().expect("url").as_str(), expected);
        assert!(!format!("{link:?}").contains("a@b"));
    }

    #[test]
    fn a_return_from_the_form_is_a_hint_without_a_status() {
        let url = "https://shop.example/back?userid=u1&cf1=1&email=a%40b.c&submissionId=s1&kycStatus=approved\
                   &errorCode=PV-40018";
        let back = FormReturn::from_url(&Url::parse(url).expect("url"));
        assert_eq!(back.submission_id().map(SubmissionId::as_str), Some("s1"));
        assert_eq!(back.claimed_error(), Some(&FormErrorCode::Pv(40_018)));
        assert_eq!(format!("{back:?}"), "FormReturn { error: Some(PV-40018), .. }");
        let request = back.reread_request(&client()).expect("a submission").expect("request");
        assert!(request.url.as_str().ends_with("submission?submission_id=s1"));
        let bare = Url::parse("https://shop.example/back?submissionId=a/b&errorCode=").expect("url");
        let back = FormReturn::from_url(&bare);
        assert!(back.submission_id().is_none() && back.claimed_error().is_none());
        assert!(back.reread_request(&client()).is_none());
    }
}
