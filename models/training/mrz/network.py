"""The reader's network and its ONNX file.

In: strips [N, 1, 32, W], grey 0..1. Out: logits [N, W / 4, 38]. Rule: only convolutions, ReLU, additions, a
reshape and a transposition; batch normalisation is folded into the convolutions of the file.

    python network.py [--checkpoint FILE --out FILE.onnx]      prints the cost; writes a checkpoint as ONNX
"""

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from camera import STRIP_HEIGHT, STRIP_WIDTH
from text import CLASSES

# out channels, kernel, stride, padding (rows, columns), whether the input is added to the output
LAYERS = [
    (16, (3, 3), (2, 2), (1, 1), False),
    (24, (3, 3), (2, 2), (1, 1), False),
    (24, (3, 3), (1, 1), (1, 1), True),
    (48, (3, 3), (2, 1), (1, 1), False),
    (64, (4, 3), (1, 1), (0, 1), False),
    (64, (1, 3), (1, 1), (0, 1), True),
    (64, (1, 3), (1, 1), (0, 1), True),
    (64, (1, 3), (1, 1), (0, 1), True),
    (64, (1, 3), (1, 1), (0, 1), True),
    (64, (1, 3), (1, 1), (0, 1), True),
]


class Layer(nn.Module):
    """Convolution, batch normalisation, the input where `added`, ReLU."""

    def __init__(self, inputs, outputs, kernel, stride, padding, added):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, padding, bias=False)
        self.normalisation = nn.BatchNorm2d(outputs)
        self.added = added

    def forward(self, x):
        y = self.normalisation(self.convolution(x))
        return torch.relu(y + x if self.added else y)

    def folded(self):
        """Weight and bias of the one convolution that does the same."""
        norm = self.normalisation
        scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
        weight = self.convolution.weight * scale[:, None, None, None]
        bias = norm.bias - norm.running_mean * scale
        return weight.detach().cpu().numpy(), bias.detach().cpu().numpy()


class Reader(nn.Module):
    """The whole network."""

    def __init__(self):
        super().__init__()
        inputs, layers = 1, []
        for outputs, kernel, stride, padding, added in LAYERS:
            layers.append(Layer(inputs, outputs, kernel, stride, padding, added))
            inputs = outputs
        self.layers = nn.Sequential(*layers)
        self.head = nn.Conv2d(inputs, CLASSES, 1)

    def forward(self, x):
        return self.head(self.layers(x)).squeeze(2).transpose(1, 2)


def cost():
    """(parameters as shipped, multiply-accumulates for one strip)."""
    parameters, work = 0, 0
    inputs, height, width = 1, STRIP_HEIGHT, STRIP_WIDTH
    for outputs, kernel, stride, padding, _ in LAYERS + [(CLASSES, (1, 1), (1, 1), (0, 0), False)]:
        height = (height + 2 * padding[0] - kernel[0]) // stride[0] + 1
        width = (width + 2 * padding[1] - kernel[1]) // stride[1] + 1
        weights = inputs * outputs * kernel[0] * kernel[1]
        parameters += weights + outputs
        work += weights * height * width
        inputs = outputs
    return parameters, work


def sees_px():
    """Px of the strip that one step of the output sees, from left to right."""
    seen, jump = 1, 1
    for _, kernel, stride, _, _ in LAYERS:
        seen += (kernel[1] - 1) * jump
        jump *= stride[1]
    return seen


def write_onnx(reader, path, temperature=1.0):
    """Writes the folded network for one strip; logits are divided by `temperature`."""
    reader.eval()
    nodes, weights = [], []

    def constant(name, value):
        weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def convolution(name, source, weight, bias, stride, padding):
        sources = [source, constant(f"{name}_weight", weight), constant(f"{name}_bias", bias)]
        nodes.append(
            helper.make_node(
                "Conv", sources, [name], name=name, kernel_shape=list(weight.shape[2:]), strides=list(stride),
                pads=[padding[0], padding[1], padding[0], padding[1]], dilations=[1, 1], group=1,
            )
        )
        return name

    last = "strip"
    for index, (layer, (_, _, stride, padding, added)) in enumerate(zip(reader.layers, LAYERS, strict=True)):
        made = convolution(f"conv{index}", last, *layer.folded(), stride, padding)
        if added:
            nodes.append(helper.make_node("Add", [made, last], [f"sum{index}"], name=f"sum{index}"))
            made = f"sum{index}"
        nodes.append(helper.make_node("Relu", [made], [f"relu{index}"], name=f"relu{index}"))
        last = f"relu{index}"
    head = [value.detach().cpu().numpy() / np.float32(temperature) for value in (reader.head.weight, reader.head.bias)]
    last = convolution("head", last, *head, (1, 1), (0, 0))
    steps = STRIP_WIDTH // 4
    nodes.append(helper.make_node("Reshape", [last, constant("flat", np.array([1, CLASSES, steps]))], ["columns"]))
    nodes.append(helper.make_node("Transpose", ["columns"], ["logits"], name="logits", perm=[0, 2, 1]))
    graph = helper.make_graph(
        nodes,
        "mrz_reader",
        [helper.make_tensor_value_info("strip", TensorProto.FLOAT, [1, 1, STRIP_HEIGHT, STRIP_WIDTH])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, steps, CLASSES])],
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], producer_name="idv-web")
    model.ir_version = 8
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--checkpoint", type=Path)
    arguments.add_argument("--out", type=Path)
    arguments.add_argument("--temperature", type=float, default=1.0)
    arguments = arguments.parse_args()
    parameters, work = cost()
    print(f"parameters {parameters}; {work / 1e6:.1f} M multiply-accumulates a strip; sees {sees_px()} px across")
    if arguments.checkpoint:
        reader = Reader()
        reader.load_state_dict(torch.load(arguments.checkpoint, weights_only=True)["average"])
        write_onnx(reader, arguments.out, arguments.temperature)


if __name__ == "__main__":
    main()
