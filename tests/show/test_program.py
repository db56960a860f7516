"""Test the program with a real media process: the start of its song, and its faults."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from media_fixtures import server as server
from media_fixtures import small_disk as small_disk
from media_fixtures import song as song
from showing import BEEPS, HEIGHT, RATE, WIDTH, RtmpServer, play

from renderer.errors import OutputError
from renderer.graphics.records import ProgramFrame
from renderer.output import media_link
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.protocol.alarms import Alarms
from renderer.protocol.outputs import (
    GoLive,
    OutputCommand,
    OutputState,
    RetryOutput,
    StartOutput,
    StartRecording,
    StopLive,
    StopOutput,
    StopRecording,
)
from renderer.protocol.schema import Reply
from renderer.show.program.program import Program
from renderer.transport.rpc import NoAnswer

LATENCY = 2
"""Ticks between drawing a frame and collecting it, as in the renderer."""
NOISE = np.random.default_rng(1).integers(0, 120, (HEIGHT * 3 // 2, WIDTH), dtype=np.uint8)


@dataclass
class Rig:
    """A show without cameras and graphics: it ticks, and draws flashes when the song beeps."""

    media: MediaProcess
    alarms: Alarms
    program: Program
    live: bool
    noisy: bool = False
    ticks: int = 0
    late_by_ns: int = 0
    replies: list[Reply] = field(default_factory=list)
    _under_way: list[ProgramFrame] = field(default_factory=list)
    _began_ns: int = 0

    def tick(self) -> None:
        due_ns = self.ticks * 1_000_000_000 // RATE
        t_ns = due_ns
        self._began_ns = self._began_ns or time.monotonic_ns()
        if self.live:
            time.sleep(max(0.0, (self._began_ns + due_ns - time.monotonic_ns()) / 1e9))
            t_ns = time.monotonic_ns()
        t_show_ns = self.program.show_time(t_ns)
        planes = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
        # Three frames: one dropped on a busy machine hides no flash.
        flashes = any(beep <= t_show_ns / 1e9 < beep + 3.0 / RATE for beep in (0.0, *BEEPS))
        planes[:HEIGHT] = 200 if flashes else 40
        if self.noisy:
            planes[:HEIGHT] = np.roll(NOISE, self.ticks * 7919)[:HEIGHT]
        self._under_way.append(ProgramFrame(planes, self.ticks, t_show_ns, time.monotonic_ns()))
        if len(self._under_way) > LATENCY:
            self.program.send(self._under_way.pop(0), time.monotonic_ns() if self.live else None)
        self.program.poll(t_ns)
        self.ticks += 1

    def run(self, seconds: float) -> None:
        for _ in range(round(seconds * RATE)):
            self.tick()

    def run_until(self, true: Callable[[], object], seconds: float = 40.0) -> None:
        for _ in range(round(seconds * RATE)):
            if true():
                return
            self.tick()
        raise AssertionError(f"it did not come true within {seconds} s of ticks")

    def ask(self, command: OutputCommand) -> Reply:
        """Send a command and tick until it is answered."""
        count = len(self.replies)
        self.program.handle(command, self.replies.append)
        self.run_until(lambda: len(self.replies) > count)
        return self.replies[-1]

    def states(self) -> dict[str, OutputState]:
        return {status.kind: status.state for status in self.program.statuses}

    def alarm(self, id: str) -> str:
        """Return the text of an alarm that was raised, active or cleared; empty if it never was."""
        return next((alarm.text for alarm in self.alarms.history if alarm.id == id), "")

    def is_raised(self, prefix: str) -> bool:
        return any(alarm.id.startswith(prefix) for alarm in self.alarms.active)

    def signal_media(self, number: int) -> None:
        assert self.media.pid is not None
        os.kill(self.media.pid, number)
        stat = Path(f"/proc/{self.media.pid}/stat")
        while number == signal.SIGSTOP and stat.read_text().rsplit(") ", 1)[1][0] != "T":
            time.sleep(0.001)


Begin = Callable[..., Rig]


@pytest.fixture
def begin() -> Iterator[Begin]:
    rigs: list[Rig] = []

    def start(*streams: str, live: bool = True, song: Path | None = None) -> Rig:
        media = MediaProcess(WIDTH, HEIGHT, RATE, live, song)
        media.start()
        alarms = Alarms()
        specs = tuple(map(parse_output, streams))
        rigs.append(Rig(media, alarms, Program(media, specs, alarms, live=live), live))
        return rigs[-1]

    yield start
    for rig in rigs:
        if rig.media.alive:
            rig.signal_media(signal.SIGCONT)
        rig.program.abandon()


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
        rig.run(1.4)
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
