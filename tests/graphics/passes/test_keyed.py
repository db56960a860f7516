"""Test keyed pictures: transparent background, opaque bodies, correct edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import AlphaMode, Avatar, Material
from renderer.graphics.gpu.matrices import camera_matrix
from renderer.graphics.renderer import StageRenderer
from renderer.stage.air_effects import Jets, LightRain, Sparks
from renderer.stage.records import (
    Air,
    Beam,
    Camera,
    Confetti,
    Focus,
    Grade,
    Light,
    PosedAvatar,
    StageState,
)
from renderer.stage.sets.stage_set import Backdrop, StageSet
from renderer.stage.text.titles import Titles

Make = Callable[..., StageRenderer]
State = Callable[..., StageState]
Stage = Callable[..., StageSet]

SIZE = (160, 120)
KEY = (Light((0.0, 1.0, 3.0), (0.0, 0.0, 0.0), (0.9, 0.9, 0.9)),)
EVERYTHING = {
    "beams": (Beam((0.0, 2.0, 0.0), (0.0, -1.0, 0.0), 0.1, (2.0, 2.0, 2.0)),),
    "air": Air(haze=1.0, fog=(0.1, 0.1, 0.1)),
    "grade": Grade(bloom=0.2, vignette=0.5, grain=0.2, black_point=0.01, contrast=0.2),
    "titles": Titles(disclosure="Virtual"),
    "jets": Jets(((0.0, 0.0, -1.0),), 0.5, 1.0),
    "sparks": Sparks(((0.0, 0.0, -1.0),), 1.0, 2.0),
    "rain": LightRain(3.0, 1.0, left=-2.0, right=2.0, z=-1.0),
}


@pytest.fixture(params=[None, 0, 4], ids=["default", "plain", "multisampled"])
def samples(request: pytest.FixtureRequest) -> int | None:
    return request.param


def test_an_empty_stage_is_transparent(
    renderer: Make, stage: Stage, state: State, samples: int | None
) -> None:
    bright = stage(((0.0, 0.0, -1.0), 5.0, 0.8, 1.0))
    bright = StageSet(bright.name, bright.meshes, Backdrop((1.0,) * 3, (1.0,) * 3, (1.0,) * 3))
    drawing = renderer(*SIZE, bright, [], samples=samples, is_keyed=True)
    seen = state(lights=KEY, ambient=(0.5, 0.5, 0.5))
    camera = replace(seen.camera, focus=Focus(1.0, 1.0))
    for shown in (seen, replace(seen, camera=camera, **EVERYTHING)):
        assert drawing.draw(shown) == ()
        picture = drawing.picture()
        (frame,) = [frame for frame in (drawing.collect(), *drawing.finish()) if frame]
        assert picture.shape == (SIZE[1], SIZE[0], 4)
        assert not picture.any()
        assert frame.planes.shape == (SIZE[1], SIZE[0] * 4)
        assert not frame.planes.any()


def test_a_body_is_opaque_and_looks_as_in_the_program(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    samples: int | None,
) -> None:  # fmt: skip
    seen = state(pillar_pose, lights=KEY, ambient=(0.1, 0.1, 0.1))
    pictures = []
    for is_keyed in (False, True):
        drawing = renderer(*SIZE, stage(), [pillar], samples=samples, is_keyed=is_keyed)
        drawing.draw(seen)
        pictures.append(drawing.picture().astype(int))
    program, keyed = pictures
    inside = np.zeros(SIZE[::-1], bool)
    inside[20:58, SIZE[0] // 2 - 3 : SIZE[0] // 2 + 3] = True
    assert (keyed[inside][:, 3] == 255).all()
    assert keyed[inside][:, 0].min() > 40
    assert np.abs(keyed[inside][:, :3] - program[inside]).max() <= 2
    assert (keyed[:, :20] == 0).all()
    # Premultiplied: no channel exceeds alpha.
    assert (keyed[..., :3].max(axis=-1) <= keyed[..., 3] + 1).all()


def test_alpha_is_the_area_that_is_covered(
    renderer: Make, stage: Stage, state: State, card: Callable[..., Avatar],
    standing: PosedAvatar, samples: int | None,
) -> None:  # fmt: skip
    drawing = renderer(*SIZE, stage(), [card(Material("white"))], samples=samples, is_keyed=True)
    camera = Camera((0.13, 0.07, 3.0), (0.13, 0.07, 0.0), 0.6)
    drawing.draw(state(standing, lights=KEY, camera=camera))
    alpha = drawing.picture()[..., 3].astype(float) / 255.0
    clip = camera_matrix(camera, SIZE[0] / SIZE[1]) @ np.array((0.5, 0.5, 0.0, 1.0))
    origin = camera_matrix(camera, SIZE[0] / SIZE[1]) @ np.array((-0.5, -0.5, 0.0, 1.0))
    sides = (clip[:2] / clip[3] - origin[:2] / origin[3]) * 0.5 * np.array(SIZE)
    assert alpha.sum() == pytest.approx(abs(sides[0] * sides[1]), rel=0.02)


def test_edges_are_soft_and_have_no_halo(
    renderer: Make, stage: Stage, state: State, pillar: Avatar, pillar_pose: PosedAvatar,
    samples: int | None,
) -> None:  # fmt: skip
    """Test that an edge pixel has the body's own colour, not one mixed with a background."""
    turned = replace(pillar_pose, world=pillar_pose.world.copy())
    turned.world[1, 0, 3] = 0.35
    seen = state(turned, lights=KEY, ambient=(0.1, 0.1, 0.1))
    flat = replace(pillar, materials=(Material("flat", (0.8, 0.3, 0.1, 1.0), unlit=True),))
    drawing = renderer(*SIZE, stage(), [flat], samples=samples, is_keyed=True)
    drawing.draw(seen)
    picture = drawing.picture().astype(float)
    alpha = picture[..., 3]
    inside = picture[alpha == 255][:, :3]
    edge = (alpha > 32) & (alpha < 255)
    assert samples == 0 or edge.sum() > 40
    straight = picture[edge][:, :3] * 255.0 / alpha[edge][:, None]
    assert (straight >= inside.min(axis=0) - 8.0).all()
    assert (straight <= inside.max(axis=0) + 8.0).all()


