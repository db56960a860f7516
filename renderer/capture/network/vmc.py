"""VMC in: bodies and faces by the Virtual Motion Capture protocol (OSC over UDP).

A sender sends a message for each bone and its own time once a frame, some before the bones, some
after them, some in one bundle, some in one datagram each. Between two times lies a frame. Whether a
time belongs to the bones before it or after it shows by which of them it arrived closer to. Where
it comes first, the frame is complete as soon as every bone of the last one has come, so that
nothing is a frame late.

A message that cannot be used is skipped and counted, and the others of its bundle are used.
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
"""A bone whose messages are lost for a moment is known all the same."""

_LEARN: Final = 0.2
"""Share of the newest frame in the running mean of where in a frame the time stands."""

_ANKLE_HEIGHT: Final = 0.08
"""Metres from the floor to the foot bone of an adult in shoes."""

_SHORTEST_LEG: Final = 0.2
_FARTHEST: Final = 1000.0
"""Metres; no stage is larger, and sums of what lies within stay finite."""

_LATEST_S: Final = 1e12
"""Seconds: a sender's time beyond this would not fit in 64 bits as nanoseconds."""

_ROTATION_LENGTHS: Final = (1e-3, 1e3)
"""A rotation's length is 1 but for rounding, and nothing within these is lost by making it so."""

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
        # The frame that is being gathered.
        self._came: set[int] = set()
        self._missing: set[int] = set()
        self._given = False
        self._frame_ns: int | None = None
        """When the frame was seen; None where the sender states no time, or a stale one."""
        # What the last frames held, as Unity's position and rotation.
        self._names = BoneNames()
        self._numbers = np.tile((0.0, 0.0, 0.0, *IDENTITY), (bones, 1))
        self._root = np.array((0.0, 0.0, 0.0, *IDENTITY))
        self._came_ns: npt.NDArray[np.int64] = np.full(bones, np.iinfo(np.int64).min // 2)
        self._face = FaceValues()
        self._face_waits = False
        self._expected: set[int] = set()
        self._standing: float | None = None
        self._last_ns = -1
        # When messages came, to learn where in a frame the sender's time stands.
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
        """Take in one message.

        Raises:
            PacketError: it is another protocol's, or its values are out of range.
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
            # The time between two frames was lost, or this sender states none.
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
        """Output what has come, unless it was output or is stale, and begin a new frame."""
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
        """Return metres from floor to hips at rest.

        They are read from the bones' offsets, or from where the hips were first.
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
    """Return a position and a quaternion; later versions send more behind them."""
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
    """Return positions (..., 3) and rotations (..., 4) of Unity's (..., 7), in our axes."""
    return numbers[..., :3] * MIRRORED_POINT, numbers[..., 3:] * MIRRORED_TURN
