"""Weights of the evidence in the fused score. In: folders of what `document_bench find FOLDER --model FILE --candidates`
printed, a file NAME.json for each set: to fit on, and to measure on. Out: the weights that stand in
crates/vision/src/document/fusion.rs, and how the best candidate of each frame fares with them on the second folders.

    python calibrate.py --fit A/drawn A/frames --measure B/drawn B/frames

The loss is half the choice among the candidates of a frame (or of none), half whether the best four are right, and the
distance from what the weights would be if edges and network were two witnesses who do not know of each other. No
evidence may count against the side that it speaks for.
"""

import argparse
import glob
import json
import os

import numpy as np
import torch

from evaluate import GOOD

# The order of `Candidate::evidence`. Which way each counts: 1 for the document, -1 against it.
FIRST = [
    ("1", 0), ("support", 1), ("least_support", 1), ("strength", 1), ("step", 1), ("least_step", 1), ("deep_step", 1),
    ("least_deep_step", 1), ("print", 1), ("size", 1), ("overshoot", -1), ("crossed", -1), ("unevenness", -1),
    ("aspect_error", -1), ("at_border", -1), ("tilt", -1), ("fold", -1), ("mean_height", 1), ("least_height", 1),
    ("within", 1), ("beyond", -1), ("edges", 0), ("network", 1),
]
CLOSE = [("mean_line", 1), ("least_line", 1), ("least_outside", -1), ("least_backed", 1)]
NAMES, SIGNS = zip(*FIRST, *CLOSE)
# What the edges' own score (document/score.rs) gives for the same: in the sum of both it must keep its direction.
IN_EDGES = dict(
    support=6.1, least_support=1.1, strength=0.7, step=2.0, least_step=1.0, deep_step=0.8, least_deep_step=1.85,
    print=1.3, size=6.1, overshoot=-4.4, crossed=-1.5, unevenness=-2.0, aspect_error=-6.5, at_border=-0.9, tilt=-1.0,
)
WITNESSES = {"1": 1.8, "edges": 0.51, "network": 0.36}
# Candidates that are looked at in each frame, best first.
RIVALS = 28
# A candidate between these is neither right nor wrong enough to learn from.
DOUBTFUL = (0.8, 0.9)
# Refinement finds the rest: from here on a candidate is as good as any.
AS_GOOD, FALL_OFF = 0.985, 0.02
NONE = -1e9


def frames_of(folders, close):
    """For each frame its set, whether it has a document, and its candidates' evidence and overlaps."""
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
            with open(path) as file:
                cases = json.load(file)
            for case in cases:
                # Those of the close look come second; before it their last evidence is 0.
                kept = [c for c in case["candidates"] if any(c["evidence"][len(FIRST):]) == close]
                evidence = np.array([c["evidence"] for c in kept], float).reshape(-1, len(NAMES))
                overlaps = np.array([c["iou"] for c in kept])
                yield os.path.join(os.path.basename(folder), os.path.basename(path)), case["expected"] is not None, evidence, overlaps


def fitted(frames, close, pull, steps):
    prior = torch.tensor([WITNESSES.get(name, 0.0) for name in NAMES])
    free = torch.tensor([float(close or k < len(FIRST)) for k in range(len(NAMES))])
    frames = [(e, o) for _, _, e, o in frames if len(e)]
    spread = torch.tensor(np.concatenate([e for e, _ in frames]).std(0)).float()
    spread = torch.where(spread < 1e-3, torch.ones(()), spread)
    evidence = torch.zeros(len(frames), RIVALS, len(NAMES))
    overlap, known = torch.zeros(len(frames), RIVALS), torch.zeros(len(frames), RIVALS, dtype=bool)
    for i, (e, o) in enumerate(frames):
        order = np.argsort(-(e @ prior.numpy()))[:RIVALS]
        evidence[i, : len(order)] = torch.tensor(e[order]).float()
        overlap[i, : len(order)] = torch.tensor(o[order]).float()
        known[i, : len(order)] = True
    weights = prior.clone().requires_grad_()
    optimiser = torch.optim.Adam([weights], lr=0.03)
    for _ in range(steps):
        score = (evidence @ (weights * free)).masked_fill(~known, NONE)
        good = torch.exp(-(AS_GOOD - overlap).clamp(min=0) / FALL_OFF) * (overlap >= GOOD) * known
        chosen = torch.logsumexp(score + torch.log(good / good.amax(1, keepdim=True).clamp(min=1e-9) + 1e-12), 1)
        chosen = torch.where(good.sum(1) > 0, chosen, torch.zeros(()))
        choice = torch.logsumexp(torch.cat([score, torch.zeros(len(score), 1)], 1), 1) - chosen
        top = score.topk(4, 1)
        right, seen = overlap.gather(1, top.indices), known.gather(1, top.indices)
        clear = ((right >= DOUBTFUL[1]) | (right < DOUBTFUL[0])) & seen
        odds = torch.nn.functional.binary_cross_entropy_with_logits(top.values, (right >= GOOD).float(), reduction="none")
        pulled = (((weights - prior) * spread)[1:] ** 2).sum()
        loss = 0.5 * choice.mean() + (odds * clear).sum() / clear.sum() + pull * pulled
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            for k, (name, sign) in enumerate(zip(NAMES, SIGNS)):
                bound = -float(weights[NAMES.index("edges")]) * IN_EDGES.get(name, 0.0)
                if sign:
                    weights[k] = max(float(weights[k]), bound) if sign > 0 else min(float(weights[k]), bound)
    return (weights * free).detach().numpy()


def measured(frames, weights):
    """Of each set: mean overlap of the best candidates, share accepted, and how many of them are wrong."""
    rows = {}
    for name, has, evidence, overlaps in frames:
        score = evidence @ weights if len(evidence) else np.array([NONE])
        best = int(score.argmax())
        confidence = 1 / (1 + np.exp(-max(score[best], -50)))
        rows.setdefault(name, []).append((has, overlaps[best] if len(evidence) else 0.0, confidence))
    for name, of in rows.items():
        has, overlap, confidence = (np.array(column) for column in zip(*of))
        accepted = confidence >= 0.65
        print(f"{name:28} {len(of):4} mean IoU {overlap.mean():.3f}, accepted {accepted.mean():.2f}, of them below 0.9: {(accepted & (overlap < GOOD)).sum()}")
    _, overlap, confidence = (np.array(column) for column in zip(*(row for of in rows.values() for row in of)))
    for low in np.arange(0, 1, 0.1):
        part = (confidence >= low) & (confidence < low + 0.1)
        if part.any():
            print(f"confidence {low:.1f} to {low + 0.1:.1f}: {part.sum():4} frames, right {(overlap[part] >= GOOD).mean():.2f}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--fit", nargs="+", required=True)
    options.add_argument("--measure", nargs="+", required=True)
    options = options.parse_args()
    torch.manual_seed(0)
    for close, pull, steps in ((False, 0.02, 500), (True, 0.04, 350)):
        weights = fitted(list(frames_of(options.fit, close)), close, pull, steps)
        print("after the close look" if close else "before the close look")
        print(np.round(weights if close else weights[: len(FIRST)], 3).tolist())
        measured(frames_of(options.measure, close), weights)


if __name__ == "__main__":
    main()
