"""What a child process and its parent tell each other about the child's life."""

from __future__ import annotations

from enum import Enum
from typing import Final

import msgspec

HEARTBEAT_S: Final = 0.5
"""Seconds from one heartbeat of a child to the next."""


class ProcessState(Enum):
    """Where a child process stands."""

    NEW = "new"
    STARTING = "starting"
    READY = "ready"
    SILENT = "silent"
    ENDED = "ended"


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The child does its work now; `detail` is for its parent, such as an address."""

    detail: str = ""


class Heartbeat(msgspec.Struct, frozen=True, tag=True):
    """The child's interpreter runs."""


class Failed(msgspec.Struct, frozen=True, tag=True):
    """The child ends with a RendererError of `kind`, a class of renderer.errors."""

    kind: str
    thing: str
    fault: str
    remedy: str


class Stop(msgspec.Struct, frozen=True, tag=True):
    """The parent wants the child to end."""


FromChild = Ready | Heartbeat | Failed

encode: Final = msgspec.msgpack.Encoder().encode
decode_from_child: Final = msgspec.msgpack.Decoder(FromChild).decode
decode_from_parent: Final = msgspec.msgpack.Decoder(Stop).decode
