"""Weights of edges and network in the fused score. In: what `document_bench find FOLDER --model FILE --candidates` printed
for folders of frames.py, one file each. Out: the weights that stand in crates/vision/src/document/fusion.rs, and how the
best candidate of each frame fares with them.

    python calibrate.py clean.json noise.json …
"""

import json
import sys

import numpy as np

from evaluate import GOOD, fit
from quads import sigmoid

MOST_EDGES, MOST_NETWORK = 5.0, 8.0
# A candidate between these is neither right nor wrong enough to learn from.
DOUBTFUL = (0.8, 0.9)


def rows_of(case):
    rows = np.array([[1.0, c["edges"], c["network"], c["iou"]] for c in case["candidates"]]).reshape(-1, 4)
    rows[:, 1] = np.clip(rows[:, 1], -MOST_EDGES, MOST_EDGES)
    rows[:, 2] = np.clip(rows[:, 2], -MOST_NETWORK, MOST_NETWORK)
    return rows


def main():
    frames = []
    for path in sys.argv[1:]:
        with open(path) as file:
            frames += [(path, case["expected"] is not None, rows_of(case)) for case in json.load(file)]
    # The rival that matters is the one that would be chosen: learn from the best few of each frame.
    weights = np.array([-2.0, 0.7, 0.7])
    for _ in range(6):
        chosen = []
        for _, _, rows in frames:
            order = np.argsort(-(rows[:, :3] @ weights))[:4]
            chosen.append(rows[order])
        chosen = np.concatenate(chosen)
        clear = (chosen[:, 3] >= DOUBTFUL[1]) | (chosen[:, 3] < DOUBTFUL[0])
        weights = fit(chosen[clear, :3], (chosen[clear, 3] >= GOOD).astype(float))
    print("weights", np.round(weights, 2).tolist())
    best = []
    for path, has, rows in frames:
        if len(rows):
            k = np.argmax(rows[:, :3] @ weights)
            best.append((path, has, sigmoid(rows[k, :3] @ weights), rows[k, 3], rows[:, 3].max()))
        else:
            best.append((path, has, 0.0, 0.0, 0.0))
    for name in sys.argv[1:]:
        part = [b for b in best if b[0] == name]
        sure, iou = np.array([b[2] for b in part]), np.array([b[3] for b in part])
        accepted = sure >= 0.65
        print(
            f"{name.split('/')[-1]:20} {len(part):4} mean IoU {iou.mean():.3f}, best candidate {np.mean([b[4] for b in part]):.3f},"
            f" accepted {accepted.mean():.2f}, of them below 0.9: {(accepted & (iou < GOOD)).sum()}"
        )
    sure, good = np.array([b[2] for b in best]), np.array([b[3] >= GOOD for b in best])
    for low in np.arange(0, 1, 0.1):
        part = (sure >= low) & (sure < low + 0.1 + 1e-9)
        if part.any():
            print(f"{low:.1f} to {low + 0.1:.1f}: {part.sum():4} frames, mean {sure[part].mean():.2f}, right {good[part].mean():.2f}")


if __name__ == "__main__":
    main()
