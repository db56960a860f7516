"""iFacialMocap: an iPhone app that sends a face as text, after it was greeted.

`mouthSmile_R-12|…|=head#x,y,z,px,py,pz|rightEye#x,y,z|leftEye#x,y,z|`: scores in percent, angles in
degrees (x down, y to the performer's left, z about the nose), positions in metres. The second
version separates by `&` in place of `-`. Source: the app's communication specification.

There is neither a number nor a time in it: packets are placed by their arrival, and one that was
replayed cannot be told.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.names import ARKIT_INDEX
from renderer.capture.network.packets import PacketError
from renderer.capture.network.records import F32, Tracked, TrackedFace, freeze
from renderer.capture.network.turns import LARGEST_ANGLE, rotation_from_angles

PORT: Final = 49983
HELLO: Final = b"iFacialMocap_sahuasouryya9218sauhuiayeta91555dy3719"

_SIDES: Final = {"_L": "Left", "_R": "Right"}


class FacialMocapDecoder:
    """See packets.Decoder."""

    def __init__(self) -> None:
        self._last_ns = -1

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """See packets.Decoder: one TrackedFace."""
        try:
            text = datagram.decode("ascii")
        except UnicodeDecodeError:
            raise PacketError("a datagram is no iFacialMocap text") from None
        shapes, found, rest = text.partition("=head#")
        if not found:
            raise PacketError("a datagram is no iFacialMocap text, or ends before the head")
        head, *parts = rest.split("|")
        eyes = dict(part.split("#", 1) for part in parts if "#" in part)
        if not {"leftEye", "rightEye"} <= eyes.keys():
            raise PacketError("a datagram ends before the eyes")
        x, y, z = _numbers(head)
        down, left = np.mean([_numbers(eyes[eye])[:2] for eye in ("leftEye", "rightEye")], axis=0)
        self._last_ns = max(received_ns, self._last_ns + 1)
        return [
            TrackedFace(
                self._last_ns,
                _scores(shapes),
                rotation_from_angles(math.radians(y), -math.radians(x), math.radians(z)),
                freeze((math.radians(left), -math.radians(down))),
            )
        ]


def _scores(text: str) -> F32:
    out = np.zeros(len(ARKIT_INDEX), np.float32)
    told = 0
    for part in filter(None, text.split("|")):
        name, separator, value = part.partition("&" if "&" in part else "-")
        name = name[:-2] + _SIDES[name[-2:]] if name[-2:] in _SIDES else name
        if not separator or name not in ARKIT_INDEX:
            # Later versions send more than ARKit's shapes, such as whether the face is tracked.
            continue
        try:
            out[ARKIT_INDEX[name]] = np.clip(float(value) / 100.0, 0.0, 1.0)
        except ValueError:
            raise PacketError(f"{name} is no number") from None
        told += 1
    if not told or not np.isfinite(out).all():
        raise PacketError("a datagram tells of no face")
    return freeze(out)


def _numbers(text: str) -> tuple[float, float, float]:
    """The first three numbers of a list, in degrees; more may follow."""
    try:
        x, y, z = (float(word) for word in text.split(",")[:3])
    except ValueError:
        raise PacketError("a datagram's angles are no numbers") from None
    if not all(abs(math.radians(angle)) <= LARGEST_ANGLE for angle in (x, y, z)):
        raise PacketError("a datagram's angles are no numbers, or more than a whole turn")
    return x, y, z
