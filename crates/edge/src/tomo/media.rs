//! Pictures of a result. Their addresses come in an answer and take the access token: it goes to the client's own host
//! only.

use super::client::{AccessToken, Client, refusal};
use super::kyc::Media;
use crate::error::{Error, ErrorKind};
use crate::http::{Request, Response, trusted_url};

/// Largest picture read, in bytes: that of a large photograph.
pub const MAX_MEDIA_BYTES: usize = 16 * 1024 * 1024;

impl Client {
    /// The request for a picture. Fails with [`ErrorKind::UrlInvalid`] on an address of another host: the access token
    /// is for this one.
    pub fn media_request(&self, token: &AccessToken, media: &Media) -> Result<Request, Error> {
        let url = trusted_url(&media.url)?;
        if url.origin() != self.base_url().origin() {
            return Err(Error::new(ErrorKind::UrlInvalid, "a picture at another host than the client's"));
        }
        Ok(self.get(url, token))
    }

    /// The bytes in the answer to [`Self::media_request`].
    pub fn read_media(&self, response: &Response) -> Result<Vec<u8>, Error> {
        if response.status != 200 {
            return Err(refusal(response));
        }
        if response.body.len() > MAX_MEDIA_BYTES {
            return Err(Error::new(ErrorKind::ResponseTooLarge, "a picture over 16 MiB"));
        }
        Ok(response.body.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;

    #[test]
    fn the_access_token_goes_to_the_clients_own_host_only() {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        let client = Client::new("https://sandbox.example", "client-1", key).expect("client");
        let body = br#"{"access_token":"t0","token_type":"Bearer","expires_in":600}"#.to_vec();
        let token = client.read_token(&Response { status: 200, body }).expect("token");
        let media = |url: &str| Media { kind: "selfie_image".into(), url: url.into() };
        let request = client
            .media_request(&token, &media("https://sandbox.example/v1/idv/media/a/b"))
            .expect("request");
        assert!(request.headers.contains(&("authorization", "Bearer t0".into())));
        for other in
            ["https://sandbox.example.evil/x", "http://sandbox.example/x", "https://sandbox.example:444/x"]
        {
            let error = client.media_request(&token, &media(other)).expect_err(other);
            assert_eq!(error.kind(), ErrorKind::UrlInvalid, "{other}");
        }
        let gone = client.read_media(&Response { status: 404, body: Vec::new() }).expect_err("gone");
        assert_eq!(gone.status(), Some(404));
        let read = client.read_media(&Response { status: 200, body: vec![0xff, 0xd8] }).expect("reads");
        assert_eq!(read, [0xff, 0xd8]);
    }
}
