"""Samples: training lines and held-out zones.

In: a seed and an index. Out: strips with labels; the same seed and index give the same sample. Rule: the
held-out zones draw from other seeds than training, and their conditions stand in TESTS, one function each.

    python generate.py --sheet FILE    draws a sheet of samples to look at, and prints the lines per second
"""

import argparse
import os
import time
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

import camera
import ink
import paper
import text
from camera import STEP, STRIP_HEIGHT, STRIP_WIDTH, Conditions

STEPS = STRIP_WIDTH // STEP
IGNORED = 255
"""A step that is neither clearly a character nor clearly between two."""

HERE = Path(__file__).resolve().parent
ASSETS = Path(os.environ.get("IDV_ASSETS", HERE.parents[2] / "target/assets"))
FONTS = [
    # path, share of the training lines
    (ASSETS / "fonts/OCR-B.ttf", 0.44),
    (Path("/usr/share/fonts/opentype/ocr-b/OCRB.otf"), 0.30),
    (Path("/usr/share/fonts/opentype/ocr-b/OCRBS.otf"), 0.10),
    (Path("/usr/share/fonts/opentype/ocr-b/OCRBL.otf"), 0.02),
    (Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf"), 0.05),
    (Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf"), 0.02),
    (Path("/usr/share/fonts/truetype/liberation/LiberationMono-Regular.ttf"), 0.05),
    (Path("/usr/share/fonts/truetype/liberation/LiberationMono-Bold.ttf"), 0.02),
]
TRAIN_SEED, TEST_SEED = 20261121, 777
TILES = 320
SHAPES_FROM = 43_000
"""The training sample from which on glyphs are of any width and lines of characters that look alike occur;
before, the reader learns the plain alphabet."""
WIDTHS = np.linspace(0.70, 1.14, 12)
ALIKE_SHARE = 0.15
FINE_FROM = 83_000
"""The training sample from which on many pictures are good ones, nearly all in OCR-B, and 0, O, D and Q occur
more: small differences of shape are learnt where they can be seen."""
FINE_SHARES = (0.46, 0.36, 0.08, 0.02, 0.025, 0.015, 0.025, 0.015)
TURNED_SHARE, OTHER_SHARE = 0.04, 0.04
"""Shares of samples without a line to be read: upside down, and other print or none at all."""
SAME_WHEN_TURNED = set("0O8HINSXZ6915MW")
"""Characters that are one, or nearly one, upside down: what is right for them is left open there."""


def _pictures():
    found = sorted((ASSETS / "backgrounds").glob("*")) + [ASSETS / "astronaut.png"]
    read = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in found]
    return [picture for picture in read if picture is not None]


class Studio:
    """Fonts and papers, made once per process."""

    def __init__(self, seed, tiles=TILES):
        self.fonts = [ink.load_font(path) for path, _ in FONTS]
        self.widened = [[ink.widened(font, ratio) for ratio in WIDTHS] for font in self.fonts]
        self.shares = np.array([share for _, share in FONTS])
        self.tiles = paper.bank(np.random.default_rng([seed, 0x7A9E2]), _pictures(), tiles)

    def tile(self, rng, kinds=None):
        """A pattern, of one of `kinds` where given."""
        while True:
            kind, tile = self.tiles[int(rng.integers(0, len(self.tiles)))]
            if kinds is None or kind in kinds:
                return tile

    def photograph(self, line, font, conditions, rng, tile, above=None, below=None):
        """Strip and characters' middles of one line under `conditions`."""
        mask, middles = ink.compose(
            line, font, rng, conditions.jitter, above, below, conditions.spacing
        )
        mask = ink.print_mask(mask, rng, conditions.spread, conditions.softness, conditions.gaps)
        return camera.photograph(conditions, mask, middles, font.cap, tile, rng)


def _sometimes(rng, share, low, high):
    return float(rng.uniform(low, high)) if rng.random() < share else 0.0


def training_conditions(rng, characters, hardness):
    """Conditions of one training line; `hardness` 0..1 scales all that hides the text."""
    hard = hardness
    pitch = float(np.clip(rng.normal(16, 1.3), 13, 19))
    start = float(rng.uniform(-8, 24) + 8 if rng.random() < 0.5 else rng.normal(8, 4))
    start = max(start, -4.0)
    perspective = float(rng.uniform(-0.08, 0.08))
    longest = (STRIP_WIDTH - 2 - start) / characters
    if rng.random() < 0.95:
        pitch = max(min(pitch, longest), 13.0)
    ink_grey = float(rng.uniform(5, 110))
    contrast = float(rng.uniform(70, 200) if rng.random() < 0.8 else rng.uniform(30, 80))
    low = rng.random() < 0.3
    return Conditions(
        source_pitch=float(rng.uniform(8, 13) if low else np.exp(rng.uniform(np.log(12), np.log(25)))),
        source_stretch=float(rng.uniform(0.9, 1.25)),
        spread=float(np.clip(rng.normal(0, 0.4), -0.9, 1)),
        softness=float(rng.uniform(0, 1.2)),
        gaps=_sometimes(rng, 0.3, 0, 0.8 * hard),
        jitter=_sometimes(rng, 0.2, 0.3, 0.8),
        spacing=float(rng.uniform(1.35, 2.6)),
        neighbours=bool(rng.random() < 0.75),
        ink=ink_grey,
        paper=min(255.0, ink_grey + contrast),
        pattern=_sometimes(rng, 0.75, 0, 0.75 * hard),
        overlay=_sometimes(rng, 0.12, 0, 0.6 * hard),
        edge_left=float(rng.uniform(0.2, 3)) if rng.random() < 0.12 else -1.0,
        edge_right=float(rng.uniform(0.3, 5)) if rng.random() < 0.2 else -1.0,
        edge_down=float(rng.uniform(0.75, 1.4)) if rng.random() < 0.1 else -1.0,
        slope=_sometimes(rng, 0.4, -0.6 * hard, 0.6 * hard),
        shadow=_sometimes(rng, 0.2, 0.1, 0.6 * hard + 0.1),
        streak=_sometimes(rng, 0.12, 10, 120 * hard + 10),
        specks=int(rng.integers(1, 8)) if rng.random() < 0.1 * hard else 0,
        blur=_sometimes(rng, 0.7, 0, 0.13 * hard),
        motion=_sometimes(rng, 0.2, 0, 0.35 * hard),
        motion_deg=float(rng.uniform(0, 180)),
        sharpen=_sometimes(rng, 0.25, 0.2, 1.5),
        noise=_sometimes(rng, 0.7, 0, 20 * hard),
        gamma=float(np.exp(rng.uniform(-0.6, 0.6))) if rng.random() < 0.5 else 1.0,
        jpeg=int(rng.integers(30, 96)) if rng.random() < 0.55 else 100,
        pitch=pitch,
        cap=float(np.clip(rng.normal(19.5, 2.2), 14.5, 23.5)),
        start=start,
        rise=float(np.clip(rng.normal(0, 2.0), -4.5, 4.5)),
        skew=float(np.clip(rng.normal(0, 1.6), -4, 4)),
        curve=_sometimes(rng, 0.5, -2.5, 2.5),
        shear=float(np.clip(rng.normal(0, 0.04), -0.12, 0.12)),
        perspective=perspective,
        cubic=bool(rng.random() < 0.4),
    )


def step_labels(line, spots):
    """The class of each output step: the character at steps within 0.65 of its middle, blank elsewhere,
    IGNORED between 0.65 and 0.85 steps off."""
    labels = np.zeros(STEPS, np.uint8)
    steps = spots / STEP - 0.5 + 0.5 / STEP
    near = np.abs(np.arange(STEPS)[None, :] - steps[:, None])
    nearest = near.argmin(axis=0)
    distance = near[nearest, np.arange(STEPS)]
    classes = np.array([text.CLASS_OF[character] for character in line], np.uint8)
    labels[distance < 0.85] = IGNORED
    hit = distance < 0.65
    labels[hit] = classes[nearest[hit]]
    return labels


def _other_print(rng):
    """A mask of words in another type, or of nothing."""
    mask = np.zeros((ink.HEIGHT, 2 * ink.MARGIN + ink.PITCH * ink.LONGEST), np.uint8)
    if rng.random() < 0.3:
        return mask
    row, face = ink.HEIGHT // 2 + int(rng.integers(2, 16)), int(rng.choice([0, 2, 3, 4, 6, 7, 16]))
    column = ink.MARGIN + int(rng.integers(-40, 40))
    while column < mask.shape[1]:
        word = "".join(chr(int(code)) for code in rng.integers(97, 123, int(rng.integers(1, 11))))
        word = word.title() if rng.random() < 0.3 else word
        size, thickness = float(rng.uniform(0.7, 1.2)), int(rng.integers(1, 4))
        cv2.putText(mask, word, (column, row), face, size, 255, thickness, cv2.LINE_AA)
        column += cv2.getTextSize(word, face, size, thickness)[0][0] + int(rng.integers(6, 60))
    return mask


def turned_labels(line, spots):
    """The labels of a strip that stands upside down: blank, and open where a character is the same so."""
    labels = np.zeros(STEPS, np.uint8)
    for character, spot in zip(line, STRIP_WIDTH - 1 - spots, strict=True):
        if character in SAME_WHEN_TURNED:
            step = spot / STEP - 0.5 + 0.5 / STEP
            labels[max(0, int(np.floor(step - 1))) : max(0, int(np.ceil(step + 1)) + 1)] = IGNORED
    return labels


def training_sample(studio, seed, index, hardness=1.0):
    """Strip and step labels of training line `index`."""
    rng = np.random.default_rng([seed, index])
    any_shape = index >= SHAPES_FROM
    fine = index >= FINE_FROM
    if fine and rng.random() < 0.4:
        hardness = float(rng.uniform(0.15, 0.6))
    line = text.training_line(rng, ALIKE_SHARE if any_shape else 0.0, 0.5 if fine else 0.0)
    conditions = training_conditions(rng, len(line), hardness)
    chosen = int(rng.choice(len(studio.fonts), p=FINE_SHARES if fine else studio.shares))
    font = studio.fonts[chosen]
    if any_shape and rng.random() < (0.5 if fine else 0.7):
        font = studio.widened[chosen][int(rng.integers(0, len(WIDTHS)))]
    above = text.training_line(rng) if conditions.neighbours and rng.random() < 0.7 else None
    below = text.training_line(rng) if conditions.neighbours and rng.random() < 0.7 else None
    kind = rng.random() if any_shape else 1.0
    if kind < OTHER_SHARE:
        mask, middles = _other_print(rng), np.zeros(len(line))
        strip, _ = camera.photograph(conditions, mask, middles, ink.PITCH * 0.95, studio.tile(rng), rng)
        return strip, np.zeros(STEPS, np.uint8)
    strip, spots = studio.photograph(line, font, conditions, rng, studio.tile(rng), above, below)
    if kind < OTHER_SHARE + TURNED_SHARE:
        return np.ascontiguousarray(strip[::-1, ::-1]), turned_labels(line, spots)
    return strip, step_labels(line, spots)


def _located(rng):
    """What a working locator leaves."""
    return dict(
        pitch=float(rng.uniform(15, 17)), cap=float(rng.uniform(18, 22)), start=float(rng.uniform(4, 13)),
        rise=float(rng.uniform(-1.5, 1.5)), skew=float(rng.uniform(-1, 1)), curve=float(rng.uniform(-0.7, 0.7)),
    )


def _clean(rng):
    return Conditions(blur=0.02, noise=1.5, **_located(rng))


def _skew_noise(rng):
    clean = _clean(rng)
    return replace(
        clean, noise=float(rng.uniform(6, 14)), skew=float(rng.uniform(-3.5, 3.5)), rise=float(rng.uniform(-3, 3)),
        shear=float(rng.uniform(-0.08, 0.08)), perspective=float(rng.uniform(-0.05, 0.05)),
        curve=float(rng.uniform(-1.5, 1.5)),
    )


def _blur_guilloche(rng):
    return replace(
        _clean(rng), blur=float(rng.uniform(0.05, 0.10)), pattern=float(rng.uniform(0.2, 0.5)),
        noise=float(rng.uniform(1, 5)), paper=215.0, ink=55.0,
    )


def _rough(rng):
    """The worst that the contract allows the locator."""
    return replace(
        _clean(rng), pitch=float(rng.uniform(13, 19)), cap=float(rng.uniform(15, 23)), start=float(rng.uniform(0, 32)),
        rise=float(rng.uniform(-4, 4)), skew=float(rng.uniform(-2, 2)), shear=float(rng.uniform(-0.1, 0.1)),
        perspective=float(rng.uniform(-0.08, 0.08)), noise=4.0,
    )


TESTS = {
    "clean": _clean,
    "skew + noise": _skew_noise,
    "blur + guilloche": _blur_guilloche,
    "jpeg 30..50": lambda rng: replace(_clean(rng), jpeg=int(rng.integers(30, 51)), noise=4.0),
    "10 px pitch": lambda rng: replace(_clean(rng), source_pitch=float(rng.uniform(9.5, 10.5))),
    "8 px pitch": lambda rng: replace(_clean(rng), source_pitch=8.0),
    "low contrast": lambda rng: replace(_clean(rng), paper=150.0, ink=105.0, noise=5.0),
    "shadow + slope": lambda rng: replace(_clean(rng), shadow=0.5, slope=float(rng.uniform(-0.5, 0.5)), noise=4.0),
    "glare streak": lambda rng: replace(_clean(rng), streak=float(rng.uniform(40, 110)), noise=4.0),
    "motion": lambda rng: replace(
        _clean(rng), motion=float(rng.uniform(0.1, 0.3)), motion_deg=float(rng.uniform(0, 180)), noise=3.0
    ),
    "thin print, gaps": lambda rng: replace(_clean(rng), spread=-0.7, gaps=0.5, noise=3.0),
    "fat print": lambda rng: replace(_clean(rng), spread=0.9, softness=0.8, noise=3.0),
    "natural height": lambda rng: replace(_clean(rng), cap=float(rng.uniform(15, 17)), noise=3.0),
    "rough locator": _rough,
    "glyphs 0.75 wide": lambda rng: replace(_rough(rng), rise=0.0),
    "everything": lambda rng: training_conditions(rng, 44, 0.8),
}
_PATTERNS = {"blur + guilloche": ("guilloche", "rosette", "hatch")}


def test_zone(studio, name, index, fonts):
    """Zone `index` of test `name`: a list of (line, strip). `fonts`: indices into FONTS, taken in turn."""
    rng = np.random.default_rng([TEST_SEED, list(TESTS).index(name), index])
    lines = text.zone(rng)
    font = studio.fonts[fonts[index % len(fonts)]]
    if name == "glyphs 0.75 wide":
        font = ink.widened(font, 0.75)
    conditions = TESTS[name](rng)
    longest = (STRIP_WIDTH - 6 - conditions.start) / len(lines[0])
    conditions = replace(conditions, pitch=min(conditions.pitch, longest * (1 - abs(conditions.perspective))))
    tile = studio.tile(rng, _PATTERNS.get(name))
    made = []
    for number, line in enumerate(lines):
        own = replace(conditions, rise=conditions.rise + float(rng.uniform(-0.5, 0.5)))
        above = lines[number - 1] if number > 0 else None
        below = lines[number + 1] if number + 1 < len(lines) else None
        made.append((line, studio.photograph(line, font, own, rng, tile, above, below)[0]))
    return made


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sheet", required=True)
    arguments.add_argument("--count", type=int, default=40)
    arguments = arguments.parse_args()
    studio = Studio(TRAIN_SEED, 120)
    rows, start = [], time.perf_counter()
    for index in range(arguments.count):
        strip, labels = training_sample(studio, TRAIN_SEED, index)
        bar = np.where(labels == IGNORED, 128, np.where(labels > 0, 0, 255)).astype(np.uint8)
        rows += [strip, np.repeat(np.repeat(bar[None], STEP, 1), 3, 0), np.full((3, STRIP_WIDTH), 255, np.uint8)]
    seconds = time.perf_counter() - start
    for name in TESTS:
        rows += [strip for _, strip in test_zone(studio, name, 0, [0])] + [np.full((4, STRIP_WIDTH), 200, np.uint8)]
    cv2.imwrite(arguments.sheet, np.concatenate(rows))
    print(f"{arguments.count / seconds:.0f} lines/s; strips {STRIP_HEIGHT} x {STRIP_WIDTH}")


if __name__ == "__main__":
    main()
