//! Networks. In: a model file with its digest, then tensors. Out: tensors. Rule: only this folder names the
//! inference engine, and a file with another digest than its manifest's is never read.

#[cfg(test)]
pub(crate) mod fake;
mod halve;
mod prelu;
mod tract;

pub use tract::TractModel;

use crate::error::{Error, ErrorKind};
use sha2::{Digest, Sha256};

/// Values with their shape, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Size along each axis.
    pub shape: Vec<usize>,
    /// The values; as many as the product of `shape`.
    pub values: Vec<f32>,
}

/// A network with one input of fixed shape.
pub trait Model: Send {
    /// Shape of the input.
    fn input_shape(&self) -> &[usize];

    /// Runs the network on `input`, row-major in [`Self::input_shape`], and gives its outputs in the order of
    /// the model manifest. Fails with [`ErrorKind::Inference`] when `input` has another length.
    fn run(&mut self, input: &[f32]) -> Result<Vec<Tensor>, Error>;
}

/// Reads the model file `bytes`, an NNEF container, after checking that its SHA-256 is `sha256` (lower-case hex).
/// Fails with [`ErrorKind::ModelDigestMismatch`], naming both digests, or [`ErrorKind::ModelUnreadable`].
pub fn load(bytes: &[u8], sha256: &str) -> Result<TractModel, Error> {
    let found = hex::encode(Sha256::digest(bytes));
    if found != sha256 {
        return Err(Error::new(
            ErrorKind::ModelDigestMismatch,
            format!("the model file has SHA-256 {found}, but its manifest says {sha256}"),
        ));
    }
    TractModel::read(bytes)
}

/// Fails with [`ErrorKind::ModelUnreadable`] unless `model` takes `shape`.
pub fn expect_input(model: &dyn Model, shape: &[usize]) -> Result<(), Error> {
    if model.input_shape() == shape {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::ModelUnreadable,
        format!("the model takes {:?}, expected {shape:?}", model.input_shape()),
    ))
}

/// The values of output `index`, which must be `len`. Fails with [`ErrorKind::Inference`] otherwise.
pub fn output(outputs: &[Tensor], index: usize, len: usize) -> Result<&[f32], Error> {
    match outputs.get(index) {
        Some(tensor) if tensor.values.len() == len => Ok(&tensor.values),
        Some(tensor) => Err(Error::new(
            ErrorKind::Inference,
            format!("output {index} of the model has shape {:?}, expected {len} values", tensor.shape),
        )),
        None => Err(Error::new(ErrorKind::Inference, format!("the model has no output {index}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_with_another_digest_is_refused_and_both_digests_are_named() {
        let error = load(b"abc", "0123").err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::ModelDigestMismatch);
        let text = error.to_string();
        assert!(text.contains("0123"), "{text}");
        assert!(text.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), "{text}");
    }

    #[test]
    fn bytes_that_are_no_model_are_unreadable() {
        let digest = hex::encode(Sha256::digest(b"no model"));
        let error = load(b"no model", &digest).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::ModelUnreadable);
    }
}
