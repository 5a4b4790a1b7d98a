"""Puts a trained network into the tree.

In: an ONNX file of train.py. Out: models/mrz_reader.onnx, its sha256 in models/manifest.toml, and golden/: a
strip of a held-out zone, its text and what onnxruntime makes of it, by which the converted network is tested.

    python publish.py FILE.onnx
"""

import hashlib
import re
import shutil
import sys
from pathlib import Path

import cv2

import evaluate
import generate

HERE = Path(__file__).resolve().parent
MODEL = HERE.parents[1] / "mrz_reader.onnx"
MANIFEST = HERE.parents[1] / "manifest.toml"
GOLDEN = HERE / "golden"
GOLDEN_TEST, GOLDEN_ZONE = "blur + guilloche", 1


def main():
    shutil.copyfile(sys.argv[1], MODEL)
    digest = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    entry = re.compile(r'(path = "models/mrz_reader\.onnx", sha256 = ")[0-9a-f]*"')
    text, found = entry.subn(rf'\g<1>{digest}"', MANIFEST.read_text())
    if found != 1:
        raise SystemExit("models/manifest.toml does not name models/mrz_reader.onnx once")
    MANIFEST.write_text(text)

    GOLDEN.mkdir(exist_ok=True)
    studio = generate.Studio(generate.TEST_SEED, 160)
    line, strip = generate.test_zone(studio, GOLDEN_TEST, GOLDEN_ZONE, evaluate.OCR_B)[-1]
    logits = evaluate.logits_of(evaluate.session(MODEL), strip)
    if evaluate.decoded(logits)[0] != line:
        raise SystemExit(f"the network reads {evaluate.decoded(logits)[0]}, not {line}")
    cv2.imwrite(str(GOLDEN / "strip.pgm"), strip)
    (GOLDEN / "text.txt").write_text(line + "\n")
    (GOLDEN / "logits.f32").write_bytes(logits.astype("<f4").tobytes())
    print(f"{MODEL.name} {MODEL.stat().st_size} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
