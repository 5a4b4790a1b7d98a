//! Published networks to NNEF, the one format that the engine reads.

use super::half::{halve, widen};
use super::manifest::{Format, Model};
use super::tfjs;
use anyhow::{Context, bail, ensure};
use std::io::Cursor;
use tract_nnef::internal::{IntoRunnable, Tensor, tvec};
use tract_nnef::prelude::{Framework, TypedModel};
use tract_onnx::pb::{ModelProto, type_proto::Value};
use tract_onnx::prelude::{DatumExt, InferenceModelExt};

/// How far 16-bit weights may move an output on noise, over its range. Rounding moves each weight by at most
/// 2^-11 of itself; a wrong layout or a lost operator moves outputs by their whole range.
const MAX_DIFFERENCE_RATIO: f32 = 0.02;

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
    let halved = halve(&tar)?;
    let difference = difference_ratio(typed, &halved, model)?;
    ensure!(
        difference <= MAX_DIFFERENCE_RATIO,
        "its converted outputs differ by {difference} of their range, {MAX_DIFFERENCE_RATIO} is allowed"
    );
    Ok(halved)
}

/// Largest difference between the outputs of `original` and of the converted `tar`, over the range of those of
/// `original`, on one input of noise in the model's range.
fn difference_ratio(original: TypedModel, tar: &[u8], model: &Model) -> anyhow::Result<f32> {
    let converted = tract_nnef::nnef().model_for_read(&mut Cursor::new(widen(tar)?))?;
    let [low, high] = model.input.range;
    let mut state = 1u32;
    let noise: Vec<f32> = (0..model.input.shape.iter().product::<usize>())
        .map(|_| {
            // Numerical Recipes' generator: the same noise on every machine.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            low + (high - low) * (state >> 8) as f32 / (1 << 24) as f32
        })
        .collect();
    let input = Tensor::from_shape(&model.input.shape, &noise)?;
    let run = |network: TypedModel| -> anyhow::Result<Vec<Vec<f32>>> {
        let outputs = network.into_optimized()?.into_runnable()?.run(tvec![input.clone().into()])?;
        outputs.iter().map(|output| Ok(output.try_as_plain_ram()?.as_slice::<f32>()?.to_vec())).collect()
    };
    let (expected, found) = (run(original)?, run(converted)?);
    ensure!(expected.len() == found.len(), "it has {} outputs, not {}", found.len(), expected.len());
    let mut worst = 0.0f32;
    for (expected, found) in expected.iter().zip(&found) {
        ensure!(
            expected.len() == found.len(),
            "an output has {} values, not {}",
            found.len(),
            expected.len()
        );
        let range = expected.iter().map(|value| value.abs()).fold(f32::EPSILON, f32::max);
        let most = expected.iter().zip(found).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        worst = worst.max(most / range);
    }
    Ok(worst)
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
    loaded.into_typed()
}
