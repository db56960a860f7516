"""Test two performers in one show: an idol each, on one stage, in one take."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest

from avatars import load_avatar
from renderer.capture.records import Observation
from renderer.motion.core.sources import Source
from renderer.motion.takes.read import open_take
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL, IDOL_2, SONG
from renderer.protocol.alarms import Alarms
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.event_log import EventLog
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes

Start = Callable[..., subprocess.Popen[str]]
SMALL = ("--size", "256x144")
FRAMES = 30
STEP = 33_333_333


def standing(number: int, performer: int) -> Observation:
    """Return a full-body performer, the first on the picture's left, the second on its right."""
    random = np.random.default_rng(4)
    world = np.zeros((33, 3), np.float32)
    heights = {
        0: -0.65,
        11: -0.5,
        13: -0.25,
        15: 0.0,
        23: 0.0,
        25: 0.42,
        27: 0.85,
        29: 0.9,
        31: 0.9,
    }
    for row, y in heights.items():
        for side in range(2):
            if row + side < 33:
                x = (0.0 if row == 0 else 0.17 if row < 23 else 0.1) * (1 - 2 * side)
                world[row + side] = (x, y, 0.0)
    world += random.normal(scale=0.002, size=world.shape).astype(np.float32)
    pose = np.zeros((33, 3), np.float32)
    middle = 0.3 + 0.4 * performer
    pose[:, :2] = world[:, :2] * 200 / (640, 480) + np.array([middle, 0.5])
    seen = np.ones(33, np.float32)
    return Observation(
        number * STEP, number, (640, 480), pose=pose, pose_world=world, visibility=seen,
        performer=performer,
    )  # fmt: skip


@pytest.fixture
def duet(tmp_path: Path) -> Path:
    path = tmp_path / "duet.mcap"
    with TakeWriter(path, {}) as writer:
        for number in range(FRAMES):
            for performer in range(2):
                writer.put(Source.CAMERA, standing(number, performer), performer)
    return path


def show(start: Start, *words: str | Path) -> None:
    process = start("show", *words, *SMALL)
    out, err = process.communicate(timeout=180)
    assert process.returncode == 0, out + err


def test_each_performer_has_an_idol_and_all_are_kept(
    start: Start, duet: Path, tmp_path: Path
) -> None:
    film, take, report = (tmp_path / name for name in ("duet.mp4", "again.mcap", "report.json"))
    show(
        start, "--input", duet, "--avatar", IDOL, "--avatar", IDOL_2, "--record", film,
        "--take", take, "--report", report, "--performer", "Ren, Mai", "--voice", f"Mai={SONG}",
    )  # fmt: skip
    told = json.loads(report.read_text())
    assert told["frames"] == told["input_frames"] == told["seen_frames"] == FRAMES
    assert told["others_seen_frames"] == [FRAMES]
    assert " and " in told["avatar"]
    kept = list(open_take(take).entries())
    seen = [(entry.performer, entry.t_ns) for entry in kept if entry.source is Source.CAMERA]
    assert seen == [(who, number * STEP) for number in range(FRAMES) for who in range(2)]
    posed = [entry.performer for entry in kept if entry.source is Source.POSED]
    assert posed == [0, 1] * FRAMES
    heard = [entry.performer for entry in kept if entry.source is Source.VOICE]
    assert heard == [1] * len(heard) and len(heard) > 90
    with av.open(str(film)) as file:
        assert sum(1 for _ in file.decode(video=0)) == FRAMES


def test_idols_stand_where_their_performers_do(duet: Path) -> None:
    avatar = load_avatar(IDOL)
    feed = TakeFeed(duet, live=False)
    plan = ShowPlan((str(duet),), (IDOL,), None, Declaration(""))
    with Cast(
        plan,
        [(feed, 2)],
        [avatar],
        StageTimes(),
        lambda _: duet,
        Containment(Alarms(), EventLog(), live=False),
    ) as cast:
        for number in range(FRAMES):
            cast.advance(number * STEP)
            cast.pose_at(number * STEP)
        left, right = (one.instance.world[avatar.bones["hips"], :3, 3] for one in cast.performers)
    # 0.4 of 640 pixels apart, at 200 pixels per metre, for legs of about that length.
    assert right[0] - left[0] == pytest.approx(1.28, rel=0.25)
    assert left[0] == pytest.approx(-right[0], abs=0.2)
    assert left[2] == pytest.approx(right[2], abs=0.15)
