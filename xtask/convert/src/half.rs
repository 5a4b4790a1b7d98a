//! Weights as 16-bit floats. The browser downloads half the bytes and widens them again while it loads.

use anyhow::Context;
use std::io::{Cursor, Read};
use tract_nnef::internal::{DatumType, Tensor};
use tract_nnef::tensors::{read_tensor, write_tensor};

/// Tensors of more values than this are stored as 16-bit floats; shorter ones are scalars, axes and limits,
/// where rounding costs more than it saves.
const MIN_VALUES: usize = 64;

/// The NNEF container `tar` with its large 32-bit tensors as 16-bit ones.
pub fn halve(tar: &[u8]) -> anyhow::Result<Vec<u8>> {
    with_tensors(tar, |tensor| {
        let large = tensor.datum_type() == DatumType::F32 && tensor.len() > MIN_VALUES;
        Ok(if large { tensor.cast_to_dt(DatumType::F16)?.into_owned() } else { tensor })
    })
}

/// The container `tar` with its 16-bit tensors as 32-bit ones, as the engine reads it.
pub fn widen(tar: &[u8]) -> anyhow::Result<Vec<u8>> {
    with_tensors(tar, |tensor| {
        let half = tensor.datum_type() == DatumType::F16;
        Ok(if half { tensor.cast_to_dt(DatumType::F32)?.into_owned() } else { tensor })
    })
}

fn with_tensors(tar: &[u8], change: impl Fn(Tensor) -> anyhow::Result<Tensor>) -> anyhow::Result<Vec<u8>> {
    let mut out = tar::Builder::new(Vec::new());
    for entry in tar::Archive::new(tar).entries()? {
        let mut entry = entry?;
        let path = entry.path()?.into_owned();
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        if path.extension().is_some_and(|extension| extension == "dat") {
            let tensor = read_tensor(Cursor::new(&content)).with_context(|| path.display().to_string())?;
            content.clear();
            write_tensor(&mut content, &change(tensor)?)?;
        }
        let mut header = entry.header().clone();
        header.set_size(content.len() as u64);
        out.append_data(&mut header, &path, content.as_slice())?;
    }
    Ok(out.into_inner()?)
}
