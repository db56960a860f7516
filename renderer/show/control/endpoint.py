"""The show's side of the desk: where desks find it, what they are told, what they ask.

Nothing here waits: a desk that is slow, dead or not there costs the show nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from renderer.graphics.records import ProgramFrame
from renderer.protocol.messages import Command, PictureStatus, Status
from renderer.show.control.monitor import Monitor
from renderer.transport.bus import ReplyFunction, ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session, announce

_STATUS_EVERY_S: Final = 0.1
_PICTURE_EVERY_S: Final = 1 / 15


class DeskEndpoint:
    """Announces the show, publishes its state and pictures, collects the desks' commands."""

    def __init__(self, title: str) -> None:
        self.session: Session = announce(title)
        self._endpoint = ShowEndpoint(self.session.folder)
        self._monitor: Monitor | None = None
        self._program: LatestPicture | None = None
        self._next_status = self._next_picture = 0.0

    def camera_picture(self, number: int) -> Path:
        """Where the capture process of an input puts what it sees."""
        return self.session.folder / f"camera-{number}.picture"

    @property
    def program_picture(self) -> PictureStatus | None:
        """Where the desk finds the program."""
        if self._monitor is None:
            return None
        path = str(self.session.folder / "program.picture")
        return PictureStatus(path, self._monitor.width, self._monitor.height)

    def open_program(self, width: int, height: int) -> None:
        """Make room for the program picture of this size."""
        self._monitor = Monitor(width, height)
        self._program = LatestPicture.create(
            self.session.folder / "program.picture", self._monitor.width, self._monitor.height
        )

    def commands(self) -> Iterator[tuple[Command, ReplyFunction]]:
        """What the desks have asked since the last call."""
        return self._endpoint.commands()

    def show_frame(self, frame: ProgramFrame) -> None:
        """Show a program frame on the desks' monitors, a few times a second."""
        now = time.monotonic()
        if now < self._next_picture or self._monitor is None or self._program is None:
            return
        self._next_picture = now + _PICTURE_EVERY_S
        self._program.publish(self._monitor.convert(frame.planes), frame.t_show_ns)

    def status_is_due(self) -> bool:
        """Whether the desks should hear from the show again."""
        return time.monotonic() >= self._next_status

    def publish(self, status: Status) -> None:
        """Tell every desk."""
        self._next_status = time.monotonic() + _STATUS_EVERY_S
        self._endpoint.publish(status)

    def close(self) -> None:
        """Leave; the session's folder goes with it."""
        self._endpoint.close()
        if self._program is not None:
            self._program.close()
        self.session.close()
