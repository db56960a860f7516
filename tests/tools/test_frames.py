"""The documentation's frames: one of each camera, all on the page, small enough to load."""

from __future__ import annotations

import re
from bisect import bisect_right
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.errors import OutputError
from renderer.graphics.quality import SOFTWARE
from renderer.stage.cameras.framing import Framing
from renderer.tools.duet_staging import SHOTS
from renderer.tools.frames import FRAMES, DocumentedFrame, draw_frames

DOCS = Path(__file__).resolve().parents[2] / "docs"
MOST_BYTES = 3_000_000


def test_every_framing_has_its_frame_within_its_shot() -> None:
    beats = [shot.beat for shot in SHOTS]
    shots = [SHOTS[bisect_right(beats, frame.beat) - 1] for frame in FRAMES]
    assert {shot.framing for shot in shots} >= set(Framing) - {Framing.COWBOY}
    # No frame is drawn at a cut, where its camera does not move yet.
    assert all(frame.beat - shot.beat > 0.3 for frame, shot in zip(FRAMES, shots, strict=True))


def test_the_page_shows_all_frames_and_they_are_there() -> None:
    shown = re.findall(r"\]\(frames/([\w-]+)\.jpg\)", (DOCS / "frames.md").read_text())
    assert shown == [frame.name for frame in FRAMES]
    size = 0
    for frame in FRAMES:
        file = DOCS / "frames" / f"{frame.name}.jpg"
        with Image.open(file) as picture:
            assert picture.size == frame.size
        size += file.stat().st_size
    assert size < MOST_BYTES


def test_a_frame_is_drawn_into_a_new_folder(tmp_path: Path) -> None:
    told: list[str] = []
    frame = DocumentedFrame("small", 33.0, (256, 144))
    draw_frames(tmp_path / "new", SOFTWARE, told.append, [frame])
    with Image.open(tmp_path / "new" / "small.jpg") as picture:
        assert picture.size == (256, 144)
        assert np.asarray(picture).std() > 20
    assert told == [f"{tmp_path / 'new' / 'small.jpg'}: beat 33, 256×144"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be made"):
        draw_frames(tmp_path / "file" / "below", SOFTWARE, print, FRAMES[:1])
