"""What lies beside documents and is none: phones, screens, books, keyboards, pens, cables, cups, hands.

In: a canvas of floats and a random generator. Out: the canvas, drawn on. Where a thing is a rectangle it is made so
that it can be told from a document: a bezel, a thickness, keys.
"""

import cv2
import numpy as np

from documents import SKINS, crop
from draw import colour, ink_rows, paste, rounded, to_quad


def phone(rng, pictures):
    h, w = 300, int(300 * rng.uniform(0.45, 0.56))
    body = colour(rng, 5, 60, 10) if rng.random() < 0.8 else colour(rng, 180, 240, 10)
    image = np.empty((h, w, 3), np.float32)
    image[:] = body
    side, end = rng.uniform(0.02, 0.05) * w, rng.uniform(0.01, 0.1) * h
    y0, y1, x0, x1 = int(end), int(h - end), int(side), int(w - side)
    if rng.random() < 0.5:
        image[y0:y1, x0:x1] = crop(rng, pictures, y1 - y0, x1 - x0) if pictures else 90
        for y in np.linspace(y0 + 30, y1 - 20, 5):
            for x in np.linspace(x0 + 15, x1 - 15, 4):
                if rng.random() < 0.8:
                    cv2.circle(image, (int(x), int(y)), 9, colour(rng).tolist(), -1)
    elif rng.random() < 0.5:
        image[y0:y1, x0:x1] = colour(rng, 5, 30, 5)
    else:
        cv2.rectangle(image, (int(w * 0.1), int(h * 0.04)), (int(w * 0.45), int(h * 0.2)), (body * 0.7).tolist(), -1)
        for k in range(3):
            cv2.circle(image, (int(w * 0.27), int(h * (0.07 + 0.05 * k))), 9, (12, 12, 14), -1)
    return image, rounded(h, w, rng.uniform(14, 30))


def screen(rng, pictures):
    w, h = 320, int(320 / rng.uniform(1.3, 1.9))
    image = np.empty((h, w, 3), np.float32)
    image[:] = colour(rng, 5, 70, 10)
    m = int(rng.uniform(6, 20))
    image[m : h - m, m : w - m] = crop(rng, pictures, h - 2 * m, w - 2 * m) if pictures else 160
    for _ in range(rng.integers(0, 4)):
        x, y = rng.uniform(0.1, 0.5) * w, rng.uniform(0.1, 0.5) * h
        cv2.rectangle(image, (int(x), int(y)), (int(x + w * 0.35), int(y + h * 0.35)), colour(rng, 200, 255, 10).tolist(), -1)
        cv2.rectangle(image, (int(x), int(y)), (int(x + w * 0.35), int(y + 8)), colour(rng, 40, 200).tolist(), -1)
        ink_rows(rng, image, (x + 5, y + 14, x + w * 0.33, y + h * 0.33), 8, 3, colour(rng, 20, 120))
    return image, rounded(h, w, rng.uniform(0, 10))


def keyboard(rng, _):
    w, h = 330, int(330 / rng.uniform(2.2, 3.4))
    body, key = colour(rng, 10, 220, 8), colour(rng, 10, 245, 8)
    image = np.empty((h, w, 3), np.float32)
    image[:] = body
    step = h / 5.4
    for row in range(5):
        x = step * 0.2 + rng.uniform(0, step * 0.5)
        while x < w - step * 0.5:
            width = step * rng.choice([1, 1, 1, 1.5, 2])
            p, q = (int(x), int(step * (0.2 + row))), (int(min(x + width - 3, w - 3)), int(step * (row + 1.05)))
            cv2.rectangle(image, p, q, key.tolist(), -1)
            cv2.rectangle(image, p, (q[0], p[1] + 1), (key * 0.7 + 60).tolist(), 1)
            x += width
    return image, rounded(h, w, 6)


def book(rng, pictures):
    h, w = 320, int(320 * rng.uniform(0.62, 0.8))
    image = np.empty((h, w, 3), np.float32)
    image[:] = colour(rng, 15, 235, 60)
    edge = int(rng.uniform(10, 32))
    if rng.random() < 0.6 and pictures:
        image[: h - edge, : w - edge] = crop(rng, pictures, h - edge, w - edge)
    image[:, :6] *= 0.6
    pages = colour(rng, 170, 235, 8)
    for k in range(edge):
        image[h - edge + k, :] = pages - (k % 3) * 25
        image[: h - edge, w - edge + k] = pages * 0.8 - (k % 3) * 20
    for y in (0.15, 0.25):
        ink_rows(rng, image, (w * 0.15, h * y, w * 0.8, h * y + 25), 30, rng.uniform(12, 22), colour(rng), (30, 70))
    return image, rounded(h, w, 3)


def frame(rng, pictures):
    """A window, a drawer, a picture frame: rectangles within rectangles."""
    h, w = int(rng.uniform(150, 320)), int(rng.uniform(150, 320))
    image = np.empty((h, w, 3), np.float32)
    image[:] = colour(rng, 40, 240)
    for depth in range(1, int(rng.integers(2, 4))):
        m = int(depth * rng.uniform(10, 28))
        if h - 2 * m > 20 and w - 2 * m > 20:
            image[m : h - m, m : w - m] = colour(rng, 20, 240)
            cv2.rectangle(image, (m, m), (w - m, h - m), colour(rng, 10, 250).tolist(), 2)
    if pictures and rng.random() < 0.5:
        m = int(min(h, w) * 0.25)
        image[m : h - m, m : w - m] = crop(rng, pictures, h - 2 * m, w - 2 * m)
    return image, rounded(h, w, 2)


RECTANGLES = [phone, screen, keyboard, book, frame]


