//! The operators of a TensorFlow.js graph, one by one.

use super::onnx::Builder;
use super::{Constant, Node};
use anyhow::{Context, bail, ensure};
use base64::Engine;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use tract_onnx::pb::ModelProto;

/// A value of the graph: its name in ONNX and its shape in TensorFlow's order, batch first.
#[derive(Clone)]
struct Tensor {
    name: String,
    shape: Vec<usize>,
    /// True while it lies as NCHW; every four-axis value does until a reshape.
    nchw: bool,
}

struct Translator<'a> {
    nodes: HashMap<&'a str, &'a Node>,
    constants: &'a HashMap<String, Constant>,
    tensors: HashMap<&'a str, Tensor>,
    onnx: Builder,
}

/// The ONNX model of `nodes` up to `outputs`.
pub fn translate(
    nodes: &[Node],
    constants: &HashMap<String, Constant>,
    outputs: &[String],
) -> anyhow::Result<ModelProto> {
    let mut translator = Translator {
        nodes: nodes.iter().map(|node| (node.name.as_str(), node)).collect(),
        constants,
        tensors: HashMap::new(),
        onnx: Builder::default(),
    };
    for node in translator.order(outputs)? {
        let tensor = translator.node(node).with_context(|| format!("{} {}", node.op, node.name))?;
        translator.tensors.insert(&node.name, tensor);
    }
    for output in outputs {
        let tensor = translator.tensor(output)?;
        translator.onnx.output(output, tensor.name, &tensor.shape);
    }
    Ok(translator.onnx.finish())
}

