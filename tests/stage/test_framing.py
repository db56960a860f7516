"""Test cameras: heads stay in frame, cuts fall on beats, and movement between them is smooth."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.stage.cameras.framing import POSITIONS, Framing, depth_of
from renderer.stage.cameras.lens import SENSOR_MM, focal_of, fov_of
from renderer.stage.cameras.operator import AIM_S, CameraOperator, Shot
from renderer.stage.cameras.performers import Performer
from renderer.stage.cameras.rigs import Crane, Dolly, Follow, Handheld, Orbit, Rig, Tripod
from renderer.stage.concert import crop_on
from renderer.stage.records import Camera, Point, Shutter

F64 = npt.NDArray[np.float64]
FOLLOWING = (Framing.FULL, Framing.COWBOY, Framing.BUST, Framing.CLOSE_UP)


RADIUS = 0.2
RIGS: tuple[Rig, ...] = (
    Tripod(), Dolly(aside=(-0.4, 0.4), nearer=(0.0, 0.1)), Crane(rise=(-0.3, 0.8)),
    Orbit(side=(-0.4, 0.4)), Follow(nearer=(0.0, 0.1)), Handheld(3, 0.02),
)  # fmt: skip


def performer(x: float = 0.0, y: float = 1.6, z: float = 0.0, facing: float = 0.0) -> Performer:
    return Performer(
        (x, y, z), y + 0.4, (x, y - 0.18, z + 0.1), 0.0, 1.65, (x, y - 0.14, z), RADIUS, facing
    )


def project(camera: Camera, point: Point, aspect: float) -> tuple[float, float, float]:
    """Return a point's position in the picture, -1 to 1, right and up, and its depth, metres."""
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
    """Assert that the sphere around the head is inside the view frustum."""
    x, y, depth = project(camera, one.head, aspect)
    reach = math.tan(camera.fov_y / 2.0)
    for at, edge in ((x, reach * aspect), (y, reach)):
        # Distance of the centre from the plane through an edge and the eye.
        inside = (1.0 - abs(at)) * edge * depth / math.hypot(1.0, edge)
        assert inside > one.head_radius, (x, y, depth)


@settings(deadline=None, max_examples=60)
@given(
    framing=st.sampled_from((*FOLLOWING, Framing.CROWD)),
    rig=st.sampled_from(RIGS),
    aspect=st.sampled_from((16 / 9, 4 / 3, 1.0, 9 / 16)),
    sides=st.tuples(st.floats(-0.6, 0.6), st.floats(-0.6, 0.6)),
    steps=st.lists(
        st.tuples(st.floats(-0.25, 0.25), st.floats(-0.2, 0.2), st.floats(-0.1, 0.1)),
        min_size=1, max_size=30,
    ),
)  # fmt: skip
def test_no_shot_cuts_a_head_however_they_leap(
    framing: Framing, rig: Rig, aspect: float, sides: tuple[float, float],
    steps: list[tuple[float, float, float]],
) -> None:  # fmt: skip
    operator = CameraOperator(
        [
            Shot(0.0, framing, (0,), rig, sides[0], rise=sides[1]),
            Shot(16.0, framing, (0,), rig, beside=sides[1]),
        ]
    )
    x, y, z = 0.0, 1.6, 0.0
    for number, (dx, dy, dz) in enumerate(steps):
        # Up to 7.5 m/s sideways and leaps of 20 cm from one frame to the next.
        x, y, z = max(min(x + dx, 2.5), -2.5), 1.6 + dy, max(min(z + dz, 1.0), -1.0)
        one = performer(x, y, z)
        camera = operator.camera_at(number / 15.0, number / 30.0, [one], aspect)
        require_whole_head(camera, one, aspect)


@pytest.mark.parametrize("framing", [one for one in Framing if one is not Framing.OVER_SHOULDER])
@pytest.mark.parametrize("apart", [0.9, 1.5, 3.0])
def test_all_in_a_shot_are_in_it(framing: Framing, apart: float) -> None:
    cast = [performer(-apart / 2.0), performer(apart / 2.0, 1.75, -0.2)]
    camera = CameraOperator([Shot(0.0, framing)]).camera_at(1.0, 0.5, cast, 16 / 9)
    if framing is Framing.REVERSE and apart > 2.0:
        pytest.skip("from behind, the two who frame the hall stand near each other")
    for one in cast:
        require_whole_head(camera, one, 16 / 9)


