//! The Argos client.

use super::dto::options;
use super::{Answer, Call, argos_input, argos_output, thrown};
use crate::argos::{
    ApiKey, ApplicantId, Client, Environment, FileFormat, ImageType, MAX_FILE_BYTES, MAX_JSON_BYTES,
    ResourceId, SubmissionId, VendorFile, WebhookHint,
};
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response};
use crate::retry::Repeat;
use crate::runner;
use serde::Deserialize;
use serde_json::json;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// A client of Argos.
#[wasm_bindgen]
#[allow(missing_debug_implementations)]
pub struct ArgosClient {
    client: Rc<Client>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClientDto {
    environment: EnvironmentDto,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EnvironmentDto {
    Named(String),
    Own {
        #[serde(rename = "baseUrl")]
        base_url: String,
    },
}

fn client(json: &str, api_key: String) -> Result<Client, Error> {
    // The key is taken first: then it is wiped whatever the options are.
    let key = ApiKey::new(api_key);
    let environment = match options::<ClientDto>(json)?.environment {
        EnvironmentDto::Named(name) if name == "production" => Environment::Production,
        EnvironmentDto::Named(_) => {
            let why = "environment is neither production nor { baseUrl }";
            return Err(Error::new(ErrorKind::RequestInvalid, why));
        }
        EnvironmentDto::Own { base_url } => Environment::own(&base_url)?,
    };
    Client::new(&environment, key?)
}

#[wasm_bindgen]
impl ArgosClient {
    /// A client of the options' environment.
    #[wasm_bindgen(constructor)]
    pub fn new(json: &str, api_key: String) -> Result<ArgosClient, JsValue> {
        Ok(Self { client: Rc::new(client(json, api_key).map_err(thrown)?) })
    }

    /// The call that sends the document.
    pub fn step1(
        &self,
        json: &str,
        id_image: Vec<u8>,
        id_back_image: Option<Vec<u8>>,
    ) -> Result<Call, JsValue> {
        let step = argos_input::step1(json, id_image, id_back_image).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            MAX_JSON_BYTES,
            move |client| client.step1_request(&step),
            |client, response| Ok(argos_output::step1(&client.read_step1(response)?).into()),
        ))
    }

    /// The call that sends the face and the data.
    pub fn step2(
        &self,
        json: &str,
        face_image: Vec<u8>,
        address_image: Option<Vec<u8>>,
    ) -> Result<Call, JsValue> {
        let step = argos_input::step2(json, face_image, address_image).map_err(thrown)?;
        Ok(self.call(
            Repeat::UnsentOnly,
            MAX_JSON_BYTES,
            move |client| client.step2_request(&step),
            |client, response| Ok(argos_output::step2(&client.read_step2(response)?).into()),
        ))
    }

    /// The call for a page of submissions.
    pub fn list(&self, json: &str) -> Result<Call, JsValue> {
        let query = argos_input::list(json).map_err(thrown)?;
        let asked = query.clone();
        Ok(self.call(
            Repeat::Safe,
            MAX_JSON_BYTES,
            move |client| client.list_request(&asked),
            move |client, response| Ok(argos_output::page(&client.read_list(&query, response)?).into()),
        ))
    }

    /// The call for one submission: null where there is none.
    pub fn submission(&self, id: String) -> Result<Call, JsValue> {
        let id = SubmissionId::new(id).map_err(thrown)?;
        let asked = id.clone();
        Ok(self.call(
            Repeat::Safe,
            MAX_JSON_BYTES,
            move |client| client.submission_request(&asked),
            move |client, response| {
                let found = client.read_submission(&id, response)?;
                Ok(json!(found.as_ref().map(argos_output::submission)).into())
            },
        ))
    }

    /// The call for the approved submissions of one person.
    pub fn applicant(&self, id: String) -> Result<Call, JsValue> {
        let id = ApplicantId::new(id).map_err(thrown)?;
        let asked = id.clone();
        Ok(self.call(
            Repeat::Safe,
            MAX_JSON_BYTES,
            move |client| client.applicant_request(&asked),
            move |client, response| {
                Ok(json!(argos_output::submissions(&client.read_applicant(&id, response)?)).into())
            },
        ))
    }

    /// The call for an image of a submission.
    pub fn image(&self, id: String, image: &str) -> Result<Call, JsValue> {
        let (id, image) = (SubmissionId::new(id).map_err(thrown)?, ImageType::from(image));
        Ok(self.call(
            Repeat::Safe,
            MAX_FILE_BYTES,
            move |client| client.image_request(&id, &image),
            |client, response| Ok(file(client.read_image(response)?)),
        ))
    }

    /// The call for a screening report.
    pub fn aml_report(&self, id: String) -> Result<Call, JsValue> {
        let id = ResourceId::new(id).map_err(thrown)?;
        Ok(self.call(
            Repeat::Safe,
            MAX_FILE_BYTES,
            move |client| client.aml_report_request(&id),
            |client, response| Ok(file(client.read_aml_report(response)?)),
        ))
    }

    /// The call for the codes of an address.
    pub fn address_code(&self, json: &str) -> Result<Call, JsValue> {
        let query = argos_input::address_query(json).map_err(thrown)?;
        Ok(self.call(
            Repeat::Safe,
            MAX_JSON_BYTES,
            move |client| client.address_code_request(&query),
            |client, response| Ok(argos_output::address(&client.read_address_code(response)?).into()),
        ))
    }

    /// The call that deletes a submission for good.
    pub fn delete(&self, id: String) -> Result<Call, JsValue> {
        let id = SubmissionId::new(id).map_err(thrown)?;
        let asked = id.clone();
        Ok(self.call(
            Repeat::UnsentOnly,
            MAX_JSON_BYTES,
            move |client| client.delete_request(&asked),
            move |client, response| {
                client.read_delete(&id, response)?;
                Ok(json!("deleted").into())
            },
        ))
    }

    fn call(
        &self,
        repeat: Repeat,
        limit: usize,
        build: impl Fn(&Client) -> Result<Request, Error> + 'static,
        read: impl Fn(&Client, &Response) -> Result<Answer, Error> + 'static,
    ) -> Call {
        let (client, reader) = (self.client.clone(), self.client.clone());
        Call::new(runner::Call::new(
            repeat,
            limit,
            move |_| build(&client),
            move |response, _| read(&reader, response),
        ))
    }
}

fn file(file: VendorFile) -> Answer {
    let format = match file.format {
        FileFormat::Jpeg => "jpeg",
        FileFormat::Png => "png",
        FileFormat::Pdf => "pdf",
    };
    Answer { json: json!({ "format": format }), bytes: Some(file.bytes.to_vec()) }
}

/// What a webhook tells without being believed.
#[wasm_bindgen]
pub fn read_webhook(body: &[u8]) -> Result<String, JsValue> {
    Ok(argos_output::webhook(&WebhookHint::read(body).map_err(thrown)?).to_string())
}
