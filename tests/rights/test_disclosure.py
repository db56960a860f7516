"""Test which label a show gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renderer.errors import RightsError
from renderer.rights.disclosure import decide_disclosure
from renderer.rights.disclosure.profile import load_profiles

CODES = sorted({code for profile in load_profiles() for code in profile.territories} - {"*"})


def test_a_show_without_a_territory_has_a_label() -> None:
    found = decide_disclosure(())
    assert (found.label, found.profiles) == ("Virtual performance", ("Default",))


def test_korea_is_labelled_in_korean_too() -> None:
    assert decide_disclosure(("KR",)).label == "가상 공연 · Virtual performance"
    assert decide_disclosure(("KR", "DE")).profiles == ("European Union", "South Korea")


def test_a_likeness_of_a_real_person_is_named_everywhere() -> None:
    for code in (*CODES, "US"):
        assert "likeness of Ann" in decide_disclosure((code,), ["Ann"]).label


def test_an_unknown_territory_falls_back_to_the_strict_default() -> None:
    assert "Default" in decide_disclosure(("KR", "US")).profiles


def test_what_a_licence_and_the_crew_add_is_shown_once() -> None:
    found = decide_disclosure((), extra=("Idol by Label Ltd", "Virtual performance", ""))
    assert found.label == "Virtual performance · Idol by Label Ltd"
    longer = decide_disclosure((), extra=("Virtual performance by Mai",))
    assert longer.label == "Virtual performance by Mai"
    cased = decide_disclosure((), extra=("버추얼 공연 · VIRTUAL PERFORMANCE",))
    assert cased.label == "버추얼 공연 · VIRTUAL PERFORMANCE"


def test_only_a_named_person_takes_the_label_off() -> None:
    found = decide_disclosure((), override="Kim, producer")
    assert (found.label, found.override) == ("", "Kim, producer")
    for nobody in (" ", "--", "..", "12", "a", "\u200b\u200b"):
        with pytest.raises(RightsError, match="needs a name"):
            decide_disclosure((), override=nobody)
    assert decide_disclosure((), override="김철").override == "김철"


@given(st.lists(st.sampled_from([*CODES, "US", "JP"]), max_size=6))
def test_more_territories_never_say_less(codes: list[str]) -> None:
    whole = decide_disclosure(codes).label
    for code in codes:
        for part in decide_disclosure((code,)).label.split(" · "):
            assert part in whole
