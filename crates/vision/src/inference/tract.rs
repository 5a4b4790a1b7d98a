//! The tract backend: NNEF containers, in one thread.

use super::halve::fuse_halving;
use super::prelu::fuse_prelu;
use super::{Model, Tensor};
use crate::error::{Error, ErrorKind};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use tract_nnef::internal::{
    DatumType, Framework, IntoRunnable, Nnef, Resource, ResourceLoader, StaticName, TValue, TractResult, tvec,
};
use tract_nnef::prelude::{Tensor as TractTensor, TypedSimpleState};
use tract_nnef::resource::resource_path_to_id;
use tract_nnef::tensors::read_tensor;

/// A network that runs in tract.
pub struct TractModel {
    state: TypedSimpleState,
    shape: Vec<usize>,
    /// The input, shared with the engine while it runs and reused from run to run.
    input: Arc<TractTensor>,
}

impl TractModel {
    /// Reads an NNEF container whose large weights may be 16-bit floats. Fails with
    /// [`ErrorKind::ModelUnreadable`].
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Error> {
        Self::prepare(bytes).map_err(|error| {
            Error::new(ErrorKind::ModelUnreadable, format!("the model file cannot be read: {error:#}"))
        })
    }

    fn prepare(mut bytes: &[u8]) -> TractResult<Self> {
        let mut nnef: Nnef = tract_nnef::nnef();
        nnef.resource_loaders.insert(0, Box::new(WideningLoader));
        let mut model = nnef.model_for_read(&mut bytes)?.into_decluttered()?;
        fuse_prelu(&mut model)?;
        fuse_halving(&mut model)?;
        let fact = model.input_fact(0)?.clone();
        let shape = fact.shape.as_concrete().map(<[usize]>::to_vec).unwrap_or_default();
        let input = Arc::new(TractTensor::zero::<f32>(&shape)?);
        let state = model.into_optimized()?.into_runnable()?.spawn()?;
        Ok(Self { state, shape, input })
    }

    fn infer(&mut self, values: &[f32]) -> TractResult<Vec<Tensor>> {
        if Arc::get_mut(&mut self.input).is_none() {
            self.input = Arc::new(TractTensor::zero::<f32>(&self.shape)?);
        }
        if let Some(input) = Arc::get_mut(&mut self.input) {
            input.try_as_plain_ram_mut()?.as_slice_mut::<f32>()?.copy_from_slice(values);
        }
        let outputs = self.state.run(tvec![TValue::from_const(self.input.clone())])?;
        outputs
            .iter()
            .map(|output| {
                let values = output.try_as_plain_ram()?.as_slice::<f32>()?.to_vec();
                Ok(Tensor { shape: output.shape().to_vec(), values })
            })
            .collect()
    }
}

impl Model for TractModel {
    fn input_shape(&self) -> &[usize] {
        &self.shape
    }

    fn run(&mut self, input: &[f32]) -> Result<Vec<Tensor>, Error> {
        let expected = self.shape.iter().product::<usize>();
        if input.len() != expected {
            return Err(Error::new(
                ErrorKind::Inference,
                format!("the model takes {expected} values, got {}", input.len()),
            ));
        }
        self.infer(input)
            .map_err(|error| Error::new(ErrorKind::Inference, format!("the model failed: {error:#}")))
    }
}

/// Reads the tensors of a container, 16-bit floats as 32-bit ones, which is what the operators compute in.
struct WideningLoader;

impl ResourceLoader for WideningLoader {
    fn name(&self) -> StaticName {
        "WideningLoader".into()
    }

    fn try_load(
        &self,
        path: &Path,
        reader: &mut dyn Read,
        _: &Nnef,
    ) -> TractResult<Option<(String, Arc<dyn Resource>)>> {
        if path.extension().is_none_or(|extension| extension != "dat") {
            return Ok(None);
        }
        let mut tensor = read_tensor(reader)?;
        if tensor.datum_type() == DatumType::F16 {
            tensor = tensor.cast_to_dt(DatumType::F32)?.into_owned();
        }
        Ok(Some((resource_path_to_id(path)?, Arc::new(tensor))))
    }
}
