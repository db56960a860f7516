"""Test the laws of the auto-director: seeded, on bars, never too short, never mid-phrase."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.show.direction.auto import (
    LONGEST_BARS,
    PHRASE_S,
    AutoDirector,
    Phrase,
    plan_cuts,
)
from renderer.show.document.editor import validate
from renderer.show.songs.grid import BeatGrid

CAMERAS = [
    {"number": 1, "framing": "wide"}, {"number": 2, "framing": "full"},
    {"number": 3, "framing": "bust", "who": ["Hana"]}, {"number": 4, "framing": "crowd"},
    {"number": 5, "framing": "close-up", "who": ["Yuki"]},
]  # fmt: skip
SECTIONS = [
    {"kind": "intro", "bar": 1}, {"kind": "verse", "bar": 5}, {"kind": "chorus", "bar": 13},
    {"kind": "talk", "bar": 21}, {"kind": "outro", "bar": 25},
]  # fmt: skip


def cuts_of(
    bpm: float = 120.0, phrases: tuple[Phrase, ...] = (), length_s: float = 60.0, **more: Any
) -> tuple[AutoDirector, BeatGrid]:
    document = {
        "performers": [{"name": "Hana"}, {"name": "Yuki"}],
        "cameras": CAMERAS,
        "songs": [{"name": "Song", "beat": {"bpm": bpm}, "sections": SECTIONS}],
        "auto_director": more,
    }
    show = validate(document)
    return plan_cuts(show, show.songs[0], phrases, length_s), BeatGrid(show.songs[0].beat)


@given(
    st.floats(60, 200), st.floats(0.5, 8), st.floats(0, 1), st.integers(0, 99),
    st.lists(st.tuples(st.floats(0, 55), st.floats(0.5, 6)), max_size=8),
)  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_cuts_are_on_bars_and_no_shot_is_too_short(
    bpm: float, shortest: float, variety: float, seed: int, lines: list[tuple[float, float]]
) -> None:
    phrases = tuple(sorted((Phrase(at, at + long) for at, long in lines), key=lambda p: p.begin_s))
    auto, grid = cuts_of(bpm, phrases, shortest=shortest, variety=variety, seed=seed)
    again, _ = cuts_of(bpm, phrases, shortest=shortest, variety=variety, seed=seed)
    assert auto.cuts == again.cuts
    assert auto.cuts[0].beat == 0.0
    for before, after in pairwise(auto.cuts):
        assert after.beat % 4 == 0
        assert after.camera != before.camera
        lasts = grid.seconds_at(after.beat) - grid.seconds_at(before.beat)
        assert lasts >= shortest - 1e-6
        assert (after.beat - before.beat) / 4 <= max(LONGEST_BARS.values()) or shortest > 1


def test_no_cut_tears_a_phrase_that_fits_a_shot() -> None:
    phrases = tuple(Phrase(4.0 * n + 0.5, 4.0 * n + 3.8) for n in range(15))
    auto, grid = cuts_of(phrases=phrases, shortest=1.0)
    for cut in auto.cuts[1:]:
        at = grid.seconds_at(cut.beat)
        assert not any(p.begin_s + PHRASE_S < at < p.end_s - PHRASE_S for p in phrases), at


def test_whoever_sings_is_shown_and_sections_have_their_framings() -> None:
    """Over many seeds: a singer's camera is chosen more often, and a chorus is cut faster."""
    shown: Counter[int] = Counter()
    lengths: dict[str, list[float]] = {"verse": [], "chorus": []}
    for seed in range(60):
        auto, _ = cuts_of(phrases=(Phrase(8.0, 24.0, 1),), seed=seed, variety=0.3, shortest=1.0)
        for cut, after in pairwise(auto.cuts):
            if 16 <= cut.beat < 48:
                shown[cut.camera] += 1
                lengths["verse"].append(after.beat - cut.beat)
            elif 48 <= cut.beat < 80:
                lengths["chorus"].append(after.beat - cut.beat)
    assert shown[5] > shown[3], shown
    verse, chorus = (sum(kind) / len(kind) for kind in lengths.values())
    assert chorus < 0.8 * verse


@pytest.mark.parametrize(("variety", "least", "most"), [(0.0, 1, 4), (1.0, 5, 5)])
def test_variety_uses_more_cameras(variety: float, least: int, most: int) -> None:
    used = set()
    for seed in range(5):
        auto, _ = cuts_of(seed=seed, variety=variety, length_s=20.0, shortest=1.0)
        used |= {cut.camera for cut in auto.cuts if cut.beat >= 16}
    assert least <= len(used) <= most


def test_one_camera_or_none_is_no_fault() -> None:
    show = validate({"cameras": [{"number": 7}]})
    assert {cut.camera for cut in plan_cuts(show, None, (), 20.0).cuts} == {7}
    empty = plan_cuts(validate({}), None, (), 20.0)
    assert empty.at(3.0) is None
