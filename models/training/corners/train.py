"""Trains the corner network. In: shards of scenes. Out: a checkpoint with the running mean of the weights.

    python train.py --data FOLDER --out FILE.pt --steps 3000 [--seed 1] [--threads 1] [--start FILE.pt --rate 1.2e-3]

Shards that are added while it runs are taken up.
"""

import argparse
import copy
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

from generate import shards
from model import CELLS, STRIDE, CornerNet, macs, parameters

BATCH = 48
PEAK_RATE = 2.5e-3
WARM_UP = 0.03
KEEP = 0.998  # of the running mean, at each step
SPREAD_CELLS = 0.8  # deviation of a corner's mark
OFFSET_REACH = 1.6  # cells around a corner that learn where it lies
MASK_WEIGHT, CORNER_WEIGHT, OFFSET_WEIGHT = 3.0, 1.0, 0.5
SHARDS_AT_A_TIME = 6


class Feed:
    """Batches from shards, each turned and mirrored in one of eight ways and its colours changed."""

    def __init__(self, folder, seed):
        self.folder, self.rng = folder, np.random.default_rng(seed)

    def batches(self):
        while True:
            found = shards(self.folder)
            chosen = self.rng.permutation(len(found))[:SHARDS_AT_A_TIME]
            pool = {f: np.concatenate([np.asarray(found[k][f]) for k in chosen]) for f in ("image", "mask", "weight", "corners")}
            order = self.rng.permutation(len(pool["image"]))
            for at in range(0, len(order) - BATCH + 1, BATCH):
                picked = order[at : at + BATCH]
                halves = [self.turned(pool, picked[: BATCH // 2]), self.turned(pool, picked[BATCH // 2 :])]
                yield [torch.cat(parts) for parts in zip(*halves)]

    def turned(self, pool, picked):
        image = torch.from_numpy(pool["image"][picked]).permute(0, 3, 1, 2)
        mask, weight = torch.from_numpy(pool["mask"][picked]), torch.from_numpy(pool["weight"][picked])
        corners = torch.from_numpy(pool["corners"][picked]) / STRIDE
        way = self.rng.integers(8)
        if way & 1:
            image, mask, weight = image.flip(-1), mask.flip(-1), weight.flip(-1)
            corners = torch.stack([CELLS - corners[..., 0], corners[..., 1]], -1)
        if way & 2:
            image, mask, weight = image.flip(-2), mask.flip(-2), weight.flip(-2)
            corners = torch.stack([corners[..., 0], CELLS - corners[..., 1]], -1)
        if way & 4:
            image, mask, weight = (t.transpose(-1, -2) for t in (image, mask, weight))
            corners = corners.flip(-1)
        image = image.float() / 255
        n = len(picked)
        if self.rng.random() < 0.25:
            image = image[:, self.rng.permutation(3).tolist()]
        gain = 1 + 0.15 * torch.from_numpy(self.rng.normal(size=(n, 1, 1, 1)).astype(np.float32))
        lift = 0.06 * torch.from_numpy(self.rng.normal(size=(n, 3, 1, 1)).astype(np.float32))
        image = ((image - 0.5) * gain + 0.5 + lift).clamp(0, 1)
        return image, mask.float() / 255, weight.float() / 255, corners


def targets(corners):
    """Marks around the corners, which cells learn offsets, and the offsets. `corners` in cells, NaN for none."""
    centres = torch.arange(CELLS, dtype=torch.float32) + 0.5
    dx = corners[..., 0, None, None] - centres[None, None, None, :]
    dy = corners[..., 1, None, None] - centres[None, None, :, None]
    squared = torch.nan_to_num(dx * dx + dy * dy, nan=1e6)
    nearest, which = squared.min(1)
    heat = torch.exp(-nearest / (2 * SPREAD_CELLS**2))
    # The cell that holds the corner is a full mark.
    dx, dy = dx.expand_as(squared), dy.expand_as(squared)
    dx = torch.nan_to_num(dx.gather(1, which[:, None]))[:, 0]
    dy = torch.nan_to_num(dy.gather(1, which[:, None]))[:, 0]
    heat[(dx.abs() <= 0.5) & (dy.abs() <= 0.5) & (nearest < 1)] = 1
    return heat, nearest < OFFSET_REACH**2, torch.stack([dx, dy], 1)


def loss_of(maps, mask, weight, corners):
    heat, near, offsets = targets(corners)
    inside = F.binary_cross_entropy_with_logits(maps[:, 0], mask)
    logit = maps[:, 1]
    p = torch.sigmoid(logit)
    hit = heat >= 1
    count = hit.sum().clamp(min=1)
    positive = -(F.logsigmoid(logit) * (1 - p) ** 2)[hit].sum()
    negative = -(F.logsigmoid(-logit) * p**2 * (1 - heat) ** 4 * weight)[~hit].sum()
    corner = (positive + negative) / count
    offset = (maps[:, 2:] - offsets).abs().mean(1)[near].mean()
    return MASK_WEIGHT * inside + CORNER_WEIGHT * corner + OFFSET_WEIGHT * offset, (inside, corner, offset)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--data", required=True)
    options.add_argument("--out", required=True)
    options.add_argument("--steps", type=int, required=True)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--start", help="checkpoint to go on from")
    options.add_argument("--rate", type=float, default=PEAK_RATE)
    options = options.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    net = CornerNet()
    if options.start:
        net.load_state_dict(torch.load(options.start, weights_only=True))
    mean = copy.deepcopy(net).eval()
    print(f"{parameters(net)} parameters, {macs(net) / 1e6:.1f} M multiplications", flush=True)
    net.train()
    optimiser = torch.optim.AdamW(net.parameters(), lr=options.rate, weight_decay=1e-3)
    start, sums, steps = time.time(), np.zeros(4), 0
    for batch in Feed(options.data, options.seed).batches():
        share = steps / options.steps
        if share >= 1:
            break
        rate = options.rate * min(share / WARM_UP, 0.5 + 0.5 * math.cos(math.pi * share))
        for group in optimiser.param_groups:
            group["lr"] = rate + 1e-6
        image, mask, weight, corners = batch
        with torch.autocast("cpu", dtype=torch.bfloat16):
            maps = net(image)
        loss, parts = loss_of(maps.float(), mask, weight, corners)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimiser.step()
        steps += 1
        keep = min(KEEP, (1 + steps) / (10 + steps))
        with torch.no_grad():
            for kept, value in zip(mean.state_dict().values(), net.state_dict().values()):
                if kept.dtype.is_floating_point:
                    kept.lerp_(value, 1 - keep)
                else:
                    kept.copy_(value)
        sums += [float(v.detach()) for v in (loss, *parts)]
        if steps % 100 == 0:
            total, inside, corner, offset = sums / 100
            speed = steps * BATCH / (time.time() - start)
            print(f"{steps} {share:.3f} loss {total:.3f} inside {inside:.4f} corner {corner:.3f} offset {offset:.3f} {speed:.0f}/s", flush=True)
            sums[:] = 0
            torch.save(mean.state_dict(), options.out)
    torch.save(mean.state_dict(), options.out)
    print(f"{steps} steps of {BATCH}, {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
