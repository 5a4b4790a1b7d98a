"""Composites. In: a bank of documents, grounds and noise, and the scene's own random generator. Out: a `Scene`.

A scene is drawn at twice the network's input size and shrunk by averaging, which is how the engine makes its input
of a camera frame. What is labelled: every document that lies wholly in view, amodally (fingers cover, the mask goes
on), a document that leaves the frame by its mask and the corners in view; of documents lying on each other the
upper one alone. Of an open passport the data page is the document.
"""

from dataclasses import dataclass

import cv2
import numpy as np

import things
from draw import NOISE_SIDE, cloud, colour, paste, to_quad
from grounds import table
from model import CELLS, SIDE

CATEGORIES = ["clean", "noise", "shadow", "glare", "low_contrast", "clutter", "held", "cut_off", "none"]
SHARES = [0.20, 0.07, 0.12, 0.06, 0.16, 0.15, 0.09, 0.04, 0.11]
OVER = 2
LONG = SIDE * OVER
MAX_CORNERS = 12
PAD = 128
ASPECTS = [(16 / 9, 0.34), (4 / 3, 0.2), (9 / 16, 0.18), (3 / 4, 0.18), (1, 0.06), (1.5, 0.04)]


@dataclass
class Scene:
    image: np.ndarray  # SIDE x SIDE x 3, RGB, 8 bits, letterboxed
    mask: np.ndarray  # CELLS x CELLS, coverage by documents, 0 to 255
    weight: np.ndarray  # CELLS x CELLS, 0 where a corner counts neither way, else 255
    corners: np.ndarray  # MAX_CORNERS x 2, px of the image, NaN where there are fewer
    quad: np.ndarray  # 4 x 2, the largest document that is wholly in view; NaN where there is none
    category: int


def pose(rng, mm):
    """A rectangle of `mm`, turned any way and tilted by up to 45 degrees, seen by a camera; any scale."""
    roll = rng.uniform(0, 2 * np.pi) if rng.random() < 0.5 else rng.choice(4) * np.pi / 2 + rng.normal(0, 0.15)
    tilt = np.radians(rng.uniform(0, 45) * rng.uniform(0.2, 1))
    toward = rng.uniform(0, 2 * np.pi)
    w, h = mm
    points = np.array([[-w, -h], [w, -h], [w, h], [-w, h]]) / 2
    c, s = np.cos(roll), np.sin(roll)
    points = points @ np.array([[c, s], [-s, c]])
    axis = np.array([np.cos(toward), np.sin(toward)])
    along = points @ axis
    depth = along * np.sin(tilt)
    points = points + np.outer(along * (np.cos(tilt) - 1), axis)
    distance = np.hypot(w, h) * rng.uniform(1.1, 3.0)
    return (points / (1 + depth / distance)[:, None]).astype(np.float32)


def placed(rng, shape, width, height, low, high, cut_off=False):
    """`shape` scaled to between `low` and `high` of the frame and moved into it, or partly out of it."""
    least, most = shape.min(0), shape.max(0)
    extent = most - least
    fill = rng.uniform(low, high)
    scale = fill * min(width / extent[0], height / extent[1])
    extent = extent * scale
    room = np.array([width, height]) - extent
    at = rng.random(2) * room
    if cut_off:
        axis = int(rng.integers(2))
        past = rng.uniform(0.06, 0.6) * extent[axis]
        at[axis] = -past if rng.random() < 0.5 else room[axis] + past
    return ((shape - least) * scale + at).astype(np.float32)


