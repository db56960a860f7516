"""Test an evening of a crew: on air by mouse, a camera swapped, the T-bar, a show that is lost."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.camera_trial.view import CameraTrialView
from renderer.desk.panels.transition.model import STEPS
from renderer.desk.panels.transition.view import TransitionView
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.action_button import ActionButton
from renderer.protocol.cues import CueListStatus, CuesHealth, MoveTransition, Panic
from renderer.protocol.document import DocumentContent
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    CameraTrial,
    InputsHealth,
    RestoreCamera,
    SwapCamera,
    TryCamera,
)
from renderer.protocol.outputs import GoLive
from renderer.protocol.pictures import AskPicture
from renderer.protocol.schema import Command
from renderer.protocol.show import EndShow, ShowState

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

DATA = {"cameras": [{"number": 1, "name": "Hall"}, {"number": 4, "name": "Close"}]}


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    stage(show)
    made = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.start()
    wait(qtbot, show, lambda: made.top.lamp.word == "OFF AIR")
    return made


def stage(show: Show, tbar: float = 0.0) -> None:
    """Have the show publish two cameras."""
    cues = CuesHealth([CueListStatus("Main", "1")], camera=1, preview=4, tbar=tbar)
    show.status = show.status.with_sections([cues, DocumentContent(1, DATA)])


def wait(qtbot: QtBot, show: Show, there: Callable[[], object]) -> None:
    qtbot.waitUntil(lambda: show.tick() or bool(there()), timeout=60_000)


def told(show: Show) -> list[Command]:
    return [one for one in show.heard if not isinstance(one, AskPicture)]


def click(qtbot: QtBot, window: DeskWindow, id: str) -> None:
    """Click the button of an action that is in sight."""
    buttons = window.findChildren(ActionButton, id)
    shown = next(one for one in buttons if one.isVisible())
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)


def type_key(qtbot: QtBot, window: DeskWindow, key: Qt.Key) -> None:
    qtbot.keyClick(QApplication.focusWidget() or window, key)


def test_an_evening_by_mouse_alone(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    click(qtbot, window, "outputs.live")
    wait(qtbot, show, lambda: told(show) == [GoLive()])
    show.change(state=ShowState.ON_AIR)
    wait(qtbot, show, lambda: window.top.lamp.word == "ON AIR")
    for id in ("show.slate", "show.slate", "show.end", "show.end"):
        click(qtbot, window, id)
    wait(qtbot, show, lambda: told(show)[1:] == [Panic(), EndShow()])


def tab_to(qtbot: QtBot, window: DeskWindow, field: QWidget) -> None:
    """Reach a field by Tab alone."""
    for _ in range(200):
        if field.hasFocus():
            return
        type_key(qtbot, window, Qt.Key.Key_Tab)
    raise AssertionError("Tab does not reach it")


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
def test_a_camera_is_tried_swapped_and_swapped_back(
    qtbot: QtBot, show: Show, window: DeskWindow, hand: str
) -> None:
    def do(id: str, key: Qt.Key) -> None:
        if hand == "mouse":
            click(qtbot, window, id)
        else:
            type_key(qtbot, window, key)

    camera = CameraStatus("camera:0", CameraState.SEEING, performers=[0], changeable=True)
    show.change(cameras=[camera])
    wait(qtbot, show, lambda: window.desk.status.of(InputsHealth).cameras == [camera])
    type_key(qtbot, window, Qt.Key.Key_F2)
    do("capture.restore", Qt.Key.Key_G)
    assert window.desk.note.value.text == "The performer's camera has not been replaced."
    view = window.perspective.views["camera_trial"]
    assert isinstance(view, CameraTrialView)
    if hand == "mouse":
        qtbot.mouseClick(view.address, Qt.MouseButton.LeftButton)
    else:
        tab_to(qtbot, window, view.address)
    qtbot.keyClicks(view.address, "camera:1")
    qtbot.keyClick(view.address, Qt.Key.Key_Return)
    wait(qtbot, show, lambda: told(show) == [TryCamera(0, "camera:1")])
    type_key(qtbot, window, Qt.Key.Key_Escape)
    picture = show.picture("camera-0-trial", 64, 36, 120)
    trial = CameraTrial(0, "camera:1", CameraState.SEEING, frame_rate=30.0, picture=picture)
    show.change(cameras=[camera], trial=trial)
    wait(qtbot, show, lambda: view.monitor.has_picture)
    do("capture.swap", Qt.Key.Key_W)
    wait(qtbot, show, lambda: told(show)[1:] == [SwapCamera(0)])
    swapped = CameraStatus("camera:1", CameraState.SEEING, performers=[0], before="camera:0")
    show.change(cameras=[swapped], trial=None)
    wait(qtbot, show, lambda: not view.monitor.has_picture)
    do("capture.restore", Qt.Key.Key_G)
    wait(qtbot, show, lambda: told(show)[2:] == [RestoreCamera(0)])


def test_the_t_bar_is_moved_by_the_arrows_and_follows_the_show(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    view = window.perspective.views["transition"]
    assert isinstance(view, TransitionView)
    type_key(qtbot, window, Qt.Key.Key_T)
    type_key(qtbot, window, Qt.Key.Key_Right)
    wait(qtbot, show, lambda: any(isinstance(one, MoveTransition) for one in told(show)))
    moved = [one for one in told(show) if isinstance(one, MoveTransition)]
    assert moved[-1].position == pytest.approx(0.05)
    stage(show, tbar=0.5)
    wait(qtbot, show, lambda: view.bar.value() == STEPS // 2)
    assert len([one for one in told(show) if isinstance(one, MoveTransition)]) == len(moved)


def test_a_show_that_is_killed_is_missed_and_found_again(
    qtbot: QtBot, show: Show, window: DeskWindow, make_show: Callable[[str], Show]
) -> None:
    qtbot.waitUntil(lambda: window.top.lamp.word == "NO CONTACT", timeout=60_000)
    show.endpoint.close()
    show.session.close()
    again = make_show("camera 0 as Aoi")
    stage(again)
    wait(qtbot, again, lambda: window.top.lamp.word == "OFF AIR")
    click(qtbot, window, "outputs.live")
    wait(qtbot, again, lambda: told(again) == [GoLive()])
