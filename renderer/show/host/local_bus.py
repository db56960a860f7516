"""Announce a show and open its bus in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from renderer.closing import Closing
from renderer.protocol.schema import Command, Section
from renderer.transport.bus import ReplyFunction, ShowEndpoint
from renderer.transport.session import Session, announce


class LocalBus(Closing):
    """A session and its bus, owned by this process.

    Attributes:
        session: of the show.
        endpoint: of the bus.
    """

    def __init__(self, title: str) -> None:
        """Announce a show under a title.

        Raises:
            DeskError: the session's folder or bus cannot be created.
        """
        self.session: Session = announce(title)
        try:
            self.endpoint = ShowEndpoint(self.session.folder)
        except BaseException:
            self.session.close()
            raise

    @property
    def folder(self) -> Path:
        """See Bus."""
        return self.session.folder

    @property
    def last_fault(self) -> str:
        """See Bus."""
        return self.endpoint.last_fault

    def publish(self, section: Section) -> None:
        """See Bus."""
        self.endpoint.publish(section)

    def commands(self) -> Iterator[tuple[Command, ReplyFunction]]:
        """See Bus."""
        return self.endpoint.commands()

    def close(self) -> None:
        """Close the bus and remove the session's folder."""
        self.endpoint.close()
        self.session.close()
