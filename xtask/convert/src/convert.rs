//! Published networks to NNEF, the one format that the engine reads.

use super::half::halve;
use super::manifest::{Format, Model};
use super::tfjs;
use anyhow::{Context, bail, ensure};
use std::io::Cursor;
use tract_nnef::prelude::{Framework, TypedModel};
use tract_onnx::pb::{ModelProto, type_proto::Value};
use tract_onnx::prelude::{DatumExt, InferenceModelExt};

/// The NNEF container of `model`, whose files have the contents `sources`: fixed input, outputs in the
/// manifest's order, batch normalisation folded, large weights as 16-bit floats.
pub fn convert(model: &Model, sources: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
    let typed = match (model.format, sources) {
        (Format::Onnx, [onnx]) => {
            let proto = tract_onnx::onnx().proto_model_for_read(&mut Cursor::new(onnx))?;
            from_onnx(proto, model)?
        }
        (Format::Tfjs, [json, weights]) => from_onnx(tfjs::to_onnx(json, weights, &model.outputs)?, model)?,
        (Format::Tflite, [tflite]) => tract_tflite::tflite().model_for_read(&mut Cursor::new(tflite))?,
        _ => bail!("{:?} does not come as {} files", model.format, sources.len()),
    };
    let typed = typed.into_decluttered()?;
    let shape: Vec<String> = typed.input_fact(0)?.shape.iter().map(|dim| dim.to_string()).collect();
    let expected: Vec<String> = model.input.shape.iter().map(ToString::to_string).collect();
    ensure!(shape == expected, "its input is {shape:?}, but the manifest says {expected:?}");
    let tar = tract_nnef::nnef().write_to_tar_with_config(&typed, Vec::new(), false, true)?;
    halve(&tar)
}

/// Loads `proto` with the manifest's input shape and outputs. What the file says of sizes further inside is
/// ignored: it describes another input.
fn from_onnx(mut proto: ModelProto, model: &Model) -> anyhow::Result<TypedModel> {
    let graph = proto.graph.as_mut().context("the file holds no graph")?;
    graph.value_info.clear();
    graph.output = model
        .outputs
        .iter()
        .map(|name| {
            let mut output = graph.output.iter().find(|output| output.name == *name).cloned();
            if let Some(Value::TensorType(tensor)) =
                output.as_mut().and_then(|output| output.r#type.as_mut()).and_then(|t| t.value.as_mut())
            {
                tensor.shape = None;
            }
            output.with_context(|| format!("the network has no output {name}"))
        })
        .collect::<anyhow::Result<_>>()?;
    let loaded = tract_onnx::onnx()
        .model_for_proto_model(&proto)?
        .with_input_fact(0, f32::fact(&model.input.shape).into())?;
    Ok(loaded.into_typed()?)
}
