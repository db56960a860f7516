"""Define where, how large and for how long a disclosure label stands in the picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final


class LabelPlace(Enum):
    """Corner of the picture in which a label stands."""

    TOP_LEFT = "top left"
    TOP_RIGHT = "top right"
    BOTTOM_LEFT = "bottom left"
    BOTTOM_RIGHT = "bottom right"

    @property
    def is_left(self) -> bool:
        """Return whether it is at the left."""
        return self in (LabelPlace.TOP_LEFT, LabelPlace.BOTTOM_LEFT)

    @property
    def is_low(self) -> bool:
        """Return whether it is at the bottom."""
        return self in (LabelPlace.BOTTOM_LEFT, LabelPlace.BOTTOM_RIGHT)


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The form of a label; the rights of a show decide it, and no title command changes it.

    Attributes:
        place: corner of the picture.
        height: of the em, as a fraction of the height of a wide picture, or of 1.2 times the width
            of an upright one. A text that is too wide at this height has several lines.
        seconds: for which it stands at the start, and after each break and change of scene; 0 for
            always.
    """

    place: LabelPlace = LabelPlace.TOP_LEFT
    height: float = 0.021
    seconds: float = 0.0


USUAL: Final = LabelStyle()
"""Of a label that no profile gives another form."""
