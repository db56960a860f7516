"""Test that the fans' sums are those of what every fan last did."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.show.fans.chat import ChatCounter
from renderer.show.fans.limits import TokenBucket
from renderer.show.fans.records import GESTURES, FanColor, Gesture, OutsideSummary, Vote
from renderer.show.fans.tally import FULL_SHARE, SLOT_NS, SLOTS, Fan, VoteTally

COLORS = 3


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32))
def test_sums_are_those_of_a_recount(seed: int) -> None:
    """Whatever fans do, join and leave: counting every fan from scratch gives the same."""
    chooser = random.Random(seed)
    tally = VoteTally(COLORS)
    tally.open_poll(1, 2)
    fans: dict[Fan, tuple[int, int, Gesture | None]] = {}
    now = 0
    for _ in range(120):
        now += chooser.randrange(0, 5 * SLOT_NS)
        action = chooser.random()
        if action < 0.3:
            fans[tally.join()] = -1, -10 * SLOTS, None
        elif action < 0.4 and fans:
            fan = chooser.choice(list(fans))
            tally.leave(fan)
            del fans[fan]
        elif fans:
            fan = chooser.choice(list(fans))
            color = chooser.choice([None, 0, 1, 2])
            gesture = chooser.choice([None, *GESTURES])
            assert tally.count(fan, Vote(color, gesture), now)
            old = fans[fan]
            fans[fan] = (
                old[0] if color is None else color,
                old[1] if gesture is None else now // SLOT_NS,
                old[2] if gesture is None else gesture,
            )
    summary = tally.summarise(now)
    assert summary.people == len(fans)
    chosen = [color for color, _, _ in fans.values() if color >= 0]
    expected = [chosen.count(each) / len(chosen) if chosen else 0.0 for each in range(COLORS)]
    assert summary.shares == pytest.approx(tuple(expected))
    weights = {Gesture.WAVE: 0.5, Gesture.CHEER: 0.7, Gesture.CLAP: 0.6, Gesture.JUMP: 1.0}
    effort = sum(
        weights[gesture]
        for _, slot, gesture in fans.values()
        if gesture is not None and now // SLOT_NS - slot < SLOTS
    )
    energy = min(effort / (FULL_SHARE * len(fans)), 1.0) if fans else 0.0
    assert summary.energy == pytest.approx(energy)
    waving = sum(
        gesture is Gesture.WAVE and now // SLOT_NS - slot < SLOTS
        for _, slot, gesture in fans.values()
    )
    assert summary.waving == pytest.approx(waving / len(fans) if fans else 0.0)


def test_a_choice_counts_once_and_stays_when_its_fan_leaves() -> None:
    tally = VoteTally(1)
    fan = tally.join()
    assert not tally.count(fan, Vote(choice=0), 0), "no poll is open"
    tally.open_poll(1, 3)
    assert tally.count(fan, Vote(choice=0), 0)
    assert tally.count(fan, Vote(choice=2), 0)
    tally.leave(fan)
    assert tally.summarise(0).choices == (0, 0, 1)
    other = tally.join()
    tally.open_poll(2, 2)
    assert tally.count(other, Vote(choice=1), 0)
    assert tally.summarise(0).choices == (0, 1)
    assert tally.summarise(0).poll == 2


def test_what_is_not_there_is_refused() -> None:
    tally = VoteTally(2)
    fan = tally.join()
    for vote in (Vote(color=2), Vote(color=-1), Vote(choice=0)):
        assert not tally.count(fan, vote, 0)
    assert tally.summarise(0).shares == (0.0, 0.0)


def test_other_servers_count_until_they_are_silent() -> None:
    tally = VoteTally(2)
    summary = OutsideSummary("label", 100_000, (75_000, 25_000), (0, 0, 0, 40_000))
    assert tally.count_outside(summary, 0)
    found = tally.summarise(0)
    assert (found.people, found.energy, found.shares) == (100_000, 1.0, (0.75, 0.25))
    assert tally.summarise(6_000_000_000).people == 0


@pytest.mark.parametrize(
    "summary",
    [
        OutsideSummary("label", -1),
        OutsideSummary("label", 10, (11,)),
        OutsideSummary("label", 10, (6, 6)),
        OutsideSummary("label", 10, (1, 1, 1)),
        OutsideSummary("label", 10, (), (1, 1, 1, 1, 1)),
        OutsideSummary("label", 10**9),
    ],
)
def test_impossible_summaries_are_refused(summary: OutsideSummary) -> None:
    tally = VoteTally(2)
    assert not tally.count_outside(summary, 0)
    assert tally.summarise(0).people == 0


@given(st.lists(st.integers(0, 300_000_000), min_size=1, max_size=200))
def test_a_bucket_accepts_no_more_than_its_rate(pauses: list[int]) -> None:
    bucket = TokenBucket(2.0, 6.0)
    now, accepted = 10**12, 0
    for pause in pauses:
        now += pause
        accepted += bucket.take(now)
    assert accepted <= 6.0 + 2.0 * sum(pauses) / 1e9 + 1e-6
    assert bucket.take(now + 10**10)


def test_a_chat_counts_people_by_their_last_word() -> None:
    colors = (
        FanColor("Hana", (0.0, 0.0, 1.0), ("💙", "blue")),
        FanColor("Min", (1.0, 0, 0), ("red",)),
    )
    chat = ChatCounter("chat", colors)
    assert not chat.hear("a", "nothing here, bluebird", 0)
    for _ in range(50):
        assert chat.hear("a", "go BLUE", 0)
    assert chat.hear("b", "💙 red", 0)
    found = chat.summarise(1)
    assert (found.people, found.colors, found.gestures) == (2, (1, 1), (0, 2, 0, 0))
    assert chat.summarise(4_000_000_000).gestures == (0, 0, 0, 0)
    assert chat.summarise(61_000_000_000).people == 0