def test_glass_is_as_transparent_as_its_material(
    renderer: Make, stage: Stage, state: State, card: Callable[..., Avatar], standing: PosedAvatar,
    samples: int | None,
) -> None:  # fmt: skip
    glass = Material("glass", (1.0, 1.0, 1.0, 0.4), alpha_mode=AlphaMode.BLEND)
    drawing = renderer(*SIZE, stage(), [card(glass)], samples=samples, is_keyed=True)
    drawing.draw(state(standing, lights=KEY))
    picture = drawing.picture().astype(int)
    middle = picture[SIZE[1] // 2, SIZE[0] // 2]
    assert middle[3] == pytest.approx(0.4 * 255, abs=2)
    (frame,) = [frame for frame in (drawing.collect(), *drawing.finish()) if frame]
    straight = frame.planes.reshape(SIZE[1], SIZE[0], 4)[SIZE[1] // 2, SIZE[0] // 2].astype(int)
    assert straight[3] == middle[3]
    assert np.abs(straight[:3] * straight[3] / 255.0 - middle[:3]).max() <= 2.0


def test_confetti_falls_without_a_hall(renderer: Make, stage: Stage, state: State) -> None:
    drawing = renderer(*SIZE, stage(), [], samples=0, is_keyed=True)
    wide = Camera((0.0, 2.0, 14.0), (0.0, 2.0, 0.0), 0.6)
    drawing.draw(replace(state(lights=KEY, camera=wide), confetti=Confetti(1.5)))
    assert (drawing.picture()[..., 3] > 200).sum() > 20
