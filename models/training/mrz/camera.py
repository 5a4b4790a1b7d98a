"""From a printed line to the strip that the reader sees.

In: Conditions, a printed mask, a paper tile. Out: a strip, uint8 STRIP_HEIGHT x STRIP_WIDTH, and where the
characters stand in it. Rule: every number of a picture is a field of Conditions, so that a test can hold some
of them still; lengths that depend on the size of the picture are in parts of the glyph pitch.
"""

from dataclasses import dataclass

import cv2
import numpy as np

import ink

STRIP_HEIGHT, STRIP_WIDTH = 32, 768
STEP = 4
"""Px of the strip for one step of the reader's output."""


@dataclass
class Conditions:
    """What happened between the printer and the reader."""

    # The picture before it is cut out: px per character, ratio of height to width scale.
    source_pitch: float = 20.0
    source_stretch: float = 1.0
    # Print.
    spread: float = 0.0
    softness: float = 0.3
    gaps: float = 0.0
    jitter: float = 0.0
    spacing: float = 2.2
    neighbours: bool = True
    # Light: grey values 0..255 of paper and ink; pattern contrast as a part of their difference.
    paper: float = 225.0
    ink: float = 35.0
    pattern: float = 0.0
    overlay: float = 0.0
    edge_left: float = -1.0
    edge_right: float = -1.0
    edge_down: float = -1.0
    # Camera.
    slope: float = 0.0
    shadow: float = 0.0
    streak: float = 0.0
    specks: int = 0
    blur: float = 0.0
    motion: float = 0.0
    motion_deg: float = 0.0
    sharpen: float = 0.0
    noise: float = 0.0
    gamma: float = 1.0
    jpeg: int = 100
    # What the locator leaves: px of the strip.
    pitch: float = 16.0
    cap: float = 20.0
    start: float = 8.0
    rise: float = 0.0
    skew: float = 0.0
    curve: float = 0.0
    shear: float = 0.0
    perspective: float = 0.0
    cubic: bool = False


def _paper(conditions, tile, shape, rng):
    height, width = shape
    contrast = conditions.paper - conditions.ink
    row = int(rng.integers(0, tile.shape[0] - height + 1))
    column = int(rng.integers(0, tile.shape[1] - width + 1))
    cut = tile[row : row + height, column : column + width]
    return conditions.paper - (255.0 - cut.astype(np.float32)) * (conditions.pattern * contrast / 255.0)


def _edges(picture, conditions, pitch, characters, rng):
    """Ends of the document: another surface beyond them, with a dark or bright seam."""
    height, width = picture.shape
    other = float(rng.uniform(0, 255))
    margin = ink.MARGIN / ink.PITCH
    surface = other + rng.normal(0, rng.uniform(0, 12), (height, width)).astype(np.float32)
    seam = float(rng.uniform(0, 255))
    if conditions.edge_left >= 0:
        column = int((margin - conditions.edge_left) * pitch)
        picture[:, :column] = surface[:, :column]
        picture[:, max(0, column - 1) : column + 1] = seam
    if conditions.edge_right >= 0:
        column = int((margin + characters + conditions.edge_right) * pitch)
        picture[:, column:] = surface[:, column:]
        picture[:, column : column + 2] = seam
    if conditions.edge_down >= 0:
        row = int(height * 0.5 + conditions.edge_down * pitch * conditions.source_stretch)
        picture[row:] = surface[row:]
        picture[row : row + 2] = seam


def _light(picture, conditions, rng):
    height, width = picture.shape
    across = np.linspace(-0.5, 0.5, width, dtype=np.float32)
    if conditions.slope:
        bend = rng.uniform(-1, 1)
        picture *= 1 + conditions.slope * (across + bend * (across**2 - 0.1))[None, :]
    if conditions.shadow:
        edge = rng.uniform(0, width)
        lean = rng.uniform(-1.5, 1.5)
        soft = rng.uniform(0.5, 20)
        x = np.arange(width, dtype=np.float32)[None, :] - edge
        y = (np.arange(height, dtype=np.float32)[:, None] - height / 2) * lean
        picture *= 1 - conditions.shadow / (1 + np.exp(np.clip((x + y) / soft, -30, 30)))
    if conditions.streak:
        centre, reach = rng.uniform(0, width), rng.uniform(0.3, 4) * height / 2
        lean = rng.uniform(-2, 2)
        x = np.arange(width, dtype=np.float32)[None, :] - centre
        y = (np.arange(height, dtype=np.float32)[:, None] - height / 2) * lean
        picture += conditions.streak * np.exp(-(((x + y) / reach) ** 2))
    for _ in range(conditions.specks):
        centre = (int(rng.uniform(0, width)), int(rng.uniform(0, height)))
        cv2.circle(picture, centre, int(rng.integers(1, 3)), float(rng.uniform(0, 255)), -1, cv2.LINE_AA)


