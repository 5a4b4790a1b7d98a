"""Fits the temperature of the recogniser's probabilities on held-out lines.

In: the ONNX file. Out: the temperature that makes the characters of the held-out lines most likely, the
likelihood and the calibration error with and without it, and how often a character is wrong by the share of its
best rival. Rule: the lines are drawn under generate.TESTS with a seed that neither training nor evaluate.py
uses, and every test counts the same.

    python calibrate.py --model ../../mrz_reader.onnx [--zones 60]

The temperature is `TEMPERATURE` in crates/vision/src/reading/mrz/decode.rs.
"""

import argparse
from pathlib import Path

import numpy as np

import evaluate
import generate
import text

CALIBRATION_SEED = 4242
TEMPERATURES = np.round(np.arange(0.40, 1.51, 0.025), 3)
SHARES = (0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.002, 0.001)


def sightings(logits):
    """The step at which each character shows most, as evaluate.decoded finds the characters."""
    best = logits.argmax(1)
    steps, last = [], text.BLANK
    for step, label in enumerate(best):
        if label != text.BLANK and label != last:
            steps.append(step)
        elif label != text.BLANK and logits[step, label] > logits[steps[-1], label]:
            steps[-1] = step
        last = label
    return steps


def collected(network, studio, zones):
    """Logits [n, 38] of the characters in lines of the right length, the classes that stand there [n], and how
    much each counts [n]: every test the same."""
    rows, wanted, weights = [], [], []
    for name in generate.TESTS:
        found = []
        for index in range(zones):
            for line, strip in generate.test_zone(studio, name, index, evaluate.OCR_B):
                logits = evaluate.logits_of(network, strip)
                steps = sightings(logits)
                if len(steps) == len(line):
                    found += [(logits[step], text.CLASS_OF[c]) for step, c in zip(steps, line, strict=True)]
        rows += [row for row, _ in found]
        wanted += [label for _, label in found]
        weights += [1 / max(1, len(found))] * len(found)
        print(f"{name:18} {len(found)} characters", flush=True)
    return np.array(rows, np.float64), np.array(wanted), np.array(weights) / np.sum(weights)


def probabilities(rows, temperature):
    """Softmax of each row at `temperature`."""
    scaled = rows / temperature
    scaled = np.exp(scaled - scaled.max(1, keepdims=True))
    return scaled / scaled.sum(1, keepdims=True)


def loss(rows, wanted, weights, temperature):
    """Mean negative log likelihood in nats a character."""
    right = probabilities(rows, temperature)[np.arange(len(wanted)), wanted]
    return float(-(weights * np.log(np.maximum(right, 1e-12))).sum())


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--zones", type=int, default=60)
    arguments = arguments.parse_args()
    network = evaluate.session(arguments.model)
    generate.TEST_SEED = CALIBRATION_SEED
    studio = generate.Studio(CALIBRATION_SEED, 160)
    rows, wanted, weights = collected(network, studio, arguments.zones)
    losses = [loss(rows, wanted, weights, temperature) for temperature in TEMPERATURES]
    best = float(TEMPERATURES[int(np.argmin(losses))])
    for temperature in sorted({best, 1.0}):
        made = probabilities(rows, temperature)
        first = made.argmax(1)
        sure = made[np.arange(len(first)), first]
        print(
            f"temperature {temperature}: {loss(rows, wanted, weights, temperature):.5f} nats a character, "
            f"calibration error {evaluate.calibration_error(sure, first == wanted):.4f}"
        )
        letters = made[:, 1:] / made[:, 1:].sum(1, keepdims=True)
        order = np.sort(letters, 1)
        rival, wrong = order[:, -2], letters.argmax(1) + 1 != wanted
        print(f"  {'best rival':>16} {'characters':>10} {'wrong':>6} {'ratio':>8}")
        high = 1.0
        for low in (*SHARES, 0.0):
            inside = (rival >= low) & (rival < high)
            ratio = wrong[inside].mean() if inside.any() else 0.0
            print(f"  {low:7} ..{high:7} {inside.sum():10} {wrong[inside].sum():6} {ratio:8.4%}")
            high = low
    print(f"best temperature {best}")


if __name__ == "__main__":
    main()
