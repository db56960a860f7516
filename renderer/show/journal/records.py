"""Define the journal's records and their form in the file.

A record is a line: the CRC-32 of its JSON in eight hexadecimal digits, a space, the JSON. A record
that was cut off when the machine stopped therefore shows by its missing line break or its CRC.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

import msgspec

from renderer.protocol.log import EventKind

VERSION: Final = 1
"""Version of the format, written in the first record; incremented when readers have to know."""
_CRC_DIGITS: Final = 8


class JournalRecord(msgspec.Struct, frozen=True, omit_defaults=True):
    """One event of a show.

    Attributes:
        number: sequence number in the show, from 1; a gap means that records were lost.
        at: seconds since the Unix epoch.
        t_ns: monotonic nanoseconds, which a change of the clock does not affect.
        kind: subject of the event.
        text: one sentence or clause for people, without secrets.
        data: the same for programs; None if there is nothing more to say.
    """

    number: int
    at: float
    t_ns: int
    kind: EventKind
    text: str
    data: dict[str, Any] | None = None


_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(JournalRecord)


def pack(record: JournalRecord) -> bytes:
    """Return the line of a record."""
    body = _encoder.encode(record)
    return _frame(body)


def unpack(line: bytes) -> JournalRecord | None:
    """Return the record of a line; None if the line is damaged or incomplete."""
    body = line[_CRC_DIGITS + 1 :].removesuffix(b"\n")
    try:
        return _decoder.decode(body) if line == _frame(body) else None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None


def _frame(body: bytes) -> bytes:
    return b"%08x %s\n" % (zlib.crc32(body), body)
