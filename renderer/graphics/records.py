"""Define the output records of graphics: finished frames and draw faults."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from renderer.transport.pixel_layout import PixelLayout


@dataclass(frozen=True, slots=True)
class ProgramFrame:
    """One finished picture.

    Attributes:
        planes: uint8, in the shape of the layout. Valid until the next frame is collected.
        t_seen_ns: camera time of its newest performer data; 0 if there is none.
        t_show_ns: show time, from the show's start.
    """

    planes: npt.NDArray[np.uint8]
    number: int
    t_show_ns: int
    t_seen_ns: int
    layout: PixelLayout = PixelLayout.I420


@dataclass(frozen=True, slots=True)
class DrawFault:
    """An object, light or effect that was left out of a frame, and the reason.

    Attributes:
        thing: name of the object or light, for the crew.
        error: its cause.
        avatar: its index, if the thing is one of the renderer's avatars.
    """

    thing: str
    error: Exception
    avatar: int | None = None
