"""Test roles, expiries and the DMX view: what they say, and how a role is given."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from renderer.desk.connection import ShowConnection
from renderer.desk.document_roles import operator_rows, role_of, role_word
from renderer.desk.model import DeskModel
from renderer.desk.panels.avatars.cards import Card, Verdict
from renderer.desk.panels.avatars.model import PerformerRow
from renderer.desk.panels.dmx.model import DmxModel
from renderer.desk.panels.dmx.view import CHANNELS, COLUMNS, LevelsView
from renderer.desk.panels.expiries.model import SOON_DAYS, expiry_row
from renderer.desk.shell.window import DeskWindow
from renderer.desk.widgets.formatting import Level
from renderer.protocol.control.receivers import DmxHealth, DmxSource, UniverseStatus
from renderer.protocol.cues import CuesHealth
from renderer.protocol.document import DocumentContent, DocumentHealth, EditDocument, SetValue
from renderer.protocol.pictures import AskPicture
from renderer.protocol.roles import Role
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.desk.conftest import Show

CREW = {
    "operators": [
        {"name": "Sora", "role": "rights"}, {"name": "Min"}, {"name": "Ken", "role": "nobody"},
    ]
}  # fmt: skip
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def test_roles_are_read_from_the_document() -> None:
    assert [row.role for row in operator_rows(CREW)] == [Role.RIGHTS, Role.CONTROL, Role.VIEW]
    assert role_of(CREW, "Sora") is Role.RIGHTS
    assert role_of(CREW, "a stranger") is Role.VIEW
    assert role_of({}, "a stranger") is None, "without operators everybody may do all"
    assert role_word(None) == "may do all"
    assert operator_rows({"operators": 3}) == ()


@pytest.mark.parametrize("operator", ["Sora", "Min"])
def test_each_desk_says_its_own_role(
    qtbot: QtBot, show: Show, tmp_path: Path, operator: str
) -> None:
    """Two desks follow one show in two roles; what the show refuses is said with the reason."""
    show.status = show.status.with_sections(
        [CuesHealth(), DocumentContent(1, CREW), DocumentHealth(1)]
    )
    window = DeskWindow(DeskModel(ShowConnection(), tmp_path, operator=operator))
    other = DeskWindow(DeskModel(ShowConnection(), tmp_path, operator="Ken"))
    for each in (window, other):
        qtbot.addWidget(each)
        each.show()
        each.start()
    desk = window.desk
    qtbot.waitUntil(
        lambda: show.tick() or all(one.desk.role.value is not None for one in (window, other)),
        timeout=60_000,
    )
    assert desk.role.value is role_of(CREW, operator)
    assert other.desk.role.value is Role.VIEW
    desk.selected_operator.set("Min")
    desk.press("roles.edit")
    desk.press("roles.edit")
    expected = EditDocument(
        operator, edits=[SetValue(["operators", 1, "role"], "edit")], label="role of Min"
    )
    qtbot.waitUntil(lambda: show.tick() or expected in show.heard, timeout=60_000)
    told = [one for one in show.heard if not isinstance(one, AskPicture)]
    assert told == [expected], "the first press only arms"


def test_the_end_of_a_licence_is_counted_in_days() -> None:
    row = PerformerRow(0, "Ren", "/a/aoi.vrm")

    def told(verdict: Verdict) -> tuple[str, Level]:
        made = expiry_row(row, Card("/a/aoi.vrm", "Aoi", verdicts=[verdict]), NOW)
        return made.word, made.level

    for days, level in ((9, Level.WARN), (SOON_DAYS, Level.GOOD)):
        until = f"{NOW + timedelta(days=days):%Y-%m-%d %H:%M} UTC"
        assert told(Verdict("Ren", until=until)) == (f"{days} days left", level)
    assert told(Verdict("Ren")) == ("without end", Level.GOOD)
    assert told(Verdict("Ren", "deny")) == ("refused", Level.BAD)
    assert expiry_row(row, None, NOW).word == "checking…"


def test_a_universe_tells_its_source_and_silence(tmp_path: Path) -> None:
    model = DmxModel(DeskModel(ShowConnection(), tmp_path))
    sources = [DmxSource("sACN", "10.0.0.2", "front", 100), DmxSource("Art-Net", "10.0.0.9")]
    levels = bytes([255, 0, 7]) + bytes(CHANNELS - 3)
    silent = DmxSource("sACN", "10.0.0.3", "venue", silent_s=8.2)
    model.update(
        Status([DmxHealth([UniverseStatus(4, sources, levels), UniverseStatus(9, [silent])])])
    )
    rows = model.rows.value
    assert (rows[0].source, rows[0].word) == ("sACN front and 1 more", "2 above 0")
    assert (rows[1].word, rows[1].level) == ("silent 8 s", Level.WARN)
    assert model.levels.value == levels, "the first universe is chosen"
    model.choose(1)
    assert model.chosen.value == 9
    model.update(Status())
    assert (model.rows.value, model.levels.value) == ((), b"")


def test_every_channel_has_a_cell_of_its_own(qtbot: QtBot) -> None:
    view = LevelsView()
    qtbot.addWidget(view)
    view.resize(24 + 10 * COLUMNS, 4 + 10 * CHANNELS // COLUMNS)
    view.show_levels(bytes([0, 255]) + bytes(CHANNELS - 2))
    assert view.channel_at(17, 7) == 1
    assert view.channel_at(27, 7) == 2
    assert view.channel_at(view.width() - 17, view.height() - 7) == CHANNELS
    assert view.channel_at(3, 7) == 0
    picture = view.grab().toImage()
    assert picture.pixelColor(27, 7).value() > 200 > 60 > picture.pixelColor(17, 7).value()
