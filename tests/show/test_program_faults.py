"""Test the program with a media process, a song, a disk and a server that fail."""

from __future__ import annotations

import re
import signal
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from media_fixtures import server as server
from media_fixtures import small_disk as small_disk
from media_fixtures import song as song
from program_rig import LATENCY, Begin
from program_rig import begin as begin
from showing import BEEPS, RATE, RtmpServer, play

from renderer.errors import OutputError
from renderer.output import media_link
from renderer.output.output_words import parse_output
from renderer.protocol.outputs import (
    GoLive,
    OutputState,
)
from renderer.transport.rpc import NoAnswer


def test_a_media_process_that_is_silent_for_eight_seconds_is_an_alarm_and_not_the_end(
    begin: Begin, song: Path, tmp_path: Path
) -> None:
    path, hls = tmp_path / "show.mp4", tmp_path / "hls"
    rig = begin(f"hls:{hls}", song=song)
    rig.program.start((parse_output(str(path)),), streams=True)
    rig.run(1.0)
    rig.signal_media(signal.SIGSTOP)
    stopped, ticked = time.monotonic(), rig.ticks
    rig.run(2.5)
    assert rig.is_raised("media.silent")
    # A command waits no longer than its timeout, and is answered.
    refused = rig.ask(GoLive(f"hls:{tmp_path / 'late'}"))
    assert not refused.ok
    assert "did not answer" in refused.text
    rig.run_until(lambda: time.monotonic() - stopped > 8.0)
    assert rig.ticks - ticked >= 8 * RATE - 5  # The tick never waited.
    refused_frames = rig.program.refused
    assert refused_frames > 7 * RATE
    assert not rig.program.is_pointless
    rig.signal_media(signal.SIGCONT)
    rig.run_until(lambda: not rig.is_raised("media.silent"))
    rig.run_until(lambda: all(one.seconds > 10.5 for one in rig.program.statuses))
    assert "silent for 8 s" in rig.alarm("media.silent")
    lost = int(re.search(r"(\d+) frames are lost", rig.alarm("media.silent"))[1])
    assert lost == pytest.approx(refused_frames, abs=10)
    # Requests that timed out meanwhile did not remain.
    assert rig.states() == {"hls": OutputState.RUNNING, "mp4": OutputState.RUNNING}
    rig.program.finish()
    assert set(rig.states().values()) == {OutputState.ENDED}
    seen = play(path)
    assert seen.sound_until > 10.0
    assert np.diff(seen.times).max() == pytest.approx(8.0, abs=1.0)
    np.testing.assert_allclose(seen.beeps[: len(BEEPS)], BEEPS, atol=1.0 / RATE)


