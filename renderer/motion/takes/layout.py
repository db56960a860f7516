"""Layout of a take: one MCAP file, one channel per kind of record.

MCAP (mcap.dev) was chosen over HDF5 and over a container of our own. It is written sequentially in
chunks, each with its own checksum, so that a writer that is killed leaves all but the last chunk
readable, and a damaged chunk loses only itself; HDF5 keeps its index inside the file and loses it.
It is maintained by a company and used as robotics' common log format, with readers in seven
languages and viewers that play a take beside its video. With zstd an hour of one performer takes
about 0.8 GB.

Records have a fixed size and little-endian order. A channel's schema names the layout's version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

from avatars.contact.records import NO_CONTACTS
from renderer.capture.audio.vowels import VOWELS, VowelFrame
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.process.wire import OBSERVATION_BYTES
from renderer.capture.process.wire import decode as decode_observation
from renderer.capture.process.wire import encode as encode_observation
from renderer.capture.records import Observation
from renderer.motion.core.contact_bytes import decode_contacts, encode_contacts
from renderer.motion.core.sources import Event, Posed, Record, Source

PROFILE: Final = "encore-take"
"""MCAP profile of a take."""

ABOUT: Final = "about"
"""Name of the metadata at a take's beginning."""


PERFORMERS: Final = 4
"""Largest number of performers in a take."""

_FIRST: Final = (Source.CAMERA, Source.PHONE, Source.SUIT, Source.SUIT_FACE, Source.SHOW)
_ADDED: Final = (Source.VOICE, Source.POSED, Source.CLOSEUP)
CHANNELS: Final[tuple[tuple[Source, int], ...]] = (
    *((source, performer) for performer in range(PERFORMERS) for source in _FIRST),
    *((source, performer) for source in _ADDED for performer in range(PERFORMERS)),
)
"""Source and performer of each channel, numbered from 1. They are the same in every take, so that a
take whose first chunk, which names them, is damaged can be read; later versions append theirs."""


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
_HEARD_AT_FIRST: Final = np.dtype(
    [
        ("t_ns", "<i8"),
        ("voice", "<f8"),
        ("vowels", "<f8", (len(VOWELS),)),
        ("level_db", "<f8"),
        ("pitch_hz", "<f8"),
    ]
)
_HEARD: Final = np.dtype([*_HEARD_AT_FIRST.descr, ("closed", "<f8")])
"""Takes from before closed lips were recognised have shorter rows."""
_POSED: Final = np.dtype("<i8")
_MAX_VALUE: Final = 1e6
"""Bound of every measured value, in pixels, metres, radians or hertz."""


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
    # Contacts follow only where there are any: earlier versions leave out what follows.
    return row.tobytes() + (b"" if body.contacts.is_none else encode_contacts(body.contacts))


def _decode_body(data: bytes) -> TrackedBody:
    row = np.frombuffer(data, _BODY, 1).reshape(())
    return TrackedBody(
        int(row["t_seen_ns"]),
        row["rotations"],
        row["known"],
        row["root"],
        float(row["hips_height"]),
        decode_contacts(data[_BODY.itemsize :]) if len(data) > _BODY.itemsize else NO_CONTACTS,
    )


def _encode_heard(heard: VowelFrame) -> bytes:
    row = np.zeros((), _HEARD)
    row["t_ns"], row["voice"], row["vowels"] = heard.t_ns, heard.voice, heard.vowels
    row["level_db"], row["pitch_hz"], row["closed"] = heard.level_db, heard.pitch_hz, heard.closed
    return row.tobytes()


def _decode_heard(data: bytes) -> VowelFrame:
    layout = _HEARD_AT_FIRST if len(data) == _HEARD_AT_FIRST.itemsize else _HEARD
    row = np.frombuffer(data, layout, 1).reshape(())
    return VowelFrame(
        int(row["t_ns"]),
        float(row["voice"]),
        row["vowels"],
        float(row["level_db"]),
        float(row["pitch_hz"]),
        float(row["closed"]) if layout is _HEARD else 0.0,
    )


SCHEMAS: Final[dict[Source, str]] = {
    Source.CAMERA: f"encore.observation/{OBSERVATION_BYTES}",
    Source.PHONE: f"encore.face/{_FACE.itemsize}",
    Source.SUIT: f"encore.body/{_BODY.itemsize}",
    Source.SUIT_FACE: f"encore.face/{_FACE.itemsize}",
    Source.SHOW: "encore.event/json",
    Source.VOICE: f"encore.voice/{_HEARD.itemsize}",
    Source.POSED: f"encore.posed/{_POSED.itemsize}",
    Source.CLOSEUP: f"encore.observation/{OBSERVATION_BYTES}",
}
"""Layout of each source's records, with its size in bytes."""


def encode(record: Record) -> bytes:
    """Encode a record as bytes."""
    match record:
        case Observation():
            return encode_observation(record)
        case TrackedFace():
            return _encode_face(record)
        case TrackedBody():
            return _encode_body(record)
        case VowelFrame():
            return _encode_heard(record)
        case Event():
            return msgspec.json.encode(record)
        case Posed(t_ns=t_ns):
            return np.array(t_ns, _POSED).tobytes()


def decode(source: Source, data: bytes) -> Record:
    """Decode a record.

    Raises:
        RendererError: the data has another length.
        ValueError: the data is not a record, or contains values outside all physical bounds.
    """
    record = _decode_record(source, data)
    # Also catches NaN, which does not compare as less.
    if not all(bool((np.abs(values) < _MAX_VALUE).all()) for values in _numbers(record)):
        raise ValueError(f"a value of {source.value} is not finite or beyond {_MAX_VALUE:g}")
    return record


def _numbers(record: Record) -> Iterator[npt.ArrayLike]:
    """Yield the measured values of a record."""
    match record:
        case Observation():
            # A focal length of 0 would place every performer at an infinite distance.
            yield from (record.focal, 1.0 / record.focal if record.focal > 0.0 else np.inf)
            for part in (
                *(record.face, record.scores, record.head),
                *(record.pose, record.pose_world, record.visibility),
            ):
                if part is not None:
                    yield part
            for hand in (record.left_hand, record.right_hand):
                if hand is not None:
                    yield from (hand.image, hand.world, hand.score)
        case TrackedFace():
            yield from (record.scores, record.gaze)
            if record.head is not None:
                yield record.head
        case TrackedBody():
            yield from (record.rotations, record.root, record.hips_height)
        case VowelFrame():
            yield from (
                record.voice,
                record.vowels,
                record.level_db,
                record.pitch_hz,
                record.closed,
            )


def _decode_record(source: Source, data: bytes) -> Record:
    """Decode a record without checking its values."""
    match source:
        case Source.CAMERA | Source.CLOSEUP:
            return decode_observation(data)
        case Source.PHONE | Source.SUIT_FACE:
            return _decode_face(data)
        case Source.SUIT:
            return _decode_body(data)
        case Source.VOICE:
            return _decode_heard(data)
        case Source.SHOW:
            return msgspec.json.decode(data, type=Event)
        case Source.POSED:
            return Posed(int(np.frombuffer(data, _POSED, 1)[0]))
