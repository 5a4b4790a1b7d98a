"""Pictures for the bank: photographs and drawings from Debian packages and from scikit-image, and drawn tables.

In: folders. Out: RGB pictures of 512 px and more. Rule: no picture of the test data is among them.
"""

import glob
import os

import cv2
import numpy as np

from draw import colour, fractal, rotated_grid

# gnome-backgrounds, mate-backgrounds, plasma-workspace-wallpapers, ukui-wallpapers, lomiri-wallpapers
WALLPAPERS = ["/usr/share/backgrounds", "/usr/share/wallpapers"]
# Test charts, and pictures in which documents or pages could be seen.
LEFT_OUT = {"page.png", "text.png", "phantom.png", "logo.png", "multipage.tif", "horse.png"}
LONGEST = 640


def photographs(folders):
    """One picture for each file name and folder, the largest of its sizes, shrunk."""
    best = {}
    for folder in folders:
        for path in sorted(glob.glob(os.path.join(folder, "**", "*.*"), recursive=True)):
            name = os.path.basename(path)
            if not name.lower().endswith((".jpg", ".jpeg", ".png", ".webp")) or name in LEFT_OUT or "screenshot" in name:
                continue
            if os.path.islink(path):
                continue
            group = os.path.dirname(path) if "contents" in path else path
            if group not in best or os.path.getsize(path) > os.path.getsize(best[group]):
                best[group] = path
    pictures = []
    for path in sorted(best.values()):
        picture = cv2.imread(path, cv2.IMREAD_COLOR)
        if picture is None or min(picture.shape[:2]) < 200:
            continue
        scale = LONGEST / max(picture.shape[:2])
        if scale < 1:
            picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        pictures.append(np.ascontiguousarray(picture[..., ::-1]))
    return pictures


def table(rng, side=512, base=None, strength=None):
    """A drawn surface: cloth, stone, wood, tiles, boards, stripes, checks, marble, keys, a plain one."""
    base = colour(rng, 15, 240, 50) if base is None else base
    strength = rng.uniform(0, 1) ** 2 * 110 if strength is None else strength
    image = np.empty((side, side, 3), np.float32)
    image[:] = base
    u, v = rotated_grid(rng, side, side)
    tint = rng.uniform(0.6, 1.2, 3)
    style = rng.integers(10)
    cell = rng.uniform(20, 150)
    if style == 0:
        pattern = fractal(rng, side, side, rng.uniform(10, 90)) - 0.5
    elif style == 1:
        grain = fractal(rng, side, side, rng.uniform(20, 60))
        pattern = np.sin(v / rng.uniform(2, 9) + grain * rng.uniform(3, 14)) * 0.4 + grain - 0.5
    elif style == 2:
        joint = (np.mod(u, cell) < rng.uniform(2, 6)) | (np.mod(v, cell * rng.choice([0.5, 1])) < rng.uniform(2, 6))
        pattern = (fractal(rng, side, side, 40) - 0.5) * 0.5 + np.where(joint, rng.choice([-0.6, 0.6]), 0)
    elif style == 3:
        pattern = np.sin(np.floor(v / cell) * 2.4) * 0.4 + (fractal(rng, side, side, 12) - 0.5) * 0.6
    elif style == 4:
        pattern = np.sign(np.sin(v * 6.28 / cell)) * 0.5
    elif style == 5:
        pattern = np.sign(np.sin(u * 6.28 / cell) * np.sin(v * 6.28 / cell)) * 0.5
    elif style == 6:
        veins = np.abs(fractal(rng, side, side, 120) - 0.5)
        pattern = -np.exp(-veins * rng.uniform(20, 60)) * 0.8
    elif style == 7:
        pattern = (rng.random((side, side), dtype=np.float32) - 0.5) * 0.8
        pattern = cv2.GaussianBlur(pattern, (0, 0), rng.uniform(0.5, 2)) * 2
    elif style == 8:
        weave = rng.uniform(3, 9)
        pattern = 0.3 * (np.sin(u * 6.28 / weave) + np.sin(v * 6.28 / weave))
    else:
        pattern = (u - u.mean()) / side
    image += (pattern[..., None] * tint) * strength
    light = rng.uniform(-35, 35, 2)
    y, x = np.mgrid[0:side, 0:side].astype(np.float32) / side - 0.5
    image += (x * light[0] + y * light[1])[..., None]
    return np.clip(image, 0, 255).astype(np.uint8)