def bend(rng, document):
    """Paper that is not flat: its sides curve, its corners stay."""
    image, alpha = document.image, document.alpha
    h, w = alpha.shape
    pad = int(0.03 * max(h, w)) + 2
    image = cv2.copyMakeBorder(image, pad, pad, pad, pad, cv2.BORDER_REPLICATE)
    alpha = cv2.copyMakeBorder(alpha, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    y, x = np.mgrid[0 : h + 2 * pad, 0 : w + 2 * pad].astype(np.float32)
    u, v = np.clip((x - pad) / w, 0, 1), np.clip((y - pad) / h, 0, 1)
    a, b = rng.uniform(-0.018, 0.018, 2) * max(h, w)
    x, y = x + np.float32(a) * np.sin(np.pi * v), y + np.float32(b) * np.sin(np.pi * u)
    image = cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    alpha = cv2.remap(alpha, x, y, cv2.INTER_LINEAR)
    slope = 1 + rng.uniform(-0.12, 0.12) * np.cos(np.pi * (u if abs(b) > abs(a) else v))
    image = np.clip(image * slope[..., None], 0, 255).astype(np.uint8)
    return image, alpha, pad


def draw_document(rng, canvas, document, quad):
    """Draws a document on the canvas with the shadow it casts; open passports with their other page."""
    image, alpha, pad = document.image, document.alpha, 0
    if document.kind in ("sheet", "note", "id3") and rng.random() < 0.35:
        image, alpha, pad = bend(rng, document)
    h, w = document.alpha.shape
    # A patch much larger than its place would alias: shrink it first.
    reach = max(np.ptp(quad[:, 0]), np.ptp(quad[:, 1]))
    shrink = reach * 1.15 / max(h, w)
    matrix = to_quad(w, h, quad)
    matrix = matrix @ np.array([[1, 0, -pad], [0, 1, -pad], [0, 0, 1]], float)
    if shrink < 0.75:
        size = (max(2, int(image.shape[1] * shrink)), max(2, int(image.shape[0] * shrink)))
        matrix = matrix @ np.diag([image.shape[1] / size[0], image.shape[0] / size[1], 1])
        image, alpha = (cv2.resize(p, size, interpolation=cv2.INTER_AREA) for p in (image, alpha))
    if rng.random() < 0.6:
        shift = rng.normal(0, 0.012, 2) * reach
        dark = np.zeros(canvas.shape[:2], np.float32)
        cv2.fillConvexPoly(dark, np.int32(quad + shift), 1.0, cv2.LINE_AA)
        dark = cv2.blur(dark, (int(rng.integers(2, 9)),) * 2)
        canvas *= 1 - dark[..., None] * rng.uniform(0.05, 0.5)
    if document.kind == "id3" and rng.random() < 0.3:
        open_passport(rng, canvas, quad, w, h)
    paste(canvas, image, alpha, matrix)


def open_passport(rng, canvas, quad, w, h):
    plane = to_quad(w, h, quad)
    rim = rng.uniform(0, 0.02) * w
    outer = np.float32([[[-rim, -h - rim], [w + rim, -h - rim], [w + rim, h + rim], [-rim, h + rim]]])
    outer = cv2.perspectiveTransform(outer, plane)[0]
    cv2.fillConvexPoly(canvas, np.int32(outer), colour(rng, 20, 80, 30).tolist(), cv2.LINE_AA)
    page = np.empty((h, w, 3), np.float32)
    page[:] = colour(rng, 170, 240, 20)
    page += (cloud(rng, h, w, 40)[..., None] - 0.5) * rng.uniform(0, 40)
    for _ in range(rng.integers(0, 4)):
        x, y = rng.uniform(0.1, 0.8) * w, rng.uniform(0.1, 0.7) * h
        cv2.rectangle(page, (int(x), int(y)), (int(x + w * 0.2), int(y + h * 0.15)), colour(rng, 30, 140).tolist(), int(rng.integers(1, 3)))
    above = np.float32([[[0, -h], [w, -h], [w, 0], [0, 0]]])
    above = cv2.perspectiveTransform(above, plane)[0]
    fade = 1 - 0.25 * np.linspace(0, 1, h, dtype=np.float32)[:, None, None] ** 6
    paste(canvas, np.clip(page * fade, 0, 255).astype(np.uint8), np.ones((h, w), np.float32), to_quad(w, h, above))


def border_colour(document):
    image = document.image.astype(np.float32)
    h, w = image.shape[:2]
    m = max(2, h // 40)
    return np.concatenate([image[m : 2 * m].reshape(-1, 3), image[:, m : 2 * m].reshape(-1, 3)]).mean(0)


def ground(rng, bank, width, height):
    if rng.random() < 0.4:
        from documents import crop

        return crop(rng, bank.pictures, height, width).astype(np.float32)
    picture = bank.tables[rng.integers(len(bank.tables))]
    side = int(rng.uniform(0.5, 1.0) * picture.shape[0])
    part_h = min(side * height // max(width, height), picture.shape[0])
    part_w = min(side * width // max(width, height), picture.shape[1])
    y, x = rng.integers(0, picture.shape[0] - part_h + 1), rng.integers(0, picture.shape[1] - part_w + 1)
    image = cv2.resize(picture[y : y + part_h, x : x + part_w], (width, height), interpolation=cv2.INTER_AREA)
    return image.astype(np.float32)


def shade(rng, canvas, deep):
    """Soft or hard shadows across the picture."""
    h, w = canvas.shape[:2]
    mask = np.ones((h // 4, w // 4), np.float32)
    for _ in range(rng.integers(1, 4)):
        depth = rng.uniform(0.15, 0.7 if deep else 0.35)
        if rng.random() < 0.5:
            centre = (int(rng.uniform(0, w // 4)), int(rng.uniform(0, h // 4)))
            axes = (int(rng.uniform(0.08, 0.5) * w / 4), int(rng.uniform(0.06, 0.4) * w / 4))
            layer = np.zeros_like(mask)
            cv2.ellipse(layer, centre, axes, rng.uniform(0, 180), 0, 360, 1, -1)
        else:
            y, x = np.mgrid[0 : h // 4, 0 : w // 4]
            a, at = rng.uniform(0, 2 * np.pi), rng.uniform(0.2, 0.8)
            layer = ((x / w * 4 - at) * np.cos(a) + (y / h * 4 - at) * np.sin(a) > 0).astype(np.float32)
        soft = rng.uniform(0.5, 12)
        mask *= 1 - depth * cv2.GaussianBlur(layer, (0, 0), soft)
    canvas *= cv2.resize(mask, (w, h), interpolation=cv2.INTER_LINEAR)[..., None]


def shine(rng, canvas, quad):
    """A reflection on the document."""
    h, w = canvas.shape[:2]
    layer = np.zeros((h, w), np.float32)
    t = rng.random(2)
    centre = quad[0] + (quad[1] - quad[0]) * t[0] + (quad[3] - quad[0]) * t[1]
    reach = max(np.ptp(quad[:, 0]), np.ptp(quad[:, 1]))
    axes = (int(reach * rng.uniform(0.05, 0.3)) + 1, int(reach * rng.uniform(0.03, 0.2)) + 1)
    cv2.ellipse(layer, (int(centre[0]), int(centre[1])), axes, rng.uniform(0, 180), 0, 360, 1, -1)
    layer = cv2.GaussianBlur(layer, (0, 0), rng.uniform(1, 14))
    canvas += layer[..., None] * rng.uniform(60, 260)


def camera(rng, canvas, bank, noisy):
    """Blur, colour, shrinking to the input's size, noise, compression."""
    if rng.random() < 0.35:
        canvas = cv2.GaussianBlur(canvas, (0, 0), rng.uniform(0.4, 2.4))
    elif rng.random() < 0.15:
        length, a = rng.uniform(2, 9), rng.uniform(0, np.pi)
        kernel = np.zeros((11, 11), np.float32)
        d = np.array([np.cos(a), np.sin(a)]) * length / 2
        cv2.line(kernel, (int(5.5 - d[0]), int(5.5 - d[1])), (int(5.5 + d[0]), int(5.5 + d[1])), 1, 1)
        canvas = cv2.filter2D(canvas, -1, kernel / kernel.sum())
    h, w = canvas.shape[:2]
    image = cv2.resize(canvas, (w // OVER, h // OVER), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        gain = rng.uniform(0.85, 1.15, 3) if rng.random() < 0.6 else 1
        light = rng.uniform(0.45, 1.3)
        gamma = rng.uniform(0.7, 1.4)
        image = 255 * np.clip(image * gain * light / 255, 0, 1) ** gamma
    if rng.random() < 0.06:
        image = np.repeat(image.mean(2, keepdims=True), 3, 2)
    sigma = rng.uniform(3, 14) if noisy else rng.uniform(0, 1) ** 3 * 7
    grain = bank.noise[rng.integers(len(bank.noise))]
    y, x = rng.integers(0, NOISE_SIDE - SIDE, 2)
    image = image + grain[y : y + image.shape[0], x : x + image.shape[1]].astype(np.float32) * sigma
    image = np.clip(image, 0, 255).astype(np.uint8)
    if rng.random() < 0.15:
        _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(35, 90))])
        image = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return image


def compose(rng, bank, category=None):
    """One scene; the same for the same generator state."""
    canvas, mask, weight, quads, corners, category = drawn(rng, bank, category, LONG)
    height, width = mask.shape
    image = camera(rng, canvas, bank, CATEGORIES[category] == "noise")
    return letterboxed(image, mask, weight, quads, corners, category, width, height)


def drawn(rng, bank, category, long):
    """A scene whose longer side is `long` px before the camera: canvas, mask, weight, quads, corners, category."""
    over = long // SIDE
    category = rng.choice(len(CATEGORIES), p=SHARES) if category is None else category
    name = CATEGORIES[category]
    aspect = rng.choice([a for a, _ in ASPECTS], p=[p for _, p in ASPECTS])
    width, height = (long, int(long / aspect / 8) * 8) if aspect >= 1 else (int(long * aspect / 8) * 8, long)
    main = bank.documents[rng.integers(len(bank.documents))]
    if name == "low_contrast":
        step = rng.uniform(3, 18) * rng.choice([-1, 1]) + rng.uniform(-4, 4, 3)
        strength = rng.uniform(0, 8) if rng.random() < 0.7 else rng.uniform(0, 25)
        canvas = table(rng, long, np.clip(border_colour(main) + step, 0, 255), strength)[:height, :width]
        canvas = canvas.astype(np.float32)
    else:
        canvas = ground(rng, bank, width, height)
    busy = name == "clutter" or (name in ("held", "none", "cut_off") and rng.random() < 0.6)
    crowd = int(rng.integers(3, 16)) if busy else int(rng.random() < 0.2) * int(rng.integers(1, 4))
    if rng.random() < (0.8 if busy else 0.12):
        for _ in range(rng.integers(1, 4)):
            kind = things.RECTANGLES[rng.integers(len(things.RECTANGLES))]
            things.place(rng, canvas, kind(rng, bank.pictures), rng.uniform(0.2, 0.9) * long)
    things.small_things(rng, canvas, crowd)

    mask = np.zeros((height, width), np.uint8)
    weight = np.full((height, width), 255, np.uint8)
    quads, corners = [], []
    if name != "none":
        low, high = rng.choice([(0.2, 0.45), (0.4, 0.75), (0.7, 0.99)], p=[0.2, 0.5, 0.3])
        quads.append(placed(rng, pose(rng, main.size_mm), width, height, low, high, name == "cut_off"))
        others = [main]
        if rng.random() < (0.3 if name == "clutter" else 0.07):
            for _ in range(rng.integers(1, 3)):
                other = bank.documents[rng.integers(len(bank.documents))]
                quad = placed(rng, pose(rng, other.size_mm), width, height, 0.2, 0.5, rng.random() < 0.3)
                if not any(touches(quad, known) for known in quads):
                    quads.append(quad)
                    others.append(other)
        if rng.random() < 0.12:
            under = bank.documents[rng.integers(len(bank.documents))]
            quad = placed(rng, pose(rng, under.size_mm), width, height, 0.5, 1.5, rng.random() < 0.4)
            draw_document(rng, canvas, under, quad)
            for p in quad:
                cv2.circle(weight, (int(p[0]), int(p[1])), 10 * over, 0, -1)
        for other, quad in zip(others[::-1], quads[::-1]):
            draw_document(rng, canvas, other, quad)
            cv2.fillPoly(mask, [np.int32(np.round(quad * 8))], 255, cv2.LINE_8, 3)
            corners += [p for p in quad if 0 <= p[0] <= width and 0 <= p[1] <= height]
        for p in corners:
            cv2.circle(weight, (int(p[0]), int(p[1])), 6 * over, 255, -1)
    elif rng.random() < 0.5:
        for _ in range(rng.integers(1, 3)):
            kind = things.RECTANGLES[rng.integers(len(things.RECTANGLES))]
            things.place(rng, canvas, kind(rng, bank.pictures), rng.uniform(0.3, 1.0) * long)

    holds = quads[0] if quads else placed(rng, pose(rng, (85, 54)), width, height, 0.3, 0.8)
    if name == "held" or rng.random() < 0.08:
        for _ in range(1 + int(rng.random() < 0.35)):
            things.hand(rng, canvas, holds.astype(np.float64))
    if name == "shadow" or rng.random() < 0.15:
        shade(rng, canvas, name == "shadow")
    if quads and (name == "glare" or rng.random() < 0.05):
        shine(rng, canvas, quads[0])

    return canvas, mask, weight, quads, corners, int(category)


def touches(a, b):
    """Whether the boxes around two quads meet."""
    return bool((a.min(0) < b.max(0)).all() and (b.min(0) < a.max(0)).all())


def letterboxed(image, mask, weight, quads, corners, category, width, height):
    h, w = image.shape[:2]
    top, left = (SIDE - h) // 2, (SIDE - w) // 2
    out = np.full((SIDE, SIDE, 3), PAD, np.uint8)
    out[top : top + h, left : left + w] = image
    maps = []
    for plane, fill in ((mask, 0), (weight, 255)):
        whole = np.full((LONG, LONG), fill, np.uint8)
        whole[top * OVER : top * OVER + height, left * OVER : left * OVER + width] = plane
        maps.append(cv2.resize(whole, (CELLS, CELLS), interpolation=cv2.INTER_AREA))
    offset = np.float32([left, top])
    places = np.full((MAX_CORNERS, 2), np.nan, np.float32)
    for k, p in enumerate(corners[:MAX_CORNERS]):
        places[k] = p / OVER + offset
    quad = np.full((4, 2), np.nan, np.float32)
    whole = [q for q in quads if (q >= 0).all() and (q <= [width, height]).all()]
    if whole and category != CATEGORIES.index("cut_off"):
        quad = max(whole, key=lambda q: cv2.contourArea(q)) / OVER + offset
    return Scene(out, maps[0], maps[1], places, quad.astype(np.float32), category)
