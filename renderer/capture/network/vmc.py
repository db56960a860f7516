"""Decode the Virtual Motion Capture (VMC) protocol: bodies and faces (OSC over UDP).

In each frame a sender sends one message per bone and one with its time. Depending on the sender the
time comes before or after the bones, and the messages come in one bundle or in separate datagrams.
Frames are delimited by the time messages. Whether a time belongs to the bones before or after it is
inferred from which of them arrived closer to it. If the time comes first, a frame is complete as
soon as every bone of the previous frame has arrived, which avoids a delay of one frame.

Invalid messages are skipped and counted; the others of their bundle are used.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import IDENTITY, multiply, rotate
from avatars.maths.vectors import Array, normalise
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.capture.network import osc
from renderer.capture.network.clock import SenderClock
from renderer.capture.network.packets import (
    PacketError,
    SkippedElements,
    StalePacketError,
    printable,
)
from renderer.capture.network.records import Tracked, TrackedBody, TrackedFace, freeze
from renderer.capture.network.unity import MIRRORED_POINT, MIRRORED_TURN
from renderer.capture.network.vmc_names import BoneNames, FaceValues

PORT: Final = 39539

_ALL: Final = "/VMC/"
_EXTENSIONS: Final = "/VMC/Ext/"

_SECOND_NS: Final = 1_000_000_000
_KNOWN_NS: Final = 300_000_000
"""Time that a bone stays known without messages, nanoseconds, to bridge lost packets."""

_LEARN: Final = 0.2
"""Weight of the newest frame in the running mean of the time's position in a frame."""

_ANKLE_HEIGHT: Final = 0.08
"""Height of the foot bone above the floor for an adult in shoes, metres."""

_SHORTEST_LEG: Final = 0.2
"""Shortest plausible leg and lowest hips height, metres."""
_FARTHEST: Final = 1000.0
"""Largest valid coordinate, metres: larger than any stage, and sums stay finite."""

_LATEST_S: Final = 1e12
"""Limit of a sender's time, seconds; nanoseconds beyond it would not fit into 64 bits."""

_ROTATION_LENGTHS: Final = (1e-3, 1e3)
"""Range of valid quaternion norms; within it normalising loses no precision."""

_LEFT_LEG: Final = [BONE_INDEX[f"left{bone}"] for bone in ("UpperLeg", "LowerLeg", "Foot")]
_HIPS: Final = BONE_INDEX["hips"]


