"""Test that a program fades to the slate when its last avatar is taken down, and not before."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from renderer.graphics.records import ProgramFrame
from renderer.output.slate import convert_to_planes, make_slate
from renderer.protocol.alarms import Alarms
from renderer.show.direction.mixer import PictureMixer
from renderer.show.rights.slate_fade import SlateFade
from renderer.show.rights.watch import FADE_S, RightsWatch
from renderer.transport.pixel_layout import PixelLayout
from tests.show.rights.test_watch import ALLOWED, REVOKED, START, Case

WIDTH, HEIGHT = 64, 36
TICK_NS = 100_000_000


def _frame(number: int, layout: PixelLayout = PixelLayout.I420) -> ProgramFrame:
    shape = (HEIGHT, 4 * WIDTH) if layout is PixelLayout.RGBA else (HEIGHT * 3 // 2, WIDTH)
    return ProgramFrame(np.full(shape, 200, np.uint8), number, 0, 0, layout)


class Program:
    """A fade whose slate is due when a test says so."""

    def __init__(self) -> None:
        self.is_due = False
        self.number = 0
        self.fade = SlateFade(PictureMixer(lambda: None, None), lambda: self.is_due)

    def send(self, layout: PixelLayout = PixelLayout.I420) -> np.ndarray:
        self.number += 1
        self.fade.advance(self.number, self.number * TICK_NS)
        mixed = self.fade.mix(_frame(self.number, layout))
        assert mixed is not None
        return mixed.planes.copy()


SLATE = convert_to_planes(make_slate(None, WIDTH, HEIGHT), PixelLayout.I420)


def test_the_picture_becomes_the_slate_within_the_fade_and_comes_back() -> None:
    show = Program()
    assert (show.send() == 200).all()
    show.is_due = True
    steps = [show.send() for _ in range(round(FADE_S * 1e9 / TICK_NS) + 1)]
    np.testing.assert_array_equal(steps[-1], SLATE)
    far = [float(np.abs(one.astype(float) - SLATE).mean()) for one in steps]
    assert far == sorted(far, reverse=True) and far[0] > far[4] > far[-1] == 0.0
    show.is_due = False
    assert (np.array([show.send() for _ in range(12)])[-1] == 200).all()


def test_a_further_view_is_covered_with_the_program() -> None:
    show = Program()
    show.is_due = True
    for _ in range(12):
        show.send()
    covered = show.fade.cover("vertical", _frame(show.number)).planes
    np.testing.assert_array_equal(covered, SLATE)


def test_a_keyed_picture_has_no_slate() -> None:
    show = Program()
    show.is_due = True
    assert all((show.send(PixelLayout.RGBA) == 200).all() for _ in range(12))


def test_it_begins_when_the_last_avatar_is_about_to_leave() -> None:
    case, now = Case(ALLOWED, REVOKED), START
    watch = RightsWatch(case, Alarms(), lambda _: None, lambda: now)  # type: ignore[arg-type]

    def after(seconds: float) -> bool:
        nonlocal now
        now = START + timedelta(seconds=seconds)
        watch.poll()
        return watch.leaves_nobody

    assert not after(0) and not after(40)
    assert watch.hidden == {1}
    case.verdicts = (REVOKED, REVOKED)
    watch.check()
    assert not after(41) and not after(69.5)
    assert after(70.5)
    assert watch.hidden == {1}
    assert after(71) and watch.hidden == {0, 1}
    case.verdicts = (ALLOWED, REVOKED)
    watch.check()
    assert not after(72)
