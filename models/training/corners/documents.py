"""Flat documents, drawn. In: a random generator and a stock of pictures. Out: pictures with their coverage.

Kinds and their share of the bank: cards of ID-1 (front, back, plain, dark), pages and covers of passports (ID-3),
ID-2, sheets of paper and receipts, banknotes. A flat, rectangular, single thing that can be read or shown counts
as a document; which kinds are accepted is decided elsewhere, by proportions.
"""

import cv2
import numpy as np

from draw import cloud, colour, fractal, ink_rows, rotated_grid, rounded

LONG_SIDE = 360
SIZES = {"id1": (85.6, 53.98), "id2": (105, 74), "id3": (125, 88), "cover": (88, 125)}
SHARES = {"id1": 0.44, "id3": 0.22, "id2": 0.06, "cover": 0.04, "sheet": 0.15, "note": 0.09}


class Document:
    def __init__(self, kind, image, alpha, size_mm):
        self.kind, self.image, self.alpha, self.size_mm = kind, image, alpha, size_mm


def paper(rng, h, w, base, pictures):
    """The ground of a card: one colour, a gradient, guilloche, a faded picture."""
    image = np.empty((h, w, 3), np.float32)
    image[:] = base
    style = rng.random()
    if style < 0.6:
        u, v = rotated_grid(rng, h, w)
        other = np.clip(base + rng.uniform(-60, 60, 3) * rng.uniform(0.2, 1), 0, 255)
        t = (u - u.min()) / (np.ptp(u) + 1)
        image += (other - base) * t[..., None]
    if rng.random() < 0.6:
        u, v = rotated_grid(rng, h, w)
        f = rng.uniform(0.15, 1.3, 3)
        wave = np.sin(u * f[0] + 3 * np.sin(v * f[1] * 0.3)) + np.sin(v * f[2] + 4 * np.sin(u * 0.05))
        image += wave[..., None] * rng.uniform(1, 9) * rng.uniform(0.3, 1, 3)
    if rng.random() < 0.2 and pictures:
        faded = crop(rng, pictures, h, w).astype(np.float32)
        image += (faded - faded.mean()) * rng.uniform(0.1, 0.7)
    if rng.random() < 0.25:
        image += (fractal(rng, h, w, w / 3, 2) - 0.5)[..., None] * rng.uniform(10, 60) * rng.uniform(-1, 1, 3)
    return image


def crop(rng, pictures, h, w):
    """A random part of a random picture."""
    picture = pictures[rng.integers(len(pictures))]
    ph, pw = picture.shape[:2]
    scale = rng.uniform(0.3, 1.0) * min(ph / h, pw / w)
    ch, cw = max(4, int(h * scale)), max(4, int(w * scale))
    y, x = rng.integers(0, ph - ch + 1), rng.integers(0, pw - cw + 1)
    return cv2.resize(picture[y : y + ch, x : x + cw], (w, h), interpolation=cv2.INTER_AREA)


SKINS = [(234, 192, 170), (214, 165, 135), (182, 130, 100), (140, 95, 70), (95, 62, 48), (245, 210, 190)]


def portrait(rng, image, box):
    """Head and shoulders before a plain ground."""
    x0, y0, x1, y1 = [int(v) for v in box]
    w, h = x1 - x0, y1 - y0
    if w < 8 or h < 8:
        return
    patch = np.empty((h, w, 3), np.float32)
    patch[:] = colour(rng, 120, 245, 20)
    skin = np.float32(SKINS[rng.integers(len(SKINS))]) * rng.uniform(0.8, 1.05)
    hair, coat = colour(rng, 10, 120, 25), colour(rng, 10, 220)
    cx, cy = w * rng.uniform(0.45, 0.55), h * rng.uniform(0.38, 0.48)
    a, b = w * rng.uniform(0.2, 0.28), h * rng.uniform(0.22, 0.3)
    if rng.random() < 0.5:
        cv2.ellipse(patch, (int(cx), int(cy + b * 0.3)), (int(a * 1.35), int(b * 1.5)), 0, 0, 360, hair.tolist(), -1)
    cv2.ellipse(patch, (int(cx), int(h * 1.05)), (int(w * 0.45), int(h * 0.35)), 0, 0, 360, coat.tolist(), -1)
    cv2.ellipse(patch, (int(cx), int(cy - b * 0.2)), (int(a * 1.1), int(b * 1.1)), 0, 0, 360, hair.tolist(), -1)
    cv2.ellipse(patch, (int(cx), int(cy + b * 0.15)), (int(a), int(b)), 0, 0, 360, skin.tolist(), -1)
    for side in (-1, 1):
        cv2.circle(patch, (int(cx + side * a * 0.4), int(cy)), max(1, int(a * 0.12)), (40, 35, 35), -1)
    cv2.line(patch, (int(cx - a * 0.3), int(cy + b * 0.6)), (int(cx + a * 0.3), int(cy + b * 0.6)), (150, 80, 80), 1)
    if rng.random() < 0.4:
        patch[:] = patch.mean(axis=2, keepdims=True)
    strength = rng.uniform(0.6, 1)
    image[y0:y1, x0:x1] += (patch - image[y0:y1, x0:x1]) * strength


