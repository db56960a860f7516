"""Test the sheet of a clip's frames beside the avatar's close-up."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.cli import main
from renderer.motion.body.idle import idle_motion
from renderer.motion.core.records import Motion
from renderer.paths import CLIP
from renderer.tools.face_sheet import CELL, choose_evenly, choose_strongest


def motions(*smiles: float) -> list[Motion]:
    idle = idle_motion(0, np.zeros(3, np.float32), 1.0)
    out = []
    for smile in smiles:
        shapes = np.zeros(len(ARKIT), np.float32)
        shapes[ARKIT_INDEX["mouthSmileLeft"]] = smile
        out.append(replace(idle, expressions=shapes))
    return out


def test_frames_are_spaced_evenly_and_each_is_drawn_once() -> None:
    assert choose_evenly(motions(*[0.0] * 9), 3) == [0, 4, 8]
    assert choose_evenly(motions(0.0, 0.0), 12) == [0, 1]


def test_the_strongest_expressions_that_differ_are_chosen_in_the_order_of_time() -> None:
    clip = motions(0.0, 0.9, 0.95, 0.4, 0.0)
    frown = np.zeros(len(ARKIT), np.float32)
    frown[ARKIT_INDEX["mouthFrownLeft"]] = 0.7
    clip[4] = replace(clip[4], expressions=frown)
    assert choose_strongest(clip, 2) == [2, 4]
    assert choose_strongest(motions(0.0, 0.0), 2) == []


def test_the_command_draws_a_pair_for_each_frame(tmp_path: Path) -> None:
    clip, sheet = tmp_path / "short.mp4", tmp_path / "faces.png"
    with av.open(str(CLIP)) as source, av.open(str(clip), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height = source.streams.video[0].width, source.streams.video[0].height
        for frame in islice(source.decode(video=0), 4):
            out.mux(stream.encode(frame.reformat(format="yuv420p")))
        out.mux(stream.encode())
    assert main(["sheet", str(clip), "--frames", "2", "-o", str(sheet)]) == 0
    with Image.open(sheet) as drawn:
        picture = np.asarray(drawn.convert("RGB"))
    assert picture.shape[1] == 4 * CELL and picture.shape[0] > CELL
    # Performer and avatar in both pairs: none of the four is of one colour.
    for k in range(4):
        assert picture[:CELL, k * CELL : (k + 1) * CELL].std() > 15.0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no.mp4"], "no.mp4"),
        (["no.mp4", "-o", "sheet.jpg"], "sheet.jpg"),
        (["no.mp4", "--frames", "0"], "Frames 0"),
        (["no.mp4", "--expressiveness", "2"], "Expressiveness 2"),
    ],
)
def test_what_cannot_be_drawn_is_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sheet", *words]) == 2
    assert told in capsys.readouterr().err
