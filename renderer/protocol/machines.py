"""Define the status of other machines that take part in a show."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Section


class MachinePart(StrEnum):
    """What a paired machine does in a show."""

    CAPTURE = "capture"
    """It has cameras: its landmarks are an input of the show."""
    DESK = "desk"
    """It follows the show, and may command it as far as its role goes."""
    STANDBY = "standby"
    """It has an engine that takes over when the show's own is lost."""


class MachineStatus(msgspec.Struct, frozen=True):
    """A paired machine.

    Attributes:
        is_joined: whether it has given a sign of life within the last seconds.
        address: from which it joined; empty if it has not.
        detail: why it is refused, a sentence; or empty.
        round_trip_ms: shortest round trip within the last seconds, half of which bounds the error
            of its clock; 0 if it was not measured.
    """

    name: str
    part: MachinePart
    is_joined: bool = False
    address: str = ""
    detail: str = ""
    round_trip_ms: float = 0.0


class MachinesHealth(Section, frozen=True):
    """The machines that may join, published once a second if the show lets any join.

    Attributes:
        port: TCP port at which they join; 0 if none may.
        refused: number of connections that were refused, since the start.
        stranger: the newest of them, a sentence; empty if there was none lately.
        malformed: number of unreadable messages, since the start.
        fault: what was wrong with the newest of them, a sentence; empty if there was none.
    """

    port: int = 0
    machines: list[MachineStatus] = msgspec.field(default_factory=list)
    refused: int = 0
    stranger: str = ""
    malformed: int = 0
    fault: str = ""
