"""Measures the shipped ONNX file on held-out zones.

In: the ONNX file. Out: a table of whole zones, lines and characters by degradation, and the calibration of the
characters' probabilities. Rule: nothing here is used in training; the conditions are generate.TESTS.

    python evaluate.py --model ../../mrz_reader.onnx [--zones 200] [--json FILE]
    python evaluate.py --model ../../mrz_reader.onnx --strip FILE     reads one picture of one line
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import onnxruntime

import generate
import text
from camera import STRIP_HEIGHT, STRIP_WIDTH, normalised

OCR_B = [0, 1]
"""The OCR-B fonts of generate.FONTS that the tests are set in, in turn."""
BINS = 15


def session(path):
    """The network in onnxruntime, one thread."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def logits_of(network, strip):
    """Logits [192, 38] of a normalised uint8 strip."""
    return network.run(None, {"strip": strip[None, None].astype(np.float32) / 255})[0][0]


def decoded(logits, temperature=1.0):
    """Characters with the probability of each at its strongest step: (text, probabilities)."""
    scaled = logits / temperature
    scaled = scaled - scaled.max(1, keepdims=True)
    probabilities = np.exp(scaled)
    probabilities /= probabilities.sum(1, keepdims=True)
    best = probabilities.argmax(1)
    found, sure, last = [], [], text.BLANK
    for step, label in enumerate(best):
        p = probabilities[step, label]
        if label != text.BLANK and label != last:
            found.append(text.ALPHABET[label - 1])
            sure.append(p)
        elif label != text.BLANK:
            sure[-1] = max(sure[-1], p)
        last = label
    return "".join(found), np.array(sure)


def errors(wanted, found):
    """Edit distance."""
    row = np.arange(len(found) + 1)
    for index, character in enumerate(wanted):
        last, row[0] = row[0], index + 1
        for place, other in enumerate(found):
            last, row[place + 1] = row[place + 1], min(row[place + 1] + 1, row[place] + 1, last + (character != other))
    return int(row[-1])


def calibration_error(sure, right):
    """Expected calibration error over BINS equal bins of the probability."""
    total, sure, right = 0.0, np.asarray(sure), np.asarray(right, np.float64)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    for number in range(BINS):
        inside = bins == number
        if inside.any():
            total += inside.mean() * abs(sure[inside].mean() - right[inside].mean())
    return total


def measure(network, studio, name, zones, temperature):
    """One row of the table."""
    exact_zones = exact_lines = lines = characters = wrong = 0
    sure, right, confused = [], [], {}
    for index in range(zones):
        whole = True
        for line, strip in generate.test_zone(studio, name, index, OCR_B):
            found, certain = decoded(logits_of(network, strip), temperature)
            lines += 1
            characters += len(line)
            wrong += errors(line, found)
            exact_lines += found == line
            whole &= found == line
            if len(found) == len(line):
                sure += list(certain)
                right += [a == b for a, b in zip(line, found, strict=True)]
                for a, b in zip(line, found, strict=True):
                    if a != b:
                        confused[a + b] = confused.get(a + b, 0) + 1
        exact_zones += whole
    row = {
        "zones": zones, "exact_ratio": exact_zones / zones, "line_exact_ratio": exact_lines / lines,
        "cer": wrong / characters, "calibration_error": calibration_error(sure, right),
        "mean_probability": float(np.mean(sure)), "confused": confused,
    }
    return row, sure, right


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--model", type=Path, required=True)
    arguments.add_argument("--zones", type=int, default=200)
    arguments.add_argument("--tests", nargs="*", default=list(generate.TESTS))
    arguments.add_argument("--temperature", type=float, default=1.0)
    arguments.add_argument("--json", type=Path)
    arguments.add_argument("--strip", type=Path, help="a picture cut to one line, any size")
    arguments = arguments.parse_args()
    network = session(arguments.model)
    if arguments.strip:
        picture = cv2.imread(str(arguments.strip), cv2.IMREAD_GRAYSCALE)
        strip = normalised(cv2.resize(picture, (STRIP_WIDTH, STRIP_HEIGHT), interpolation=cv2.INTER_LINEAR))
        found, sure = decoded(logits_of(network, strip))
        print(found, " ".join(f"{a}{p:.2f}" for a, p in zip(found, sure, strict=True) if p < 0.9))
        return
    studio = generate.Studio(generate.TEST_SEED, 160)
    rows, sure, right = {}, [], []
    print(f"{'degradation':18} {'zones':>5} {'exact':>8} {'lines':>8} {'cer':>8} {'ECE':>7}  confused")
    for name in arguments.tests:
        row, certain, hit = measure(network, studio, name, arguments.zones, arguments.temperature)
        rows[name] = row
        sure += certain
        right += hit
        pairs = " ".join(f"{k}:{v}" for k, v in sorted(row["confused"].items(), key=lambda kv: -kv[1])[:6])
        print(
            f"{name:18} {row['zones']:5} {row['exact_ratio']:8.2%} {row['line_exact_ratio']:8.2%} {row['cer']:8.3%} "
            f"{row['calibration_error']:7.4f}  {pairs}", flush=True,
        )
    wrong = ~np.array(right)
    print(
        f"all: ECE {calibration_error(sure, right):.4f}; of {int(wrong.sum())} wrong characters in lines of the right "
        f"length {np.mean(np.array(sure)[wrong] > 0.9) if wrong.any() else 0:.1%} had a probability over 0.9"
    )
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
