"""Define what graphics hands to its neighbours: finished frames, and faults to tell."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ProgramFrame:
    """One finished picture.

    Attributes:
        planes: (height * 3 // 2, width) uint8 I420 in BT.709 limited range: Y, then U and V, each
            of their quarter-size rows packed two to a row. Valid until the next frame is collected.
        t_seen_ns: camera time of the newest performer data in it; 0 if there is none.
        t_show_ns: show time, from the show's start.
    """

    planes: npt.NDArray[np.uint8]
    number: int
    t_show_ns: int
    t_seen_ns: int


@dataclass(frozen=True, slots=True)
class DrawFault:
    """Something that a frame was drawn without.

    Attributes:
        thing: the object or light, by the name that a person knows it by.
        error: what it failed at.
        avatar: its index, where the thing is one of the renderer's avatars.
    """

    thing: str
    error: Exception
    avatar: int | None = None
