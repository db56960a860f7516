"""Test one unbroken evening with the real engine: tour, on air, slate, engine killed, end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.shell.window import DeskWindow
from renderer.desk.start import view as start_view
from renderer.desk.tour.view import WIDTH
from renderer.processes.find import find_named_children
from renderer.protocol.log import ShowLog
from renderer.protocol.outputs import OutputsHealth, OutputState
from renderer.protocol.show import ShowHealth, ShowState
from renderer.transport.session import find_sessions

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

DEADLINE_MS = 150_000


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskWindow]:
    """Yield the desk of a new studio; the show that it starts ends with the test."""

    def small(file: str) -> tuple[str, ...]:
        return ("show", file, "--live", "--off-air", "--size", "256x144")

    monkeypatch.setattr(start_view, "start_words", small)
    monkeypatch.delenv("ENCORE_CACHE")  # Trackers have been fetched for all shows.
    # Devices and the check of the machine are not this evening's subject.
    monkeypatch.setattr(start_view.StartPage, "examine", lambda _page: None)
    made = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"), tmp_path)
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    made.start()
    made.show_start()
    made.tour.offer()
    qtbot.waitUntil(lambda: made.tour_view.width() == WIDTH, timeout=60_000)
    yield made
    made.close()
    for session in find_sessions():
        with suppress(psutil.NoSuchProcess):
            show = psutil.Process(session.pid)
            family = [*show.children(recursive=True), show]
            for one in family:
                with suppress(psutil.NoSuchProcess):
                    one.kill()
            psutil.wait_procs(family, timeout=30)


def press(qtbot: QtBot, window: DeskWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_evening_from_the_first_run_to_the_end(
    qtbot: QtBot, window: DeskWindow, tmp_path: Path
) -> None:
    desk, card = window.desk, window.tour.card

    def until(is_met: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(is_met()), timeout=DEADLINE_MS)

    def health() -> ShowHealth:
        return desk.status.of(ShowHealth)

    def is_slated() -> bool:
        return desk.board.states["show.slate"].value.is_on

    # The first run: the tour starts First Light, whose pictures come into the monitors.
    for _ in range(2):
        qtbot.mouseClick(window.tour_view.do, Qt.MouseButton.LeftButton)
    until(lambda: card.value.step == 3)
    press(qtbot, window, Qt.Key.Key_3)
    until(lambda: card.value.step == 4)
    press(qtbot, window, Qt.Key.Key_Return)
    until(lambda: card.value.step == 5)
    press(qtbot, window, Qt.Key.Key_Space)
    until(lambda: card.value.step == 6)
    qtbot.mouseClick(window.tour_view.do, Qt.MouseButton.LeftButton)
    until(lambda: card.value.step == 7)
    qtbot.mouseClick(window.tour_view.do, Qt.MouseButton.LeftButton)
    assert health().state is ShowState.ON_AIR
    until(lambda: window.top.lamp.word == "ON AIR")
    folder = tmp_path / "films" / "first-light"
    until(lambda: any(folder.rglob("*.m3u8")))

    # The slate: two presses; the way back is one.
    press(qtbot, window, Qt.Key.Key_S, Qt.Key.Key_S)
    until(is_slated)
    press(qtbot, window, Qt.Key.Key_S)
    until(lambda: not is_slated())

    # The engine is killed: the desk follows the one that goes on, and the stream goes on with it.
    (session,) = find_sessions()
    engine = find_named_children(session.pid)["engine"]
    engine.send_signal(signal.SIGKILL)
    until(lambda: any("Another engine" in one.text for one in desk.status.of(ShowLog).events))
    frames = health().frames
    until(lambda: desk.in_contact.value and health().frames > frames)
    assert health().state is ShowState.ON_AIR

    def runs() -> bool:
        outputs = desk.status.of(OutputsHealth).outputs
        return any(one.state is OutputState.RUNNING for one in outputs)

    until(runs)
    press(qtbot, window, Qt.Key.Key_S, Qt.Key.Key_S)
    until(is_slated)

    # The end: two presses, and nothing is left of the show.
    press(qtbot, window, Qt.Key.Key_End, Qt.Key.Key_End)
    until(lambda: not find_sessions())
    until(lambda: not psutil.pid_exists(session.pid) or not find_named_children(session.pid))
    assert any(folder.rglob("*.m3u8"))
