"""Test shows that draw over transparency, for keying."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output, parse_recording
from renderer.paths import IDOL, SONG
from renderer.rights.declaration import Declaration
from renderer.show.control.monitor import Monitor
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import find_plan_faults
from renderer.transport.pixel_layout import PixelLayout

Start = Callable[..., subprocess.Popen[str]]


def test_a_keyed_show_records_the_idol_over_transparency_with_its_song(
    start: Start, tmp_path: Path
) -> None:
    performer = write_standing_performer(tmp_path / "still.vrma", 1)
    wide, tall = tmp_path / "wide.mov", tmp_path / "tall.mov"
    show = start(
        "show", "--input", performer, "--song", SONG, "--alpha", "--record", wide,
        "--record", f"vertical:{tall}", "--size", "256x144", "--rate", "20",
    )  # fmt: skip
    out, err = show.communicate(timeout=150)
    assert show.returncode == 0, out + err
    counts = []
    for path, (width, height) in ((wide, (256, 144)), (tall, (144, 256))):
        with av.open(str(path)) as file:
            frames = [one.to_ndarray(format="rgba") for one in file.decode(video=0)]
        with av.open(str(path)) as file:
            assert max(float(np.abs(one.to_ndarray()).max()) for one in file.decode(audio=0)) > 0.01
        counts.append(len(frames))
        last = frames[-1]
        assert last.shape == (height, width, 4)
        alpha = last[..., 3]
        assert alpha[:, : width // 16].max() <= 2
        # The idol is opaque and lit, and neither a slate nor a silhouette.
        assert (alpha > 250).mean() > 0.02
        assert last[alpha > 250][:, :3].max() > 120
    assert counts[0] == counts[1] >= 18


@pytest.mark.parametrize("word", ["a.mp4", "rtmp://host/app/key", "hls:folder", "vertical:a.mp4"])
def test_a_codec_without_alpha_is_refused_in_a_keyed_show(word: str) -> None:
    spec = parse_output(word)
    with pytest.raises(OutputError, match=r"keeps no alpha; record a file ending in \.mov"):
        MediaProcess(64, 64, 30, live=False, has_alpha=True).add_all([spec])
    plan = ShowPlan(
        ("camera:0",), (IDOL,), None, Declaration(""), recordings=(spec,), is_keyed=True
    )
    assert any("keeps no alpha" in str(fault) for fault in find_plan_faults(plan))


def test_a_file_with_alpha_is_refused_in_any_other_show(tmp_path: Path) -> None:
    spec = parse_recording(str(tmp_path / "a.mov"))
    with pytest.raises(OutputError, match="add --alpha"):
        MediaProcess(64, 64, 30, live=False).add_all([spec])
    plan = ShowPlan(("camera:0",), (IDOL,), None, Declaration(""), recordings=(spec,))
    assert any("the show draws none" in str(fault) for fault in find_plan_faults(plan))


def test_the_desk_shows_a_keyed_frame_over_a_checkerboard() -> None:
    pixels = np.zeros((32, 64, 4), np.uint8)
    pixels[:, 32:] = 250, 20, 10, 255
    shown = Monitor(64, 32).convert(pixels.reshape(32, 256), PixelLayout.RGBA)
    assert np.abs(shown[:, 33:].astype(int) - (250, 20, 10)).max() <= 1
    board = shown[:, :31]
    assert len(np.unique(board.reshape(-1, 3), axis=0)) == 2
    assert (board[..., 0] == board[..., 1]).all()
