"""Test the parsing of lenses in degrees or as 35 mm equivalents, and of invalid ones."""

from __future__ import annotations

import math

import pytest

from renderer.capture.sources.lens import parse_lens
from renderer.errors import CaptureError


@pytest.mark.parametrize("degrees", [5, 48.9, 60, 90, 150])
def test_an_angle_is_the_one_that_the_picture_s_longer_side_is_seen_under(degrees: float) -> None:
    for word in (f"{degrees}", f" {degrees}° "):
        assert 2.0 * math.atan(0.5 / parse_lens(word)) == pytest.approx(math.radians(degrees))


def test_millimetres_are_as_of_film_that_is_36_wide() -> None:
    assert parse_lens("36mm") == 1.0
    assert parse_lens("26mm") == pytest.approx(26 / 36)
    assert parse_lens("18mm") == pytest.approx(parse_lens("90"))


@pytest.mark.parametrize(
    "word",
    ["", "wide", "0", "180", "179.9", "-60", "nan", "inf", "1e2", "mm", "0mm", "1mm", "9999999mm",
     "60 deg", "60mmm", "٦٠", "6" * 5000],
)  # fmt: skip
def test_what_is_no_lens_is_refused_with_a_sentence(word: str) -> None:
    with pytest.raises(CaptureError, match="degrees, such as 60") as told:
        parse_lens(word)
    assert len(str(told.value)) < 250