@pytest.mark.parametrize("framing", [Framing.FULL, Framing.COWBOY])
@pytest.mark.parametrize("rig", [Tripod(), Follow(), Crane()])
def test_an_upright_picture_makes_room_for_an_arm(framing: Framing, rig: Rig) -> None:
    operator = CameraOperator([Shot(0.0, framing, (0,), rig)])
    for frame in range(60):
        # Stretched out sideways after half a second.
        reach = min(0.3 + 0.04 * max(frame - 15, 0), 0.56)
        one = replace(performer(), fingers=((reach, 1.3, 0.1), (-0.2, 0.9, 0.1)))
        camera = operator.camera_at(frame / 15.0, frame / 30.0, [one], 9 / 16)
    assert abs(project(camera, one.fingers[0], 9 / 16)[0]) < 1.0
    require_whole_head(camera, one, 9 / 16)


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
        Shot(0.0, Framing.FULL, rig=Follow()),
        Shot(4.0, Framing.BUST, (0,), Follow()),
        Shot(8.0, Framing.COWBOY, (0,), Follow()),
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
    # Slower than the performer, whose maximum speed is 0.9 m/s.
    assert max(far for frame, far in enumerate(moved) if frame + 1 not in cuts) < 0.9 / 20.0


@pytest.mark.parametrize("framing", FOLLOWING)
def test_at_a_cut_the_camera_is_where_it_belongs(framing: Framing) -> None:
    moving = CameraOperator([Shot(0.0, Framing.FULL), Shot(4.0, framing, (0,))])
    for frame in range(40):
        moving.camera_at(frame / 10.0, frame / 20.0, [performer(-1.0 + 0.05 * frame)], 16 / 9)
    there = performer(1.0)
    fresh = CameraOperator([Shot(0.0, framing, (0,))])
    assert moving.camera_at(4.0, 2.0, [there], 16 / 9) == fresh.camera_at(0.0, 0.0, [there], 16 / 9)


def test_an_operator_follows_critically_damped() -> None:
    def two(x: float) -> list[Performer]:
        return [performer(x - 0.7), performer(x + 0.7)]

    operator = CameraOperator([Shot(0.0, Framing.FULL)])
    operator.camera_at(0.0, 0.0, two(0.0), 16 / 9)
    aims = np.array(
        [operator.camera_at(0.01, n / 50.0, two(0.3), 16 / 9).target[0] for n in range(1, 150)]
    )
    # Step response: it starts smoothly, is monotonic and never overshoots.
    assert (np.diff(aims) > -1e-9).all()
    assert aims.max() < 0.3
    assert aims[0] < 0.3 * 0.01
    assert aims[round(50 * 5 * AIM_S)] > 0.3 * 0.9


def test_raised_arms_do_not_pump_the_shot() -> None:
    operator = CameraOperator([Shot(0.0, Framing.FULL, rig=Follow())])
    away = []
    for frame in range(120):
        # Arms go up and down each beat.
        one = performer()
        raised = 0.45 * max(0.0, math.sin(math.tau * frame / 15.0))
        one = Performer(
            one.crown, one.crown[1] + raised, one.face, one.stand, one.height, one.head,
            one.head_radius,
        )  # fmt: skip
        camera = operator.camera_at(frame / 15.0, frame / 30.0, [one], 16 / 9)
        away.append(camera.position[2])
    settled = np.array(away[60:])
    assert np.ptp(settled) < 0.06 * settled.mean()


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


@pytest.mark.parametrize("framing", FOLLOWING)
def test_the_eyes_are_in_focus_and_the_lens_has_a_focal_length(framing: Framing) -> None:
    camera = CameraOperator([Shot(0.0, framing)]).camera_at(0.0, 0.0, [performer()], 16 / 9)
    assert camera.focus is not None
    eyes = depth_of(camera, performer().face)
    assert camera.focus.front_m == 0.0
    assert eyes + 0.3 < camera.focus.begin_m < eyes + 1.0
    assert focal_of(camera.fov_y) == pytest.approx(round(focal_of(camera.fov_y)), abs=1e-6)


def test_a_lens_sees_what_its_focal_length_says() -> None:
    # Across the long side of a 36 mm frame, 50 mm see 39.6 degrees.
    assert 2.0 * math.atan(math.tan(fov_of(50.0) / 2.0) * 16 / 9) == pytest.approx(
        math.radians(39.6), abs=0.001
    )
    assert fov_of(50.0, 9 / 16) == pytest.approx(math.radians(39.6), abs=0.001)
    assert SENSOR_MM[0] / SENSOR_MM[1] == pytest.approx(16 / 9)


@pytest.mark.parametrize("framing", list(POSITIONS))
def test_a_position_in_the_hall_stays_where_it_is(framing: Framing) -> None:
    operator = CameraOperator([Shot(0.0, framing)])
    places = {
        operator.camera_at(n / 10, n / 20, [performer(0.02 * n)], 16 / 9).position
        for n in range(20)
    }
    assert len(places) == 1


def test_one_who_looks_aside_has_room_there() -> None:
    for facing in (-0.8, 0.8):
        one = performer(facing=facing)
        camera = CameraOperator([Shot(0.0, Framing.BUST)]).camera_at(0.0, 0.0, [one], 16 / 9)
        # +X is to the picture's right of a camera before the stage.
        assert project(camera, one.head, 16 / 9)[0] * facing < -0.02


