"""A low level of detail is used only where it is the same avatar."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from avatars import load_avatar
from avatars.low_detail import find_difference, load_low_detail

LIBRARY = Path(__file__).parents[2] / "avatars" / "library"


@pytest.mark.parametrize("name", ["idol", "idol_2"])
def test_the_house_idols_have_one(name: str) -> None:
    full = load_avatar(LIBRARY / f"{name}.vrm")
    low = load_low_detail(full)
    assert low is not None
    assert low.path.name == f"{name}_lod.vrm"
    assert find_difference(full, low) is None


def test_an_avatar_without_one_has_none() -> None:
    assert load_low_detail(load_avatar(LIBRARY / "idol_lod.vrm")) is None


def test_another_avatar_or_a_damaged_file_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(LIBRARY / "idol.vrm", tmp_path / "idol.vrm")
    full = load_avatar(tmp_path / "idol.vrm")
    with caplog.at_level(logging.WARNING):
        shutil.copy(LIBRARY / "idol_2_lod.vrm", tmp_path / "idol_lod.vrm")
        assert load_low_detail(full) is None
        (tmp_path / "idol_lod.vrm").write_bytes(b"glTF and then nothing")
        assert load_low_detail(full) is None
    assert "no low level of detail of idol.vrm: the skeletons differ" in caplog.messages[0]
    assert "idol_lod.vrm" in caplog.messages[1]


def test_a_licence_does_not_change_with_the_distance() -> None:
    full = load_avatar(LIBRARY / "idol.vrm")
    low = load_avatar(LIBRARY / "idol_lod.vrm")
    other = replace(low, meta=replace(low.meta, authors=("somebody else",)))
    assert find_difference(full, other) == "the terms of the licence"
    recoloured = replace(low, materials=(replace(low.materials[0], base_color=(1, 0, 0, 1)),
                                         *low.materials[1:]))  # fmt: skip
    assert find_difference(full, recoloured) == "the materials"
