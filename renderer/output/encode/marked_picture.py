"""Mark pictures right before they are encoded, so that no output can leave without the mark."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from renderer.output.encode.format import ProgramFormat
from renderer.rights.watermark.embed import Watermark


class MarkedPicture:
    """A picture with the show's mark.

    It is a copy, since a picture may be encoded more than once: repeated while the engine is away,
    and as the slate.
    """

    def __init__(self, program: ProgramFormat) -> None:
        """Prepare the mark of a program that has one."""
        self._mark = Watermark(program.width, program.height, program.mark or 0)
        self._height = program.height
        self._planes = np.empty((program.height * 3 // 2, program.width), np.uint8)

    def mark(self, planes: npt.NDArray[np.uint8], t_show_ns: int) -> npt.NDArray[np.uint8]:
        """Return a picture with the mark; valid until the next call.

        Args:
            planes: (height * 3 // 2, width) uint8, I420 or NV12, limited range.
            t_show_ns: show time.
        """
        self._mark.mark(planes[: self._height], t_show_ns, self._planes[: self._height])
        self._planes[self._height :] = planes[self._height :]
        return self._planes