def scribble(rng, image, box, ink):
    x0, y0, x1, y1 = box
    t = np.linspace(0, 1, 30)
    x = x0 + (x1 - x0) * t + rng.normal(0, (x1 - x0) * 0.05, 30)
    y = (y0 + y1) / 2 + rng.normal(0, (y1 - y0) * 0.3, 30)
    cv2.polylines(image, [np.int32(np.stack([x, y], 1))], False, [float(v) for v in ink], 1, cv2.LINE_AA)


def barcode(rng, image, box):
    x0, y0, x1, y1 = [int(v) for v in box]
    patch = image[y0:y1, x0:x1]
    if rng.random() < 0.5:
        bars = np.repeat(rng.random(patch.shape[1] // 2 + 1) < 0.5, 2)[: patch.shape[1]]
        patch[:] = np.where(bars[None, :, None], 20, 245)
    else:
        cells = rng.random((patch.shape[0] // 3 + 1, patch.shape[1] // 3 + 1)) < 0.5
        dots = np.repeat(np.repeat(cells, 3, 0), 3, 1)[: patch.shape[0], : patch.shape[1]]
        patch[:] = np.where(dots[..., None], 20, 245)


def card(rng, kind, pictures):
    mm = SIZES[kind]
    w, h = LONG_SIDE, int(round(LONG_SIDE * mm[1] / mm[0]))
    per_mm = w / mm[0]
    style = rng.random()
    plain = style < 0.06
    dark = 0.06 <= style < 0.16 and kind == "id1"
    base = colour(rng, 15, 110, 50) if dark else colour(rng, 235, 255, 8) if plain else colour(rng, 150, 250, 35)
    image = paper(rng, h, w, base, [] if plain else pictures)
    ink = colour(rng, 180, 250, 20) if dark else colour(rng, 10, 90, 25)
    radius = 3.18 * per_mm if kind == "id1" else rng.choice([0, rng.uniform(0.5, 3.5)]) * per_mm
    alpha = rounded(h, w, radius)
    if plain and rng.random() < 0.6:
        return Document(kind, image, alpha, mm)
    if rng.random() < 0.2:
        m = rng.uniform(1, 5) * per_mm
        cv2.rectangle(image, (int(m), int(m)), (int(w - m), int(h - m)), ink.tolist(), int(rng.integers(1, 4)))
    if rng.random() < 0.5:
        y0 = rng.choice([0, 0, rng.uniform(0.03, 0.1)]) * h
        cv2.rectangle(image, (0, int(y0)), (w, int(y0 + h * rng.uniform(0.08, 0.22))), colour(rng, 20, 230, 70).tolist(), -1)
        ink_rows(rng, image, (w * 0.1, y0 + h * 0.04, w * 0.9, y0 + h * 0.12), 12, rng.uniform(3, 8), colour(rng, 200, 255, 10))
    back = rng.random() < 0.25
    zone = kind != "id1" or back
    bottom = h * (0.74 if zone else 0.95)
    if not back and not dark:
        left = rng.random() < 0.75
        pw, ph = w * rng.uniform(0.2, 0.33), h * rng.uniform(0.42, 0.62)
        px = w * rng.uniform(0.03, 0.09) if left else w * rng.uniform(0.91, 0.97) - pw
        py = h * rng.uniform(0.16, 0.28)
        portrait(rng, image, (px, py, px + pw, min(py + ph, h - 2)))
        text = (px + pw + w * 0.04, h * 0.22, w * 0.95, bottom) if left else (w * 0.05, h * 0.22, px - w * 0.03, bottom)
    else:
        text = (w * 0.06, h * rng.uniform(0.15, 0.4), w * rng.uniform(0.6, 0.94), bottom)
    pitch = h * rng.uniform(0.055, 0.12)
    ink_rows(rng, image, text, pitch, pitch * rng.uniform(0.25, 0.55), ink, density=rng.uniform(0.4, 0.95))
    if rng.random() < 0.3:
        x, y = rng.uniform(0.05, 0.75) * w, rng.uniform(0.3, 0.5) * h
        gold = np.float32([205, 175, 95]) * rng.uniform(0.7, 1.15)
        cv2.rectangle(image, (int(x), int(y)), (int(x + 12 * per_mm), int(y + 9 * per_mm)), gold.tolist(), -1)
    if zone and rng.random() < 0.9:
        rows, top = (3, 0.66) if kind == "id1" else (2, 0.79)
        if rng.random() < 0.4:
            image[int(h * (top - 0.03)) :] += (245 - image[int(h * (top - 0.03)) :]) * rng.uniform(0.3, 0.9)
        step = h * (0.95 - top) / rows
        ink_rows(rng, image, (w * 0.04, h * top, w * 0.96, h * 0.97), step, step * 0.5, colour(rng, 5, 50, 8), (40, 90), False, 1)
    if back and rng.random() < 0.5:
        barcode(rng, image, (w * 0.5, h * 0.08, w * rng.uniform(0.75, 0.95), h * rng.uniform(0.25, 0.5)))
    if back and rng.random() < 0.15:
        image[int(h * 0.08) : int(h * 0.25)] = 25
    if rng.random() < 0.25:
        scribble(rng, image, (w * 0.4, h * 0.6, w * 0.8, h * 0.75), ink)
    if rng.random() < 0.3:
        blob = cloud(rng, h, w, w / 3)[..., None]
        shine = np.stack([np.sin(blob[..., 0] * 12 + k * 2.1) for k in range(3)], 2)
        image += shine * (blob > 0.6) * rng.uniform(10, 45)
    return Document(kind, image, alpha, mm)


def cover(rng):
    mm = SIZES["cover"]
    h, w = LONG_SIDE, int(LONG_SIDE * mm[0] / mm[1])
    base = np.float32([(90, 20, 30), (20, 30, 70), (20, 60, 40), (25, 25, 28), (110, 50, 30)][rng.integers(5)])
    image = paper(rng, h, w, base * rng.uniform(0.6, 1.3), [])
    gold = np.float32([200, 170, 90]) * rng.uniform(0.6, 1.2)
    cv2.circle(image, (w // 2, int(h * 0.45)), int(w * rng.uniform(0.15, 0.25)), gold.tolist(), int(rng.integers(2, 9)))
    cv2.circle(image, (w // 2, int(h * 0.45)), int(w * 0.08), gold.tolist(), -1)
    for y in (0.12, 0.2, 0.75, 0.85):
        ink_rows(rng, image, (w * 0.22, h * y, w * 0.78, h * y + 12), 14, 8, gold, density=rng.uniform(0.4, 1))
    return Document("cover", image, rounded(h, w, rng.uniform(2, 12)), mm)


def sheet(rng, pictures):
    style = rng.random()
    ratio = rng.uniform(1.25, 1.5) if style < 0.75 else rng.uniform(1.9, 3.2) if style < 0.9 else rng.uniform(1, 1.25)
    landscape = rng.random() < 0.25
    long_mm = rng.uniform(140, 300)
    h, w = LONG_SIDE, int(LONG_SIDE / ratio)
    if landscape:
        h, w = w, h
    image = paper(rng, h, w, colour(rng, 205, 255, 8), pictures if rng.random() < 0.1 else [])
    ink = colour(rng, 10, 120, 25)
    margin = rng.uniform(0.03, 0.13) * w
    y = rng.uniform(0.03, 0.15) * h
    if rng.random() < 0.5:
        ink_rows(rng, image, (w * 0.25, y, w * 0.75, y + 14), 16, rng.uniform(6, 12), ink)
        y += h * 0.08
    columns = int(rng.choice([1, 1, 2, 3]))
    pitch = rng.uniform(5, 16)
    if rng.random() > 0.06:
        for k in range(columns):
            x0 = margin + (w - 2 * margin) * k / columns
            x1 = x0 + (w - 2 * margin) / columns - 6
            while y < h * 0.93:
                end = min(y + rng.uniform(0.1, 0.6) * h, h * 0.95)
                kind = rng.random()
                if kind < 0.7:
                    ink_rows(rng, image, (x0, y, x1, end), pitch, pitch * rng.uniform(0.25, 0.6), ink, (4, 25))
                elif kind < 0.8:
                    for row in np.arange(y, end, pitch * 1.6):
                        cv2.line(image, (int(x0), int(row)), (int(x1), int(row)), ink.tolist(), 1)
                elif kind < 0.87 and pictures:
                    hh, ww = max(4, int(end - y)), max(4, int(x1 - x0))
                    part = image[int(y) : int(y) + hh, int(x0) : int(x0) + ww]
                    part[:] = crop(rng, pictures, *part.shape[:2])
                if columns > 1 and end > h * 0.9:
                    break
                y = end + rng.uniform(0.01, 0.06) * h
            if columns > 1:
                y = rng.uniform(0.03, 0.2) * h
    if rng.random() < 0.2:
        m = rng.uniform(0.03, 0.08) * w
        cv2.rectangle(image, (int(m), int(m)), (int(w - m), int(h - m)), ink.tolist(), int(rng.integers(1, 3)))
    if rng.random() < 0.3:
        fold = int(h * rng.choice([1 / 3, 0.5, 2 / 3]))
        image[fold:] -= rng.uniform(0, 18)
    mm = (long_mm, long_mm / ratio) if landscape else (long_mm / ratio, long_mm)
    return Document("sheet", image, rounded(h, w, 0), mm)


def note(rng, pictures):
    ratio = rng.uniform(1.7, 2.5)
    w, h = LONG_SIDE, int(LONG_SIDE / ratio)
    base = colour(rng, 130, 225, 40)
    image = paper(rng, h, w, base, pictures)
    ink = np.clip(base - rng.uniform(60, 150), 0, 255)
    m = rng.uniform(0.02, 0.07) * w
    if rng.random() < 0.7:
        cv2.rectangle(image, (int(m), int(m)), (int(w - m), int(h - m)), ink.tolist(), int(rng.integers(1, 8)))
    x = rng.uniform(0.3, 0.6) * w
    if rng.random() < 0.8:
        portrait(rng, image, (x, h * 0.15, x + h * 0.55, h * 0.85))
    for cx, cy in ((0.08, 0.2), (0.92, 0.2), (0.08, 0.8), (0.92, 0.8)):
        if rng.random() < 0.7:
            cv2.circle(image, (int(cx * w), int(cy * h)), int(h * 0.12), ink.tolist(), int(rng.choice([-1, 2, 4])))
    ink_rows(rng, image, (w * 0.2, h * 0.1, w * 0.8, h * 0.28), 10, 7, ink)
    ink_rows(rng, image, (w * 0.15, h * 0.75, w * 0.85, h * 0.9), 10, 6, ink)
    if rng.random() < 0.5:
        cv2.circle(image, (int(w * rng.uniform(0.2, 0.8)), h // 2), int(h * 0.2), colour(rng, 30, 200).tolist(), 2)
    return Document("note", image, rounded(h, w, 0), (155, 155 / ratio))


def document(rng, pictures):
    """One document of a random kind, its picture as 8 bits."""
    kind = rng.choice(list(SHARES), p=list(SHARES.values()))
    if kind == "cover":
        made = cover(rng)
    elif kind == "sheet":
        made = sheet(rng, pictures)
    elif kind == "note":
        made = note(rng, pictures)
    else:
        made = card(rng, kind, pictures)
    made.image = np.clip(made.image, 0, 255).astype(np.uint8)
    return made
