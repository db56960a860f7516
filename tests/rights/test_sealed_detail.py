"""Test that a sealed avatar has its low level of detail, and no other model stands in for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.low_detail import load_low_detail
from avatars.write import write_vrm
from renderer.bench.rights.copies import reshape
from renderer.cli import main
from renderer.graphics.drawables.avatar.levels import merge_levels
from renderer.paths import IDOL
from renderer.rights.sealed.key import load_receiving_key
from renderer.rights.sealed.opener import AvatarOpener
from renderer.rights.sealed.package import is_sealed

LOW = IDOL.with_name("idol_lod.vrm")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CONFIG", "DATA", "CACHE"):
        monkeypatch.setenv(f"ENCORE_{name}", str(tmp_path / name))
    monkeypatch.setenv("ENCORE_KEY_PASSPHRASE", "correct horse")
    return tmp_path


def test_both_levels_are_sealed_and_opened(folder: Path) -> None:
    assert main(["avatar", "key"]) == 0
    key = load_receiving_key(str(folder / "DATA" / "avatar.key"))
    path = folder / "idol.sealed"
    assert main(["avatar", "seal", str(IDOL), "--for", key.did, "-o", str(path)]) == 0
    assert is_sealed(folder / "idol_lod.sealed")
    avatar = load_avatar(path, AvatarOpener(key).read)
    low = load_low_detail(avatar, AvatarOpener(key).read)
    assert low is not None
    assert low.sha256 == load_avatar(LOW).sha256
    # Without the key there is none, and the avatar is drawn in full.
    assert load_low_detail(avatar) is None
    assert len(merge_levels(avatar)) == 2


def test_another_model_does_not_stand_in_far_away(folder: Path) -> None:
    path = folder / "idol.vrm"
    path.write_bytes(IDOL.read_bytes())
    other = reshape(load_avatar(LOW), np.random.default_rng(3))
    path.with_name("idol_lod.vrm").write_bytes(write_vrm(replace(other, thumbnail=b"")))
    assert len(merge_levels(load_avatar(path))) == 1
