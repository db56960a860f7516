"""Compose movements of body and face from functions of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from avatars.authoring.dance.legs import Foot, balance, reachable, solve_leg
from avatars.authoring.dance.poses import ARMS, Arm, arm_rotations
from avatars.authoring.dance.timing import ease
from avatars.authoring.figure.source import Floats
from avatars.maths.quaternions import from_axis_angle, inverse, multiply, rotate, slerp
from avatars.maths.vectors import normalise
from avatars.names import ARKIT_INDEX, BONE_INDEX

_X, _Y, _Z = np.eye(3)
_SIDES = (("left", 1.0), ("right", -1.0))
_LOOK = (0.55, 0.45)
"""Yaw and pitch of the eyes, radians, at which ARKit's eyeLook shapes have weight 1."""

Track = Callable[[Floats], Floats]
"""Times (m,), seconds → values."""
ArmPose = str | Arm | Mapping[str, Floats]
"""A key of poses.ARMS, a pose, or the local rotations of an arm's bones by name."""


@dataclass(frozen=True, slots=True)
class Movement:
    """The motion of a body and a face. n frames.

    Attributes:
        rotations: (n, 55, 4) xyzw, local, relative to the T-pose; includes the eyes.
        root: (n, 3) metres, the hips' displacement from the T-pose.
        weights: (n, 52) ARKit weights, 0 to 1.
        gaze: (n, 2) radians relative to the head: yaw to the left, pitch up.
    """

    rotations: Floats
    root: Floats
    weights: Floats
    gaze: Floats


