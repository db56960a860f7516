"""Test that avatars are merged once, which an engine does before it has a context."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from avatars.model import Avatar, Material
from renderer.graphics.drawables.avatar import levels
from renderer.graphics.drawables.avatar.geometry import Geometry
from renderer.graphics.drawables.avatar.levels import MergedLevels, merge_levels


def test_an_avatar_is_merged_once(
    card: Callable[..., Avatar], monkeypatch: pytest.MonkeyPatch
) -> None:
    merged: list[Avatar] = []

    def merge_and_count(avatar: Avatar) -> tuple[Geometry, ...]:
        merged.append(avatar)
        return merge_levels(avatar)

    monkeypatch.setattr(levels, "merge_levels", merge_and_count)
    first, second = card(Material("plain")), card(Material("plain"))
    known = MergedLevels()
    assert known.get(first) is known.get(first)
    assert known.get(first) is not known.get(second)
    assert [id(one) for one in merged] == [id(first), id(second)]