def test_a_late_answer_is_never_taken_for_that_to_the_finish(
    begin: Begin, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rig = begin()
    rig.program.start((parse_output(str(tmp_path / "show.mp4")),), streams=True)
    rig.run(0.5)
    monkeypatch.setattr(media_link, "ANSWER_S", 0.3)
    rig.signal_media(signal.SIGSTOP)
    for _ in range(2):
        with pytest.raises(NoAnswer, match="did not answer"):
            rig.media.statuses()
    rig.signal_media(signal.SIGCONT)
    monkeypatch.setattr(media_link, "ANSWER_S", 5.0)
    assert rig.media.finish().outputs[0].state is OutputState.ENDED


def test_a_killed_media_process_ends_the_show_with_a_true_account(
    begin: Begin, server: RtmpServer, tmp_path: Path
) -> None:
    path, hls = tmp_path / "show.mp4", tmp_path / "hls"
    rig = begin(server.url, f"hls:{hls}")
    rig.program.start((parse_output(str(path)),), streams=True)
    rig.run(5.0)
    rig.signal_media(signal.SIGKILL)
    rig.run_until(lambda: rig.program.is_pointless, 5.0)
    rig.run(0.2)  # Frames in transit do no harm.
    with pytest.raises(OutputError, match="has died"):
        rig.program.finish()
    outputs = {status.kind: status for status in rig.program.statuses}
    assert {status.state for status in outputs.values()} == {OutputState.INTERRUPTED}
    assert "can be played" in outputs["mp4"].detail
    assert 0 < outputs["mp4"].bytes <= path.stat().st_size
    length = play(path).times[-1] + 1 / RATE
    assert outputs["mp4"].seconds == pytest.approx(length, abs=0.1)
    playlist = (hls / "live.m3u8").read_text()
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    assert outputs["hls"].seconds == pytest.approx(play(hls / "live.m3u8").times[-1], abs=0.1)
    assert outputs["rtmp"].seconds > 3.0


def test_a_media_process_that_dies_in_preview_is_noticed(begin: Begin) -> None:
    rig = begin()
    rig.program.start((), streams=True)
    rig.run(0.2)
    rig.signal_media(signal.SIGKILL)
    rig.run_until(lambda: rig.program.is_pointless, 5.0)


def test_a_song_that_ends_is_reported(begin: Begin, song: Path, tmp_path: Path) -> None:
    rig = begin(live=False, song=song)
    rig.program.start((parse_output(str(tmp_path / "show.mp4")),), streams=True)
    rig.run(4.5)
    rig.program.poll(0)
    assert not rig.is_raised("media.song")
    rig.run(2.0)
    rig.program.finish()
    assert rig.alarm("media.song.ended") == (
        "The song beeps.wav ended after 0:04; silence follows it"
    )


def test_a_song_that_breaks_off_is_reported_and_the_show_continues(
    begin: Begin, song: Path, tmp_path: Path
) -> None:
    path, ogg = tmp_path / "show.mp4", tmp_path / "song.ogg"
    encode_song(song, ogg)
    ogg.write_bytes(ogg.read_bytes()[:9_000] + b"\xff" * 40_000)
    rig = begin(live=False, song=ogg)
    rig.program.start((parse_output(str(path)),), streams=True)
    rig.run(6.0)
    rig.program.finish()
    assert rig.is_raised("media.song")
    assert rig.states() == {"mp4": OutputState.ENDED}
    assert len(play(path).times) == 6 * RATE - LATENCY


def encode_song(song: Path, to: Path) -> None:
    import av

    with av.open(str(song)) as source, av.open(str(to), "w") as target:
        stream = target.add_stream("libopus", rate=48_000)
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))


def test_a_full_disk_is_reported_and_the_other_output_continues(
    begin: Begin, small_disk: Path, tmp_path: Path
) -> None:
    rig = begin(f"hls:{small_disk / 'hls'}")
    rig.noisy = True
    rig.program.start((parse_output(str(tmp_path / "show.mp4")),), streams=True)
    rig.run_until(lambda: rig.states().get("hls") is OutputState.FAILED)
    assert "no space left" in rig.alarm("output.hls-1")
    rig.run(0.5)
    assert not rig.program.on_air
    assert rig.program.recording
    rig.program.finish()
    assert rig.states() == {"hls": OutputState.FAILED, "mp4": OutputState.ENDED}


@pytest.mark.parametrize("live", [True, False])
def test_when_all_outputs_have_failed(begin: Begin, small_disk: Path, live: bool) -> None:
    rig = begin(live=live)
    rig.noisy = True
    rig.program.start((parse_output(str(small_disk / "show.mp4")),), streams=True)
    rig.run_until(lambda: rig.states().get("mp4") is OutputState.FAILED)
    rig.tick()
    assert not rig.program.recording
    # A live show stays in preview, where the crew can start another output; an offline one would be
    # pointless.
    assert rig.program.is_pointless is not live
    assert not rig.program.time.rolling or not live
    rig.program.finish()
    assert rig.states() == {"mp4": OutputState.FAILED}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="TCP figures are Linux's")
def test_a_server_that_takes_nothing_is_reported_at_a_low_bit_rate(
    begin: Begin, server: RtmpServer
) -> None:
    rig = begin(server.url)
    rig.noisy = True  # One megabit per second.
    rig.program.start((), streams=True)
    rig.run(1.0)
    server.freeze()
    frozen = time.monotonic()
    rig.run_until(lambda: rig.states()["rtmp"] is OutputState.STALLED, 25.0)
    # Within 3 s on a quiet machine; sooner than 1.5 s it might be a hiccup.
    assert 1.5 < time.monotonic() - frozen < 20.0
    assert "has stalled: the server has taken nothing for" in rig.alarm("output.rtmp-1")
    server.thaw()
    rig.run_until(lambda: rig.states()["rtmp"] is OutputState.RUNNING)
    rig.run_until(lambda: not rig.is_raised("output.rtmp"))
    rig.program.finish()
