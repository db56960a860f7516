"""Define what a show and its engine on another machine say to each other.

The engine talks to its supervisor and to the media processes over pipes, as it does on the show's
machine. Each pipe is a channel here: what one end sends is passed to the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

SUPERVISOR: Final = 0
"""Channel of the engine's requests to the supervisor; others are numbered from 1."""


@dataclass(frozen=True, slots=True)
class RemoteEngine:
    """Where an engine runs that is not on the show's machine.

    Attributes:
        machine: name of the other machine.
        folder: of the show's session.
    """

    machine: str
    folder: str


@dataclass(frozen=True, slots=True)
class LinkOpened:
    """The engine gets a link to a media process; see Link."""

    channel: int
    view: str
    shape: tuple[int, ...]
    slots: int


@dataclass(frozen=True, slots=True)
class PipeOpened:
    """The engine gets the pipe of a capture process."""

    channel: int


@dataclass(frozen=True, slots=True)
class ChannelClosed:
    """One end of a channel is gone."""

    channel: int


@dataclass(frozen=True, slots=True)
class Passed:
    """An object that was sent over a channel."""

    channel: int
    body: Any


@dataclass(frozen=True, slots=True)
class PipeData:
    """A message of a capture process."""

    channel: int
    data: bytes


@dataclass(frozen=True, slots=True)
class StopAsked:
    """The engine is asked to finish the show."""


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine is prepared."""


@dataclass(frozen=True, slots=True)
class StillThere:
    """Sign of life of the other machine's end."""


@dataclass(frozen=True, slots=True)
class EngineEnded:
    """The engine has ended, or does not start.

    Attributes:
        fate: how, to follow "The engine"; empty if it has finished the show.
    """

    fate: str
