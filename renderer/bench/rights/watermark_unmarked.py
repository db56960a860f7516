"""Search pictures without a mark, changed in random ways, and say how near any comes to a mark."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from renderer.rights.watermark.cells import make_grid
from renderer.rights.watermark.detect import MarkDetector, count_trials
from renderer.rights.watermark.evidence import ANYWHERE, TRIALS, UNCROPPED, bound_false_searches

Pictures = NDArray[np.uint8]

_SEED: Final = 20261203
_MOST_SUMMED: Final = 12
"""Most pictures of one cut."""
_PROGRESS_EVERY: Final = 500
_GRAIN: Final = 1 << 22
"""Values of noise from which that of each picture is cut; making all of them takes longer than a
search."""


@dataclass(frozen=True, slots=True)
class UnmarkedFigures:
    """Results.

    Attributes:
        searches: of unmarked cuts.
        believed: of those, in how many a mark was found.
        highest: z of the cells for finding that any of them reached.
        bound: proven share of searches of unmarked pictures that find one, at most.
        trials: places and sizes among which a search of a 16:9 picture chooses.
    """

    searches: int
    believed: int
    highest: float
    bound: float
    trials: int

    def lines(self) -> list[str]:
        """Return the figures as lines."""
        return [
            f"unmarked            {self.believed} of {self.searches:,} searches believed; "
            f"highest z {self.highest:.2f} of {ANYWHERE.found:.2f}",
            "                    proven for any unmarked picture: at most "
            f"{self.bound:.0e} a search (goal 1e-6), by Hoeffding's inequality over the "
            f"key's signs: z of {ANYWHERE.found:.2f} for a mark, {ANYWHERE.read:.2f} for a "
            f"payload, {self.trials:,} of {TRIALS:,} places tried; {UNCROPPED.found:.2f} and "
            f"{UNCROPPED.read:.2f} at the place of an uncropped picture",
        ]


def measure_unmarked(
    clips: Sequence[Pictures], searches: int, notify: Callable[[str], None]
) -> UnmarkedFigures:
    """Search random cuts of unmarked clips with the public key.

    Args:
        clips: luma planes, (pictures, height, width).
        searches: number of cuts.
        notify: called with each step.
    """
    chosen = np.random.default_rng(_SEED)
    grain = chosen.standard_normal(_GRAIN, np.float32)
    believed, highest = 0, 0.0
    for number in range(searches):
        if number % _PROGRESS_EVERY == 0:
            notify(f"searching unmarked pictures: {number:,} of {searches:,}")
        cut = cut_randomly(clips[int(chosen.integers(len(clips)))], grain, chosen)
        detector = MarkDetector(cut.shape[2], cut.shape[1])
        for picture in cut:
            detector.add(picture)
        found = detector.search()
        believed += found.is_found
        highest = max(highest, found.strength)
    return UnmarkedFigures(
        searches,
        believed,
        highest,
        bound_false_searches(),
        count_trials(make_grid(1280, 720)),
    )


def cut_randomly(
    clip: Pictures, grain: NDArray[np.float32], chosen: np.random.Generator
) -> Pictures:
    """Return pictures of a clip at another pace, cropped, scaled, mirrored, noisy, brighter.

    Args:
        clip: (pictures, height, width).
        grain: noise with a deviation of 1, of more values than a picture.
        chosen: decides how.
    """
    count = int(chosen.integers(1, _MOST_SUMMED + 1))
    pace = int(chosen.integers(1, 8))
    start = int(chosen.integers(max(1, len(clip) - count * pace)))
    height, width = clip.shape[1:]
    rows, columns = (round(float(chosen.uniform(0.5, 1.0)) * side) for side in (height, width))
    top, left = int(chosen.integers(height - rows + 1)), int(chosen.integers(width - columns + 1))
    cut = clip[start : start + count * pace : pace, top : top + rows, left : left + columns]
    if chosen.random() < 0.5:
        cut = cut[:, :, ::-1]
    if chosen.random() < 0.25:
        cut = cut[:, ::-1]
    scale = float(chosen.uniform(0.3, 1.0)) * min(1.0, 720.0 / rows)
    size = (max(16, round(columns * scale)), max(16, round(rows * scale)))
    gain, lift = float(chosen.uniform(0.7, 1.3)), float(chosen.uniform(-20.0, 20.0))
    noise = float(chosen.uniform(0.0, 6.0))
    pictures = []
    for picture in cut:
        small = cv2.resize(np.ascontiguousarray(picture), size, interpolation=cv2.INTER_AREA)
        first = int(chosen.integers(len(grain) - small.size + 1))
        changed = grain[first : first + small.size].reshape(small.shape) * np.float32(noise)
        changed += np.float32(gain) * small
        changed += np.float32(lift)
        pictures.append(np.clip(changed, 0, 255, out=changed).astype(np.uint8))
    return np.array(pictures)
