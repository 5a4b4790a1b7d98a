//! `GET /submission`, a page of it or one, and `GET /submission/applicant`.

use super::client::{Client, json, not_of_the_contract};
use super::codes::RequestType;
use super::fields::{ApplicantId, Email, SubmissionId, Text, invalid};
use super::item::Submission;
use crate::dates::Date;
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request, Response};
use serde::{Deserialize, Serialize};

/// Most submissions of one page: the legacy default. No page states another maximum.
pub const MAX_COUNT: u32 = 2000;
/// Longest part of a page key, in bytes. This project's own limit.
const MAX_PAGE_KEY_BYTES: usize = 512;

/// What to list; the default is everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubmissionQuery {
    /// Only this customer's user id.
    pub userid: Option<Text>,
    /// Only this address.
    pub email: Option<Email>,
    /// Size of a page, 1 to 2000; the vendor's default is 2000.
    pub count: Option<u32>,
    /// From this day on.
    pub start_date: Option<Date>,
    /// Up to this day.
    pub end_date: Option<Date>,
    /// Only these.
    pub request_type: Option<RequestType>,
    /// Where to go on: from [`SubmissionPage::next`].
    pub page: Option<PageKey>,
}

/// Where the next page begins (`nextpageKey`). `Debug` hides it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageKey {
    id: String,
    created_at: String,
}

impl std::fmt::Debug for PageKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageKey(…)")
    }
}

/// One page of submissions.
#[derive(Clone, Debug, PartialEq)]
pub struct SubmissionPage {
    /// The submissions.
    pub items: Vec<Submission>,
    /// Where the next page begins; `None` on the last.
    pub next: Option<PageKey>,
}

#[derive(Deserialize)]
struct Items {
    #[serde(rename = "Items")]
    items: Vec<Submission>,
    #[serde(default, rename = "nextpageKey")]
    next: Option<PageKey>,
}

impl SubmissionQuery {
    /// The same query for the page after `page`; `None` after the last.
    pub fn after(&self, page: &SubmissionPage) -> Option<Self> {
        page.next.clone().map(|key| Self { page: Some(key), ..self.clone() })
    }
}

impl Client {
    /// The request for a page of submissions. Fails with [`ErrorKind::RequestInvalid`] on a count outside 1
    /// to 2000, a period that ends before it starts, or a request type that no page names.
    pub fn list_request(&self, query: &SubmissionQuery) -> Result<Request, Error> {
        if query.count.is_some_and(|count| !(1..=MAX_COUNT).contains(&count)) {
            return Err(invalid("count is not 1 to 2000"));
        }
        if query.start_date.zip(query.end_date).is_some_and(|(start, end)| end < start) {
            return Err(invalid("end_date is before start_date"));
        }
        if query.request_type.as_ref().is_some_and(|kind| !kind.is_known()) {
            return Err(invalid("request_type is not one of the contract"));
        }
        let count = query.count.map(|count| count.to_string());
        let start = query.start_date.map(Date::to_compact);
        let end = query.end_date.map(Date::to_compact);
        let pairs = [
            ("userid", query.userid.as_ref().map(Text::as_str)),
            ("email", query.email.as_ref().map(Email::as_str)),
            ("count", count.as_deref()),
            ("nextpage_id", query.page.as_ref().map(|key| key.id.as_str())),
            ("nextpage_date", query.page.as_ref().map(|key| key.created_at.as_str())),
            ("start_date", start.as_deref()),
            ("end_date", end.as_deref()),
            ("request_type", query.request_type.as_ref().map(RequestType::as_str)),
        ];
        let pairs: Vec<_> = pairs.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        self.request(Method::Get, "submission", &pairs)
    }

