"""Test which outputs a disclosure lets through, and how profiles combine."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import RightsError
from renderer.rights.disclosure import combine_rules, decide_disclosure
from renderer.rights.disclosure.marks import require_marks
from renderer.rights.disclosure.profile import Mark, Place, Rule, load_profiles

RULES = st.builds(
    Rule,
    label=st.sampled_from([("One",), ("Two", "Three")]),
    place=st.sampled_from(Place),
    height=st.floats(0.012, 0.1),
    seconds=st.sampled_from([0.0, 5.0, 20.0]),
    marks=st.lists(st.sampled_from(Mark)).map(tuple),
    file_marks=st.lists(st.sampled_from(Mark)).map(tuple),
    allows_keyed=st.booleans(),
)


@given(st.lists(RULES, min_size=1, max_size=4))
def test_several_rules_are_at_least_as_strict_as_each(rules: list[Rule]) -> None:
    found = combine_rules(rules, ("names",))
    assert found.place is rules[0].place
    for rule in rules:
        assert found.height >= rule.height
        assert found.seconds == 0.0 or found.seconds >= rule.seconds > 0.0
        assert found.marks >= set(rule.marks)
        assert found.file_marks >= set(rule.file_marks)
        assert rule.allows_keyed or not found.allows_keyed


def test_every_profile_treats_a_likeness_more_strictly_than_a_drawn_character() -> None:
    for profile in load_profiles():
        drawn, depicts = profile.drawn, profile.depicts
        assert depicts.height > drawn.height
        assert depicts.seconds == 0.0
        assert set(depicts.marks) >= set(drawn.marks)
        assert set(depicts.file_marks) > set(drawn.file_marks)
        assert drawn.allows_keyed
        assert not depicts.allows_keyed
        assert profile.source


@pytest.mark.parametrize("country", ["DE", "KR", "US"])
def test_files_of_a_likeness_need_credentials(country: str) -> None:
    likeness = decide_disclosure((country,), ["Ann"])
    watermark = {Mark.WATERMARK}
    require_marks(likeness, "stream", watermark, is_file=False, is_keyed=False)
    require_marks(likeness, "show.mp4", set(Mark), is_file=True, is_keyed=False)
    with pytest.raises(RightsError, match="cannot carry the C2PA content credentials"):
        require_marks(likeness, "images", watermark, is_file=True, is_keyed=False)
    drawn = decide_disclosure((country,))
    require_marks(drawn, "images", watermark, is_file=True, is_keyed=False)
    with pytest.raises(RightsError, match="cannot carry the watermark"):
        require_marks(drawn, "stream", (), is_file=False, is_keyed=False)


def test_material_over_transparency_is_for_drawn_characters() -> None:
    require_marks(decide_disclosure(()), "show.mov", (), is_file=True, is_keyed=True)
    with pytest.raises(RightsError, match="without label and marks"):
        require_marks(decide_disclosure((), ["Ann"]), "show.mov", (), is_file=True, is_keyed=True)


def test_a_profile_can_require_both_marks_of_streams() -> None:
    rule = Rule(("One",), Place.TOP_LEFT, 0.02, 0.0, tuple(Mark), (), allows_keyed=False)
    both = combine_rules([rule], ("Strict",))
    require_marks(both, "hls:folder", Mark, is_file=True, is_keyed=False)
    with pytest.raises(RightsError, match=r"C2PA.* that the disclosure profile Strict requires"):
        require_marks(both, "rtmp://a/b", {Mark.WATERMARK}, is_file=False, is_keyed=False)


def test_a_named_person_answers_for_missing_marks_too() -> None:
    taken_off = decide_disclosure((), ["Ann"], override="Kim, producer")
    require_marks(taken_off, str(Path("show.mov")), (), is_file=True, is_keyed=True)
    require_marks(taken_off, "images", (), is_file=True, is_keyed=False)
