"""Whole shows with an upright view, by the real command: both films are whole, and part alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest

from renderer.bench.faults.inputs import write_standing_performer
from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.media_group import MediaGroup
from renderer.output.output_words import parse_output
from renderer.paths import LYRICS, SONG
from renderer.processes.find import find_named_children

Start = Callable[..., subprocess.Popen[str]]
SMALL = ("--size", "256x144", "--rate", "20")


def film(path: Path) -> tuple[list[npt.NDArray[np.uint8]], bool]:
    """The pictures of a recording, and whether it has sound."""
    with av.open(str(path)) as file:
        pictures = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    with av.open(str(path)) as file:
        heard = max(float(np.abs(frame.to_ndarray()).max()) for frame in file.decode(audio=0))
    return pictures, heard > 0.01


@pytest.fixture
def dancer(tmp_path: Path) -> Path:
    return write_standing_performer(tmp_path / "still.vrma", 60)


def test_a_show_records_an_upright_view_beside_the_program(
    start: Start, dancer: Path, tmp_path: Path
) -> None:
    short = write_standing_performer(tmp_path / "short.vrma", 2)
    wide, tall, report = (tmp_path / name for name in ("w.mp4", "t.mp4", "report.json"))
    show = start(
        "show", "--input", short, "--song", SONG, "--record", wide, "--record", f"vertical:{tall}",
        "--lyrics", LYRICS[0], "--disclosure", "Virtual performance", "--report", report, *SMALL,
    )  # fmt: skip
    out, err = show.communicate(timeout=150)
    assert show.returncode == 0, out + err
    outputs = {one["address"]: one for one in json.loads(report.read_text())["outputs"]}
    assert set(outputs) == {str(wide), f"vertical:{tall}"}
    counts = []
    for path, shape in ((wide, (144, 256, 3)), (tall, (256, 144, 3))):
        pictures, has_sound = film(path)
        assert pictures[0].shape == shape
        assert has_sound
        counts.append(len(pictures))
        # The label stands in the upper left of each.
        assert pictures[-1][: shape[0] // 6].max() > 200
    assert counts[0] == counts[1] > 30


def test_when_the_vertical_encoder_dies_the_program_goes_on(
    start: Start, dancer: Path, tmp_path: Path
) -> None:
    wide, tall, report = (tmp_path / name for name in ("w.mp4", "t.mp4", "report.json"))
    show = start(
        "show", "--input", dancer, "--live", "--record", wide, "--record", f"vertical:{tall}",
        "--report", report, *SMALL,
    )  # fmt: skip
    deadline = time.monotonic() + 60.0
    while not (tall.exists() and tall.stat().st_size > 20_000):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.kill(find_named_children(show.pid)["vertical media"].pid, signal.SIGKILL)
    killed = wide.stat().st_size
    while wide.stat().st_size < killed + 20_000:
        assert time.monotonic() < deadline + 60.0
        time.sleep(0.05)
    show.send_signal(signal.SIGINT)
    out, err = show.communicate(timeout=90)
    told = json.loads(report.read_text())
    states = {one["address"]: one["state"] for one in told["outputs"]}
    upright = states.pop(f"vertical:{tall}")
    assert states == {str(wide): "ended"}, out + err
    # It went on and its parts were joined, or the show ended before that.
    assert upright in ("ended", "interrupted")
    assert "cannot be signed" not in err
    assert any(alarm["id"].startswith("output.vertical/") for alarm in told["alarms"])
    seconds = {one["address"]: one["seconds"] for one in told["outputs"]}
    assert seconds[str(wide)] > seconds[f"vertical:{tall}"] - 0.025  # half a frame
    with av.open(str(wide)) as file:
        assert sum(1 for _ in file.decode(video=0)) >= 2


def test_an_output_of_a_view_that_is_not_drawn_is_refused() -> None:
    group = MediaGroup(MediaProcess(64, 64, 30, live=False))
    with pytest.raises(OutputError, match="the vertical view, which this show does not draw"):
        group.add_all([parse_output("vertical:show.mp4")])
