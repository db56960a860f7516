"""Define moves that stress cloth, and measure its penetration into the legs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle
from avatars.model import F32, Avatar
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES

Floats = npt.NDArray[np.floating]
Turns = dict[str, tuple[tuple[float, float, float], float]]
"""Bone → rotation axis and degrees."""

X, Y, Z = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_RATE = 60
_ARMS: Turns = {"leftUpperArm": (Z, -55.0), "rightUpperArm": (Z, 55.0)}


def _eased(t: float, start: float, end: float) -> float:
    share = min(max((t - start) / (end - start), 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def spin(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Spin at two turns per second, from a stand and back to it."""
    turned = 720.0 * (_eased(t, 0.2, 0.6) * 0.2 + min(max(t - 0.6, 0.0), 1.2))
    return _ARMS | {"hips": (Y, turned)}, (0.0, 0.0, 0.0)


def jump(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Crouch, jump half a metre and land."""
    crouch = _eased(t, 0.1, 0.4) - _eased(t, 0.4, 0.5) + _eased(t, 0.98, 1.1) - _eased(t, 1.2, 1.5)
    air = min(max(t - 0.45, 0.0), 0.64)
    height = 3.14 * air - 4.905 * air * air - 0.22 * crouch
    turns = _knees(60.0 * crouch + 25.0 * math.sin(math.pi * air / 0.64))
    return turns, (0.0, height, 0.0)


def kick(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Raise the left leg above the hips in a third of a second, and lower it."""
    up = _eased(t, 0.3, 0.65) - _eased(t, 0.9, 1.25)
    return _ARMS | {"leftUpperLeg": (X, -100.0 * up)}, (0.0, 0.0, 0.0)


def split(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Spread both legs sideways, wider than dancers do on their feet."""
    wide = _eased(t, 0.3, 0.9) - _eased(t, 1.3, 1.8)
    turns = _ARMS | {"leftUpperLeg": (Z, 68.0 * wide), "rightUpperLeg": (Z, -68.0 * wide)}
    return turns, (0.0, -0.48 * wide, 0.0)


def stride(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Do a front split down to the floor; the pelvis leans as far as the hips require."""
    wide = _eased(t, 0.3, 0.9) - _eased(t, 1.3, 1.8)
    turns = _ARMS | {
        "hips": (X, 28.0 * wide),
        "spine": (X, -24.0 * wide),
        "leftUpperLeg": (X, -104.0 * wide),
        "rightUpperLeg": (X, 42.0 * wide),
    }
    return turns, (0.0, -0.62 * wide, 0.0)


def squat(t: float) -> tuple[Turns, tuple[float, float, float]]:
    """Squat on the heels with knees apart, and rise."""
    down = _eased(t, 0.3, 0.8) - _eased(t, 1.2, 1.7)
    return _knees(105.0 * down, 16.0 * down), (0.0, -0.42 * down, 0.0)


def _knees(degrees: float, apart: float = 0.0) -> Turns:
    """Return knees bent with level soles; thighs that also open need more than one axis."""
    axis = (-degrees, 0.0, apart)
    size = math.hypot(degrees, apart) or 1.0
    left = (axis[0] / size, 0.0, axis[2] / size)
    return _ARMS | {
        "leftUpperLeg": (left, size),
        "rightUpperLeg": ((left[0], 0.0, -left[2]), size),
        "leftLowerLeg": (X, 1.25 * degrees),
        "rightLowerLeg": (X, 1.25 * degrees),
    }


MOVES: dict[str, Callable[[float], tuple[Turns, tuple[float, float, float]]]] = {
    "spin": spin,
    "jump": jump,
    "kick": kick,
    "split": split,
    "stride": stride,
    "squat": squat,
}
SECONDS = 2.0


def frames(avatar: Avatar, move: str) -> Iterator[tuple[float, AvatarInstance]]:
    """Yield the time in seconds and the avatar with its springs for each frame of a move."""
    instance = AvatarInstance(avatar)
    still = np.zeros(len(ARKIT), np.float32), np.zeros(2, np.float32)
    for number in range(-30, round(SECONDS * _RATE)):
        turns, root = MOVES[move](max(number, 0) / _RATE)
        rotations = np.tile(np.float32((0, 0, 0, 1)), (len(HUMAN_BONES), 1))
        for bone, (axis, degrees) in turns.items():
            rotations[BONE_INDEX[bone]] = from_axis_angle(np.array(axis), math.radians(degrees))
        instance.update(rotations, np.array(root, np.float32), *still, 1.0 / _RATE)
        if number >= 0:
            yield number / _RATE, instance


@dataclass(frozen=True)
class _Tube:
    """A segment of a leg: its bone's node, its length, and its radius by height and angle."""

    node: int
    inverse_bind: F32
    length: float
    radius: Floats


_ALONG, _AROUND = 12, 24


class Legs:
    """An avatar's legs as tubes around their bones, and the cloth around them."""

    def __init__(self, avatar: Avatar) -> None:
        skin = avatar.skins[0]
        names = [avatar.nodes.names[joint] for joint in skin.joints]
        hanging = np.array([name.startswith(("skirt", "tail")) for name in names])
        body = next(mesh for mesh in avatar.meshes if mesh.name == "Body")
        position = np.concatenate([p.position for p in body.primitives])
        joints = np.concatenate([p.joints for p in body.primitives])
        weights = np.concatenate([p.weights for p in body.primitives])
        free = (weights * hanging[joints]).sum(axis=1)
        self._cloth = np.flatnonzero(free > 0.5)
        self._position = np.concatenate((position, np.ones((len(position), 1))), axis=1)
        self._joints, self._weights, self._skin = joints, weights, skin
        self._tubes = []
        for side in ("left", "right"):
            for bone, end in (("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot")):
                column = names.index(side + bone)
                own = (weights * (joints == column)).sum(axis=1) > 0.6
                bind = skin.inverse_bind[column]
                local = (self._position[own & (free == 0.0)] @ bind.T)[:, :3]
                tail = names.index(side + end)
                length = float(bind[1, 3] - skin.inverse_bind[tail][1, 3])
                self._tubes.append(
                    _Tube(int(skin.joints[column]), bind, abs(length), _radii(local, abs(length)))
                )

    def depth(self, world: F32) -> Floats:
        """Return each cloth vertex's (n,) depth inside a leg, metres; 0 outside."""
        cloth = self._cloth
        matrices = world[self._skin.joints] @ self._skin.inverse_bind
        blended = np.einsum("nk,nkij->nij", self._weights[cloth], matrices[self._joints[cloth]])
        posed = np.einsum("nij,nj->ni", blended, self._position[cloth])
        out = np.zeros(len(cloth))
        for tube in self._tubes:
            local = posed @ np.linalg.inv(world[tube.node]).T
            along = -local[:, 1] / tube.length
            row = np.clip((along * _ALONG).astype(int), 0, _ALONG - 1)
            turn = np.arctan2(local[:, 0], local[:, 2])
            column = ((turn + math.pi) / (2 * math.pi) * _AROUND).astype(int) % _AROUND
            inside = tube.radius[row, column] - np.hypot(local[:, 0], local[:, 2])
            # Cloth is attached where the thighs join the hips, and knees are not tubes.
            out = np.where((along > 0.3) & (along < 0.95), np.maximum(out, inside), out)
        return out


def _radii(local: Floats, length: float) -> Floats:
    """Return the smallest distance of a limb's surface from its bone, by height and angle."""
    along = np.clip((-local[:, 1] / length * _ALONG).astype(int), 0, _ALONG - 1)
    turn = (np.arctan2(local[:, 0], local[:, 2]) + math.pi) / (2 * math.pi) * _AROUND
    column = turn.astype(int) % _AROUND
    out = np.full((_ALONG, _AROUND), np.inf)
    np.minimum.at(out, (along, column), np.hypot(local[:, 0], local[:, 2]))
    for row in out:
        known = np.isfinite(row)
        if known.any():
            places = np.arange(_AROUND)
            row[~known] = np.interp(places[~known], places[known], row[known], period=_AROUND)
        else:
            row[:] = 0.0
    return out
