"""Test that text of any script is shaped into clusters that are never split."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renderer.graphics.text import fonts, raster, shaping
from renderer.graphics.text.raster import rasterise
from renderer.graphics.text.shaping import ShapedLine, shape_line

WORDS = st.text(
    st.one_of(
        st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3),
        st.characters(min_codepoint=0x1100, max_codepoint=0x11FF),
        st.characters(min_codepoint=0x3041, max_codepoint=0x30FF),
        st.characters(min_codepoint=0x300, max_codepoint=0x36F),
        st.characters(min_codepoint=0x20, max_codepoint=0x24F),
        st.sampled_from("花窓\u200d\ufe0f👩👧\n\t\0"),
    ),
    max_size=24,
)
NEEDS_CJK = pytest.mark.skipif(
    not any(0xAC00 in font.characters for font in fonts.fonts_for("가")),
    reason="no font with Hangul is installed",
)


@pytest.fixture
def other_fonts(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Yield a patch of the installed fonts; clear the caches before and after."""
    caches = shape_line, fonts._fonts_of_region, shaping._report_missing
    for cache in caches:
        cache.cache_clear()
    yield monkeypatch
    for cache in caches:
        cache.cache_clear()


@given(WORDS)
@example("\xad")
@example("a\xad\u200b b")
@settings(max_examples=150, deadline=None)
def test_clusters_cover_a_text_in_order(text: str) -> None:
    line = shape_line(text)
    assert [c.start for c in line.clusters] == [0, *[c.end for c in line.clusters[:-1]]][
        : len(line.clusters)
    ]
    assert (line.clusters[-1].end if line.clusters else 0) == len(text)
    for before, after in pairwise(line.clusters):
        assert before.right == pytest.approx(after.left)
    assert all(c.start < c.end and c.left <= c.right for c in line.clusters)


@given(WORDS)
@settings(max_examples=150, deadline=None)
def test_a_wipe_never_goes_back(text: str) -> None:
    line = shape_line(text)
    places = np.linspace(-1.0, len(text) + 1.0, 60)
    offsets = [line.offset_at(place) for place in places]
    assert offsets[0] == 0.0
    assert all(before <= after + 1e-9 for before, after in pairwise(offsets))
    assert offsets[-1] == pytest.approx(line.clusters[-1].right if line.clusters else 0.0)


@pytest.mark.parametrize(
    "cluster", ["e\u0301", "n\u0303\u0323", "\u1112\u1161\u11ab", "か\u3099", "👩\u200d👧"]
)
def test_what_belongs_together_is_not_split(cluster: str) -> None:
    line = shape_line("a" + cluster + "b")
    starts = [one.start for one in line.clusters]
    assert starts == [0, 1, 1 + len(cluster)]


@NEEDS_CJK
def test_each_hangul_syllable_is_a_cluster_composed_or_not() -> None:
    composed = shape_line("꽃핀 창문")
    parts = shape_line(unicodedata.normalize("NFD", "꽃핀 창문"))
    assert len(composed.clusters) == len(parts.clusters) == 5
    np.testing.assert_allclose(
        [c.right for c in composed.clusters], [c.right for c in parts.clusters], atol=0.02
    )


@NEEDS_CJK
def test_jamo_after_latin_are_one_syllable() -> None:
    line = shape_line("ab \u1112\u1161\u11ab c")
    assert [one.start for one in line.clusters] == [0, 1, 2, 3, 6, 7]


@NEEDS_CJK
def test_scripts_mix_on_a_line_and_kerning_is_applied() -> None:
    line = shape_line("花の窓 Flower 꽃")
    assert not line.missing
    assert all(glyph.index for glyph in line.glyphs)
    assert shape_line("AV").width < shape_line("A").width + shape_line("V").width


@NEEDS_CJK
def test_han_takes_the_forms_of_the_texts_language() -> None:
    if "CJK" not in fonts.fonts_for("가")[0].name:
        pytest.skip("the font has one region")
    japanese, korean = shape_line("直の"), shape_line("直")
    assert japanese.glyphs[0].font.name.endswith("JP")
    assert korean.glyphs[0].font.name.endswith("KR")


def test_a_missing_character_is_a_box_and_told_once(
    other_fonts: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    latin = tuple(path for path in fonts.FONTS if "DejaVu" in path.name and path.is_file())
    if not latin:
        pytest.skip("no font without Hangul is installed")
    other_fonts.setattr(fonts, "FONTS", latin)
    with caplog.at_level(logging.WARNING):
        line = shape_line("노래 song")
        shape_line("노래 again")
    assert line.missing == "노래"
    assert [glyph.index for glyph in line.glyphs[:2]] == [0, 0]
    assert rasterise(line, 20).pixels[..., 0].any()
    (told,) = [record.getMessage() for record in caplog.records]
    assert "U+B178" in told
    assert "install fonts-noto-cjk" in told


def test_without_any_font_nothing_is_drawn_and_it_is_told(
    other_fonts: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    other_fonts.setattr(fonts, "FONTS", (Path("/nowhere/none.ttf"),))
    with caplog.at_level(logging.WARNING):
        line = shape_line("song")
    assert line.glyphs == ()
    assert line.offset_at(2.0) == 0.0
    assert not rasterise(line, 20).pixels.any()
    assert "no font is installed" in caplog.text


def test_a_font_that_is_none_is_left_out_and_told(
    other_fonts: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.ttf"
    broken.write_bytes(b"no font at all")
    other_fonts.setattr(fonts, "FONTS", (broken, *fonts.FONTS))
    with caplog.at_level(logging.WARNING):
        line = shape_line("song")
    assert line.glyphs
    assert "broken.ttf cannot be read" in caplog.text


@pytest.mark.parametrize("size", [7, 20.5, 64])
def test_a_pictures_size_follows_the_em(size: float) -> None:
    line: ShapedLine = shape_line("Hana Mado")
    drawn = rasterise(line, size)
    face = drawn.pixels[..., 0] > 128
    columns = np.flatnonzero(face.any(axis=0))
    assert columns[0] >= drawn.left - 1
    assert columns[-1] - columns[0] == pytest.approx(line.width * size, abs=0.15 * size + 2)
    # Outline and shadow surround every pixel of the fill, and nothing touches the border.
    assert (drawn.pixels[..., 1][face] > 128).all()
    for edge in (np.s_[0], np.s_[-1], np.s_[:, 0], np.s_[:, -1]):
        assert drawn.pixels[edge][..., :2].max() == 0
        assert drawn.pixels[edge].max() <= 8
    assert raster.MARGIN >= raster.OUTLINE + 3.0 * raster.SHADOW
