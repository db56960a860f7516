"""Test alarms: raised once per condition, cleared, and kept for the report."""

from __future__ import annotations

import itertools
import threading

from renderer.protocol.alarms import Alarm, Alarms, Severity


def counting_clock() -> Alarms:
    ticks = itertools.count(100)
    return Alarms(clock=lambda: float(next(ticks)))


def test_an_alarm_keeps_its_time_while_it_is_active() -> None:
    changes: list[Alarm] = []
    ticks = itertools.count(100)
    alarms = Alarms(changes.append, lambda: float(next(ticks)))
    alarms.raise_("camera.1", Severity.CRITICAL, "Camera 1 sends no picture")
    alarms.raise_("camera.1", Severity.CRITICAL, "Camera 1 sends no picture, 5 s")
    (alarm,) = alarms.active
    assert (alarm.raised_at, alarm.text) == (100.0, "Camera 1 sends no picture, 5 s")
    assert alarm.count == 2
    alarms.clear("camera.1")
    alarms.clear("camera.1")
    assert alarms.active == []
    (cleared,) = alarms.history
    assert (cleared.raised_at, cleared.cleared_at) == (100.0, 101.0)
    assert [change.cleared_at for change in changes] == [None, 101.0]


def test_the_most_severe_come_first() -> None:
    alarms = counting_clock()
    alarms.raise_("a", Severity.NOTICE, "a")
    alarms.raise_("b", Severity.WARNING, "b")
    alarms.raise_("c", Severity.CRITICAL, "c")
    alarms.raise_("d", Severity.WARNING, "d")
    assert [alarm.id for alarm in alarms.active] == ["c", "b", "d", "a"]


def test_a_condition_with_a_text_is_an_alarm_and_without_one_is_none() -> None:
    alarms = counting_clock()
    alarms.update("song", Severity.WARNING, "The song broke off")
    assert [alarm.id for alarm in alarms.active] == ["song"]
    alarms.update("song", Severity.WARNING, "")
    assert alarms.active == []


def test_the_history_is_bounded_and_counts_what_it_drops() -> None:
    alarms = counting_clock()
    for number in range(700):
        alarms.raise_(str(number), Severity.NOTICE, "n")
        alarms.clear(str(number))
    assert len(alarms.history) == 500
    assert alarms.dropped == 200
    assert alarms.history[-1].id == "699"


def test_threads_may_raise_at_once() -> None:
    alarms = Alarms()
    threads = [
        threading.Thread(
            target=lambda k=k: [alarms.raise_(f"{k}", Severity.NOTICE, "n") for _ in range(200)]
        )
        for k in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [alarm.count for alarm in alarms.active] == [200] * 4


def test_an_acknowledged_alarm_stays_until_its_cause_is_gone() -> None:
    changes: list[Alarm] = []
    ticks = itertools.count(100)
    alarms = Alarms(changes.append, lambda: float(next(ticks)))
    alarms.raise_("disk", Severity.WARNING, "Room for 9 minutes")
    alarms.raise_("camera", Severity.NOTICE, "Camera 2 is slow")
    assert [alarm.id for alarm in alarms.acknowledge("disk", "Mia")] == ["disk"]
    assert alarms.acknowledge("disk", "Tom") == []
    alarms.raise_("disk", Severity.WARNING, "Room for 8 minutes")
    alarm = alarms.active[0]
    assert (alarm.acknowledged_at, alarm.acknowledged_by, alarm.count) == (102.0, "Mia", 2)
    alarms.raise_("disk", Severity.CRITICAL, "The disk is full")
    assert alarms.active[0].acknowledged_at is None, "worse is news"
    assert {alarm.id for alarm in alarms.acknowledge("")} == {"disk", "camera"}
    alarms.clear("disk")
    alarms.raise_("disk", Severity.WARNING, "Room for 9 minutes")
    assert alarms.active[0].acknowledged_at is None, "another time is another alarm"
    assert [change.id for change in changes if change.acknowledged_at == 102.0] == ["disk"]
