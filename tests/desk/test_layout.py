"""Test every perspective at every size: no text is cut, and no two widgets lie on each other."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QFontDatabase

from renderer.desk.actions.desk_actions import PERSPECTIVES
from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.shell.layout_faults import find_layout_faults
from renderer.desk.shell.window import DeskWindow
from renderer.desk.stand_in.sections import RATE
from renderer.desk.stand_in.show import StandInShow
from renderer.desk.translations.load import LANGUAGES, install_language
from renderer.transport.session import announce

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

SIZES = ((1280, 720), (1366, 768), (1920, 1080))


@pytest.fixture
def stand_in(runtime: Path) -> Iterator[str]:
    """Run a show with four performers, eight outputs and long names."""
    over = threading.Event()
    with announce("스프링 라이브 2026, the very long name of a show") as session:
        show = StandInShow(session)

        def run() -> None:
            frame = 0
            while not over.wait(1 / RATE):
                show.tick(frame)
                frame += 1

        thread = threading.Thread(target=run)
        thread.start()
        yield session.info.name
        over.set()
        thread.join()
        show.close()


def settled_faults(qtbot: QtBot, window: DeskWindow) -> list[str]:
    """Return the faults that are left when the layout has settled."""
    until = time.monotonic() + 3
    while (found := find_layout_faults(window)) and time.monotonic() < until:
        qtbot.wait(20)
    return found


@pytest.fixture
def language(qtbot: QtBot, request: pytest.FixtureRequest) -> Iterator[str]:
    systems = QFontDatabase.WritingSystem
    glyphs = {"ko": systems.Korean, "ja": systems.Japanese}.get(request.param, systems.Latin)
    if not QFontDatabase.families(glyphs):
        pytest.skip(f"no font for {request.param} is installed")
    yield install_language(request.param)
    install_language("en")


@pytest.mark.parametrize("language", list(LANGUAGES), indirect=True)
def test_nothing_is_cut_or_covered(
    qtbot: QtBot, stand_in: str, tmp_path: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CardReader, "start", lambda *_: None)
    desk = DeskModel(ShowConnection(stand_in), tmp_path)
    window = DeskWindow(desk, tmp_path)
    qtbot.addWidget(window)
    window.show()
    window.start()
    qtbot.waitUntil(lambda: len(desk.alarms.value) == 3, timeout=20_000)
    found = []
    for width, height in SIZES:
        window.resize(width, height)
        for id, _, _ in PERSPECTIVES:
            desk.set_perspective(id)
            found += [
                f"{id} at {width} in {language}: {one}" for one in settled_faults(qtbot, window)
            ]
            assert (window.width(), window.height()) == (width, height), f"{id} needs more room"
    window.close()
    assert "\n".join(found) == ""


def test_a_cut_text_is_found(qtbot: QtBot) -> None:
    """A test that cannot fail is a defect."""
    from PySide6.QtWidgets import QLabel, QWidget

    window = QWidget()
    qtbot.addWidget(window)
    first, second = QLabel("far too long a text for this", window), QLabel("over it", window)
    first.setGeometry(0, 0, 40, 20)
    second.setGeometry(10, 5, 60, 20)
    window.show()
    faults = find_layout_faults(window)
    assert any("is cut" in fault for fault in faults)
    assert any("lies on" in fault for fault in faults)
