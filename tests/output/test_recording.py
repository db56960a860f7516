"""Test recordings by playing them."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from showing import BEEPS, HEIGHT, RATE, WIDTH, play, send, send_live, time_ns, wait_until

from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_recording
from renderer.output.spec import OutputSpec

Start = Callable[..., MediaProcess]
ROOT = Path(__file__).resolve().parents[2]


def recording(path: Path) -> OutputSpec:
    return OutputSpec("mp4", str(path))


def record(media: MediaProcess, path: Path, frames: int) -> None:
    media.add(recording(path))
    for number in range(frames):
        assert send(media, number)
    report = media.finish()
    assert (report.frames, report.dropped, report.late) == (frames, 0, 0)
    assert [output.state for output in report.outputs] == ["ended"]


def test_a_rendered_show_has_every_frame_and_sound_in_sync(
    start: Start, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    record(start(False, song), path, 4 * RATE)
    seen = play(path)
    np.testing.assert_allclose(seen.times, np.arange(4 * RATE) / RATE, atol=1e-4)
    np.testing.assert_allclose(seen.flashes, BEEPS, atol=1e-3)
    # AAC spreads an onset over a few milliseconds; the rounding to a sample is negligible.
    np.testing.assert_allclose(seen.beeps, BEEPS, atol=0.02)
    assert seen.sound_from == 0.0
    assert seen.sound_until == pytest.approx(4.0, abs=1024 / 48_000 + 0.001)


def test_it_is_an_ordinary_mp4_in_bt709_and_limited_range(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    record(start(False), path, 70)
    with av.open(str(path)) as file:
        video, audio = file.streams.video[0], file.streams.audio[0]
        context = video.codec_context
        assert (context.name, context.width, context.height) == ("h264", WIDTH, HEIGHT)
        assert (context.pix_fmt, video.frames, video.average_rate) == ("yuv420p", 70, RATE)
        tags = context.color_range, context.colorspace, context.color_primaries, context.color_trc
        assert [int(tag) for tag in tags] == [1, 1, 1, 1]
        assert (audio.codec_context.name, audio.rate, audio.channels) == ("aac", 48_000, 2)
        keys = [float(p.pts * p.time_base) for p in file.demux(video) if p.is_keyframe and p.size]
    assert keys == [0.0, 2.0]


@pytest.mark.parametrize("live", [False, True], ids=["offline", "live"])
def test_pictures_are_cut_into_slices_only_where_latency_counts(
    live: bool, start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(live)
    if media.encoder != "libx264":
        pytest.skip("x264 alone writes its settings into the stream")
    media.add(recording(path))
    for number in range(5):
        assert wait_until(lambda number=number: send(media, number))
    media.finish()
    with av.open(str(path)) as file:
        told = b"".join(bytes(packet) for packet in file.demux(video=0))
    assert (b" sliced_threads=1 " in told) == live
    assert (b" rc_lookahead=0 " in told) == live


def test_without_a_song_there_is_silence(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    record(start(False), path, 30)
    seen = play(path)
    assert seen.loudest < 1e-4
    assert seen.sound_until == pytest.approx(1.0, abs=0.03)


def test_a_show_longer_than_its_song_ends_in_silence(
    start: Start, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    record(start(False, song), path, 5 * RATE)
    assert play(path).sound_until == pytest.approx(5.0, abs=0.03)


def test_a_real_song_is_cut_with_a_fade(start: Start, shared_data: Path, tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    record(start(False, shared_data / "audio" / "vibe_ace.ogg"), path, 60)
    with av.open(str(path)) as file:
        sound = np.concatenate([f.to_ndarray()[0] for f in file.decode(audio=0)])[:96_000]
    assert np.abs(sound[-24_000:-2_400]).max() > 0.05
    assert np.abs(sound[-48:]).max() < 0.2 * np.abs(sound[-24_000:]).max()


def test_live_frames_that_are_missing_leave_sound_in_sync(
    start: Start, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(True, song)
    media.add(recording(path))
    kept = [n for n in range(4 * RATE) if n % 7 != 3 and not 70 <= n < 80]
    for number in kept:
        assert wait_until(lambda number=number: send(media, number))
    # A frame that is not later than the previous one is dropped.
    assert wait_until(lambda: send(media, kept[-1]))
    report = media.finish()
    assert (report.frames, report.late) == (len(kept) + 1, 1)
    seen = play(path)
    np.testing.assert_allclose(seen.times, [time_ns(n) / 1e9 for n in kept], atol=1e-3)
    np.testing.assert_allclose(seen.flashes, BEEPS, atol=1.01 / RATE)
    np.testing.assert_allclose(seen.beeps, BEEPS, atol=0.02)


def test_a_recording_begun_and_ended_on_air_starts_at_zero_in_sync(
    start: Start, song: Path, tmp_path: Path
) -> None:
    media = start(True, song)
    send_live(media, 0, 20)
    path = tmp_path / "part.mp4"
    name = media.add(recording(path))
    send_live(media, 20, 60)
    assert media.remove(name).state == "ended"
    seen = play(path)
    assert seen.times[0] == pytest.approx(0.0, abs=0.03)
    assert len(seen.times) == pytest.approx(60, abs=2)
    shift = 1.0 - seen.flashes[0]
    assert 0.6 < shift < 0.8
    np.testing.assert_allclose(seen.beeps, np.array(BEEPS[:2]) - shift, atol=0.02)
    assert media.finish().frames == 80


def test_latency_is_reported_while_live(start: Start, tmp_path: Path) -> None:
    media = start(True)
    media.add(recording(tmp_path / "show.mp4"))
    send_live(media, 0, 30)
    status = media.statuses()[0]
    assert 0.0 < status.latency_p50_ms <= status.latency_p95_ms < 1000.0
    assert status.packets > 30
    media.finish()


def test_a_full_disk_fails_one_output_and_no_other(
    start: Start, small_disk: Path, tmp_path: Path
) -> None:
    small, other = small_disk / "small.mp4", tmp_path / "other.mp4"
    media = start(False)
    media.add(recording(small))
    media.add(recording(other))
    for number in range(180):
        send(media, number, noise=12)
    full, whole = media.finish().outputs
    assert full.state == "failed"
    assert full.detail == "no space left on device; what was recorded until then can be played"
    assert whole.state == "ended"
    assert len(play(other).times) == 180
    seen = play(small)
    assert 15 <= len(seen.times) < 180
    np.testing.assert_allclose(np.diff(seen.times), 1 / RATE, atol=1e-3)


def test_a_read_only_disk_is_told_and_the_other_output_goes_on(
    start: Start, small_disk: Path, tmp_path: Path
) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    media = start(False)
    with pytest.raises(OutputError, match="read-only file system"):
        media.add(recording(small_disk / "show.mp4"))
    record(media, tmp_path / "show.mp4", 10)
    assert len(play(tmp_path / "show.mp4").times) == 10


def test_a_limit_on_file_size_before_the_first_fragment_leaves_no_claim(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(False)
    media.add(recording(path))
    assert media.pid is not None
    resource.prlimit(media.pid, resource.RLIMIT_FSIZE, (2000, 2000))
    for number in range(60):
        send(media, number, noise=40)
    output = media.finish().outputs[0]
    assert (output.state, output.detail) == ("failed", "file too large; nothing was recorded")


def test_a_killed_media_process_leaves_a_playable_file_and_is_noticed(
    start: Start, song: Path, tmp_path: Path
) -> None:
    path = tmp_path / "show.mp4"
    media = start(True, song)
    media.add(recording(path))
    send_live(media, 0, 75)
    assert media.pid is not None
    os.kill(media.pid, signal.SIGKILL)
    with pytest.raises(OutputError, match="has died"):
        send_live(media, 75, 30)
    with pytest.raises(OutputError, match="has died"):
        media.finish()
    assert not media.alive
    seen = play(path)
    assert len(seen.times) >= 75 - RATE
    np.testing.assert_allclose(np.diff(seen.times), 1 / RATE, atol=1e-3)
    np.testing.assert_allclose(seen.beeps[0], seen.flashes[0], atol=0.02)


def test_a_killed_engine_leaves_a_finished_file_and_no_process(tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    script = tmp_path / "engine.py"
    script.write_text(
        textwrap.dedent(
            f"""
            import os, signal, sys
            from renderer.output.media import MediaProcess
            from renderer.output.output_words import parse_output
            if __name__ == "__main__":
                assert "av" not in sys.modules
                media = MediaProcess(320, 180, 30, False)
                media.start()
                media.add(parse_output({str(path)!r}))
                for number in range(50):
                    media.frame_buffer(10.0)[:] = number
                    media.submit(number, number * 10**9 // 30, 0)
                print(media.pid, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)
            """
        )
    )
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=60,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert wait_until(lambda: not Path(f"/proc/{done.stdout.strip()}").exists())
    assert done.stderr == ""
    with av.open(str(path)) as file:
        # Only a file that was finished normally contains its number of frames.
        assert file.streams.video[0].frames == 50
    assert len(play(path).times) == 50


def test_an_engine_that_just_exits_is_not_held_up(tmp_path: Path) -> None:
    script = tmp_path / "engine.py"
    script.write_text(
        textwrap.dedent(
            """
            from renderer.output.media import MediaProcess
            if __name__ == "__main__":
                media = MediaProcess(320, 180, 30, True)
                media.start()
            """
        )
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, timeout=30,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("content", [None, b"", b"no music at all" * 100])
def test_a_song_that_is_none_is_an_error_before_the_show(
    content: bytes | None, tmp_path: Path
) -> None:
    song = tmp_path / "song.ogg"
    if content is not None:
        song.write_bytes(content)
    media = MediaProcess(WIDTH, HEIGHT, RATE, False, song)
    with pytest.raises(OutputError, match=r"song\.ogg"):
        media.start()
    assert not media.alive


def test_a_song_that_is_damaged_is_played_and_reported(
    start: Start, shared_data: Path, tmp_path: Path
) -> None:
    song, path = tmp_path / "song.mp4", tmp_path / "show.mp4"
    record(start(False, shared_data / "audio" / "vibe_ace.ogg"), song, 4 * RATE)
    content = bytearray(song.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 5_000] = b"\xff" * 5_000
    song.write_bytes(content)
    media = start(False, song)
    media.add(recording(path))
    for number in range(4 * RATE):
        send(media, number)
    note = media.finish().notes["song.fault"]
    assert note == "The song song.mp4 is broken in places"
    seen = play(path)
    assert seen.sound_until == pytest.approx(4.0, abs=0.03)
    assert seen.loudest > 0.05


@pytest.mark.parametrize("size", [(321, 180), (320, 181), (0, 0), (16, 16)])
def test_a_size_that_no_encoder_takes_is_an_error(size: tuple[int, int]) -> None:
    with pytest.raises(OutputError, match="even sides"):
        MediaProcess(*size, RATE, False).start()


def test_outputs_that_cannot_be_opened_are_errors_and_the_show_continues(
    start: Start, tmp_path: Path
) -> None:
    media = start(False)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match="file exists"):
        media.add(recording(tmp_path / "file" / "show.mp4"))
    with pytest.raises(OutputError, match="is a directory"):
        media.add(recording(tmp_path))
    with pytest.raises(OutputError, match="is not there"):
        media.remove("mp4-99")
    assert media.statuses() == []
    record(media, tmp_path / "show.mp4", 10)
    assert math.isclose(play(tmp_path / "show.mp4").times[-1], 9 / RATE, abs_tol=1e-3)


@pytest.mark.parametrize("name", ["take 12:30.mp4", "rtmp:take.mp4", "hls:take.mp4"])
def test_a_recording_makes_its_folder_whatever_its_name_looks_like(
    name: str, start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "new" / "night: 2" / name
    media = start(False)
    media.add(parse_recording(str(path)))
    for number in range(10):
        assert send(media, number)
    assert [output.state for output in media.finish().outputs] == ["ended"]
    with path.open("rb") as file:
        assert len(play(file).times) == 10


def test_two_shows_cannot_write_to_one_target(start: Start, tmp_path: Path) -> None:
    path, folder = tmp_path / "show.mp4", tmp_path / "watch"
    first, second = start(False), start(False)
    first.add(recording(path))
    first.add(OutputSpec("hls", str(folder)))
    (tmp_path / "link").symlink_to(tmp_path)
    for media, target in (
        (second, recording(path)),
        (second, recording(tmp_path / "link" / "show.mp4")),
        (second, OutputSpec("hls", f"{folder}/../watch/")),
        (first, recording(path)),
    ):
        with pytest.raises(OutputError, match=r"another output writes to it \(process \d+\)"):
            media.add(target)
    for number in range(2 * RATE):
        assert send(first, number)
    assert {output.state for output in first.finish().outputs} == {"ended"}
    assert len(play(path).times) == len(play(folder / "live.m3u8").times) == 2 * RATE
    # When the first has ended, the second may write.
    record(second, path, 10)
    assert len(play(path).times) == 10


def test_a_killed_show_leaves_its_targets_free(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "show.mp4"
    killed = start(False)
    killed.add(recording(path))
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    assert killed.wait(20.0)
    record(start(False), path, 10)


def test_a_media_process_that_was_never_started_is_reported() -> None:
    media = MediaProcess(WIDTH, HEIGHT, RATE, False)
    assert not media.alive
    for ask in (media.frame_buffer, media.statuses, media.finish):
        with pytest.raises(OutputError, match="is not running"):
            ask()
