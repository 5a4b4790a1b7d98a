"""The stock that scenes are composed of, made once. In: a seed. Out: `Bank`s for training and for holding out.

    python bank.py --out FOLDER [--seed 7] [--specimens FOLDER ...] [--pictures FOLDER ...]
"""

import argparse
import json
import os
import pickle
from dataclasses import dataclass

import cv2
import numpy as np

from documents import LONG_SIDE, Document, document
from draw import noise_bank, rounded
from grounds import WALLPAPERS, photographs, table

TRAINING_DOCUMENTS, HELD_OUT_DOCUMENTS = 2400, 400
TRAINING_TABLES, HELD_OUT_TABLES = 500, 100
# Every so many-th photograph and specimen is held out.
HELD_OUT_EVERY = 6
# Specimens that are not of ID-1.
SPECIMEN_KINDS = {"td2": "id2", "mrv-b": "id2", "td3": "id3", "mrv-a": "id3"}
# Each specimen stands for this many documents of the bank.
SPECIMEN_COPIES = 3


@dataclass
class Bank:
    documents: list
    pictures: list
    tables: list
    noise: np.ndarray


def opened(path):
    """The bank that was written to `path`."""
    with open(path, "rb") as file:
        return Bank(*pickle.load(file))


def specimens(folder):
    """Flat specimen documents as `cargo xtask specimen picture` writes them, with their labels.json."""
    made = []
    with open(os.path.join(folder, "labels.json")) as file:
        labels = json.load(file)
    for label in labels:
        picture = cv2.imread(os.path.join(folder, label["file"]), cv2.IMREAD_COLOR)
        h, w = picture.shape[:2]
        scale = LONG_SIDE / max(h, w)
        size = (round(w * scale), round(h * scale))
        picture = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
        kind = SPECIMEN_KINDS.get(label["kind"], "id1")
        mm = (w / label["px_per_mm"], h / label["px_per_mm"])
        radius = 3.18 if kind == "id1" else 1.0
        alpha = rounded(size[1], size[0], radius / mm[0] * size[0])
        made.append(Document(kind, np.ascontiguousarray(picture[..., ::-1]), alpha, mm))
    return made


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--out", required=True)
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--specimens", nargs="*", default=[])
    options.add_argument("--pictures", nargs="*", default=[])
    options = options.parse_args()
    os.makedirs(options.out, exist_ok=True)
    pictures = photographs(WALLPAPERS + options.pictures)
    print(len(pictures), "photographs")
    extra = [made for folder in options.specimens for made in specimens(folder)]
    print(len(extra), "specimens")
    for name, held_out in (("training", False), ("held_out", True)):
        rng = np.random.default_rng([options.seed, int(held_out)])
        own = [p for k, p in enumerate(pictures) if (k % HELD_OUT_EVERY == 0) == held_out]
        count = HELD_OUT_DOCUMENTS if held_out else TRAINING_DOCUMENTS
        documents = [document(rng, own) for _ in range(count)]
        kept = [d for k, d in enumerate(extra) if (k % HELD_OUT_EVERY == 0) == held_out]
        documents += kept * SPECIMEN_COPIES
        tables = [table(rng) for _ in range(HELD_OUT_TABLES if held_out else TRAINING_TABLES)]
        with open(os.path.join(options.out, name + ".pickle"), "wb") as file:
            pickle.dump((documents, own, tables, noise_bank(rng)), file, pickle.HIGHEST_PROTOCOL)
        print(name, len(documents), "documents", len(own), "photographs", len(tables), "tables", flush=True)


if __name__ == "__main__":
    main()
