"""Parse the focal length of a camera's lens.

Depth is to scale only with the correct focal length: if the real one is twice the assumed one, a
performer who approaches by one metre appears to approach by half a metre.
"""

from __future__ import annotations

import math
import re
from typing import Final

from renderer.errors import CaptureError

_WORD: Final = re.compile(r"(\d+(?:\.\d+)?)(mm|°)?", re.ASCII)
_FILM_MM: Final = 36.0
"""Longer side of 35 mm film, millimetres, to which equivalent focal lengths refer."""
_SHORTEST, _LONGEST = 0.1, 30.0
"""Range of focal lengths in longer sides of the image; beyond, no pinhole model applies."""


def parse_lens(word: str) -> float:
    """Return the focal length divided by the image's longer side.

    Args:
        word: the angle of view across the image's longer side in degrees, such as `60` or `60°`,
            or the 35 mm equivalent focal length, such as `26mm`. For the angle a the result is
            1 / (2 tan a/2).

    Raises:
        CaptureError: the word is neither, or out of range.
    """
    match = _WORD.fullmatch(word.strip())
    focal = 0.0
    if match is not None:
        number, unit = float(match[1]), match[2]
        if unit == "mm":
            focal = number / _FILM_MM
        elif 0.0 < number < 180.0:
            focal = 0.5 / math.tan(math.radians(number) / 2.0)
    if not _SHORTEST <= focal <= _LONGEST:
        raise CaptureError(
            f"Lens {word[:40]!r}",
            "is no angle of view and no focal length",
            "give the angle of view across the picture's longer side in degrees, such as 60, or "
            "the focal length as of 35 mm film, such as 26mm",
        )
    return focal
