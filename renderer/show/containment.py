"""Contain faults in the parts of a tick: skip and report a failing part, and continue the show.

A part is a piece of a tick's work that can be skipped: one performer's pose, the scene, the
drawing, a desk command, a section of the status. Each runs inside a `Guard`. If it raises any
exception, the guard returns the last good value, counts the fault, logs it, and raises an alarm.
A part that keeps failing is retried with exponential back-off.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from renderer.errors import RendererError
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.show.host.interfaces import Events

_PERSISTENT: Final = 3
"""Consecutive failures from which a part is reported as failing rather than as having failed."""

_FIRST_REST_NS: Final = 250_000_000
_LONGEST_REST_NS: Final = 5_000_000_000
"""Back-off before a failing part is retried; doubled with every further failure up to the longest,
so that a part that fails slowly does not use up the whole tick."""

_CLEAR_NS: Final = 5_000_000_000
"""Nanoseconds without a failure after which the alarm is cleared: long enough to read it."""

_LOG_EVERY_NS: Final = 10_000_000_000
"""Shortest interval between log entries for the same fault of one part."""

_log = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ContainedFault:
    """Summary of a part that failed at least once.

    Attributes:
        part: name of the part.
        count: number of failures.
        text: description of the last failure.
    """

    part: str
    count: int
    text: str

    def __str__(self) -> str:
        times = "once" if self.count == 1 else f"{self.count} times"
        return f"{self.part} failed {times} and was skipped: {self.text}"


class Guard:
    """Runs one part of the tick.

    Attributes:
        failures: number of failures.
        failures_in_a_row: number of failures since the last success.
    """

    def __init__(
        self,
        containment: Containment,
        id: str,
        part: str,
        recover: Callable[[], None] | None,
        *,
        recurs: bool,
        rests: bool,
    ) -> None:
        self._containment = containment
        self._alarm = f"part.{id}"
        self._part = part
        self._recover = recover
        self._recurs = recurs
        self._rests = rests
        self._rest_until_ns: int | None = None
        self._failed_ns: int | None = None
        self._logged: dict[str, int] = {}
        self._text = ""
        self.failures = 0
        self.failures_in_a_row = 0

    @property
    def fault(self) -> ContainedFault | None:
        """Return the part's failures; None if it never failed."""
        if not self.failures:
            return None
        return ContainedFault(self._part, self.failures, self._text)

    @property
    def is_failing(self) -> bool:
        """Return whether the part failed several times in a row."""
        return self.failures_in_a_row >= _PERSISTENT

    @property
    def is_resting(self) -> bool:
        """Return whether the part is skipped in this tick because of its back-off."""
        return self._rest_until_ns is not None and self._containment.now_ns < self._rest_until_ns

    def run(self, work: Callable[[], T], held: T) -> T:
        """Run the part.

        Args:
            work: the part.
            held: the last good value.

        Returns:
            The result of `work`; `held` if it raises, or during a failing part's back-off.
        """
        if self.is_resting:
            return held
        try:
            if self._recover is not None and self.is_failing:
                self._recover()
            value = work()
        except Exception as fault:  # noqa: BLE001 - no exception may end the show
            self.fail(fault)
            return held
        self.succeed()
        return value

    def attempt(self, work: Callable[[], object]) -> bool:
        """Run the part; return whether it succeeded."""

        def do() -> bool:
            work()
            return True

        return self.run(do, False)

    def expire(self, now_ns: int) -> None:
        """Clear the alarm if the last failure is long enough ago."""
        if self._failed_ns is None or now_ns - self._failed_ns < _CLEAR_NS:
            return
        if not (self._recurs and self.failures_in_a_row):
            self._failed_ns = None
            self._containment.alarms.clear(self._alarm)

    def fail(self, fault: Exception) -> None:
        """Count, log and report a failure; for parts that are not run by `run`."""
        now_ns = self._containment.now_ns
        self.failures += 1
        self.failures_in_a_row += 1
        self._failed_ns = now_ns
        self._text = describe(fault)
        if self._rests and self.is_failing:
            rest_ns = _FIRST_REST_NS << min(self.failures_in_a_row - _PERSISTENT, 10)
            self._rest_until_ns = now_ns + min(rest_ns, _LONGEST_REST_NS)
        self._containment.report(self._part, self._text, fault if self._is_new(now_ns) else None)
        severity = Severity.CRITICAL if self.is_failing else Severity.WARNING
        state = "keeps failing" if self.is_failing else "failed"
        self._containment.alarms.raise_(
            self._alarm, severity, f"{self._part} {state} and is skipped: {self._text}"
        )

    def succeed(self) -> None:
        """Record a success; for parts that are not run by `run`."""
        self.failures_in_a_row = 0
        self._rest_until_ns = None
        self.expire(self._containment.now_ns)

    def _is_new(self, now_ns: int) -> bool:
        """Return whether this fault is due to be logged, and record it as logged."""
        last_ns = self._logged.get(self._text)
        if last_ns is not None and now_ns - last_ns < _LOG_EVERY_NS:
            return False
        if last_ns is None and len(self._logged) >= 32:  # Texts that contain changing numbers.
            self._logged.clear()
        self._logged[self._text] = now_ns
        return True


class Containment:
    """The guards of one show.

    Attributes:
        alarms: receives the alarms of failing parts.
        now_ns: time of the current tick; back-offs are measured by it.
    """

    def __init__(self, alarms: Alarms, events: Events, *, live: bool) -> None:
        """Start without guards.

        Args:
            live: back off between retries; offline every frame is retried, since there is time, and
                the same input has to give the same frames.
        """
        self.alarms = alarms
        self._events = events
        self._live = live
        self._guards: dict[str, Guard] = {}
        self.now_ns = 0

    def guard(
        self,
        id: str,
        part: str,
        recover: Callable[[], None] | None = None,
        *,
        recurs: bool = True,
    ) -> Guard:
        """Return the guard of a part; the same one for the same id.

        Args:
            id: stable name; the alarm's id is `part.` followed by it.
            part: name of the part, as the beginning of a sentence.
            recover: called before a part that keeps failing is retried.
            recurs: whether the part runs every tick, so that it can be skipped during back-off;
                False for single pieces of work, such as a command or an observation.
        """
        if id not in self._guards:
            self._guards[id] = Guard(
                self, id, part, recover, recurs=recurs, rests=recurs and self._live
            )
        return self._guards[id]

    def advance(self, t_ns: int) -> None:
        """Start a tick."""
        self.now_ns = t_ns
        for guard in self._guards.values():
            guard.expire(t_ns)

    @property
    def faults(self) -> list[ContainedFault]:
        """Return the faults so far, in the order in which their parts were first guarded."""
        return [fault for guard in self._guards.values() if (fault := guard.fault) is not None]

    def report(self, part: str, text: str, fault: Exception | None) -> None:
        """Log a fault, with the traceback if an exception is given."""
        if fault is not None:
            _log.error("%s failed", part, exc_info=fault)
            self._events.add(EventKind.FAULT, f"{part} failed: {text}")


def describe(fault: Exception) -> str:
    """Return an exception's description as a clause of a sentence."""
    if isinstance(fault, RendererError):
        return str(fault)
    return f"{type(fault).__name__}: {fault}" if str(fault) else type(fault).__name__
