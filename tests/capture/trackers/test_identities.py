"""Test identity assignment from positions, sizes and clothes alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.capture.trackers.appearance import Appearance, appearance, blend, distance
from renderer.capture.trackers.identities import IdentityTracker, Sighting

WIDTH, FPS = 1280, 30


def clothes(trunk: tuple[int, int, int], legs: tuple[int, int, int] = (60, 60, 70)) -> Appearance:
    """Return the appearance of a person in these colours."""
    picture = np.full((400, 200, 3), 128, np.uint8)
    picture[:200], picture[200:] = trunk, legs
    points = np.zeros((33, 2), np.float32)
    points[[11, 12, 23, 24, 25, 26]] = [
        (150, 50), (50, 50), (140, 190), (60, 190), (140, 350), (60, 350),
    ]  # fmt: skip
    return appearance(picture, points)


RED, BLUE, GREEN = clothes((190, 30, 40)), clothes((20, 70, 180)), clothes((40, 150, 60))


def body(x: float, worn: Appearance, finder: int | None = None, scale: float = 100.0) -> Sighting:
    return Sighting(np.array([x, 400.0], np.float32), scale, worn, min(x, WIDTH - x), finder)


def test_clothes_tell_people_apart_and_light_does_not_change_them() -> None:
    for one, other in ((RED, BLUE), (RED, GREEN), (BLUE, GREEN)):
        assert distance(one, one) == pytest.approx(0.0, abs=1e-3)
        apart = distance(one, other)
        assert apart is not None
        assert apart > 0.52
    darker = distance(RED, clothes((150, 24, 32)))
    assert darker is not None
    assert darker < 0.52


def test_clothes_that_nobody_sees_are_unknown() -> None:
    outside = appearance(np.zeros((9, 9, 3), np.uint8), np.full((33, 2), 50.0, np.float32))
    assert not outside.any()
    assert distance(outside, RED) is None
    assert np.array_equal(blend(outside, RED, 0.1), RED)
    assert np.array_equal(blend(RED, outside, 0.1), RED)


def test_the_most_prominent_performs_and_bystanders_are_ignored() -> None:
    roster = IdentityTracker(1)
    crowd = [body(200, BLUE, scale=40), body(640, RED, scale=120), body(1000, GREEN, scale=45)]
    assert roster.assign(crowd, 0.0) == [1]
    # The performer leaves; nobody is assigned their place, and they get it back.
    for frame in range(1, 200):
        assert roster.assign([crowd[0], crowd[2]], frame / FPS) == [None]
    assert roster.missing
    assert roster.assign([crowd[0], body(1200, RED, scale=110)], 7.0) == [1]
    assert not roster.missing


def test_performers_are_counted_from_left_to_right() -> None:
    roster = IdentityTracker(3)
    assert roster.assign([body(900, RED)], 0.0) == [None] * 3  # The others may be late.
    assert roster.assign([body(900, RED), body(300, BLUE), body(600, GREEN)], 0.1) == [1, 2, 0]


def test_a_show_does_not_wait_long_for_a_performer_who_is_not_there() -> None:
    roster = IdentityTracker(2)
    roster.assign([body(900, RED)], 0.0)
    assert roster.assign([body(900, RED)], 0.6) == [0, None]
    # A person who then arrives, and is not a bystander, becomes the second performer.
    assert roster.assign([body(900, RED, 0), body(100, BLUE, scale=30)], 0.7) == [0, None]
    assert roster.assign([body(900, RED, 0), body(100, BLUE)], 0.8) == [0, 1]


def passing(hidden: bool) -> list[tuple[list[Sighting], list[int | None]]]:
    """Yield red walking right behind blue, who walks left; red's tracker, occluded, sees blue."""
    frames: list[tuple[list[Sighting], list[int | None]]] = []
    for frame in range(80):
        red, blue = 300 + 8 * frame, 940 - 8 * frame
        covered = abs(red - blue) < 70
        seen = [body(blue, BLUE, 1)]
        wanted: list[int | None] = [None, 0]
        if hidden and covered:
            seen.append(body(blue + 3, BLUE, 0))
        elif not covered:
            seen.append(body(red, RED, 0))
            wanted = [1, 0]
        frames.append((seen, wanted))
    return frames


@pytest.mark.parametrize("hidden", [True, False])
def test_whoever_passes_behind_is_missed_and_found_again(hidden: bool) -> None:
    roster = IdentityTracker(2)
    for frame, (seen, wanted) in enumerate(passing(hidden)):
        assert roster.assign(seen, frame / FPS) == wanted


def test_trackers_that_exchange_their_targets_are_seen_through() -> None:
    roster = IdentityTracker(2)
    roster.assign([body(500, RED), body(800, BLUE)], 0.0)
    for frame in range(1, 10):
        roster.assign([body(500 + 5 * frame, RED, 0), body(800 - 5 * frame, BLUE, 1)], frame / FPS)
    given = roster.assign([body(745, BLUE, 0), body(555, RED, 1)], 10 / FPS)
    assert given == [1, 0]


