"""Open Sound Control 1.0: datagrams to messages and back.

A message is an address, a type string that begins with a comma, and arguments; everything is
padded to four bytes and big-endian. A bundle is `#bundle`, a time that is not used here, and
messages or bundles, each behind its length. Source: Wright, "The Open Sound Control 1.0
Specification", 2002.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

from renderer.capture.network.packets import PacketError

Argument = int | float | str | bool | bytes | None
Message = tuple[str, list[Argument]]

_BUNDLE: Final = b"#bundle\0"
_AT_ONCE: Final = b"\0\0\0\0\0\0\0\1"
_DEEPEST: Final = 4
_NUMBERS: Final = {"i": ">i", "f": ">f", "h": ">q", "d": ">d", "t": ">Q", "c": ">i"}
_WITHOUT_BYTES: Final[dict[str, Argument]] = {"T": True, "F": False, "N": None}


def messages(datagram: bytes, depth: int = 0) -> Iterator[Message]:
    """Every message of a datagram, in order; those before a fault are given before it is raised.

    Raises:
        PacketError: it is no OSC, or is cut off.
    """
    if not datagram.startswith(_BUNDLE):
        yield _message(datagram)
        return
    if depth > _DEEPEST:
        raise PacketError("an OSC bundle lies too deep within others")
    at = len(_BUNDLE) + len(_AT_ONCE)
    if len(datagram) < at:
        raise PacketError("an OSC bundle ends within its head")
    while at < len(datagram):
        length = int.from_bytes(datagram[at : at + 4], "big")
        at += 4
        if length <= 0 or length % 4 or at + length > len(datagram):
            raise PacketError("an OSC bundle ends within a message")
        yield from messages(datagram[at : at + length], depth + 1)
        at += length


def message(address: str, *arguments: float | str) -> bytes:
    """One message; int, float and str arguments are written as such."""
    tags, data = ",", b""
    for argument in arguments:
        if isinstance(argument, str):
            tags, data = tags + "s", data + _padded(argument)
        elif isinstance(argument, int):
            tags, data = tags + "i", data + struct.pack(">i", argument)
        else:
            tags, data = tags + "f", data + struct.pack(">f", argument)
    return _padded(address) + _padded(tags) + data


def bundle(parts: list[bytes]) -> bytes:
    """One bundle of messages, to be carried out at once."""
    return _BUNDLE + _AT_ONCE + b"".join(struct.pack(">i", len(part)) + part for part in parts)


def _message(data: bytes) -> Message:
    address, at = _text(data, 0)
    if not address.startswith("/"):
        raise PacketError("a datagram is no OSC")
    if at == len(data):
        # Old senders leave the type string out where there are no arguments.
        return address, []
    tags, at = _text(data, at)
    if not tags.startswith(","):
        raise PacketError(f"{address} does not tell its types")
    arguments: list[Argument] = []
    for tag in tags[1:]:
        if tag in "sS":
            text, at = _text(data, at)
            arguments.append(text)
        elif tag in _NUMBERS:
            layout = _NUMBERS[tag]
            end = at + struct.calcsize(layout)
            if end > len(data):
                raise PacketError(f"{address} ends within its numbers")
            arguments.append(struct.unpack(layout, data[at:end])[0])
            at = end
        elif tag == "b":
            size = int.from_bytes(data[at : at + 4], "big")
            end = at + 4 + size
            if end > len(data):
                raise PacketError(f"{address} ends within its bytes")
            arguments.append(data[at + 4 : end])
            at = end + -size % 4
        elif tag in _WITHOUT_BYTES:
            arguments.append(_WITHOUT_BYTES[tag])
        else:
            raise PacketError(f"{address} has an argument of the unknown type {tag!r}")
    return address, arguments


def _text(data: bytes, at: int) -> tuple[str, int]:
    """The text that begins at `at`, and where what follows it begins."""
    end = data.find(b"\0", at)
    if end < 0:
        raise PacketError("an OSC text has no end")
    try:
        text = data[at:end].decode()
    except UnicodeDecodeError:
        raise PacketError("an OSC text is no UTF-8") from None
    return text, end + 4 - (end - at) % 4


def _padded(text: str) -> bytes:
    data = text.encode() + b"\0"
    return data + b"\0" * (-len(data) % 4)
