"""Send the solved motion to other programs by VMC, as a Unity humanoid (OSC over UDP).

The datagrams of a frame are built once; each frame only writes its numbers into them. OSC aligns
every number to four bytes, so a datagram can be accessed as an array of big-endian floats with some
text in between.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from avatars.arkit import PRESET_SHAPES
from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX, HUMAN_BONES, PARENT_INDEX
from renderer.capture.network import osc
from renderer.capture.network.records import F32
from renderer.capture.network.unity import MIRRORED_POINT, MIRRORED_TURN, UNITY_BONES
from renderer.errors import OutputError

PORT: Final = 39539

_LARGEST: Final = 1400
"""Largest datagram, bytes, which avoids IP fragmentation."""

_PRESETS: Final = {
    "A": "aa", "I": "ih", "U": "ou", "E": "ee", "O": "oh", "Blink_L": "blinkLeft",
    "Blink_R": "blinkRight",
}  # fmt: skip
"""VRM 1.0 preset by VRM 0.x name, which every receiver supports; sent in addition to ARKit's."""

_FACES: Final = (*ARKIT, *_PRESETS)
_HIPS: Final = BONE_INDEX["hips"]


def _preset_matrix() -> npt.NDArray[np.float32]:
    matrix = np.zeros((len(_PRESETS), len(ARKIT)), np.float32)
    for row, preset in enumerate(_PRESETS.values()):
        for shape, weight in PRESET_SHAPES[preset].items():
            matrix[row, ARKIT_INDEX[shape]] = weight
    return matrix


_TO_PRESETS: Final = _preset_matrix()


@dataclass(frozen=True, slots=True)
class _Datagram:
    """A bundle and the layout of its numbers.

    Attributes:
        data: the serialized bundle.
        slots: indices of the numbers in the data, in units of four bytes.
        sources: indices of the same numbers in a frame's array.
    """

    data: bytearray
    slots: npt.NDArray[np.intp]
    sources: npt.NDArray[np.intp]


