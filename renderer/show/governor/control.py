"""Apply the governor's decisions to a live show: limits, alarm, log and report."""

from __future__ import annotations

from typing import Final, Protocol

from renderer.graphics.limits import Limits
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.show.governor.decision import Governor
from renderer.show.governor.steps import plan_steps, setting_of
from renderer.show.host.interfaces import Events

ALARM: Final = "governor"


class LimitedRenderer(Protocol):
    """The part of a renderer's interface that the governor uses.

    Attributes:
        limits: what is left out of the following frames.
    """

    limits: Limits


class FrameGovernor:
    """Holds a live show's frame rate by limiting what the renderer draws.

    Attributes:
        every: only every n-th tick is drawn.
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
        self.every = 1
        self.seconds: dict[str, float] = {}

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
        if self._governor.observe(busy_s * self._rate / self.every, now):
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
