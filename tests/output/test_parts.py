"""Test that another media process goes on with the outputs of one that died."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from showing import HEIGHT, RATE, WIDTH, play, wait_until

from renderer.errors import EncoderError, OutputError
from renderer.output.encode import codecs
from renderer.output.encode import encoder as encoder_module
from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.picture_encoder import PictureEncoder
from renderer.output.join import join_parts
from renderer.output.media_client import MediaClient
from renderer.output.media_host import MediaHost
from renderer.output.media_link import MediaEnded
from renderer.output.sinks.hls import SegmentFolder
from renderer.output.spec import OutputSpec, next_part
from renderer.processes.child import Child
from renderer.protocol.outputs import RecordingPart


def begin(song: Path | None = None) -> tuple[MediaHost, MediaClient]:
    host = MediaHost(ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), True), song, None, "media")
    host.start()
    client = MediaClient(live=True)
    client.attach(host.create_link("program"))
    return host, client


def send(media: MediaClient, first: int, count: int) -> None:
    """Send frames as fast as they are taken, since nothing here depends on the clock."""
    for number in range(first, first + count):
        while (planes := media.frame_buffer()) is None:
            time.sleep(0.005)
        planes[:] = 128
        media.submit(number, number * 1_000_000_000 // RATE, time.monotonic_ns(), 1)


def test_recording_and_folder_go_on_and_the_parts_are_joined(song: Path, tmp_path: Path) -> None:
    path, hls = tmp_path / "show.mp4", tmp_path / "hls"
    host, media = begin(song)
    names = media.add_all([OutputSpec("mp4", str(path)), OutputSpec("hls", str(hls))])
    send(media, 0, 4 * RATE)
    assert wait_until(lambda: (hls / "segment_00000.m4s").exists())
    media.status()
    assert host.pid is not None
    os.kill(host.pid, signal.SIGKILL)
    assert host.wait(20.0)
    assert host.has_failed

    # Its successor: half a second of the program is lost.
    other, unused = begin(song)
    unused.close()
    lost = media.replace(other.create_link("program"))
    assert sorted(lost) == sorted(names)
    part = next_part(path)
    assert part.name == "show.part2.mp4"
    media.add_again(names[0], OutputSpec("mp4", str(part)), 0.0)
    media.add_again(names[1], lost[names[1]], 0.0)
    assert wait_until(lambda: all(one.state.value == "running" for one in media.statuses()))
    send(media, 4 * RATE + RATE // 2, 2 * RATE)
    outputs = {one.kind: one for one in media.finish().outputs}
    assert not other.has_failed
    for one in (host, other):
        one.stop(20.0)

    assert outputs["mp4"].begins_s == pytest.approx(4.5)
    join_parts([RecordingPart(str(path), 0.0), RecordingPart(str(part), outputs["mp4"].begins_s)])
    assert [one.name for one in tmp_path.glob("*.mp4")] == ["show.mp4"]
    seen = play(path)
    assert seen.times[-1] == pytest.approx(6.5 - 1 / RATE, abs=0.01)
    assert np.diff(seen.times).min() > 0
    # The song goes on where it would be; the beep at 3.5 s may be in the lost fragment.
    assert seen.beeps[:2] == pytest.approx([1.0, 2.0], abs=0.05)
    # A fragment of half a second is lost with the process.
    assert np.diff(seen.times).max() < 1.2

    playlist = (hls / "live.m3u8").read_text()
    assert playlist.count("#EXT-X-DISCONTINUITY") == 1
    assert playlist.count("#EXT-X-MAP") == 2
    assert playlist.endswith("#EXT-X-ENDLIST\n")
    named = [line for line in playlist.splitlines() if line.endswith(".m4s")]
    assert named == [f"segment_{number:05d}.m4s" for number in range(len(named))]
    assert all((hls / name).stat().st_size for name in named)
    assert outputs["hls"].seconds == pytest.approx(6.5, abs=0.1)
    late = (hls / "init_2.mp4").read_bytes() + (hls / named[-1]).read_bytes()
    whole = tmp_path / "late.mp4"
    whole.write_bytes(late)
    with av.open(str(whole)) as file:
        assert next(file.decode(video=0)).time > 4.0, "its times go on"


def test_parts_of_different_encoders_stay_parts(tmp_path: Path) -> None:
    parts = []
    for number, size in enumerate((128, 160)):
        path = tmp_path / f"{number}.mp4"
        with av.open(str(path), "w") as file:
            stream = file.add_stream("libx264", rate=RATE)
            stream.width = stream.height = size
            stream.pix_fmt = "yuv420p"
            sound = file.add_stream("aac", rate=48_000, layout="stereo")
            file.mux(stream.encode(av.VideoFrame(size, size, "yuv420p")))
            file.mux(stream.encode(None))
            silence = av.AudioFrame.from_ndarray(np.zeros((2, 1024), "f4"), "fltp", "stereo")
            silence.sample_rate = 48_000
            file.mux(sound.encode(silence))
            file.mux(sound.encode(None))
        parts.append(RecordingPart(str(path), float(number)))
    before = [Path(part.path).read_bytes()[-64:] for part in parts]
    with pytest.raises(OutputError, match="stays in parts"):
        join_parts(parts)
    assert [Path(part.path).read_bytes()[-64:] for part in parts] == before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["0.mp4", "1.mp4"]
    with pytest.raises(OutputError, match="stays in parts"):
        join_parts([*parts, RecordingPart(str(tmp_path / "nowhere.mp4"), 2.0)])


def test_a_folder_without_a_playlist_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "live.m3u8").write_bytes(b"\xff\xfe")
    (tmp_path / "segment_00007.m4s").write_bytes(b"old")
    SegmentFolder(tmp_path, 0)
    assert list(tmp_path.iterdir()) == []


def serve_broken_encoder(child: Child, job: object) -> None:
    """Serve with an encoder that refuses every frame, as a GPU that has been lost."""
    from renderer.output import worker

    def refuse(*_: object) -> list[object]:
        raise OSError(5, "the device is lost")

    PictureEncoder.encode = refuse  # type: ignore[method-assign,assignment]
    worker.serve(child, job)  # type: ignore[arg-type]


def test_an_encoder_that_keeps_failing_ends_the_process_with_its_name(
    monkeypatch: pytest.MonkeyPatch, start: Callable[..., object]
) -> None:
    del start
    monkeypatch.setattr("renderer.output.media_host._serve", serve_broken_encoder)
    host, media = begin()
    assert host.encoder == "libx264"
    with suppress(MediaEnded):
        send(media, 0, 1000)
    assert host.wait(20.0)
    assert host.has_failed
    assert isinstance(host.error, EncoderError)
    assert "the device is lost" in str(host.error)
    media.close()
    host.stop(1.0)


def test_an_encoder_that_has_failed_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def is_working(codec: codecs.Codec, _: ProgramFormat) -> bool:
        tried.append(codec.name)
        return False

    monkeypatch.setattr(codecs, "is_working", is_working)
    program = ProgramFormat(WIDTH, HEIGHT, Fraction(RATE), True)
    used = encoder_module.ProgramEncoder(program, None, {"h264_nvenc"})
    used.close()
    assert used.name == "libx264"
    assert "h264_nvenc" not in tried
    assert "h264_qsv" in tried
