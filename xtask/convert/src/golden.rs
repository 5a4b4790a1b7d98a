//! The networks trained here, converted and run. In: the golden files beside their training. Rule: what was
//! measured in training is what ships.

use crate::convert::convert;
use crate::half::widen;
use crate::manifest::Manifest;
use std::io::Cursor;
use std::path::PathBuf;
use tract_nnef::internal::{IntoRunnable, Tensor, tvec};
use tract_nnef::prelude::Framework;

/// Logits this far from those of onnxruntime, over their range: what 16-bit weights may cost.
const MAX_FROM_GOLDEN_RATIO: f32 = 0.01;

fn root() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/../..").into()
}

/// The first choice of each step, equal neighbours joined, blanks left out.
fn read(logits: &[f32]) -> String {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
    let best = |step: &[f32]| (0..step.len()).max_by(|a, b| step[*a].total_cmp(&step[*b])).unwrap_or(0);
    let mut classes: Vec<usize> = logits.chunks_exact(1 + ALPHABET.len()).map(best).collect();
    classes.dedup();
    classes.into_iter().filter(|class| *class > 0).map(|class| ALPHABET[class - 1] as char).collect()
}

#[test]
fn the_converted_mrz_reader_answers_as_the_trained_one() {
    let golden = root().join("models/training/mrz/golden");
    let file = |name: &str| std::fs::read(golden.join(name)).expect("golden file");
    let manifest = Manifest::read(&root().join("models/manifest.toml")).expect("manifest");
    let model = manifest.models.iter().find(|model| model.name == "mrz_reader").expect("its entry");
    let onnx = std::fs::read(root().join(&model.files[0].path)).expect("in the tree");
    let tar = convert(model, &[onnx]).expect("converts");
    assert!(tar.len() <= 500_000, "{} bytes as shipped", tar.len());

    let strip = file("strip.pgm");
    let grey = strip.strip_prefix(b"P5\n768 32\n255\n").expect("a strip");
    let input: Vec<f32> = grey.iter().map(|value| f32::from(*value) / 255.0).collect();
    let expected: Vec<f32> = file("logits.f32")
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes(bytes.try_into().expect("four bytes")))
        .collect();
    let network = tract_nnef::nnef()
        .model_for_read(&mut Cursor::new(widen(&tar).expect("widens")))
        .and_then(|network| network.into_optimized()?.into_runnable())
        .expect("loads");
    let input = Tensor::from_shape(&model.input.shape, &input).expect("shape");
    let outputs = network.run(tvec![input.into()]).expect("runs");
    assert_eq!(outputs[0].shape(), [1, 192, 38]);
    let found = outputs[0].try_as_plain_ram().expect("in memory");
    let found = found.as_slice::<f32>().expect("floats");

    let range = expected.iter().fold(0.0f32, |range, value| range.max(value.abs()));
    let worst = expected.iter().zip(found).fold(0.0f32, |worst, (a, b)| worst.max((a - b).abs()));
    assert_eq!(expected.len(), found.len());
    assert!(worst <= MAX_FROM_GOLDEN_RATIO * range, "off by {worst} of {range}");
    let text = String::from_utf8(file("text.txt")).expect("text");
    assert_eq!(read(&expected), text.trim());
    assert_eq!(read(found), text.trim());
}
