"""Test the mixer in a real media process: in a recording, by commands, and in its status."""

from __future__ import annotations

import math
import time
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.media_group import MediaGroup
from renderer.output.output_words import parse_output
from renderer.output.sound.settings import RATE, MicrophonePlan, SoundPlan
from renderer.protocol.pictures import PROGRAM
from renderer.protocol.schema import Reply
from renderer.protocol.sound import DeviceState, MuteBus, SetBusGain, SwitchClick
from renderer.show.program.sound import ProgramSoundControl

PLAN = SoundPlan((MicrophonePlan("mic-1", "Hana", "null"),), room="null", performer_return="null")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Write a song that beeps after half a second."""
    path = tmp_path / "song.wav"
    t = np.arange(2 * RATE) / RATE
    beep = np.where((t >= 0.5) & (t < 0.6), 0.4 * np.sin(2.0 * np.pi * 1000.0 * t), 0.0)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.repeat((beep * 32767.0).astype("<i2"), 2).tobytes())
    return path


def record(media: MediaProcess, path: Path, frames: int) -> np.ndarray:
    """Return the recorded sound of some frames (2, n)."""
    media.add(parse_output(str(path)))
    for number in range(frames):
        planes = media.frame_buffer(10.0)
        assert planes is not None
        planes[:] = 128
        media.submit(number, number * 1_000_000_000 // 30, 0)
    media.finish()
    with av.open(str(path)) as file:
        parts = [frame.to_ndarray() for frame in file.decode(audio=0)]
    return np.concatenate(parts, axis=1)


def test_a_mixed_song_is_in_the_recording_at_its_time(tmp_path: Path, song: Path) -> None:
    media = MediaProcess(320, 180, 30, live=False, song=song, sound=PLAN)
    media.start()
    assert media.control_sound(SetBusGain("song", -6.0)).result(10.0) == "song at -6 dB."
    heard = record(media, tmp_path / "show.mp4", 45)
    media.close()
    loud = np.flatnonzero(np.abs(heard[0]) > 0.05)
    # AAC has a frame of priming, which players skip.
    assert loud[0] / RATE == pytest.approx(0.5, abs=0.03)
    assert loud[-1] / RATE == pytest.approx(0.6, abs=0.03)
    assert np.abs(heard).max() == pytest.approx(0.2, rel=0.15)


def test_status_and_refusals_come_from_the_mixer(song: Path) -> None:
    media = MediaProcess(320, 180, 30, live=True, song=song, sound=PLAN)
    media.start()
    sound = media.status().sound
    assert sound is not None
    assert [bus.name for bus in sound.buses] == [
        "song", "mic-1", "click", "count-in", "talkback", "program", "return",
    ]  # fmt: skip
    assert {one.name for one in sound.devices} == {"mic-1", "program", "return"}
    assert all(one.state in DeviceState for one in sound.devices)
    with pytest.raises(OutputError, match="it has song, mic-1, click"):
        media.control_sound(MuteBus("vocals")).result(10.0)
    assert media.control_sound(SwitchClick()).result(10.0) == "Click on."
    status = media.status().sound
    assert status is not None
    replies: list[Reply] = []
    control = ProgramSoundControl(MediaGroup(media))
    control.note(status)
    assert control.health() == status
    control.restore(PROGRAM)
    for command in (SetBusGain("song", -6.0), SetBusGain("song", math.nan)):
        control.handle(command, replies.append)
    deadline = time.monotonic() + 20.0
    while len(replies) < 2 and time.monotonic() < deadline:
        control.poll()
        time.sleep(0.01)
    assert [one.ok for one in replies] == [True, False]
    assert replies[1].text.endswith("give -120 (off) to 20 dB.")
    media.close()


def test_without_a_mixer_its_commands_are_refused(song: Path) -> None:
    media = MediaProcess(320, 180, 30, live=True, song=song)
    media.start()
    assert media.status().sound is None
    with pytest.raises(OutputError, match=r"add \[sound\]"):
        media.control_sound(MuteBus("song")).result(10.0)
    media.close()