@pytest.mark.parametrize("aspect", [16 / 9, 9 / 16])
@pytest.mark.parametrize("apart", [0.9, 1.5, 2.6])
@pytest.mark.parametrize("facing", [-0.9, -0.3, 0.0, 0.3, 0.9, 1.5])
def test_over_a_shoulder_the_face_of_the_first_is_seen(
    facing: float, apart: float, aspect: float
) -> None:
    """The camera used to stand upstage and show the subject's back."""
    cast = [performer(-apart / 2.0, facing=facing), performer(apart / 2.0, z=-0.25)]
    camera = CameraOperator([Shot(0.0, Framing.OVER_SHOULDER, (0,))]).camera_at(
        0.0, 0.0, cast, aspect
    )
    require_whole_head(camera, cast[0], aspect)
    to_camera = math.atan2(camera.position[0] + apart / 2.0, camera.position[2])
    # A face that looks away from the other performer is seen from the side at most.
    away = max(0.0, -0.3 - facing)
    assert abs(to_camera - facing) < math.radians(75.0) + away
    # The shoulder's head is at the edge of the picture.
    x, _, _ = project(camera, cast[1].head, aspect)
    assert 0.55 < abs(x) < 1.2


def test_over_a_shoulder_the_near_performer_is_out_of_focus() -> None:
    cast = [performer(-0.75), performer(0.75)]
    camera = CameraOperator([Shot(0.0, Framing.OVER_SHOULDER, (0,))]).camera_at(
        0.0, 0.0, cast, 16 / 9
    )
    assert camera.focus is not None
    assert (
        depth_of(camera, cast[1].head)
        < camera.focus.front_m
        < depth_of(camera, cast[0].face)
        < camera.focus.begin_m
    )
    alone = CameraOperator([Shot(0.0, Framing.OVER_SHOULDER)]).camera_at(
        0.0, 0.0, [performer()], 16 / 9
    )
    assert alone.target[2] > alone.position[2] + 5.0


@pytest.mark.parametrize("rig", RIGS, ids=lambda one: type(one).__name__)
def test_a_rig_moves_as_it_is_built(rig: Rig) -> None:
    operator = CameraOperator([Shot(0.0, Framing.COWBOY, (0,), rig), Shot(8.0, Framing.COWBOY)])
    places = np.array(
        [operator.camera_at(n / 10, n / 20, [performer()], 16 / 9).position for n in range(79)]
    )
    travelled = np.ptp(places, axis=0)
    match rig:
        case Tripod():
            assert travelled.max() == 0.0
        case Dolly():
            assert travelled[1] == 0.0
            assert travelled[0] > 0.7
        case Crane():
            assert travelled[1] > 1.0
            # It starts and stops softly.
            steps = np.diff(places[:, 1])
            assert max(steps[0], steps[-1]) < 0.2 * steps.max()
        case Orbit():
            away = np.hypot(places[:, 0], places[:, 2])
            assert np.ptp(away) < 0.01 * away.mean()
        case Handheld():
            assert 0.005 < travelled.max() < 0.3
        case Follow():
            assert travelled[2] > 0.1


def test_a_hand_shakes_more_slowly_than_fast_and_the_same_each_time() -> None:
    rate, seconds = 60.0, 240.0
    times = np.arange(0.0, seconds, 1.0 / rate)
    pans = np.array([Handheld(5, 1.0).shake(float(t)).pan for t in times])
    assert pans.std() == pytest.approx(1.0, rel=0.2)
    assert Handheld(5, 1.0).shake(1.5) == Handheld(5, 1.0).shake(1.5)
    assert Handheld(5, 1.0).shake(1.5) != Handheld(6, 1.0).shake(1.5)
    power = np.abs(np.fft.rfft(pans * np.hanning(len(pans)))) ** 2
    hz = np.fft.rfftfreq(len(pans), 1.0 / rate)
    octaves = [power[(hz >= low) & (hz < 2.0 * low)].sum() for low in (0.3, 0.6, 1.2, 2.4)]
    assert octaves == sorted(octaves, reverse=True)
    assert octaves[0] > 20.0 * octaves[3]
    assert power[hz > 8.0].sum() < 1e-3 * power.sum()


def test_the_shutter_is_open_for_half_a_frame_and_never_over_a_cut() -> None:
    operator = CameraOperator(
        [Shot(0.0, Framing.FULL, rig=Dolly(aside=(-1.0, 1.0))), Shot(4.0, Framing.BUST)]
    )
    cameras = [operator.camera_at(n / 10, n / 20, [performer()], 16 / 9) for n in range(45)]
    assert cameras[0].shutter is None
    assert cameras[40].shutter is None
    for before, now in pairwise(cameras[:40]):
        assert now.shutter is not None
        middle = np.add(before.position, now.position) / 2.0
        np.testing.assert_allclose(now.shutter.position, middle)
    still = CameraOperator([Shot(0.0, Framing.WIDE)])
    first, *others = [still.camera_at(0.0, n / 20, [performer()], 16 / 9) for n in range(3)]
    assert first.shutter is None
    for one in others:
        assert one.shutter == Shutter(one.position, one.target, one.fov_y)
