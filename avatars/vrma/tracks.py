"""Read glTF keyframe tracks and sample them at any time.

Source: glTF 2.0 specification, 3.11 (animations) and appendix C (interpolation).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.gltf.accessors import Accessors
from avatars.gltf.fields import Fields
from avatars.maths import quaternions, vectors
from avatars.vrma.animation import F64

Places = npt.NDArray[np.intp]

_FRAME: Final = 1.0 / 60.0
"""Seconds between samples of a cubic spline."""
_EDGE: Final = 1e-4
"""Duration, in seconds, of the ramp that replaces a step."""
MAX_FRAMES: Final = 120_000
"""Maximum number of times of an animation: about half an hour at 60 per second."""
_LEFT_OUT: Final = "the channel is left out"
_TYPES: Final = {"rotation": "VEC4", "translation": "VEC3"}


@dataclass(frozen=True, slots=True)
class Track:
    """The keyframes of one property.

    Attributes:
        times: (k,) seconds, strictly ascending.
        values: (k, w) at the keyframes.
        tangents: (k, 2, w) in- and out-tangents of a cubic spline; None otherwise.
        steps: whether a value holds until the next keyframe.
        turns: whether the values are quaternions (xyzw).
    """

    times: F64
    values: F64
    tangents: F64 | None
    steps: bool
    turns: bool

    def frames(self) -> F64:
        """Return the times between which linear interpolation represents the track."""
        if self.steps:
            return np.union1d(self.times, np.maximum(self.times[1:] - _EDGE, self.times[:-1]))
        if self.tangents is None:
            return self.times
        count = min(int((self.times[-1] - self.times[0]) / _FRAME) + 2, MAX_FRAMES + 1)
        return np.union1d(self.times, np.linspace(self.times[0], self.times[-1], count))

    def at(self, times: F64) -> F64:
        """Return the values (t, w) at times (t,), clamped to the first and last keyframe."""
        low = np.clip(np.searchsorted(self.times, times, side="right") - 1, 0, len(self.times) - 1)
        high = np.minimum(low + 1, len(self.times) - 1)
        if self.steps:
            return self.values[low]
        span = self.times[high] - self.times[low]
        share = np.clip((times - self.times[low]) / np.where(span > 0.0, span, 1.0), 0.0, 1.0)
        if self.tangents is not None:
            curve = self._hermite(self.tangents, low, high, span[:, None], share[:, None])
            return vectors.normalise(curve).astype(np.float64) if self.turns else curve
        if self.turns:
            return quaternions.slerp(self.values[low], self.values[high], share).astype(np.float64)
        mixed: F64 = self.values[low] + share[:, None] * (self.values[high] - self.values[low])
        return mixed

    def _hermite(self, tangents: F64, low: Places, high: Places, span: F64, t: F64) -> F64:
        square, cube = t * t, t * t * t
        curve: F64 = (
            (2.0 * cube - 3.0 * square + 1.0) * self.values[low]
            + span * (cube - 2.0 * square + t) * tangents[low, 1]
            + (3.0 * square - 2.0 * cube) * self.values[high]
            + span * (cube - square) * tangents[high, 0]
        )
        return curve


Tracks = dict[tuple[int, str], Track]
"""Tracks by node and property."""


def read_tracks(
    animation: Fields, accessors: Accessors, nodes: int
) -> dict[tuple[int, str], Track]:
    """Read the tracks of one glTF animation, by node and property.

    A channel whose node, sampler or keyframes are missing is skipped with a warning.

    Args:
        animation: an entry of `animations`.
        accessors: the file's accessors.
        nodes: number of nodes in the file.

    Raises:
        AvatarError: keyframes are not ascending, or have the wrong type or number.
    """
    samplers = animation.children("samplers")
    tracks: Tracks = {}
    for channel in animation.children("channels"):
        target = channel.child("target")
        path = target.text("path")
        if not target.has("node") or path not in _TYPES:
            continue
        node = target.reference("node", nodes, "nodes", _LEFT_OUT)
        number = channel.reference("sampler", len(samplers), "samplers", _LEFT_OUT)
        if node is None or number is None:
            continue
        track = _read(samplers[number], accessors, path)
        if track is not None:
            tracks.setdefault((node, path), track)
    return tracks


def _read(sampler: Fields, accessors: Accessors, path: str) -> Track | None:
    kind = sampler.choice("interpolation", ("LINEAR", "STEP", "CUBICSPLINE"), "LINEAR")
    at, of = (
        sampler.reference(key, len(accessors), "accessors", _LEFT_OUT)
        for key in ("input", "output")
    )
    if at is None or of is None:
        return None
    times = accessors.floats(at, ("SCALAR",))[:, 0]
    values = accessors.floats(of, (_TYPES[path],)).astype(np.float64)
    if bool((np.diff(times) <= 0.0).any()) or float(times[0]) < 0.0:
        sampler.fail("input", "has times that do not ascend from 0")
    each = 3 if kind == "CUBICSPLINE" else 1
    if len(values) != each * len(times):
        sampler.fail("output", f"has {len(values)} values for {len(times)} times")
    keys, tangents = values, None
    if kind == "CUBICSPLINE":
        triples = values.reshape(len(times), 3, -1)
        keys, tangents = triples[:, 1], triples[:, ::2]
    if path == "rotation":
        if bool((np.linalg.norm(keys, axis=1) < 0.5).any()):
            sampler.fail("output", "has rotations that are not unit quaternions")
        keys = vectors.normalise(keys).astype(np.float64)
    return Track(times.astype(np.float64), keys, tangents, kind == "STEP", path == "rotation")
