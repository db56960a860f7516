"""Test avatars' cards with the house's own idol, its licence and shows that it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from renderer.paths import IDOL
from renderer.tools.avatar_cards import make_card, read_context

SHOW = """schema = {schema}
[rights]
usage = "corporation"
content = ["violent"]
[[performers]]
name = "Hana"
"""


@pytest.fixture(autouse=True)
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CACHE", "CONFIG", "DATA"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))


def test_a_card_says_who_may_do_what(tmp_path: Path) -> None:
    from renderer.show.document.schema import SCHEMA

    file = tmp_path / "show.toml"
    file.write_text(SHOW.format(schema=SCHEMA))
    card = make_card(IDOL, read_context(file), draws=False)
    assert (card.name, card.author, card.picture, card.fault) == ("Encore Idol", "Encore", "", "")
    assert card.is_licensed and "Fans may make clips." in card.terms
    (verdict,) = card.verdicts
    assert (verdict.performer, verdict.outcome) == ("Hana", "deny")
    assert any("violent" in line for line in verdict.lines)


def test_what_is_no_avatar_has_a_card_with_the_reason(tmp_path: Path) -> None:
    file = tmp_path / "broken.vrm"
    file.write_bytes(b"no avatar")
    card = make_card(file, None, draws=False)
    assert card.fault and card.name == "broken"
