"""Test that the floor's reflection is geometrically correct, and that feet have contact shadows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from avatars.model import Avatar, Material
from renderer.graphics.gpu.matrices import camera_matrix
from renderer.graphics.passes.mirror import is_floor_seen
from renderer.graphics.renderer import StageRenderer
from renderer.stage.records import Camera, Floor, PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, SetMesh, StageSet

SIZE = 160
CAMERA = Camera((0.0, 1.0, 4.0), (0.0, 0.2, 0.0), math.radians(40.0))
BLACK = Backdrop((0.0, 0.0, 0.0), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0))


def deck(height: float, half: float, emission: float = 0.0) -> SetMesh:
    """Return a square of black, slightly emissive floor, on which contact shadows are visible."""
    corners = np.array([(-1, 0, 1), (1, 0, 1), (1, 0, -1), (-1, 0, -1)], np.float32) * half
    corners[:, 1] = height
    return SetMesh(
        "deck", corners, np.tile(np.float32((0, 1, 0)), (4, 1)), np.zeros((4, 3), np.float32),
        np.array([(0, 1, 2), (0, 2, 3)], np.uint32), (emission,) * 3,
    )  # fmt: skip


def standing_at(*, bottom: float) -> PosedAvatar:
    """Return a pose of a one-metre card with its lower edge at a given height."""
    world = np.eye(4, dtype=np.float32)[None]
    world[0, 1, 3] = bottom + 0.5
    return PosedAvatar(0, world, np.zeros(0, np.float32))


@pytest.fixture
def gained(
    renderer: Callable[..., StageRenderer],
    state: Callable[..., StageState],
    card: Callable[..., Avatar],
) -> Callable[..., np.ndarray]:
    """Return the light that a floor adds to the picture (height, width), in 8-bit steps."""

    def draw(
        floor: Floor, *, bottom: float = 0.0, height: float = 0.0, half: float = 3.0,
        samples: int = 0, camera: Camera = CAMERA,
    ) -> np.ndarray:  # fmt: skip
        stage = StageSet("deck", (deck(height, half),), BLACK)
        white = card(Material("white", (0.5, 0.5, 0.5, 1.0), unlit=True))
        drawing = renderer(SIZE, SIZE, stage, [white], samples=samples)
        made = []
        for one in (Floor(), floor):
            drawing.draw(replace(state(standing_at(bottom=bottom), camera=camera), floor=one))
            drawing.collect()
            made.append(drawing.picture()[..., 1].astype(int))
        return made[1] - made[0]

    return draw


@pytest.mark.parametrize("samples", [0, 4])
@pytest.mark.parametrize("height", [0.0, 0.6])
def test_a_mirrored_card_lies_where_its_mirror_image_would_stand(
    gained: Callable[..., np.ndarray], height: float, samples: int
) -> None:
    seen = gained(Floor(mirror=1.0, height_m=height), bottom=height, height=height, samples=samples)
    matrix = camera_matrix(CAMERA, 1.0)

    def row(y: float) -> float:
        clip = matrix @ (0.0, y, 0.0, 1.0)
        return float((0.5 - 0.5 * clip[1] / clip[3]) * SIZE)

    lit = np.flatnonzero(seen[:, SIZE // 2] > 2)
    assert lit.min() == pytest.approx(row(height), abs=3.0)
    # Blurred at its far end, and faded there.
    assert row(height - 0.6) - 4.0 < lit.max() < row(height - 1.0) + 12.0
    across = np.flatnonzero(seen[lit.min() + 3] > 2)
    assert across.mean() == pytest.approx((SIZE - 1) / 2, abs=1.0)
    column = seen[lit.min() : lit.max(), SIZE // 2]
    assert column[:8].max() > column[-8:].max()


@pytest.mark.parametrize(
    "floor",
    [
        Floor(mirror=1.0, height_m=-0.5),
        Floor(mirror=1.0, center=(50.0, 0.0)),
        Floor(mirror=0.0),
    ],
)
def test_nothing_is_mirrored_where_that_floor_is_not_seen(
    gained: Callable[..., np.ndarray], floor: Floor
) -> None:
    assert np.abs(gained(floor)).max() <= 1


def test_what_lies_beside_or_below_the_floor_mirrors_nothing(
    gained: Callable[..., np.ndarray],
) -> None:
    # The rectangle extends far beyond the deck's edge, which ends 0.3 m before the card.
    seen = gained(Floor(mirror=1.0, size=(40.0, 40.0)), half=0.3)
    matrix = camera_matrix(CAMERA, 1.0)
    clip = matrix @ (0.0, 0.0, 0.3, 1.0)
    edge = (0.5 - 0.5 * clip[1] / clip[3]) * SIZE
    assert seen[: int(edge) - 1].max() > 5
    assert np.abs(seen[int(edge) + 2 :]).max() <= 1


def test_from_below_the_floor_mirrors_nothing(gained: Callable[..., np.ndarray]) -> None:
    low = replace(CAMERA, position=(0.0, -1.0, 4.0))
    assert np.abs(gained(Floor(mirror=1.0), camera=low)).max() <= 1


@pytest.fixture
def darkened(
    renderer: Callable[..., StageRenderer],
    state: Callable[..., StageState],
    pillar: Avatar,
    pillar_pose: PosedAvatar,
) -> Callable[[float], np.ndarray]:
    """Return the light that the floor loses around a foot at a height, seen from above."""
    # Its two joints are an ankle and the toes; it is drawn far from its foot.
    footed = replace(pillar, bones={"leftFoot": 0, "leftToes": 1})
    stage = StageSet("deck", (deck(0.0, 3.0, 0.5),), BLACK)
    above = Camera((0.0, 4.0, 0.01), (0.0, 0.0, 0.0), math.radians(30.0))

    def draw(lift: float) -> np.ndarray:
        world = pillar_pose.world.copy()
        world[:, :3, 3] = (0.0, lift + 0.05, -0.1), (0.0, lift, 0.1)
        world[:, :3, :3] *= 1e-3
        posed = replace(pillar_pose, world=world)
        drawing = renderer(SIZE, SIZE, stage, [footed], samples=0)
        made = []
        for floor in (Floor(), Floor(contact=0.6)):
            drawing.draw(replace(state(posed, camera=above), floor=floor))
            drawing.collect()
            made.append(drawing.picture()[..., 1].astype(int))
        return made[0] - made[1]

    return draw


def test_a_foot_darkens_the_floor_along_its_length_and_nowhere_else(
    darkened: Callable[[float], np.ndarray],
) -> None:
    lost = darkened(0.0)
    middle = SIZE // 2
    assert lost.max() > 25
    # Longer from ankle to toes than across.
    length = np.count_nonzero(lost[:, middle + 4] > 12)
    width = np.count_nonzero(lost[middle] > 12)
    assert length > width + 8
    assert np.abs(lost[:, :20]).max() == 0
    assert lost.min() >= 0


def test_a_lifted_foot_darkens_less_and_a_high_one_nothing(
    darkened: Callable[[float], np.ndarray],
) -> None:
    on, low, high = (darkened(lift).max() for lift in (0.0, 0.12, 0.4))
    assert on > low + 8 > 8
    assert high <= 1


@settings(max_examples=80, deadline=None)
@given(
    st.tuples(st.floats(-8, 8), st.floats(0.1, 6), st.floats(-8, 8)),
    st.tuples(st.floats(-4, 4), st.floats(-2, 6), st.floats(-4, 4)),
    st.floats(0.2, 1.2),
)
def test_a_floor_in_the_picture_is_never_left_out(
    eye: tuple[float, float, float], target: tuple[float, float, float], fov: float
) -> None:
    assume(
        math.dist(eye, target) > 0.5 and math.hypot(eye[0] - target[0], eye[2] - target[2]) > 0.1
    )
    floor = Floor(mirror=1.0, center=(0.5, -0.5), size=(4.0, 3.0))
    x, z = np.meshgrid(np.linspace(-1.5, 2.5, 33), np.linspace(-2.0, 1.0, 25))
    points = np.stack((x, np.zeros_like(x), z, np.ones_like(x)), axis=-1).reshape(-1, 4)
    matrix = camera_matrix(Camera(eye, target, fov), 1.5)
    clip = points @ matrix.T
    is_inside = (clip[:, 3] > 0.0) & (np.abs(clip[:, :2]) < clip[:, 3:]).all(axis=1)
    assert is_floor_seen(floor, matrix) or not is_inside.any()


@pytest.mark.parametrize(
    ("target", "is_seen"),
    [((0.0, 0.2, 0.0), True), ((0.0, 4.0, 0.0), False), ((0.0, 1.0, 9.0), False)],
    ids=["before the camera", "below the picture", "behind it"],
)
def test_a_floor_outside_the_picture_is_left_out(
    target: tuple[float, float, float], is_seen: bool
) -> None:
    matrix = camera_matrix(replace(CAMERA, target=target), 1.0)
    assert is_floor_seen(Floor(mirror=1.0, size=(6.0, 6.0)), matrix) is is_seen