class VmcDecoder:
    """See packets.Decoder."""

    def __init__(self) -> None:
        bones = len(HUMAN_BONES)
        self.skipped = SkippedElements()
        self._clock = SenderClock()
        self._out: list[Tracked] = []
        self._stale = False
        # The frame that is being assembled.
        self._came: set[int] = set()
        self._missing: set[int] = set()
        self._given = False
        self._frame_ns: int | None = None
        """Capture time of the frame; None if the sender's time is missing or stale."""
        # The last values of bones and root, as Unity's position and rotation (xyzw).
        self._names = BoneNames()
        self._numbers = np.tile((0.0, 0.0, 0.0, *IDENTITY), (bones, 1))
        self._root = np.array((0.0, 0.0, 0.0, *IDENTITY))
        self._came_ns: npt.NDArray[np.int64] = np.full(bones, np.iinfo(np.int64).min // 2)
        self._face = FaceValues()
        self._face_waits = False
        self._expected: set[int] = set()
        self._standing: float | None = None
        self._last_ns = -1
        # Arrival times of messages, to infer the position of the sender's time in a frame.
        self._bone_ns = self._time_ns = 0
        self._has_time = False
        self._time_is_last = 0.0

    def decode(self, datagram: bytes, received_ns: int) -> list[Tracked]:
        """See packets.Decoder: bodies and faces."""
        self._stale = False
        used, faults, fault = 0, 0, ""
        for element in osc.read_elements(datagram):
            try:
                if isinstance(element, PacketError):
                    raise element
                self._take(*element, received_ns)
                used += 1
            except PacketError as error:
                faults, fault = faults + 1, str(error)
        if faults and not used:
            raise PacketError(fault)
        if faults:
            self.skipped.add(fault, faults)
        out, self._out = self._out, []
        if self._stale and not out:
            raise StalePacketError
        return out

    def _take(self, address: str, arguments: list[osc.Argument], received_ns: int) -> None:
        """Process one message.

        Raises:
            PacketError: the address is not VMC's, or the values are out of range.
        """
        match address.removeprefix(_EXTENSIONS), arguments:
            case "Bone/Pos", [str(name), *numbers]:
                self._take_bone(name, _position_and_rotation(address, numbers), received_ns)
            case "Root/Pos", [str(), *numbers]:
                self._root[:] = _position_and_rotation(address, numbers)
            case "T", [int() | float() as seconds]:
                self._take_time(float(seconds), received_ns)
            case "Blend/Val", [str(name), int() | float() as value]:
                self._take_shape(name, float(value))
            case "Blend/Apply", _:
                self._take_face(received_ns)
            case (("Bone/Pos" | "Root/Pos" | "T" | "Blend/Val"), _):
                raise PacketError(f"{address} has other arguments than VMC's")
            case _ if not address.startswith(_ALL):
                raise PacketError(f"{printable(address)} is not an address of VMC's")

    def _take_bone(self, name: str, numbers: list[float], received_ns: int) -> None:
        bone = self._names.find(name)
        if bone is None:
            self.skipped.add_unknown(name)
            return
        if bone in self._came:
            # The time message between two frames was lost, or this sender sends none.
            self._end_frame(received_ns)
        if not self._came and self._has_time:
            after, before = received_ns - self._time_ns, self._time_ns - self._bone_ns
            lean = 1.0 if before < after else -1.0
            self._time_is_last += _LEARN * (lean - self._time_is_last)
        self._bone_ns = received_ns
        self._came.add(bone)
        self._missing.discard(bone)
        self._numbers[bone] = numbers
        complete = self._expected and not self._missing and not self._given
        if self._frame_ns is not None and complete and self._time_is_last <= 0.0:
            self._give(self._frame_ns)

    def _take_time(self, seconds: float, received_ns: int) -> None:
        if not abs(seconds) < _LATEST_S:
            raise PacketError("/VMC/Ext/T is not a time")
        placed = self._clock.place(round(seconds * _SECOND_NS), received_ns)
        self._stale = self._stale or placed is None
        self._has_time, self._time_ns = True, received_ns
        if self._time_is_last > 0.0:
            self._frame_ns = placed
        if self._came:
            self._end_frame(received_ns)
        self._frame_ns = placed

    def _end_frame(self, received_ns: int) -> None:
        """Output the frame, unless it was output already or is stale, and begin a new one."""
        if not self._has_time:
            self._frame_ns = received_ns
        if not self._given and self._frame_ns is not None:
            self._give(self._frame_ns)
        self._expected, self._came = self._came, set()
        self._missing = set(self._expected)
        self._given = False
        self._frame_ns = None

    def _give(self, t_ns: int) -> None:
        self._given = True
        if t_ns <= self._last_ns:
            return
        self._last_ns = t_ns
        self._came_ns[list(self._came)] = t_ns
        known = t_ns - self._came_ns < _KNOWN_NS
        known.flags.writeable = False
        places, turns = _ours(self._numbers)
        rotations = np.where(known[:, None], normalise(turns), IDENTITY)
        place, turn = _ours(self._root)
        turn = normalise(turn)
        hips = place + rotate(turn, places[_HIPS])
        rotations[_HIPS] = multiply(turn, rotations[_HIPS])
        standing = self._standing_height(known, places)
        self._out.append(TrackedBody(t_ns, freeze(rotations), known, freeze(hips), standing))
        if self._face_waits:
            self._give_face(t_ns)

    def _standing_height(self, known: npt.NDArray[np.bool_], places: Array) -> float:
        """Return the height of the hips at rest, metres.

        It is computed from the leg bones' offsets, or else from the first position of the hips.
        """
        if self._standing is None and known[_HIPS]:
            leg = -float(places[_LEFT_LEG, 1].sum())
            has_offsets = bool(known[_LEFT_LEG].all()) and leg > _SHORTEST_LEG
            height = leg + _ANKLE_HEIGHT if has_offsets else float(places[_HIPS, 1])
            self._standing = max(height, _SHORTEST_LEG)
        return 0.9 if self._standing is None else self._standing

    def _take_shape(self, name: str, value: float) -> None:
        if not np.isfinite(value):
            raise PacketError(f"the face shape {printable(name)} is not a number")
        self._face.set(name, value)

    def _take_face(self, received_ns: int) -> None:
        if not self._has_time:
            self._give_face(received_ns)
        elif self._frame_ns is not None and self._time_is_last <= 0.0:
            self._give_face(self._frame_ns)
        else:
            self._face_waits = True

    def _give_face(self, t_ns: int) -> None:
        self._face_waits = False
        if not self._face.is_empty:
            shapes, gaze = self._face.face(t_ns)
            self._out.append(TrackedFace(t_ns, shapes, None, gaze))


def _position_and_rotation(address: str, numbers: list[osc.Argument]) -> list[float]:
    """Return a position and a quaternion, [x, y, z, qx, qy, qz, qw].

    Further arguments, which later protocol versions append, are ignored.

    Raises:
        PacketError: the arguments are not such numbers, or out of range.
    """
    out = [float(number) for number in numbers[:7] if isinstance(number, int | float)]
    shortest, longest = _ROTATION_LENGTHS
    if (
        len(out) != 7
        or not all(abs(metres) < _FARTHEST for metres in out[:3])
        or not shortest < math.hypot(*out[3:]) < longest
    ):
        raise PacketError(f"{address} is not a position and rotation")
    return out


def _ours(numbers: Array) -> tuple[Array, Array]:
    """Convert Unity's (..., 7) to positions (..., 3) and rotations (..., 4) xyzw in our axes."""
    return numbers[..., :3] * MIRRORED_POINT, numbers[..., 3:] * MIRRORED_TURN
