"""Test that a show's titles have the label of its disclosure, and its outputs the marks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from renderer.errors import RightsError
from renderer.output.output_options import OutputOptions
from renderer.output.spec import OutputSpec
from renderer.rights.disclosure import Disclosure, decide_disclosure
from renderer.rights.disclosure.profile import Mark, Place
from renderer.show.rights.label import disclose, require_marked_outputs
from renderer.stage.text.label import USUAL, LabelPlace, LabelStyle
from renderer.stage.text.titles import TitlePlan

KINDS = ("mp4", "rtmp", "srt", "whip", "ndi", "vcam", "hls", "frames")


def output(kind: str) -> OutputSpec:
    address = {"rtmp": "rtmp://example.org/live/key", "srt": "srt://example.org:9000"}
    address |= {"whip": "whip://example.org/live", "ndi": "ndi:Encore", "vcam": "vcam:"}
    return OutputSpec(kind, address.get(kind, "place"), options=OutputOptions())


@pytest.mark.parametrize("place", Place)
def test_a_profile_decides_the_form_of_the_label(place: Place) -> None:
    disclosure = Disclosure("AI", ("One",), place=place, height=0.05, seconds=7.0)
    titles = disclose(TitlePlan(disclosure="of the crew"), disclosure)
    assert titles.disclosure == "AI"
    assert titles.label == LabelStyle(LabelPlace(place.value), 0.05, 7.0)
    for moment in (None, 3.0):
        assert titles.at(moment).label == titles.label


@pytest.mark.parametrize("country", ["DE", "KR", "US"])
def test_the_label_of_a_drawn_character_looks_as_before(country: str) -> None:
    assert disclose(TitlePlan(), decide_disclosure((country,))).label == USUAL


def test_no_output_of_a_drawn_character_is_refused() -> None:
    drawn = decide_disclosure(("KR", "DE", "US"))
    require_marked_outputs(drawn, map(output, KINDS), is_keyed=False)
    require_marked_outputs(drawn, [output("mov"), output("frames")], is_keyed=True)


@pytest.mark.parametrize("kind", KINDS)
def test_an_output_without_credentials_is_refused_where_they_are_required(kind: str) -> None:
    both = replace(decide_disclosure(()), marks=frozenset(Mark))
    if kind in ("mp4", "hls"):
        require_marked_outputs(both, [output(kind)], is_keyed=False)
        return
    with pytest.raises(RightsError, match="C2PA"):
        require_marked_outputs(both, [output("mp4"), output(kind)], is_keyed=False)
