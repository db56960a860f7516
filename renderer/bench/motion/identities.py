"""Identity tracking where two performers cross: swaps, false observations and coverage.

The clip is `crossing` of the ground-truth set, filmed once into the user's cache. An observation is
matched to the true performer whose hips are nearest. A swap is a frame in which an observed
performer matches another true performer than in the last frame in which they were seen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from avatars.authoring.clips.truth_file import Truth, load_truth
from avatars.errors import AvatarError
from avatars.maths.vectors import Array
from avatars.names import BONE_INDEX
from renderer.bench.motion.truthset import film_clip
from renderer.capture.records import Observation
from renderer.capture.trackers.crops import LEFT_HIP, RIGHT_HIP

_NAME: Final = "crossing"
_THIGHS: Final = [BONE_INDEX["leftUpperLeg"], BONE_INDEX["rightUpperLeg"]]
_NECK: Final = BONE_INDEX["neck"]
_HIPS: Final = [LEFT_HIP, RIGHT_HIP]
_MAX_DISTANCE: Final = 0.5
"""Maximum distance in trunk lengths between the hips of an observation and its true performer."""

Frames = Sequence[tuple[Observation, ...]]


@dataclass(frozen=True, slots=True)
class Identities:
    """Results of the identity measurement.

    Attributes:
        swaps: how often an observed performer changed to another true one.
        strangers: observations that match no true performer.
        seen: share of frames with a body, per observed performer.
    """

    swaps: int
    strangers: int
    seen: tuple[float, ...]

    def as_dict(self) -> dict[str, object]:
        """Return plain data for JSON."""
        return {"swaps": self.swaps, "strangers": self.strangers, "seen": list(self.seen)}


def crossing_clip(folder: Path | None = None) -> Path:
    """Return the clip in which two performers cross, with its truth beside it.

    Film it on first use.

    Args:
        folder: where it is stored, instead of the user's cache.

    Raises:
        AvatarError: the performers' source data is unavailable.
    """
    return film_clip(_NAME, folder)


def measure(clip: Path, observe: Callable[[Path, int], Frames]) -> Identities:
    """Measure the identities in a clip that has a truth.

    Args:
        clip: the video.
        observe: returns the observations of a number of performers in every frame of a clip.

    Raises:
        RendererError: the clip or its truth cannot be read.
    """
    truth = load_truth(clip.with_suffix(".npz"))
    return count(observe(clip, len(truth.acted)), truth)


def count(frames: Frames, truth: Truth) -> Identities:
    """Compare observations with the truth."""
    hips = np.stack([_middle(truth, one.joints[:, _THIGHS]) for one in truth.acted], axis=1)
    necks = np.stack([_middle(truth, one.joints[:, [_NECK]]) for one in truth.acted], axis=1)
    far = _MAX_DISTANCE * np.linalg.norm(hips - necks, axis=-1)
    swaps = strangers = 0
    whose: dict[int, int] = {}
    seen = np.zeros(len(truth.acted))
    for observation in (one for frame in frames for one in frame):
        if observation.pose is None:
            continue
        seen[observation.performer] += 1
        k = observation.index
        found = observation.pose[_HIPS, :2].mean(axis=0) * np.array(observation.size)
        away = np.linalg.norm(hips[k] - found, axis=-1)
        nearest = int(np.argmin(away))
        if away[nearest] > far[k, nearest]:
            strangers += 1
            continue
        swaps += whose.setdefault(observation.performer, nearest) != nearest
        whose[observation.performer] = nearest
    return Identities(swaps, strangers, tuple((seen / max(len(frames), 1)).tolist()))


def _middle(truth: Truth, joints: Array) -> Array:
    """Return (n, 2) pixels, the midpoint of joints (n, j, 3)."""
    return np.asarray(truth.camera.project(joints).mean(axis=1))


def measure_identities(observe: Callable[[Path, int], Frames]) -> tuple[Identities | None, str]:
    """Measure the crossing clip; without the clip return None and the reason."""
    try:
        clip = crossing_clip()
    except AvatarError as fault:
        return None, str(fault)
    return measure(clip, observe), ""