impl<'a> Translator<'a> {
    /// The operators that `outputs` need, each after its inputs; constants left out.
    fn order(&self, outputs: &[String]) -> anyhow::Result<Vec<&'a Node>> {
        let mut order = Vec::new();
        let mut seen = HashSet::new();
        let mut stack: Vec<(&str, bool)> = outputs.iter().map(|name| (plain(name), false)).collect();
        while let Some((name, inputs_done)) = stack.pop() {
            let node = *self.nodes.get(name).with_context(|| format!("no operator is called {name}"))?;
            if inputs_done {
                order.push(node);
            } else if node.op != "Const" && seen.insert(name) {
                stack.push((&node.name, true));
                stack.extend(node.input.iter().map(|input| (plain(input), false)));
            }
        }
        Ok(order)
    }

    fn tensor(&self, name: &str) -> anyhow::Result<Tensor> {
        self.tensors.get(plain(name)).cloned().with_context(|| format!("{name} has no value"))
    }

    fn input(&self, node: &Node, index: usize) -> anyhow::Result<Tensor> {
        self.tensor(node.input.get(index).with_context(|| format!("has no input {index}"))?)
    }

    fn constant(&self, node: &Node, index: usize) -> anyhow::Result<&'a Constant> {
        let name = node.input.get(index).with_context(|| format!("has no input {index}"))?;
        self.constants.get(plain(name)).with_context(|| format!("{name} is no constant"))
    }

    fn node(&mut self, node: &Node) -> anyhow::Result<Tensor> {
        match node.op.as_str() {
            "Placeholder" => {
                let mut shape = shape_attribute(node)?;
                let [batch, height, width, channels] = shape[..] else { bail!("an input of {shape:?}") };
                ensure!(batch == 1, "an input of {shape:?}");
                self.onnx.input(&node.name, &[1, channels, height, width]);
                shape[0] = 1;
                Ok(Tensor { name: node.name.clone(), shape, nchw: true })
            }
            "_FusedConv2D" | "Conv2D" => self.convolution(node, false),
            "DepthwiseConv2dNative" | "FusedDepthwiseConv2dNative" => self.convolution(node, true),
            "MaxPool" => self.max_pool(node),
            "Pad" => self.pad(node),
            "AddV2" => {
                let (a, b) = (self.input(node, 0)?, self.input(node, 1)?);
                ensure!(a.shape == b.shape && a.nchw == b.nchw, "{:?} + {:?}", a.shape, b.shape);
                let name = self.onnx.op("Add", vec![a.name, b.name], &[]);
                Ok(Tensor { name, ..b })
            }
            "Prelu" => {
                let x = self.input(node, 0)?;
                let slopes = self.constant(node, 1)?;
                Ok(Tensor { name: self.prelu(x.name, slopes)?, shape: x.shape, nchw: x.nchw })
            }
            "Sigmoid" => {
                let x = self.input(node, 0)?;
                Ok(Tensor { name: self.onnx.op("Sigmoid", vec![x.name], &[]), shape: x.shape, nchw: x.nchw })
            }
            "Identity" => self.input(node, 0),
            "Reshape" => self.reshape(node),
            _ => bail!("is an operator that is not known here"),
        }
    }

    fn convolution(&mut self, node: &Node, depthwise: bool) -> anyhow::Result<Tensor> {
        let x = self.input(node, 0)?;
        let weights = self.constant(node, 1)?;
        let ([_, height, width, channels], [kh, kw, w_in, w_out]) = (&x.shape[..], &weights.shape[..]) else {
            bail!("takes {:?} and {:?}", x.shape, weights.shape);
        };
        ensure!(x.nchw && string(node, "data_format")? == "NHWC", "is not in NHWC order");
        ensure!(integers(node, "dilations")? == [1, 1, 1, 1], "is dilated");
        let strides = integers(node, "strides")?;
        let [1, stride_y, stride_x, 1] = strides[..] else { bail!("strides {strides:?}") };
        let (pads, out) =
            padding(node, [*height, *width], [*kh, *kw], [stride_y as usize, stride_x as usize])?;
        // HWIO to OIHW; depthwise weights are HWCM and become one filter for each of C x M groups.
        let (filters, group) = if depthwise { (w_in * w_out, *w_in) } else { (*w_out, channels / w_in) };
        ensure!(group * if depthwise { 1 } else { *w_in } == *channels, "{group} groups of {w_in}");
        let order = if depthwise { [2, 3, 0, 1] } else { [3, 2, 0, 1] };
        let values = permute(weights, order);
        let per_filter = if depthwise { 1 } else { *w_in };
        let mut inputs = vec![x.name, self.onnx.floats(&[filters, per_filter, *kh, *kw], &values)];
        let fused = strings(node, "fused_ops")?;
        let mut next = 2;
        if fused.first().is_some_and(|op| op == "BiasAdd") {
            let bias = self.constant(node, next)?;
            inputs.push(self.onnx.floats(&[filters], &bias.values));
            next += 1;
        }
        let stride = [stride_y as usize, stride_x as usize];
        let mut name = self.onnx.conv(
            inputs,
            group,
            &[("kernel_shape", &[*kh, *kw]), ("strides", &stride), ("pads", &pads)],
        );
        for op in fused.iter().filter(|op| *op != "BiasAdd") {
            ensure!(op == "Prelu", "is fused with {op}");
            let slopes = self.constant(node, next)?;
            name = self.prelu(name, slopes)?;
            next += 1;
        }
        Ok(Tensor { name, shape: vec![1, out[0], out[1], filters], nchw: true })
    }

    /// PRelu with one slope for each channel.
    fn prelu(&mut self, x: String, slopes: &Constant) -> anyhow::Result<String> {
        let [1, 1, channels] = slopes.shape[..] else { bail!("slopes of shape {:?}", slopes.shape) };
        let slopes = self.onnx.floats(&[channels, 1, 1], &slopes.values);
        Ok(self.onnx.op("PRelu", vec![x, slopes], &[]))
    }

    fn max_pool(&mut self, node: &Node) -> anyhow::Result<Tensor> {
        let x = self.input(node, 0)?;
        let [batch, height, width, channels] = x.shape[..] else { bail!("takes {:?}", x.shape) };
        let (kernel, strides) = (integers(node, "ksize")?, integers(node, "strides")?);
        let ([1, kh, kw, 1], [1, sy, sx, 1]) = (&kernel[..], &strides[..]) else {
            bail!("kernel {kernel:?}, strides {strides:?}");
        };
        let (kernel, stride) = ([*kh as usize, *kw as usize], [*sy as usize, *sx as usize]);
        let (pads, out) = padding(node, [height, width], kernel, stride)?;
        let name = self.onnx.op(
            "MaxPool",
            vec![x.name],
            &[("kernel_shape", &kernel), ("strides", &stride), ("pads", &pads)],
        );
        Ok(Tensor { name, shape: vec![batch, out[0], out[1], channels], nchw: true })
    }

    fn pad(&mut self, node: &Node) -> anyhow::Result<Tensor> {
        let x = self.input(node, 0)?;
        let pads = self.constant(node, 1)?;
        ensure!(x.nchw && pads.shape == [4, 2], "pads {:?} by {:?}", x.shape, pads.shape);
        let pad = |axis: usize, side: usize| pads.values[axis * 2 + side] as i64;
        let shape = (0..4).map(|axis| x.shape[axis] + (pad(axis, 0) + pad(axis, 1)) as usize).collect();
        const NCHW: [usize; 4] = [0, 3, 1, 2];
        let list: Vec<i64> = (0..2).flat_map(|side| NCHW.map(|axis| pad(axis, side))).collect();
        let list = self.onnx.integers(&list);
        Ok(Tensor { name: self.onnx.op("Pad", vec![x.name, list], &[]), shape, nchw: true })
    }

    /// Flattens to [1, values].
    fn reshape(&mut self, node: &Node) -> anyhow::Result<Tensor> {
        let x = self.input(node, 0)?;
        let count = x.shape.iter().product::<usize>();
        let in_order = if x.nchw && x.shape[1..3] != [1, 1] {
            self.onnx.op("Transpose", vec![x.name], &[("perm", &[0, 2, 3, 1])])
        } else {
            x.name
        };
        let asked = &self.constant(node, 1)?.values;
        ensure!(asked.len() == 2 && asked[1] as usize == count, "reshapes {:?} to {asked:?}", x.shape);
        let to = self.onnx.integers(&[1, count as i64]);
        let name = self.onnx.op("Reshape", vec![in_order, to], &[]);
        Ok(Tensor { name, shape: vec![1, count], nchw: false })
    }
}

