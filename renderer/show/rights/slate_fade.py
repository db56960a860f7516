"""Fade the program to the slate when no avatar of a show may be shown any more."""

from __future__ import annotations

from collections.abc import Callable

from renderer.graphics.records import ProgramFrame
from renderer.rights.footage.check import FootageCheck
from renderer.show.direction.mixer import Mix, PictureMixer
from renderer.show.plan import ShowPlan
from renderer.show.rights.watch import FADE_S, RightsWatch
from renderer.transport.pixel_layout import PixelLayout


class SlateFade:
    """Covers the frames of a program with the slate while no avatar may be seen.

    Args:
        mixer: of these frames alone.
        is_due: returns whether the slate is to be shown.
    """

    def __init__(self, mixer: PictureMixer, is_due: Callable[[], bool]) -> None:
        self._mixer, self._is_due = mixer, is_due
        self._share = 0.0
        self._last_ns: int | None = None

    def advance(self, number: int, t_ns: int) -> None:
        """Set how much of the slate the frame of a number shows.

        Args:
            number: of the frame.
            t_ns: its time, nanoseconds.
        """
        passed = 0 if self._last_ns is None else max(0, t_ns - self._last_ns)
        self._last_ns = t_ns
        step = passed / (FADE_S * 1e9)
        self._share = min(1.0, max(0.0, self._share + (step if self._is_due() else -step)))
        if self._share > 0.0:
            self._mixer.plan(number, Mix(slate=self._share))

    def mix(self, frame: ProgramFrame | None) -> ProgramFrame | None:
        """Return a frame of the program as it is to be sent; valid until the next call."""
        return self._mixer.mix(frame)

    def cover(self, view: str, frame: ProgramFrame) -> ProgramFrame:
        """Return a frame of a further view as it is to be sent; valid until the next call."""
        return self._mixer.cover(view, frame)


def open_slate_fade(
    plan: ShowPlan,
    size: tuple[int, int],
    layout: PixelLayout,
    rights: RightsWatch,
    footage: FootageCheck,
) -> SlateFade:
    """Return the fade of a show's program; a live show's slate is drawn at once.

    Args:
        plan: of the show, with the crew's slate.
        size: of the program, width and height in pixels.
        layout: of its frames.
        rights: decides when nobody may be seen any more.
        footage: knows whether the crew's slate must not be seen.

    Raises:
        OutputError: the slate's file is no picture.
    """
    mixer = PictureMixer(lambda: None, plan.slate, footage.is_refused)
    if plan.live:
        mixer.prepare(size, layout)
    return SlateFade(mixer, lambda: rights.leaves_nobody)
