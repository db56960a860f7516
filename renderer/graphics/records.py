"""Define the output records of graphics: finished frames and draw faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class ProgramFrame:
    """One finished picture.

    Attributes:
        planes: (height * 3 // 2, width) uint8 I420 in BT.709 limited range: Y, then U and V, each
            with two of its quarter-size rows in one row. Valid until the next frame is collected.
        t_seen_ns: camera time of its newest performer data; 0 if there is none.
        t_show_ns: show time, from the show's start.
    """

    planes: npt.NDArray[np.uint8]
    number: int
    t_show_ns: int
    t_seen_ns: int


@dataclass(frozen=True, slots=True)
class DrawFault:
    """Something that was left out of a frame, and the reason.

    Attributes:
        thing: name of the object or light, for the crew.
        error: its cause.
        avatar: its index, if the thing is one of the renderer's avatars.
    """

    thing: str
    error: Exception
    avatar: int | None = None
