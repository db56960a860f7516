"""Who observed a performer, and the records of one performer's evening in the order of time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import msgspec

from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation


class Event(msgspec.Struct, frozen=True):
    """Something that happened in the show, or with a source.

    Attributes:
        t_ns: on the clock that records are stamped with.
        kind: one word, such as `source` or `cue`.
        text: what, for a person to read.
        values: more of it, for programs.
    """

    t_ns: int
    kind: str
    text: str = ""
    values: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Posed:
    """The show posed the performer's avatar for the time t_ns, by all that stands before."""

    t_ns: int


Record = Observation | TrackedFace | TrackedBody | VowelFrame | Event | Posed


class Source(Enum):
    """Who saw or heard it, or did it."""

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
    """One record of a take: what was seen or heard, by whom, of whom (0: the first performer)."""

    source: Source
    performer: int
    record: Record

    @property
    def t_ns(self) -> int:
        """When it was, on the clock that all of the take is stamped with."""
        record = self.record
        return record.t_ns if isinstance(record, VowelFrame | Event | Posed) else record.t_seen_ns
