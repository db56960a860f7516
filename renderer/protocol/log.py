"""The show's log as desks read it: numbered events, the newest of them."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Section


class EventKind(StrEnum):
    """What an event is about."""

    STATE = "state"
    COMMAND = "command"
    ALARM_RAISED = "alarm raised"
    ALARM_CLEARED = "alarm cleared"
    FAULT = "fault"


class LogEvent(msgspec.Struct, frozen=True):
    """Something that happened.

    Attributes:
        number: counts the events of a show, from 1; a gap says that events were dropped.
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
