"""Test WHIP outputs against a real WebRTC receiver on this machine."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from showing import RATE, Showing, wait_until

pytest.importorskip("aiortc")

from renderer.bench.latency import pattern, whip_receiver
from renderer.errors import OutputError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.output.spec import warn_of_typed_keys
from renderer.output.whip_address import parse_whip
from renderer.protocol.outputs import OutputState

TOKEN = "a-secret-of-the-crew"
WAIT_S = 60.0
SIZE = (640, 360)


class Receiver:
    """The receiver's process and what it has told."""

    def __init__(self, token: str = TOKEN) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", whip_receiver.MODULE, token],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        self.url = json.loads(self._process.stdout.readline())["address"]
        self.lines: queue.SimpleQueue[dict[str, float]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def await_line(self, name: str, is_wanted: Callable[[float], bool]) -> bool:
        """Return whether a line with a wanted value comes in time."""
        deadline = time.monotonic() + WAIT_S
        while time.monotonic() < deadline:
            try:
                line = self.lines.get(timeout=1.0)
            except queue.Empty:
                continue
            if name in line and is_wanted(line[name]):
                return True
        return False

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._thread.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self.lines.put(json.loads(line))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver()
    yield receiver
    receiver.close()


class CodedShowing(Showing):
    """Sends the coded pattern of the benchmark, which the receiver reads."""

    def _run(self) -> None:
        while not self._stop.is_set():
            time.sleep(1 / RATE)
            planes = self._media.frame_buffer()
            if planes is None:
                continue
            planes[:] = 128
            pattern.draw(planes[: SIZE[1]], self.sent, False)
            now_ns = time.monotonic_ns()
            self._media.submit(self.sent, self.sent * 10**9 // RATE, now_ns)
            self.sent += 1


def write_tone(path: Path) -> Path:
    """Write half a minute of a loud square wave."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes((b"\x00\x40" * 24 + b"\x00\xc0" * 24) * 30_000)
    return path


@pytest.fixture
def coded(tmp_path: Path) -> Iterator[MediaProcess]:
    media = MediaProcess(*SIZE, RATE, True, write_tone(tmp_path / "tone.wav"))
    media.start()
    yield media
    if media.alive:
        media.finish()
    media.close()


def add(media: MediaProcess, word: str) -> str:
    """Add an output; on a busy machine a connection may take longer than outputs may."""
    deadline = time.monotonic() + WAIT_S
    while True:
        try:
            return media.add(parse_output(word))
        except OutputError as fault:
            if "within" not in str(fault) or time.monotonic() > deadline:
                raise


def test_a_receiver_sees_the_pictures_hears_the_song_and_is_told_the_end(
    coded: MediaProcess, receiver: Receiver
) -> None:
    media = coded
    name = add(media, f"whip+{receiver.url}?bearer={TOKEN}")
    showing = CodedShowing(media)
    try:
        assert receiver.await_line("number", lambda number: number > RATE)
        assert receiver.await_line("level", lambda level: level > 0.1)
        (status,) = media.statuses()
        assert status.state is OutputState.RUNNING and "baseline" in status.rendition
        media.remove(name)
        assert receiver.await_line("ended", bool)
    finally:
        showing.stop()
    assert wait_until(lambda: media.statuses()[0].state is OutputState.ENDED, WAIT_S)


def test_a_receiver_that_dies_is_noticed_and_found_again(coded: MediaProcess) -> None:
    receiver = Receiver("")
    try:
        add(coded, f"whip+{receiver.url}")
        showing = CodedShowing(coded)
        try:
            assert receiver.await_line("number", lambda number: number > 10)
            receiver.kill()
            assert wait_until(lambda: coded.statuses()[0].state is OutputState.RETRYING, WAIT_S), (
                coded.statuses()
            )
        finally:
            showing.stop()
    finally:
        receiver.close()


def test_what_refuses_a_stream_says_why(coded: MediaProcess, receiver: Receiver) -> None:
    cases = {
        f"whip+{receiver.url}": "its token may be wrong or missing",
        f"whip+{receiver.url}?bearer=wrong": "its token may be wrong",
        f"whip+{receiver.url}/none?bearer={TOKEN}": "no WHIP endpoint",
        "whip+http://127.0.0.1:1/whip": "no server takes connections there",
        f"whip+{receiver.url.replace('http', 'https')}": "does not speak TLS",
    }
    for word, why in cases.items():
        with pytest.raises(OutputError) as refused:
            add(coded, word)
        assert why in str(refused.value), word
        assert "wrong?" not in str(refused.value) and TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "word",
    [
        "whip+https://",
        "whip+https://host:99999/a",
        "whip+https://user:pw@host/a",
        "whip+https://host/a?bearer=",
        "whip+https://host/a?bearer=a&bearer=b",
        "whip+https://ho st/a",
    ],
)
def test_an_address_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(OutputError, match="the WHIP address"):
        parse_output(word)


def test_a_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    word = f"whip+https://host:8443/app/room?bearer={TOKEN}&layer=1"
    spec = parse_output(word)
    assert spec.shown == "whip+https://host:8443/app/…"
    assert TOKEN not in repr(spec) and TOKEN not in repr(spec.whip)
    assert spec.whip.url == "https://host:8443/app/room?layer=1"
    assert len(warn_of_typed_keys([spec])) == 1
    monkeypatch.setenv("WHIP_TOKEN", TOKEN)
    hidden = parse_output("whip+https://host/app?bearer={env:WHIP_TOKEN}")
    assert not warn_of_typed_keys([hidden])
    assert hidden.whip.fill_in().token == TOKEN
    assert parse_whip("WHIP+HTTP://host/a").url == "http://host/a"
