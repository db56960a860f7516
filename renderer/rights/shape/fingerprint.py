"""Describe an avatar's shape in three hundred bytes, and compare two descriptions.

Everything is measured against the avatar's own bones: along a bone and away from it, or as
distances within a part, in units of the length from hips to head. So a larger copy, another rest
pose, other triangles, other textures, and meshes that were merged or split give the same figures.
Distances between random points of a part are Osada's D2 (Shape Distributions, 2002).
"""

from __future__ import annotations

import base64
import binascii
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from avatars.model import Avatar
from avatars.names import HUMAN_BONES
from renderer.errors import RightsError
from renderer.rights.shape.surface import F64, Surface, sample_surface

PREFIX: Final = "shape1:"
"""Name and version of the description; another one can't be compared with it."""

_SLICES: Final = 6
"""Along a bone chain, at each of which the distance from the bones is measured."""
_RADII: Final = (0.5, 0.9)
"""Quantiles of the distance from the bones: 0.9 is the outside, which stays where what is hidden
under clothes was removed."""
_DISTANCES: Final = (0.05, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)
"""Quantiles of distances within a part."""
_FEWEST: Final = 40
"""Points below which a part, or a slice of it, is not described."""
_PAIRS: Final = 20_000
"""Pairs of points of which distances are taken."""
_STEPS: Final = 400.0
"""Steps of a stored number for a factor e: a quarter of a percent a step."""
_ZERO: Final = 4000
"""Stored number of the length from hips to head; 0 means undescribed."""
_LEAST_PARTS: Final = 5
"""Parts that both must have for two shapes to be comparable."""
_KEPT: Final = 0.75
"""Share of the parts, the best agreeing ones, that decide: an attacker may cut hair or clothes."""

_CHAINS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "torso": (("hips", "spine", "chest", "upperChest", "neck", "head"),),
    "upper arm": (("leftUpperArm", "leftLowerArm"), ("rightUpperArm", "rightLowerArm")),
    "lower arm": (("leftLowerArm", "leftHand"), ("rightLowerArm", "rightHand")),
    "upper leg": (("leftUpperLeg", "leftLowerLeg"), ("rightUpperLeg", "rightLowerLeg")),
    "lower leg": (("leftLowerLeg", "leftFoot"), ("rightLowerLeg", "rightFoot")),
}
"""Chains of bones by part; the last one only ends the chain. Both sides count as one part."""
_SOLIDS: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "head": (("head", "leftEye", "rightEye", "jaw"),),
    "hand": (("leftHand",), ("rightHand",)),
    "foot": (("leftFoot", "leftToes"), ("rightFoot", "rightToes")),
}
"""Parts without a direction; the first bone's joint is their origin."""
_ATTACHED: Final[dict[str, tuple[str, ...]]] = {
    "hair": ("head",),
    "clothes": ("hips", "spine", "chest", "upperChest"),
}
"""What hangs on joints of its own, by the bones that carry it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The description of a shape.

    Attributes:
        values: (k,) uint16, logarithms of lengths; 0 where the avatar has no such part.
        whole: likewise, with all that hangs on arms and legs counted as these; only of an avatar
            that is at hand, not of a description in a licence.
    """

    values: NDArray[np.uint16]
    whole: NDArray[np.uint16] | None = None

    def text(self) -> str:
        """Return it as text for a licence."""
        return PREFIX + base64.urlsafe_b64encode(
            self.values.astype("<u2").tobytes()
        ).decode().rstrip("=")


def describe_shape(avatar: Avatar) -> Shape:
    """Return the description of an avatar's shape."""
    surface = sample_surface(avatar)
    # In a copy, joints of their own below the bones may carry the skin.
    joined = replace(surface, is_attached=np.zeros_like(surface.is_attached))
    return Shape(_describe(surface), _describe(joined))


