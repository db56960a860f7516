"""Test the tour: from an empty desk to on air, by keyboard and by mouse, and left for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.shell.layout_faults import find_layout_faults
from renderer.desk.shell.window import DeskWindow
from renderer.desk.start.view import StartPage
from renderer.desk.tour.view import WIDTH
from renderer.protocol.cues import CueListStatus, CuesHealth
from renderer.protocol.document import DocumentContent
from renderer.protocol.outputs import GoLive
from renderer.protocol.show import ShowState

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

DATA = {
    "cameras": [{"number": k, "name": str(k)} for k in (1, 2, 3)],
    "cue_lists": [{"name": "Main", "cues": [{"number": "1"}, {"number": "2"}]}],
}


@pytest.fixture
def window(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[DeskWindow, list[str]]:
    started: list[str] = []
    monkeypatch.setattr(
        StartPage, "start_show", lambda page: started.append(page.model.chosen.value)
    )
    monkeypatch.setattr(StartPage, "examine", lambda _page: None)
    made = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"), tmp_path)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.start()
    made.show_start()
    made.tour.offer()
    qtbot.waitUntil(lambda: made.tour_view.width() == WIDTH, timeout=60_000)
    return made, started


def stage(show: Show, camera: int, preview: int, standby: str, state: ShowState) -> None:
    cues = CuesHealth([CueListStatus("Main", standby)], camera, preview)
    show.status = show.status.with_sections([cues, DocumentContent(1, DATA)])
    show.change(state=state)


def test_a_newcomer_gets_on_air(
    qtbot: QtBot,
    window: tuple[DeskWindow, list[str]],
    make_show: Callable[[str], Show],
    tmp_path: Path,
) -> None:
    desk, started = window
    card = desk.tour.card
    assert (card.value.step, card.value.button) == (1, "Begin")
    qtbot.mouseClick(desk.tour_view.do, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(desk.tour_view.do, Qt.MouseButton.LeftButton)
    assert [Path(file).parent.name for file in started] == ["first_light"]
    assert (card.value.step, card.value.button) == (2, ""), "it waits for the show"
    show = make_show("First Light")

    def until(step: int) -> None:
        qtbot.waitUntil(lambda: show.tick() or card.value.step == step, timeout=60_000)

    stage(show, 1, 2, "1", ShowState.PREVIEW)
    until(3)
    assert desk.pages.currentWidget() is desk.stack, "the show is in front"
    assert not [fault for fault in find_layout_faults(desk.tour_view) if "is cut" in fault]
    qtbot.keyClick(QApplication.focusWidget() or desk, Qt.Key.Key_3)
    stage(show, 1, 3, "1", ShowState.PREVIEW)
    until(4)
    stage(show, 3, 1, "1", ShowState.PREVIEW)
    until(5)
    stage(show, 3, 1, "2", ShowState.PREVIEW)
    until(6)
    desk.tour_view.do.setFocus()
    qtbot.keyClick(desk.tour_view.do, Qt.Key.Key_Space)
    folder = tmp_path / "films" / "first-light"
    live = GoLive(f"hls:{folder}", without_failed=True)
    qtbot.waitUntil(lambda: show.tick() or live in show.heard, timeout=60_000)
    stage(show, 3, 1, "2", ShowState.ON_AIR)
    until(7)
    qtbot.mouseClick(desk.tour_view.do, Qt.MouseButton.LeftButton)
    assert not desk.tour_view.isVisible()
    assert desk.desk.files.studio.has_toured


def test_it_can_be_left_and_is_not_offered_again(
    qtbot: QtBot, window: tuple[DeskWindow, list[str]]
) -> None:
    desk, _ = window
    qtbot.mouseClick(desk.tour_view.next, Qt.MouseButton.LeftButton)
    assert desk.tour.card.value.step == 2
    qtbot.mouseClick(desk.tour_view.leave, Qt.MouseButton.LeftButton)
    assert not desk.tour_view.isVisible()
    desk.tour.offer()
    assert not desk.tour_view.isVisible()
    desk.desk.press("desk.tour")
    assert desk.tour_view.isVisible(), "it is there for those who ask"
