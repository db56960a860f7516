"""Test recordings whose disk fails: they go on on another one, and are joined without a gap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
import pytest
from showing import RATE, play, send

from renderer.output.encode.packets import AUDIO_CLOCK, VIDEO_CLOCK, EncodedPacket
from renderer.output.join import join_parts
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output, parse_recording
from renderer.output.sinks.recording import RecentPackets
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import OutputState, RecordingPart
from renderer.show.output_alarms import OutputAlarms
from renderer.show.supervision.joining import join_recordings

Start = Callable[..., MediaProcess]
SECONDS = 6


def record(media: MediaProcess, word: str, seconds: int = SECONDS, noise: int = 40) -> None:
    media.add(parse_recording(word))
    for number in range(seconds * RATE):
        assert send(media, number, noise)


def test_a_recording_goes_on_on_its_second_disk_and_no_picture_is_missing(
    start: Start, small_disk: Path, song: Path, tmp_path: Path
) -> None:
    media = start(False, song)
    first, second = small_disk / "show.mp4", tmp_path / "second"
    record(media, f"{first}#fallback={second}")
    (status,) = media.finish().outputs
    assert status.state is OutputState.ENDED
    assert status.address == str(second / "show.part2.mp4")
    assert "no space left on device" in status.detail
    assert [part.path for part in status.parts] == [str(first)]
    assert play(first).times, "the first part can be played"

    faults: list[str] = []
    (joined,) = join_recordings([status], [status.all_parts], faults)
    assert not faults
    # The first disk has no room for the whole.
    whole = second / "show.mp4"
    assert joined.address == str(whole) and "joined from 2 parts" in joined.detail
    assert [one.name for one in second.iterdir()] == ["show.mp4"]
    assert not first.exists()
    seen = play(whole)
    assert len(seen.times) == SECONDS * RATE
    assert np.diff(seen.times) == pytest.approx(1 / RATE, abs=1e-3)
    assert seen.beeps == pytest.approx([1.0, 2.0, 3.5], abs=0.03)
    assert joined.seconds == pytest.approx(SECONDS, abs=0.01)


def test_without_a_second_disk_or_on_a_dead_one_the_recording_fails(
    start: Start, small_disk: Path, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    media = start(False)
    record(media, f"{small_disk / 'show.mp4'}#fallback={blocked}")
    (status,) = media.finish().outputs
    assert status.state is OutputState.FAILED and not status.parts
    assert "its fallback fails too" in status.detail
    assert play(small_disk / "show.mp4").times


def test_the_crew_is_told_of_the_second_disk(start: Start, tmp_path: Path) -> None:
    media = start(False)
    media.add(parse_output(str(tmp_path / "show.mp4")))
    (status,) = media.statuses()
    status = msgspec.structs.replace(
        status, parts=[RecordingPart("first.mp4", 0.0)], detail="first.mp4 ended (no room)"
    )
    alarms = Alarms()
    OutputAlarms(alarms).note_status([status], {}, 0.0)
    (alarm,) = [one for one in alarms.active if one.id.endswith(".disk")]
    assert "second disk" in alarm.text and "no room" in alarm.text


def test_recent_packets_begin_with_the_last_keyframe_but_one() -> None:
    recent = RecentPackets()
    for number in range(100):
        recent.add(EncodedPacket(b"", number, 1, VIDEO_CLOCK, number % 10 == 0))
        recent.add(EncodedPacket(b"", number, 1, AUDIO_CLOCK, True))
        kept = list(recent)
        keyframe = max(0, number // 10 * 10 - 10)
        assert kept[0].pts == keyframe and kept[0].starts_picture
        assert len(kept) == 2 * (number - keyframe + 1)


def test_parts_are_joined_on_the_first_disk_where_it_has_room(start: Start, tmp_path: Path) -> None:
    parts = []
    for name in ("a", "b"):
        media = start(False)
        path = tmp_path / name / "show.mp4"
        record(media, str(path), seconds=1, noise=0)
        media.finish()
        parts.append(RecordingPart(str(path), float(len(parts))))
    join_parts(parts)
    assert len(play(tmp_path / "a" / "show.mp4").times) == 2 * RATE
    assert not (tmp_path / "b" / "show.mp4").exists()
