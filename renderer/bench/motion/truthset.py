"""Ground-truth set: clips filmed on first use into the user's cache.

docs/truth.md describes the set. A captured dance is filmed likewise: a performer of the set does
what a BVH file contains, so that the real detector sees it with its real errors.
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
"""The set's clips with one performer."""

_RATE: Final = 30.0
"""Frames per second of a filmed take."""

_START_S: Final = 2.0
"""Where in a take the filmed part begins, in seconds."""

_LENGTH_S: Final = 8.0
"""Length of the filmed part in seconds."""


def film_clip(name: str, folder: Path | None = None, clip: Clip | None = None) -> Path:
    """Return a clip with its truth beside it; film it on first use, in about half a minute.

    Args:
        name: in the set, unless `clip` is given.
        folder: where it is stored, instead of the user's cache.
        clip: what to film instead of the set's clip of that name.

    Raises:
        AvatarError: the performers' source data is unavailable.
    """
    folder = folder or cache_folder() / "truth"
    path = folder / f"{name}.mp4"
    if not path.is_file():
        # Filmed in a scratch folder, so that an interrupted recording is not taken for complete.
        scratch = folder / f"filming-{name}"
        scratch.mkdir(parents=True, exist_ok=True)
        film(name, clip or CLIPS[name], scratch)
        (scratch / f"{name}.npz").replace(path.with_suffix(".npz"))
        (scratch / path.name).replace(path)
        scratch.rmdir()
    return path


def film_dance(take: Path, folder: Path | None = None) -> Path:
    """Film some seconds of a BVH take with a performer of the set, with the truth beside them.

    Raises:
        AvatarError: the performers' source data is unavailable.
        MotionError: the take cannot be read.
    """
    name = take.name.split(".")[0]
    folder = folder or cache_folder() / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / f"{name}.mp4").is_file():
        return folder / f"{name}.mp4"
    animation = _read_animation(take, folder)
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


def _read_animation(take: Path, scratch: Path) -> Animation:
    """Read a BVH file, also one compressed as .bvh.xz."""
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
