"""Read a show's shared picture, whenever a newer one is there. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from renderer.errors import DeskError
from renderer.protocol.pictures import PictureStatus
from renderer.transport.latest import LatestPicture

U8 = npt.NDArray[np.uint8]

_SILENT_AFTER_S: Final = 2.0
"""Seconds without a new picture after which its file is opened again."""
_LOOK_EVERY_S: Final = 1.0


class PictureFeed:
    """Reads one of a show's shared pictures, and reopens its file when it is recreated.

    Attributes:
        has_come: whether a picture has been read.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wanted: PictureStatus | None = None
        self._picture: LatestPicture | None = None
        self._buffers: list[U8] = []
        self._look_at = 0.0
        self.has_come = False

    @property
    def is_there(self) -> bool:
        """Return whether the show offers this picture."""
        return self._wanted is not None

    def follow(self, wanted: PictureStatus | None) -> None:
        """Set the picture to read from now on."""
        if wanted != self._wanted:
            self.close()
            self._wanted = wanted

    def newest(self) -> U8 | None:
        """Return (h, w, 3) uint8 RGB, valid until the call after the next; None if none is new."""
        if self._wanted is None:
            return None
        now = self._clock()
        if now >= self._look_at:
            # No new picture for a while: the file may have been recreated under the same name.
            self._open(self._wanted)
            self._look_at = now + _LOOK_EVERY_S
        if self._picture is None or (read := self._picture.read(self._buffers[0])) is None:
            return None
        self.has_come = True
        self._buffers.reverse()
        self._look_at = now + _SILENT_AFTER_S
        return read[0]

    def close(self) -> None:
        """Close the file."""
        if self._picture is not None:
            self._picture.close()
        self._picture, self._wanted, self._look_at = None, None, 0.0

    def _open(self, wanted: PictureStatus) -> None:
        try:
            picture = LatestPicture.open(Path(wanted.path))
        except DeskError:
            return  # Not created yet, or removed with the show: a later status clarifies it.
        if self._picture is not None:
            self._picture.close()
        self._picture = picture
        shape = (picture.height, picture.width, 3)
        if not self._buffers or self._buffers[0].shape != shape:
            self._buffers = [np.empty(shape, np.uint8) for _ in range(2)]
