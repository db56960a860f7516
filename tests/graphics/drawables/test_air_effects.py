"""Test that jets, sparks, rain and lamps depend on the state alone, and are occluded correctly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renderer.graphics.renderer import StageRenderer
from renderer.stage.air_effects import Jets, LightRain, Sparks
from renderer.stage.lights.gobos import Gobo
from renderer.stage.lights.illumination import light_at
from renderer.stage.lights.lamps import LampCue, LampKind, LampPlace, LampRig
from renderer.stage.records import Air, Beam, Camera, Floor, Grade, Light, StageState
from renderer.stage.sets.stage_set import Backdrop, SetMesh, StageSet

SIZE = (160, 90)
CAMERA = Camera((0.0, 1.4, 8.0), (0.0, 1.5, 0.0), math.radians(32.0))
LIGHT = Light((0.0, 5.0, 3.0), (0.0, 0.5, 0.0), (0.8, 0.6, 0.7), (0.6, 0.9))
EFFECTS: dict[str, dict[str, Any]] = {
    "jets": {"jets": Jets(((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)), 0.7, height_m=2.4)},
    "sparks": {"sparks": Sparks(((-1.0, 0.0, 0.0), (1.0, 0.0, 0.0)), 2.0, height_m=2.0)},
    "rain": {"rain": LightRain(4.0, 1.0, -2.0, 2.0, 0.0, 2.6)},
}


def hall() -> StageSet:
    """Return a floor and four lamps, with a wall on the right in front of the effects."""
    floor = np.array([(-9, 0, -9), (9, 0, -9), (9, 0, 9), (-9, 0, 9)], np.float32)
    wall = np.array([(0.2, 0, 2), (9, 0, 2), (9, 9, 2), (0.2, 9, 2)], np.float32)
    meshes = tuple(
        SetMesh(
            name, points, np.tile(np.float32(normal), (4, 1)), np.full((4, 3), 0.1, np.float32),
            np.array([(0, 1, 2), (0, 2, 3)], np.uint32),
        )
        for name, points, normal in (("floor", floor, (0, 1, 0)), ("wall", wall, (0, 0, 1)))
    )  # fmt: skip
    lamps = (
        LampPlace(LampKind.STROBE, "strobe", (-0.6, 2.4, 0.0), (0.0, 0.0, 1.0)),
        LampPlace(LampKind.BLINDER, "blinder", (-1.6, 2.4, 0.0), (0.0, 0.0, 1.0)),
        LampPlace(LampKind.PIXEL_BAR, "bar", (-1.2, 0.3, 0.0), (0.0, 0.0, 1.0)),
    )
    return StageSet("hall", meshes, Backdrop((0,) * 3, (0,) * 3, (0,) * 3), lamps=lamps)


@pytest.fixture(scope="module")
def drawing() -> Iterator[StageRenderer]:
    with StageRenderer(*SIZE, hall(), [], samples=0) as renderer:
        yield renderer


def state(**changes: Any) -> StageState:
    made = StageState(0, 0, 0, (), (LIGHT,), (0.02,) * 3, CAMERA, grade=Grade(bloom=0.2))
    return replace(made, **changes)


def draw(renderer: StageRenderer, shown: StageState) -> np.ndarray:
    assert renderer.draw(shown) == ()
    renderer.collect()
    return renderer.picture().astype(int)


@pytest.mark.parametrize("name", EFFECTS)
def test_an_effect_is_seen_and_follows_from_its_state(drawing: StageRenderer, name: str) -> None:
    bare = draw(drawing, state())
    first = draw(drawing, state(**EFFECTS[name]))
    for other in EFFECTS:
        draw(drawing, state(**EFFECTS[other]))
    np.testing.assert_array_equal(draw(drawing, state(**EFFECTS[name])), first)
    added = (first - bare).max(axis=-1)
    # Effects add light; the wall on the right occludes them.
    assert (added[:, : SIZE[0] // 2] > 20).sum() > 30
    assert added.min() >= -1
    assert (added[:, SIZE[0] * 5 // 8 :] > 20).sum() < 0.1 * (added > 20).sum()


def test_effects_move_and_end(drawing: StageRenderer) -> None:
    bare = draw(drawing, state())
    for kind, field in ((Jets, "jets"), (Sparks, "sparks")):
        effect = EFFECTS[field][field]
        assert isinstance(effect, kind)
        one, other = (
            draw(drawing, state(**{field: replace(effect, age_s=effect.age_s + more)}))
            for more in (0.0, 0.1)
        )
        assert np.abs(one - other).max() > 10
        for age in (-0.5, 60.0):
            gone = draw(drawing, state(**{field: replace(effect, age_s=age)}))
            np.testing.assert_array_equal(gone, bare)


def test_jets_are_as_bright_as_the_light_that_they_stand_in(drawing: StageRenderer) -> None:
    jets = EFFECTS["jets"]
    made = []
    for color in ((0.0, 0.0, 0.0), (0.2, 0.2, 0.2), (0.4, 0.4, 0.4)):
        lit = {"lights": (replace(LIGHT, color=color),), "ambient": (0.0,) * 3, "grade": Grade()}
        made.append((draw(drawing, state(**lit, **jets)) - draw(drawing, state(**lit))).sum())
    assert made[0] == 0
    assert 0 < made[1] < made[2]


def test_light_in_the_air_is_the_lights_at_their_targets() -> None:
    points = np.array([LIGHT.target, (30.0, 0.0, 0.0)])
    arrived = light_at((LIGHT, LIGHT), points)
    assert arrived[0] == pytest.approx(2.0 * np.array(LIGHT.color))
    assert arrived[1].max() == 0.0


def test_lamps_shine_and_flare_where_they_hang(drawing: StageRenderer) -> None:
    cues = {
        "strobe": LampCue(4.0, rate_hz=1.0),
        "blinder": LampCue(2.0, ((1.0, 0.6, 0.3),)),
        "bar": LampCue(1.0, ((1.0, 0.1, 0.3), (0.1, 0.4, 1.0))),
    }
    rig = LampRig(hall().lamps)
    dark, _ = rig.advance({}, 0.0, 0.0)
    bare = draw(drawing, state(lamps=dark))
    lamps, _ = rig.advance(cues, 0.0, 0.0)
    lit = draw(drawing, state(lamps=lamps))
    assert ((lit - bare).max(axis=-1) > 60).sum() > 30
    lamps, _ = rig.advance(cues, 0.0, 0.5)
    between = draw(drawing, state(lamps=lamps))
    strobe = np.s_[10:30, 60:80]
    assert lit[strobe].max() > between[strobe].max() + 60


@pytest.mark.parametrize("name", ["jets", "sparks", "rain", "lamps", "gobo"])
def test_an_effect_looks_as_it_did(
    renderer: Callable[..., StageRenderer],
    require_golden: Callable[[StageRenderer, str], None],
    name: str,
) -> None:
    drawing = renderer(*SIZE, hall(), [], samples=0)
    changes = dict(EFFECTS.get(name, {}))
    if name == "lamps":
        cues = {"strobe": LampCue(4.0), "blinder": LampCue(2.0, ((1.0, 0.6, 0.3),)),
                "bar": LampCue(1.0, ((1.0, 0.1, 0.3), (0.1, 0.4, 1.0)))}  # fmt: skip
        changes["lamps"], _ = LampRig(hall().lamps).advance(cues, 0.25, 0.0)
    if name == "gobo":
        gobo = Gobo("star", 0.3)
        spot = Light((-1.0, 3.0, 2.0), (-1.0, 0.0, 0.5), (4.0, 3.0, 1.5), (0.2, 0.3), gobo=gobo)
        down = np.subtract(spot.target, spot.position)
        aim = down / np.linalg.norm(down)
        beam = Beam(spot.position, tuple(aim.tolist()), 0.2, (0.9, 0.7, 0.4), gobo=gobo)
        changes |= {"lights": (LIGHT, spot), "beams": (beam,), "air": Air(haze=0.12)}
    drawing.draw(state(floor=Floor(), **changes))
    drawing.collect()
    require_golden(drawing, f"air_{name}")
