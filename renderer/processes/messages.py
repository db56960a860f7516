"""Define the messages between a child process and its parent about the child's state."""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec

HEARTBEAT_S: Final = 0.5
"""Interval between heartbeats of a child, seconds."""


class ProcessState(Enum):
    """State of a child process."""

    NEW = "new"
    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"
    ENDED = "ended"


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The child is ready for work; `detail` is information for its parent, such as an address."""

    detail: str = ""


class Heartbeat(msgspec.Struct, frozen=True, tag=True):
    """The child's interpreter is running."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The child exits with a RendererError; `kind` names a class in renderer.errors."""

    kind: str
    thing: str
    fault: str
    remedy: str


class Stop(msgspec.Struct, frozen=True, tag=True):
    """The parent asks the child to exit."""


FromChild = Ready | Heartbeat | Failed

encode: Final = msgspec.msgpack.Encoder().encode
decode_from_child: Final = msgspec.msgpack.Decoder(FromChild).decode
decode_from_parent: Final = msgspec.msgpack.Decoder(Stop).decode
