"""`python -m renderer.bench.latency.viewer KIND ADDRESS`: watch an output, tell what is seen.

Each line is JSON: `{"number", "seen_ns", "at_s", "flash"}` for a picture, `{"beep_s"}` for the
start of a beep. Kinds are "rtmp", "srt" (MPEG-TS on standard input) and "hls" (by the low-latency
playlist, shown as far behind its edge as it asks a player to be).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator
from typing import IO, Final
from urllib.request import urlopen

import av
import numpy as np
from av.container import InputContainer

from renderer.bench.latency.pattern import read
from renderer.output.spec import LIVE_PLAYLIST

MODULE: Final = "renderer.bench.latency.viewer"
# Shorter probing finds the sound alone at a light scene's bit rate, and the pictures never.
_OPTIONS: Final = {"fflags": "nobuffer", "probesize": "2000000", "analyzeduration": "3000000"}
_LOUD: Final = 0.1
_QUIET_S: Final = 0.3
"""Seconds of silence that separate two beeps."""
_WAIT_S: Final = 10.0


class Parts:
    """The parts of a low-latency playlist as one file, fetched as soon as they exist.

    Attributes:
        hold_back_s: seconds behind the edge at which the playlist asks a player to show.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self.hold_back_s = 0.0
        self._data = b""
        self._pieces = self._fetch_all()

    def read(self, count: int) -> bytes:
        """Return the next bytes; none at the end."""
        while not self._data:
            piece = next(self._pieces, b"")
            if not piece:
                return b""
            self._data = piece
        given, self._data = self._data[:count], self._data[count:]
        return given

    def _fetch_all(self) -> Iterator[bytes]:
        query, fetched = "", set[str]()
        while True:
            text = self._get(f"{LIVE_PLAYLIST}{query}").decode()
            (hold_back,) = re.findall(r"PART-HOLD-BACK=([\d.]+)", text)
            self.hold_back_s = float(hold_back)
            if not fetched:
                yield self._get(re.findall(r'#EXT-X-MAP:URI="([^"]+)"', text)[0])
                # Join at the newest segment's start.
                last = re.findall(r'PART:.*URI="([^"]+)",INDEPENDENT', text)[-1]
                text = text[text.index(last) - 200 :]
            for part in re.findall(r'#EXT-X-P(?:ART:|RELOAD-HINT:).*URI="([^"]+)"', text):
                if part not in fetched:
                    fetched.add(part)
                    yield self._get(part)
            if "#EXT-X-ENDLIST" in text:
                return
            segment, part_number = re.findall(r'HINT:.*"segment_(\d+)\.(\d+)', text)[0]
            query = f"?_HLS_msn={int(segment)}&_HLS_part={int(part_number)}"

    def _get(self, name: str) -> bytes:
        with urlopen(f"{self._base}stream/{name}", timeout=_WAIT_S) as answer:
            data: bytes = answer.read()
        return data


class Display:
    """Shows pictures at once, or like a player that stays behind the edge."""

    def __init__(self, parts: Parts | None) -> None:
        self._parts = parts
        self._begins_ns: int | None = None

    def show(self, at_s: float) -> int:
        """Return the monotonic time at which the picture of stream time `at_s` is seen."""
        now_ns, at_ns = time.monotonic_ns(), round(at_s * 1e9)
        if self._parts is None:
            return now_ns
        hold_ns = round(self._parts.hold_back_s * 1e9)
        # The clock of a player: a picture that comes later than planned delays all that follow.
        begins_ns = now_ns - at_ns
        if self._begins_ns is None:
            self._begins_ns = begins_ns + hold_ns
        self._begins_ns = max(self._begins_ns, begins_ns)
        return self._begins_ns + at_ns


def watch(container: InputContainer, display: Display, log: IO[str]) -> None:
    """Decode a stream to its end, and write what is seen and heard."""
    loud_s = -1.0
    for frame in container.decode(*container.streams.video[:1], *container.streams.audio[:1]):
        if not isinstance(frame, av.VideoFrame | av.AudioFrame):
            continue
        at_s = float(frame.time or 0.0)
        if isinstance(frame, av.VideoFrame):
            luma = frame.to_ndarray()[: frame.height].astype(np.uint8, copy=False)
            found = read(luma)
            if found is None:
                continue
            number, flash = found
            line = {
                "number": number, "seen_ns": display.show(at_s), "at_s": at_s, "flash": flash,
            }  # fmt: skip
            log.write(json.dumps(line) + "\n")
            log.flush()
        else:
            level = np.abs(frame.to_ndarray()).max(axis=0)
            for index in np.flatnonzero(level > _LOUD):
                heard_s = at_s + float(index) / frame.sample_rate
                if heard_s - loud_s > _QUIET_S:
                    log.write(json.dumps({"beep_s": heard_s}) + "\n")
                loud_s = heard_s


def main(kind: str, address: str) -> None:
    """Watch one output."""
    parts = Parts(address) if kind == "hls" else None
    if kind == "rtmp":
        container = av.open(address, "r", options=_OPTIONS)
    elif kind == "srt":
        # Unbuffered: a buffered read waits until it is full.
        raw = open(0, "rb", buffering=0)  # noqa: SIM115 - closed with the process
        container = av.open(raw, "r", format="mpegts", options=_OPTIONS)
    else:
        container = av.open(parts, "r", format="mp4", options=_OPTIONS)
    with container:
        watch(container, Display(parts), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:3])
