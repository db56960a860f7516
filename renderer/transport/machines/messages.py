"""Define the messages between a show and the machines that join it.

A message is a tagged struct in MessagePack. Whoever sends an order or a sign of life repeats it, so
that either end may start again at any time.
"""

from __future__ import annotations

from typing import Final

import msgspec

from renderer.protocol.machines import MachinePart
from renderer.protocol.schema import Reply

SIGN_EVERY_S: Final = 0.5
"""Interval at which orders and signs of life are repeated, seconds."""
GONE_AFTER_S: Final = 3.0
"""Seconds without a sign of life after which a machine counts as gone: six missed ones."""
LARGEST_FROM_MACHINE: Final = 4 << 20
"""Bytes of a message to the show: a preview has some 60 KB, four performers' landmarks 40, and a
keyframe of 3840 pixels 3 MB at the most."""
LARGEST_FROM_SHOW: Final = 8 << 20
"""Bytes of a message from the show: a desk's picture of 3840 pixels has 2 MB at the most."""

UNREADABLE: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""Exceptions that msgspec raises on malformed input."""


class Version(msgspec.Struct, frozen=True):
    """The part of a sign of life that every version of the program can read."""

    schema: int = 0
    version: str = ""


class SignOfLife(msgspec.Struct, frozen=True, tag=True):
    """A machine joins, or is still there.

    Attributes:
        schema: version of the protocol.
        version: of the program, for a message.
        part: that it wants to take.
        instance: differs between processes of one machine.
        round_trip_ms: see MachineStatus.
    """

    schema: int
    version: str
    part: MachinePart
    instance: str
    round_trip_ms: float = 0.0


class AskClock(msgspec.Struct, frozen=True, tag=True):
    """Ask for the show's time; `sent_ns` is on the asker's clock."""

    sent_ns: int


class CaptureOrder(msgspec.Struct, frozen=True):
    """How a machine shall track; see the capture process's Job."""

    performers: int
    picture_width: int
    focal: float
    closeup: bool = False
    heavy: bool = False


class WantCapture(msgspec.Struct, frozen=True, tag=True):
    """A process of the show's machine wants the landmarks of another machine."""

    machine: str
    order: CaptureOrder


class CaptureData(msgspec.Struct, frozen=True, tag=True):
    """A message of a capture process; times are on the show's clock."""

    data: bytes


class CapturePicture(msgspec.Struct, frozen=True, tag=True):
    """A preview of a camera as JPEG."""

    jpeg: bytes
    t_seen_ns: int


class EngineOrder(msgspec.Struct, frozen=True):
    """The standby engine that a show wants on another machine.

    Attributes:
        session: differs between the processes of the show that want it, one after another.
        folder: of the show's session, on its own machine.
        files: what has to be the same on both machines; see same_show.
        inputs: of the show, as it names them on its own machine.
        state: from which the engine prepares itself, encoded.
    """

    session: str
    folder: str
    files: dict[str, str]
    inputs: list[str]
    state: bytes


class WantEngine(msgspec.Struct, frozen=True, tag=True):
    """A process of the show's machine wants a standby engine on another machine."""

    machine: str
    order: EngineOrder


class EngineData(msgspec.Struct, frozen=True, tag=True):
    """A message between a show and its engine on another machine, in either direction.

    Attributes:
        session: of the order.
        number: counted from 1 in each direction, so that a lost one is found.
    """

    session: str
    number: int
    data: bytes


class EngineFrame(msgspec.Struct, frozen=True, tag=True):
    """A frame of an engine on another machine, compressed; times are on the show's clock.

    Attributes:
        session: of the order.
        channel: of the view's link.
        header: a packed FrameHeader.
        parameters: of the encoder, with a keyframe; else empty.
        picture: H.264.
    """

    session: str
    channel: int
    header: bytes
    parameters: bytes
    picture: bytes


class DeskCommand(msgspec.Struct, frozen=True, tag=True):
    """A command of a desk.

    Attributes:
        number: the answer has the same.
        expires_ns: on the show's clock; the command must not be executed after it.
        command: encoded.
    """

    number: int
    expires_ns: int
    command: msgspec.Raw


class Welcome(msgspec.Struct, frozen=True, tag=True):
    """The answer to a sign of life: the machine takes part."""

    title: str


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The machine does not take part; `text` says why, a sentence."""

    text: str


class ClockAnswer(msgspec.Struct, frozen=True, tag=True):
    """The show's time `at_ns`, for the question of `sent_ns`."""

    sent_ns: int
    at_ns: int


class OpenCapture(msgspec.Struct, frozen=True, tag=True):
    """Track, or go on tracking; repeated as long as the show uses the landmarks."""

    order: CaptureOrder


class OpenEngine(msgspec.Struct, frozen=True, tag=True):
    """Prepare a standby engine, or keep it; repeated as long as the show wants it."""

    order: EngineOrder


class CaptureState(msgspec.Struct, frozen=True, tag=True):
    """Whether the machine that a process of the show waits for is there.

    Attributes:
        fault: why it is not, to follow its name; empty if it is.
    """

    fault: str = ""


class DeskAnswer(msgspec.Struct, frozen=True, tag=True):
    """The answer to a desk's command of this number."""

    number: int
    reply: Reply


class DeskSection(msgspec.Struct, frozen=True, tag=True):
    """An encoded section of the status."""

    topic: bytes
    payload: bytes


class DeskPicture(msgspec.Struct, frozen=True, tag=True):
    """A picture that the show shares, as JPEG.

    Attributes:
        path: in the status.
    """

    path: str
    width: int
    height: int
    jpeg: bytes
    t_ns: int


FromMachine = (
    SignOfLife
    | AskClock
    | WantCapture
    | WantEngine
    | CaptureData
    | CapturePicture
    | EngineData
    | EngineFrame
    | DeskCommand
)
ToMachine = (
    Welcome
    | Refused
    | ClockAnswer
    | OpenCapture
    | OpenEngine
    | EngineData
    | EngineFrame
    | CaptureState
    | CaptureData
    | CapturePicture
    | DeskAnswer
    | DeskSection
    | DeskPicture
)

_from_machine: Final[msgspec.msgpack.Decoder[FromMachine]] = msgspec.msgpack.Decoder(FromMachine)
_to_machine: Final[msgspec.msgpack.Decoder[ToMachine]] = msgspec.msgpack.Decoder(ToMachine)
_version: Final = msgspec.msgpack.Decoder(Version)


def encode(message: FromMachine | ToMachine) -> bytes:
    """Serialize a message."""
    return msgspec.msgpack.encode(message)


def decode_from_machine(data: bytes) -> FromMachine:
    """Deserialize a message to the show.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError, RecursionError: it is none.
    """
    return _from_machine.decode(data)


def decode_to_machine(data: bytes) -> ToMachine:
    """Deserialize a message from the show.

    Raises:
        msgspec.DecodeError, UnicodeDecodeError, RecursionError: it is none.
    """
    return _to_machine.decode(data)


def read_version(data: bytes) -> Version | None:
    """Return the versions in a sign of life of any version; None if it contains none."""
    try:
        found = _version.decode(data)
    except UNREADABLE:
        return None
    return found if found.schema else None


def explain_versions(show: int, machine: int) -> str:
    """Return the sentence that refuses a machine of another version."""
    return (
        f"the show speaks version {show} of the protocol and this machine version {machine}; "
        "install the same version of Encore on both"
    )
