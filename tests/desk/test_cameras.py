"""A tile for every camera: what is said of it, and that it stands in the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog
from statuses import status_with

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.cameras.model import tiles_of
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.formatting import Level
from renderer.protocol.inputs import (
    CameraPoints,
    CameraState,
    CameraStatus,
    ChangeCamera,
    PerformerPoints,
    ReopenCamera,
)
from renderer.protocol.performers import PerformerStatus
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

BODY = PerformerPoints([0.5, 0.25] * 33)
REN, MAI, KIM = (PerformerStatus(k, name) for k, name in enumerate(("Ren", "Mai", "Kim")))
WIDE = CameraStatus("stage.mp4", CameraState.SEEING, "", 29.97, 41.6, 3, [0, 1])
CLOSE = CameraStatus("rtsp://10.0.0.7/wing", CameraState.SEEING, "", 25.0, 30.2, 0, [2])
POINTS = [CameraPoints([BODY, BODY]), CameraPoints([BODY])]


def seen_by(status: Status, *cameras: CameraStatus) -> Status:
    return status_with(
        status, cameras=list(cameras), performers=[REN, MAI, KIM], points=POINTS[: len(cameras)]
    )


def test_each_camera_tells_whom_it_sees_and_how_fast(status: Status) -> None:
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
def test_a_camera_s_trouble_is_told_with_its_reason(
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


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.change(
        performers=[REN, MAI, KIM], points=POINTS, program=show.picture("program", 64, 36, 200)
    )
    show.show_cameras(WIDE, CLOSE)
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path))
    qtbot.addWidget(window)
    window.show()
    window.start()
    return window


def until_seen(qtbot: QtBot, show: Show, window: DeskWindow, cameras: int) -> None:
    def seen() -> bool:
        show.tick()
        tiles = window.cameras.tiles
        return len(tiles) == cameras and all(tile.picture.has_picture for tile in tiles)

    qtbot.waitUntil(seen, timeout=10_000)


def test_cameras_come_and_go(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    until_seen(qtbot, show, window, 2)
    for count in (4, 1, 3):
        show.show_cameras(*[WIDE] * count)
        until_seen(qtbot, show, window, count)
        tiles = window.cameras.tiles
        qtbot.waitUntil(lambda tiles=tiles: all(tile.isVisible() for tile in tiles))
        boxes = [tile.geometry() for tile in tiles]
        inside = window.cameras.rect()
        assert all(inside.contains(box) for box in boxes)
        apart = [a.intersects(b) for k, a in enumerate(boxes) for b in boxes[:k]]
        assert not any(apart)


def test_one_camera_fills_the_column(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    show.show_cameras(WIDE)
    until_seen(qtbot, show, window, 1)
    (tile,) = window.cameras.tiles
    assert (tile.picture.width(), tile.picture.height()) == (388, 218)


def test_a_click_shows_a_camera_large_and_another_all_of_them(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    until_seen(qtbot, show, window, 2)
    first, second = window.cameras.tiles
    width = second.picture.width()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.picture.width() > 1.9 * width)
    assert not first.isVisible()
    qtbot.mouseClick(second, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: second.picture.width() == width)
    assert first.isVisible()


def test_a_camera_is_changed_by_its_menu_where_the_show_can(
    qtbot: QtBot, show: Show, window: DeskWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    show.show_cameras(WIDE, msgspec.structs.replace(CLOSE, changeable=True))
    until_seen(qtbot, show, window, 2)
    first, second = window.cameras.tiles
    qtbot.waitUntil(lambda: show.tick() or second.more.isEnabled(), timeout=10_000)
    assert not first.more.isEnabled()
    second.reopen.trigger()
    for given in (("rtsp://10.0.0.9/wing ", True), ("", True), ("camera:7", False)):
        monkeypatch.setattr(QInputDialog, "getText", lambda *_, given=given: given)
        second.change.trigger()
    asked = [ReopenCamera(1), ChangeCamera(1, "rtsp://10.0.0.9/wing")]
    qtbot.waitUntil(lambda: show.tick() or len(show.heard) == 2, timeout=10_000)
    assert show.heard == asked, "what was left or left empty is not asked"


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("cameras", [1, 2, 4])
def test_nothing_stands_over_anything(
    qtbot: QtBot, show: Show, window: DeskWindow, width: int, height: int, cameras: int
) -> None:
    show.show_cameras(*[WIDE] * cameras)
    window.resize(width, height)
    until_seen(qtbot, show, window, cameras)
    qtbot.waitUntil(lambda: window.tabs.height() > 120)
    assert (window.width(), window.height()) == (width, height), "it all fits"
    column = [window.cameras, window.tabs, window.controls]
    tops = [widget.mapTo(window, widget.rect().topLeft()).y() for widget in column]
    ends = [widget.mapTo(window, widget.rect().bottomLeft()).y() for widget in column]
    assert all(end < top for end, top in zip(ends, tops[1:], strict=False))
