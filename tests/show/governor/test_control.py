"""What the governor gives up reaches the renderer, the crew's alarms, the log and the report."""

from __future__ import annotations

from fractions import Fraction

import pytest

from renderer.graphics.limits import Limits
from renderer.protocol.alarms import Alarms
from renderer.show.event_log import EventLog
from renderer.show.governor.control import ALARM, FrameGovernor
from renderer.show.governor.steps import SCALES


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
        busy = 0.036 if renderer.limits.scale == 1.0 else 0.030
        now += max(busy, float(governor.every) / 30.0)
        governor.observe(busy, now)
    assert governor.every == Fraction(3, 2)
    assert renderer.limits.scale == 1.0, "36 ms fit into a twentieth of a second"
    assert "20 a second" in alarms.active[0].text


def _draw_at(renderer: Renderer, clock: list[float], whole_s: float) -> None:
    """Advance the clock by a frame's duration: half the pixels take half the time."""
    limits = renderer.limits
    clock[0] += whole_s * limits.scale**2 * (0.5 if limits.detail > 1.0 else 1.0)


@pytest.mark.parametrize("whole_s", [0.010, 0.040, 0.090, 0.5])
def test_the_first_frame_decides_what_is_given_up_from_the_start(whole_s: float) -> None:
    renderer, alarms, clock = Renderer(), Alarms(), [100.0]
    governor = FrameGovernor(renderer, alarms, EventLog(), 30.0)
    governor.begin(lambda: _draw_at(renderer, clock, whole_s), lambda: clock[0])
    assert (renderer.limits == Limits()) == (whole_s == 0.010)
    assert bool(alarms.active) == (whole_s != 0.010)
    began = clock[0]
    _draw_at(renderer, clock, whole_s)
    took = clock[0] - began
    assert took * 30.0 / float(governor.every) < 0.7 or renderer.limits.scale == SCALES[-1]
    assert governor.seconds == {}, "nothing has been shown yet"
