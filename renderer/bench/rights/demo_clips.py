"""Render clips of the demo without mark and titles, on which the mark is measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from renderer.protocol.pictures import PROGRAM
from renderer.stage.cameras.framing import Framing
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.rigs import Follow
from renderer.tools.dancer import FPS
from renderer.tools.duet import Duet, DuetPlan
from renderer.tools.duet_staging import BPM, SHOTS, STAGING

RENDERED: Final = (1280, 720)
"""Size at which the clips are drawn, pixels; smaller ones are scaled from it, as renditions are."""
CLIP_S: Final = 10.0
"""Length of each clip, seconds."""


@dataclass(frozen=True, slots=True)
class DemoClip:
    """A part of the demo's song.

    Attributes:
        name: of the clip.
        beat: at which it begins.
        shots: its cameras.
    """

    name: str
    beat: float
    shots: tuple[Shot, ...]


CLIPS: Final = (
    DemoClip("wide", 0.0, (Shot(0, Framing.WIDE),)),
    DemoClip("close-up", 8.0, (Shot(0, Framing.CLOSE_UP, (0,), Follow(side=(0.14, 0.10))),)),
    DemoClip("ballad", 22.0, SHOTS),
    DemoClip("chorus", 40.0, SHOTS),
)
"""A camera that stands, one on a face, and two parts with the demo's own cuts."""


def render_clip(clip: DemoClip, seconds: float = CLIP_S) -> NDArray[np.uint8]:
    """Return a clip's luma planes, (pictures, 720, 1280), limited range.

    Args:
        clip: which part of the demo.
        seconds: its length.

    Raises:
        RendererError: the demo's files cannot be read, or nothing can be drawn.
    """
    with TemporaryDirectory() as folder:
        plan = DuetPlan(
            Path(folder) / "clip.mp4",
            start=clip.beat,
            beats=seconds * BPM / 60.0,
            size=RENDERED,
            has_titles=False,
            has_label=False,
            staging=replace(STAGING, shots=clip.shots),
        )
        with Duet(plan, lambda _: None) as duet:
            planes = []
            for number, frame in enumerate(plan.frames):
                duet.draw(frame, number)
                if (made := duet.renderer.collect(PROGRAM)) is not None:
                    planes.append(made.planes[: RENDERED[1]].copy())
            planes += [made.planes[: RENDERED[1]].copy() for made in duet.renderer.finish(PROGRAM)]
    return np.array(planes)


def render_clips(
    folder: Path, notify: Callable[[str], None], seconds: float = CLIP_S
) -> dict[str, NDArray[np.uint8]]:
    """Return all clips' luma by name; those that a folder contains already are read from it.

    Args:
        folder: where the clips are kept as `.npy` files for the next time.
        notify: called with each step.
        seconds: length of each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    clips = {}
    for clip in CLIPS:
        path = folder / f"{clip.name}.npy"
        if not path.exists():
            notify(f"rendering {clip.name}: {seconds * FPS:.0f} pictures")
            np.save(path, render_clip(clip, seconds))
        clips[clip.name] = np.load(path, mmap_mode="r")
    return clips


def scale_pictures(pictures: NDArray[np.uint8], height: int) -> NDArray[np.uint8]:
    """Return pictures scaled to a height, with the same ratio of their sides."""
    width = round(height * pictures.shape[2] / pictures.shape[1] / 2) * 2
    if height == pictures.shape[1]:
        return np.array(pictures)
    return np.array(
        [cv2.resize(one, (width, height), interpolation=cv2.INTER_AREA) for one in pictures]
    )
