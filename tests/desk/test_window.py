"""Test the window offscreen with a real show at the other end, by mouse and by keyboard."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from renderer.desk.actions.desk_actions import PERSPECTIVES
from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.monitors.view import MonitorsView
from renderer.desk.panels.shots.view import ShotsView
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.monitor import Monitor
from renderer.protocol.alarms import AcknowledgeAlarm, Alarm, Severity
from renderer.protocol.cues import (
    CueListStatus,
    CuesHealth,
    CutCamera,
    Go,
    Panic,
    SetAutoDirector,
    StandByCue,
    TakePreview,
)
from renderer.protocol.document import DocumentContent
from renderer.protocol.outputs import GoLive, StopLive
from renderer.protocol.pictures import AskPicture
from renderer.protocol.show import EndShow, ShowState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

DATA = {
    "cameras": [{"number": 1, "name": "Hall"}, {"number": 4, "name": "Close"}],
    "cue_lists": [
        {
            "name": "Main",
            "cues": [
                {"number": "1", "name": "Open", "trigger": {"on": "go"}},
                {"number": "2", "name": "Chorus", "trigger": {"on": "beat", "at": "9:1"}},
                {"number": "3", "name": "End", "trigger": {"on": "follow"}},
            ],
        }
    ],
    "songs": [{"name": "Tide", "sections": [{"kind": "verse", "bar": 1}]}],
}


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.status = show.status.with_sections(
        [
            CuesHealth(
                lists=[CueListStatus("Main", "2", "Chorus")], camera=1, preview=4, song="Tide"
            ),
            DocumentContent(1, DATA),
        ]
    )
    show.change(program=show.picture("program", 64, 36, 200))
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.start()
    qtbot.waitUntil(lambda: show.tick() or monitors(window).program.has_picture, timeout=10_000)
    return window


def monitors(window: DeskWindow) -> MonitorsView:
    view = window.perspective.views["monitors"]
    assert isinstance(view, MonitorsView)
    return view


def heard(qtbot: QtBot, show: Show, *commands: object) -> None:
    """Wait until the show has heard these commands, and no others but for pictures."""

    def told() -> list[object]:
        show.tick()
        return [one for one in show.heard if not isinstance(one, AskPicture)]

    qtbot.waitUntil(lambda: len(told()) >= len(commands), timeout=10_000)
    assert told() == list(commands)


def wait(qtbot: QtBot, show: Show, there: object) -> None:
    assert callable(there)
    qtbot.waitUntil(lambda: show.tick() or there(), timeout=10_000)


def type_key(qtbot: QtBot, window: DeskWindow, key: Qt.Key, mods: object = None) -> None:
    modifier = mods if mods is not None else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


CTRL = Qt.KeyboardModifier.ControlModifier


def test_an_evening_by_keyboard_alone(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    type_key(qtbot, window, Qt.Key.Key_L, CTRL)
    heard(qtbot, show, GoLive())
    show.change(state=ShowState.ON_AIR)
    wait(qtbot, show, lambda: window.top.lamp.word == "ON AIR")
    show.heard.clear()
    type_key(qtbot, window, Qt.Key.Key_Space)
    type_key(qtbot, window, Qt.Key.Key_Return)
    type_key(qtbot, window, Qt.Key.Key_D)
    type_key(qtbot, window, Qt.Key.Key_2)
    type_key(qtbot, window, Qt.Key.Key_A)
    type_key(qtbot, window, Qt.Key.Key_Down)
    heard(
        qtbot, show, Go("Main"), TakePreview(), TakePreview(0.5), CutCamera(4, preview=True),
        SetAutoDirector(), StandByCue("Main", cue="3"),
    )  # fmt: skip
    show.heard.clear()
    type_key(qtbot, window, Qt.Key.Key_S)
    type_key(qtbot, window, Qt.Key.Key_S)
    type_key(qtbot, window, Qt.Key.Key_End)
    type_key(qtbot, window, Qt.Key.Key_Escape)
    type_key(qtbot, window, Qt.Key.Key_End)
    type_key(qtbot, window, Qt.Key.Key_End)
    heard(qtbot, show, Panic(), EndShow())


def test_the_mouse_does_what_the_keyboard_does(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    cues = window.perspective.views["cues"]
    qtbot.mouseClick(cues.go, Qt.MouseButton.LeftButton)  # type: ignore[attr-defined]
    slate = window.bottom.buttons["show.slate"]
    qtbot.mouseClick(slate, Qt.MouseButton.LeftButton)
    assert slate.state.armed
    qtbot.mouseClick(slate, Qt.MouseButton.LeftButton)
    shots = window.perspective.views["shots"]
    assert isinstance(shots, ShotsView)
    qtbot.mouseClick(shots, Qt.MouseButton.LeftButton, pos=shots.places()[1].center())
    heard(qtbot, show, Go("Main"), Panic(), CutCamera(4, preview=True))


def test_letters_typed_into_a_field_are_no_commands(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    type_key(qtbot, window, Qt.Key.Key_K, CTRL)
    assert window.palette_view.isVisible()
    qtbot.keyClicks(window.palette_view.words, "ssbb")
    type_key(qtbot, window, Qt.Key.Key_Escape)
    assert not window.palette_view.isVisible()
    heard(qtbot, show)


def test_a_command_is_found_by_its_name(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    type_key(qtbot, window, Qt.Key.Key_K, CTRL)
    qtbot.keyClicks(window.palette_view.words, "auto-d")
    type_key(qtbot, window, Qt.Key.Key_Return)
    heard(qtbot, show, SetAutoDirector())


def test_a_focused_control_borrows_space_until_escape(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    window.bottom.buttons["show.hold"].setFocus(Qt.FocusReason.TabFocusReason)
    type_key(qtbot, window, Qt.Key.Key_Space)
    type_key(qtbot, window, Qt.Key.Key_Escape)
    type_key(qtbot, window, Qt.Key.Key_Space)
    wait(qtbot, show, lambda: Go("Main") in show.heard)
    told = [one for one in show.heard if isinstance(one, Go)]
    assert len(told) == 1, "the first Space pressed the button, not GO"


@pytest.mark.parametrize("id", [id for id, _, _ in PERSPECTIVES])
def test_every_perspective_opens_by_its_key_and_is_kept(
    qtbot: QtBot, show: Show, window: DeskWindow, id: str
) -> None:
    key = {one: key for one, _, key in PERSPECTIVES}[id]
    type_key(qtbot, window, getattr(Qt.Key, f"Key_{key}"))
    assert window.perspective.id == id
    assert window.desk.files.operator("Sora").perspective == id
    wait(qtbot, show, lambda: True)


def test_pictures_are_asked_for_in_the_size_in_which_they_are_drawn(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    program = monitors(window).program
    width, height = program.picture_size
    wait(qtbot, show, lambda: AskPicture("program", width, height) in show.heard)
    wait(
        qtbot, show,
        lambda: any(isinstance(one, AskPicture) and one.view == "shot.4" for one in show.heard),
    )  # fmt: skip


def test_an_alarm_is_told_and_acknowledged(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    show.change(alarms=[Alarm("output.a", Severity.CRITICAL, "A is lost", 1.0)], warnings=[])
    wait(qtbot, show, lambda: window.bottom.text.startswith("A is lost."))
    type_key(qtbot, window, Qt.Key.Key_L)
    assert window.drawer.isVisible()
    type_key(qtbot, window, Qt.Key.Key_K)
    heard(qtbot, show, AcknowledgeAlarm("output.a", "Sora"))
    type_key(qtbot, window, Qt.Key.Key_O)
    assert window.perspective.id == "outputs"


def test_the_frame_of_a_lost_show_says_so(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    assert not window.banner.isVisible()
    qtbot.waitUntil(lambda: window.top.lamp.word == "NO CONTACT", timeout=10_000)
    assert "stopped answering" in window.banner.title.text()


def test_taking_off_air_asks_twice(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    show.change(state=ShowState.ON_AIR)
    wait(qtbot, show, lambda: window.top.lamp.word == "ON AIR")
    window.desk.press("outputs.off")
    window.desk.press("outputs.off")
    heard(qtbot, show, StopLive())


def test_nothing_is_left_dangling(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path))
    window.start()
    qtbot.waitUntil(lambda: show.tick() or window.desk.in_contact.value, timeout=10_000)
    window.close()
    assert not any(timer.isActive() for timer in window.findChildren(QTimer))
    assert set(threading.enumerate()) == threads
    window.deleteLater()
    qtbot.wait(10)
    assert window not in QApplication.topLevelWidgets()


def shown_at(qtbot: QtBot, width: int, height: int) -> Monitor:
    view = Monitor("nothing", aspect=2.0)
    qtbot.addWidget(view)
    view.resize(width, height)
    return view


def test_a_picture_is_drawn_pixel_for_pixel(qtbot: QtBot) -> None:
    view = shown_at(qtbot, 400, 240)
    assert view.place == QRect(0, 20, 400, 200)
    pixels = np.random.default_rng(1).integers(0, 255, (200, 400, 3), np.uint8)
    view.set_pixels(pixels)
    drawn = view.grab().toImage()
    for x, y in ((100, 50), (201, 100), (399 - 5, 190)):
        assert drawn.pixelColor(x, y + 20) == QColor(*pixels[y, x].tolist())
    assert drawn.pixelColor(200, 10).value() < 40, "nothing but the ground outside"


def test_landmarks_lie_on_the_picture(qtbot: QtBot) -> None:
    view = shown_at(qtbot, 400, 200)
    view.set_pixels(np.zeros((200, 400, 3), np.uint8))
    view.set_landmarks(Landmarks(left=(((0.25, 0.5), (0.75, 0.5)),), face=((0.5, 0.25),)))
    drawn = view.grab().toImage()
    for x in (105, 200, 295):
        assert drawn.pixelColor(x, 100).value() > 150
    for x in (90, 310):
        assert drawn.pixelColor(x, 100).value() < 40
    assert drawn.pixelColor(200, 50).value() > 60


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 7, 3), (1080, 2, 3)])
def test_odd_pictures_are_drawn(qtbot: QtBot, shape: tuple[int, int, int]) -> None:
    view = shown_at(qtbot, 300, 200)
    view.set_pixels(np.full(shape, 255, np.uint8))
    assert not view.grab().isNull()
