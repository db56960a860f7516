"""Test the concert's objects: culling changes no pixel, and frames depend on their state alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from renderer.graphics.drawables.crowd import model as crowd
from renderer.graphics.gpu.matrices import camera_matrix, visible_spheres
from renderer.graphics.renderer import StageRenderer
from renderer.graphics.text.led_line import LINE_SIZE, TextLine
from renderer.stage.building.build_hall import HALL_PATH
from renderer.stage.lights.looks import BALLAD, CHORUS, VERSE, Look
from renderer.stage.records import Beam, Camera, Confetti, LedContent, StageState
from renderer.stage.sets.stage_set import StageSet, load_set

SIZE = (240, 136)
FROM_STAGE = Camera((0.1, 1.3, -2.05), (0.0, 1.62, 6.0), math.radians(49.0), far=90.0)
FROM_HALL = Camera((-0.9, 0.82, 15.6), (-0.1, 2.35, 0.0), math.radians(38.0), far=90.0)
AT_WALL = Camera((0.0, 2.0, 4.0), (0.0, 3.0, -5.0), math.radians(40.0), far=90.0)
Picture = npt.NDArray[np.uint8]


@pytest.fixture(scope="module")
def hall() -> StageSet:
    return load_set(HALL_PATH)


@pytest.fixture(scope="module")
def drawing(hall: StageSet) -> Iterator[StageRenderer]:
    with StageRenderer(*SIZE, hall, [], samples=0) as renderer:
        yield renderer


def state(camera: Camera, look: Look = CHORUS, beat: float = 33.3, **changes: Any) -> StageState:
    made = StageState(
        0, 0, 0, (), (), look.ambient, camera, beat=beat, screens=look.screens,
        crowd=look.crowd, practicals=look.practicals,
    )  # fmt: skip
    return replace(made, **changes)


def draw(renderer: StageRenderer, shown: StageState) -> Picture:
    assert renderer.draw(shown) == ()
    renderer.collect()
    return renderer.picture().copy()


def test_culling_blocks_of_seats_changes_no_pixel(
    drawing: StageRenderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    dark_screens = replace(CHORUS.screens, level=0.0)
    for camera in (FROM_STAGE, FROM_HALL, AT_WALL):
        shown = state(camera, screens=dark_screens)
        culled = draw(drawing, shown)
        with monkeypatch.context() as patch:
            patch.setattr(crowd, "visible_spheres", lambda _, spheres: np.ones(len(spheres), bool))
            np.testing.assert_array_equal(draw(drawing, shown), culled)


def test_blocks_out_of_view_are_not_drawn() -> None:
    spheres = np.array([(0, 0, 6, 1), (0, 0, -20, 1), (30, 0, 6, 1)], np.float32)
    seen = visible_spheres(camera_matrix(FROM_STAGE, 16 / 9), spheres)
    assert seen.tolist() == [True, False, False]


def test_a_frame_follows_from_its_state_alone(drawing: StageRenderer) -> None:
    shown = state(FROM_HALL, confetti=Confetti(3.0, 1.0, faces=((0.0, 1.5, 0.0),)))
    black = state(FROM_HALL, screens=replace(CHORUS.screens, level=0.0))
    draw(drawing, black)
    first = draw(drawing, shown)
    for other in (state(FROM_STAGE, BALLAD, 7.7), state(AT_WALL, VERSE, 50.0), black):
        draw(drawing, other)
    np.testing.assert_array_equal(draw(drawing, shown), first)


def test_the_audience_moves_on_the_beat_and_little_in_a_ballad(drawing: StageRenderer) -> None:
    def measure_movement(look: Look) -> float:
        one, other = (draw(drawing, state(FROM_STAGE, look, beat)) for beat in (32.0, 32.5))
        return float(np.abs(one.astype(int) - other).mean())

    assert measure_movement(CHORUS) > 1.5 * measure_movement(BALLAD) > 0.0


def test_an_audience_without_light_is_not_there(drawing: StageRenderer) -> None:
    dark = replace(CHORUS.crowd, stick_gain=0.0, stage_light=(0.0, 0.0, 0.0))
    with_people, without = (
        draw(drawing, state(FROM_STAGE, crowd=one)) for one in (CHORUS.crowd, dark)
    )
    assert with_people.mean() > without.mean() + 2.0


def test_confetti_keeps_faces_free(drawing: StageRenderer) -> None:
    face = (0.0, 1.5, 0.0)
    camera = Camera((0.0, 1.5, 5.0), face, math.radians(30.0), far=90.0)
    bare = draw(drawing, state(camera, beat=33.0)).astype(int)
    changed = {}
    for kept in ((), (face,)):
        pictures = [
            draw(drawing, state(camera, beat=33.0, confetti=Confetti(age, 1.0, faces=kept)))
            for age in (2.0, 3.0, 4.0, 5.0)
        ]
        falls = np.max(
            [np.abs(picture.astype(int) - bare).max(axis=-1) for picture in pictures], axis=0
        )
        changed[bool(kept)] = falls > 12
    middle = np.s_[SIZE[1] // 2 - 6 : SIZE[1] // 2 + 6, SIZE[0] // 2 - 6 : SIZE[0] // 2 + 6]
    assert changed[False].sum() > 100
    assert changed[True].sum() > 0.5 * changed[False].sum()
    assert not changed[True][middle].any()


def test_each_section_has_its_content_and_text_runs_above_it(drawing: StageRenderer) -> None:
    pictures = [
        draw(drawing, state(AT_WALL, VERSE, screens=replace(VERSE.screens, content=one)))
        for one in LedContent
    ]
    for first, second in ((0, 1), (1, 2), (0, 2)):
        assert np.abs(pictures[first].astype(int) - pictures[second]).mean() > 2.0
    texts = [
        draw(drawing, state(AT_WALL, VERSE, screens=replace(VERSE.screens, text=text)))
        for text in ("ENCORE", "앙코르")
    ]
    assert not np.array_equal(*texts)


def test_side_screens_show_the_frame_before(drawing: StageRenderer) -> None:
    bright, dark = (
        state(FROM_HALL, screens=replace(CHORUS.screens, level=level)) for level in (1.0, 0.0)
    )
    draw(drawing, dark)
    draw(drawing, dark)
    after_dark = draw(drawing, bright)
    after_bright = draw(drawing, bright)
    assert not np.array_equal(after_dark, after_bright)
    # The wall itself is equal: only the side screens show the previous frame.
    wall = np.s_[:, SIZE[0] // 3 : 2 * SIZE[0] // 3]
    np.testing.assert_array_equal(after_dark[wall], after_bright[wall])


def test_text_is_shaped_and_repeats_along_the_wall() -> None:
    line = TextLine()
    assert not line.pixels.any()
    assert line.set_text("앙코르 ENCORE")
    assert not line.set_text("앙코르 ENCORE")
    assert line.pixels.shape == LINE_SIZE[::-1]
    columns = line.pixels.max(axis=0) > 128
    assert columns.any()
    # More than once along the line, at equal distances.
    half = LINE_SIZE[0] // 2
    assert columns[:half].any()
    assert columns[half:].any()
    assert line.set_text("x" * 400)
    assert line.pixels.any()
    assert line.set_text("")
    assert not line.pixels.any()


def test_heads_are_drawn_where_beams_leave(
    hall: StageSet, renderer: Callable[..., StageRenderer]
) -> None:
    place = hall.fixtures[0].position
    camera = Camera((place[0], place[1], place[2] + 2.0), place, math.radians(30.0), far=90.0)
    drawing = renderer(*SIZE, hall, [], samples=0)
    shown = state(camera, VERSE)
    bare = draw(drawing, shown).astype(int)
    beam = Beam(place, (0.0, 0.0, 1.0), 0.03, (0.8, 0.8, 0.8), haze=0.0)
    with_head = draw(drawing, replace(shown, beams=(beam,)))
    assert (np.abs(with_head.astype(int) - bare).max(axis=-1) > 20).sum() > 30
