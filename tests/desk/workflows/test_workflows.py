"""Test what a director does with the cue list, by keyboard and by mouse: edit, undo, play."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.cues.view import CuesView
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.action_button import ActionButton
from renderer.protocol.cues import CueListStatus, CuesHealth, Go, StandByCue
from renderer.protocol.document import DocumentContent, DocumentHealth, RecordCue, UndoEdit
from renderer.protocol.pictures import AskPicture
from renderer.protocol.show import ShowState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path) -> DeskWindow:
    show.change(state=ShowState.ON_AIR)
    publish(show, 1, "1", "2")
    made = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.start()
    wait(qtbot, show, lambda: len(cues(made).list.rows) == 2)
    wait(qtbot, show, lambda: made.top.lamp.word == "ON AIR")
    return made


def cues(window: DeskWindow) -> CuesView:
    view = window.perspective.views["cues"]
    assert isinstance(view, CuesView)
    return view


def publish(show: Show, revision: int, *numbers: str, undo: str = "") -> None:
    """Publish a document with these cues, the last of which is on standby."""
    rows = [{"number": one, "name": f"Cue {one}", "trigger": {"on": "go"}} for one in numbers]
    show.status = show.status.with_sections(
        [
            CuesHealth([CueListStatus("Main", numbers[-1])]),
            DocumentContent(revision, {"cue_lists": [{"name": "Main", "cues": rows}]}),
            DocumentHealth(revision, undo=undo),
        ]
    )


def wait(qtbot: QtBot, show: Show, there: object) -> None:
    assert callable(there)
    qtbot.waitUntil(lambda: show.tick() or there(), timeout=60_000)


def told(show: Show) -> list[object]:
    return [one for one in show.heard if not isinstance(one, AskPicture)]


def press(qtbot: QtBot, window: DeskWindow, key: Qt.Key, mods: object = None) -> None:
    modifier = mods if mods is not None else Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)


def test_a_cue_is_recorded_undone_and_the_list_played_by_keyboard(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    assert window.desk.note.value.text == "Nothing has been edited."
    press(qtbot, window, Qt.Key.Key_R)
    wait(qtbot, show, lambda: told(show) == [RecordCue("Sora", cue="1.1", list="Main")])
    publish(show, 2, "1", "1.1", "2", undo="record cue 1.1")
    wait(qtbot, show, lambda: len(cues(window).list.rows) == 3)
    press(qtbot, window, Qt.Key.Key_Z, CTRL)
    wait(qtbot, show, lambda: told(show)[1:] == [UndoEdit("Sora")])
    publish(show, 3, "1", "2")
    wait(qtbot, show, lambda: len(cues(window).list.rows) == 2)
    press(qtbot, window, Qt.Key.Key_Space)
    wait(qtbot, show, lambda: told(show)[2:] == [Go("Main")])


def click(qtbot: QtBot, window: DeskWindow, id: str) -> None:
    """Click the button of an action that is in sight."""
    shown = next(one for one in window.findChildren(ActionButton, id) if one.isVisible())
    qtbot.mouseClick(shown, Qt.MouseButton.LeftButton)


def test_a_cue_is_recorded_undone_and_the_list_played_by_mouse(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    window.resize(1920, 1080)
    click(qtbot, window, "cues.record")
    wait(qtbot, show, lambda: told(show) == [RecordCue("Sora", cue="1.1", list="Main")])
    publish(show, 2, "1", "1.1", "2", undo="record cue 1.1")
    wait(qtbot, show, lambda: len(cues(window).list.rows) == 3)
    click(qtbot, window, "document.undo")
    wait(qtbot, show, lambda: told(show)[1:] == [UndoEdit("Sora")])
    publish(show, 3, "1", "2")
    wait(qtbot, show, lambda: len(cues(window).list.rows) == 2)
    qtbot.mouseClick(cues(window).go, Qt.MouseButton.LeftButton)
    wait(qtbot, show, lambda: told(show)[2:] == [Go("Main")])


def test_a_cue_is_chosen_put_on_standby_and_played_by_mouse(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    box = cues(window).list.box(0)
    middle = QPoint(round(box.center().x()), round(box.center().y()))
    qtbot.mouseClick(cues(window).list, Qt.MouseButton.LeftButton, pos=middle)
    assert window.desk.selected_cue.value == "1"
    press(qtbot, window, Qt.Key.Key_Y)
    qtbot.mouseClick(cues(window).go, Qt.MouseButton.LeftButton)
    wait(qtbot, show, lambda: told(show) == [StandByCue("Main", cue="1"), Go("Main")])
