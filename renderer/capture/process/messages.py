"""What a capture process says to the one that started it."""

from __future__ import annotations

from typing import Final

import msgspec

from renderer.capture.process.wire import OBSERVATION_BYTES, decode, encode
from renderer.capture.records import Observation


class SourceInfo(msgspec.Struct, frozen=True, tag=True):
    """The source is open and the trackers are ready.

    Attributes:
        name: what a person calls the source.
        size: (width, height) of its upright pictures in pixels.
        rate: frames a second.
        length_ns: of a file; None of a camera.
        picture_size: of the shared picture for the desk; None if none was asked for.
    """

    name: str
    size: tuple[int, int]
    rate: float
    length_ns: int | None
    picture_size: tuple[int, int] | None


class EndOfStream(msgspec.Struct, frozen=True, tag=True):
    """No observation comes any more.

    Attributes:
        reason: why, for a person to read.
        failed: something broke; otherwise the file was played to its end.
        warning: what of a file was lost; empty if nothing.
        note: what was wrong with a file and has been corrected; empty if nothing.
        last_duration_ns: how long the last frame is to be shown.
    """

    reason: str
    failed: bool = False
    warning: str = ""
    note: str = ""
    last_duration_ns: int = 0


Control = SourceInfo | EndOfStream

FrameObservations = tuple[Observation, ...]
"""One frame: an observation of each performer, in their order."""

_OBSERVATION: Final = b"o"
_CONTROL: Final = b"c"
_decoder: Final[msgspec.msgpack.Decoder[Control]] = msgspec.msgpack.Decoder(Control)


def pack(message: FrameObservations | Control) -> bytes:
    """A message as bytes; the last one tells its kind, which leaves arrays aligned."""
    if isinstance(message, tuple):
        return b"".join(map(encode, message)) + _OBSERVATION
    return msgspec.msgpack.encode(message) + _CONTROL


def unpack(data: bytes) -> FrameObservations | Control:
    """The message that `pack` made these bytes of."""
    body = memoryview(data)[:-1]
    if data[-1:] == _OBSERVATION:
        starts = range(0, len(body), OBSERVATION_BYTES)
        return tuple(decode(body[start : start + OBSERVATION_BYTES]) for start in starts)
    return _decoder.decode(body)
