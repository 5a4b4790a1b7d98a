"""Prints the model's card. In: a checkpoint, held-out shards, a folder of labelled photos. Out: a table.

    python evaluate.py --model FILE.pt|FILE.onnx --held-out FOLDER [--photos FOLDER] [--calibrate]

With `--calibrate` the weights of the confidence are fitted first on every other held-out scene and printed; the
table is then of the others. `quads.WEIGHTS` and the engine hold the weights that were printed last.
"""

import argparse
import json
import os

import cv2
import numpy as np
import torch

import quads
from generate import shards
from model import SIDE, CornerNet
from scenes import CATEGORIES, PAD

GOOD = 0.9


def runner(path):
    """A function from one letterboxed picture (SIDE x SIDE x 3, 8 bits) to maps."""
    if path.endswith(".onnx"):
        net = cv2.dnn.readNetFromONNX(path)

        def run(image):
            net.setInput(image.transpose(2, 0, 1)[None].astype(np.float32) / 255)
            return net.forward()[0]

        return run
    net = CornerNet()
    net.load_state_dict(torch.load(path, weights_only=True))
    net.eval()

    def run(image):
        with torch.no_grad():
            return net(torch.from_numpy(image.transpose(2, 0, 1)[None].astype(np.float32) / 255))[0].numpy()

    return run


def letterbox(image):
    """An RGB picture as the network takes it, and the map from its px to the picture's: scale, left, top."""
    h, w = image.shape[:2]
    scale = SIDE / max(h, w)
    nw, nh = max(1, round(w * scale)), max(1, round(h * scale))
    left, top = (SIDE - nw) // 2, (SIDE - nh) // 2
    out = np.full((SIDE, SIDE, 3), PAD, np.uint8)
    out[top : top + nh, left : left + nw] = cv2.resize(image, (nw, nh), interpolation=cv2.INTER_AREA)
    return out, scale, left, top


def fit(rows, good, rounds=60):
    """Logistic regression by Newton's method, lightly held to 0."""
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        p = quads.sigmoid(rows @ weights)
        slope = rows.T @ (p - good) + 1e-2 * weights
        bend = (rows * (p * (1 - p))[:, None]).T @ rows + 1e-2 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def photos(folder):
    for label in json.load(open(os.path.join(folder, "labels.json"))):
        image = cv2.imread(os.path.join(folder, label["file"]))
        if image is None:
            print("cannot read", label["file"])
            continue
        yield label["file"], np.ascontiguousarray(image[..., ::-1]), np.array(label["quad"])


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--model", required=True)
    options.add_argument("--held-out", required=True)
    options.add_argument("--photos")
    options.add_argument("--calibrate", action="store_true")
    options.add_argument("--most", type=int, default=10**9)
    options = options.parse_args()
    torch.set_num_threads(1)
    run = runner(options.model)
    results, weights = [], quads.WEIGHTS
    for shard in shards(options.held_out):
        for k in range(min(len(shard["image"]), options.most)):
            maps = run(np.asarray(shard["image"][k]))
            truth = np.asarray(shard["quad"][k])
            results.append((maps, None if np.isnan(truth).any() else truth, int(shard["category"][k])))
    if options.calibrate:
        for _ in range(2):
            rows, good = [], []
            for maps, truth, _ in results[::2]:
                for quad, _, row in quads.propose(maps, weights)[:1]:
                    rows.append(row)
                    good.append(truth is not None and quads.overlap(quad, truth) >= GOOD)
            weights = fit(np.array(rows), np.array(good, float))
        print("weights", np.round(weights, 3).tolist())
        results = results[1::2]

    table = {name: [] for name in CATEGORIES}
    sure = []
    for maps, truth, category in results:
        found = quads.propose(maps, weights)
        quad, confidence = (found[0][0], found[0][1]) if found else (None, 0.0)
        iou = quads.overlap(quad, truth) if quad is not None and truth is not None else 0.0
        table[CATEGORIES[category]].append((iou, confidence))
        if found:
            sure.append((confidence, iou >= GOOD))
    print(f"{'category':14}{'scenes':>7}{'mean IoU':>10}{'median':>8}{'>= 0.9':>8}{'accepted':>10}{'of them < 0.9':>15}")
    for name, rows in table.items():
        iou, confidence = np.array(rows).reshape(-1, 2).T
        accepted = confidence >= 0.5
        wrong = (accepted & (iou < GOOD)).sum()
        print(
            f"{name:14}{len(iou):7}{iou.mean():10.3f}{np.median(iou):8.3f}{(iou >= GOOD).mean():8.3f}"
            f"{accepted.mean():10.3f}{wrong:9} of {accepted.sum()}"
        )
    sure = np.array(sure, float)
    print("confidence  quads  share with IoU >= 0.9")
    for low in np.arange(0, 1, 0.1):
        part = sure[(sure[:, 0] >= low) & (sure[:, 0] < low + 0.1 + 1e-9)]
        if len(part):
            print(f"{low:.1f} to {low + 0.1:.1f} {len(part):6}  {part[:, 1].mean():.2f} (mean confidence {part[:, 0].mean():.2f})")
    if options.photos:
        ious = []
        for name, image, truth in photos(options.photos):
            boxed, scale, left, top = letterbox(image)
            found = quads.propose(run(boxed), weights)
            iou = max([quads.overlap((found[0][0] - [left, top]) / scale, truth)] if found else [0.0])
            ious.append(iou)
            print(f"{name:24} IoU {iou:.3f} confidence {found[0][1] if found else 0:.3f}")
        print(f"photos: mean IoU {np.mean(ious):.3f}, least {np.min(ious):.3f}")


if __name__ == "__main__":
    main()
