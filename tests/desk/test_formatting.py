"""Test the formatting of numbers and names."""

from __future__ import annotations

import math

import pytest

from renderer.desk.widgets import formatting
from renderer.desk.widgets.formatting import Level
from renderer.protocol.alarms import Severity
from renderer.protocol.outputs import OutputState


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "00:00:00"),
        (59.999, "00:00:59"),
        (3725.9, "01:02:05"),
        (360000, "100:00:00"),
        (-1, "--:--:--"),
        (math.nan, "--:--:--"),
        (math.inf, "--:--:--"),
    ],
)
def test_time_code(seconds: float, text: str) -> None:
    assert formatting.time_code(seconds) == text


def test_an_open_ended_show_has_no_length() -> None:
    assert formatting.length(200) == "of 00:03:20"
    for endless in (0.0, -1.0, math.nan, math.inf):
        assert formatting.length(endless) == ""


def test_frame_rate() -> None:
    assert formatting.frame_rate(29.97, 30) == "30.0 / 30 fps"
    assert formatting.frame_rate(29.97, 0) == "30.0 fps"
    assert formatting.frame_rate(0, 30) == formatting.NOTHING
    assert formatting.frame_rate(math.nan, 30) == formatting.NOTHING
    assert formatting.frame_rate_level(29, 30) is Level.GOOD
    assert formatting.frame_rate_level(25, 30) is Level.WARN
    assert formatting.frame_rate_level(12, 30) is Level.BAD
    assert formatting.frame_rate_level(0, 30) is Level.IDLE
    assert formatting.frame_rate_level(math.nan, math.nan) is Level.IDLE


def test_dropped_frames_alarm_by_their_share() -> None:
    assert formatting.classify_dropped(0, 0) is Level.IDLE
    assert formatting.classify_dropped(3, 2500) is Level.IDLE
    assert formatting.classify_dropped(30, 1000) is Level.WARN
    assert formatting.classify_dropped(5, 0) is Level.BAD


@pytest.mark.parametrize(
    ("value", "text"),
    [(48.2, "48 ms"), (2.14, "2.1 ms"), (9.97, "10 ms"), (0, "–"), (math.nan, "–"), (-3, "–")],
)
def test_milliseconds(value: float, text: str) -> None:
    assert formatting.milliseconds(value) == text


def test_counts_and_sizes() -> None:
    assert formatting.count(12345678) == "12\N{NO-BREAK SPACE}345\N{NO-BREAK SPACE}678"
    assert formatting.data_size(0) == "0 B"
    assert formatting.data_size(999) == "999 B"
    assert formatting.data_size(3_456_789) == "3.5 MB"
    assert formatting.data_size(10**16) == "10000.0 TB"


def test_who_performs_as_whom() -> None:
    assert formatting.performance("Ren", "Aoi") == "Ren performs as Aoi"
    assert formatting.performance("", "") == "An unnamed performer performs as nobody yet"


def test_inputs_and_uses_are_written_shortly() -> None:
    assert formatting.source("/films/dancer.mp4") == "dancer.mp4"
    assert formatting.source("C:\\films\\dancer.mp4") == "dancer.mp4"
    assert formatting.source("rtmp://a.example/live/key") == "rtmp://a.example/live/••••"
    assert formatting.source("camera:0") == "camera:0"
    assert formatting.source("") == formatting.NOTHING
    assert formatting.usage("corporation") == "by a company"
    assert formatting.usage("something new") == "something new"
    assert formatting.usage("") == formatting.NOTHING


@pytest.mark.parametrize(
    ("full", "shown"),
    [
        ("rtmp://a.example/live2/abcd-efgh", "rtmp://a.example/live2/••••"),
        ("rtmp://a.example/live2/abcd/", "rtmp://a.example/live2/••••"),
        ("rtmps://user:word@a.example:443/x/key", "rtmps://••••@a.example:443/x/••••"),
        ("rtmp://a.example/live", "rtmp://a.example/live"),
        ("srt://a.example:9000?passphrase=hunter2", "srt://a.example:9000?••••"),
        ("whip+https://a.example/x/key?bearer=b", "whip+https://a.example/x/••••?••••"),
        ("/home/crew/show.mp4", "/home/crew/show.mp4"),
        ("C:\\films\\show.mp4", "C:\\films\\show.mp4"),
        ("rtmp://[broken/live/key", "••••"),
        ("", ""),
    ],
)
def test_stream_keys_are_never_shown(full: str, shown: str) -> None:
    assert formatting.address(full) == shown


def test_stream_keys_in_sentences_are_not_shown_either() -> None:
    told = formatting.remove_secrets("On air: rtmp://a.example/live/key1, RTMPS://b/live/key2.")
    assert told == "On air: rtmp://a.example/live/•••• rtmps://b/live/••••"
    assert formatting.remove_secrets("Recording to /films/a.mp4.") == "Recording to /films/a.mp4."


def test_states_of_outputs() -> None:
    assert formatting.output_level(OutputState.RUNNING) is Level.GOOD
    assert formatting.output_level(OutputState.FAILED) is Level.BAD
    assert all(isinstance(formatting.output_level(state), Level) for state in OutputState)
    assert all(isinstance(formatting.alarm_level(severity), Level) for severity in Severity)