class VmcSender:
    """Sends motion to one receiver without blocking. Not thread-safe.

    Args:
        host: name or address of the receiver, IPv4 or IPv6.
        port: UDP port of the receiver, usually 39539.
        offsets: (55, 3) metres from each bone's parent at rest, in our axes.
        hips_height: metres from floor to hips at rest.

    Attributes:
        lost: number of datagrams that could not be sent.

    Raises:
        OutputError: the host cannot be resolved.
    """

    def __init__(self, host: str, port: int, offsets: F32, hips_height: float) -> None:
        self._name = f"VMC to {host}:{port}"
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)
        except (OSError, OverflowError) as error:
            raise OutputError(
                self._name, f"there is no such receiver ({error})", "write it like 127.0.0.1:39539"
            ) from error
        # Prefer IPv4: most receivers listen only there.
        family, _, _, _, address = min(found, key=lambda one: one[0] != socket.AF_INET)
        self._address: Final = address
        self._hips_height = hips_height
        self._socket = socket.socket(family, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self._bones = np.zeros((len(HUMAN_BONES), 7), np.float32)
        self._bones[:, :3] = offsets * MIRRORED_POINT
        self._bones[_HIPS, :3] = 0.0
        self._faces = np.zeros(len(_FACES), np.float32)
        self._numbers = np.zeros(self._bones.size + len(_FACES) + 1, np.float32)
        self._datagrams = _build_datagrams()
        self.lost = 0

    def send(self, t_ns: int, root: F32, rotations: F32, expressions: F32) -> None:
        """Send one frame.

        Args:
            t_ns: time of the frame in nanoseconds, from any fixed origin.
            root: (3,) metres, the hips' displacement from standing at the origin.
            rotations: (55, 4) xyzw, local, of VRM's normalised skeleton.
            expressions: (52,) 0 to 1.
        """
        self._bones[:, 3:] = rotations * MIRRORED_TURN
        self._bones[_HIPS, :3] = root * MIRRORED_POINT
        self._bones[_HIPS, 1] += self._hips_height
        self._faces[: len(ARKIT)] = expressions
        np.clip(_TO_PRESETS @ expressions, 0.0, 1.0, out=self._faces[len(ARKIT) :])
        bones = self._bones.size
        self._numbers[:bones] = self._bones.reshape(-1)
        self._numbers[bones:-1] = self._faces
        self._numbers[-1] = t_ns * 1e-9
        for datagram in self._datagrams:
            np.frombuffer(datagram.data, ">f4")[datagram.slots] = self._numbers[datagram.sources]
            try:
                self._socket.sendto(datagram.data, self._address)
            except OSError:
                # No receiver yet, or a full send queue. Do not retry: the next frame is newer.
                self.lost += 1

    def close(self) -> None:
        """Close the socket; may be called twice."""
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def parse_receiver(spec: str) -> tuple[str, int]:
    """Parse `127.0.0.1:39539`, `[::1]:39539` or a host without a port into host and port.

    Raises:
        OutputError: the text has none of these forms.
    """
    host, separator, port = spec.rpartition(":")
    if not separator or spec.endswith("]"):
        host, port = spec, str(PORT)
    if host.startswith("[") and host.endswith("]"):
        host = host[1:-1]
    elif ":" in host:
        host = ""
    if not host or not (port.isascii() and port.isdecimal()) or not 0 < int(port) < 65536:
        raise OutputError(
            f"VMC receiver {spec}",
            "is not a host and port",
            "write it like 127.0.0.1:39539 or [::1]:39539",
        )
    return host, int(port)


def skeleton_offsets(positions: npt.NDArray[np.floating]) -> tuple[F32, float]:
    """Return the bones' offsets from their parents (55, 3) and the hips' height, metres.

    Args:
        positions: (55, 3) rest positions, metres; NaN for a missing bone, which gets its parent's
            position.
    """
    filled = np.array(positions, np.float32)
    offsets = np.zeros_like(filled)
    for bone, parent in enumerate(PARENT_INDEX):
        if parent < 0:
            continue
        if np.isnan(filled[bone]).any():
            filled[bone] = filled[parent]
        offsets[bone] = filled[bone] - filled[parent]
    return offsets, float(filled[_HIPS, 1])


def _build_datagrams() -> tuple[_Datagram, ...]:
    """Build a frame's bundles of at most _LARGEST bytes; the last one ends with the time."""
    still = (0.0,) * 7
    messages: list[tuple[bytes, int, int]] = [
        (osc.message("/VMC/Ext/Root/Pos", "root", *still[:6], 1.0), 0, 0)
    ]
    source = 0
    for bone in UNITY_BONES:
        messages.append((osc.message("/VMC/Ext/Bone/Pos", bone, *still), source, 7))
        source += 7
    for name in _FACES:
        messages.append((osc.message("/VMC/Ext/Blend/Val", name, 0.0), source, 1))
        source += 1
    messages.append((osc.message("/VMC/Ext/Blend/Apply"), 0, 0))
    messages.append((osc.message("/VMC/Ext/OK", 1), 0, 0))
    messages.append((osc.message("/VMC/Ext/T", 0.0), source, 1))
    out: list[_Datagram] = []
    while messages:
        parts: list[bytes] = []
        slots: list[int] = []
        sources: list[int] = []
        size = len(osc.bundle([]))
        while messages and size + 4 + len(messages[0][0]) <= _LARGEST:
            part, first, count = messages.pop(0)
            size += 4 + len(part)
            parts.append(part)
            # A message's numbers are its last bytes.
            slots += range(size // 4 - count, size // 4)
            sources += range(first, first + count)
        out.append(
            _Datagram(
                bytearray(osc.bundle(parts)),
                np.array(slots, np.intp),
                np.array(sources, np.intp),
            )
        )
    return tuple(out)
