"""Monitor what the crew must be alerted to: frame rate, inputs, and queues that drop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.inputs import InputsHealth
from renderer.show.containment import Containment
from renderer.show.drop_monitor import DropMonitor
from renderer.show.frame_rate import FrameRateMonitor
from renderer.show.input_alarms import InputAlarms
from renderer.show.loss_monitor import LossMonitor
from renderer.show.performers.cast import Cast
from renderer.show.program.program import Program
from renderer.show.tick import TickLoop

_EVERY_S: Final = 0.1

_ALLOWED_A_SECOND: Final = 1.0
"""Late input frames per second that raise no alarm: trackers always use the newest frame, and one
frame fewer per second is not visible in the motion."""


class HealthMonitors:
    """Raises and clears the alarms of a live show; offline nothing is late, and only faults count.

    Attributes:
        frame_rate: monitor of the program's frame rate.
    """

    def __init__(self, alarms: Alarms, containment: Containment, rate: int, *, live: bool) -> None:
        """Start monitoring at the first `poll`; `rate` is the target in frames per second."""
        self._live = live
        self._alarms = alarms
        self._guard = containment.guard("monitors", "Watching the show's health")
        self._next = 0.0
        target = float(rate) if live else 0.0
        self.frame_rate = FrameRateMonitor(alarms, target)
        self._inputs = InputAlarms(alarms)
        self._losses = LossMonitor(alarms)
        self._refused = DropMonitor(
            alarms,
            "program.refused",
            Severity.WARNING,
            "program frames found no room in the encoder",
        )
        self._skipped = DropMonitor(
            alarms,
            "program.skipped",
            Severity.NOTICE,
            "program frames were due and came too late to draw",
            _ALLOWED_A_SECOND,
        )
        self._late = DropMonitor(
            alarms, "inputs.late", Severity.NOTICE, "input frames came too late", _ALLOWED_A_SECOND
        )

    def poll(
        self,
        now: float,
        cast: Cast,
        program: Program,
        loop: TickLoop,
        inputs: Callable[[], InputsHealth],
    ) -> bool:
        """Update all alarms, at most 10 times per second; return whether they were updated.

        Args:
            now: seconds of a monotonic clock.
            inputs: returns the status of cameras and trackers.
        """
        if now < self._next:
            return False
        self._next = now + _EVERY_S
        self._guard.attempt(lambda: self._look(now, cast, program, loop, inputs))
        return True

    def finish(self, now: float, cast: Cast) -> None:
        """Update the alarms for what was lost of the inputs at their end."""
        self._losses.update(cast.losses, now)

    def _look(
        self,
        now: float,
        cast: Cast,
        program: Program,
        loop: TickLoop,
        inputs: Callable[[], InputsHealth],
    ) -> None:
        self.frame_rate.update(loop.frames, now)
        self._losses.update(cast.losses, now)
        for id, text in cast.camera_faults.items():
            self._alarms.update(id, Severity.WARNING, text)
        if self._live:
            self._refused.update(program.refused, now)
            self._skipped.update(loop.skipped, now)
            self._late.update(cast.dropped, now)
            self._inputs.update(inputs(), cast.take_fault)
