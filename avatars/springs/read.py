"""Read the spring bones of a VRM 0.x or 1.0 file."""

from __future__ import annotations

from avatars.gltf import Gltf
from avatars.springs.read_0 import read_springs_0
from avatars.springs.read_1 import read_springs_1
from avatars.springs.records import Springs


def read_springs(gltf: Gltf) -> Springs:
    """Read VRMC_springBone, or VRM.secondaryAnimation of a VRM 0.x file.

    The springs of a 0.x file are rotated, like its nodes, to face +Z. Dangling joints, colliders,
    groups and centers are skipped with a warning.

    Raises:
        AvatarError: damaged fields.
    """
    springs = gltf.root.extension("VRMC_springBone")
    if springs is not None:
        return read_springs_1(gltf, springs)
    old = gltf.root.extension("VRM")
    if old is not None and gltf.root.extension("VRMC_vrm") is None:
        return read_springs_0(gltf, old.child("secondaryAnimation"))
    return Springs()