def read_shape(text: str, what: str) -> Shape:
    """Return the description that a licence states.

    Raises:
        RightsError: it is none, or of another version.
    """
    try:
        if not text.startswith(PREFIX):
            raise ValueError
        body = text.removeprefix(PREFIX)
        data = base64.b64decode(body + "=" * (-len(body) % 4), b"-_", validate=True)
        if len(data) != 2 * sum(_SIZES):
            raise ValueError
    except (ValueError, binascii.Error) as fault:
        raise RightsError(
            what, "describes the avatar's shape in a way that is unknown", "ask its issuer again"
        ) from fault
    return Shape(np.frombuffer(data, "<u2").astype(np.uint16))


def compare_shapes(one: Shape, other: Shape) -> float:
    """Return how far two shapes are apart; copies of one avatar get to about 1.

    The difference of a part is the mean difference of its lengths as a logarithm, over the part's
    tolerance; of arms and legs it is the least one with and without what hangs on them. The parts
    that agree least are left out, as `_KEPT` says. Infinite if the shapes have too few parts in
    common.
    """
    found = _compare_parts(one.values, other.values)
    for mine, theirs in ((one.whole, other.values), (one.values, other.whole)):
        if mine is not None and theirs is not None:
            found[_LIMBS] = np.fmin(found, _compare_parts(mine, theirs))[_LIMBS]
    parts = found[np.isfinite(found)].tolist()
    if len(parts) < _LEAST_PARTS:
        return float("inf")
    kept = sorted(parts)[: int(np.ceil(_KEPT * len(parts)))]
    return float(np.mean(kept))


def _describe(surface: Surface) -> NDArray[np.uint16]:
    """Return the stored numbers of a surface; 0 for what is absent."""
    unit = _chain_length(surface, _CHAINS["torso"][0])
    numbers = np.concatenate([part / unit for part in _measure(surface)])
    with np.errstate(divide="ignore", invalid="ignore"):
        steps = np.round(_ZERO + _STEPS * np.log(numbers))
    return np.where(np.isfinite(steps), np.clip(steps, 1, 65_535), 0).astype(np.uint16)


def _compare_parts(one: NDArray[np.uint16], other: NDArray[np.uint16]) -> F64:
    """Return the difference of each part over its tolerance; NaN for what either does not have."""
    known = (one > 0) & (other > 0)
    gaps = np.abs(one.astype(np.float64) - other.astype(np.float64)) / _STEPS
    found = np.full(len(_SIZES), np.nan)
    for part, end in enumerate(np.cumsum(_SIZES)):
        rows = slice(end - _SIZES[part], end)
        if known[rows].sum() * 2 > _SIZES[part]:
            found[part] = gaps[rows][known[rows]].mean() / _TOLERANCES[part]
    return found


def _measure(surface: Surface) -> list[F64]:
    """Return the lengths of each part in the order of `_SIZES`, metres; NaN for what is absent."""
    parts: list[F64] = [_skeleton(surface)]
    parts += [_profile(surface, chains) for chains in _CHAINS.values()]
    parts += [_solid(surface, groups) for groups in _SOLIDS.values()]
    parts += [_spread(_points(surface, bones, attached=True)) for bones in _ATTACHED.values()]
    return parts


def _skeleton(surface: Surface) -> F64:
    lengths = [
        float(np.mean([_chain_length(surface, chain) for chain in chains]))
        for name, chains in _CHAINS.items()
        if name != "torso"
    ]
    joint = {name: surface.joints[i] for i, name in enumerate(HUMAN_BONES)}
    lengths += [
        float(np.linalg.norm(joint["leftUpperLeg"] - joint["rightUpperLeg"])),
        float(np.linalg.norm(joint["leftToes"] - joint["leftFoot"])),
        float(np.linalg.norm(joint["leftMiddleProximal"] - joint["leftHand"])),
        float(np.linalg.norm(joint["leftEye"] - joint["rightEye"])),
        float(np.linalg.norm(joint["leftEye"] - joint["head"])),
    ]
    return np.array(lengths)


