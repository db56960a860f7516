"""What lets the idol's hair swing: a chain of bones in each region, and what it bumps into."""

from __future__ import annotations

import numpy as np

from avatars.build.assemble import Bone
from avatars.build.body import Body
from avatars.build.geometry import smoothstep
from avatars.build.landmarks import Landmarks
from avatars.build.locks import LEAVES_AT, Lock, all_locks, path_of
from avatars.build.source import Floats
from avatars.names import BONE_INDEX
from avatars.write import SpringChain, SpringCollider

REGIONS: dict[str, tuple[float, float]] = {
    # Degrees around the head that each chain takes; 0 is the front, positive her left.
    "left": (50.0, 95.0),
    "backLeft": (95.0, 150.0),
    "back": (150.0, 210.0),
    "backRight": (210.0, 265.0),
    "right": (265.0, 310.0),
}
_JOINTS = ("Root", "Middle", "Tip")
_STANDS_AT = (LEAVES_AT, LEAVES_AT + 2, -1)
"""Where on a lock's path the joints stand."""

FIRST_COLUMN = 55
"""Of the hair's bones in a piece's weights."""


def region_of(lock: Lock) -> str | None:
    """The chain that a lock hangs on; None for the fringe, which lies still."""
    around = lock.end % 360.0
    for name, (low, high) in REGIONS.items():
        if low <= around < high:
            return name
    return None


def hair_bones(marks: Landmarks) -> tuple[Bone, ...]:
    """Three bones a region, each in the middle of the region's locks."""
    bones = []
    for region in REGIONS:
        paths = np.array(
            [path_of(marks, lock) for lock in all_locks() if region_of(lock) == region]
        )
        parent = "head"
        for joint, index in zip(_JOINTS, _STANDS_AT, strict=True):
            bones.append(Bone(f"hair_{region}{joint}", parent, paths[:, index].mean(axis=0)))
            parent = bones[-1].name
    return tuple(bones)


def lock_weights(lock: Lock, count: int) -> Floats:
    """How much each bone moves each row of a lock's path, (count, 55 + hair bones)."""
    weights = np.zeros((count, FIRST_COLUMN + len(REGIONS) * len(_JOINTS)))
    region = region_of(lock)
    if region is None:
        weights[:, BONE_INDEX["head"]] = 1.0
        return weights
    root = FIRST_COLUMN + list(REGIONS).index(region) * len(_JOINTS)
    along = np.arange(count) - LEAVES_AT
    free = smoothstep(-0.5, 1.5, along.astype(np.float64))
    far = smoothstep(1.0, 3.0, along.astype(np.float64))
    weights[:, BONE_INDEX["head"]] = 1.0 - free
    weights[:, root] = free * (1.0 - far)
    weights[:, root + 1] = free * far
    return weights


def hair_springs(
    body: Body, marks: Landmarks, names: tuple[str, ...]
) -> tuple[tuple[SpringChain, ...], tuple[SpringCollider, ...]]:
    """The chains and what they heed.

    Args:
        names: of the file's nodes.
    """

    def offset(point: Floats, bone: str) -> tuple[float, float, float]:
        x, y, z = (round(float(v), 5) for v in point - body.head(bone))
        return x, y, z

    unit = marks.unit
    skull = float(marks.radii.min()) * 0.96
    across = 0.72 * (body.head("leftUpperArm") - body.head("upperChest"))
    shoulder = body.head("upperChest") + np.array([0.0, across[1], 0.0])
    left, right = (shoulder + np.array([side * across[0], 0.0, 0.0]) for side in (1.0, -1.0))
    colliders = (
        SpringCollider(names.index("head"), offset(marks.skull, "head"), round(skull, 5)),
        SpringCollider(
            names.index("neck"),
            (0.0, 0.0, 0.0),
            round(0.62 * unit, 5),
            offset(body.head("head"), "neck"),
        ),
        SpringCollider(
            names.index("upperChest"),
            offset(left, "upperChest"),
            0.05,
            offset(right, "upperChest"),
        ),
    )
    chains = tuple(
        SpringChain(
            name=f"hair_{region}",
            nodes=tuple(names.index(f"hair_{region}{joint}") for joint in _JOINTS),
            stiffness=1.5,
            drag=0.45,
            gravity=0.12,
            hit_radius=0.012,
            colliders=(0, 1, 2),
        )
        for region in REGIONS
    )
    return chains, colliders