    /// The page in the answer to [`Self::list_request`] with the same `query`. A next page that is this page
    /// is [`ErrorKind::ResponseInvalid`]: following it would never end.
    pub fn read_list(&self, query: &SubmissionQuery, response: &Response) -> Result<SubmissionPage, Error> {
        let Items { items, next } = json(response)?;
        let too_long = |key: &PageKey| key.id.len().max(key.created_at.len()) > MAX_PAGE_KEY_BYTES;
        if next.as_ref().is_some_and(|key| too_long(key) || query.page.as_ref() == Some(key)) {
            return Err(Error::new(ErrorKind::ResponseInvalid, "a next page that cannot be followed"));
        }
        Ok(SubmissionPage { items, next })
    }

    /// The request for one submission.
    pub fn submission_request(&self, id: &SubmissionId) -> Result<Request, Error> {
        self.request(Method::Get, "submission", &[("submission_id", id.as_str())])
    }

    /// The submission in the answer to [`Self::submission_request`] of the same `id`; `None` where there is
    /// none. Another submission than the one asked for is [`ErrorKind::ResponseInvalid`].
    pub fn read_submission(
        &self,
        id: &SubmissionId,
        response: &Response,
    ) -> Result<Option<Submission>, Error> {
        let Items { mut items, .. } = json(response)?;
        let item = items.pop();
        if !items.is_empty() || item.as_ref().is_some_and(|item| item.submission_id != id.as_str()) {
            return Err(Error::new(ErrorKind::ResponseInvalid, "not the submission that was asked for"));
        }
        Ok(item)
    }

    /// The request for the approved submissions of one person.
    pub fn applicant_request(&self, id: &ApplicantId) -> Result<Request, Error> {
        self.request(Method::Get, "submission/applicant", &[("applicant_id", id.as_str())])
    }

