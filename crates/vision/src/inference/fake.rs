//! A stand-in for a network: a function from the input to the outputs.

use super::{Model, Tensor};
use crate::error::Error;

/// The function.
type Answer = Box<dyn FnMut(&[f32]) -> Vec<Tensor> + Send>;

/// A model that answers by a function.
pub(crate) struct FakeModel {
    shape: Vec<usize>,
    answer: Answer,
}

impl FakeModel {
    /// A model with input `shape` that answers by `answer`.
    pub(crate) fn new(shape: &[usize], answer: impl FnMut(&[f32]) -> Vec<Tensor> + Send + 'static) -> Self {
        Self { shape: shape.to_vec(), answer: Box::new(answer) }
    }
}

impl Model for FakeModel {
    fn input_shape(&self) -> &[usize] {
        &self.shape
    }

    fn run(&mut self, input: &[f32]) -> Result<Vec<Tensor>, Error> {
        assert_eq!(input.len(), self.shape.iter().product::<usize>(), "the input fits the shape");
        Ok((self.answer)(input))
    }
}
