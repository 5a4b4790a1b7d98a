"""Glyphs and lines of print.

In: font files. Out: masks of printed lines, 255 = full ink, PITCH px from character to character. Rule:
geometry and light come later; here is only what the printer does.
"""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from text import ALPHABET

PITCH = 24
"""Px from character to character in a composed mask."""
CELL = 40
"""Side of the square that holds one glyph, centred in it across, capitals centred in it down."""
MARGIN = 5 * PITCH
"""Free px before a line, and at least as many after it."""
LONGEST = 44
"""Characters of the longest line; shorter ones have the rest free after them."""
HEIGHT = 116
"""Px of a composed mask from top to bottom; the line's middle is at half."""
_OVERSAMPLING = 4


@dataclass
class Font:
    """One drawn alphabet: `glyphs` 37 x CELL x CELL; `cap` = height of a capital in px; `name`."""

    name: str
    glyphs: np.ndarray
    cap: float


def load_font(path):
    """Draws the alphabet of a monospaced font so that its advance is PITCH px."""
    probe = ImageFont.truetype(str(path), 200)
    size = 200 * PITCH * _OVERSAMPLING / probe.getlength("0")
    face = ImageFont.truetype(str(path), size)
    side = CELL * _OVERSAMPLING
    _, top, _, bottom = face.getbbox("H")
    glyphs = []
    for character in ALPHABET:
        image = Image.new("L", (side, side), 0)
        origin = (side / 2 - face.getlength(character) / 2, side / 2 - (top + bottom) / 2)
        ImageDraw.Draw(image).text(origin, character, font=face, fill=255)
        glyphs.append(cv2.resize(np.asarray(image), (CELL, CELL), interpolation=cv2.INTER_AREA))
    mask = ImageFont.truetype(str(path), size).getmask("H").getbbox()
    return Font(Path(path).stem, np.stack(glyphs), (mask[3] - mask[1]) / _OVERSAMPLING)


def widened(font, ratio):
    """The font with every glyph `ratio` times as wide, the same distance apart."""
    side = max(1, round(CELL * ratio / 2) * 2)
    glyphs = np.zeros_like(font.glyphs)
    for glyph, place in zip(font.glyphs, glyphs, strict=True):
        drawn = cv2.resize(glyph, (side, CELL), interpolation=cv2.INTER_AREA)
        cut = max(0, (side - CELL) // 2)
        left = max(0, (CELL - side) // 2)
        place[:, left : left + min(side, CELL)] = drawn[:, cut : cut + CELL]
    return Font(font.name, glyphs, font.cap)


def compose(line, font, rng, jitter=0.0, above=None, below=None, spacing=2.2):
    """The mask of one printed line, HEIGHT x (2 MARGIN + PITCH * LONGEST).

    `above` and `below` are neighbouring lines, `spacing` capitals away; `jitter` the standard deviation of
    a glyph's place in px. Returns the mask and the characters' middles in px.
    """
    width = 2 * MARGIN + PITCH * LONGEST
    mask = np.zeros((HEIGHT + 2 * CELL, width), np.uint8)
    middles = MARGIN + PITCH * (np.arange(len(line)) + 0.5)
    middle_y = CELL + HEIGHT / 2
    for content, shift in ((above, -1), (below, 1), (line, 0)):
        if content is None:
            continue
        top = round(middle_y + shift * spacing * font.cap - CELL / 2)
        if top < 0 or top + CELL > mask.shape[0]:
            continue
        offsets = rng.normal(0, jitter, (len(content), 2)).round().astype(int) if jitter else None
        for index, character in enumerate(content[: len(line)]):
            dx, dy = (0, 0) if offsets is None else np.clip(offsets[index], -2, 2)
            left = MARGIN + PITCH * index + PITCH // 2 - CELL // 2 + dx
            row = min(max(top + dy, 0), mask.shape[0] - CELL)
            place = mask[row : row + CELL, left : left + CELL]
            np.maximum(place, font.glyphs[ALPHABET.index(character)], out=place)
    return mask[CELL : CELL + HEIGHT], middles


def print_mask(mask, rng, spread, softness, gaps):
    """Ink on paper. `spread`: -1 (thin) .. 1 (fat), about a quarter of a stroke either way; `softness`: the
    blur of the ink's edge in px; `gaps`: 0..1, how much ink is missing in specks and dots."""
    soft = cv2.GaussianBlur(mask, (0, 0), 1.0 + softness)
    threshold = 127 - 75 * spread
    steep = 255 / (40 + 120 * softness)
    table = np.clip((np.arange(256) - threshold) * steep + 127, 0, 255).astype(np.uint8)
    printed = cv2.LUT(soft, table)
    if gaps > 0:
        cell = rng.uniform(1.5, 5)
        small = rng.random((int(mask.shape[0] / cell) + 2, int(mask.shape[1] / cell) + 2), np.float32)
        holes = cv2.resize(small, (mask.shape[1], mask.shape[0]), interpolation=cv2.INTER_LINEAR)
        printed = (printed * np.clip(1 - gaps * 1.6 * np.clip(holes - 0.45, 0, 1) / 0.55, 0, 1)).astype(np.uint8)
    return printed
