//! WebCrypto: the device key, and sealing. In: bytes to sign and to seal. Out: compact JWS and JWE. Rule: the private key
//! cannot be read, not even by this page; everything waits, so that the page is never blocked.

use crate::browser::{self, member};
use crate::submission::ToSign;
use idv_protocol::seal::{DeviceKeyClaims, Jwk};
use idv_seal::jose::{
    IV_BYTES, SealTo, compact_jwe, compact_jws, device_key_input, evidence_input, jwk_of_point, point_of_jwk,
    thumbprint,
};
use idv_seal::kdf::content_key;
use js_sys::{Array, Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

/// Bits that ECDH on P-256 agrees on.
const SHARED_BITS: u32 = 256;

/// A key that signs for this device. It lives as long as the page.
pub struct DeviceKey {
    private: CryptoKey,
    jwk: Jwk,
    thumbprint: String,
}

impl DeviceKey {
    /// Makes a key. `None` where the browser has no WebCrypto: pages that are not served over HTTPS.
    pub async fn make() -> Option<Self> {
        Self::try_make().await.ok()
    }

    async fn try_make() -> Result<Self, JsValue> {
        let pair = key_pair("ECDSA", &["sign", "verify"]).await?;
        let jwk = pair.jwk().await?;
        let thumbprint = thumbprint(&jwk).ok_or(JsValue::UNDEFINED)?;
        Ok(Self { private: pair.private, jwk, thumbprint })
    }

    /// Its public half.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// The compact JWS over `what`.
    pub async fn sign(&self, what: &ToSign) -> Result<String, JsValue> {
        let input = match what {
            ToSign::DeviceKey { session_id, nonce } => {
                let claims = DeviceKeyClaims {
                    session_id: session_id.clone(),
                    nonce: nonce.clone(),
                    thumbprint: self.thumbprint.clone(),
                };
                device_key_input(&self.jwk, &claims)
            }
            ToSign::Evidence(json) => evidence_input(&self.thumbprint, json),
        };
        let input = input.ok_or(JsValue::UNDEFINED)?;
        let how = object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())])?;
        let data = Uint8Array::from(input.as_bytes());
        let signature = subtle()?.sign_with_object_and_buffer_source(&how, &self.private, &data)?;
        Ok(compact_jws(&input, &bytes(signature).await?))
    }
}

/// Seals `bytes` with a key of their own.
pub async fn seal(to: &SealTo, plain: &[u8]) -> Result<String, JsValue> {
    let subtle = subtle()?;
    let point = point_of_jwk(&to.verifier).ok_or(JsValue::UNDEFINED)?;
    let curve = object(&[("name", "ECDH".into()), ("namedCurve", "P-256".into())])?;
    let point = Uint8Array::from(&point[..]);
    let verifier = subtle.import_key_with_object("raw", &point, &curve, false, &Array::new())?;
    let verifier = JsFuture::from(verifier).await?;
    let pair = key_pair("ECDH", &["deriveBits"]).await?;
    let protected = to.protected(pair.jwk().await?).ok_or(JsValue::UNDEFINED)?;
    let agree = object(&[("name", "ECDH".into()), ("public", verifier)])?;
    let shared = bytes(subtle.derive_bits_with_object(&agree, &pair.private, SHARED_BITS)?).await?;
    let raw = Uint8Array::from(&content_key(&shared)[..]);
    let usages = Array::of1(&"encrypt".into());
    let key = subtle.import_key_with_str("raw", &raw, "AES-GCM", false, &usages)?;
    let key: CryptoKey = JsFuture::from(key).await?.dyn_into()?;
    let iv = browser::random_bytes::<IV_BYTES>().ok_or(JsValue::UNDEFINED)?;
    let how = object(&[
        ("name", "AES-GCM".into()),
        ("iv", Uint8Array::from(&iv[..]).into()),
        ("additionalData", Uint8Array::from(protected.as_bytes()).into()),
    ])?;
    let data = Uint8Array::from(plain);
    let sealed = bytes(subtle.encrypt_with_object_and_buffer_source(&how, &key, &data)?).await?;
    Ok(compact_jwe(&protected, &iv, &sealed))
}

/// SHA-256 of a text, lower-case hex.
pub async fn sha256(text: &str) -> Result<String, JsValue> {
    let data = Uint8Array::from(text.as_bytes());
    Ok(hex::encode(bytes(subtle()?.digest_with_str_and_buffer_source("SHA-256", &data)?).await?))
}

/// A pair of keys on P-256.
struct Pair {
    private: CryptoKey,
    public: CryptoKey,
}

impl Pair {
    async fn jwk(&self) -> Result<Jwk, JsValue> {
        let point = bytes(subtle()?.export_key("raw", &self.public)?).await?;
        jwk_of_point(&point).ok_or(JsValue::UNDEFINED)
    }
}

/// Makes a pair; its private half cannot be read.
async fn key_pair(name: &str, usages: &[&str]) -> Result<Pair, JsValue> {
    let how = object(&[("name", name.into()), ("namedCurve", "P-256".into())])?;
    let usages: Array = usages.iter().map(|usage| JsValue::from_str(usage)).collect();
    let pair = JsFuture::from(subtle()?.generate_key_with_object(&how, false, &usages)?).await?;
    let half = |name: &str| member(&pair, name).dyn_into::<CryptoKey>();
    Ok(Pair { private: half("privateKey")?, public: half("publicKey")? })
}

fn subtle() -> Result<SubtleCrypto, JsValue> {
    let crypto = browser::window().ok_or(JsValue::UNDEFINED)?.crypto()?;
    // Absent where the page is not served over HTTPS.
    member(&crypto, "subtle").dyn_into()
}

async fn bytes(promise: Promise) -> Result<Vec<u8>, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(promise).await?).to_vec())
}

fn object(members: &[(&str, JsValue)]) -> Result<Object, JsValue> {
    let object = Object::new();
    for (name, value) in members {
        Reflect::set(&object, &JsValue::from_str(name), value)?;
    }
    Ok(object)
}
