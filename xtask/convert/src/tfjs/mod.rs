//! TensorFlow.js graph models, as ONNX. In: the model's JSON and its weights. Out: an ONNX graph in NCHW order
//! with batch 1. Rule: an operator or an attribute that is not known here stops the conversion.

mod graph;
mod onnx;

use anyhow::{Context, bail, ensure};
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;
use tract_onnx::pb::ModelProto;

/// The part of the JSON that is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    model_topology: Topology,
    weights_manifest: Vec<Group>,
}

#[derive(Deserialize)]
struct Topology {
    node: Vec<Node>,
}

/// One operator of the graph.
#[derive(Deserialize)]
struct Node {
    name: String,
    op: String,
    #[serde(default)]
    input: Vec<String>,
    #[serde(default)]
    attr: Value,
}

#[derive(Deserialize)]
struct Group {
    weights: Vec<Weight>,
}

#[derive(Deserialize)]
struct Weight {
    name: String,
    shape: Vec<usize>,
    dtype: String,
    quantization: Option<Quantization>,
}

#[derive(Deserialize)]
struct Quantization {
    dtype: String,
}

/// A constant, in TensorFlow's order of axes. Integers are held as floats: they are axes and paddings.
#[derive(Clone)]
struct Constant {
    shape: Vec<usize>,
    values: Vec<f32>,
}

/// The ONNX graph of the model in `json` with `weights`, up to `outputs`, in that order.
pub fn to_onnx(json: &[u8], weights: &[u8], outputs: &[String]) -> anyhow::Result<ModelProto> {
    let file: File = serde_json::from_slice(json).context("reading the model's JSON")?;
    let constants = read_weights(&file.weights_manifest, weights)?;
    graph::translate(&file.model_topology.node, &constants, outputs)
}

fn read_weights(groups: &[Group], bytes: &[u8]) -> anyhow::Result<HashMap<String, Constant>> {
    let mut constants = HashMap::new();
    let mut rest = bytes;
    for weight in groups.iter().flat_map(|group| &group.weights) {
        let count = weight.shape.iter().product::<usize>();
        let stored = weight.quantization.as_ref().map_or(weight.dtype.as_str(), |q| q.dtype.as_str());
        let width = if stored == "float16" { 2 } else { 4 };
        let (own, after) = rest
            .split_at_checked(count * width)
            .with_context(|| format!("the weights end before {}", weight.name))?;
        rest = after;
        let values = match stored {
            "float16" => own.as_chunks().0.iter().map(|b| half_to_f32(u16::from_le_bytes(*b))).collect(),
            "float32" => own.as_chunks().0.iter().map(|b| f32::from_le_bytes(*b)).collect(),
            "int32" => own.as_chunks().0.iter().map(|b| i32::from_le_bytes(*b) as f32).collect(),
            other => bail!("weights of type {other}"),
        };
        constants.insert(weight.name.clone(), Constant { shape: weight.shape.clone(), values });
    }
    ensure!(rest.is_empty(), "{} bytes follow the last weight", rest.len());
    Ok(constants)
}

/// An IEEE 754 half as a single.
fn half_to_f32(bits: u16) -> f32 {
    let sign = if bits & 0x8000 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        0x1f if fraction == 0.0 => f32::INFINITY,
        0x1f => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_are_read_as_ieee_754_has_them() {
        let cases = [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0001, 2f32.powi(-24)),
            (0x3555, 0.33325195),
        ];
        for (bits, value) in cases {
            assert_eq!(half_to_f32(bits), value, "{bits:#06x}");
        }
    }

    #[test]
    fn weights_that_end_early_are_refused() {
        let group: Group =
            serde_json::from_str(r#"{"weights":[{"name":"w","shape":[2],"dtype":"float32"}]}"#)
                .expect("JSON");
        assert!(read_weights(&[group], &[0; 7]).is_err());
    }
}
