"""The ground-truth set, filmed once into the user's cache and watched from there.

docs/truth.md tells of the set. A captured dance is filmed likewise: a performer of the set does
what a BVH file says, so that the real detector sees it with the errors that it really makes.
"""

from __future__ import annotations

import lzma
from pathlib import Path
from typing import Final

import numpy as np

from avatars.authoring.clips.clip import write_arrays
from avatars.authoring.clips.clips import CLIPS, Clip
from avatars.authoring.clips.mocap import motion_clip
from avatars.authoring.clips.truth import film
from avatars.vrma import Animation
from renderer.errors import MotionError
from renderer.motion.exchange.bvh import read_bvh
from renderer.paths import cache_folder

ALONE: Final = tuple(name for name, clip in CLIPS.items() if len(clip.cast) == 1)
"""The set's clips of one performer."""

_RATE: Final = 30.0
_START_S: Final = 2.0
_LENGTH_S: Final = 8.0
"""Frames a second of what is filmed of a take, where it begins and how long it is."""


def film_clip(name: str, folder: Path | None = None, clip: Clip | None = None) -> Path:
    """A clip with its truth beside it, filmed if it is not there yet: half a minute or so.

    Args:
        name: in the set, unless `clip` is given.
        folder: where it is kept, instead of the user's cache.

    Raises:
        AvatarError: the performers' source data cannot be had.
    """
    folder = folder or cache_folder() / "truth"
    path = folder / f"{name}.mp4"
    if not path.is_file():
        # Filmed beside its place, so that one that was broken off is not taken for whole.
        scratch = folder / f"filming-{name}"
        scratch.mkdir(parents=True, exist_ok=True)
        film(name, clip or CLIPS[name], scratch)
        (scratch / f"{name}.npz").replace(path.with_suffix(".npz"))
        (scratch / path.name).replace(path)
        scratch.rmdir()
    return path


def film_dance(take: Path, folder: Path | None = None) -> Path:
    """Some seconds of a BVH take, done by a performer of the set, with their truth beside them.

    Raises:
        AvatarError: the performers' source data cannot be had.
        MotionError: the take cannot be read.
    """
    name = take.name.split(".")[0]
    folder = folder or cache_folder() / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / f"{name}.mp4").is_file():
        return folder / f"{name}.mp4"
    animation = _read(take, folder)
    times = np.arange(_START_S, min(_START_S + _LENGTH_S, float(animation.times[-1])), 1.0 / _RATE)
    rows = np.minimum(np.searchsorted(animation.times, times), len(animation.times) - 1)
    motion = folder / f"{name}.motion.npz"
    write_arrays(
        motion,
        {
            "rotations": animation.rotations[rows].astype(np.float64),
            "root": animation.hips[rows].astype(np.float64),
            "fps": np.array(_RATE),
            "hips_height": np.array(animation.hips_height),
        },
    )
    try:
        return film_clip(name, folder, motion_clip(motion))
    finally:
        motion.unlink()


def _read(take: Path, scratch: Path) -> Animation:
    """A BVH file, also one that is packed as .bvh.xz."""
    if take.suffix != ".xz":
        return read_bvh(take)
    plain = scratch / take.stem
    try:
        plain.write_bytes(lzma.decompress(take.read_bytes()))
        return read_bvh(plain)
    except (OSError, lzma.LZMAError) as fault:
        raise MotionError(
            f"The take {take.name}", f"it cannot be unpacked ({fault})", "use a whole .bvh.xz file"
        ) from fault
    finally:
        plain.unlink(missing_ok=True)
