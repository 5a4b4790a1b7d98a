"""What stands under the ink: security print, textures, photographs.

In: a numpy random generator, pictures. Out: a bank of tiles, grey 0..255, 255 = bare paper. Rule: a tile is
only a pattern; its contrast is chosen where it is used.
"""

import cv2
import numpy as np

TILE_HEIGHT, TILE_WIDTH = 176, 1700


def _grid():
    y, x = np.mgrid[0:TILE_HEIGHT, 0:TILE_WIDTH].astype(np.float32)
    return x, y


def _noise(rng, cell):
    small = rng.random((max(2, int(TILE_HEIGHT / cell) + 2), max(2, int(TILE_WIDTH / cell) + 2)), np.float32)
    return cv2.resize(small, (TILE_WIDTH, TILE_HEIGHT), interpolation=cv2.INTER_CUBIC)


def _strokes(phase, rng):
    """Lines where the phase passes a multiple of 2 pi; thin or broad."""
    wave = 0.5 + 0.5 * np.cos(phase)
    return wave ** float(rng.choice([1, 2, 4, 10]))


def guilloche(rng):
    """Families of wavy lines, as round a passport's data page."""
    x, y = _grid()
    ink = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 5))):
        period = rng.uniform(4, 22)
        angle = rng.uniform(-0.6, 0.6) + (np.pi / 2 if rng.random() < 0.25 else 0)
        u = x * np.cos(angle) + y * np.sin(angle)
        v = -x * np.sin(angle) + y * np.cos(angle)
        wave = rng.uniform(0.3, 2.5) * period * np.sin(u * 2 * np.pi / rng.uniform(30, 300) + rng.uniform(0, 6))
        wave += rng.uniform(0, 1.0) * period * np.sin(u * 2 * np.pi / rng.uniform(15, 90) + rng.uniform(0, 6))
        ink = np.maximum(ink, rng.uniform(0.4, 1) * _strokes((v + wave) * 2 * np.pi / period, rng))
    return 1 - ink


def rosette(rng):
    """Rings bent by the angle round centres beside or under the line."""
    x, y = _grid()
    ink = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 6))):
        dx, dy = x - rng.uniform(0, TILE_WIDTH), y - rng.uniform(-100, TILE_HEIGHT + 100)
        radius, angle = np.hypot(dx, dy), np.arctan2(dy, dx)
        bent = radius + rng.uniform(2, 14) * np.sin(angle * int(rng.integers(3, 24)))
        fade = np.clip(rng.uniform(0.6, 1.4) - radius / rng.uniform(150, 700), 0, 1)
        ink = np.maximum(ink, fade * _strokes(bent * 2 * np.pi / rng.uniform(4, 20), rng))
    return 1 - ink


def hatch(rng):
    """Straight lines, one or two directions."""
    x, y = _grid()
    ink = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 3))):
        angle = rng.uniform(0, np.pi)
        ink = np.maximum(ink, _strokes((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / rng.uniform(3, 18), rng))
    return 1 - ink


def cloud(rng):
    """Uneven paper, fibres, stains, folds."""
    total = sum(rng.uniform(0.2, 1) * _noise(rng, cell) for cell in rng.uniform(2, 160, 3))
    if rng.random() < 0.3:
        x, y = _grid()
        for _ in range(int(rng.integers(1, 4))):
            angle = rng.uniform(-0.4, 0.4) + np.pi / 2 * (rng.random() < 0.5)
            distance = (x - rng.uniform(0, TILE_WIDTH)) * np.sin(angle) + (y - TILE_HEIGHT / 2) * np.cos(angle)
            total -= rng.uniform(0.4, 1.5) * np.exp(-((distance / rng.uniform(1, 4)) ** 2))
    return total


def shapes(rng):
    """Large flat figures with hard edges: arms, maps, seals, letters of another print."""
    tile = np.full((TILE_HEIGHT, TILE_WIDTH), 255, np.uint8)
    for _ in range(int(rng.integers(3, 25))):
        centre = (int(rng.uniform(0, TILE_WIDTH)), int(rng.uniform(-20, TILE_HEIGHT + 20)))
        grey = int(rng.uniform(0, 255))
        kind = rng.random()
        thickness = -1 if rng.random() < 0.4 else int(rng.integers(1, 5))
        if kind < 0.3:
            axes = (int(rng.uniform(5, 160)), int(rng.uniform(5, 120)))
            cv2.ellipse(tile, centre, axes, rng.uniform(0, 180), 0, 360, grey, thickness, cv2.LINE_AA)
        elif kind < 0.6:
            points = np.array(centre) + rng.normal(0, rng.uniform(10, 90), (int(rng.integers(3, 7)), 2))
            if thickness < 0:
                cv2.fillPoly(tile, [points.astype(np.int32)], grey, cv2.LINE_AA)
            else:
                cv2.polylines(tile, [points.astype(np.int32)], True, grey, thickness, cv2.LINE_AA)
        else:
            word = "".join(chr(int(c)) for c in rng.integers(97, 123, int(rng.integers(1, 12))))
            face = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_ITALIC]))
            cv2.putText(tile, word, centre, face, rng.uniform(0.3, 3), grey, max(1, thickness), cv2.LINE_AA)
    return tile.astype(np.float32)