def _chain_length(surface: Surface, chain: Sequence[str]) -> float:
    joints = surface.joints[[HUMAN_BONES.index(name) for name in chain]]
    joints = joints[np.isfinite(joints).all(axis=1)]
    return float(np.linalg.norm(np.diff(joints, axis=0), axis=1).sum())


def _profile(surface: Surface, chains: Sequence[Sequence[str]]) -> F64:
    """Return the distance of a part's surface from its bones, slice by slice along them."""
    along, away = [], []
    for chain in chains:
        bones = [HUMAN_BONES.index(name) for name in chain]
        bones = [bone for bone in bones if np.isfinite(surface.joints[bone]).all()]
        length, done = _chain_length(surface, chain), 0.0
        for bone, following in itertools.pairwise(bones):
            start, step = surface.joints[bone], surface.joints[following] - surface.joints[bone]
            reach = float(np.linalg.norm(step))
            if reach <= 0.0 or length <= 0.0:
                continue
            offset = surface.position[(surface.bone == bone) & ~surface.is_attached] - start
            t = offset @ (step / reach)
            along.append((done + t) / length)
            away.append(np.sqrt(np.maximum((offset**2).sum(axis=1) - t**2, 0.0)))
            done += reach
    t, r = (np.concatenate(found) if found else np.zeros(0) for found in (along, away))
    out = np.full((_SLICES, len(_RADII)), np.nan)
    for k in range(_SLICES):
        within = r[(t >= k / _SLICES) & (t < (k + 1) / _SLICES)]
        if len(within) >= _FEWEST:
            out[k] = np.quantile(within, _RADII)
    return out.ravel()


def _solid(surface: Surface, groups: Sequence[Sequence[str]]) -> F64:
    """Return quantiles of distances from a part's joint, and within the part; means of sides."""
    sides = []
    for bones in groups:
        points = _points(surface, bones, attached=False)
        origin = surface.joints[HUMAN_BONES.index(bones[0])]
        own = np.full(len(_DISTANCES), np.nan)
        if len(points) >= _FEWEST:
            own = np.quantile(np.linalg.norm(points - origin, axis=1), _DISTANCES)
        sides.append(np.concatenate((own, _spread(points))))
    together: F64 = np.mean(sides, axis=0)
    return together


def _points(surface: Surface, bones: Sequence[str], *, attached: bool) -> F64:
    chosen = np.isin(surface.bone, [HUMAN_BONES.index(name) for name in bones])
    points: F64 = surface.position[chosen & (surface.is_attached == attached)]
    return points


def _spread(points: F64) -> F64:
    """Return quantiles of the distances between random pairs of points."""
    if len(points) < _FEWEST:
        return np.full(len(_DISTANCES), np.nan)
    pairs = np.random.default_rng(len(_DISTANCES)).integers(0, len(points), (2, _PAIRS))
    apart = np.linalg.norm(points[pairs[0]] - points[pairs[1]], axis=1)
    spread: F64 = np.quantile(apart, _DISTANCES)
    return spread


_SIZES: Final = np.array(
    [
        *[3] * 3,
        *[_SLICES * len(_RADII)] * len(_CHAINS),
        *[2 * len(_DISTANCES)] * len(_SOLIDS),
        *[len(_DISTANCES)] * len(_ATTACHED),
    ]
)
"""Number of lengths of each part: the skeleton in three parts, since copies keep it exactly and
other avatars do not; chains, solids, what is attached."""
_LIMBS: Final = np.array(
    [
        *[False] * 3,
        *[name != "torso" for name in _CHAINS],
        *[name != "head" for name in _SOLIDS],
        *[False] * len(_ATTACHED),
    ]
)
"""Parts of which little hangs on joints of its own in most avatars."""
_TOLERANCES: Final = (
    *(0.012, 0.012, 0.012),
    *(0.027, 0.026, 0.014, 0.014, 0.016),
    *(0.030, 0.033, 0.016),
    *(0.030, 0.020),
)
"""Of each part: the 90th percentile of its difference in copies of 30 avatars, but at least what an
artist's eye would not see; `encore bench rights` measures with other avatars."""
