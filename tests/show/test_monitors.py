"""Test that a low frame rate and dropping queues are alarms while they last, without flicker."""

from __future__ import annotations

from itertools import pairwise

from renderer.protocol.alarms import Alarms, Severity
from renderer.protocol.inputs import (
    CameraState,
    CameraStatus,
    InputsHealth,
    TrackerKind,
    TrackerState,
    TrackerStatus,
)
from renderer.protocol.outputs import OutputState, OutputStatus
from renderer.show.drop_monitor import DropMonitor
from renderer.show.frame_rate import ALARM, FrameRateMonitor
from renderer.show.input_alarms import InputAlarms
from renderer.show.output_alarms import OutputAlarms


def run(monitor: FrameRateMonitor, rates: list[tuple[float, float]]) -> list[float]:
    """Run through (rate, seconds) pairs; return the times at which an alarm was active."""
    now, frames = 100.0, 0.0
    times = []
    for rate, seconds in rates:
        for _ in range(round(seconds * 10)):
            now += 0.1
            frames += rate / 10
            monitor.update(int(frames), now)
            if monitor._alarms.active:
                times.append(now - 100.0)
    return times


def test_a_rate_that_is_low_for_three_seconds_is_an_alarm_until_it_is_well_again() -> None:
    alarms = Alarms()
    monitor = FrameRateMonitor(alarms, 30.0)
    times = run(monitor, [(30.0, 5.0), (12.0, 6.0), (30.0, 8.0)])
    assert 8.0 < times[0] < 9.5, "three seconds after it fell at five"
    assert 13.5 < times[-1] < 16.0, "three seconds after it rose at eleven"
    (alarm,) = alarms.history
    assert (alarm.id, alarm.severity) == (ALARM, Severity.CRITICAL)
    assert "of 30 frames a second" in alarm.text
    assert 29.0 < monitor.rate < 31.0


def test_a_hiccup_and_a_slightly_low_rate_are_no_alarm() -> None:
    alarms = Alarms()
    assert run(FrameRateMonitor(alarms, 30.0), [(30.0, 3.0), (5.0, 1.5), (30.0, 3.0)]) == []
    assert run(FrameRateMonitor(alarms, 30.0), [(25.0, 20.0)]) == []


def test_without_a_target_no_rate_is_low() -> None:
    assert run(FrameRateMonitor(Alarms(), 0.0), [(1.0, 20.0)]) == []


def test_drops_are_an_alarm_while_they_grow() -> None:
    alarms = Alarms()
    monitor = DropMonitor(alarms, "program.refused", Severity.WARNING, "frames found no room")
    active = []
    for step in range(300):
        now = step * 0.1
        monitor.update(min(max(0, step - 50), 20), now)
        active.append(bool(alarms.active))
    assert not any(active[:51])
    assert all(active[52:110])
    assert not any(active[125:])
    assert "20 in all" in alarms.history[0].text


def test_a_few_allowed_drops_are_no_alarm() -> None:
    alarms = Alarms()
    monitor = DropMonitor(alarms, "inputs.late", Severity.NOTICE, "came too late", allowed=1.0)
    for step in range(300):
        monitor.update(step // 11, step * 0.1)
    assert alarms.history == []


def test_drops_of_an_earlier_engine_are_not_reported_again() -> None:
    alarms = Alarms()
    monitor = DropMonitor(alarms, "program.refused", Severity.WARNING, "frames found no room")
    for step in range(100):
        monitor.update(184, step * 0.1)
    assert alarms.history == []
    monitor.update(185, 10.0)
    assert [alarm.text for alarm in alarms.active] == ["1 frames found no room in 5 s, 185 in all"]


def test_drops_about_the_allowed_rate_make_no_flapping_alarm() -> None:
    """Ten drops in 5 s raise it; four to six keep it; two clear it."""
    alarms = Alarms()
    monitor = DropMonitor(alarms, "inputs.late", Severity.NOTICE, "came too late", allowed=1.0)
    count, states = 0, []
    for second, dropped in enumerate([0] * 5 + [2] * 5 + [1, 1, 1, 1, 2] * 8 + [1, 0, 0, 1, 0] * 3):
        count += dropped
        monitor.update(count, float(second))
        states.append(bool(alarms.active))
    assert not states[0]
    assert states[-1] is False
    assert sum(a is not b for a, b in pairwise(states)) == 2


def test_lost_cameras_silent_trackers_and_a_take_that_fails_are_alarms() -> None:
    alarms = Alarms()
    inputs = InputAlarms(alarms)

    def health(camera: CameraState, tracker: TrackerState) -> InputsHealth:
        return InputsHealth(
            [CameraStatus("stage", CameraState.SEEING), CameraStatus("wing", camera, "unplugged")],
            [TrackerStatus(TrackerKind.PHONE, "livelink:11111", 1, tracker)],
        )

    well = health(CameraState.SEEING, TrackerState.HEARD)
    for quiet in (well, health(CameraState.EMPTY, TrackerState.WAITING)):
        inputs.update(quiet, "")
        assert alarms.active == []
    inputs.update(health(CameraState.RECONNECTING, TrackerState.SILENT), "The disk is full")
    assert {alarm.id for alarm in alarms.active} == {"camera.2", "tracker.2.phone", "take"}
    text = next(alarm.text for alarm in alarms.active if alarm.id == "camera.2")
    assert "Camera 2 (wing)" in text
    assert "unplugged" in text
    inputs.update(well, "")
    assert alarms.active == []


def test_drops_of_a_lost_output_are_reported_as_its_loss_alone() -> None:
    alarms = Alarms()
    monitor = OutputAlarms(alarms)

    def ids(state: OutputState, dropped: int, now_s: float) -> list[str]:
        status = OutputStatus("rtmp-1", "rtmp", "rtmp://host/live/…", state, dropped=dropped)
        monitor.note_status([status], {}, now_s)
        return [alarm.id for alarm in alarms.active]

    assert ids(OutputState.RUNNING, 0, 100.0) == []
    assert ids(OutputState.RETRYING, 50, 101.0) == ["output.rtmp-1"]
    assert ids(OutputState.RETRYING, 90, 102.0) == ["output.rtmp-1"]
    assert ids(OutputState.RUNNING, 110, 102.2) == [], "it waits for its keyframe"
    assert ids(OutputState.RUNNING, 110, 105.0) == []
    assert ids(OutputState.RUNNING, 125, 106.0) == ["output.rtmp-1.drops"]
    (alarm,) = alarms.active
    assert alarm.text.startswith("15 packets")
    assert ids(OutputState.RUNNING, 125, 112.0) == []


def test_a_disk_with_little_room_is_an_alarm_until_there_is_more() -> None:
    alarms = Alarms()
    monitor = OutputAlarms(alarms)
    cases = ((None, ""), (601.0, ""), (599.0, "for 9 more minutes"), (3.0, "for 1"), (700.0, ""))
    for room_s, text in cases:
        status = OutputStatus("mp4-1", "mp4", "show.mp4", OutputState.RUNNING, room_s=room_s)
        monitor.note_status([status], {}, 100.0)
        texts = [alarm.text for alarm in alarms.active]
        assert bool(texts) == bool(text)
        assert all(text in told for told in texts)
