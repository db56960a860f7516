"""Test fixtures: limited motor speed, fading looks, beams from the fixtures' positions."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.beat import ATTACK, pulse_at
from renderer.stage.building.build_hall import HALL_PATH
from renderer.stage.lights.fixtures import (
    LENS_M,
    PAN_ACCELERATION,
    PAN_SPEED,
    TILT_ACCELERATION,
    TILT_SPEED,
    ZOOM_SPEED,
    HeadGoals,
    MovingHeads,
)
from renderer.stage.lights.gobos import FramingBlades
from renderer.stage.lights.lighting import MOST_POOLS, LightingRig, Section, look_at_beat
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE, Look, Pattern, blend
from renderer.stage.lights.reach import lights_reach
from renderer.stage.sets.stage_set import FixturePlace, load_set
from renderer.tools.duet_staging import MARKS

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
            assert np.allclose(np.linalg.norm(heads.compute_directions(), axis=1), 1.0)


@settings(deadline=None, max_examples=40)
@given(point, point)
def test_a_head_gets_where_it_is_sent(
    first: tuple[float, float, float], then: tuple[float, float, float]
) -> None:
    pivot = np.array([(0.0, 6.0, 0.0)])
    heads = MovingHeads(pivot)
    heads.jump(HeadGoals(np.array([first]), np.array([0.03])))
    # Half a turn of pan takes 0.82 s; then it decelerates.
    for _ in range(90):
        heads.advance(HeadGoals(np.array([then]), np.array([0.2])), 1.0 / 45.0)
    aim = np.subtract(then, pivot[0])
    assert heads.compute_directions()[0] @ (aim / np.linalg.norm(aim)) > math.cos(math.radians(0.5))
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
    first, last = VERSE.lights["key"].color, BALLAD.lights["key"].color
    assert middle.lights["key"].color == pytest.approx(tuple(np.add(first, last) / 2.0))
    assert look_at_beat(sections, 26.0) is BALLAD
    assert look_at_beat(sections, 32.0) is CHORUS
    keys = [
        look_at_beat(sections, beat).lights["key"].color[0] for beat in np.linspace(24.0, 26.0, 41)
    ]
    assert max(abs(np.diff(keys))) < 0.02


@pytest.mark.parametrize("pair", [(VERSE, CHORUS), (CHORUS, BALLAD), (BALLAD, VERSE)])
@given(share=st.floats(0.0, 1.0))
def test_a_blend_is_between_its_looks(pair: tuple[Look, Look], share: float) -> None:
    a, b = pair
    mixed = blend(a, b, share)
    for get in (
        lambda look: look.lights["key"].color,
        lambda look: look.lights["wash"].color,
        lambda look: look.ambient,
    ):
        assert (np.minimum(get(a), get(b)) - 1e-9 <= get(mixed)).all()
        assert (get(mixed) <= np.maximum(get(a), get(b)) + 1e-9).all()
    assert mixed.screens.content in (a.screens.content, b.screens.content)


@given(share=st.floats(0.0, 1.0))
def test_a_wall_is_dark_when_its_content_changes(share: float) -> None:
    mixed = blend(VERSE, BALLAD, share).screens
    assert mixed.content_level == pytest.approx(abs(1.0 - 2.0 * share), abs=1e-6)
    assert blend(VERSE, VERSE, share).screens.content_level == 1.0


@given(beat=st.floats(0.0, 100.0), decay=st.floats(0.5, 6.0), period=st.sampled_from((1.0, 4.0)))
def test_a_pulse_has_no_jump(beat: float, decay: float, period: float) -> None:
    step = 1e-3
    level = pulse_at(beat, decay, period)
    assert 0.0 < level <= 1.0
    steepest = max(decay, 1.0 / ATTACK)
    assert abs(pulse_at(beat + step, decay, period) - level) <= 1.01 * steepest * step
    assert pulse_at(round(beat / period) * period, decay, period) == pytest.approx(1.0)


def test_heads_dim_while_they_turn_to_a_new_look() -> None:
    rig = LightingRig(PLACES)
    rig.advance(VERSE, 8.0, 4.0, 2.0, FACES)
    away = replace(VERSE, heads={role: replace(cue, pattern=Pattern.SIDES, sway=0.0)
                                 for role, cue in VERSE.heads.items()})  # fmt: skip
    levels = []
    for frame in range(1, 91):
        _, beams = rig.advance(away, 8.0, 4.0 + frame / 30.0, 2.0, FACES)
        levels.append([max(beam.color) for beam in beams])
    end = np.array(levels[-1])
    assert (np.min(levels, axis=0) < 0.5 * end).any()
    assert end == pytest.approx(_still_levels(away))


def _still_levels(look: Look) -> list[float]:
    """Return the beams' levels with all heads at rest."""
    _, beams = LightingRig(PLACES).advance(look, 8.0, 0.0, 2.0, FACES)
    return [max(beam.color) for beam in beams]


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
    aim = np.subtract((faces[0][0], 0.99, 0.0), spot.apex)
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
            # After six that stand still and two follow spots.
            for pool in lights[8:]:
                assert pool.target[2] < -1.0


@pytest.mark.parametrize("look", [VERSE, CHORUS, BALLAD], ids=["verse", "chorus", "ballad"])
def test_gobos_fall_beside_the_performers_and_cost_them_nothing(look: Look) -> None:
    rig = LightingRig(load_set(HALL_PATH).fixtures)
    # Dancers on their marks, from the knees to the head, with their arms half out.
    spheres = np.array([(x, y, z, 0.5) for x, z in MARKS for y in (0.5, 1.0, 1.5)], np.float32)
    starts = np.arange(len(spheres), dtype=np.intp)
    for beat in np.arange(24.0, 40.0, 0.5):
        lights, _ = rig.advance(look, float(beat), float(beat) / 2.0, 2.0, FACES)
        gobos = [light for light in lights if light.gobo is not None]
        assert len(gobos) == MOST_POOLS
        assert not lights_reach(gobos, spheres, starts).any()


def test_no_head_speeds_up_faster_than_its_motors_can() -> None:
    heads = MovingHeads(np.array([(0.0, 6.0, 0.0)]))
    goals = HeadGoals(np.array([(5.0, 0.0, 3.0)]), np.array([0.1]))
    before, step = np.zeros(2), 1.0 / 60.0
    most = np.array((PAN_ACCELERATION, TILT_ACCELERATION)) * step
    angles = np.array((heads.pan[0], heads.tilt[0]))
    for _ in range(60):
        heads.advance(goals, step)
        now = np.array((heads.pan[0], heads.tilt[0]))
        speed = np.abs(now - angles) / step
        assert (speed - before <= most + 1e-9).all()
        before, angles = speed, now


def test_an_iris_narrows_beams_and_blades_frame_pools() -> None:
    places = load_set(HALL_PATH).fixtures
    blades = FramingBlades(top=0.5)
    cue = replace(VERSE.heads["front"], iris=0.5, blades=blades)
    plain, shaped = VERSE, replace(VERSE, heads={**VERSE.heads, "front": cue})
    (_, open_), (lights, closed) = (
        LightingRig(places).advance(look, 4.0, 2.0, 2.0, FACES) for look in (plain, shaped)
    )
    ratios = [b.spread / a.spread for a, b in zip(open_, closed, strict=True) if a.gobo]
    assert ratios == pytest.approx([0.5] * len(ratios))
    assert sum(light.blades == blades for light in lights) == MOST_POOLS
