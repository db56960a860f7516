"""Cameras: heads stay whole, cuts fall on beats, and between them nothing jerks."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.concert import crop_on
from renderer.stage.framing import HEAD_BELOW, CameraOperator, Framing, Performer, Shot
from renderer.stage.records import Camera, Point

F64 = npt.NDArray[np.float64]
FOLLOWING = (Framing.FULL, Framing.COWBOY, Framing.BUST, Framing.CLOSE_UP)


def performer(x: float = 0.0, y: float = 1.6, z: float = 0.0) -> Performer:
    return Performer((x, y, z), y + 0.4, (x, y - 0.18, z), 0.0, 1.65)


def project(camera: Camera, point: Point, aspect: float) -> tuple[float, float, float]:
    """Return where a point is in the picture, -1 to 1 right and up, and its depth, metres."""
    back = np.subtract(camera.position, camera.target)
    back = back / np.linalg.norm(back)
    right = np.cross((0.0, 1.0, 0.0), back)
    right = right / np.linalg.norm(right)
    away = np.subtract(point, camera.position)
    depth = float(-(away @ back))
    reach = math.tan(camera.fov_y / 2.0) * depth
    return (
        float(away @ right) / (reach * aspect),
        float(away @ np.cross(back, right)) / reach,
        depth,
    )


def require_whole_head(camera: Camera, one: Performer, aspect: float) -> None:
    for down in (0.0, HEAD_BELOW):
        x, y, depth = project(camera, (one.crown[0], one.crown[1] - down, one.crown[2]), aspect)
        assert depth > 0.1
        assert abs(x) < 1.0, (x, y)
        assert abs(y) < 1.0, (x, y)


@settings(deadline=None, max_examples=60)
@given(
    framing=st.sampled_from(FOLLOWING),
    aspect=st.sampled_from((16 / 9, 4 / 3, 1.0, 9 / 16)),
    sides=st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6)),
    steps=st.lists(
        st.tuples(st.floats(-0.25, 0.25), st.floats(-0.2, 0.2), st.floats(-0.1, 0.1)),
        min_size=1, max_size=30,
    ),
)  # fmt: skip
def test_no_shot_cuts_a_head_however_they_leap(
    framing: Framing, aspect: float, sides: tuple[float, float],
    steps: list[tuple[float, float, float]],
) -> None:  # fmt: skip
    operator = CameraOperator([Shot(0.0, framing, (0,), side=sides), Shot(16.0, framing, (0,))])
    x, y, z = 0.0, 1.6, 0.0
    for number, (dx, dy, dz) in enumerate(steps):
        # Up to 7.5 m/s sideways and leaps of 20 cm from one frame to the next.
        x, y, z = max(min(x + dx, 2.5), -2.5), 1.6 + dy, max(min(z + dz, 1.0), -1.0)
        one = performer(x, y, z)
        camera = operator.camera_at(number / 15.0, number / 30.0, [one], aspect)
        require_whole_head(camera, one, aspect)


@pytest.mark.parametrize("framing", list(Framing))
@pytest.mark.parametrize("apart", [0.9, 1.5, 3.0])
def test_all_in_a_shot_are_in_it(framing: Framing, apart: float) -> None:
    cast = [performer(-apart / 2.0), performer(apart / 2.0, 1.75, -0.2)]
    camera = CameraOperator([Shot(0.0, framing)]).camera_at(1.0, 0.5, cast, 16 / 9)
    if framing is Framing.REVERSE and apart > 2.0:
        pytest.skip("from behind, the two who frame the hall stand near each other")
    for one in cast:
        require_whole_head(camera, one, 16 / 9)


def test_an_upright_picture_takes_one_of_two() -> None:
    cast = [performer(-0.75), performer(0.75)]
    camera = CameraOperator([Shot(0.0, Framing.FULL)]).camera_at(0.0, 0.0, cast, 9 / 16)
    require_whole_head(camera, cast[0], 9 / 16)
    assert abs(project(camera, cast[1].crown, 9 / 16)[0]) > 1.0


def test_a_tighter_shot_shows_a_larger_head() -> None:
    sizes = []
    for framing in FOLLOWING:
        camera = CameraOperator([Shot(0.0, framing)]).camera_at(0.0, 0.0, [performer()], 16 / 9)
        depth = project(camera, performer().crown, 16 / 9)[2]
        sizes.append(1.0 / (depth * math.tan(camera.fov_y / 2.0)))
    assert sizes == sorted(sizes)
    assert sizes[-1] > 3.5 * sizes[0]


def test_cuts_fall_on_beats_and_nothing_jerks_between_them() -> None:
    shots = [
        Shot(0.0, Framing.FULL),
        Shot(4.0, Framing.BUST, (0,)),
        Shot(8.0, Framing.COWBOY, (0,)),
    ]
    operator = CameraOperator(shots)
    places = []
    for frame in range(120):
        seconds = frame / 20.0
        one = performer(0.6 * math.sin(1.5 * seconds))
        places.append(operator.camera_at(2.0 * seconds, seconds, [one], 16 / 9).position)
    moved = [math.dist(a, b) for a, b in pairwise(places)]
    cuts = [frame + 1 for frame, far in enumerate(moved) if far > 0.3]
    assert cuts == [40, 80]
    # Slower than the performer, whose fastest is 0.9 m/s.
    assert max(far for frame, far in enumerate(moved) if frame + 1 not in cuts) < 0.9 / 20.0


def test_a_camera_follows_from_the_frames_alone() -> None:
    def run() -> list[Camera]:
        operator = CameraOperator([Shot(0.0, Framing.BUST)])
        return [
            operator.camera_at(n / 15, n / 30, [performer(0.01 * n)], 16 / 9) for n in range(20)
        ]

    assert run() == run()


@pytest.mark.parametrize("framing", [Framing.WIDE, Framing.FULL, Framing.CROWD])
def test_side_screens_show_the_performers_head(framing: Framing) -> None:
    for x in (-0.8, 0.0, 0.9):
        one = performer(x)
        camera = CameraOperator([Shot(0.0, framing)]).camera_at(0.0, 0.0, [one], 16 / 9)
        left, top, wide, tall = crop_on(camera, one, 16 / 9)
        assert min(left, top) >= 0.0
        assert max(left + wide, top + tall) <= 1.0 + 1e-9
        at_x, at_y, _ = project(camera, one.crown, 16 / 9)
        assert left < 0.5 + 0.5 * at_x < left + wide
        assert top < 0.5 - 0.5 * at_y < top + tall
