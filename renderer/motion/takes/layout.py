"""How what was seen stands in a take: one MCAP file, one channel a kind of record.

MCAP (mcap.dev) was chosen over HDF5 and over a container of our own. It is written from front to
back in chunks, each with its own checksum, so that a writer that is killed leaves all but the last
chunk readable, and a damaged chunk costs itself alone; HDF5 keeps its index in the file and loses
it. It is kept by a company and used as robotics' common log format, with readers in seven languages
and viewers that play a take beside its video. zstd makes an hour of one performer about 0.8 GB.

Records are of fixed size in little-endian order. A channel's schema names the layout's version.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec
import numpy as np

from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.capture.wire import OBSERVATION_BYTES
from renderer.capture.wire import decode as decode_observation
from renderer.capture.wire import encode as encode_observation

PROFILE: Final = "encore-take"
ABOUT: Final = "about"
"""The name of the metadata that stands at a take's beginning."""


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


Record = Observation | TrackedFace | TrackedBody | Event


class Source(Enum):
    """Who saw it. The order is the take's: new ones go to the end."""

    CAMERA = "camera"
    PHONE = "phone"
    SUIT = "suit"
    SUIT_FACE = "suit-face"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Entry:
    """One record of a take: what was seen, by whom, of whom (0 for the first performer)."""

    source: Source
    performer: int
    record: Record

    @property
    def t_ns(self) -> int:
        """When it was seen, on the clock that all of the take is stamped with."""
        return self.record.t_ns if isinstance(self.record, Event) else self.record.t_seen_ns


PERFORMERS: Final = 4
CHANNELS: Final[tuple[tuple[Source, int], ...]] = tuple(
    (source, performer) for performer in range(PERFORMERS) for source in Source
)
"""A take's channels by number, from 1. They are the same in every take, so that one whose first
chunk, which names them, is damaged can be read."""


_FACE: Final = np.dtype(
    [
        ("t_seen_ns", "<i8"),
        ("has_head", "<u4"),
        ("scores", "<f4", (52,)),
        ("head", "<f4", (4,)),
        ("gaze", "<f4", (2,)),
    ]
)
_BODY: Final = np.dtype(
    [
        ("t_seen_ns", "<i8"),
        ("hips_height", "<f8"),
        ("rotations", "<f4", (55, 4)),
        ("root", "<f4", (3,)),
        ("known", "?", (55,)),
    ]
)


def _encode_face(face: TrackedFace) -> bytes:
    row = np.zeros((), _FACE)
    row["t_seen_ns"], row["scores"], row["gaze"] = face.t_seen_ns, face.scores, face.gaze
    if face.head is not None:
        row["has_head"], row["head"] = 1, face.head
    return row.tobytes()


def _decode_face(data: bytes) -> TrackedFace:
    row = np.frombuffer(data, _FACE, 1).reshape(())
    head = row["head"] if row["has_head"] else None
    return TrackedFace(int(row["t_seen_ns"]), row["scores"], head, row["gaze"])


def _encode_body(body: TrackedBody) -> bytes:
    row = np.zeros((), _BODY)
    row["t_seen_ns"], row["hips_height"] = body.t_seen_ns, body.hips_height
    row["rotations"], row["root"], row["known"] = body.rotations, body.root, body.known
    return row.tobytes()


def _decode_body(data: bytes) -> TrackedBody:
    row = np.frombuffer(data, _BODY, 1).reshape(())
    return TrackedBody(
        int(row["t_seen_ns"]),
        row["rotations"],
        row["known"],
        row["root"],
        float(row["hips_height"]),
    )


SCHEMAS: Final[dict[Source, str]] = {
    Source.CAMERA: f"encore.observation/{OBSERVATION_BYTES}",
    Source.PHONE: f"encore.face/{_FACE.itemsize}",
    Source.SUIT: f"encore.body/{_BODY.itemsize}",
    Source.SUIT_FACE: f"encore.face/{_FACE.itemsize}",
    Source.SHOW: "encore.event/json",
}
"""The layout of each source's records, with its size in bytes."""


def encode(record: Record) -> bytes:
    """A record as bytes."""
    match record:
        case Observation():
            return encode_observation(record)
        case TrackedFace():
            return _encode_face(record)
        case TrackedBody():
            return _encode_body(record)
        case Event():
            return msgspec.json.encode(record)


def decode(source: Source, data: bytes) -> Record:
    """The record that these bytes are.

    Raises:
        RendererError: they are of another length.
        ValueError: they are none.
    """
    if source is Source.CAMERA:
        return decode_observation(data)
    if source is Source.SUIT:
        return _decode_body(data)
    if source is Source.SHOW:
        return msgspec.json.decode(data, type=Event)
    return _decode_face(data)
