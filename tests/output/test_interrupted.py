"""Test the report of outputs that could not be finished: never more than their files contain."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from showing import RATE, play, send, wait_until

from renderer.output.interrupted import settle_interrupted
from renderer.output.media import MediaProcess
from renderer.output.requests import MediaStatus
from renderer.output.spec import OutputSpec
from renderer.protocol.outputs import OutputState, OutputStatus

Start = Callable[..., MediaProcess]


def status(spec: OutputSpec, state: OutputState = OutputState.RUNNING) -> OutputStatus:
    return OutputStatus("one", spec.kind, spec.shown, state)


@pytest.fixture
def unfinished(start: Start, tmp_path: Path) -> bytes:
    """Return an unfinished recording of three seconds as on the disk."""
    path = tmp_path / "show.mp4"
    media = start(False)
    media.add(OutputSpec("mp4", str(path)))
    for number in range(3 * RATE):
        send(media, number, noise=20)
    assert media.pid is not None
    os.kill(media.pid, signal.SIGKILL)
    assert wait_until(lambda: media.has_ended)
    return path.read_bytes()


def test_a_truncated_recording_is_measured_by_its_complete_fragments(
    unfinished: bytes, tmp_path: Path
) -> None:
    path = tmp_path / "cut.mp4"
    spec = OutputSpec("mp4", str(path))
    last = 0.0
    for length in range(0, len(unfinished) + 1, max(1, len(unfinished) // 60)):
        path.write_bytes(unfinished[:length])
        told = settle_interrupted(spec, status(spec))
        assert told.state is OutputState.INTERRUPTED
        assert told.bytes <= length
        assert told.seconds >= last
        last = told.seconds
        if not told.seconds:
            assert "nothing was recorded" in told.detail
            continue
        path.write_bytes(unfinished[: told.bytes])
        with av.open(str(path)) as file:
            frames = sum(1 for _ in file.decode(video=0))
        assert told.seconds == pytest.approx(frames / RATE, abs=0.1)
    assert last > 1.0


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_recording_raises_nothing(
    unfinished: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    path = tmp_path / "damaged.mp4"
    spec = OutputSpec("mp4", str(path))
    content = bytearray(unfinished)
    for at, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=40)
    ):
        content[at] = value
    path.write_bytes(content)
    assert settle_interrupted(spec, status(spec)).bytes <= len(content)


def test_a_playlist_is_ended_once_and_reports_what_it_lists(tmp_path: Path) -> None:
    spec = OutputSpec("hls", str(tmp_path))
    (tmp_path / "segment_00000.m4s").write_bytes(b"0" * 700)
    (tmp_path / "segment_00001.m4s").write_bytes(b"1" * 300)
    (tmp_path / "live.m3u8").write_text(
        "#EXTM3U\n#EXTINF:2.000000,\nsegment_00000.m4s\n#EXTINF:1.500000,\nsegment_00001.m4s\n"
    )
    for _ in range(2):
        told = settle_interrupted(spec, status(spec))
        assert (told.seconds, told.bytes) == (3.5, 1000)
        assert (tmp_path / "live.m3u8").read_text().count("#EXT-X-ENDLIST") == 1
    (tmp_path / "live.m3u8").write_bytes(b"\xff")
    assert "could not be finished" in settle_interrupted(spec, status(spec)).detail


def test_what_was_over_stays_as_it_was(tmp_path: Path) -> None:
    spec = OutputSpec("mp4", str(tmp_path / "none.mp4"))
    for state in (OutputState.ENDED, OutputState.FAILED):
        assert settle_interrupted(spec, status(spec, state)) == status(spec, state)
    assert "nothing was recorded" in settle_interrupted(spec, status(spec)).detail


def test_the_reported_length_is_what_a_player_finds(unfinished: bytes, tmp_path: Path) -> None:
    path = tmp_path / "whole.mp4"
    path.write_bytes(unfinished)
    spec = OutputSpec("mp4", str(path))
    length = play(path).times[-1] + 1 / RATE
    assert settle_interrupted(spec, status(spec)).seconds == pytest.approx(length, abs=0.1)


def test_an_output_that_never_reported_its_state_is_measured_too(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(False)
    media.add(OutputSpec("mp4", str(path)))
    for number in range(2 * RATE):
        send(media, number)
    assert wait_until(lambda: path.exists() and b"moof" in path.read_bytes())
    assert media.pid is not None
    os.kill(media.pid, signal.SIGKILL)
    assert wait_until(lambda: media.has_ended)
    media._last = MediaStatus([], {})  # It died before its first answer.
    (told,) = media.settle().outputs
    assert told.state is OutputState.INTERRUPTED
    assert told.seconds == pytest.approx(play(path).times[-1] + 1 / RATE, abs=0.1)
