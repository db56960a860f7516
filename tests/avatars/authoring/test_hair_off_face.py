"""Test that the locks that frame the face stay near the skin while the head moves.

The head shakes, nods and tilts faster than in a dance. Depths are of hair vertices inside the skin
of the head, from the skin's nearest vertex. Measured: 6 mm for the first idol, 11 mm for the
second; of the vertices in front of the cheeks, 2 mm and 0.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from scipy.spatial import KDTree

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle, multiply
from avatars.model import Avatar
from avatars.names import ARKIT, BONE_INDEX, HUMAN_BONES

LIBRARY = Path(__file__).resolve().parents[3] / "avatars" / "library"
_RATE, _SECONDS = 60, 3.0
_WAYS = (((0.0, 1.0, 0.0), 34.0, 1.5), ((1.0, 0.0, 0.0), 16.0, 1.1), ((0.0, 0.0, 1.0), 20.0, 0.8))
"""Axis, degrees and frequency, Hz, of each of the head's movements."""

Floats = npt.NDArray[np.float64]


class FaceAndLocks:
    """The skin of a head and the hair that the front chains move, in the head's space."""

    def __init__(self, avatar: Avatar) -> None:
        skin = avatar.skins[0]
        names = [avatar.nodes.names[joint] for joint in skin.joints]
        self._head = names.index("head")
        self._bind = skin.inverse_bind.astype(np.float64)
        self._nodes = skin.joints
        swings = np.array([name.startswith("hairFront") for name in names])
        hair = next(mesh for mesh in avatar.meshes if mesh.name == "Hair").primitives[0]
        free = (hair.weights * swings[hair.joints]).sum(axis=1) > 0.9
        count = int(free.sum())
        assert count, "no chains of the locks that frame the face"
        self._hair = np.concatenate((hair.position[free], np.ones((count, 1))), axis=1)
        self._joints, self._weights = hair.joints[free], hair.weights[free].astype(np.float64)
        face = next(mesh for mesh in avatar.meshes if mesh.name == "Face")
        places = [p.position for p in face.primitives[:2]]
        self._skin = np.concatenate(places).astype(np.float64) + self._bind[self._head, :3, 3]
        self._near = KDTree(self._skin)
        # In the plane of the face: what is behind the foremost skin there is inside.
        self._plane = KDTree(self._skin[self._skin[:, 2] > 0.0, :2])
        self._depth = self._skin[self._skin[:, 2] > 0.0, 2]

    def find_deepest(self, world: npt.NDArray[np.float32]) -> float:
        """Return how deep the deepest hair vertex is inside the head, metres; 0 for none."""
        matrices = world[self._nodes] @ self._bind
        blended = np.einsum("nk,nkij->nij", self._weights, matrices[self._joints])
        posed = np.einsum("nij,nj->ni", blended, self._hair)
        local = (posed @ np.linalg.inv(world[self._nodes[self._head]]).T)[:, :3]
        away, row = self._plane.query(local[:, :2], 4)
        inside = (away.max(axis=1) < 0.012) & (local[:, 2] < self._depth[row].min(axis=1))
        inside &= local[:, 2] > 0.0
        return float(self._near.query(local[inside])[0].max(initial=0.0))


def move_head(t: float) -> npt.NDArray[np.float32]:
    """Return the rotations (55, 4) of all bones at a time in seconds."""
    rotations = np.tile(np.array((0, 0, 0, 1), np.float32), (len(HUMAN_BONES), 1))
    turn = rotations[0]
    for axis, degrees, rate in _WAYS:
        angle = math.radians(degrees) * math.sin(2.0 * math.pi * rate * t)
        turn = multiply(turn, from_axis_angle(np.array(axis), angle))
    rotations[BONE_INDEX["head"]] = turn
    return rotations


@pytest.mark.parametrize("file", ["idol.vrm", "idol_2.vrm"])
def test_locks_stay_out_of_the_cheek(file: str) -> None:
    avatar = load_avatar(LIBRARY / file)
    measure, instance = FaceAndLocks(avatar), AvatarInstance(avatar)
    still = np.zeros(3, np.float32), np.zeros(len(ARKIT), np.float32), np.zeros(2, np.float32)
    deepest = 0.0
    for number in range(round(_SECONDS * _RATE)):
        instance.update(move_head(number / _RATE), *still, 1.0 / _RATE)
        deepest = max(deepest, measure.find_deepest(instance.world))
    assert deepest < 0.0125
