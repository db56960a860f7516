"""Test that the auto-director goes to the performer who moves most, where nobody sings."""

from __future__ import annotations

import math

import pytest

from renderer.show.direction.auto import Phrase, plan_cuts
from renderer.show.direction.director import StageDirector
from renderer.show.direction.movement import MovementMeter
from renderer.show.document.editor import validate
from renderer.show.event_log import EventLog
from renderer.stage.cameras.performers import Performer
from renderer.stage.text.titles import TitlePlan

FRAME_S = 0.04
SHOW = validate(
    {
        "performers": [{"name": "Hana"}, {"name": "Yuki"}],
        "cameras": [
            {"number": 1, "framing": "bust", "who": ["Hana"]},
            {"number": 2, "framing": "bust", "who": ["Yuki"]},
            {"number": 3, "framing": "full"},
        ],
        "auto_director": {"begins": True, "shortest": 2.0, "variety": 1.0},
    }
)


def place(x: float) -> Performer:
    at = (x, 1.5, 0.0)
    return Performer((x, 1.7, 0.0), 1.7, at, 0.0, 1.7, at, 0.15)


def move(row: int, number: int, speed: float) -> list[Performer]:
    """Return two performers, of whom one swings at an average speed in metres per second."""
    swing = abs(speed * number * FRAME_S % 2.0 - 1.0)
    return [place(float(other) + (swing if other == row else 0.0)) for other in range(2)]


@pytest.mark.parametrize("row", [0, 1])
def test_a_close_shot_shows_the_one_who_moves(row: int) -> None:
    director = StageDirector(SHOW, TitlePlan(), EventLog())
    shown = []
    for number in range(3000):
        now_ns = round(number * FRAME_S * 1e9)
        director.advance(number, now_ns, None)
        director.direct(number * FRAME_S, move(row, number, 1.0), 16 / 9, {})
        shown.append(director.presenter.on_air.camera)
    # The first shot is chosen before anybody has moved.
    first_cut = next(number for number, camera in enumerate(shown) if camera != shown[0])
    assert set(shown[first_cut:]) == {row + 1, 3}


def test_a_singers_shot_and_one_of_several_stay_as_planned() -> None:
    sung = plan_cuts(SHOW, None, [Phrase(0.0, 600.0, 0)], 60.0)
    assert all(cut.is_sung for cut in sung.cuts)
    assert sung.alike == {1: {1: 0, 2: 1}, 2: {1: 0, 2: 1}}
    meter = MovementMeter()
    meter.speeds = [0.0, 2.0]
    assert meter.choose(3, sung.alike.get(3, {})) == 3
    assert meter.choose(1, sung.alike[1]) == 2


def test_a_little_more_movement_moves_no_camera() -> None:
    meter = MovementMeter()
    subjects = {1: 0, 2: 1}
    meter.speeds = [0.5, 0.6]
    assert meter.choose(1, subjects) == 1
    meter.speeds = [0.0, 0.1]
    assert meter.choose(1, subjects) == 1


def test_speeds_settle_and_start_again_after_a_jump_in_time() -> None:
    meter = MovementMeter()
    for number in range(400):
        meter.update(number * FRAME_S, move(1, number, 1.0))
    assert meter.speeds == pytest.approx([0.0, 1.0], abs=0.15)
    meter.update(1000.0, move(1, 0, 1.0))
    assert meter.speeds == [0.0, 0.0]
    meter.update(math.nextafter(1000.0, math.inf), move(1, 0, 1.0)[:1])
    assert meter.speeds == [0.0]
