"""Camera frames of held-out scenes at full size, for the whole detector. In: a bank, a seed. Out: JPEG files with a
labels.json, a folder for each category.

    python frames.py --bank FILE --out FOLDER --seed 5 --each 60
"""

import argparse
import json
import os

import cv2
import numpy as np

from bank import opened
from model import SIDE
from scenes import CATEGORIES, drawn

LONG = 6 * SIDE


def frame(rng, bank, category):
    canvas, _, _, quads, _, category = drawn(rng, bank, category, LONG)
    if rng.random() < 0.4:
        canvas = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.5, 3.5))
    sigma = rng.uniform(6, 16) if CATEGORIES[category] == "noise" else rng.uniform(0.5, 5)
    grain = np.tile(bank.noise[rng.integers(len(bank.noise))], (3, 3, 1))[: canvas.shape[0], : canvas.shape[1]]
    image = canvas * rng.uniform(0.6, 1.15) + grain.astype(np.float32) * sigma
    height, width = image.shape[:2]
    whole = [q for q in quads if (q >= 0).all() and (q <= [width, height]).all()]
    quad = max(whole, key=cv2.contourArea) if whole and CATEGORIES[category] != "cut_off" else None
    return np.clip(image, 0, 255).astype(np.uint8), quad


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bank", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--each", type=int, required=True)
    options = options.parse_args()
    cv2.setNumThreads(1)
    bank = opened(options.bank)
    for category, name in enumerate(CATEGORIES):
        folder = os.path.join(options.out, name)
        os.makedirs(folder, exist_ok=True)
        labels = []
        for k in range(options.each):
            image, quad = frame(np.random.default_rng([options.seed, category, k]), bank, category)
            file = f"{k:03}.jpg"
            cv2.imwrite(os.path.join(folder, file), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 92])
            height, width = image.shape[:2]
            labels.append({"file": file, "width": width, "height": height, "quad": quad if quad is None else quad.tolist()})
        with open(os.path.join(folder, "labels.json"), "w") as file:
            json.dump(labels, file)


if __name__ == "__main__":
    main()