/// The operator's name in a reference to it.
fn plain(reference: &str) -> &str {
    let name = reference.trim_start_matches('^');
    name.split_once(':').map_or(name, |(name, _)| name)
}

/// ONNX pads [top, left, bottom, right] and the output's height and width.
fn padding(
    node: &Node,
    size: [usize; 2],
    kernel: [usize; 2],
    stride: [usize; 2],
) -> anyhow::Result<([usize; 4], [usize; 2])> {
    let mut pads = [0; 4];
    let mut out = [0; 2];
    let same = match string(node, "padding")?.as_str() {
        "SAME" => true,
        "VALID" => false,
        other => bail!("padding {other}"),
    };
    for axis in 0..2 {
        if same {
            out[axis] = size[axis].div_ceil(stride[axis]);
            let total = ((out[axis] - 1) * stride[axis] + kernel[axis]).saturating_sub(size[axis]);
            pads[axis] = total / 2;
            pads[axis + 2] = total - total / 2;
        } else {
            ensure!(size[axis] >= kernel[axis], "kernel {kernel:?} over {size:?}");
            out[axis] = (size[axis] - kernel[axis]) / stride[axis] + 1;
        }
    }
    Ok((pads, out))
}

/// The values of a four-axis constant with its axes in another order.
fn permute(constant: &Constant, order: [usize; 4]) -> Vec<f32> {
    let shape = &constant.shape;
    let strides = [shape[1] * shape[2] * shape[3], shape[2] * shape[3], shape[3], 1];
    let mut values = Vec::with_capacity(constant.values.len());
    for a in 0..shape[order[0]] {
        for b in 0..shape[order[1]] {
            for c in 0..shape[order[2]] {
                for d in 0..shape[order[3]] {
                    let at = [a, b, c, d].iter().zip(order).map(|(i, axis)| i * strides[axis]).sum::<usize>();
                    values.push(constant.values[at]);
                }
            }
        }
    }
    values
}

fn shape_attribute(node: &Node) -> anyhow::Result<Vec<usize>> {
    let dims = node.attr["shape"]["shape"]["dim"].as_array().context("has no shape")?;
    dims.iter()
        .map(|dim| {
            let size: i64 = dim["size"].as_str().context("a size is missing")?.parse()?;
            // A free batch size is 1 here.
            Ok(if size < 0 { 1 } else { size as usize })
        })
        .collect()
}

fn integers(node: &Node, name: &str) -> anyhow::Result<Vec<i64>> {
    let list = node.attr[name]["list"]["i"].as_array().with_context(|| format!("has no {name}"))?;
    list.iter().map(|value| Ok(value.as_str().context("not a number")?.parse()?)).collect()
}

fn string(node: &Node, name: &str) -> anyhow::Result<String> {
    text(&node.attr[name]["s"]).with_context(|| format!("has no {name}"))
}

fn strings(node: &Node, name: &str) -> anyhow::Result<Vec<String>> {
    match node.attr[name]["list"]["s"].as_array() {
        Some(list) => list.iter().map(text).collect(),
        None => Ok(Vec::new()),
    }
}

/// TensorFlow.js holds strings as base64.
fn text(value: &Value) -> anyhow::Result<String> {
    let encoded = value.as_str().context("not a string")?;
    Ok(String::from_utf8(base64::engine::general_purpose::STANDARD.decode(encoded)?)?)
}
