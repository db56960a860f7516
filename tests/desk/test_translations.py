"""Test the desk's translations: whole, with the same places for values, compiled as written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox

from renderer.desk.connection import ShowConnection
from renderer.desk.model import DeskModel
from renderer.desk.shell.window import DeskWindow
from renderer.desk.translations.load import (
    CONTEXT,
    LANGUAGES,
    install_language,
    load_catalogue,
    system_language,
)
from renderer.desk.words import tr
from renderer.tools.desk_texts import collect_texts, read_catalogue, write_catalogue

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

OTHERS = [one for one in LANGUAGES if one != "en"]
_PLACES = re.compile(r"{(\w+)}")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    install_language("en")


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated_with_its_values(qtbot: QtBot, language: str) -> None:
    known, texts = read_catalogue(language), collect_texts()
    assert set(known) == set(texts), "run python -m renderer.tools.desk_texts"
    compiled = load_catalogue(language)
    for text in texts:
        assert sorted(_PLACES.findall(text)) == sorted(_PLACES.findall(known[text])), text
        assert compiled.translate(CONTEXT, text) == known[text], f"{text} is not compiled"


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_is_kept_as_it_is(
    language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from renderer.tools import desk_texts

    before = (desk_texts.FOLDER / f"desk_{language}.ts").read_text(encoding="utf-8")
    known = read_catalogue(language)
    monkeypatch.setattr(desk_texts, "FOLDER", tmp_path)
    assert write_catalogue(language, known).read_text(encoding="utf-8") == before


def test_texts_come_in_the_language_and_numbered_ones_share_one(qtbot: QtBot) -> None:
    assert install_language("ko") == "ko"
    assert tr("GO") == "GO"
    assert tr("Slate") == "대기 화면"
    assert tr("Camera 12 to preview") == "카메라 12 미리보기"
    assert tr("{days} days left", days=9) == "9일 남음"
    assert tr("Neon Tide 2") == "Neon Tide 2", "what the crew wrote stays"
    install_language("en")
    assert tr("Slate") == "Slate"


def test_an_unknown_language_is_the_systems(qtbot: QtBot) -> None:
    assert install_language("tlh") == system_language()


def test_the_language_is_chosen_on_the_start_page_and_kept(qtbot: QtBot, tmp_path: Path) -> None:
    install_language("ja")
    desk = DeskModel(ShowConnection(), tmp_path, operator="Mina")
    window = DeskWindow(desk, tmp_path)
    qtbot.addWidget(window)
    window.show()
    assert window.rail.buttons["lights"].text() == "照明"
    choice = window.start_page.findChild(QComboBox)
    assert choice is not None
    qtbot.keyClick(choice, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=60_000)
    assert window.is_reopening, "it opens again in the other language"
    assert desk.files.operator("Mina").language == list(LANGUAGES)[-1]