def microprint(rng):
    """Rows of small print that cannot be read."""
    tile = np.full((TILE_HEIGHT, TILE_WIDTH), 255, np.uint8)
    size = rng.uniform(0.2, 0.45)
    step = int(rng.uniform(24, 60) * size) + 2
    word = "".join(chr(int(c)) for c in rng.integers(65, 91, 300))
    for row in range(0, TILE_HEIGHT + step, step):
        cv2.putText(tile, word, (-int(rng.integers(0, 40)), row), cv2.FONT_HERSHEY_SIMPLEX, size, 0, 1, cv2.LINE_AA)
    return tile.astype(np.float32)


def halftone(rng):
    """A screen of dots whose size follows a picture of clouds."""
    x, y = _grid()
    period, angle = rng.uniform(3, 9), rng.uniform(0, np.pi)
    u = (x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period
    v = (-x * np.sin(angle) + y * np.cos(angle)) * 2 * np.pi / period
    return np.clip((np.cos(u) + np.cos(v)) * 0.5 + 2 * _noise(rng, rng.uniform(30, 200)) - 0.6, 0, 1)


def photograph(rng, pictures):
    """A cut of a photograph at a random size and turn."""
    picture = pictures[int(rng.integers(0, len(pictures)))]
    scale, angle = rng.uniform(0.5, 3.5), rng.uniform(0, 360)
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, scale)
    turn[:, 2] += [TILE_WIDTH / 2 - width / 2 + rng.uniform(-300, 300), TILE_HEIGHT / 2 - height / 2]
    turn[1, 2] += rng.uniform(-150, 150)
    cut = cv2.warpAffine(picture, turn, (TILE_WIDTH, TILE_HEIGHT), borderMode=cv2.BORDER_REFLECT_101)
    return cut.astype(np.float32)


def _stretched(tile):
    low, high = np.percentile(tile[::4, ::8], (1, 99))
    return (np.clip((tile - low) / max(high - low, 1e-3), 0, 1) * 255).astype(np.uint8)


def bank(rng, pictures, tiles):
    """`tiles` patterns of all kinds; `pictures`: grey photographs, may be empty.

    Returns a list of (kind, uint8 tile).
    """
    kinds = [guilloche, guilloche, rosette, hatch, cloud, shapes, microprint, halftone]
    made = []
    for index in range(tiles):
        if pictures and index % 4 == 3:
            made.append(("photograph", _stretched(photograph(rng, pictures))))
            continue
        kind = kinds[int(rng.integers(0, len(kinds)))]
        tile = kind(rng)
        if rng.random() < 0.25:
            tile = tile / max(float(np.abs(tile).max()), 1e-3) + rng.uniform(0.3, 1.2) * cloud(rng)
        made.append((kind.__name__, _stretched(tile)))
    return made