def place(rng, canvas, made, reach, around=None):
    """Draws a rectangle somewhere, its longer side `reach` px; where it lies."""
    image, alpha = made
    h, w = image.shape[:2]
    ch, cw = canvas.shape[:2]
    scale, angle = reach / max(h, w), rng.uniform(0, 2 * np.pi)
    cx, cy = (rng.uniform(0, cw), rng.uniform(0, ch)) if around is None else around
    corners = np.float32([[-w, -h], [w, -h], [w, h], [-w, h]]) * scale / 2
    turn = np.float32([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    quad = corners @ turn
    quad *= 1 + rng.uniform(-0.12, 0.12, (4, 1)).astype(np.float32)
    quad += [cx, cy]
    paste(canvas, np.clip(image, 0, 255).astype(np.uint8), alpha, to_quad(w, h, quad))
    return quad


def small_things(rng, canvas, count):
    """Pens, cables, cups, coins, loose print."""
    h, w = canvas.shape[:2]
    long = max(h, w)
    for _ in range(count):
        x, y = rng.uniform(0, w), rng.uniform(0, h)
        paint = colour(rng)
        kind = rng.integers(5)
        if kind == 0:
            r = rng.uniform(0.015, 0.09) * long
            axes = (int(r), int(r * rng.uniform(0.7, 1)))
            tilt = rng.uniform(0, 180)
            cv2.ellipse(canvas, (int(x), int(y)), axes, tilt, 0, 360, paint.tolist(), -1, cv2.LINE_AA)
            inner = (int(axes[0] * 0.85), int(axes[1] * 0.85))
            cv2.ellipse(canvas, (int(x), int(y)), inner, tilt, 0, 360, colour(rng).tolist(), -1, cv2.LINE_AA)
        elif kind <= 2:
            a, length = rng.uniform(0, np.pi), rng.uniform(0.1, 0.6) * long
            p = (int(x - np.cos(a) * length / 2), int(y - np.sin(a) * length / 2))
            q = (int(x + np.cos(a) * length / 2), int(y + np.sin(a) * length / 2))
            width = int(rng.uniform(0.006, 0.03) * long) + 1
            cv2.line(canvas, p, q, paint.tolist(), width, cv2.LINE_AA)
            cv2.line(canvas, p, q, np.clip(paint + 50, 0, 255).tolist(), max(1, width // 3), cv2.LINE_AA)
        elif kind == 3:
            steps = np.cumsum(rng.normal(0, 0.12, 120)) + rng.uniform(0, 6.28)
            points = np.stack([x + 4 * np.cumsum(np.cos(steps)), y + 4 * np.cumsum(np.sin(steps))], 1)
            cv2.polylines(canvas, [np.int32(points)], False, paint.tolist(), int(rng.integers(2, 6)), cv2.LINE_AA)
        else:
            ink_rows(rng, canvas, (x, y, min(w, x + rng.uniform(60, 200)), min(h, y + rng.uniform(30, 90))), 8, 3, paint)


def hand(rng, canvas, quad):
    """Fingers over a side of `quad`, or a thumb over a corner, with a palm beyond it. Px of the canvas."""
    skin = np.float32(SKINS[rng.integers(len(SKINS))]) * rng.uniform(0.55, 1.05)
    side = int(rng.integers(4))
    a, b = quad[side], quad[(side + 1) % 4]
    along = b - a
    length = float(np.hypot(*along))
    if length < 12:
        return
    along = along / length
    out = np.array([along[1], -along[0]])
    if np.dot(out, quad.mean(0) - a) > 0:
        out = -out
    long = max(canvas.shape)
    thick = np.clip(rng.uniform(0.07, 0.15) * max(length, 0.16 * long), 0.016 * long, 0.16 * long)
    count = int(rng.integers(1, 5))
    first = rng.uniform(-0.05, 0.9)
    lean = out + along * rng.uniform(-0.6, 0.6)
    lean = lean / np.hypot(*lean)
    layer, cover = np.zeros_like(canvas), np.zeros(canvas.shape[:2], np.float32)
    if rng.random() < 0.6:
        centre = a + along * length * (first + 0.1) + lean * thick * rng.uniform(3.5, 5)
        cv2.ellipse(cover, (int(centre[0]), int(centre[1])), (int(thick * 3), int(thick * 2.2)), float(np.degrees(np.arctan2(*lean[::-1]))), 0, 360, 1, -1, cv2.LINE_AA)
        layer[cover > 0] = skin * 0.85
    for k in range(count):
        root = a + along * (length * first + k * thick * 1.05)
        tip = root - lean * rng.uniform(0.2, 2.2) * thick
        base = root + lean * rng.uniform(3, 7) * thick
        shade = skin * rng.uniform(0.85, 1.05)
        for width, light in ((1.0, 0.78), (0.72, 0.95), (0.4, 1.06)):
            cv2.line(layer, (int(tip[0]), int(tip[1])), (int(base[0]), int(base[1])), np.clip(shade * light, 0, 255).tolist(), max(1, int(thick * width)), cv2.LINE_AA)
        cv2.line(cover, (int(tip[0]), int(tip[1])), (int(base[0]), int(base[1])), 1, max(1, int(thick)), cv2.LINE_AA)
        if rng.random() < 0.5:
            nail = tip + lean * thick * 0.1
            cv2.circle(layer, (int(nail[0]), int(nail[1])), max(1, int(thick * 0.28)), np.clip(shade * 1.12 + 8, 0, 255).tolist(), -1, cv2.LINE_AA)
    layer = cv2.GaussianBlur(layer, (0, 0), 1.2)
    canvas += (layer - canvas) * np.clip(cover, 0, 1)[..., None]
