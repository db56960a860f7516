"""Define how an engine reaches what is outside it: desks, log, media processes, captures.

Offline, the engine owns them itself, through LocalHost. Live, the supervisor does, since they
outlive the engine, which reaches them through supervision's EngineHost.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from renderer.errors import GpuLostError
from renderer.protocol.alarms import Alarm
from renderer.protocol.log import EventKind
from renderer.protocol.schema import Command, Section
from renderer.transport.bus import ReplyFunction

if TYPE_CHECKING:  # The supervisor must not load them.
    from renderer.capture.process.process import Launch
    from renderer.output.encode.format import ProgramFormat
    from renderer.output.media_client import MediaClient
    from renderer.show.control.publisher import SectionPublisher
    from renderer.show.host.resume import ResumeState
    from renderer.show.plan import ShowPlan
    from renderer.transport.link import Link


class Bus(Protocol):
    """A show's connection to its desks."""

    @property
    def folder(self) -> Path:
        """Return the session's folder."""
        ...

    @property
    def last_fault(self) -> str:
        """Return what was wrong with the newest unreadable message; empty if there was none."""
        ...

    def publish(self, section: Section) -> None:
        """Publish a section to every desk."""
        ...

    def commands(self) -> Iterator[tuple[Command, ReplyFunction]]:
        """Yield the commands received since the last call, without waiting."""
        ...

    def close(self) -> None:
        """Disconnect. Idempotent."""
        ...


class Events(Protocol):
    """Receives the show's events."""

    def add(self, kind: EventKind, text: str, data: dict[str, Any] | None = None) -> None:
        """Append an event; see EventLog."""
        ...

    def add_alarm(self, alarm: Alarm) -> None:
        """Append an event for an alarm that was raised or cleared."""
        ...


class ShowHost(Protocol):
    """Provides a show with what is outside its engine."""

    @property
    def events(self) -> Events:
        """Return the show's log and journal."""
        ...

    @property
    def resumed(self) -> ResumeState | None:
        """Return the state from which the engine goes on; None at the start of a show."""
        ...

    @property
    def keeps_media(self) -> bool:
        """Return whether the outputs go on if this engine ends by a fault."""
        ...

    @property
    def launch_capture(self) -> Launch:
        """Return what starts capture processes."""
        ...

    def open_bus(self, title: str) -> Bus:
        """Announce the show under a title, and return its connection to the desks.

        Raises:
            DeskError: the session's folder or bus cannot be created.
        """
        ...

    def open_media(self, view: str, program: ProgramFormat, plan: ShowPlan) -> MediaClient:
        """Start the media process of a view, or attach to it, and return the link to it.

        Raises:
            OutputError: it cannot encode this format, or read the plan's song or slate.
        """
        ...

    def take_link(self, view: str) -> Link | None:
        """Return a link to another media process of a view, if one has been started."""
        ...

    def add_sections(self, sections: SectionPublisher) -> None:
        """Publish the sections that the host owns, if the engine has to do it."""
        ...

    def save(self, state: ResumeState) -> None:
        """Save the state from which another engine could go on."""
        ...

    def tick(self) -> None:
        """Handle that the engine is alive; called once per tick."""
        ...

    def end_ticks(self) -> None:
        """Handle that no tick follows: finishing the outputs may take a minute."""
        ...

    def give_up(self, fault: GpuLostError) -> None:
        """End this engine at once, so that another one goes on; returns where there is none."""
        ...

    def close(self) -> None:
        """Close the journal."""
        ...
