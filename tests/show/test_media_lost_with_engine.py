"""Test a show whose media process dies while no engine is there to start its outputs again."""

from __future__ import annotations

import signal
import time
from pathlib import Path

import av
import msgspec
import numpy as np
from program_rig import Begin
from program_rig import begin as begin
from program_rig import song as song
from showing import HEIGHT, RATE, WIDTH, play

from renderer.output.output_words import parse_output
from renderer.protocol.outputs import OutputState
from renderer.show.host.resume import ResumeState


def test_the_next_engine_goes_on_with_its_outputs_clock_and_song(
    begin: Begin, song: Path, tmp_path: Path
) -> None:
    path, folder = tmp_path / "show.mp4", tmp_path / "web"
    first = begin(f"hls:{folder}", song=song)
    first.program.start((parse_output(str(path)),), streams=True)
    first.run_until(lambda: first.program.time.rolling)
    first.run_for(2.5)
    state = ResumeState(
        (WIDTH, HEIGHT), RATE, first.program.names_on_air, first.program.names_of_recordings,
        program=first.program.keep(),
    )  # fmt: skip
    origin_ns = first.program.time.origin_ns
    first.signal_media(signal.SIGKILL)
    first.program.abandon()
    second = begin(f"hls:{folder}", song=song)
    second.program.resume(state)
    assert second.program.time.origin_ns == origin_ns
    running = {"hls": OutputState.RUNNING, "mp4": OutputState.RUNNING}
    second.run_until(lambda: second.states() == running)
    second.run_for(1.5)
    ended_s = (time.monotonic_ns() - origin_ns) / 1e9
    second.program.finish()
    (parts,) = second.program.recording_parts()
    assert [Path(one.path).name for one in parts] == ["show.mp4", "show.part2.mp4"]
    assert parts[1].begins_s > 2.0, "show time goes on"
    with av.open(parts[1].path) as file:
        times = [frame.time for frame in file.decode(video=0)]
    assert np.diff(times).min() > 0
    assert abs(parts[1].begins_s + times[-1] - ended_s) < 1.0
    assert play(Path(parts[1].path)).sound_until > 1.0
    playlist = (folder / "live.m3u8").read_text()
    assert playlist.count("#EXT-X-DISCONTINUITY\n") == 1
    assert playlist.endswith("#EXT-X-ENDLIST\n")


def test_what_is_kept_in_memory_is_not_in_the_journal(begin: Begin, tmp_path: Path) -> None:
    rig = begin("rtmp://127.0.0.1:9/app/secretkey", song=None)
    rig.program.start((parse_output(str(tmp_path / "show.mp4")),), streams=False)
    rig.run(0.5)
    kept = rig.program.keep()
    assert [spec.kind for spec in kept.outputs.values()] == ["mp4"]
    assert kept.segments == ()
    state = ResumeState((WIDTH, HEIGHT), RATE, program=kept)
    written = msgspec.json.encode(msgspec.to_builtins(state.for_journal))
    assert msgspec.json.decode(written, type=ResumeState) == state.for_journal
    assert b"show.mp4" not in written
    assert state.without_counts == state.for_journal
    rig.program.finish()
