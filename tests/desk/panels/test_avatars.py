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
from renderer.desk.messages import PLACE, Speaker, read_forms, tell_finding
from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.cards import (
    card_blocks,
    chip_words,
    read_cards,
    refusal_of,
    verdict_words,
)
from renderer.desk.panels.avatars.library import MIME
from renderer.desk.panels.avatars.model import HOUSE, AvatarsModel, assignment
from renderer.desk.panels.avatars.reader import CardReader
from renderer.desk.panels.avatars.view import AvatarsView
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import install_translator
from renderer.protocol.cues import ChangeAvatar, ChangePalette, CuesHealth
from renderer.protocol.document import (
    DocumentContent,
    DocumentHealth,
    EditDocument,
    InsertItem,
    SetValue,
)
from renderer.protocol.pictures import AskPicture
from renderer.protocol.status import Status
from renderer.tools.engine_texts import collect_findings

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

WHY = "It is for personal use without profit → choose another idol"
FINDING = {"severity": "error", "place": "/nodes/3", "text": "is missing", "remedy": "drop it"}
DATA = {
    "performers": [{"name": "Ren"}, {"name": "Mai", "avatar": HOUSE[1]}],
    "avatars": [{"name": "Ruby", "file": HOUSE[1], "palettes": {"rose": "rose.vrm"}}],
}


def cards() -> bytes:
    """Return what the command prints: the first idol is refused with Mai, the second is free."""
    lines = (
        {
            "file": HOUSE[0], "name": "Aoi", "author": "Studio", "terms": ["Performers: Ren."],
            "is_licensed": True, "findings": [FINDING],
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
    blocks = {block.title: block.lines for block in card_blocks(card, ("rose",))}
    head, ren, mai = blocks["For this show"]
    assert (head.text, "Studio" in head.detail) == ("Aoi", True)
    assert (ren.text, ren.word, ren.detail) == ("Ren", "allowed", "Until 2026-12-08 15:00 UTC")
    assert (mai.text, mai.word, mai.detail) == ("Mai", "refused", WHY)
    assert [line.text for line in blocks["Licence, signed"]] == ["Performers: Ren."]
    (finding,) = blocks["Check of the file"]
    assert (finding.text, finding.word) == ("/nodes/3: is missing", "fault")
    assert "Other programs" in finding.detail, "what a finding means"
    assert finding.detail.endswith("Drop it."), "what to do"
    assert [line.text for line in blocks["Colours"]] == ["rose"]
    assert verdict_words(card, "Ren") == (Level.GOOD, "allowed")
    assert verdict_words(card, "Mai") == (Level.BAD, "refused")
    assert WHY in refusal_of(card, "Mai")
    assert WHY in refusal_of(card, "somebody else"), "who is unknown gets the worst verdict"
    assert not refusal_of(card, "Ren")
    assert refusal_of(None, "Ren"), "what is not judged is not assigned"


@pytest.mark.parametrize("language", ["ko", "ja"])
def test_findings_are_told_in_the_operators_language(language: str) -> None:
    forms = read_forms(language, Speaker.CHECK)
    assert set(forms) == set(collect_findings()), "run python -m renderer.tools.desk_texts"
    for form, said in forms.items():
        assert sorted(PLACE.findall(form)) == sorted(PLACE.findall(said)), form
    install_translator(lambda text: text, language)
    try:
        card = read_cards(cards())[HOUSE[0]]
        (finding,) = card_blocks(card)[2].lines
        assert finding.text == f"/nodes/3: {forms['is missing']}"
        assert forms["drop it"] in finding.detail
        said = tell_finding("lacks the expressions aa, ih")
        assert "aa, ih" in said
        assert "lacks" not in said
    finally:
        install_translator(None)


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


def heard(qtbot: QtBot, show: Show, count: int) -> list[object]:
    """Return what the show was sent, once the expected number has come."""

    def told() -> list[object]:
        show.tick()
        return [one for one in show.heard if not isinstance(one, AskPicture)]

    qtbot.waitUntil(lambda: len(told()) >= count, timeout=60_000)
    return told()


def edits(qtbot: QtBot, show: Show, count: int) -> list[object]:
    told = heard(qtbot, show, count)
    return [edit for one in told if isinstance(one, EditDocument) for edit in one.edits]


def test_an_avatar_is_assigned_by_keyboard_and_a_wrong_one_refused(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_2, Qt.Key.Key_Return)
    assert WHY in window.desk.note.value.text
    press(qtbot, window, Qt.Key.Key_1, Qt.Key.Key_Up, Qt.Key.Key_Return)
    expected = [SetValue(["performers", 0, "avatar"], "Ruby")]
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
    refused = QDropEvent(
        QPointF(performers.box(1).center()), Qt.DropAction.CopyAction, data,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    performers.dropEvent(refused)
    assert WHY in window.desk.note.value.text, "the wrong one is refused with the reason"
    assert edits(qtbot, show, 1) == [SetValue(["performers", 0, "avatar"], HOUSE[0])]


def test_an_avatar_is_chosen_by_a_click_on_its_tile(qtbot: QtBot, window: DeskWindow) -> None:
    library = view(window).library
    assert [row.name for row in library.rows] == ["Ruby", "Aoi"], "the document's come first"
    boxes = library.places()
    assert not boxes[0].intersects(boxes[1])
    qtbot.mouseClick(
        library, Qt.MouseButton.LeftButton, pos=boxes[1].center().toPoint()
    )  # fmt: skip
    assert library.chosen == 1
    titles = [block.title for block in view(window)._model.blocks.value]
    assert titles == ["For this show", "Licence, signed", "Check of the file", "Colours"]
    qtbot.keyClick(library, Qt.Key.Key_Left)
    assert library.chosen == 0


def test_colours_and_avatar_change_on_stage_by_keyboard(
    qtbot: QtBot, show: Show, window: DeskWindow
) -> None:
    press(qtbot, window, Qt.Key.Key_1, Qt.Key.Key_C)
    assert "palettes" in window.desk.note.value.text, "Ren's avatar has none: what to do"
    press(qtbot, window, Qt.Key.Key_2, Qt.Key.Key_C)
    press(qtbot, window, Qt.Key.Key_C, Qt.Key.Key_1, Qt.Key.Key_Up, Qt.Key.Key_W)
    assert heard(qtbot, show, 3) == [
        ChangePalette(performer="2", palette="rose"),
        ChangePalette(performer="2", palette=""),
        ChangeAvatar(performer="1", avatar="Ruby"),
    ], "after the last colours come its own"
