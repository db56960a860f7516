"""Parse and write Open Sound Control 1.0 datagrams.

A message is an address, a type string that begins with a comma, and arguments; everything is
padded to four bytes and big-endian. A bundle is `#bundle`, a time tag that is ignored here, and
messages or bundles, each prefixed with its length. Source: Wright, "The Open Sound Control 1.0
Specification", 2002.

Because of the length prefixes, an invalid element of a bundle can be skipped without losing the
others. tests/benchmarks/test_osc compares this module with `python-osc` on malformed packets.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Any, Final

from renderer.capture.network.packets import PacketError, printable

Argument = int | float | str | bool | bytes | list[Any] | None
"""A list is an OSC array and holds arguments."""

Message = tuple[str, list[Argument]]

_BUNDLE: Final = b"#bundle\0"
_IMMEDIATELY: Final = b"\0\0\0\0\0\0\0\1"
_DEEPEST: Final = 4
"""Deepest nesting of bundles and of arrays. Known senders nest bundles once."""

_NUMBERS: Final = {
    tag: struct.Struct(layout)
    for tag, layout in (
        *(("i", ">i"), ("f", ">f"), ("h", ">q"), ("d", ">d"), ("t", ">Q"), ("c", ">i")),
        *(("r", ">I"), ("m", ">I")),
    )
}
"""Formats by type tag. Colours (r) and MIDI messages (m) are read as 32-bit integers."""

_WITHOUT_BYTES: Final[dict[str, Argument]] = {"T": True, "F": False, "N": None, "I": float("inf")}


def read_elements(datagram: bytes, depth: int = 0) -> Iterator[Message | PacketError]:
    """Yield every element of a datagram in order: a message, or an error if it is invalid.

    Args:
        datagram: any bytes.
        depth: nesting depth of the bundle.
    """
    if not datagram.startswith(_BUNDLE):
        try:
            yield _message(datagram)
        except PacketError as error:
            yield error
        return
    at = len(_BUNDLE) + len(_IMMEDIATELY)
    if len(datagram) < at:
        yield PacketError("an OSC bundle ends within its head")
    elif depth > _DEEPEST:
        yield PacketError("an OSC bundle lies too deep within others")
    else:
        yield from _read_bundle(datagram, at, depth)


def message(address: str, *arguments: float | str) -> bytes:
    """Serialize a message; arguments are written as int32, float32 and string."""
    tags, data = ",", b""
    for argument in arguments:
        if isinstance(argument, str):
            tags, data = tags + "s", data + _pad_string(argument)
        elif isinstance(argument, int):
            tags, data = tags + "i", data + struct.pack(">i", argument)
        else:
            tags, data = tags + "f", data + struct.pack(">f", argument)
    return _pad_string(address) + _pad_string(tags) + data


def bundle(parts: list[bytes]) -> bytes:
    """Serialize a bundle of messages or bundles with the time tag "immediately"."""
    return _BUNDLE + _IMMEDIATELY + b"".join(struct.pack(">i", len(part)) + part for part in parts)


def _read_bundle(datagram: bytes, at: int, depth: int) -> Iterator[Message | PacketError]:
    while at < len(datagram):
        length = int.from_bytes(datagram[at : at + 4], "big")
        at += 4
        if at + length > len(datagram):
            # Includes negative lengths, read as unsigned. The next element cannot be located.
            yield PacketError("an OSC bundle ends within a message")
            return
        yield from read_elements(datagram[at : at + length], depth + 1)
        at += length


def _message(data: bytes) -> Message:
    address, at = _text(data, 0)
    if not address.startswith("/"):
        raise PacketError("a datagram is not OSC")
    if at == len(data):
        # Old senders omit the type string if there are no arguments.
        return address, []
    tags, at = _text(data, at)
    if not tags.startswith(","):
        raise PacketError(f"{printable(address)} does not state its types")
    arguments: list[Argument] = []
    enclosing: list[list[Argument]] = []
    for tag in tags[1:]:
        if tag in _NUMBERS:
            layout = _NUMBERS[tag]
            if at + layout.size > len(data):
                raise PacketError(f"{printable(address)} ends within its numbers")
            arguments.append(layout.unpack_from(data, at)[0])
            at += layout.size
        elif tag in "sS":
            text, at = _text(data, at)
            arguments.append(text)
        elif tag == "b":
            size = int.from_bytes(data[at : at + 4], "big")
            end = at + 4 + size
            if end > len(data):
                raise PacketError(f"{printable(address)} ends within its bytes")
            arguments.append(data[at + 4 : end])
            at = end + -size % 4
        elif tag in _WITHOUT_BYTES:
            arguments.append(_WITHOUT_BYTES[tag])
        elif tag == "[" and len(enclosing) < _DEEPEST:
            enclosing.append(arguments)
            arguments = []
        elif tag == "]" and enclosing:
            array, arguments = arguments, enclosing.pop()
            arguments.append(array)
        else:
            raise PacketError(f"{printable(address)} has an argument of the type {tag!r}")
    if enclosing:
        raise PacketError(f"{printable(address)} has an array without an end")
    return address, arguments


def _text(data: bytes, at: int) -> tuple[str, int]:
    """Return the string at offset `at`, and the offset after its padding."""
    end = data.find(b"\0", at)
    if end < 0:
        raise PacketError("an OSC text has no end")
    try:
        text = data[at:end].decode()
    except UnicodeDecodeError:
        raise PacketError("an OSC text is not UTF-8") from None
    return text, end + 4 - (end - at) % 4


def _pad_string(text: str) -> bytes:
    data = text.encode() + b"\0"
    return data + b"\0" * (-len(data) % 4)