def test_in_the_same_costume_motion_decides() -> None:
    roster = IdentityTracker(2)
    for frame in range(40):
        left, right = 400 + 10 * frame, 800 - 10 * frame
        if abs(left - right) > 45:
            assert roster.assign([body(left, RED, 0), body(right, RED, 1)], frame / FPS) == [0, 1]


def test_a_cut_in_a_video_is_followed_within_a_second() -> None:
    roster = IdentityTracker(1)
    for frame in range(30):
        assert roster.assign([body(200, RED, None if frame == 0 else 0)], frame / FPS) == [0]
    found = [roster.assign([body(1100, RED)], frame / FPS) == [0] for frame in range(30, 60)]
    assert not found[0]  # No person moves that fast.
    assert all(found[20:])


def test_a_performer_in_another_light_is_known_by_their_place() -> None:
    roster = IdentityTracker(1)
    roster.assign([body(640, RED)], 0.0)
    relit = body(650, BLUE, 0)
    assert roster.assign([relit], 0.1) == [None]
    assert roster.colour_changes == ""
    assert roster.assign([body(650, BLUE)], 1.7) == [0]
    assert roster.assign([relit], 1.8) == [0]
    assert "Performer 1" in roster.colour_changes and "change 1" in roster.colour_changes
    # People enter and leave at the edge, so no one is taken for another there.
    roster = IdentityTracker(1)
    roster.assign([body(100, RED)], 0.0)
    assert roster.assign([body(100, BLUE)], 60.0) == [None]


def test_a_performer_who_returns_in_another_costume_is_known_once_they_stay() -> None:
    roster = IdentityTracker(1)
    for frame in range(30):
        roster.assign([body(640 - 20 * frame, RED, 0)], frame / FPS)

    def stay(worn: Appearance, seconds: float, begin: float) -> list[list[int | None]]:
        frames = range(round(seconds * FPS))
        return [roster.assign([body(600 + k % 3, worn)], begin + k / FPS) for k in frames]

    # Somebody who crosses the stage while the performer is away is a stranger.
    for frame in range(60):
        assert roster.assign([body(20 * frame, GREEN)], 10.0 + frame / FPS) == [None]
    found = stay(BLUE, 4.0, 20.0)
    assert found[:80] == [[None]] * 80 and found[-20:] == [[0]] * 20
    assert "change 1" in roster.colour_changes
    # The earlier costume is known at once.
    assert roster.assign([], 40.0) == [None]
    assert stay(RED, 1.0, 41.0) == [[0]] * FPS


def test_of_two_who_are_missing_nobody_in_other_clothes_is_either() -> None:
    roster = IdentityTracker(2)
    roster.assign([body(400, RED), body(800, BLUE)], 0.0)
    for frame in range(200):
        assert roster.assign([body(600, GREEN)], 10.0 + frame / FPS) == [None, None]


sightings = st.lists(
    st.tuples(
        st.floats(0, WIDTH), st.sampled_from([RED, BLUE, GREEN]), st.floats(20, 200),
        st.sampled_from([None, 0, 1, 2]),
    ),
    max_size=6,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(sightings, min_size=1, max_size=6), st.integers(1, 4))
def test_nobody_is_given_twice(frames: list[list[tuple]], places: int) -> None:
    roster = IdentityTracker(places)
    for number, frame in enumerate(frames):
        seen = [body(x, worn, finder, scale) for x, worn, scale, finder in frame]
        given = roster.assign(seen, number / FPS)
        assert len(given) == places
        taken = [n for n in given if n is not None]
        assert len(set(taken)) == len(taken)
        for a in taken:
            for b in taken:
                alike = min(seen[a].scale, seen[b].scale) > 0.7 * max(seen[a].scale, seen[b].scale)
                gap = abs(seen[a].centre[0] - seen[b].centre[0])
                assert a == b or not alike or gap >= 0.4 * max(seen[a].scale, seen[b].scale)
        assert roster.missing == any(n is None for n in given)


def test_two_in_one_costume_who_cross_are_not_exchanged() -> None:
    """As in a filmed clip: both trackers jump to the nearer person; the clothes match either."""
    roster = IdentityTracker(2)
    near, far = clothes((190, 30, 40)), clothes((175, 34, 44))
    for frame in range(60):
        right, left = 300 + 6 * frame, 700 - 6 * frame
        apart = left - right
        if apart > 90:
            seen = [body(right, far, 0), body(left, near, 1)]
            assert roster.assign(seen, frame / FPS) == [0, 1]
        elif apart > 60:
            # Both trackers find the person in front, nearer to the other performer than their own.
            seen = [body(left - 30, near, 0), body(left - 32, near, 1)]
            assert roster.assign(seen, frame / FPS) == [None, 1]
        elif apart > -90:
            assert roster.assign([body(left, far, 1)], frame / FPS) == [None, 0]
        else:
            finder = None if not roster.is_present(0) else 0
            seen = [body(left, near, 1), body(right, far, finder)]
            assert roster.assign(seen, frame / FPS) == [1, 0]