def _camera(picture, conditions, pitch, rng):
    if conditions.motion * pitch > 1:
        length = conditions.motion * pitch
        side = int(np.ceil(length)) | 1
        kernel = np.zeros((side, side), np.float32)
        angle = np.deg2rad(conditions.motion_deg)
        half = length / 2
        for part in np.linspace(-half, half, 2 * side):
            x, y = side // 2 + part * np.cos(angle), side // 2 + part * np.sin(angle)
            kernel[int(round(y)) % side, int(round(x)) % side] += 1
        picture = cv2.filter2D(picture, -1, kernel / kernel.sum())
    if conditions.blur * pitch > 0.15:
        picture = cv2.GaussianBlur(picture, (0, 0), conditions.blur * pitch)
    if conditions.gamma != 1:
        picture = 255 * (np.clip(picture, 0, 255) / 255) ** conditions.gamma
    if conditions.noise:
        grain = rng.standard_normal(picture.shape, np.float32) * conditions.noise
        if rng.random() < 0.4:
            grain = cv2.GaussianBlur(grain, (0, 0), 0.8) * 1.8
        picture = picture + grain
    if conditions.sharpen:
        picture = picture + conditions.sharpen * (picture - cv2.GaussianBlur(picture, (0, 0), 1.2))
    picture = np.clip(picture, 0, 255).astype(np.uint8)
    if conditions.jpeg < 100:
        top, left = int(rng.integers(0, 8)), int(rng.integers(0, 8))
        block = cv2.copyMakeBorder(picture, top, 0, left, 0, cv2.BORDER_REPLICATE)
        coded = cv2.imencode(".jpg", block, [cv2.IMWRITE_JPEG_QUALITY, conditions.jpeg])[1]
        picture = cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE)[top:, left:]
    return picture


def _cut(picture, conditions, cap, scale, middle_x):
    """The strip by the locator's (imperfect) lines, and the characters' middles in it.

    `cap`: the capital's height in the composed mask; `scale`: (x, y) px of the picture per px of the mask.
    """
    x = np.arange(STRIP_WIDTH, dtype=np.float32)
    part = (x - STRIP_WIDTH / 2) / (STRIP_WIDTH / 2)
    rate = (1 + conditions.perspective * part) / conditions.pitch
    along = np.cumsum(rate) - 0.5 * rate
    along -= np.interp(conditions.start, x, along) if conditions.start >= 0 else conditions.start * rate[0] + along[0]
    mask_x = ink.MARGIN + ink.PITCH * along
    rows = np.arange(STRIP_HEIGHT, dtype=np.float32)[:, None] - (STRIP_HEIGHT - 1) / 2
    drift = conditions.rise + conditions.skew * part + conditions.curve * (part**2 - 0.33)
    mask_y = ink.HEIGHT / 2 + (rows - drift[None, :]) * (cap / conditions.cap)
    map_x = ((mask_x[None, :] + conditions.shear * (mask_y - ink.HEIGHT / 2)) + 0.5) * scale[0] - 0.5
    map_y = (mask_y + 0.5) * scale[1] - 0.5
    method = cv2.INTER_CUBIC if conditions.cubic else cv2.INTER_LINEAR
    strip = cv2.remap(
        picture, map_x.astype(np.float32), map_y.astype(np.float32), method, borderMode=cv2.BORDER_REPLICATE
    )
    spots = np.interp(middle_x, mask_x, x, left=-1000, right=2000)
    return strip, spots


def normalised(strip):
    """Grey stretched so that the 2 % and 98 % quantiles become 0 and 255, clipped."""
    low, high = np.percentile(strip, (2, 98))
    table = np.clip((np.arange(256) - low) * (255.0 / max(high - low, 1.0)), 0, 255)
    return cv2.LUT(strip, np.round(table).astype(np.uint8))


def photograph(conditions, mask, middles, cap, tile, rng):
    """Takes the picture of a printed line and cuts the strip out.

    Returns the normalised strip, uint8, and the characters' middles in px of the strip (far outside where
    the strip does not reach them).
    """
    pitch = conditions.source_pitch
    characters = len(middles)
    scale = (pitch / ink.PITCH, pitch / ink.PITCH * conditions.source_stretch)
    width, height = round(mask.shape[1] * scale[0]), round(mask.shape[0] * scale[1])
    scale = (width / mask.shape[1], height / mask.shape[0])
    method = cv2.INTER_AREA if pitch < ink.PITCH else cv2.INTER_LINEAR
    cover = cv2.resize(mask, (width, height), interpolation=method).astype(np.float32) * (1 / 255.0)
    picture = _paper(conditions, tile, (height, width), rng)
    picture += cover * (conditions.ink - picture)
    if conditions.overlay:
        row = int(rng.integers(0, tile.shape[0] - height + 1))
        cut = tile[row : row + height, :width].astype(np.float32) / 255 - 0.5
        picture += cut * (conditions.overlay * (conditions.paper - conditions.ink))
    _edges(picture, conditions, pitch, characters, rng)
    _light(picture, conditions, rng)
    picture = _camera(picture, conditions, pitch, rng)
    strip, spots = _cut(picture, conditions, cap, scale, middles)
    return normalised(strip), spots
