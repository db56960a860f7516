"""Define and serialize the messages from a capture process to its parent."""

from __future__ import annotations

from typing import Final

import msgspec

from renderer.capture.process.wire import OBSERVATION_BYTES, decode, encode
from renderer.capture.records import Observation


class SourceInfo(msgspec.Struct, frozen=True, tag=True):
    """The source is open and the trackers are ready.

    Attributes:
        name: display name of the source.
        size: (width, height) of the upright frames in pixels.
        rate: frames per second.
        length_ns: duration of a file in nanoseconds; None for a live source.
        picture_size: (width, height) in pixels of the preview shared with the desk; None without
            one.
    """

    name: str
    size: tuple[int, int]
    rate: float
    length_ns: int | None
    picture_size: tuple[int, int] | None


class EndOfStream(msgspec.Struct, frozen=True, tag=True):
    """The end of the observations.

    Attributes:
        reason: why it ended, for a person to read.
        failed: whether it ended by an error; otherwise the file was played to its end.
        last_duration_ns: duration of the last frame, nanoseconds.
    """

    reason: str
    failed: bool = False
    last_duration_ns: int = 0


class SourceLosses(msgspec.Struct, frozen=True, tag=True):
    """What was lost or corrected while the source was read; sent whenever more is found.

    Attributes:
        warning: what was lost so far, a sentence; empty if nothing.
        note: what was wrong and has been corrected so far, a sentence; empty if nothing.
        colours: whose clothes or light changed so far, a sentence; empty if nobody's.
    """

    warning: str = ""
    note: str = ""
    colours: str = ""


Control = SourceInfo | SourceLosses | EndOfStream

FrameObservations = tuple[Observation, ...]
"""The observations of one frame, one per performer, in order of their index."""

_OBSERVATION: Final = b"o"
_CONTROL: Final = b"c"
_decoder: Final[msgspec.msgpack.Decoder[Control]] = msgspec.msgpack.Decoder(Control)


def pack(message: FrameObservations | Control) -> bytes:
    """Serialize a message; the type is the last byte, so that arrays stay aligned."""
    if isinstance(message, tuple):
        return b"".join(map(encode, message)) + _OBSERVATION
    return msgspec.msgpack.encode(message) + _CONTROL


def unpack(data: bytes) -> FrameObservations | Control:
    """Deserialize a message made by `pack`."""
    body = memoryview(data)[:-1]
    if data[-1:] == _OBSERVATION:
        starts = range(0, len(body), OBSERVATION_BYTES)
        return tuple(decode(body[start : start + OBSERVATION_BYTES]) for start in starts)
    return _decoder.decode(body)
