"""Query Video4Linux devices for their names and formats.

Structures and request numbers are those of <linux/videodev2.h>. No maintained library without a
copyleft licence reads them.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.platform import PLATFORM

_QUERYCAP: Final = 0x80685600
_ENUM_FMT: Final = 0xC0405602
_ENUM_FRAMESIZES: Final = 0xC02C564A
_ENUM_FRAMEINTERVALS: Final = 0xC034564B
"""VIDIOC_… requests, built by _IOR and _IOWR from 'V', 0, 2, 74 and 75 with the sizes below."""

_CAPABILITY: Final = struct.Struct("=16s32s32sIII12x")
"""driver, card, bus, version, capabilities, capabilities of this node."""
_FORMAT: Final = struct.Struct("=III32sII12x")
"""index, buffer type, flags, description, pixel format, media bus code."""
_SIZE: Final = struct.Struct("=III6I8x")
"""index, pixel format, kind, then width and height or their ranges."""
_INTERVAL: Final = struct.Struct("=IIIII6I8x")
"""index, pixel format, width, height, kind, then the interval as a fraction or its range."""

_VIDEO_CAPTURE: Final = 1
_CAPTURES: Final = 0x1 | 0x1000
"""V4L2_CAP_VIDEO_CAPTURE and its multi-planar form; a camera's other nodes deliver metadata."""
_DEVICE_CAPS: Final = 0x80000000
_DISCRETE: Final = 1
_MOST: Final = 64
"""Most entries read from one list, since a faulty driver's list may not end."""


@dataclass(frozen=True, slots=True)
class CameraFormat:
    """A pixel format, its largest size in pixels and the highest frame rate at that size."""

    name: str
    width: int
    height: int
    rate: float

    def __str__(self) -> str:
        rate = f" at {self.rate:g} fps" if self.rate else ""
        return f"{self.name} up to {self.width}×{self.height}{rate}"


def read_card(path: Path) -> tuple[str, list[CameraFormat]] | None:
    """Return a camera's name and formats; None for a node without pictures.

    Raises:
        OSError: the device cannot be opened or queried.
    """
    device = os.open(path, os.O_RDWR | os.O_NONBLOCK)
    try:
        _, card, _, _, whole, node = _CAPABILITY.unpack(_ask(device, _QUERYCAP, _CAPABILITY, b""))
        if not (node if whole & _DEVICE_CAPS else whole) & _CAPTURES:
            return None
        return card.split(b"\0")[0].decode(errors="replace"), list(_formats(device))
    finally:
        os.close(device)


def _formats(device: int) -> Iterator[CameraFormat]:
    for index in range(_MOST):
        try:
            answer = _ask(device, _ENUM_FMT, _FORMAT, struct.pack("=II", index, _VIDEO_CAPTURE))
        except OSError:
            return  # EINVAL ends the list.
        _, _, _, description, pixels, _ = _FORMAT.unpack(answer)
        sizes = list(_sizes(device, pixels))
        if sizes:
            width, height = max(sizes, key=lambda size: size[0] * size[1])
            name = description.split(b"\0")[0].decode(errors="replace")
            yield CameraFormat(name, width, height, _rate(device, pixels, width, height))


def _sizes(device: int, pixels: int) -> Iterator[tuple[int, int]]:
    for index in range(_MOST):
        try:
            answer = _ask(device, _ENUM_FRAMESIZES, _SIZE, struct.pack("=II", index, pixels))
        except OSError:
            return
        _, _, kind, first, second, _, _, largest, _ = _SIZE.unpack(answer)
        if kind != _DISCRETE:
            # A range: minimum and maximum width, step, minimum and maximum height, step.
            yield second, largest
            return
        yield first, second


def _rate(device: int, pixels: int, width: int, height: int) -> float:
    """Return the highest frame rate at a size; 0 if the driver does not report it."""
    fastest = 0.0
    for index in range(_MOST):
        asked = struct.pack("=IIII", index, pixels, width, height)
        try:
            answer = _ask(device, _ENUM_FRAMEINTERVALS, _INTERVAL, asked)
        except OSError:
            break
        numerator, denominator = _INTERVAL.unpack(answer)[5:7]
        if numerator:
            fastest = max(fastest, denominator / numerator)
    return round(fastest, 2)


def _ask(device: int, request: int, layout: struct.Struct, given: bytes) -> bytes:
    """Send a request with the first bytes of its structure, and return the filled structure."""
    buffer = bytearray(layout.size)
    buffer[: len(given)] = given
    PLATFORM.control_device(device, request, buffer)
    return bytes(buffer)
