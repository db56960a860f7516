"""Make gobos: the patterns that fixtures project, generated or read from image files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image

from renderer.errors import StageError

U8 = npt.NDArray[np.uint8]
F64 = npt.NDArray[np.float64]

SIDE: Final = 64
"""Pixels along a side: projected gobos are soft anyway, and all of them fit into a cache."""
MOST_GOBOS: Final = 32
"""Maximum number of generated patterns and images: the layers of one small texture."""
_LARGEST_IMAGE: Final = 4096
"""Maximum side of an image file, pixels; larger ones are refused before they are decoded."""
_FINER: Final = 4
"""Supersampling of generated patterns, samples along a pixel's side."""


@dataclass(frozen=True, slots=True)
class Gobo:
    """The gobo in a fixture's beam.

    Attributes:
        name: of a generated pattern, or an image's file name without its extension.
        angle: rotation, radians.
    """

    name: str
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class FramingBlades:
    """The four framing blades of a profile spot.

    Attributes:
        top, right, bottom, left: insertion of each blade, in beam radii: 0 open, 1 to the middle,
            2 closed.
        angle: common rotation of the blades, radians.
    """

    top: float = 0.0
    right: float = 0.0
    bottom: float = 0.0
    left: float = 0.0
    angle: float = 0.0


class GoboLibrary:
    """The gobos that a renderer can draw, by name.

    Args:
        images: files of further gobos; white transmits light.

    Raises:
        StageError: an image cannot be read, or there are too many.
    """

    def __init__(self, images: Iterable[Path] = ()) -> None:
        made = dict(_generate_patterns())
        for path in images:
            made[path.stem] = read_gobo(path)
        if len(made) > MOST_GOBOS:
            raise StageError(
                "the gobos", f"there are {len(made)}", f"give {MOST_GOBOS - len(_PATTERNS)} images"
            )
        self.names = tuple(made)
        self.layers: U8 = np.stack(list(made.values()))
        """(n, 64, 64) uint8: transmission; row 0 is the top row."""
        self._numbers = {name: number for number, name in enumerate(made)}

    def find(self, name: str) -> int | None:
        """Return the layer of a gobo by its name; None if there is none."""
        return self._numbers.get(name)


def read_gobo(path: Path) -> U8:
    """Return an image as a gobo, (64, 64) uint8, cropped to its central square.

    Raises:
        StageError: the file is absent, damaged or too large.
    """
    try:
        with Image.open(path) as image:
            if max(image.size) > _LARGEST_IMAGE:
                raise StageError(
                    str(path),
                    f"its {image.size[0]} x {image.size[1]} pixels are too many for a gobo",
                    f"scale it to at most {_LARGEST_IMAGE} a side; {SIDE} are used",
                )
            side = min(image.size)
            left, top = (image.width - side) // 2, (image.height - side) // 2
            gray = image.convert("L").crop((left, top, left + side, top + side))
            return np.array(gray.resize((SIDE, SIDE), Image.Resampling.BOX), np.uint8)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise StageError(
            str(path), f"the gobo cannot be read ({reason})", "give a PNG or JPEG image"
        ) from error


def _dots(x: F64, y: F64) -> F64:
    """Return seven round holes."""
    open_ = np.hypot(x, y) < 0.20
    for angle in np.arange(6) * np.pi / 3.0:
        open_ |= np.hypot(x - 0.58 * np.cos(angle), y - 0.58 * np.sin(angle)) < 0.20
    return open_.astype(np.float64)


def _bars(x: F64, _y: F64) -> F64:
    """Return vertical slits."""
    return (np.mod(x * 2.5 + 0.25, 1.0) < 0.5).astype(np.float64)


def _star(x: F64, y: F64) -> F64:
    """Return wedges that meet in the middle."""
    return (np.mod(np.arctan2(y, x) / np.pi * 4.0, 1.0) < 0.42).astype(np.float64)


def _rings(x: F64, y: F64) -> F64:
    """Return a point and two rings."""
    radius = np.hypot(x, y)
    rings = (np.abs(radius - 0.42) < 0.08) | (np.abs(radius - 0.80) < 0.08)
    return ((radius < 0.13) | rings).astype(np.float64)


def _breakup(x: F64, y: F64) -> F64:
    """Return irregular holes, as between leaves."""
    random = np.random.default_rng(7)
    total = np.zeros_like(x)
    for _ in range(14):
        across, down, phase = (random.uniform(-1.0, 1.0, 3) * (7.0, 7.0, 3.2)).tolist()
        total += np.sin(across * x + down * y + phase)
    return (total > 0.4).astype(np.float64)


_PATTERNS: Final[dict[str, Callable[[F64, F64], F64]]] = {
    "dots": _dots,
    "bars": _bars,
    "star": _star,
    "rings": _rings,
    "breakup": _breakup,
}


def _generate_patterns() -> Iterable[tuple[str, U8]]:
    fine = SIDE * _FINER
    middle = (np.arange(fine) + 0.5) / fine * 2.0 - 1.0
    x, y = np.meshgrid(middle, -middle)
    for name, pattern in _PATTERNS.items():
        shares = pattern(x, y).reshape(SIDE, _FINER, SIDE, _FINER).mean(axis=(1, 3))
        yield name, np.round(255.0 * shares).astype(np.uint8)
