"""The show's connection to its desks: commands, status sections and the program picture.

Nothing here waits: a slow, dead or absent desk does not delay the show.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from renderer.graphics.records import ProgramFrame
from renderer.protocol.alarms import Severity
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PictureStatus
from renderer.protocol.schema import Command, Reply
from renderer.show.containment import Containment
from renderer.show.control.monitor import Monitor
from renderer.show.control.publisher import SectionPublisher
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.event_log import EventLog
from renderer.transport.bus import ShowEndpoint
from renderer.transport.latest import LatestPicture
from renderer.transport.session import Session, announce

_PICTURE_EVERY_S: Final = 1 / 15


class DeskEndpoint:
    """Announces the show, and connects its parts with the desks.

    Attributes:
        commands: registry for command handlers.
        sections: publisher for the sections of the status.
    """

    def __init__(self, title: str, containment: Containment, events: EventLog) -> None:
        """Announce a show under a title."""
        self._containment = containment
        self._events = events
        self._commands_guard = containment.guard("desk.commands", "Reading the desks' commands")
        self._command_guard = containment.guard("desk.command", "A desk's command", recurs=False)
        self._picture_guard = containment.guard("desk.picture", "The desks' program picture")
        self.session: Session = announce(title)
        self._endpoint = ShowEndpoint(self.session.folder)
        self.commands = CommandRegistry()
        self.sections = SectionPublisher(self._endpoint.publish, containment)
        self._monitor: Monitor | None = None
        self._program: LatestPicture | None = None
        self._next_picture = 0.0

    def camera_picture(self, number: int) -> Path:
        """Return where the capture process of an input shares its picture."""
        return self.session.folder / f"camera-{number}.picture"

    @property
    def program_picture(self) -> PictureStatus | None:
        """Return where the program picture is shared; None before it is opened."""
        if self._monitor is None:
            return None
        path = str(self.session.folder / "program.picture")
        return PictureStatus(path, self._monitor.width, self._monitor.height)

    def open_program(self, width: int, height: int) -> None:
        """Create the shared program picture, of this size in pixels."""
        self._monitor = Monitor(width, height)
        self._program = LatestPicture.create(
            self.session.folder / "program.picture", self._monitor.width, self._monitor.height
        )

    def poll(self) -> None:
        """Handle the commands received since the last call."""
        self._commands_guard.attempt(self._handle_commands)
        if fault := self._endpoint.last_fault:
            self._containment.alarms.raise_("desk.unreadable", Severity.NOTICE, fault)

    def publish_due(self) -> None:
        """Publish the sections that are due."""
        self.sections.publish_due(time.monotonic())

    def publish_all(self) -> None:
        """Publish every section, so that desks have the current state."""
        self.sections.publish_all(time.monotonic())

    def show_frame(self, frame: ProgramFrame) -> None:
        """Share a program frame with the desks' monitors, 15 times per second."""
        now = time.monotonic()
        if now >= self._next_picture:
            self._next_picture = now + _PICTURE_EVERY_S
            self._picture_guard.attempt(lambda: self._share(frame))

    def close(self) -> None:
        """Close the bus and remove the session's folder."""
        self._endpoint.close()
        if self._program is not None:
            self._program.close()
        self.session.close()

    def _handle_commands(self) -> None:
        for command, reply in self._endpoint.commands():
            answer = self._logged(command, reply)
            self._command_guard.attempt(partial(self.commands.handle, command, answer))

    def _logged(self, command: Command, reply: Callable[[Reply], None]) -> Answer:
        """Return a function that answers once and logs the event, without possible secrets."""
        is_open = True

        def answer(said: Reply) -> None:
            nonlocal is_open
            if not is_open:
                return
            is_open = False
            reply(said)
            done = "done" if said.ok else "refused"
            self._events.add(EventKind.COMMAND, f"{type(command).__name__}: {done}")

        return answer

    def _share(self, frame: ProgramFrame) -> None:
        if self._monitor is not None and self._program is not None:
            self._program.publish(self._monitor.convert(frame.planes), frame.t_show_ns)
