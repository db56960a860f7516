"""What the governor gives up reaches the renderer, the crew's alarms, the log and the report."""

from __future__ import annotations

from renderer.graphics.limits import Limits
from renderer.protocol.alarms import Alarms
from renderer.show.event_log import EventLog
from renderer.show.governor.control import ALARM, FrameGovernor


class Renderer:
    limits = Limits()


def test_what_is_given_up_is_told_while_it_lasts() -> None:
    renderer, alarms, events = Renderer(), Alarms(), EventLog()
    governor = FrameGovernor(renderer, alarms, events, 30.0)
    now = 0.0
    while renderer.limits == Limits():
        now += 0.04
        governor.observe(0.040, now)
    assert not renderer.limits.mirror
    assert renderer.limits.bloom
    (alarm,) = alarms.active
    assert alarm.id == ALARM
    assert "the floor's reflection" in alarm.text
    assert "bloom" not in alarm.text
    for _ in range(400):
        now += 1.0 / 30.0
        governor.observe(0.010, now)
    assert renderer.limits == Limits()
    assert alarms.active == []
    assert governor.seconds["the floor's reflection"] > 2.0
    told = [event.text for event in events.section().events]
    assert told[0].startswith("Given up to hold the frame rate: the floor's reflection")
    assert told[-1] == "Taken back: the floor's reflection"


def test_a_lowered_rate_counts_against_the_longer_tick() -> None:
    renderer, alarms = Renderer(), Alarms()
    governor = FrameGovernor(renderer, alarms, EventLog(), 30.0)
    now = 0.0
    for _ in range(600):
        busy = 0.060 if renderer.limits.scale == 1.0 else 0.050
        now += max(busy, governor.every / 30.0)
        governor.observe(busy, now)
    assert governor.every == 2
    assert renderer.limits.scale == 1.0, "60 ms fit into a fifteenth of a second"
    assert "15 a second" in alarms.active[0].text
