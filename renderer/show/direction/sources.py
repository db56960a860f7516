"""Show files and performers' own cameras as sources of the switcher."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal, Protocol

import numpy as np
import numpy.typing as npt

from renderer.closing import Closing
from renderer.errors import DeskError
from renderer.graphics.drawables.screens.media import Media
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.pictures import PROGRAM
from renderer.show.direction.director import StageDirector
from renderer.show.songs.grid import SECOND_NS
from renderer.stage.records import FullPicture, StageState
from renderer.transport.latest import LatestPicture

U8 = npt.NDArray[np.uint8]

LOST_NS: Final = 2_000_000_000
"""Time without a new picture after which a camera is lost, and the stage is seen instead."""
_OPEN_EVERY_NS: Final = 500_000_000
"""Time between two attempts to open a camera's shared picture."""


class Source(Protocol):
    """Where pictures come from."""

    def picture_at(self, seconds: float, now_ns: int) -> tuple[U8, int] | None:
        """Return the picture (h, w, 3) and its stamp; None while there is none.

        Args:
            seconds: since it came on air.
            now_ns: of the machine's clock.
        """
        ...

    def fault(self) -> str:
        """Return why there is no picture, a sentence; empty if there is one."""
        ...

    def close(self) -> None:
        """Release it. Idempotent."""
        ...


class FileSource:
    """A video or a picture.

    Args:
        media: opened; closed with this.
        may_show: returns why it may not be shown; empty if it may.
    """

    def __init__(self, media: Media, may_show: Callable[[], str] = lambda: "") -> None:
        self._media, self._may_show = media, may_show
        self._newest: U8 | None = None
        self._stamp = 0

    def picture_at(self, seconds: float, _now_ns: int) -> tuple[U8, int] | None:
        """Return the frame of a time; until it is decoded, the one before."""
        if self._may_show():
            return None
        pixels = None if self._media.fault else self._media.frame_at(seconds)
        if pixels is not None and pixels is not self._newest:
            self._newest = pixels
            self._stamp += 1
        if self._newest is None or self._media.fault:
            return None
        return self._newest, self._stamp

    def fault(self) -> str:
        """Return why it broke off, or may not be shown."""
        return self._may_show() or str(self._media.fault or "")

    def close(self) -> None:
        """Close the file."""
        self._media.close()


class OwnCamera:
    """A performer's own camera, as its capture process shares it.

    Args:
        path: of the shared picture.
        may_show: returns why the performer's picture may not be shown; empty if it may.
    """

    def __init__(self, path: Path, may_show: Callable[[], str]) -> None:
        self._path, self._may_show = path, may_show
        self._shared: LatestPicture | None = None
        self._pixels: U8 | None = None
        self._stamp = 0
        self._seen_ns = self._due_ns = 0
        self._taken_ns: int | None = None
        self._fault = ""

    def picture_at(self, _seconds: float, now_ns: int) -> tuple[U8, int] | None:
        """Return the newest picture."""
        if refused := self._may_show():
            self._fault = refused
            return None
        if self._shared is None or now_ns - self._seen_ns > LOST_NS:
            self._open(now_ns)
        if self._shared is not None and self._pixels is not None:
            newest = self._shared.read(self._pixels)
            # A file that is opened again still holds the picture at which it was lost.
            if newest is not None and newest[1] != self._taken_ns:
                self._taken_ns = newest[1]
                self._stamp += 1
                self._seen_ns = now_ns
        if self._taken_ns is None or now_ns - self._seen_ns > LOST_NS:
            self._fault = "Its camera gives no picture"
            return None
        self._fault = ""
        return (self._pixels, self._stamp) if self._pixels is not None else None

    def fault(self) -> str:
        """Return why there is no picture."""
        return self._fault

    def close(self) -> None:
        """Close the shared picture."""
        if self._shared is not None:
            self._shared.close()
            self._shared = None

    def _open(self, now_ns: int) -> None:
        """Open the shared picture, again if its process was started again."""
        if now_ns < self._due_ns:
            return
        self._due_ns = now_ns + _OPEN_EVERY_NS
        with suppress(DeskError):  # It is not there yet.
            newer = LatestPicture.open(self._path)
            self.close()
            self._shared = newer
            self._pixels = np.empty((newer.height, newer.width, 3), np.uint8)


@dataclass(frozen=True, slots=True)
class SwitcherSource:
    """A source under a camera's number."""

    camera: int
    name: str
    source: Source
    fit: Literal["fit", "fill", "stretch"]


class SwitcherSources(Closing):
    """All sources of a show that are no virtual cameras. Belongs to the tick's thread.

    A source without a picture shows the stage by its camera's framing, and raises an alarm while it
    is on air.

    Args:
        sources: opened; closed with this.
        alarms: of the show.
        clock: returns the machine's nanoseconds.
    """

    def __init__(
        self,
        sources: Iterable[SwitcherSource],
        alarms: Alarms,
        clock: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        self._sources = {one.camera: one for one in sources}
        self._alarms, self._clock = alarms, clock
        self._sent: dict[int, str] = {}

    def show(self, state: StageState, director: StageDirector) -> StageState:
        """Return a frame's state with the pictures of the views that show a source."""
        now_ns = self._clock()
        pictures: dict[str, FullPicture] = {}
        on_air = 0
        for view in (PROGRAM, *state.view_cameras):
            number, began_ns = director.camera_of(view)
            one = self._sources.get(number)
            if one is None:
                continue
            seconds = 0.0 if began_ns is None else (director.now_ns - began_ns) / SECOND_NS
            found = one.source.picture_at(max(seconds, 0.0), now_ns)
            if found is not None:
                pictures[view] = FullPicture(f"camera {number}", *found, one.fit)
            elif view == PROGRAM:
                on_air = number
        self._notify(on_air)
        return replace(state, pictures=pictures) if pictures else state

    @property
    def count(self) -> int:
        """Return the number of sources."""
        return len(self._sources)

    def put(self, source: SwitcherSource) -> None:
        """Use a source from now on, in the place of one of the same camera, which is closed."""
        self.remove(source.camera)
        self._sources[source.camera] = source

    def remove(self, camera: int) -> None:
        """Close the source of a camera, if it has one."""
        old = self._sources.pop(camera, None)
        if old is not None:
            old.source.close()

    def close(self) -> None:
        """Close all sources. Idempotent."""
        for one in self._sources.values():
            one.source.close()

    def _notify(self, number: int) -> None:
        """Raise an alarm for the source on air that has no picture; clear those of the others."""
        for camera in [one for one in self._sent if one != number]:
            del self._sent[camera]
            self._alarms.clear(f"source.{camera}")
        one = self._sources.get(number)
        if one is None:
            return
        text = f"{one.name} shows the stage: {one.source.fault() or 'it has no picture yet'}"
        if self._sent.get(number) != text:
            self._sent[number] = text
            self._alarms.raise_(f"source.{number}", Severity.WARNING, text)
