"""Test maps, transparency and shading of set surfaces in pictures."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from avatars.model import AlphaMode, Texture
from renderer.graphics.gpu.textures import scale_down
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Light, StageState
from renderer.stage.sets.stage_set import Backdrop, SetMesh, StageSet
from renderer.stage.sets.surfaces import SurfaceMaterial

BLACK = Backdrop((0.0,) * 3, (0.0,) * 3, (0.0,) * 3)
SIZE = 64
FRONT = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(30.0))
BEHIND = Camera((0.0, 0.0, -3.0), (0.0, 0.0, 0.0), math.radians(30.0))

State = Callable[..., StageState]
Renderer = Callable[..., StageRenderer]


def texture(rows: object) -> Texture:
    """Return a texture with the nearest filter, row 0 at v = 0; alpha is 255 unless given."""
    pixels = np.array(rows, np.uint8)
    if pixels.shape[-1] == 3:
        pixels = np.concatenate((pixels, np.full((*pixels.shape[:2], 1), 255, np.uint8)), axis=2)
    return Texture("made", pixels, ("clamp", "clamp"), nearest=True)


def pane(z: float = 0.0, half: float = 0.5, **fields: object) -> SetMesh:
    """Return a square facing +Z, v down."""
    corners = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32) * half
    plain = SetMesh(
        "pane",
        corners + np.float32((0.0, 0.0, z)),
        np.tile(np.float32((0, 0, 1)), (4, 1)),
        np.ones((4, 3), np.float32),
        np.array([(0, 1, 2), (0, 2, 3)], np.uint32),
        roughness=1.0,
        uv=np.array([(0, 1), (1, 1), (1, 0), (0, 0)], np.float32),
    )
    return replace(plain, **fields)  # type: ignore[arg-type]


def draw(
    renderer: Renderer, state: State, *meshes: SetMesh, camera: Camera = FRONT, samples: int = 0,
    **fields: object,
) -> np.ndarray:  # fmt: skip
    drawing = renderer(SIZE, SIZE, StageSet("panes", meshes, BLACK), [], samples=samples)
    fields.setdefault("ambient", (1.0, 1.0, 1.0))
    assert drawing.draw(state(camera=camera, **fields)) == ()
    return drawing.picture().astype(int)


def test_a_map_is_sampled_per_pixel_and_the_right_way_up(renderer: Renderer, state: State) -> None:
    red, green, blue, white = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
    base = texture([[red, green], [blue, white]])
    picture = draw(renderer, state, pane(material=SurfaceMaterial("quad", base)))
    for (row, column), color in {
        (22, 22): red, (22, 42): green, (42, 22): blue, (42, 42): white
    }.items():  # fmt: skip
        bright = picture[row, column] > 100
        np.testing.assert_array_equal(bright, np.array(color) > 0)
    # The corner of a square of four texels is sharp: two pixels beside each other differ.
    assert np.abs(picture[31, 22] - picture[33, 22]).max() > 100


def test_an_emissive_map_shines_where_it_is_bright(renderer: Renderer, state: State) -> None:
    glow = texture([[(0, 0, 0), (255, 255, 255)]])
    mesh = pane(emissive=(0.0, 0.5, 0.0), material=SurfaceMaterial("g", emissive=glow))
    picture = draw(renderer, state, mesh, ambient=(0.0, 0.0, 0.0))
    assert picture[32, 22].max() == 0
    assert picture[32, 42, 1] > 100
    assert picture[32, 42, 0] < 20


@pytest.mark.parametrize("samples", [0, 4])
def test_a_cut_out_surface_hides_nothing_where_it_is_cut(
    renderer: Renderer, state: State, samples: int
) -> None:
    holes = texture([[(255, 0, 0, 255), (255, 0, 0, 20)]])
    front = pane(0.2, material=SurfaceMaterial("m", holes, alpha_mode=AlphaMode.MASK))
    back = pane(-0.2, color=np.tile(np.float32((0, 0, 1)), (4, 1)))
    picture = draw(renderer, state, front, back, samples=samples)
    assert picture[32, 24, 0] > 100 > picture[32, 24, 2]
    assert picture[32, 40, 2] > 100 > picture[32, 40, 0]


def test_transparent_panes_are_blended_from_far_to_near(renderer: Renderer, state: State) -> None:
    glass = {"opacity": np.full(4, 0.5, np.float32)}
    blend = SurfaceMaterial("glass", alpha_mode=AlphaMode.BLEND)
    red = pane(0.3, color=np.tile(np.float32((1, 0, 0)), (4, 1)), material=blend, **glass)
    blue = pane(-0.3, color=np.tile(np.float32((0, 0, 1)), (4, 1)), material=blend, **glass)
    for meshes in ((red, blue), (blue, red)):
        front = draw(renderer, state, *meshes)[32, 32]
        behind = draw(renderer, state, *meshes, camera=BEHIND)[32, 32]
        assert front[0] > front[2] > 40
        assert behind[2] > behind[0] > 40


def test_triangles_of_one_transparent_mesh_are_sorted(renderer: Renderer, state: State) -> None:
    # One mesh of two panes, stored near first.
    near, far = pane(0.3), pane(-0.3)
    mesh = replace(
        near,
        position=np.concatenate((near.position, far.position)),
        normal=np.concatenate((near.normal, far.normal)),
        color=np.repeat(np.float32([(1, 0, 0), (0, 0, 1)]), 4, axis=0),
        uv=np.concatenate((near.uv, far.uv)),
        triangles=np.concatenate((near.triangles, far.triangles + np.uint32(4))),
        opacity=np.full(8, 0.5, np.float32),
        material=SurfaceMaterial("glass", alpha_mode=AlphaMode.BLEND),
    )
    front = draw(renderer, state, mesh)[32, 32]
    behind = draw(renderer, state, mesh, camera=BEHIND)[32, 32]
    assert front[0] > front[2] > 40
    assert behind[2] > behind[0] > 40


def test_an_opaque_thing_hides_a_transparent_one_behind_it(
    renderer: Renderer, state: State
) -> None:
    blend = SurfaceMaterial("glass", alpha_mode=AlphaMode.BLEND)
    wall = pane(0.3, color=np.tile(np.float32((0, 1, 0)), (4, 1)), uv=None)
    behind = pane(-0.3, color=np.tile(np.float32((1, 0, 0)), (4, 1)), material=blend)
    assert draw(renderer, state, behind, wall)[32, 32, 0] < 60


def test_roughness_and_metal_come_from_the_map(renderer: Renderer, state: State) -> None:
    # Lit from the camera: a metal has no diffuse light, a smooth surface a bright highlight.
    light = Light((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), (0.3, 0.3, 0.3))
    shares = texture([[(0, 255, 255), (0, 255, 0)]])
    material = SurfaceMaterial("m", roughness=shares)
    mesh = pane(metallic=1.0, material=material, color=np.full((4, 3), 0.5, np.float32))
    picture = draw(renderer, state, mesh, lights=(light,), ambient=(0.2, 0.2, 0.2))
    metal, matte = picture[32, 22].max(), picture[32, 42].max()
    assert metal != matte
    smooth = texture([[(0, 60, 0), (0, 255, 0)]])
    mesh = replace(mesh, material=SurfaceMaterial("m", roughness=smooth))
    picture = draw(renderer, state, mesh, lights=(light,))
    assert picture[32, 30].max() > picture[32, 34].max() + 20


def test_a_normal_map_turns_towards_the_light(renderer: Renderer, state: State) -> None:
    leaning = texture([[(128 + 90, 128, 218), (128, 128 + 90, 218)]])
    mesh = pane(material=SurfaceMaterial("m", normal=leaning))

    def lit_from(x: float, y: float) -> tuple[int, int]:
        light = Light((x, y, 1.0), (0.0, 0.0, 0.0), (0.4, 0.4, 0.4))
        picture = draw(renderer, state, mesh, lights=(light,), ambient=(0.0,) * 3)
        return int(picture[32, 22].max()), int(picture[32, 42].max())

    # Red points along u, to the right; green points up.
    from_right, _ = lit_from(2.0, 0.0)
    from_left, _ = lit_from(-2.0, 0.0)
    assert from_right > from_left + 30
    _, from_above = lit_from(0.0, 2.0)
    _, from_below = lit_from(0.0, -2.0)
    assert from_above > from_below + 30


def test_occlusion_takes_ambient_light_alone(renderer: Renderer, state: State) -> None:
    occluded = texture([[(0, 0, 0), (255, 255, 255)]])
    mesh = pane(material=SurfaceMaterial("m", occlusion=occluded))
    dark = draw(renderer, state, mesh)
    assert dark[32, 22].max() == 0
    assert dark[32, 42].max() > 200
    light = Light((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), (0.4, 0.4, 0.4))
    lit = draw(renderer, state, mesh, lights=(light,), ambient=(0.0,) * 3)
    assert abs(int(lit[32, 22].max()) - int(lit[32, 42].max())) < 3


def test_a_texture_beyond_the_limit_is_scaled_down() -> None:
    pixels = np.full((8, 20, 4), 77, np.uint8)
    assert scale_down(pixels, 20) is pixels
    small = scale_down(pixels, 10)
    assert small.shape == (4, 10, 4)
    assert (np.abs(small.astype(int) - 77) <= 1).all()
    assert scale_down(np.zeros((1, 64, 4), np.uint8), 8).shape == (1, 8, 4)
