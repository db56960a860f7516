"""Idle motion of an avatar whose performer is not seen: relaxed stance, breathing and sway."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.maths.quaternions import from_axis_angle, multiply
from avatars.maths.vectors import Array
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import FINGER_ROWS
from renderer.motion.hands.fingers import finger_rotations, idle_angles

_BREATH_S: Final = 4.2
"""Period of breathing in seconds."""

_SWAY_S: Final = 7.3
"""Period of swaying in seconds."""

_BREATH: Final = 0.018
"""Amplitude of breathing in radians."""

_SWAY: Final = 0.02
"""Amplitude of swaying in radians."""

# Bone, axis, angle [rad] in the relaxed stance: arms hang slightly off the body, elbows and knees
# are not locked.
_RELAXED: Final = (
    ("leftUpperArm", 2, -1.25),
    ("rightUpperArm", 2, 1.25),
    ("leftLowerArm", 1, -0.22),
    ("rightLowerArm", 1, 0.22),
    ("leftUpperLeg", 2, 0.05),
    ("rightUpperLeg", 2, -0.05),
    ("leftFoot", 2, -0.05),
    ("rightFoot", 2, 0.05),
)
# Bone, axis, amplitude of breathing [rad], amplitude of swaying [rad].
_OSCILLATIONS: Final = (
    ("hips", 2, 0.0, 0.5 * _SWAY),
    ("leftUpperLeg", 2, 0.0, -0.5 * _SWAY),
    ("rightUpperLeg", 2, 0.0, -0.5 * _SWAY),
    ("spine", 2, 0.0, -_SWAY),
    ("chest", 0, -_BREATH, 0.0),
    ("neck", 0, 0.7 * _BREATH, 0.0),
    ("head", 1, 0.0, 1.5 * _SWAY),
    ("leftUpperArm", 2, 0.8 * _BREATH, 0.0),
    ("rightUpperArm", 2, -0.8 * _BREATH, 0.0),
)


def _build_relaxed_pose() -> Array:
    """Return (55, 4) xyzw, local rotations of the relaxed stance."""
    pose = np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1))
    for bone, axis, angle in _RELAXED:
        pose[BONE_INDEX[bone]] = from_axis_angle(np.eye(3)[axis], angle)
    pose[FINGER_ROWS] = finger_rotations(idle_angles())
    return pose


_RELAXED_POSE: Final[Array] = _build_relaxed_pose()
_ROWS: Final = np.array([BONE_INDEX[bone] for bone, *_ in _OSCILLATIONS])
_AXES: Final[Array] = np.eye(3)[[axis for _, axis, *_ in _OSCILLATIONS]]
_AMPLITUDES: Final[Array] = np.array([[breath, sway] for *_, breath, sway in _OSCILLATIONS])


def idle_pose(t_ns: int) -> Array:
    """Compute the local rotations (55, 4), xyzw, of the idle pose at the time t_ns."""
    now = t_ns * 1e-9
    phases = np.sin(2.0 * np.pi * now / np.array([_BREATH_S, _SWAY_S]))
    pose = _RELAXED_POSE.copy()
    pose[_ROWS] = multiply(from_axis_angle(_AXES, _AMPLITUDES @ phases), pose[_ROWS])
    return pose


def idle_motion(t_ns: int, root: F32, hips_height: float) -> Motion:
    """Return the idle motion at the time t_ns, with zero confidence in every limb.

    Args:
        root: (3,) metres, the hips' displacement.
        hips_height: the performer's, metres.
    """
    return Motion(
        t_seen_ns=t_ns,
        root=root,
        hips_height=hips_height,
        rotations=_read_only(idle_pose(t_ns).astype(np.float32)),
        expressions=_read_only(np.zeros(len(ARKIT), np.float32)),
        gaze=_read_only(np.zeros(2, np.float32)),
        confidence=_read_only(np.zeros(len(LIMBS), np.float32)),
    )


def _read_only(values: F32) -> F32:
    values.flags.writeable = False
    return values
