"""Draw the frames of the duet that the documentation shows, each camera once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from avatars.authoring.dance import score
from renderer.errors import OutputError
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.protocol.pictures import PROGRAM
from renderer.tools.dancer import FPS
from renderer.tools.duet import Duet, DuetPlan, Notify, keep_still

WIDE_SIZE: Final = (1280, 720)
UPRIGHT_SIZE: Final = (720, 1280)
SAMPLES: Final = 4
"""Of multisampling, as on a GPU."""
QUALITIES: Final = {"full": FULL, "software": SOFTWARE}


@dataclass(frozen=True, slots=True)
class DocumentedFrame:
    """A frame of the documentation.

    Attributes:
        name: of its file.
        beat: of the song.
        size: of the picture, pixels.
        has_titles: whether lyrics and the disclosure label are in it, as on air.
    """

    name: str
    beat: float
    size: tuple[int, int] = WIDE_SIZE
    has_titles: bool = False


FRAMES: Final = (
    DocumentedFrame("wide", 3.0),
    DocumentedFrame("full", 18.8),
    DocumentedFrame("bust", 10.6),
    DocumentedFrame("over-shoulder", 41.0),
    DocumentedFrame("ballad", 25.7),
    DocumentedFrame("close-up", 53.4),
    DocumentedFrame("chorus", 44.4),
    DocumentedFrame("reverse", 35.0),
    DocumentedFrame("crowd", 36.8),
    DocumentedFrame("vertical", 44.4, UPRIGHT_SIZE, has_titles=True),
)
"""In the order of the page; each within another shot of the staging."""


def draw_frames(
    folder: Path, quality: Quality, notify: Notify, frames: Iterable[DocumentedFrame] = FRAMES
) -> None:
    """Draw the frames into a folder, as JPEG files.

    Args:
        folder: where; it is made if it is missing.
        quality: of effects.
        notify: called with progress messages.
        frames: which; those of one kind in a row share a renderer.

    Raises:
        RendererError: an idol may not or cannot dance, or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise OutputError(
            str(folder), f"cannot be made ({fault.strerror})", "choose another folder"
        ) from fault
    samples = SAMPLES if quality is FULL else None
    for (size, has_titles), group in groupby(frames, lambda one: (one.size, one.has_titles)):
        plan = DuetPlan(
            folder / "frames.png", size=size, has_titles=has_titles, has_label=has_titles
        )
        with Duet(plan, notify, quality=quality, samples=samples) as duet:
            for frame in group:
                file = folder / f"{frame.name}.jpg"
                duet.draw_still(round(frame.beat * 60.0 / score.BPM * FPS))
                keep_still(duet.work.mark(duet.picture(PROGRAM)), file)
                duet.work.sign(file)
                notify(f"{file}: beat {frame.beat:g}, {size[0]}×{size[1]}")
