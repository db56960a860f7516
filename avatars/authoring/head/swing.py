"""Define the spring chains of the hair: one per region around the head and one per tail."""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.rigging import Chain, Feel, Rigging
from avatars.authoring.figure.source import Floats
from avatars.authoring.head.locks import LEAVES_AT, Lock, path_of
from avatars.names import BONE_INDEX

REGIONS: dict[str, tuple[float, float]] = {
    # Range of longitudes of each chain's locks, degrees; 0 is the front, positive the figure's
    # left.
    "FrontLeft": (53.0, 64.0),
    "Left": (64.0, 95.0),
    "BackLeft": (95.0, 150.0),
    "Back": (150.0, 210.0),
    "BackRight": (210.0, 265.0),
    "Right": (265.0, 296.0),
    "FrontRight": (296.0, 307.0),
}
_STANDS_AT = (LEAVES_AT, LEAVES_AT + 2, LEAVES_AT + 4, -1)
"""Indices of the path points at which the joints are placed."""

_FEEL = Feel(1.3, 0.42, 0.14, 0.012, ("head", "neck", "trunk"))
_FRONT_FEEL = Feel(4.0, 0.6, 0.05, 0.03, ("head", "face", "neck", "trunk"))
"""Spring parameters of the hair's chains, and of those of the locks that frame the face: they swing
less, and stay out of the cheeks."""


def region_of(lock: Lock) -> str | None:
    """Return the name of the chain that moves a lock, or None if it follows the head rigidly."""
    around = lock.end % 360.0
    if lock.tied:
        return "hairTailLeft" if around < 180.0 else "hairTailRight"
    for name, (low, high) in REGIONS.items():
        if low <= around < high and lock.fall > 1.5:
            return "hair" + name
    return None


def hair_chains(marks: Landmarks, locks: tuple[Lock, ...]) -> tuple[Chain, ...]:
    """Build one chain per region that has locks, along the mean path of its locks."""
    chains = []
    for region in (*REGIONS, "TailLeft", "TailRight"):
        paths = [path_of(marks, lock) for lock in locks if region_of(lock) == "hair" + region]
        if paths:
            points = np.array(paths)[:, _STANDS_AT].mean(axis=0)
            feel = _FRONT_FEEL if region.startswith("Front") else _FEEL
            chains.append(Chain("hair" + region, "head", points, feel))
    return tuple(chains)


def lock_weights(rigging: Rigging, lock: Lock, count: int) -> Floats:
    """Compute the skinning weights (count, bones) of the rows of a lock's path."""
    weights = np.zeros((count, rigging.columns))
    region = region_of(lock)
    if region is None:
        weights[:, BONE_INDEX["head"]] = 1.0
        return weights
    root = rigging.column(region)
    along = np.arange(count, dtype=np.float64) - LEAVES_AT
    free = smoothstep(-0.5, 1.5, along)
    middle = smoothstep(1.0, 3.0, along)
    far = smoothstep(3.0, 5.0, along)
    weights[:, BONE_INDEX["head"]] = 1.0 - free
    weights[:, root] = free * (1.0 - middle)
    weights[:, root + 1] = free * middle * (1.0 - far)
    weights[:, root + 2] = free * middle * far
    return weights
