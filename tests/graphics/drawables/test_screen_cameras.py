"""Test side screens with cameras of their own."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest

from renderer.graphics.limits import Limits
from renderer.graphics.quality import FULL, SOFTWARE
from renderer.graphics.renderer import StageRenderer
from renderer.stage.cameras.performers import Performer
from renderer.stage.concert import Concert, StagedSong
from renderer.stage.records import Camera, Screens, StageState
from renderer.stage.sets.stage_set import Backdrop, Screen, SetMesh, StageSet
from renderer.stage.text.titles import TitlePlan
from renderer.tools.duet_staging import STAGING

LEFT, RIGHT = (40, 40), (40, 120)
"""Row and column of the middle of each screen in the picture."""
BLACK = (0.0, 0.0, 0.0)
DOWN = Camera((0.0, 9.0, 0.0), (0.0, 0.0, 0.1), math.radians(20.0))
UP = Camera((0.0, 9.0, 0.0), (0.0, 20.0, 0.1), math.radians(20.0))


def build_stage() -> StageSet:
    """Return two side screens that face +Z, in a world that is red above and blue below."""
    square = np.array([(-1, -1, 0), (1, -1, 0), (1, 1, 0), (-1, 1, 0)], np.float32) * 0.45
    uv = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float32)
    triangles = np.array([(0, 1, 2), (0, 2, 3)], np.uint32)
    screens = tuple(
        Screen(name, square + np.float32((x, 0.0, 0.0)), uv, triangles)
        for name, x in (("left", -0.5), ("right", 0.5))
    )
    speck = SetMesh(
        "speck", square * 0.01 + np.float32((0, -5, 0)), np.tile(np.float32((0, 0, 1)), (4, 1)),
        np.zeros((4, 3), np.float32), triangles,
    )  # fmt: skip
    backdrop = Backdrop((0.8, 0.0, 0.0), BLACK, (0.0, 0.0, 0.8))
    return StageSet("screens", (speck,), backdrop, screens=screens)


def build_state(*cameras: Camera) -> StageState:
    camera = Camera((0.0, 0.0, 3.0), (0.0, 0.0, 0.0), math.radians(30.0))
    screens = Screens(level=1.0, cameras=cameras)
    return StageState(0, 0, 0, (), (), BLACK, camera, screens=screens)


@pytest.fixture(scope="module")
def drawing() -> Iterator[StageRenderer]:
    with StageRenderer(160, 80, build_stage(), [], samples=0, quality=FULL) as opened:
        yield opened


def draw(drawing: StageRenderer, state: StageState) -> np.ndarray:
    for _ in range(2):  # A crop shows the frame before.
        assert drawing.draw(state) == ()
        drawing.collect()
    return drawing.picture().astype(int)


def test_each_side_screen_shows_the_picture_of_its_camera(drawing: StageRenderer) -> None:
    picture = draw(drawing, build_state(UP, DOWN))
    assert picture[LEFT].argmax() == 0
    assert picture[LEFT].max() > 60
    assert picture[RIGHT].argmax() == 2
    assert picture[RIGHT].max() > 60
    swapped = draw(drawing, build_state(DOWN, UP))
    assert swapped[LEFT].argmax() == 2
    assert swapped[RIGHT].argmax() == 0


def test_a_single_camera_serves_both_screens(drawing: StageRenderer) -> None:
    picture = draw(drawing, build_state(UP))
    assert picture[LEFT].argmax() == picture[RIGHT].argmax() == 0
    assert picture[RIGHT].max() > 60


def test_a_picture_of_a_screen_is_in_the_frame_of_its_state(drawing: StageRenderer) -> None:
    draw(drawing, build_state(DOWN, DOWN))
    assert drawing.draw(build_state(UP, UP)) == ()
    drawing.collect()
    assert drawing.picture()[LEFT].argmax() == 0


def test_without_their_cameras_screens_show_the_program(drawing: StageRenderer) -> None:
    draw(drawing, build_state(UP, UP))
    drawing.limits = Limits(mirror=False)
    limited = draw(drawing, build_state(UP, UP))
    drawing.limits = Limits()
    # Its crop shows the dark middle of the program.
    assert limited[LEFT].max() < 40


def test_in_turn_a_frame_renews_the_picture_of_one_screen() -> None:
    with StageRenderer(160, 80, build_stage(), [], samples=0, quality=SOFTWARE) as software:

        def show(camera: Camera) -> tuple[int, int]:
            software.draw(build_state(camera, camera))
            software.collect()
            picture = software.picture()
            return int(picture[LEFT].argmax()), int(picture[RIGHT].argmax())

        # Both at first, 0 for red above and 2 for blue below; then the left, then the right one.
        assert [show(camera) for camera in (UP, DOWN, DOWN)] == [(0, 0), (2, 0), (2, 2)]


def test_a_concert_films_its_performers_only_for_a_renderer_that_draws_it() -> None:
    concert = Concert(StagedSong(STAGING, TitlePlan()), build_stage())
    cast = [
        Performer((x, 1.6, 0.0), 1.7, (x, 1.45, 0.1), 0.0, 1.65, (x, 1.5, 0.0), 0.2)
        for x in (-0.7, 0.7)
    ]

    def cameras() -> tuple[Camera, ...]:
        state = concert.state(1.0, cast, 16 / 9, number=0, t_show_ns=0, t_seen_ns=0, avatars=())
        return state.screens.cameras

    assert cameras() == ()
    concert.has_screen_cameras = True
    left, right = cameras()
    assert abs(left.target[0] + 0.7) < 0.2
    assert abs(right.target[0] - 0.7) < 0.2
