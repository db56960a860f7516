"""Test lamps: the limit of strobes, output as a function of time alone, positions in a set."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.building.build_hall import HALL_PATH
from renderer.stage.building.hall_lamps import node_matrix, place_lamps
from renderer.stage.lights.lamps import (
    BAR_CELLS,
    MOST_FLASHES_HZ,
    LampCue,
    LampKind,
    LampPlace,
    LampRig,
    flash_level,
)
from renderer.stage.lights.looks import CHORUS
from renderer.stage.lights.reach import lights_reach
from renderer.stage.sets.lamp_nodes import read_lamps
from renderer.stage.sets.stage_set import load_set

STROBE = LampPlace(LampKind.STROBE, "strobe", (0.0, 6.0, -2.0), (0.0, 0.0, 1.0))
BLINDER = LampPlace(LampKind.BLINDER, "blinder", (2.0, 6.0, 1.0), (0.0, 0.0, 1.0))
BAR = LampPlace(LampKind.PIXEL_BAR, "bar", (1.0, 0.1, -2.0), (0.0, 0.0, 1.0))
CUES = {"strobe": LampCue(4.0), "blinder": LampCue(2.0), "bar": LampCue(1.0)}


@settings(deadline=None, max_examples=60)
@given(st.floats(0.0, 1e3), st.floats(0.0, 7200.0))
def test_no_second_holds_more_flashes_than_viewers_bear(rate: float, start: float) -> None:
    times = start + np.arange(1000) / 1000.0
    levels = np.array([flash_level(float(time), rate) for time in times])
    # A flash starts where the level rises.
    begins = int((np.diff(levels, prepend=levels[0]) > 0.0).sum())
    assert begins <= MOST_FLASHES_HZ
    assert levels.max() <= 1.0
    assert levels.min() >= 0.0


def test_a_strobe_flashes_at_its_rate() -> None:
    levels = np.array([flash_level(n / 500.0, 2.0) for n in range(5000)])
    assert (np.diff(levels) > 0.0).sum() == pytest.approx(20, abs=1)
    assert flash_level(3.0, 0.0) == 0.0
    assert flash_level(float("nan"), 2.0) == 0.0


def test_lamps_follow_from_the_time_alone() -> None:
    rig = LampRig((STROBE, BLINDER, BAR))
    first, _ = rig.advance(CUES, 12.25, 6.125)
    assert first is not None
    kept = first.color.copy()
    rig.advance(CUES, 40.0, 20.0)
    again, _ = LampRig((STROBE, BLINDER, BAR)).advance(CUES, 12.25, 6.125)
    assert again is not None
    np.testing.assert_array_equal(kept, again.color)
    assert len(first.position) == 1 + 4 + BAR_CELLS


def test_light_runs_along_a_bar() -> None:
    cue = LampCue(1.0, ((1.0, 0.2, 0.1), (0.1, 0.2, 1.0)), speed=8.0)
    shown = []
    for beat in (3.0, 3.0 + 1.0 / 8.0):
        lamps, _ = LampRig((BAR,)).advance({"bar": cue}, beat, 0.0)
        assert lamps is not None
        shown.append(lamps.color)
    now, then = shown
    assert np.ptp(now[:, 0]) > 0.2
    # Eight cells per beat: an eighth of a beat shifts everything by one cell.
    np.testing.assert_allclose(then[1:], now[:-1], atol=1e-5)


def test_lamps_without_a_cue_are_dark() -> None:
    lamps, lights = LampRig((STROBE, BLINDER, BAR)).advance({}, 3.0, 1.5)
    assert lamps is not None
    assert not lamps.color.any()
    assert lights == ()
    assert LampRig(()).advance(CUES, 0.0, 0.0) == (None, ())


def test_a_strobe_between_flashes_reaches_nothing() -> None:
    rig = LampRig((STROBE,))
    spheres = np.array([(0.0, 1.0, 0.0, 1.0)], np.float32)
    starts = np.zeros(1, np.intp)
    for seconds, reaches in ((0.0, True), (0.3, False)):
        _, lights = rig.advance({"strobe": LampCue(4.0, rate_hz=2.0)}, 0.0, seconds)
        assert lights_reach(lights, spheres, starts).any() == reaches


def test_the_halls_lamps_come_back_from_its_file() -> None:
    lamps = load_set(HALL_PATH).lamps
    placed = list(place_lamps())
    assert len(lamps) == len(placed)
    for place in placed:
        nearest = min(
            lamps, key=lambda one: np.linalg.norm(np.subtract(one.position, place.position))
        )
        assert nearest.kind is place.kind
        assert nearest.role == place.role
        assert nearest.direction == pytest.approx(place.direction, abs=1e-6)
    assert {place.role for place in lamps} == set(CHORUS.lamps)


def test_nodes_that_are_no_lamps_are_left_out() -> None:
    scene = trimesh.Scene()
    flat = node_matrix(STROBE.position, STROBE.direction)
    flat[:3, 2] = 0.0
    scene.graph.update("lamp.strobe.left.00", matrix=node_matrix(STROBE.position, STROBE.direction))
    scene.graph.update("lamp.strobe.left.01", matrix=flat)
    scene.graph.update("lamp.laser.left.02", matrix=node_matrix(STROBE.position, STROBE.direction))
    assert [lamp.role for lamp in read_lamps(scene)] == ["left"]