class Figure:
    """Collects the motion of a body's parts, then solves legs and eyes.

    Angles passed to its methods are in degrees; left and right are the performer's.

    Args:
        heads: (55, 3) joint positions at rest, metres.
        t: (n,) times of the frames, seconds.
    """

    def __init__(self, heads: Floats, t: Floats) -> None:
        count = len(t)
        self.heads, self.t = heads, t
        self._turns = np.tile([0.0, 0.0, 0.0, 1.0], (count, 55, 1))
        self._weights = np.zeros((count, 52))
        self._ground = np.zeros((count, 3))
        self._heading = np.zeros(count)
        self._feet: dict[str, Foot] = {}
        for side, _ in _SIDES:
            self.arm(side, "rest")
        self.hips()
        self.stand()

    def arm(self, side: str, start: ArmPose, *keys: tuple[float, ArmPose]) -> None:
        """Set an arm's keyframes (time in seconds, pose); each move takes 0.5 s from its time."""
        now = {b: np.tile(q, (len(self.t), 1)) for b, q in _rotations(side, start).items()}
        for time, pose in keys:
            share = ease((self.t - time) / 0.5)
            for bone, goal in _rotations(side, pose).items():
                now[bone] = slerp(now[bone], goal, share)
        self._set(now)

    def swing(self, side: str, first: ArmPose, second: ArmPose, share: Floats) -> None:
        """Interpolate an arm between two poses by `share` (n,), 0 to 1."""
        ends = _rotations(side, first), _rotations(side, second)
        self._set({bone: slerp(ends[0][bone], ends[1][bone], share) for bone in ends[0]})

    def hips(
        self,
        heading: Floats | float = 0.0,
        sway: Floats | float = 0.0,
        place: Floats | tuple[float, float] = (0.0, 0.0),
        height: Floats | float = -0.015,
    ) -> None:
        """Set the hips' motion, one value or one per frame.

        Args:
            heading: degrees to the left.
            sway: roll, degrees.
            place: x and z of the body's position, metres.
            height: relative to standing, metres.
        """
        self._heading = np.broadcast_to(np.asarray(heading, np.float64), self.t.shape)
        tilt = _about(_Z, np.broadcast_to(sway, self.t.shape))
        self._turns[:, 0] = multiply(_about(_Y, self._heading), tilt)
        self._ground[:, [0, 2]] = place
        self._ground[:, 1] = height

    def trunk(
        self,
        bow: Floats | float = 0.0,
        sway: Floats | float = 0.0,
        twist: Floats | float = 0.0,
    ) -> None:
        """Set the spine's bend forwards, bend to the right and twist to the left, degrees."""
        for bone, share in (("spine", 0.4), ("chest", 0.35), ("upperChest", 0.25)):
            self._bend(
                bone, share * np.asarray(twist), share * np.asarray(sway), share * np.asarray(bow)
            )

    def head(
        self,
        turn: Floats | float = 0.0,
        tilt: Floats | float = 0.0,
        bow: Floats | float = 0.0,
    ) -> None:
        """Set the head's yaw to the left, roll to the right and pitch down, degrees.

        The neck takes 35 % of each angle, the head the rest.
        """
        for bone, share in (("neck", 0.35), ("head", 0.65)):
            self._bend(
                bone, share * np.asarray(turn), share * np.asarray(tilt), share * np.asarray(bow)
            )

    def shape(self, name: str, amount: Floats | float) -> None:
        """Add to an ARKit weight; "{}" in the name stands for both sides."""
        for each in {name.format("Left"), name.format("Right")}:
            self._weights[:, ARKIT_INDEX[each]] += amount

    def face(self, weights: Floats) -> None:
        """Add ARKit weights (n, 52)."""
        self._weights += weights

    def blink(self, name: str, *times: float, hold: float = 0.0) -> None:
        """Add blinks: closing in 80 ms, held for `hold` seconds, opening in 130 ms.

        Args:
            name: the ARKit shape, as in `shape`.
            times: when the eyes have closed, seconds.
        """
        for time in times:
            shut = np.minimum(1.0 + (self.t - time) / 0.08, 1.0 - (self.t - time - hold) / 0.13)
            self.shape(name, np.clip(shut, 0.0, 1.0))

    def stand(self, apart: float = 0.11, flare: float = 6.0) -> None:
        """Plant both feet.

        Args:
            apart: distance from the origin to each ankle, metres.
            flare: outward angle of the toes, degrees.
        """
        self.glide(apart, flare, np.zeros(len(self.t)), still=True)

    def glide(
        self, apart: float, flare: float, lift: Floats, tiptoe: float = 0.0, *, still: bool = False
    ) -> None:
        """Make the feet move and turn with the hips, as in a spin or a jump.

        Args:
            apart: distance from the middle to each ankle, metres.
            flare: outward angle of the toes, degrees.
            lift: (n,) height of the ankles above standing, metres.
            tiptoe: downward pitch of the feet per metre of lift, degrees.
            still: keep the feet at the origin, independently of the hips.
        """
        zero = np.zeros(len(self.t))
        heading = zero if still else self._heading
        place = np.zeros((len(self.t), 3)) if still else self._ground * [1.0, 0.0, 1.0]
        for side, out in _SIDES:
            turn = _about(_Y, heading)
            ankle = place + rotate(turn, np.array([out * apart, 0.0, 0.0]))
            ankle[:, 1] += lift
            sole = multiply(_about(_Y, heading + out * flare), _about(_X, tiptoe * lift))
            self._feet[side] = Foot(ankle, sole)

    def walk(self, place: Track, heading: Track, period: float, apart: float = 0.09) -> None:
        """Make the feet step along a path; a foot already at its target is not lifted.

        Args:
            place: (m,) times → (m, 2) x and z, metres.
            heading: (m,) times → (m,) degrees.
            period: time between successive steps of one foot, seconds.
            apart: distance from the path to each ankle, metres.
        """
        swing = 0.42 * period
        for (side, out), phase in zip(_SIDES, (0.0, 0.5), strict=True):

            def stance(time: float, out: float = out) -> tuple[Floats, float]:
                at = np.array([time])
                way = float(heading(at)[0])
                aside = rotate(_about(_Y, np.array(way)), np.array([out * apart, 0.0, 0.0]))
                x, z = place(at)[0]
                return np.array([x, 0.0, z]) + aside, way

            rest = (period - swing) / 2.0
            down = (phase - 2.0) * period
            here, way = stance(down + rest)
            ankle = np.tile(here, (len(self.t), 1))
            turn, lift = np.full(len(self.t), way), np.zeros(len(self.t))
            while down < self.t[-1] + period:
                down += period
                goal, facing = stance(down + rest)
                far = np.linalg.norm(goal - here) / 0.2 + abs(facing - way) / 30.0
                here, way = goal, facing
                share = np.clip((self.t - down) / swing + 1.0, 0.0, 1.0)
                moved = share**3 * (share * (6.0 * share - 15.0) + 10.0)
                ankle += (goal - ankle) * moved[:, None]
                turn += (facing - turn) * moved
                lift += min(1.0, far) * np.sin(np.pi * share) ** 2
            ankle[:, 1] = 0.07 * lift
            pitch = _about(_X, 22.0 * lift)
            self._feet[side] = Foot(ankle, multiply(_about(_Y, turn + out * 5.0), pitch))

    def finish_figure(self, gaze: Floats | None = None) -> Movement:
        """Solve legs and eyes and return the movement.

        Args:
            gaze: (n, 2) yaw and pitch, radians; None looks at the camera.
        """
        way = _about(_Y, self._heading)
        root = reachable(
            balance(self._ground, self.heads, way), self._turns, self.heads, self._feet
        )
        for side, foot in self._feet.items():
            solve_leg(side, self._turns, root, self.heads, foot)
        gaze = self._at_camera() if gaze is None else gaze
        eyes = multiply(from_axis_angle(_Y, gaze[:, 0]), from_axis_angle(_X, -gaze[:, 1]))
        self._turns[:, BONE_INDEX["leftEye"]] = self._turns[:, BONE_INDEX["rightEye"]] = eyes
        self._lids_follow(gaze)
        return Movement(self._turns, root, np.clip(self._weights, 0.0, 1.0), gaze)

    def _at_camera(self) -> Floats:
        """Return the gaze (n, 2) towards +Z, radians, clipped; it fades out where +Z is behind."""
        face = self._turns[:, 0]
        for bone in ("spine", "chest", "upperChest", "neck", "head"):
            face = multiply(face, self._turns[:, BONE_INDEX[bone]])
        ahead = rotate(inverse(face), _Z)
        yaw = np.arctan2(ahead[:, 0], ahead[:, 2])
        pitch = np.arcsin(np.clip(ahead[:, 1], -1.0, 1.0))
        seen = np.clip(1.6 - np.abs(yaw), 0.0, 1.0)
        angles = np.stack((np.clip(yaw, -0.4, 0.4), np.clip(pitch, -0.25, 0.25)), axis=1)
        out: Floats = angles * seen[:, None]
        return out

    def _lids_follow(self, gaze: Floats) -> None:
        left, up = gaze[:, 0] / _LOOK[0], gaze[:, 1] / _LOOK[1]
        for name, amount in (
            ("eyeLookOutLeft", left), ("eyeLookInRight", left),
            ("eyeLookInLeft", -left), ("eyeLookOutRight", -left),
            ("eyeLookUp{}", up), ("eyeLookDown{}", -up),
        ):  # fmt: skip
            self.shape(name, np.clip(amount, 0.0, 1.0))

    def _bend(self, bone: str, yaw: Floats, roll: Floats, pitch: Floats) -> None:
        turn = multiply(_about(_Y, yaw), multiply(_about(_Z, roll), _about(_X, pitch)))
        self._turns[:, BONE_INDEX[bone]] = normalise(turn)

    def _set(self, rotations: Mapping[str, Floats]) -> None:
        for bone, turn in rotations.items():
            self._turns[:, BONE_INDEX[bone]] = turn


def _rotations(side: str, pose: ArmPose) -> Mapping[str, Floats]:
    if isinstance(pose, str):
        pose = ARMS[pose]
    return arm_rotations(side, pose) if isinstance(pose, Arm) else pose


def _about(axis: Floats, degrees: Floats) -> Floats:
    return from_axis_angle(axis, np.radians(degrees))
