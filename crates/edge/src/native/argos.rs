//! An Argos KYC client that sends its requests.

use super::RunnerParams;
use super::transport::{MinTls, Transport};
use crate::argos::{
    AddressCodes, AddressQuery, ApplicantId, Client, Deleted, ImageType, MAX_FILE_BYTES, MAX_JSON_BYTES,
    ResourceId, Step1, Step1Answer, Step2, Step2Answer, Submission, SubmissionId, SubmissionPage,
    SubmissionQuery, VendorFile,
};
use crate::error::Error;
use crate::http::{Request, Response};
use crate::retry::Repeat;

/// An Argos KYC client that sends its requests. Clones share connections.
#[derive(Clone, Debug)]
pub struct ArgosRunner {
    client: Client,
    transport: Transport,
}

impl ArgosRunner {
    /// A runner of `client`. TLS 1.2 or newer, by ring; redirects are not followed.
    pub fn new(client: Client, params: &RunnerParams) -> Result<Self, Error> {
        Ok(Self { client, transport: Transport::new(params, MinTls::V1_2)? })
    }

    /// The client whose requests are sent.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Sends the document. Sent again only if it never left: each arrival may use up a try.
    pub async fn step1(&self, step: &Step1) -> Result<Step1Answer, Error> {
        let build = || self.client.step1_request(step);
        self.run(Repeat::UnsentOnly, MAX_JSON_BYTES, build, |answer| self.client.read_step1(answer)).await
    }

    /// Sends the face and the data. Sent again only if it never left: each arrival may use up a try.
    pub async fn step2(&self, step: &Step2) -> Result<Step2Answer, Error> {
        let build = || self.client.step2_request(step);
        self.run(Repeat::UnsentOnly, MAX_JSON_BYTES, build, |answer| self.client.read_step2(answer)).await
    }

    /// A page of submissions.
    pub async fn list(&self, query: &SubmissionQuery) -> Result<SubmissionPage, Error> {
        let build = || self.client.list_request(query);
        self.run(Repeat::Safe, MAX_JSON_BYTES, build, |answer| self.client.read_list(query, answer)).await
    }

    /// One submission.
    pub async fn submission(&self, id: &SubmissionId) -> Result<Option<Submission>, Error> {
        let build = || self.client.submission_request(id);
        self.run(Repeat::Safe, MAX_JSON_BYTES, build, |answer| self.client.read_submission(id, answer)).await
    }

    /// The approved submissions of one person.
    pub async fn applicant(&self, id: &ApplicantId) -> Result<Vec<Submission>, Error> {
        let build = || self.client.applicant_request(id);
        self.run(Repeat::Safe, MAX_JSON_BYTES, build, |answer| self.client.read_applicant(id, answer)).await
    }

    /// An image of a submission.
    pub async fn image(&self, id: &SubmissionId, image: &ImageType) -> Result<VendorFile, Error> {
        let build = || self.client.image_request(id, image);
        self.run(Repeat::Safe, MAX_FILE_BYTES, build, |answer| self.client.read_image(answer)).await
    }

    /// A screening report.
    pub async fn aml_report(&self, id: &ResourceId) -> Result<VendorFile, Error> {
        let build = || self.client.aml_report_request(id);
        self.run(Repeat::Safe, MAX_FILE_BYTES, build, |answer| self.client.read_aml_report(answer)).await
    }

    /// The codes of an address. A look-up, though a POST: it may be sent again.
    pub async fn address_code(&self, query: &AddressQuery) -> Result<AddressCodes, Error> {
        let build = || self.client.address_code_request(query);
        self.run(Repeat::Safe, MAX_JSON_BYTES, build, |answer| self.client.read_address_code(answer)).await
    }

    /// Deletes a submission for good. Sent again only if it never left: a second one answers that there is
    /// none.
    pub async fn delete(&self, id: &SubmissionId) -> Result<Deleted, Error> {
        let build = || self.client.delete_request(id);
        self.run(Repeat::UnsentOnly, MAX_JSON_BYTES, build, |answer| self.client.read_delete(id, answer))
            .await
    }

    async fn run<T>(
        &self,
        repeat: Repeat,
        limit: usize,
        build: impl Fn() -> Result<Request, Error>,
        read: impl FnOnce(&Response) -> Result<T, Error>,
    ) -> Result<T, Error> {
        self.transport.send(repeat, limit, build).await?.read(read)
    }
}
