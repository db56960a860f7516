"""A show of flashes and beeps, a player that detects them, and a real stream server."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl

import av
import numpy as np

from renderer.bench import rtmp_server
from renderer.output.media import MediaProcess

RATE = 30
WIDTH, HEIGHT = 320, 180
BEEPS = (1.0, 2.0, 3.5)
"""Seconds at which the test song beeps and the test picture flashes."""


def time_ns(number: int) -> int:
    """Return the show time of a frame."""
    return number * 1_000_000_000 // RATE


def send(media: MediaProcess, number: int, noise: int = 0) -> bool:
    """Send one frame, white during a beep, with a level of noise; live: without waiting."""
    planes = media.frame_buffer(10.0)
    if planes is None:
        return False
    at = number / RATE
    planes[:] = 128
    planes[: planes.shape[0] * 2 // 3] = 200 if any(b <= at < b + 0.05 for b in BEEPS) else 40
    if noise:
        generator = np.random.default_rng(number)
        planes[:] += generator.integers(0, noise, planes.shape, dtype=np.uint8)
    media.submit(number, time_ns(number), time.monotonic_ns())
    return True


def send_live(media: MediaProcess, first: int, count: int) -> None:
    """Send frames in real time, as a show does."""
    begin = time.monotonic()
    for index in range(count):
        time.sleep(max(0.0, begin + index / RATE - time.monotonic()))
        send(media, first + index)


class Showing:
    """Sends live frames in a thread until stopped."""

    def __init__(self, media: MediaProcess) -> None:
        self._media, self._stop, self.sent = media, threading.Event(), 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.is_set():
            send_live(self._media, self.sent, 5)
            self.sent += 5


def wait_until(true: Callable[[], bool], seconds: float = 15.0) -> bool:
    """Return whether a condition becomes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.05)
    return False


@dataclass
class Seen:
    """Content of a file or stream as played. Times are in seconds."""

    times: list[float] = field(default_factory=list)
    flashes: list[float] = field(default_factory=list)
    beeps: list[float] = field(default_factory=list)
    sound_from: float = 0.0
    sound_until: float = 0.0
    loudest: float = 0.0
    first_loudness: float = 0.0


def play(source: str | Path | IO[bytes], seconds: float = 1e9) -> Seen:
    """Decode both tracks, and detect flashes and beeps."""
    seen = Seen()
    dark, quiet_since = True, -1.0
    with av.open(str(source) if isinstance(source, str | Path) else source) as file:
        for frame in file.decode(video=0, audio=0):
            at = float(frame.pts * frame.time_base)
            if isinstance(frame, av.VideoFrame):
                seen.times.append(at)
                white = frame.to_ndarray()[: frame.height].mean() > 120
                if white and dark:
                    seen.flashes.append(at)
                dark = not white
                if at - seen.times[0] > seconds:
                    break
                continue
            level = np.abs(frame.to_ndarray()).max(axis=0)
            seen.loudest = max(seen.loudest, float(level.max()))
            for index in np.flatnonzero(level > 0.1):
                when = at + index / frame.sample_rate
                if when - quiet_since > 0.2:
                    seen.beeps.append(when)
                quiet_since = when
            if not seen.sound_until:
                seen.sound_from = at
            seen.sound_until = at + frame.samples / frame.sample_rate
    return seen


class _PublishListener(ThreadingHTTPServer):
    """Receives nginx's notification of every published stream."""

    daemon_threads = True

    def __init__(self, published: list[tuple[str, str, str]]) -> None:
        known = {"app", "name", "call", "addr", "clientid", "flashver", "swfurl", "tcurl",
                 "pageurl", "type"}  # fmt: skip

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                fields = dict(parse_qsl(text, keep_blank_values=True))
                query = "&".join(f"{k}={v}" for k, v in fields.items() if k not in known)
                published.append((fields["app"], fields["name"], query))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Log nothing."""

        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever).start()


class RtmpServer(rtmp_server.RtmpServer):
    """The benchmark's server; published streams are recorded as (application, name, query)."""

    def __init__(self, folder: Path) -> None:
        self.published: list[tuple[str, str, str]] = []
        self._listener = _PublishListener(self.published)
        super().__init__(folder, f"http://127.0.0.1:{self._listener.server_port}/")

    def close(self) -> None:
        super().close()
        self._listener.shutdown()
        self._listener.server_close()

    def freeze(self) -> None:
        """Keep its connections but accept nothing, as behind a cut cable."""
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Accept the buffered data."""
        os.kill(self.pid, signal.SIGCONT)
