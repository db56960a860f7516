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
from renderer.logs.redact import redact
from renderer.protocol.alarms import Severity
from renderer.protocol.log import EventKind
from renderer.protocol.pictures import PictureStatus, ViewCommand
from renderer.protocol.schema import Command, Reply
from renderer.show.containment import Containment
from renderer.show.control.monitor import Monitor
from renderer.show.control.publisher import SectionPublisher
from renderer.show.control.registry import Answer, CommandRegistry
from renderer.show.host.interfaces import Bus, Events
from renderer.transport.latest import LatestPicture

_PICTURE_EVERY_S: Final = 1 / 15


class DeskEndpoint:
    """Announces the show, and connects its parts with the desks.

    Attributes:
        commands: registry for command handlers.
        sections: publisher for the sections of the status.
    """

    def __init__(self, bus: Bus, containment: Containment, events: Events) -> None:
        """Use the show's connection to its desks; `close` closes it."""
        self._containment = containment
        self._events = events
        self._commands_guard = containment.guard("desk.commands", "Reading the desks' commands")
        self._command_guard = containment.guard("desk.command", "A desk's command", recurs=False)
        self._picture_guard = containment.guard("desk.picture", "The desks' program picture")
        self._bus = bus
        self.commands = CommandRegistry()
        self.sections = SectionPublisher(bus.publish, containment)
        self._monitor: Monitor | None = None
        self._program: LatestPicture | None = None
        self._next_picture = 0.0

    @property
    def folder(self) -> Path:
        """Return the session's folder."""
        return self._bus.folder

    def camera_picture(self, number: int) -> Path:
        """Return where the capture process of an input shares its picture."""
        return self._bus.folder / f"camera-{number}.picture"

    @property
    def program_picture(self) -> PictureStatus | None:
        """Return where the program picture is shared; None before it is opened."""
        if self._monitor is None:
            return None
        path = str(self._bus.folder / "program.picture")
        return PictureStatus(path, self._monitor.width, self._monitor.height)

    def open_program(self, width: int, height: int) -> None:
        """Create the shared program picture, of this size in pixels."""
        self._monitor = Monitor(width, height)
        self._program = LatestPicture.take_over(
            self._bus.folder / "program.picture", self._monitor.width, self._monitor.height
        )

    def poll(self) -> None:
        """Handle the commands received since the last call."""
        self._commands_guard.attempt(self._handle_commands)
        if fault := self._bus.last_fault:
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
        """Close the bus and the program picture."""
        if self._program is not None:
            self._program.close()
        self._bus.close()

    def handle(self, command: Command, reply: Callable[[Reply], None]) -> None:
        """Handle a command from a desk or a receiver, and log it with its result.

        Args:
            command: to be handled.
            reply: sends the reply.
        """
        answer = self._make_answer(command, reply)
        self._command_guard.attempt(partial(self.commands.handle, command, answer))

    def _handle_commands(self) -> None:
        for command, reply in self._bus.commands():
            self.handle(command, reply)

    def _make_answer(self, command: Command, reply: Callable[[Reply], None]) -> Answer:
        """Return a function that answers once and logs the event, without possible secrets."""
        is_open = True

        def answer(said: Reply) -> None:
            nonlocal is_open
            if not is_open:
                return
            is_open = False
            reply(said)
            if isinstance(command, ViewCommand):
                return
            done = "done" if said.ok else "refused"
            name = type(command).__name__
            operator = command.operator[:80]
            by = f" by {operator}" if operator else ""
            self._events.add(
                EventKind.COMMAND,
                f"{name}{by}: {done}",
                {"command": name, "operator": operator, "reply": redact(said.text)},
            )

        return answer

    def _share(self, frame: ProgramFrame) -> None:
        if self._monitor is not None and self._program is not None:
            self._program.publish(
                self._monitor.convert(frame.planes, frame.layout), frame.t_show_ns
            )
