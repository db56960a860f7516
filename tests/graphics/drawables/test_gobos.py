"""Test the transmission of gobos and framing blades, on surfaces and in the air."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renderer.graphics.gpu.light_lists import _variant
from renderer.graphics.gpu.lights import pack_lights
from renderer.graphics.renderer import StageRenderer
from renderer.stage.lights.gobos import FramingBlades, Gobo, GoboLibrary
from renderer.stage.records import Air, Beam, Camera, Light, StageState
from renderer.stage.sets.stage_set import StageSet

SIZE = 128
CAMERA = Camera((0.0, 0.0, 6.0), (0.0, 0.0, 0.0), math.radians(40.0))
KEY = Light((0.0, 9.0, 0.0), (0.0, 10.0, 0.0), (1e-6, 1e-6, 1e-6), (0.1, 0.2))
"""A key light without effect."""
SPOT = Light((0.0, 0.0, 6.0), (0.0, 0.0, 0.0), (0.5, 0.5, 0.5), (0.2, 0.24))
Draw = Callable[..., np.ndarray]


@pytest.fixture
def light(
    renderer: Callable[..., StageRenderer],
    stage: Callable[..., StageSet],
    state: Callable[..., StageState],
) -> Draw:
    """Return the linear light (height, width) of a wall, or of the air in front of black."""

    def draw(
        *lights: Light, key: Light = KEY, beams: tuple[Beam, ...] = (), wall: bool = True
    ) -> np.ndarray:
        made = stage(((0.0, 0.0, 0.0), 6.0, 0.5, 0.0)) if wall else stage()
        drawing = renderer(SIZE, SIZE, made, [], samples=0)
        frame = state(lights=(key, *lights), camera=CAMERA)
        assert drawing.draw(replace(frame, beams=beams, air=Air(haze=0.4 if beams else 0.0))) == ()
        shown = drawing.picture()[..., 1] / 255.0
        return np.where(shown > 0.04045, ((shown + 0.055) / 1.055) ** 2.4, shown / 12.92)

    return draw


@pytest.mark.parametrize("name", GoboLibrary().names)
def test_the_light_that_passes_is_the_patterns_share(light: Draw, name: str) -> None:
    library = GoboLibrary()
    open_ = light(SPOT)
    shaped = light(replace(SPOT, gobo=Gobo(name, 0.4)))
    layer = library.layers[library.find(name)] / 255.0
    # The same pattern over the disc that the light fills, weighted by its own profile.
    middle = (np.arange(SIZE) + 0.5) / SIZE * 2.0 - 1.0
    reach = math.tan(CAMERA.fov_y / 2.0) / math.tan(SPOT.cone[1])
    x, y = np.meshgrid(middle * reach, -middle * reach)
    c, s = math.cos(0.4), math.sin(0.4)
    u, v = c * x + s * y, c * y - s * x
    column = np.clip(((u * 0.5 + 0.5) * layer.shape[1]).astype(int), 0, layer.shape[1] - 1)
    row = np.clip(((-v * 0.5 + 0.5) * layer.shape[0]).astype(int), 0, layer.shape[0] - 1)
    wanted = (open_ * layer[row, column]).sum() / open_.sum()
    assert shaped.sum() / open_.sum() == pytest.approx(wanted, abs=0.04)
    assert (shaped <= open_ + 0.01).all()


def test_the_key_light_takes_a_gobo_and_blades_like_any_other(light: Draw) -> None:
    for shaped in (
        replace(SPOT, gobo=Gobo("dots", 0.4)),
        replace(SPOT, blades=FramingBlades(left=1.0)),
    ):
        np.testing.assert_allclose(light(key=shaped), light(shaped), atol=0.01)
    # Other lights are not shaped by the key's gobo.
    both = light(SPOT, key=replace(SPOT, blades=FramingBlades(left=2.1)))
    np.testing.assert_allclose(both, light(SPOT), atol=0.01)


def test_blades_cut_from_their_sides(light: Draw) -> None:
    open_ = light(SPOT)
    half = SIZE // 2
    for side, dark, lit in (
        ("top", np.s_[: half - 4, :], np.s_[half + 4 :, :]),
        ("bottom", np.s_[half + 4 :, :], np.s_[: half - 4, :]),
        ("right", np.s_[:, half + 4 :], np.s_[:, : half - 4]),
        ("left", np.s_[:, : half - 4], np.s_[:, half + 4 :]),
    ):
        cut = light(replace(SPOT, blades=FramingBlades(**{side: 1.0})))
        assert cut[dark].max() < 0.01
        np.testing.assert_allclose(cut[lit], open_[lit], atol=0.01)
    assert light(replace(SPOT, blades=FramingBlades(top=2.1))).max() < 0.01
    turned = light(replace(SPOT, blades=FramingBlades(top=1.0, angle=math.pi)))
    assert turned[half + 4 :].max() < 0.01


def test_a_gobo_that_is_not_there_lets_light_through(light: Draw) -> None:
    np.testing.assert_allclose(light(replace(SPOT, gobo=Gobo("none such"))), light(SPOT), atol=0.01)


def test_a_gobo_costs_nothing_where_its_light_does_not_reach() -> None:
    gobo = replace(SPOT, gobo=Gobo("star"))
    table = pack_lights([KEY, SPOT, gobo], 64, 4096, find_gobo=GoboLibrary().find)
    assert table.shaped == 0b100
    assert not _variant(0b011, table, software=True).looped
    assert _variant(0b111, table, software=True).looped


def test_a_gobo_splits_a_beam_into_rays(light: Draw) -> None:
    beam = Beam((0.0, 2.0, 0.0), (0.0, -1.0, 0.0), 0.2, (1.0, 1.0, 1.0))
    plain = light(beams=(beam,), wall=False)
    rays = light(beams=(replace(beam, gobo=Gobo("bars")),), wall=False)
    row = np.s_[SIZE * 3 // 4, SIZE // 4 : 3 * SIZE // 4]

    def peaks(line: np.ndarray) -> int:
        # Maxima that stand out, over the target's own pixels.
        coarse = line[::2]
        return int(((coarse[1:-1] > coarse[:-2]) & (coarse[1:-1] > coarse[2:])).sum())

    assert peaks(rays[row]) > peaks(plain[row])
    assert rays.sum() == pytest.approx(plain.sum(), rel=0.35)
