//! Pieces of an ONNX graph.

use tract_onnx::pb::attribute_proto::AttributeType;
use tract_onnx::pb::tensor_proto::DataType;
use tract_onnx::pb::tensor_shape_proto::{Dimension, dimension};
use tract_onnx::pb::{
    AttributeProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto, TensorProto, TensorShapeProto,
    TypeProto, ValueInfoProto, type_proto,
};

/// ONNX operator set of the graphs that are made here.
const OPSET: i64 = 13;

/// A graph in the making. Values are named in the order they are made.
#[derive(Default)]
pub struct Builder {
    graph: GraphProto,
    count: usize,
}

impl Builder {
    fn name(&mut self, stem: &str) -> String {
        self.count += 1;
        format!("{stem}_{}", self.count)
    }

    /// A float constant.
    pub fn floats(&mut self, shape: &[usize], values: &[f32]) -> String {
        let name = self.name("c");
        self.graph.initializer.push(TensorProto {
            name: name.clone(),
            dims: shape.iter().map(|&dim| dim as i64).collect(),
            data_type: DataType::Float as i32,
            float_data: values.to_vec(),
            ..Default::default()
        });
        name
    }

    /// A list of integers as a constant.
    pub fn integers(&mut self, values: &[i64]) -> String {
        let name = self.name("i");
        self.graph.initializer.push(TensorProto {
            name: name.clone(),
            dims: vec![values.len() as i64],
            data_type: DataType::Int64 as i32,
            int64_data: values.to_vec(),
            ..Default::default()
        });
        name
    }

    /// An operator with integer-list attributes; returns its output.
    pub fn op(&mut self, op_type: &str, input: Vec<String>, attributes: &[(&str, &[usize])]) -> String {
        let name = self.name(&op_type.to_lowercase());
        let attribute = attributes.iter().map(|(name, values)| ints(name, values)).collect();
        self.push(op_type, input, name.clone(), attribute);
        name
    }

    /// A convolution with its groups; returns its output.
    pub fn conv(&mut self, input: Vec<String>, group: usize, attributes: &[(&str, &[usize])]) -> String {
        let name = self.name("conv");
        let mut attribute: Vec<_> = attributes.iter().map(|(name, values)| ints(name, values)).collect();
        attribute.push(AttributeProto {
            name: "group".into(),
            r#type: AttributeType::Int as i32,
            i: group as i64,
            ..Default::default()
        });
        self.push("Conv", input, name.clone(), attribute);
        name
    }

    fn push(&mut self, op_type: &str, input: Vec<String>, output: String, attribute: Vec<AttributeProto>) {
        self.graph.node.push(NodeProto {
            op_type: op_type.into(),
            name: output.clone(),
            input,
            output: vec![output],
            attribute,
            ..Default::default()
        });
    }

    /// Declares the graph's input.
    pub fn input(&mut self, name: &str, shape: &[usize]) {
        self.graph.input.push(float_value(name, shape));
    }

    /// Declares `value` as an output called `name`.
    pub fn output(&mut self, name: &str, value: String, shape: &[usize]) {
        self.push("Identity", vec![value], name.to_owned(), vec![]);
        self.graph.output.push(float_value(name, shape));
    }

    /// The finished model.
    pub fn finish(self) -> ModelProto {
        ModelProto {
            ir_version: 8,
            opset_import: vec![OperatorSetIdProto { domain: String::new(), version: OPSET }],
            graph: Some(self.graph),
            ..Default::default()
        }
    }
}

fn ints(name: &str, values: &[usize]) -> AttributeProto {
    AttributeProto {
        name: name.into(),
        r#type: AttributeType::Ints as i32,
        ints: values.iter().map(|&value| value as i64).collect(),
        ..Default::default()
    }
}

fn float_value(name: &str, shape: &[usize]) -> ValueInfoProto {
    let dim = |&size: &usize| Dimension {
        value: Some(dimension::Value::DimValue(size as i64)),
        ..Default::default()
    };
    let tensor = type_proto::Tensor {
        elem_type: DataType::Float as i32,
        shape: Some(TensorShapeProto { dim: shape.iter().map(dim).collect() }),
    };
    ValueInfoProto {
        name: name.into(),
        r#type: Some(TypeProto { value: Some(type_proto::Value::TensorType(tensor)), ..Default::default() }),
        ..Default::default()
    }
}
