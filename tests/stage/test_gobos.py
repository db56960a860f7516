"""Test gobos: generated patterns, image files, and refused files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from renderer.errors import StageError
from renderer.stage.lights.gobos import MOST_GOBOS, SIDE, GoboLibrary, read_gobo


def test_patterns_let_some_light_through_and_keep_some() -> None:
    library = GoboLibrary()
    assert library.layers.shape == (len(library.names), SIDE, SIDE)
    for layer in library.layers:
        assert 0.1 < layer.mean() / 255.0 < 0.7
        assert layer.max() == 255
        assert layer.min() == 0
    assert library.find("star") == library.names.index("star")
    assert library.find("none such") is None


def test_an_image_is_a_gobo(tmp_path: Path) -> None:
    pixels = np.zeros((128, 256), np.uint8)
    pixels[:, 128:] = 255
    Image.fromarray(pixels).save(tmp_path / "half.png")
    gobo = read_gobo(tmp_path / "half.png")
    assert gobo.shape == (SIDE, SIDE)
    assert gobo[:, : SIDE // 2 - 1].max() == 0
    assert gobo[:, SIDE // 2 + 1 :].min() == 255
    library = GoboLibrary([tmp_path / "half.png"])
    number = library.find("half")
    assert number is not None
    np.testing.assert_array_equal(library.layers[number], gobo)


def test_what_is_no_image_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    for name in ("broken.png", "absent.png"):
        with pytest.raises(StageError, match=name):
            read_gobo(tmp_path / name)
    Image.new("L", (5000, 8)).save(tmp_path / "wide.png")
    with pytest.raises(StageError, match="too many"):
        read_gobo(tmp_path / "wide.png")


def test_too_many_are_refused(tmp_path: Path) -> None:
    for number in range(MOST_GOBOS):
        Image.new("L", (8, 8)).save(tmp_path / f"{number}.png")
    with pytest.raises(StageError, match="there are"):
        GoboLibrary(sorted(tmp_path.glob("*.png")))