    /// The submissions in the answer to [`Self::applicant_request`] of the same `id`: one, or several where
    /// the person submitted again (same name, birth date, nationality, gender and face). That the answer has
    /// the form of a list is inferred. One of another person is [`ErrorKind::ResponseInvalid`].
    pub fn read_applicant(&self, id: &ApplicantId, response: &Response) -> Result<Vec<Submission>, Error> {
        let Items { items, .. } = json(response)?;
        let foreign = |item: &Submission| item.applicant_id.as_deref().is_some_and(|of| of != id.as_str());
        if items.iter().any(foreign) { Err(not_of_the_contract()) } else { Ok(items) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::{answer, client};
    use crate::argos::codes::KycStatus;
    use crate::argos::item::tests::REJECTED;
    use proptest::prelude::*;

    fn id(text: &str) -> SubmissionId {
        SubmissionId::new(text).expect("id")
    }

    #[test]
    fn without_parameters_everything_is_listed() {
        let request = client().list_request(&SubmissionQuery::default()).expect("request");
        assert_eq!((request.method, request.url.query()), (Method::Get, None));
        assert_eq!(request.url.path(), "/v2/submission");
    }

    #[test]
    fn every_filter_has_its_name_and_form() {
        let page = PageKey { id: "p1".into(), created_at: "2022-01-17T02:05:02.309Z".into() };
        let query = SubmissionQuery {
            userid: Some(Text::new("u 1").expect("text")),
            email: Some(Email::new("a@b.c").expect("email")),
            count: Some(50),
            start_date: Some(Date::parse("2022-01-01").expect("date")),
            end_date: Some(Date::parse("2022-01-31").expect("date")),
            request_type: Some(RequestType::Kyc),
            page: Some(page),
        };
        let url = client().list_request(&query).expect("request").url;
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let expected = [
            ("userid", "u 1"),
            ("email", "a@b.c"),
            ("count", "50"),
            ("nextpage_id", "p1"),
            ("nextpage_date", "2022-01-17T02:05:02.309Z"),
            ("start_date", "20220101"),
            ("end_date", "20220131"),
            ("request_type", "kyc"),
        ];
        assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert!(!format!("{query:?}").contains("a@b"));
    }

    #[test]
    fn a_list_that_the_vendor_would_refuse_is_not_asked_for() {
        let date = |text| Some(Date::parse(text).expect("date"));
        let backwards = (date("2022-01-02"), date("2022-01-01"));
        let bad = [
            SubmissionQuery { count: Some(0), ..Default::default() },
            SubmissionQuery { count: Some(MAX_COUNT + 1), ..Default::default() },
            SubmissionQuery { start_date: backwards.0, end_date: backwards.1, ..Default::default() },
            SubmissionQuery { request_type: Some(RequestType::from("all")), ..Default::default() },
        ];
        for query in bad {
            let error = client().list_request(&query).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::RequestInvalid);
        }
    }

    #[test]
    fn pages_are_followed_to_the_last_and_never_in_a_circle() {
        let query = SubmissionQuery { count: Some(1), ..Default::default() };
        let body = format!(r#"{{"Items":[{REJECTED}],"nextpageKey":{{"id":"p1","created_at":"c1"}}}}"#);
        let first = client().read_list(&query, &answer(200, &body)).expect("page");
        assert_eq!(first.items[0].kyc.result, KycStatus::Rejected);
        let second = query.after(&first).expect("a second page");
        assert_eq!((second.count, second.page.is_some()), (Some(1), true));
        let circle = client().read_list(&second, &answer(200, &body)).expect_err("circle");
        assert_eq!(circle.kind(), ErrorKind::ResponseInvalid);
        let last = client().read_list(&second, &answer(200, r#"{"Items":[]}"#)).expect("page");
        assert_eq!(second.after(&last), None);
    }

    #[test]
    fn one_submission_is_the_one_asked_for() {
        let request = client().submission_request(&id("gt7rcxx9l1o")).expect("request");
        assert!(request.url.as_str().ends_with("/v2/submission?submission_id=gt7rcxx9l1o"));
        let one = answer(200, format!(r#"{{"Items":[{REJECTED}]}}"#));
        let read = client().read_submission(&id("gt7rcxx9l1o"), &one).expect("reads").expect("one");
        assert_eq!(read.kyc.result, KycStatus::Rejected);
        assert_eq!(client().read_submission(&id("x"), &answer(200, r#"{"Items":[]}"#)).expect("none"), None);
        let two = answer(200, format!(r#"{{"Items":[{REJECTED},{REJECTED}]}}"#));
        for (asked, response) in [("other", &one), ("gt7rcxx9l1o", &two)] {
            let error = client().read_submission(&id(asked), response).expect_err("another one");
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
        }
    }

    #[test]
    fn an_applicants_submissions_are_of_that_applicant() {
        let applicant = ApplicantId::new("ap1").expect("id");
        let request = client().applicant_request(&applicant).expect("request");
        assert!(request.url.as_str().ends_with("/v2/submission/applicant?applicant_id=ap1"));
        let item = |of: &str| {
            format!(r#"{{"submission_id":"a","applicant_id":"{of}","kyc":{{"result":"approved"}}}}"#)
        };
        let own = answer(200, format!(r#"{{"Items":[{},{}]}}"#, item("ap1"), item("ap1")));
        assert_eq!(client().read_applicant(&applicant, &own).expect("reads").len(), 2);
        let mixed = answer(200, format!(r#"{{"Items":[{},{}]}}"#, item("ap1"), item("ap2")));
        assert!(client().read_applicant(&applicant, &mixed).is_err());
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_page_or_a_typed_error(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let read = client().read_list(&SubmissionQuery::default(), &answer(200, body));
            prop_assert!(read.is_ok() || read.is_err_and(|error| error.kind() == ErrorKind::ResponseInvalid));
        }

        #[test]
        fn a_cut_or_changed_sample_never_panics(
            at in 0_usize..1400, byte in any::<u8>(), cut in any::<bool>(),
        ) {
            let mut body = format!(r#"{{"Items":[{REJECTED}]}}"#).into_bytes();
            let at = at.min(body.len() - 1);
            body[at] = byte;
            if cut {
                body.truncate(at);
            }
            let _ = client().read_submission(&id("gt7rcxx9l1o"), &answer(200, body));
        }
    }
}
