"""Test network cameras: real streams from servers on this machine that die and return."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import numpy as np
import pytest

from renderer.capture.sources import stream
from renderer.capture.sources.open import open_source
from renderer.errors import CaptureError

SERVER = Path(__file__).with_name("rtsp_server.py")

Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Yield a function that starts a server and returns its port; servers are killed at the end."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str | Path) -> int:
        process = subprocess.Popen(
            [sys.executable, "-u", *map(str, words)], stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        assert process.stdout is not None
        line = process.stdout.readline()
        return int(next(word for word in line.replace("/", " ").split() if word.isdecimal()))

    yield begin
    for process in running:
        process.kill()
        process.communicate()


def test_an_rtsp_camera_is_watched_on_this_machines_clock(serve: Serve) -> None:
    port = serve(SERVER, 0)
    with closing(open_source(f"rtsp://stage:secret@127.0.0.1:{port}/v")) as source:
        assert source.name == f"rtsp://127.0.0.1:{port}/v"
        assert source.is_live
        assert source.length_ns is None
        assert source.size == (128, 96)
        frames = list(islice(source.frames(), 30))
        assert time.monotonic_ns() - frames[-1].t_seen_ns < 1_000_000_000
    times = np.array([frame.t_seen_ns for frame in frames])
    assert (np.diff(times) > 0).all()
    # The sender's clock, without network jitter: 25 per second.
    assert np.median(np.diff(times)) == pytest.approx(40e6, rel=0.05)
    assert frames[0].pixels.shape == (96, 128, 3)
    assert np.ptp(frames[0].pixels) > 100


def test_a_camera_that_hangs_up_is_reported_and_can_be_found_again(serve: Serve) -> None:
    port = serve(SERVER, 0, 2)
    spec = f"rtsp://stage:secret@127.0.0.1:{port}/v"
    with closing(open_source(spec)) as source, pytest.raises(CaptureError) as caught:
        for _ in source.frames():
            pass
    assert "secret" not in str(caught.value)
    assert str(port) in str(caught.value)
    serve(SERVER, port)
    with closing(open_source(spec)) as source:
        assert len(list(islice(source.frames(), 3))) == 3


def test_a_wrong_password_or_address_is_reported_without_the_password(serve: Serve) -> None:
    port = serve(SERVER, 0)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # Bound but not listening: connections are refused.
        nobody = taken.getsockname()[1]
        for spec in (
            f"rtsp://stage:wrong-secret@127.0.0.1:{port}/v",
            f"rtsp://stage:secret@127.0.0.1:{nobody}/v",
            f"http://stage:secret@127.0.0.1:{nobody}/live.m3u8?token=secret",
        ):
            with pytest.raises(CaptureError, match="cannot be watched") as caught:
                open_source(spec)
            assert "secret" not in str(caught.value)
            assert "127.0.0.1" in str(caught.value)


def make_playlist(folder: Path, *, ended: bool, pixel_aspect: int = 1) -> None:
    """Write a playlist of three segments of one second."""
    with av.open(
        str(folder / "live.m3u8"),
        "w",
        format="hls",
        options={"hls_time": "1", "hls_list_size": "0"},
    ) as out:
        coded = out.add_stream("libx264", rate=10, options={"g": "10", "bf": "0"})
        coded.width, coded.height, coded.pix_fmt = 64, 48, "yuv420p"
        coded.codec_context.sample_aspect_ratio = Fraction(pixel_aspect)
        for number in range(30):
            picture = np.full((48, 64, 3), 5 * number, np.uint8)
            out.mux(coded.encode(av.VideoFrame.from_ndarray(picture, "rgb24")))
        out.mux(coded.encode())
    if not ended:
        path = folder / "live.m3u8"
        path.write_text(path.read_text().replace("#EXT-X-ENDLIST\n", ""))


def test_hls_comes_at_its_own_pace_though_its_pieces_do_not(serve: Serve, tmp_path: Path) -> None:
    make_playlist(tmp_path, ended=True)
    port = serve("-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", tmp_path)
    with closing(open_source(f"http://127.0.0.1:{port}/live.m3u8")) as source:
        came = [(frame.t_seen_ns, time.monotonic_ns()) for frame in islice(source.frames(), 15)]
    seen, got = np.array(came).T
    assert np.diff(seen) == pytest.approx(100e6, rel=0.01)
    assert (got >= seen).all()
    assert np.median(got - seen) < 100e6


def test_a_stream_s_pixels_are_made_square(serve: Serve, tmp_path: Path) -> None:
    make_playlist(tmp_path, ended=True, pixel_aspect=2)
    port = serve("-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", tmp_path)
    with closing(open_source(f"http://127.0.0.1:{port}/live.m3u8")) as source:
        assert source.size == (128, 48)
        assert next(iter(source.frames())).pixels.shape == (48, 128, 3)


def test_hls_that_stops_is_lost_and_not_waited_for(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "_PIECE_SILENT_S", 2.0)
    make_playlist(tmp_path, ended=False)
    port = serve("-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", tmp_path)
    with (
        closing(open_source(f"http://127.0.0.1:{port}/live.m3u8")) as source,
        pytest.raises(CaptureError, match=r"is lost|has ended"),
    ):
        for _ in source.frames():
            pass


def test_a_server_that_never_answers_is_given_up_in_plain_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(stream, "_CONNECT_S", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}/stage.m3u8"
        with pytest.raises(CaptureError, match="nothing came for too long"):
            open_source(address)


def test_a_playlist_cannot_open_files_of_this_machine(serve: Serve, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    make_playlist(secret, ended=True)
    shared = tmp_path / "shared"
    shared.mkdir()
    lines = (secret / "live.m3u8").read_text().replace("live0.ts", f"file://{secret}/live0.ts")
    (shared / "live.m3u8").write_text(lines)
    port = serve("-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", shared)
    with pytest.raises(CaptureError):
        open_source(f"http://127.0.0.1:{port}/live.m3u8")
