"""The network as the engine's converter takes it. In: a checkpoint. Out: an ONNX file, batch normalisation folded.

    python export.py --model FILE.pt --out document_corners.onnx
"""

import argparse

import onnx
import torch

from model import SIDE, CornerNet, macs, parameters


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True)
    options.add_argument("--out", required=True)
    options = options.parse_args()
    net = CornerNet()
    net.load_state_dict(torch.load(options.model, weights_only=True))
    net.eval()
    torch.onnx.export(
        net,
        torch.zeros(1, 3, SIDE, SIDE),
        options.out,
        opset_version=17,
        dynamo=False,
        input_names=["image"],
        output_names=["maps"],
    )
    graph = onnx.load(options.out)
    # Nothing of the machine it was made on.
    for node in graph.graph.node:
        node.doc_string = ""
    del graph.graph.value_info[:]
    onnx.save(graph, options.out)
    kinds = sorted({node.op_type for node in graph.graph.node})
    print(f"{parameters(net)} parameters, {macs(net) / 1e6:.1f} M multiplications, operators {', '.join(kinds)}")


if __name__ == "__main__":
    main()
