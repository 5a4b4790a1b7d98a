"""Drawing with numpy and OpenCV. In: a random generator. Out: colours, fields of noise, textures, warps."""

import cv2
import numpy as np

NOISE_SIDE = 512


def colour(rng, low=20, high=235, spread=45):
    """A colour of some grey level, its channels apart by up to `spread`."""
    return np.clip(rng.uniform(low, high) + rng.uniform(-spread, spread, 3), 0, 255).astype(np.float32)


def cloud(rng, height, width, cell):
    """A smooth field of 0 to 1 whose features are about `cell` px large."""
    rows, columns = max(2, int(height / cell) + 2), max(2, int(width / cell) + 2)
    coarse = rng.random((rows, columns), dtype=np.float32)
    return cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)


def fractal(rng, height, width, cell, octaves=4):
    """Clouds upon clouds, each of half the size and 0.55 of the height; about 0 to 1."""
    total, weight, amount = np.zeros((height, width), np.float32), 0.0, 1.0
    for _ in range(octaves):
        total += amount * cloud(rng, height, width, max(cell, 2))
        weight += amount
        amount, cell = amount * 0.55, cell / 2
    return total / weight


def rotated_grid(rng, height, width, angle=None):
    """Coordinates along and across a random direction, in px."""
    angle = rng.uniform(0, np.pi) if angle is None else angle
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    return x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)


def noise_bank(rng, count=6):
    """Normal noise of deviation 1, three channels that are partly the same."""
    own = rng.normal(0, 0.6, (count, NOISE_SIDE, NOISE_SIDE, 3))
    common = rng.normal(0, 0.8, (count, NOISE_SIDE, NOISE_SIDE, 1))
    return (own + common).astype(np.float16)


def paste(canvas, patch, alpha, matrix):
    """Draws `patch`, its coverage `alpha` (float 0 to 1), through the homography `matrix`, onto `canvas`."""
    height, width = canvas.shape[:2]
    warped = cv2.warpPerspective(patch, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = cv2.warpPerspective(alpha, matrix, (width, height), flags=cv2.INTER_LINEAR)[..., None]
    canvas += (warped.astype(np.float32) - canvas) * cover
    return cover[..., 0]


def to_quad(width, height, quad):
    """The homography of a patch of `width` x `height` px onto the four points of `quad`."""
    corners = np.float32([[0, 0], [width, 0], [width, height], [0, height]])
    return cv2.getPerspectiveTransform(corners, np.float32(quad))


def rounded(height, width, radius):
    """Coverage of a rectangle with rounded corners, within one px of transparent rim."""
    alpha = np.zeros((height, width), np.uint8)
    r = int(round(radius))
    if r < 1:
        alpha[:] = 255
    else:
        cv2.rectangle(alpha, (r, 0), (width - 1 - r, height - 1), 255, -1)
        cv2.rectangle(alpha, (0, r), (width - 1, height - 1 - r), 255, -1)
        for x in (r, width - 1 - r):
            for y in (r, height - 1 - r):
                cv2.circle(alpha, (x, y), r, 255, -1, cv2.LINE_AA)
    return alpha.astype(np.float32) / 255


def ink_rows(rng, image, box, pitch, height, ink, word=(6, 40), ragged=True, density=0.85):
    """Rows of marks that look like small print within `box` (x0, y0, x1, y1)."""
    x0, y0, x1, y1 = [int(v) for v in box]
    if x1 - x0 < 6:
        return
    y = y0
    while y + height < y1:
        end = x1 - (rng.uniform(0, 0.6) * (x1 - x0) if ragged and rng.random() < 0.4 else 0)
        x = x0
        while x < end:
            length = rng.uniform(*word)
            if rng.random() < density:
                stop = int(min(x + length, end))
                top, bottom = int(y), int(y + max(1, height))
                strip = image[top:bottom, int(x) : stop]
                if strip.size:
                    marks = rng.random((strip.shape[0], strip.shape[1], 1)) < 0.62
                    strip[:] = np.where(marks, ink, strip)
            x += length + rng.uniform(2, 5)
        y += pitch
