"""Lights that stand still come from the set, shine by role, and a set without any has a rig."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.building.build_hall import HALL_PATH
from renderer.stage.building.hall_lamps import node_matrix
from renderer.stage.lights.gobos import FramingBlades
from renderer.stage.lights.lighting import LightingRig
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE
from renderer.stage.lights.reach import lights_reach
from renderer.stage.sets.lights import (
    DEFAULT_LIGHTS,
    KEY_ROLE,
    LightCue,
    LightKind,
    LightPlace,
    complete_rig,
    read_light,
    shine,
)
from renderer.stage.sets.stage_set import FixturePlace, load_set
from renderer.tools.duet_staging import MARKS

SPOT = LightPlace(LightKind.SPOT, "spare", (0.0, 5.0, 2.0), (0.0, 0.0, 0.0), (0.1, 0.2))
FACES = ((-0.74, 1.5, 0.1), (0.74, 1.6, -0.16))
FOLLOW = tuple(FixturePlace("follow", (x, 12.0, 27.0)) for x in (-9.0, 9.0))
anything = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def foreign_set(path: Path, nodes: dict[str, Any]) -> Path:
    """Write a set: a floor and lamp nodes with extras, 4 m up, that shine down and forward."""
    scene = trimesh.Scene(trimesh.creation.box((4.0, 0.1, 4.0)))
    matrix = node_matrix((0.0, 4.0, -3.0), (0.0, -0.6, 0.8))
    for name, extras in nodes.items():
        scene.graph.update(name, matrix=matrix, metadata=extras)
    path.write_bytes(scene.export(file_type="glb"))
    return path


def test_the_halls_lights_come_back_from_its_file() -> None:
    lights = load_set(HALL_PATH).lights
    assert len(lights) == len(DEFAULT_LIGHTS)
    for place in DEFAULT_LIGHTS:
        found = min(lights, key=lambda one: math.dist(one.position, place.position))
        assert (found.kind, found.role) == (place.kind, place.role)
        assert found.casts_shadow == place.casts_shadow
        assert found.target == pytest.approx(place.target, abs=1e-5)
        assert found.cone == pytest.approx(place.cone, abs=1e-6)
    assert {place.role for place in lights} == set(VERSE.lights)


def test_a_foreign_set_lights_by_its_own_nodes(tmp_path: Path) -> None:
    path = foreign_set(
        tmp_path / "club.glb",
        {
            "lamp.spot.key.0": {"cone": [10, 20], "target": 5.0},
            "lamp.directional.fill.0": {},
            "lamp.wash.wash.0": {"cone": [30, 10]},
            "lamp.beam.rim_left.0": {},
            "lamp.laser.key.1": {},
        },
    )
    lights, beams = LightingRig((), load_set(path).lights).advance(VERSE, 2.5, 1.25, 2.0, FACES)
    key, fill, wash = lights
    assert key.position == pytest.approx((0.0, 4.0, -3.0))
    assert key.target == pytest.approx((0.0, 1.0, 1.0), abs=1e-5)
    assert key.cone == pytest.approx((math.radians(10.0), math.radians(20.0)))
    assert key.color == VERSE.lights[KEY_ROLE].color
    assert key.casts_shadow
    assert fill.cone is None
    # A cone that is wider inside than outside is none: the kind's own is used.
    assert wash.cone == pytest.approx((math.radians(15.0), math.radians(24.0)))
    assert [beam.direction for beam in beams] == [pytest.approx((0.0, -0.6, 0.8), abs=1e-6)]


def test_a_set_without_lights_has_the_default_rig(tmp_path: Path) -> None:
    places = load_set(foreign_set(tmp_path / "bare.glb", {})).lights
    assert places == ()
    assert complete_rig(places) == DEFAULT_LIGHTS
    # A face is always drawn by a key light, even where a set has lights without one.
    assert complete_rig((SPOT,)) == (DEFAULT_LIGHTS[0], SPOT)
    assert complete_rig((SPOT, *DEFAULT_LIGHTS[:1])) == (DEFAULT_LIGHTS[0], SPOT)


@settings(deadline=None, max_examples=200)
@given(
    kind=st.sampled_from(LightKind),
    extras=anything
    | st.fixed_dictionaries({"cone": anything, "target": anything, "shadow": anything}),
)
def test_any_extras_give_a_light_that_can_be_drawn(kind: LightKind, extras: Any) -> None:
    place = read_light(kind, "key", node_matrix((0.0, 4.0, 2.0), (0.0, -0.6, 0.8)), extras)
    numbers = (*place.position, *place.target, *place.cone)
    assert all(map(math.isfinite, numbers))
    assert math.dist(place.position, place.target) > 0.05
    assert 0.0 <= place.cone[0] <= place.cone[1] < math.pi / 2.0
    lights, beams = shine((place,), {"key": LightCue((1.0, 1.0, 1.0))}, 0.0)
    assert len(lights) + len(beams) == 1


def test_spots_take_gobos_and_blades_and_washes_do_not() -> None:
    blades = FramingBlades(top=0.5)
    cue = LightCue((1.0, 0.5, 0.2), 0.5, gobo="star", spin=0.25, blades=blades)
    wash = LightPlace(LightKind.WASH, "spare", SPOT.position, SPOT.target, SPOT.cone)
    (spot, plain), _ = shine((SPOT, wash), {"spare": cue}, 1.0)
    assert spot.gobo is not None
    assert spot.gobo.angle == pytest.approx(math.tau / 4.0)
    assert spot.blades == blades
    assert (plain.gobo, plain.blades) == (None, None)
    assert spot.color == plain.color == pytest.approx((0.5, 0.25, 0.1))


def test_lights_of_roles_without_a_cue_are_left_out() -> None:
    lights, _ = shine(complete_rig((SPOT,)), {}, 0.0)
    assert [light.color for light in lights] == [(0.0, 0.0, 0.0)]


@pytest.mark.parametrize("look", [VERSE, CHORUS, BALLAD], ids=["verse", "chorus", "ballad"])
def test_follow_spots_light_whom_they_follow_and_the_deck_at_their_feet(look: Any) -> None:
    rig = LightingRig(FOLLOW)
    still = len(shine(DEFAULT_LIGHTS, look.lights, 4.0)[0])
    lights, _ = rig.advance(look, 4.0, 2.0, 2.0, FACES)
    follows = lights[still:]
    assert len(follows) == len(FACES)
    for light, face, (x, z) in zip(follows, FACES, MARKS, strict=True):
        spheres = np.array(
            [(*face, 0.12), (x, 0.1, z, 0.1), (x, 0.0, z - 1.0, 0.1), (x, 0.0, z + 1.5, 0.1)],
            np.float32,
        )
        reached = lights_reach([light], spheres, np.arange(4, dtype=np.intp))[0]
        # Face, feet and the deck behind them, and not the deck before them.
        assert reached.tolist() == [True, True, True, False]
        # Soft: it fades over more than half of its radius.
        assert light.cone is not None
        assert light.cone[0] < 0.5 * light.cone[1]
        assert 0.05 < max(light.color) < max(look.lights[KEY_ROLE].color)


def test_more_follow_spots_than_performers_cost_no_more_lights() -> None:
    rig = LightingRig((*FOLLOW, *FOLLOW))
    lights, beams = rig.advance(VERSE, 4.0, 2.0, 2.0, FACES[:1])
    assert len(beams) == 4
    assert len(lights) == len(DEFAULT_LIGHTS) + 1
