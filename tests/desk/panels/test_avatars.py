"""Test the library of avatars: cards, verdicts, refusals, assignment by keyboard and by drag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.cards import card_lines, chip_words, read_cards, refusal_of
from renderer.desk.panels.avatars.model import HOUSE, AvatarsModel, assignment
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.panels.avatars.view import MIME, AvatarsView
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.formatting import Level
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import (
    DocumentContent,
    DocumentHealth,
    EditDocument,
    InsertItem,
    SetValue,
)
from renderer.protocol.pictures import AskPicture
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

WHY = "It is for personal use without profit → choose another idol"
DATA = {"performers": [{"name": "Ren"}, {"name": "Mai", "avatar": HOUSE[1]}]}


def cards() -> bytes:
    """Return what the command prints: the first idol is refused with Mai, the second is free."""
    lines = (
        {
            "file": HOUSE[0], "name": "Aoi", "author": "Studio", "terms": ["Performers: Ren."],
            "is_licensed": True, "findings": [{"severity": "error", "text": "a", "remedy": "b"}],
            "verdicts": [
                {"performer": "Ren", "outcome": "allow", "until": "2026-12-08 15:00 UTC"},
                {"performer": "Mai", "outcome": "deny", "lines": [WHY]},
            ],
        },
        {"file": HOUSE[1], "name": "Ruby", "verdicts": [{"performer": "Ren"}]},
    )  # fmt: skip
    return b"\n".join(json.dumps(one).encode() for one in lines) + b'\n{"file": "half'


def test_cards_are_told_in_plain_words() -> None:
    found = read_cards(cards())
    assert set(found) == set(HOUSE), "half a line is left for later"
    card = found[HOUSE[0]]
    assert chip_words(card) == (Level.WARN, "refused with some performers")
    assert chip_words(found[HOUSE[1]]) == (Level.GOOD, "allowed for this show")
    texts = [line.text for line in card_lines(card)]
    assert "Ren: allowed, until 2026-12-08 15:00 UTC" in texts
    assert texts[texts.index("Mai: refused") + 1] == WHY
    assert {"Performers: Ren.", "a; b"} <= set(texts)
    assert WHY in refusal_of(card, "Mai")
    assert WHY in refusal_of(card, "somebody else"), "who is unknown gets the worst verdict"
    assert not refusal_of(card, "Ren")
    assert refusal_of(None, "Ren"), "what is not judged is not assigned"


def test_an_avatar_of_the_document_goes_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "aoi.vrm").touch()
    model = AvatarsModel(DeskModel(ShowConnection(), tmp_path))
    data = {"avatars": [{"name": "Aoi", "file": "aoi.vrm"}], "performers": [{"avatar": "Aoi"}]}
    file = str(tmp_path / "show.toml")
    model.update(Status([DocumentContent(1, data), DocumentHealth(1, file)]))
    assert model.rows.value[0].file == str(tmp_path / "aoi.vrm")
    assert model.performers.value[0].avatar == str(tmp_path / "aoi.vrm")
    assert "--show" in model.asked.value
    assert assignment(data, 0, "Aoi") == SetValue(["performers", 0, "avatar"], "Aoi")
    assert assignment(data, 1, "Aoi") == InsertItem(["performers"], 1, {"avatar": "Aoi"})


def test_a_library_is_kept_for_the_next_evening(tmp_path: Path) -> None:
    (tmp_path / "a.vrm").touch()
    (tmp_path / "b.txt").touch()
    desk = DeskModel(ShowConnection(), tmp_path)
    model = AvatarsModel(desk)
    model.add(str(tmp_path))
    assert model.rows.value[-1].file == str(tmp_path / "a.vrm")
    assert AvatarsModel(desk).rows.value == model.rows.value
    model.add(str(tmp_path / "b.txt"))
    assert "no avatar" in model.fault.value


@pytest.fixture
def window(qtbot: QtBot, show: Show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskWindow:
    monkeypatch.setattr(CardReader, "start", lambda *_: None)
    sections = [CuesHealth(), DocumentContent(1, DATA), DocumentHealth(1)]
    show.status = show.status.with_sections(sections)
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path / "films", operator="Sora"))
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    window.start()
    window.desk.set_perspective("avatars")
    qtbot.waitUntil(lambda: show.tick() or len(view(window).performers.rows) == 2, timeout=60_000)
    qtbot.waitUntil(lambda: show.tick() or window.desk.in_contact.value, timeout=60_000)
    view(window)._model.read(cards())
    return window


def view(window: DeskWindow) -> AvatarsView:
    found = window.perspective.views["avatars"]
    assert isinstance(found, AvatarsView)
    return found


def press(qtbot: QtBot, window: DeskWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget() or window, key)


def edits(qtbot: QtBot, show: Show, count: int) -> list[object]:
    def told() -> list[object]:
        show.tick()
        return [one for one in show.heard if not isinstance(one, AskPicture)]

    qtbot.waitUntil(lambda: len(told()) >= count, timeout=60_000)
    return [edit for one in told() if isinstance(one, EditDocument) for edit in one.edits]


def test_an_avatar_is_assigned_by_keyboard_and_a_wrong_one_refused(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_2, Qt.Key.Key_Return)
    assert WHY in window.desk.note.value.text
    press(qtbot, window, Qt.Key.Key_1, Qt.Key.Key_Up, Qt.Key.Key_Return)
    expected = [SetValue(["performers", 0, "avatar"], HOUSE[1])]
    assert edits(qtbot, show, 1) == expected, "the refused one was not sent"


def test_an_avatar_is_dropped_on_a_performer(qtbot: QtBot, show: Show, window: DeskWindow) -> None:
    data = QMimeData()
    data.setData(MIME, HOUSE[0].encode())
    performers = view(window).performers
    event = QDropEvent(
        QPointF(performers.box(0).center()), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    performers.dropEvent(event)
    assert edits(qtbot, show, 1) == [SetValue(["performers", 0, "avatar"], HOUSE[0])]
