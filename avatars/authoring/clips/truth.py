"""Render the ground-truth set: `python -m avatars.authoring.clips.truth FOLDER`.

Writes for each clip of `clips.CLIPS` an .mp4 video and an .npz file of the true motion, described
in docs/truth.md. The files are not part of the repository: they are generated on demand, in a few
minutes on two cores, and the same library versions produce the same files.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from avatars.authoring.clips.clip import write_video
from avatars.authoring.clips.clips import CLIPS, Clip
from avatars.authoring.clips.mocap import motion_clip
from avatars.authoring.clips.studio import Studio
from avatars.authoring.clips.truth_file import Acted, Truth, save_truth
from avatars.authoring.dance.dance import FPS
from avatars.authoring.figure.source import Source
from avatars.authoring.performer.performer import build_performer
from avatars.authoring.performer.performer_looks import LOOKS
from avatars.errors import AvatarError

SIZE = (640, 480)
"""Default width and height of the pictures, pixels."""


@dataclass(frozen=True, slots=True)
class Filmed:
    """The statistics of a rendered clip: frames, and elapsed seconds in its worker process."""

    name: str
    frames: int
    seconds: float


def film(
    name: str, clip: Clip, folder: Path, size: tuple[int, int] = SIZE, frames: int | None = None
) -> Filmed:
    """Render a clip to folder/name.mp4 and its truth to folder/name.npz.

    Args:
        size: (width, height) in pixels, even.
        frames: maximum number; a longer clip is truncated.

    Raises:
        AvatarError: the source data cannot be downloaded or read.
    """
    began = time.perf_counter()
    with Source.fetch() as source:
        cast = [build_performer(source, LOOKS[part.look]) for part in clip.cast]
    count = round(clip.seconds * FPS)
    t = np.arange(count if frames is None else min(count, frames)) / FPS
    moved = [part.motion(who.heads, t) for part, who in zip(clip.cast, cast, strict=True)]
    acted = tuple(Acted.of(who.heads, one) for who, one in zip(cast, moved, strict=True))
    camera = clip.camera(acted[0].joints, size)
    save_truth(folder / f"{name}.npz", Truth(acted, camera, float(FPS)))
    with Studio(cast, camera, clip.light) as studio:
        pictures = (
            studio.picture([(one.rotations[k], one.root[k], one.weights[k]) for one in moved])
            for k in range(len(t))
        )
        write_video(folder / f"{name}.mp4", pictures, size, {"crf": "19", "preset": "veryfast"})
    return Filmed(name, len(t), time.perf_counter() - began)


def main(arguments: Sequence[str]) -> int:
    """Render the clips selected by the arguments and return the exit status, 0 on success."""
    words = _parse_words(arguments)
    words.folder.mkdir(parents=True, exist_ok=True)
    try:
        # Download the source data once here, so that the workers do not each do it.
        Source.fetch().__exit__()
        wanted: dict[str, Clip] = {name: CLIPS[name] for name in words.only or CLIPS}
        if words.motion:
            wanted = {path.stem: motion_clip(path) for path in words.motion}
        began = time.perf_counter()
        # Spawn the workers so that each has its own GL context; forked ones share the parent's.
        with ProcessPoolExecutor(words.jobs, get_context("spawn")) as workers:
            filming = [
                workers.submit(film, name, clip, words.folder, words.size, words.frames)
                for name, clip in wanted.items()
            ]
            for one in filming:
                done = one.result()
                sys.stdout.write(f"{done.name}: {done.frames} frames, {done.seconds:.1f} s\n")
                sys.stdout.flush()
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    sys.stdout.write(f"{words.folder}: {time.perf_counter() - began:.0f} s in all\n")
    return 0


def _parse_words(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m avatars.authoring.clips.truth",
        description="Film performers whose every pose is known.",
    )
    parser.add_argument("folder", type=Path, help="where clips and truths are written")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--only", nargs="+", choices=CLIPS, metavar="NAME", help="these clips alone")
    what.add_argument(
        "--motion", nargs="+", type=Path, metavar="FILE.npz",
        help="instead of the set, a clip of each of these motions",
    )  # fmt: skip
    parser.add_argument("--size", type=_size, default=SIZE, help="of the picture: 640x480")
    parser.add_argument("--frames", type=_count, help="at most this many a clip")
    parser.add_argument("--jobs", type=_count, default=os.cpu_count(), help="clips at a time")
    return parser.parse_args(arguments)


def _size(text: str) -> tuple[int, int]:
    width, _, height = text.partition("x")
    size = int(width), int(height)
    if min(size) < 16 or size[0] % 2 or size[1] % 2:
        raise argparse.ArgumentTypeError(f"{text} is not a size: give two even numbers from 16 on")
    return size


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a count: give 1 or more")
    return count


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
