"""Test that a guard repeats the last good value, counts, reports, pauses and retries."""

from __future__ import annotations

import logging

import pytest

from renderer.errors import ShowError
from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.log import EventKind
from renderer.show.containment import Containment
from renderer.show.event_log import EventLog

SECOND = 1_000_000_000
TICK = SECOND // 30


class Part:
    """Fails while its switch is on."""

    def __init__(self) -> None:
        self.fault: Exception | None = None
        self.calls = self.recoveries = 0

    def work(self) -> str:
        self.calls += 1
        if self.fault is not None:
            raise self.fault
        return f"good {self.calls}"

    def recover(self) -> None:
        self.recoveries += 1


def contained(*, live: bool = True) -> tuple[Containment, Alarms, EventLog]:
    events = EventLog()
    alarms = Alarms(events.add_alarm)
    return Containment(alarms, events, live=live), alarms, events


@pytest.mark.parametrize(
    "fault", [ValueError("NaN"), ZeroDivisionError(), MemoryError(), ShowError("A", "b", "c")]
)
def test_any_exception_is_held_counted_and_reported(fault: Exception) -> None:
    containment, alarms, events = contained()
    part = Part()
    guard = containment.guard("scene", "The scene")
    assert guard.run(part.work, "held") == "good 1"
    part.fault = fault
    containment.advance(TICK)
    assert guard.run(part.work, "held") == "held"
    (alarm,) = alarms.active
    assert (alarm.id, alarm.severity) == ("part.scene", Severity.WARNING)
    assert "The scene failed" in alarm.text
    assert [event.kind for event in events.section().events] == [
        EventKind.FAULT, EventKind.ALARM_RAISED,
    ]  # fmt: skip
    (told,) = containment.faults
    assert (told.part, told.count) == ("The scene", 1)
    part.fault = None
    containment.advance(2 * TICK)
    assert guard.run(part.work, "held") == "good 3"
    assert alarms.active, "it stays long enough to be read"
    containment.advance(TICK + 5 * SECOND)
    assert alarms.active == []
    assert containment.faults == [told], "the report still has it"


def test_what_ends_a_program_is_no_fault() -> None:
    containment, _, _ = contained()
    for end in (KeyboardInterrupt, SystemExit):

        def work(end: type[BaseException] = end) -> None:
            raise end

        with pytest.raises(end):
            containment.guard("x", "X").attempt(work)


def test_a_part_that_keeps_failing_rests_longer_and_longer_and_comes_back() -> None:
    containment, alarms, _ = contained()
    part = Part()
    part.fault = ValueError("broken")
    guard = containment.guard("pose", "The pose", part.recover)
    for number in range(60 * 30):
        containment.advance(number * TICK)
        guard.run(part.work, None)
    assert alarms.active[0].severity is Severity.CRITICAL
    assert "keeps failing" in alarms.active[0].text
    assert 10 < part.calls < 30, "three at once, then ever more rarely, at least every 5 s"
    assert part.recoveries == part.calls - 3, "it starts afresh before each further try"
    part.fault = None
    results = []
    for number in range(60 * 30, 71 * 30):
        containment.advance(number * TICK)
        results.append(guard.run(part.work, None))
    assert results[-1] is not None
    assert alarms.active == []


def test_offline_every_frame_is_tried() -> None:
    containment, _, _ = contained(live=False)
    part = Part()
    part.fault = ValueError("broken")
    guard = containment.guard("pose", "The pose")
    for number in range(100):
        containment.advance(number * TICK)
        guard.run(part.work, None)
    assert part.calls == guard.failures == 100


def test_work_that_comes_once_does_not_rest_and_its_alarm_is_cleared_by_time() -> None:
    containment, alarms, _ = contained()
    part = Part()
    part.fault = ValueError("broken")
    guard = containment.guard("desk.command", "A command", recurs=False)
    for _ in range(10):
        guard.attempt(part.work)
    assert part.calls == 10
    containment.advance(6 * SECOND)
    assert alarms.active == []


def test_a_part_that_fails_every_frame_does_not_fill_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    containment, alarms, events = contained(live=False)
    part = Part()
    guard = containment.guard("pose", "The pose")
    with caplog.at_level(logging.ERROR, "renderer.show.containment"):
        for number in range(30 * 60):
            part.fault = ValueError("the same")
            containment.advance(number * TICK)
            guard.attempt(part.work)
    assert len(caplog.records) == 6, "once in 10 s"
    assert caplog.records[0].exc_info is not None
    assert len(events.section().events) == 6 + 2, "and that it failed, and kept failing"
    assert alarms.active[0].count == 30 * 60
