"""Fixtures: motors have a greatest speed, looks fade, beams come from where heads hang."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.fixtures import (
    LENS_M,
    PAN_SPEED,
    TILT_SPEED,
    ZOOM_SPEED,
    HeadGoals,
    MovingHeads,
)
from renderer.stage.lighting import LightingRig, Section, look_at_beat
from renderer.stage.looks import BALLAD, CHORUS, VERSE, Look, blend
from renderer.stage.set import FixturePlace

FACES = ((-0.7, 1.5, 0.0), (0.7, 1.6, 0.0))
PLACES = (
    *(FixturePlace("back", (x, 6.1, -2.2)) for x in (-6.6, -2.0, 2.0, 6.6)),
    *(FixturePlace("follow", (x, 12.0, 27.0)) for x in (-9.0, 9.0)),
    FixturePlace("spare", (0.0, 5.0, 0.0)),
)
point = st.tuples(st.floats(-12, 12), st.floats(-2, 4), st.floats(-8, 20))


@settings(deadline=None, max_examples=40)
@given(st.lists(point, min_size=1, max_size=8), st.sampled_from((24.0, 30.0, 60.0)))
def test_no_head_turns_faster_than_its_motors(
    targets: list[tuple[float, float, float]], rate: float
) -> None:
    heads = MovingHeads(np.array([(0.0, 6.0, 0.0), (3.0, 6.0, -2.0)]))
    for target in targets:
        goals = HeadGoals(np.array([target, target]), np.array([0.03, 0.4]))
        for _ in range(10):
            pan, tilt, spread = heads.pan.copy(), heads.tilt.copy(), heads.spread.copy()
            heads.advance(goals, 1.0 / rate)
            assert (abs(heads.pan - pan) <= PAN_SPEED / rate + 1e-9).all()
            assert (abs(heads.tilt - tilt) <= TILT_SPEED / rate + 1e-9).all()
            assert (abs(heads.spread - spread) <= ZOOM_SPEED / rate + 1e-9).all()
            assert np.allclose(np.linalg.norm(heads.directions(), axis=1), 1.0)


@settings(deadline=None, max_examples=40)
@given(point, point)
def test_a_head_gets_where_it_is_told(
    first: tuple[float, float, float], then: tuple[float, float, float]
) -> None:
    pivot = np.array([(0.0, 6.0, 0.0)])
    heads = MovingHeads(pivot)
    heads.jump(HeadGoals(np.array([first]), np.array([0.03])))
    # Half a turn of pan takes 0.82 s; then it runs in.
    for _ in range(90):
        heads.advance(HeadGoals(np.array([then]), np.array([0.2])), 1.0 / 45.0)
    aim = np.subtract(then, pivot[0])
    assert heads.directions()[0] @ (aim / np.linalg.norm(aim)) > math.cos(math.radians(0.5))
    assert heads.spread[0] == pytest.approx(0.2, abs=1e-3)


def test_frame_rate_does_not_change_where_heads_are() -> None:
    goals = HeadGoals(np.array([(5.0, 0.0, 3.0)]), np.array([0.1]))
    ends = []
    for rate in (30, 60):
        heads = MovingHeads(np.array([(0.0, 6.0, 0.0)]))
        for _ in range(rate // 5):
            heads.advance(goals, 1.0 / rate)
        ends.append((heads.pan[0], heads.tilt[0]))
    assert ends[0] == pytest.approx(ends[1], abs=1e-6)


def test_looks_fade_over_sections() -> None:
    sections = (Section(0, VERSE), Section(24, BALLAD, 2.0), Section(32, CHORUS, 0.0))
    assert look_at_beat(sections, -3.0) is VERSE
    assert look_at_beat(sections, 23.9) is VERSE
    middle = look_at_beat(sections, 25.0)
    assert middle.key == pytest.approx(tuple(np.add(VERSE.key, BALLAD.key) / 2.0))
    assert look_at_beat(sections, 26.0) is BALLAD
    assert look_at_beat(sections, 32.0) is CHORUS
    keys = [look_at_beat(sections, beat).key[0] for beat in np.linspace(24.0, 26.0, 41)]
    assert max(abs(np.diff(keys))) < 0.02


@pytest.mark.parametrize("pair", [(VERSE, CHORUS), (CHORUS, BALLAD), (BALLAD, VERSE)])
@given(share=st.floats(0.0, 1.0))
def test_a_blend_lies_between_its_looks(pair: tuple[Look, Look], share: float) -> None:
    a, b = pair
    mixed = blend(a, b, share)
    for one in ("key", "wash", "ambient"):
        low = np.minimum(getattr(a, one), getattr(b, one)) - 1e-9
        high = np.maximum(getattr(a, one), getattr(b, one)) + 1e-9
        assert (low <= getattr(mixed, one)).all()
        assert (getattr(mixed, one) <= high).all()
    assert mixed.screens.content in (a.screens.content, b.screens.content)


def test_a_group_that_one_look_lacks_fades_in_and_out() -> None:
    bare = blend(VERSE, VERSE, 0.5)
    bare = Look(**{**_parts(bare), "heads": {}})
    assert blend(bare, VERSE, 0.5).heads["back"].level == pytest.approx(
        VERSE.heads["back"].level / 2.0
    )
    assert blend(VERSE, bare, 0.75).heads["back"].level == pytest.approx(
        VERSE.heads["back"].level / 4.0
    )


def _parts(look: Look) -> dict[str, object]:
    return {name: getattr(look, name) for name in look.__slots__}


def test_beams_leave_the_lenses_of_their_heads() -> None:
    rig = LightingRig(PLACES)
    _, beams = rig.advance(CHORUS, 34.0, 17.0, 2.0, FACES)
    # The spare head belongs to no group of the look: it is dark.
    assert len(beams) == 6
    for beam in beams:
        assert math.hypot(*beam.direction) == pytest.approx(1.0)
        pivot = np.subtract(beam.apex, np.multiply(LENS_M, beam.direction))
        assert min(math.dist(pivot, place.position) for place in PLACES) < 1e-9


def test_follow_spots_follow() -> None:
    rig = LightingRig(PLACES)
    for frame in range(60):
        faces = ((-0.7 + 0.02 * frame, 1.5, 0.0), FACES[1])
        _, beams = rig.advance(VERSE, frame / 15.0, frame / 30.0, 2.0, faces)
    spot = next(beam for beam in beams if beam.apex[2] > 20.0 and beam.apex[0] < 0.0)
    aim = np.subtract((faces[0][0], 1.1, 0.0), spot.apex)
    assert np.dot(aim / np.linalg.norm(aim), spot.direction) > math.cos(math.radians(0.6))


def test_the_rig_follows_from_the_frames_alone() -> None:
    def run() -> object:
        rig = LightingRig(PLACES)
        return [rig.advance(CHORUS, n / 15.0, n / 30.0, 2.0, FACES) for n in range(10)]

    assert run() == run()


def test_no_pool_falls_before_the_performers() -> None:
    for look in (VERSE, CHORUS, BALLAD):
        rig = LightingRig(PLACES)
        for beat in np.linspace(0.0, 16.0, 33):
            lights, _ = rig.advance(look, float(beat), float(beat) / 2.0, 2.0, FACES)
            for pool in lights[6:]:
                assert pool.target[2] < -1.0
