"""Test the program with a real media process: the start of its song, and its outputs."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import numpy as np
import pytest
from media_fixtures import server as server
from media_fixtures import small_disk as small_disk
from media_fixtures import song as song
from program_rig import Begin
from program_rig import begin as begin
from showing import BEEPS, RATE, RtmpServer, play

from renderer.errors import OutputError
from renderer.output.output_words import parse_output
from renderer.protocol.outputs import (
    GoLive,
    OutputState,
    RetryOutput,
    StartOutput,
    StartRecording,
    StopLive,
    StopOutput,
    StopRecording,
)


def test_the_song_begins_with_the_first_frame_however_slow_the_first_frames_are(
    begin: Begin, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    rig = begin(song=song)
    rig.program.start((parse_output(str(path)),), streams=True)
    time.sleep(1.5)  # Shaders are compiled, a camera opens: time passes before the first frame.
    rig.run(2.5)
    rig.program.finish()
    seen = play(path)
    # Flashes are drawn at show time, so the recording's first frame has show time 0.
    assert seen.flashes[0] == pytest.approx(0.0, abs=0.5 / RATE)
    np.testing.assert_allclose(seen.beeps[:2], BEEPS[:2], atol=1.0 / RATE)


PRIMING_S = 1024 / 48_000
"""Length of the frame that an AAC encoder puts before the sound, seconds."""


def test_a_rehearsal_does_not_use_up_the_song(begin: Begin, song: Path, tmp_path: Path) -> None:
    path, hls = tmp_path / "rehearsal.mp4", tmp_path / "hls"
    rig = begin(f"hls:{hls}", song=song)
    rig.program.start((parse_output(str(path)),), streams=False)
    rig.run(1.8)
    assert not rig.program.on_air
    assert rig.ask(GoLive()).ok
    went_live = rig.ticks
    rig.run(2.6)
    rig.program.finish()
    stream, recording = play(hls / "live.m3u8"), play(path)
    np.testing.assert_allclose(stream.beeps[:2], BEEPS[:2], atol=1.0 / RATE)
    # The stream begins with the sound encoder's first frame, before the picture and the song.
    assert stream.flashes[0] == pytest.approx(0.0, abs=PRIMING_S + 0.5 / RATE)
    # The recording continues: the rehearsal's song, and then the show's from its start.
    again = recording.flashes[2]
    assert recording.flashes[:2] == pytest.approx([0.0, 1.0], abs=1.5 / RATE)
    assert again == pytest.approx(went_live / RATE, abs=0.5)
    np.testing.assert_allclose(
        recording.beeps[:3], [BEEPS[0], again + BEEPS[0], again + BEEPS[1]], atol=1.5 / RATE
    )
    assert np.diff(recording.times).min() > 0


def test_each_rehearsal_begins_the_song_again_and_a_break_on_air_does_not(
    begin: Begin, song: Path, tmp_path: Path
) -> None:
    hls = tmp_path / "hls"
    rig = begin(f"hls:{hls}", song=song)
    rig.program.start((), streams=False)
    for name in ("one", "two"):
        assert rig.ask(StartRecording(str(tmp_path / f"{name}.mp4"))).ok
        rig.run_for(1.4)
        assert rig.ask(StopRecording()).ok
    first, second = play(tmp_path / "one.mp4"), play(tmp_path / "two.mp4")
    np.testing.assert_allclose([first.beeps[0], second.beeps[0]], BEEPS[0], atol=1.0 / RATE)
    assert rig.ask(GoLive()).ok
    rig.run(1.0)
    assert rig.ask(StopLive()).ok
    rested_at = rig.program.time.at(0)
    assert rested_at > 0
    rig.run(0.5)
    assert rig.program.time.at(0) == rested_at
    assert rig.ask(GoLive()).ok
    rig.run(0.2)
    assert rig.program.time.at(time.monotonic_ns()) > rested_at


def test_a_typed_address_joins_the_planned_outputs(begin: Begin, tmp_path: Path) -> None:
    planned, typed = tmp_path / "planned", tmp_path / "typed"
    rig = begin(f"hls:{planned}")
    rig.program.start((), streams=False)
    assert rig.ask(GoLive(f"hls:{typed}")).ok
    rig.run(0.5)
    assert [status.state for status in rig.program.statuses] == [OutputState.RUNNING] * 2
    assert rig.ask(GoLive(f"hls:{typed}")).text == "The show is on air already."
    rig.program.finish()
    assert (planned / "live.m3u8").exists() and (typed / "live.m3u8").exists()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def test_each_output_is_stopped_started_and_retried_by_itself(
    begin: Begin, tmp_path: Path, server: RtmpServer
) -> None:
    folder, address = tmp_path / "hls", f"rtmp://127.0.0.1:{server.port}/live/key"
    rig = begin(f"hls:{folder}", address, live=True)
    refused = rig.ask(StartOutput(str(folder)))
    assert not refused.ok and "waits for the show" in refused.text
    assert rig.ask(GoLive()).ok
    rig.run_until(lambda: all(status.packets > 10 for status in rig.program.statuses))
    names = {status.kind: status.name for status in rig.program.statuses}
    assert rig.ask(StopOutput(names["hls"])).ok
    rig.run_until(lambda: rig.states()["hls"] is OutputState.ENDED)
    assert rig.states()["rtmp"] is OutputState.RUNNING and rig.program.on_air
    assert rig.ask(StartOutput(str(folder))).ok
    rig.run_until(lambda: rig.states()["hls"] is OutputState.RUNNING)
    published = len(server.published)
    assert rig.ask(RetryOutput(names["rtmp"])).ok
    rig.run_until(lambda: len(server.published) > published)
    rig.run_until(lambda: rig.states()["rtmp"] is OutputState.RUNNING)
    for command in (StopOutput("rtmp-99"), RetryOutput("rtmp-99"), StartOutput(str(folder))):
        told = rig.ask(command)
        assert not told.ok and told.text
    assert rig.ask(StopLive()).ok


def test_another_output_joins_alone_on_air(begin: Begin, tmp_path: Path) -> None:
    planned, other = tmp_path / "planned", tmp_path / "other"
    rig = begin(f"hls:{planned}")
    assert rig.program.health().planned == [str(planned)]
    early = rig.ask(StartOutput(f"hls:{other}"))
    assert not early.ok and "waits for the show" in early.text
    assert rig.ask(GoLive()).ok
    rig.run_until(lambda: rig.program.statuses)
    assert rig.ask(StopOutput(rig.program.statuses[0].name)).ok
    rig.run_until(lambda: rig.states()["hls"] is OutputState.ENDED)
    assert rig.ask(StartOutput(f"hls:{other}")).ok
    rig.run_until(lambda: len(rig.program.statuses) == 2)
    states = {status.address: status.state for status in rig.program.statuses}
    assert states[str(planned)] is OutputState.ENDED, "what was stopped stays so"
    assert rig.program.health().planned == []
    again = rig.ask(StartOutput(f"hls:{other}"))
    assert not again.ok and "on air already" in again.text
    assert rig.ask(StopLive()).ok


def test_one_dead_output_keeps_the_show_off_the_air_unless_asked_otherwise(
    begin: Begin, tmp_path: Path
) -> None:
    hls = tmp_path / "hls"
    rig = begin(f"rtmp://127.0.0.1:{free_port()}/live/key", f"hls:{hls}")
    with pytest.raises(OutputError, match="--start-without-failed") as refused:
        rig.program.start((), streams=True)
    assert "no server takes connections" in str(refused.value)
    assert rig.media.statuses() == []
    rig.program.start((), streams=True, without_failed=True)
    rig.run(0.7)
    assert rig.states() == {"rtmp": OutputState.RETRYING, "hls": OutputState.RUNNING}
    assert rig.program.on_air
    assert "no server takes connections" in rig.alarm("output.rtmp-3")


def test_an_output_that_was_dead_at_the_start_joins_when_it_is_back(
    begin: Begin, server: RtmpServer, tmp_path: Path
) -> None:
    server.kill()
    rig = begin(server.url, f"hls:{tmp_path / 'hls'}")
    rig.program.start((), streams=False)
    refused = rig.ask(GoLive())
    assert not refused.ok
    assert "go live without the outputs that failed" in refused.text
    live = rig.ask(GoLive(without_failed=True))
    assert live.ok
    assert "Still trying rtmp://" in live.text
    server.start()
    rig.run_until(lambda: rig.states()["rtmp"] is OutputState.RUNNING)
    rig.run_until(lambda: not rig.is_raised("output."))
    rig.program.finish()
    assert rig.states() == {"rtmp": OutputState.ENDED, "hls": OutputState.ENDED}


def test_with_no_output_that_works_there_is_no_show(begin: Begin, tmp_path: Path) -> None:
    rig = begin(f"rtmp://127.0.0.1:{free_port()}/live/a", f"rtmp://127.0.0.1:{free_port()}/live/b")
    with pytest.raises(OutputError, match="2 outputs"):
        rig.program.start((), streams=True, without_failed=True)
    assert rig.media.statuses() == []


def test_a_recording_whose_folder_comes_later_is_tried_until_it_opens(
    begin: Begin, tmp_path: Path
) -> None:
    blocked = tmp_path / "disk"
    blocked.write_text("not mounted yet")
    path = blocked / "show.mp4"
    rig = begin(f"hls:{tmp_path / 'hls'}")
    rig.program.start((parse_output(str(path)),), streams=True, without_failed=True)
    rig.run(0.5)
    assert rig.states()["mp4"] is OutputState.RETRYING
    blocked.unlink()
    rig.run_until(lambda: rig.states()["mp4"] is OutputState.RUNNING)
    rig.run(1.0)
    rig.program.finish()
    assert rig.states()["mp4"] is OutputState.ENDED
    assert len(play(path).times) > RATE // 2
