"""Scenes on disk. In: the bank, a seed, a range of numbers. Out: shards that training and evaluation read.

    python generate.py --bank FILE --out FOLDER --seed 1 --scenes 60000 [--shard 2000] [--even]

`--even` gives every category the same number of scenes (for evaluation). Scene k of a seed is the same each time.
"""

import argparse
import os
import time

import cv2
import numpy as np

from bank import opened
from model import CELLS, SIDE
from scenes import CATEGORIES, MAX_CORNERS, compose

FIELDS = {
    "image": ((SIDE, SIDE, 3), np.uint8),
    "mask": ((CELLS, CELLS), np.uint8),
    "weight": ((CELLS, CELLS), np.uint8),
    "corners": ((MAX_CORNERS, 2), np.float32),
    "quad": ((4, 2), np.float32),
    "category": ((), np.uint8),
}


def shards(folder):
    """The finished shards of a folder, each as a dictionary of arrays that stay on disk."""
    names = sorted(n for n in os.listdir(folder) if os.path.exists(os.path.join(folder, n, "done")))
    return [{f: np.load(os.path.join(folder, n, f + ".npy"), mmap_mode="r") for f in FIELDS} for n in names]


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--bank", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--seed", type=int, required=True)
    options.add_argument("--scenes", type=int, required=True)
    options.add_argument("--shard", type=int, default=2000)
    options.add_argument("--even", action="store_true")
    options = options.parse_args()
    cv2.setNumThreads(1)
    bank = opened(options.bank)
    for first in range(0, options.scenes, options.shard):
        folder = os.path.join(options.out, f"{first:07d}")
        if os.path.exists(os.path.join(folder, "done")):
            continue
        os.makedirs(folder, exist_ok=True)
        count = min(options.shard, options.scenes - first)
        arrays = {f: np.empty((count, *shape), kind) for f, (shape, kind) in FIELDS.items()}
        start = time.time()
        for k in range(count):
            rng = np.random.default_rng([options.seed, first + k])
            scene = compose(rng, bank, (first + k) % len(CATEGORIES) if options.even else None)
            for f in FIELDS:
                arrays[f][k] = getattr(scene, f)
        for f, array in arrays.items():
            np.save(os.path.join(folder, f + ".npy"), array)
        open(os.path.join(folder, "done"), "w").close()
        print(folder, f"{count / (time.time() - start):.0f} scenes/s", flush=True)


if __name__ == "__main__":
    main()
