"""Test the tile of each camera: its texts, and its place in the window."""

from __future__ import annotations

import msgspec
import pytest
from statuses import status_with

from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.cameras.model import tiles_of
from renderer.desk.widgets.formatting import Level
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    PerformerPoints,
)
from renderer.protocol.performers import PerformerStatus
from renderer.protocol.status import Status

BODY = PerformerPoints([0.5, 0.25] * 33)
REN, MAI, KIM = (PerformerStatus(k, name) for k, name in enumerate(("Ren", "Mai", "Kim")))
WIDE = CameraStatus("stage.mp4", CameraState.SEEING, "", 29.97, 41.6, 3, [0, 1])
CLOSE = CameraStatus("rtsp://10.0.0.7/wing", CameraState.SEEING, "", 25.0, 30.2, 0, [2])
POINTS = [CameraPoints([BODY, BODY]), CameraPoints([BODY])]


def seen_by(status: Status, *cameras: CameraStatus) -> Status:
    return status_with(
        status, cameras=list(cameras), performers=[REN, MAI, KIM], points=POINTS[: len(cameras)]
    )


def test_each_camera_shows_its_performers_and_rate(status: Status) -> None:
    wide, close = tiles_of(seen_by(status, WIDE, CLOSE), is_known=True)
    assert (wide.caption, wide.state, wide.level) == ("1  stage.mp4", "seeing", Level.GOOD)
    assert (wide.figures, wide.serves) == ("30.0 fps · 42 ms", "Ren, Mai")
    assert "3 frames came too late" in wide.detail
    assert [tag.text for tag in wide.landmarks.tags] == ["Ren", "Mai"]
    assert (close.figures, close.serves) == ("25.0 fps · 30 ms", "Kim")
    assert [tag.text for tag in close.landmarks.tags] == ["Kim"]


def test_one_camera_has_no_number_and_a_file_no_latency(status: Status) -> None:
    offline = msgspec.structs.replace(WIDE, latency_ms=0.0)
    (tile,) = tiles_of(seen_by(status, offline), is_known=True)
    assert tile.caption == "stage.mp4"
    assert tile.figures == "30.0 fps"


@pytest.mark.parametrize(
    ("state", "words", "level"),
    [
        (CameraState.OPENING, "opening", Level.WARN),
        (CameraState.EMPTY, "nobody seen", Level.WARN),
        (CameraState.SILENT, "no picture comes", Level.BAD),
        (CameraState.RECONNECTING, "reconnecting", Level.BAD),
        (CameraState.ENDED, "ended", Level.IDLE),
    ],
)
def test_a_camera_s_trouble_is_reported_with_its_reason(
    status: Status, state: CameraState, words: str, level: Level
) -> None:
    why = "rtsp://kim:secret@10.0.0.7/wing cannot be watched"
    camera = msgspec.structs.replace(CLOSE, state=state, detail=why)
    (tile,) = tiles_of(seen_by(status, camera), is_known=True)
    assert (tile.state, tile.level) == (words, level)
    assert "cannot be watched" in tile.detail
    assert "secret" not in tile.detail + tile.caption
    assert bool(tile.figures) == (state is CameraState.EMPTY), "no rate of what does not come"


def test_of_a_silent_show_nothing_is_promised(status: Status) -> None:
    (tile,) = tiles_of(seen_by(status, WIDE), is_known=False)
    assert (tile.level, tile.figures, tile.landmarks) == (Level.IDLE, "", Landmarks())
    assert tile.serves == "Ren, Mai", "what does not change stays readable"


def test_sections_that_do_not_fit_each_other_are_borne(status: Status) -> None:
    odd = msgspec.structs.replace(WIDE, performers=[0, 9])
    (tile,) = tiles_of(seen_by(status, odd), is_known=True)
    assert tile.serves == "Ren"
