"""Define the show's log for desks: the newest numbered events."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Section


class EventKind(StrEnum):
    """Subject of an event."""

    STATE = "state"
    COMMAND = "command"
    ALARM_RAISED = "alarm raised"
    ALARM_CLEARED = "alarm cleared"
    FAULT = "fault"
    SNAPSHOT = "snapshot"
    """State from which an engine that starts again goes on; for the journal, not for desks."""
    RIGHTS = "rights"


class LogEvent(msgspec.Struct, frozen=True):
    """An event of the show.

    Attributes:
        number: sequence number in the show, from 1; a gap means that events were dropped.
        at: seconds since the Unix epoch.
    """

    number: int
    at: float
    kind: EventKind
    text: str


class ShowLog(Section, frozen=True):
    """The newest events, oldest first; published when one is added.

    Attributes:
        revision: number of the newest event.
    """

    revision: int = 0
    events: list[LogEvent] = msgspec.field(default_factory=list)
