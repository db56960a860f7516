"""Sources of data about a performer, and the records that they produce."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import msgspec

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation


class Event(msgspec.Struct, frozen=True):
    """An event of the show or of a source.

    Attributes:
        t_ns: on the clock that records are stamped with.
        kind: one word, such as `source` or `cue`.
        text: description for people.
        values: machine-readable details.
    """

    t_ns: int
    kind: str
    text: str = ""
    values: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Posed:
    """Marks that the show posed the performer's avatar for time t_ns from all earlier records."""

    t_ns: int


Record = Observation | TrackedFace | TrackedBody | VowelFrame | Event | Posed


class Source(Enum):
    """The origin of a record."""

    CAMERA = "camera"
    PHONE = "phone"
    SUIT = "suit"
    SUIT_FACE = "suit-face"
    SHOW = "show"
    VOICE = "voice"
    POSED = "posed"
    CLOSEUP = "closeup"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a take with its source and performer (0 is the first performer)."""

    source: Source
    performer: int
    record: Record

    @property
    def t_ns(self) -> int:
        """The record's time, on the clock that the whole take is stamped with."""
        record = self.record
        return record.t_ns if isinstance(record, VowelFrame | Event | Posed) else record.t_seen_ns
