"""Apply the governor's decisions to a live show: limits, alarm, log and report."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction
from typing import Final, Protocol

from renderer.graphics.limits import Limits
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.show.governor.decision import Governor
from renderer.show.governor.steps import plan_steps, setting_of
from renderer.show.host.interfaces import Events

ALARM: Final = "governor"

_DRAWING: Final = 0.7
"""Share of a tick that drawing may take at the start; the rest is for solving the performers'
motion and for sending frames, whose time is not known yet."""
_PROBES: Final = 2
"""Frames drawn to measure a setting, of which the fastest counts: the first fills caches."""


class LimitedRenderer(Protocol):
    """The part of a renderer's interface that the governor uses.

    Attributes:
        limits: what is left out of the following frames.
    """

    limits: Limits


class FrameGovernor:
    """Holds a live show's frame rate by limiting what the renderer draws.

    Attributes:
        every: one in so many ticks is drawn; 3/2 is two in three.
        seconds: total time for which each step has been given up, by name, in order of first use.
    """

    def __init__(
        self, renderer: LimitedRenderer, alarms: Alarms, events: Events, rate: float
    ) -> None:
        """Start with nothing given up.

        Args:
            rate: of the program, frames per second.
        """
        self._renderer, self._alarms, self._events = renderer, alarms, events
        self._rate = rate
        self._steps = plan_steps(rate)
        self._governor = Governor([step.growth for step in self._steps])
        self._given_up: tuple[str, ...] = ()
        self._observed_at: float | None = None
        self.every = Fraction(1)
        self.seconds: dict[str, float] = {}

    def begin(self, draw: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        """Give up before the first frame what makes frames too slow, so that none is shown late.

        Args:
            draw: draws a frame of the show in the renderer's present setting, and waits for it.
            clock: returns seconds of a monotonic clock.
        """
        while True:
            times = []
            for _ in range(_PROBES):
                began = clock()
                draw()
                times.append(clock() - began)
            if not self._governor.begin(self._load_of(min(times)) / _DRAWING):
                return
            self._apply()

    def _load_of(self, busy_s: float) -> float:
        """Return a duration as a fraction of the time until the next drawn tick."""
        return busy_s * self._rate / float(self.every)

    def observe(self, busy_s: float, now: float) -> None:
        """Record a tick's load, and give up or take back steps accordingly.

        Args:
            busy_s: duration of the tick's work, seconds.
            now: time of a monotonic clock, seconds.
        """
        if self._observed_at is not None:
            for name in self._given_up:
                self.seconds[name] = self.seconds.get(name, 0.0) + now - self._observed_at
        self._observed_at = now
        if self._governor.observe(self._load_of(busy_s), now):
            self._apply()

    def _apply(self) -> None:
        setting = setting_of(self._steps, self._governor.count)
        self._renderer.limits, self.every = setting.limits, setting.every
        before, self._given_up = self._given_up, setting.given_up
        given = ", ".join(setting.given_up[len(before) :])
        back = ", ".join(before[len(setting.given_up) :])
        text = f"Given up to hold the frame rate: {given}" if given else f"Taken back: {back}"
        self._events.add(EventKind.STATE, text)
        names = ", ".join(setting.given_up)
        self._alarms.update(
            ALARM,
            Severity.WARNING,
            f"The picture takes too long to draw for {self._rate:g} frames a second and is drawn "
            f"without: {names}"
            if names
            else "",
        )
