"""Test the outputs panel: rows, causes of losses, and start, stop, retry by mouse and keyboard."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.outputs.model import PLANNED, RETRY, START, STOP, output_rows
from renderer.desk.panels.outputs.view import OutputsView
from renderer.desk.shell.window import DeskWindow
from renderer.protocol.outputs import (
    Drops,
    GoLive,
    OutputsHealth,
    OutputState,
    OutputStatus,
    RetryOutput,
    StartOutput,
    StateChange,
    StopOutput,
)
from renderer.protocol.pictures import AskPicture
from renderer.protocol.show import ShowState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

STREAM = OutputStatus("rtmp-1", "rtmp", "rtmp://h/app/…", OutputState.RUNNING, kbit_s=5980.2)
LOST = OutputStatus(
    "rtmp-2", "rtmp", "rtmp://b/app/…", OutputState.RETRYING, "refused",
    drops=Drops(0, 2, 931), history=[StateChange(OutputState.RETRYING, 1.0)] * 3,
)  # fmt: skip
FILE = OutputStatus("mp4-1", "mp4", "a.mp4", OutputState.RUNNING, kbit_s=31_000.0, room_s=15_000.0)
OVER = OutputStatus("hls-1", "hls", "hls/main", OutputState.ENDED)


def test_each_row_tells_rate_losses_cause_and_room() -> None:
    rows = output_rows(OutputsHealth([STREAM, LOST, FILE, OVER], planned=["late"]), is_known=True)
    by = {row.name: row for row in rows}
    assert by["rtmp-1"].rate == "5\N{NO-BREAK SPACE}980"
    assert (by["rtmp-2"].cause, by["rtmp-2"].is_short) == ("encode 2, network 931", True)
    assert (by["rtmp-2"].dropped, by["rtmp-2"].reconnects) == ("933", "3")
    assert (by["mp4-1"].cause, by["mp4-1"].is_short) == ("4 h 10 left", False)
    buttons = {name: row.buttons for name, row in by.items()}
    assert buttons["rtmp-1"] == (RETRY, STOP)
    assert buttons["mp4-1"] == (STOP,), "a recording cannot be opened again"
    assert buttons["hls-1"] == buttons["late"] == (START,)
    assert by["late"].state == PLANNED


def test_an_output_started_again_has_one_row() -> None:
    again = OutputStatus("hls-2", "hls", "hls/main", OutputState.RUNNING)
    rows = output_rows(OutputsHealth([OVER, again]), is_known=True)
    assert [row.name for row in rows] == ["hls-2"]


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.change(state=ShowState.ON_AIR, alarms=[], warnings=[])
    show.status = show.status.with_sections([OutputsHealth([STREAM, LOST, OVER])])
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    window.start()
    window.desk.set_perspective("outputs")
    wait(qtbot, show, lambda: len(view(window).list.rows) == 3)
    wait(qtbot, show, lambda: window.top.lamp.word == "ON AIR")
    return window


def view(window: DeskWindow) -> OutputsView:
    found = window.perspective.views["outputs"]
    assert isinstance(found, OutputsView)
    return found


def wait(qtbot: QtBot, show: Show, there: object) -> None:
    assert callable(there)
    qtbot.waitUntil(lambda: show.tick() or there(), timeout=60_000)


def told(show: Show) -> list[object]:
    return [one for one in show.heard if not isinstance(one, AskPicture)]


def click(qtbot: QtBot, window: DeskWindow, place: int, id: str) -> None:
    box = view(window).list.button_places(place)[id]
    at = QPoint(round(box.center().x()), round(box.center().y()))
    qtbot.mouseClick(view(window).list, Qt.MouseButton.LeftButton, pos=at)


def press(qtbot: QtBot, window: DeskWindow, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def test_an_output_is_added_killed_and_retried_by_mouse(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    address = "rtmp://third/app/secret"
    qtbot.mouseClick(view(window).address, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(view(window).address, address)
    qtbot.keyClick(view(window).address, Qt.Key.Key_Return)
    wait(qtbot, show, lambda: told(show) == [StartOutput(address)])
    third = OutputStatus("rtmp-3", "rtmp", "rtmp://third/app/…", OutputState.RUNNING)
    show.status = show.status.with_sections([OutputsHealth([STREAM, LOST, OVER, third])])
    wait(qtbot, show, lambda: len(view(window).list.rows) == 4)
    # Its server is killed.
    third = OutputStatus("rtmp-3", "rtmp", "rtmp://third/app/…", OutputState.RETRYING, "reset")
    show.status = show.status.with_sections([OutputsHealth([STREAM, LOST, OVER, third])])
    wait(qtbot, show, lambda: view(window).list.rows[3].word == "retrying")
    click(qtbot, window, 3, RETRY)
    wait(qtbot, show, lambda: told(show)[1:] == [RetryOutput("rtmp-3")])
    click(qtbot, window, 3, STOP)
    click(qtbot, window, 0, STOP)
    assert not window.desk.board.states[STOP].value.armed or len(told(show)) == 2
    click(qtbot, window, 0, STOP)
    wait(qtbot, show, lambda: len(told(show)) == 3)
    assert told(show)[2] == StopOutput("rtmp-1"), "a first press on another row does not count"


def test_an_output_is_added_stopped_and_started_by_keyboard(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_N)
    assert view(window).address.hasFocus()
    qtbot.keyClicks(view(window).address, "rtmp://third/app/x")
    press(qtbot, window, Qt.Key.Key_Return)
    wait(qtbot, show, lambda: told(show) == [StartOutput("rtmp://third/app/x")])
    press(qtbot, window, Qt.Key.Key_Down)
    assert window.desk.selected_output.value == "rtmp-1"
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Y)
    press(qtbot, window, Qt.Key.Key_X)
    press(qtbot, window, Qt.Key.Key_X)
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Return)
    expected = [RetryOutput("rtmp-2"), StopOutput("rtmp-2"), StartOutput("hls/main")]
    wait(qtbot, show, lambda: told(show)[1:] == expected)


def test_an_address_typed_before_air_goes_live(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    show.change(state=ShowState.PREVIEW)
    wait(qtbot, show, lambda: window.top.lamp.word == "OFF AIR")
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Down)
    press(qtbot, window, Qt.Key.Key_Return)
    assert "not on air" in window.desk.note.value.text
    press(qtbot, window, Qt.Key.Key_N)
    qtbot.keyClicks(view(window).address, "rtmp://third/app/x")
    press(qtbot, window, Qt.Key.Key_Return)
    wait(qtbot, show, lambda: told(show) == [GoLive("rtmp://third/app/x", without_failed=True)])
