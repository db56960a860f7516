"""Test that a show that is not allowed reaches no disk, no socket and no other process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from renderer.cli import main
from renderer.paths import CLIP, IDOL, IDOL_2
from renderer.rights.licence import SUFFIX


class Listener:
    """A server on loopback that counts who connects, and reads nothing."""

    def __init__(self, kind: socket.SocketKind) -> None:
        self._socket = socket.socket(socket.AF_INET, kind)
        self._socket.bind(("127.0.0.1", 0))
        self._is_stream = kind is socket.SOCK_STREAM
        if self._is_stream:
            self._socket.listen()
        self._socket.settimeout(0.1)
        self.port: int = self._socket.getsockname()[1]
        self.contacts = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                if self._is_stream:
                    self._socket.accept()[0].close()
                else:
                    self._socket.recv(65536)
            except TimeoutError:
                continue
            self.contacts += 1

    def close(self) -> None:
        self._closing.set()
        self._thread.join()
        self._socket.close()


@pytest.fixture
def rtmp() -> Iterator[Listener]:
    listener = Listener(socket.SOCK_STREAM)
    yield listener
    listener.close()


@pytest.fixture
def srt() -> Iterator[Listener]:
    listener = Listener(socket.SOCK_DGRAM)
    yield listener
    listener.close()


def test_the_listeners_notice_a_contact(rtmp: Listener, srt: Listener) -> None:
    socket.create_connection(("127.0.0.1", rtmp.port)).close()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", srt.port))
    for _ in range(600):
        if rtmp.contacts and srt.contacts:
            return
        threading.Event().wait(0.1)
    raise AssertionError("a contact was not noticed")


@pytest.mark.parametrize("live", [True, False])
def test_a_denied_show_writes_no_frame_anywhere(
    live: bool,
    rtmp: Listener,
    srt: Listener,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "RUNTIME"):
        folder = tmp_path / name
        folder.mkdir(mode=0o700)
        monkeypatch.setenv(f"ENCORE_{name}", str(folder))
    # The licence of another idol beside this one: everything else would be allowed.
    avatar = tmp_path / "idol.vrm"
    avatar.write_bytes(IDOL.with_name("idol_lod.vrm").read_bytes())
    avatar.with_suffix(SUFFIX).write_bytes(IDOL_2.with_suffix(SUFFIX).read_bytes())
    out = tmp_path / "out"
    out.mkdir()
    words = ["show", "--input", str(CLIP), "--avatar", str(avatar), "--size", "256x144"]
    words += ["--record", str(out / "show.mp4")]
    if live:
        words += ["--live", "--output", f"hls:{out / 'hls'}"]
        words += ["--output", f"rtmp://127.0.0.1:{rtmp.port}/live/key"]
        words += ["--output", f"srt://127.0.0.1:{srt.port}"]
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert main(words) == 2
    said = capsys.readouterr().err
    assert "is for another file than the avatar beside it" in said
    assert (rtmp.contacts, srt.contacts) == (0, 0)
    assert list(out.rglob("*.mp4")) == list(out.rglob("*.m4s")) == list(out.rglob("*.m3u8")) == []
    # What is new on the disk is small, and no picture: keys, locks, logs.
    new = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    large = {path.name: path.stat().st_size for path in new if path.stat().st_size > 4096}
    assert not large
    assert not list((tmp_path / "DATA").glob("shows/*"))
