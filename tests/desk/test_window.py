"""The window, offscreen, with a real show at the other end."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.controls.model import Action
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.picture_view import PictureView
from renderer.protocol.inputs import InputsHealth
from renderer.protocol.outputs import GoLive, StartRecording, StopLive
from renderer.protocol.show import EndShow, ShowState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.change(program=show.picture("program", 64, 36, 200))
    show.show_cameras(*show.status.of(InputsHealth).cameras)
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films"))
    qtbot.addWidget(window)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: show.tick() or sees(window, 1), timeout=10_000)
    return window


def sees(window: DeskWindow, cameras: int) -> bool:
    """Whether there are so many tiles, and all have a picture."""
    tiles = window.cameras.tiles
    return len(tiles) == cameras and all(tile.picture.has_picture for tile in tiles)


def click(qtbot: QtBot, window: DeskWindow, action: Action) -> None:
    qtbot.mouseClick(window.controls.buttons[action], Qt.MouseButton.LeftButton)


def heard(qtbot: QtBot, show: Show, command: object) -> None:
    qtbot.waitUntil(lambda: show.tick() or command in show.heard, timeout=10_000)


def reads(qtbot: QtBot, show: Show, window: DeskWindow, action: Action, text: str) -> None:
    button = window.controls.buttons[action]
    qtbot.waitUntil(
        lambda: show.tick() or (button.text() == text and button.isEnabled()), timeout=10_000
    )


def test_the_evening_from_preview_to_the_end(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    window.controls.address.setText("rtmp://x.example/y/z")
    click(qtbot, window, Action.LIVE)
    heard(qtbot, show, GoLive("rtmp://x.example/y/z"))
    show.change(state=ShowState.ON_AIR)
    reads(qtbot, show, window, Action.LIVE, "Stop")
    assert window.findChild(QLabel, "lamp").text() == "ON AIR"

    click(qtbot, window, Action.RECORD)
    qtbot.waitUntil(lambda: show.tick() or isinstance(show.heard[-1], StartRecording))
    show.change(recording=True)
    reads(qtbot, show, window, Action.RECORD, "Stop recording")

    click(qtbot, window, Action.LIVE)
    reads(qtbot, show, window, Action.LIVE, "Press again to stop")
    assert StopLive() not in show.heard
    click(qtbot, window, Action.LIVE)
    heard(qtbot, show, StopLive())
    show.change(state=ShowState.PREVIEW)
    reads(qtbot, show, window, Action.LIVE, "Go live")

    click(qtbot, window, Action.END)
    click(qtbot, window, Action.END)
    heard(qtbot, show, EndShow())
    assert len(show.heard) == 4


def test_the_keyboard_does_what_the_mouse_does(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    qtbot.keyClick(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    heard(qtbot, show, GoLive())
    qtbot.keyClick(window, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    reads(qtbot, show, window, Action.END, "Press again to end")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    reads(qtbot, show, window, Action.END, "End show")
    assert EndShow() not in show.heard


def test_texts_from_files_are_not_markup(show: Show, window: DeskWindow) -> None:
    licence = [label.text() for label in window.findChildren(QLabel) if "Credit" in label.text()]
    assert len(licence) == 1
    assert "&lt;b&gt;is&lt;/b&gt;" in licence[0]


def test_the_program_goes_when_the_show_has_none(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    show.change(program=None)
    qtbot.waitUntil(lambda: show.tick() or not window.program.has_picture, timeout=10_000)
    assert sees(window, 1)


def test_nothing_is_left_dangling(qtbot: QtBot, show: Show, tmp_path: Path) -> None:
    threads = set(threading.enumerate())
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path))
    window.start()
    qtbot.waitUntil(lambda: show.tick() or window._model.in_contact.value, timeout=10_000)
    window.close()
    assert not any(timer.isActive() for timer in window.findChildren(QTimer))
    assert set(threading.enumerate()) == threads
    window.deleteLater()
    qtbot.wait(10)
    assert window not in QApplication.topLevelWidgets()


def test_a_picture_is_whole_in_the_middle_and_undistorted(qtbot: QtBot) -> None:
    view = PictureView("", "nothing")
    qtbot.addWidget(view)
    view.resize(400, 200)
    pixels = np.zeros((50, 50, 3), np.uint8)
    pixels[:25, :, 0] = 255  # Red above,
    pixels[25:, :, 2] = 255  # blue below.
    view.set_pixels(pixels)
    drawn = view.grab().toImage()
    assert drawn.pixelColor(200, 50) == QColor(255, 0, 0)
    assert drawn.pixelColor(200, 150) == QColor(0, 0, 255)
    assert drawn.pixelColor(105, 50) == QColor(255, 0, 0), "200 pixels wide: 100 to 300"
    for outside in (90, 310):
        assert drawn.pixelColor(outside, 50).value() < 40


def test_landmarks_lie_on_the_picture(qtbot: QtBot) -> None:
    view = PictureView("", "nothing")
    qtbot.addWidget(view)
    view.resize(400, 200)
    view.set_pixels(np.zeros((50, 50, 3), np.uint8))
    view.set_landmarks(Landmarks(left=(((0.25, 0.5), (0.75, 0.5)),), face=((0.5, 0.25),)))
    drawn = view.grab().toImage()
    for x in (155, 200, 245):
        assert drawn.pixelColor(x, 100).value() > 150
    for x in (140, 260):
        assert drawn.pixelColor(x, 100).value() < 40
    assert drawn.pixelColor(200, 50).value() > 60


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 7, 3), (1080, 2, 3)])
def test_odd_pictures_are_drawn(qtbot: QtBot, shape: tuple[int, int, int]) -> None:
    view = PictureView("", "nothing")
    qtbot.addWidget(view)
    view.set_pixels(np.full(shape, 255, np.uint8))
    assert not view.grab().isNull()
