"""Decode iFacialMocap: an iPhone app that sends faces as text after a hello datagram.

`mouthSmile_R-12|…|=head#x,y,z,px,py,pz|rightEye#x,y,z|leftEye#x,y,z|`: scores in percent, angles in
degrees (x down, y to the performer's left, z about the nose), positions in metres. The second
version uses the separator `&` in place of `-`. Source: the app's communication specification.

Packets contain neither a sequence number nor a timestamp: they are stamped with their arrival time,
and replayed packets are not detected.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.names import ARKIT_INDEX
from renderer.capture.network.packets import PacketError, SkippedElements
from renderer.capture.network.records import F32, Tracked, TrackedFace, freeze
from renderer.capture.network.turns import LARGEST_ANGLE, rotation_from_angles

PORT: Final = 49983
HELLO: Final = b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719"

_SIDES: Final = {"_L": "Left", "_R": "Right"}


class FacialMocapDecoder:
    """See packets.Decoder."""

    def __init__(self) -> None:
        self.skipped = SkippedElements()
        self._last_ns = -1

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """See packets.Decoder: one TrackedFace."""
        try:
            text = datagram.decode("ascii")
        except UnicodeDecodeError:
            raise PacketError("a datagram is not iFacialMocap text") from None
        shapes, found, rest = text.partition("=head#")
        if not found:
            raise PacketError("a datagram is not iFacialMocap text, or ends before the head")
        head, *parts = rest.split("|")
        eyes = dict(part.split("#", 1) for part in parts if "#" in part)
        if not {"leftEye", "rightEye"} <= eyes.keys():
            raise PacketError("a datagram ends before the eyes")
        x, y, z = _numbers(head)
        down, left = np.mean([_numbers(eyes[eye])[:2] for eye in ("leftEye", "rightEye")], axis=0)
        scores = self._scores(shapes)
        self._last_ns = max(received_ns, self._last_ns + 1)
        return [
            TrackedFace(
                self._last_ns,
                scores,
                rotation_from_angles(math.radians(y), -math.radians(x), math.radians(z)),
                freeze((math.radians(left), -math.radians(down))),
            )
        ]

    def _scores(self, text: str) -> F32:
        """Return the scores (52,) of a datagram; skip values that are not numbers."""
        out = np.zeros(len(ARKIT_INDEX), np.float32)
        used, faults, fault = 0, 0, ""
        for part in filter(None, text.split("|")):
            name, separator, value = part.partition("&" if "&" in part else "-")
            name = name[:-2] + _SIDES[name[-2:]] if name[-2:] in _SIDES else name
            if not separator or name not in ARKIT_INDEX:
                # Later versions send more fields than ARKit's shapes, such as a tracking flag.
                continue
            score = _number(value)
            if math.isfinite(score):
                out[ARKIT_INDEX[name]] = min(max(score / 100.0, 0.0), 1.0)
                used += 1
            else:
                faults, fault = faults + 1, f"{name} is not a number"
        if not used:
            raise PacketError(fault or "a datagram holds no face")
        if faults:
            self.skipped.add(fault, faults)
        return freeze(out)


def _number(text: str) -> float:
    """Parse a number; return NaN if the text is not one."""
    try:
        return float(text)
    except ValueError:
        return math.nan


def _numbers(text: str) -> tuple[float, float, float]:
    """Return the first three numbers of a comma-separated list, in degrees.

    Raises:
        PacketError: they are not numbers, or exceed LARGEST_ANGLE.
    """
    words = text.split(",")[:3]
    angles = [_number(word) for word in words]
    if len(angles) != 3 or not all(abs(math.radians(x)) <= LARGEST_ANGLE for x in angles):
        raise PacketError("a datagram's angles are not numbers, or more than a whole turn")
    return angles[0], angles[1], angles[2]
