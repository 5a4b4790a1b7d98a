"""From maps to quads, as `crates/vision/src/document/corners` does it. In: the network's maps. Out: quads, best first.

Peaks of the corner map are corners; every four of them that make a sound convex quad are weighed by their heights,
by how much the mask fills the quad and by how little of it lies just beyond. Of quads that overlap the best stays.
"""

from itertools import combinations

import numpy as np

from model import CELLS, STRIDE

LEAST_PEAK = 0.08
MOST_PEAKS = 10
LEAST_SINE = 0.5  # of the angles at the corners: 30 to 150 degrees
LEAST_AREA_CELLS = 12.0
GRID = 8
BEYOND_CELLS = 1.25
MOST_OVERLAP = 0.4
COMBINATIONS = {n: np.array(list(combinations(range(n), 4))) for n in range(4, MOST_PEAKS + 1)}
# Confidence: logistic regression on [1, mean log peak, least log peak, inside, beyond]; from calibrate.py
WEIGHTS = np.array([-2.125, 2.109, 1.19, 6.119, -6.89])


def sigmoid(x):
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))


def peaks(maps):
    """Places in cells and heights of the corner map's local maxima, highest first."""
    heat = sigmoid(maps[1])
    padded = np.pad(heat, 1)
    around = np.max([padded[dy : dy + CELLS, dx : dx + CELLS] for dy in range(3) for dx in range(3)], 0)
    ys, xs = np.nonzero((heat >= around) & (heat >= LEAST_PEAK))
    order = np.argsort(-heat[ys, xs], kind="stable")[:MOST_PEAKS]
    ys, xs = ys[order], xs[order]
    offsets = np.clip(maps[2:4, ys, xs], -1.5, 1.5)
    return np.stack([xs + 0.5 + offsets[0], ys + 0.5 + offsets[1]], 1), heat[ys, xs]


def features(inside, points, heights):
    """Rows of [1, mean log peak, least log peak, inside, beyond] for quads `points` (n, 4, 2), clockwise."""
    t = (np.arange(GRID) + 0.5) / GRID
    u, v = [g.ravel() for g in np.meshgrid(t, t)]
    blend = np.stack([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], 1)
    within = sample(inside, np.einsum("kc,ncd->nkd", blend, points)).mean(1)
    along = np.roll(points, -1, 1) - points
    normal = np.stack([along[..., 1], -along[..., 0]], -1)
    normal = normal / np.maximum(np.linalg.norm(normal, axis=-1, keepdims=True), 1e-6)
    ring = points[:, :, None] + along[:, :, None] * t[None, None, :, None] + normal[:, :, None] * BEYOND_CELLS
    beyond = sample(inside, ring.reshape(len(points), -1, 2)).mean(1)
    logs = np.log(heights)
    return np.stack([np.ones(len(points)), logs.mean(1), logs.min(1), within, beyond], 1)


def sample(inside, places):
    """The mask at places in cells; 0 outside of the picture."""
    x, y = np.floor(places[..., 0]).astype(int), np.floor(places[..., 1]).astype(int)
    known = (x >= 0) & (y >= 0) & (x < CELLS) & (y < CELLS)
    return np.where(known, inside[np.clip(y, 0, CELLS - 1), np.clip(x, 0, CELLS - 1)], 0)


def propose(maps, weights=WEIGHTS, most=3):
    """Up to `most` (quad in px of the input, confidence, features)."""
    places, heights = peaks(maps)
    if len(places) < 4:
        return []
    chosen = COMBINATIONS[len(places)]
    points, tops = places[chosen], heights[chosen]
    around = points - points.mean(1, keepdims=True)
    order = np.argsort(np.arctan2(around[..., 1], around[..., 0]), 1)
    points = np.take_along_axis(points, order[..., None], 1)
    along = np.roll(points, -1, 1) - points
    following = np.roll(along, -1, 1)
    cross = along[..., 0] * following[..., 1] - along[..., 1] * following[..., 0]
    lengths = np.linalg.norm(along, axis=-1) * np.linalg.norm(following, axis=-1)
    x, y = points[..., 0], points[..., 1]
    area = 0.5 * (x * np.roll(y, -1, 1) - np.roll(x, -1, 1) * y).sum(1)
    sound = (cross >= LEAST_SINE * lengths).all(1) & (area >= LEAST_AREA_CELLS)
    if not sound.any():
        return []
    points, tops = points[sound], tops[sound]
    rows = features(sigmoid(maps[0]), points, tops)
    scores = rows @ weights
    found = []
    for k in np.argsort(-scores):
        quad = points[k] * STRIDE
        if all(overlap(quad, known) < MOST_OVERLAP for known, _, _ in found):
            found.append((quad, float(sigmoid(scores[k])), rows[k]))
            if len(found) == most:
                break
    return found


def overlap(a, b):
    """Intersection over union of two convex quads, of either direction."""
    a, b = (q if signed_area(q) > 0 else q[::-1] for q in (np.asarray(a, float), np.asarray(b, float)))
    polygon = a
    for k in range(4):
        p, q = b[k], b[(k + 1) % 4]
        if len(polygon) == 0:
            return 0.0
        side = (q[0] - p[0]) * (polygon[:, 1] - p[1]) - (q[1] - p[1]) * (polygon[:, 0] - p[0])
        clipped = []
        for j in range(len(polygon)):
            m = (j + 1) % len(polygon)
            if side[j] >= 0:
                clipped.append(polygon[j])
            if (side[j] > 0) != (side[m] > 0) and side[j] != side[m] and side[j] * side[m] < 0:
                t = side[j] / (side[j] - side[m])
                clipped.append(polygon[j] + t * (polygon[m] - polygon[j]))
        polygon = np.array(clipped)
    if len(polygon) < 3:
        return 0.0
    common = abs(signed_area(polygon))
    union = abs(signed_area(a)) + abs(signed_area(b)) - common
    return float(common / union) if union > 0 else 0.0


def signed_area(points):
    x, y = points[:, 0], points[:, 1]
    return 0.5 * float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())
