"""What lens a camera has: how large something is seen that is so large and so far away.

Distances in the picture are true to scale only with the right one: with a lens twice as long as it
is taken to be, a performer who comes a metre nearer comes half a metre.
"""

from __future__ import annotations

import math
import re
from typing import Final

from renderer.errors import CaptureError

_WORD: Final = re.compile(r"(\d+(?:\.\d+)?)(mm|°)?", re.ASCII)
_FILM_MM: Final = 36.0
"""The longer side of 35 mm film, as of which cameras and telephones tell their lens."""
_SHORTEST, _LONGEST = 0.1, 30.0
"""Fish-eyes and telescopes: beyond these no picture is one that a pinhole draws."""


def parse_lens(word: str) -> float:
    """The focal length over the picture's longer side.

    Args:
        word: the angle of view across the picture's longer side in degrees, as `60` or `60°`, or
            the focal length as of 35 mm film, as `26mm`. From the angle a it is 1 / (2 tan a/2).

    Raises:
        CaptureError: it is neither, or no lens has it.
    """
    told = _WORD.fullmatch(word.strip())
    focal = 0.0
    if told is not None:
        number, unit = float(told[1]), told[2]
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
