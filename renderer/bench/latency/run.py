"""Measure each output from the moment a frame is drawn to the moment a viewer sees it.

A process draws a coded pattern at the program's rate, media encodes and sends it to a real server
on this machine, and a viewer in a process of its own reads the numbers from the pictures. The
pattern is a light scene: the figures have no rendering in them, and no camera.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np

from renderer.bench import rtmp_server
from renderer.bench.latency import pattern, viewer
from renderer.bench.machine import describe_machine
from renderer.bench.sound.drift import Drift, run_drift
from renderer.errors import OutputError, RendererError
from renderer.output.media import MediaProcess
from renderer.output.output_words import parse_output
from renderer.output.spec import OutputSpec
from renderer.output.web.watch import serve_folder

SIZE: Final = (1280, 720)
RATE: Final = 60
SRT_LATENCY_MS: Final = 120
GOALS_MS: Final = {"rtmp": 60.0, "srt": 250.0, "hls": 2500.0, "whip": 40.0}
OFFSET_GOAL_MS: Final = 20.0
HOUR_S: Final = 3600.0
SKEW_PPM: Final = 200.0
"""Skew of the microphone's clock: above that of any device in use."""
_WARM_UP_S: Final = 3.0
"""Seconds whose pictures do not count: until a viewer has caught up with the stream."""
_START_S: Final = 20.0
_STILL_S: Final = 0.5
_LOOK_S: Final = 0.05
_BEEP_S: Final = 0.1
_SRT_TOOL: Final = "srt-live-transmit"
_STDBUF: Final = "stdbuf"
"""Command of the GNU core utilities. Without it, the C library collects 4096 bytes of the tool's
standard output before it writes them to a pipe: another 100 ms at a light scene's bit rate."""
_WHIP_RECEIVER: Final = "renderer.bench.latency.whip_receiver"
"""Run by name, since it imports optional packages."""


@dataclass(slots=True)
class Seen:
    """What one viewer has seen.

    Attributes:
        latencies_ms: of the pictures after the warm-up.
        offsets_ms: sound minus picture, at each flash whose beep was heard.
        missing: pictures that were sent and not seen, between the first and the last one seen.
    """

    latencies_ms: list[float] = field(default_factory=list)
    offsets_ms: list[float] = field(default_factory=list)
    missing: int = 0

    def percentile(self, share: float) -> float | None:
        """Return a percentile of the latency, ms; None if nothing was seen."""
        return float(np.percentile(self.latencies_ms, share)) if self.latencies_ms else None

    @property
    def offset_ms(self) -> float | None:
        """Return the largest offset of the sound, ms; None if no flash had a beep."""
        return max(self.offsets_ms, key=abs) if self.offsets_ms else None


@dataclass(frozen=True, slots=True)
class LatencyReport:
    """Results by kind of output; a kind that could not be measured has the reason instead.

    `drift` is that of a voice against its picture after an hour, in compressed time.
    """

    machine: dict[str, str | int | float]
    seconds: float
    seen: dict[str, Seen]
    reasons: dict[str, str]
    drift: Drift

    def text(self) -> str:
        """Return the results as readable text."""
        lines = [
            f"{self.machine['processor']}, {self.machine['cores']} cores, load "
            f"{self.machine['load']:.1f}; {SIZE[0]}x{SIZE[1]} at {RATE}, {self.seconds:.0f} s each"
        ]
        for kind, goal in GOALS_MS.items():
            if kind in self.reasons:
                lines.append(f"{kind:<5} not measured: {self.reasons[kind]}")
                continue
            seen = self.seen[kind]
            p50, p95, p99 = (seen.percentile(share) or 0.0 for share in (50, 95, 99))
            lines.append(
                f"{kind:<5} p50 {p50:6.0f}  p95 {p95:6.0f}  p99 {p99:6.0f} ms (goal {goal:g}); "
                f"{len(seen.latencies_ms)} pictures, {seen.missing} missing"
            )
        offset = self._offset_ms
        offset_text = "not measured" if offset is None else f"{offset:+.1f} ms"
        lines.append(f"sound against picture {offset_text} (goal ±{OFFSET_GOAL_MS:g})")
        lines.append(
            f"voice against picture {self.drift.start_ms:+.1f} ms at the start, "
            f"{self.drift.end_ms:+.1f} after {HOUR_S / 3600:g} h, its clock off by {SKEW_PPM:g} ppm"
        )
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""
        empty = Seen()
        return {
            **{
                f"{kind}_p{share}_ms": self.seen.get(kind, empty).percentile(share)
                for kind in GOALS_MS
                for share in (50, 95, 99)
            },
            "av_offset_ms": self._offset_ms,
            "av_offset_start_ms": self.drift.start_ms,
            "av_offset_hour_ms": self.drift.end_ms,
            "av_offset_worst_ms": self.drift.worst_ms,
            "goals_ms": GOALS_MS,
            "missing": {kind: seen.missing for kind, seen in self.seen.items()},
            "not_measured": self.reasons,
            "seconds": self.seconds,
            "size": list(SIZE),
            "rate": RATE,
            "machine": self.machine,
        }

    @property
    def _offset_ms(self) -> float | None:
        offsets = [one for seen in self.seen.values() for one in seen.offsets_ms]
        return max(offsets, key=abs) if offsets else None


def measure_latency(seconds: float, notify: Callable[[str], None]) -> LatencyReport:
    """Measure every kind of output whose server is installed.

    Args:
        seconds: for each of them, after a warm-up.
        notify: called with the name of each step.
    """
    machine = describe_machine()
    seen: dict[str, Seen] = {}
    reasons: dict[str, str] = {}
    kinds = {
        "rtmp": _measure_rtmp, "srt": _measure_srt, "hls": _measure_hls, "whip": _measure_whip,
    }  # fmt: skip
    for kind, measure in kinds.items():
        notify(kind)
        with tempfile.TemporaryDirectory() as name:
            try:
                seen[kind] = measure(Path(name), seconds)
            except RendererError as fault:
                reasons[kind] = str(fault)
            else:
                if not seen[kind].latencies_ms:
                    reasons[kind] = "the viewer saw nothing"
    notify("an hour in compressed time")
    return LatencyReport(machine, seconds, seen, reasons, run_drift(HOUR_S, SKEW_PPM))


def _measure_rtmp(folder: Path, seconds: float) -> Seen:
    if not rtmp_server.is_installed():
        raise OutputError("nginx with its RTMP module", "is not installed", "install it")
    with rtmp_server.RtmpServer(folder / "nginx") as server:
        return _run(folder, OutputSpec("rtmp", server.url), "rtmp", server.url, seconds)


def _measure_srt(folder: Path, seconds: float) -> Seen:
    if shutil.which(_SRT_TOOL) is None:
        raise OutputError("srt-tools", "are not installed", "install them")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    query = f"latency={SRT_LATENCY_MS}"
    listener = f"srt://127.0.0.1:{port}?mode=listener&{query}"
    unbuffered = [_STDBUF, "-o0"] if shutil.which(_STDBUF) else []
    receiver = subprocess.Popen(
        # By default the tool hands on ten packets at a time: 100 ms at a light scene's bit rate.
        [
            *unbuffered,
            _SRT_TOOL,
            "-q",
            "-loglevel:fatal",
            "-a:no",
            "-buffering:1",
            listener,
            "file://con",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        spec = OutputSpec("srt", f"srt://127.0.0.1:{port}?{query}")
        return _run(folder, spec, "srt", "-", seconds, receiver)
    finally:
        receiver.kill()
        receiver.communicate()


def _measure_hls(folder: Path, seconds: float) -> Seen:
    (folder / "hls").mkdir()
    server = serve_folder(folder / "hls")
    try:
        return _run(folder, OutputSpec("hls", str(folder / "hls")), "hls", server.url, seconds)
    finally:
        server.close()


def _measure_whip(folder: Path, seconds: float) -> Seen:
    if find_spec("aiortc") is None:
        raise OutputError("aiortc", "is not installed", "install encore-renderer[webrtc]")
    lines = folder / "seen.jsonl"
    with ExitStack() as opened:
        log = opened.enter_context(lines.open("w"))
        # The server is the viewer.
        process = subprocess.Popen(
            [sys.executable, "-m", _WHIP_RECEIVER],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.DEVNULL,
        )
        opened.callback(process.communicate)
        opened.callback(process.kill)
        deadline = time.monotonic() + _START_S
        while not lines.read_text().endswith("\n"):
            if process.poll() is not None or time.monotonic() > deadline:
                raise OutputError("the WHIP receiver", "does not start", "try again")
            time.sleep(_LOOK_S)
        address = json.loads(lines.read_text().splitlines()[0])["address"]
        return _send(folder, parse_output(f"whip+{address}"), seconds, lambda: lines)


def _run(
    folder: Path,
    spec: OutputSpec,
    kind: str,
    address: str,
    seconds: float,
    receiver: subprocess.Popen[bytes] | None = None,
) -> Seen:
    """Send the pattern to an output and watch it with a viewer."""
    lines = folder / "seen.jsonl"
    with ExitStack() as opened:
        log = opened.enter_context(lines.open("w"))

        def watch() -> Path:
            process = subprocess.Popen(
                [sys.executable, "-m", viewer.MODULE, kind, address],
                stdin=receiver.stdout if receiver is not None else subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.DEVNULL,
            )
            opened.callback(process.wait)
            opened.callback(process.kill)
            return lines

        return _send(folder, spec, seconds, watch)


def _send(folder: Path, spec: OutputSpec, seconds: float, watch: Callable[[], Path]) -> Seen:
    """Send the pattern to an output.

    Args:
        watch: called once something is sent; starts the viewer, and returns the file in which it
            tells what it sees.
    """
    _write_beeps(folder / "beeps.wav", seconds + _START_S)
    media = MediaProcess(*SIZE, RATE, True, folder / "beeps.wav")
    with ExitStack() as opened:
        media.start()
        opened.callback(media.close)
        media.add(spec)
        sender = _Sender(media)
        sender.send(1.0)
        lines = watch()
        deadline = time.monotonic() + _START_S
        while not lines.stat().st_size and time.monotonic() < deadline:
            sender.send(0.1)
        sender.send(_WARM_UP_S + seconds)
        media.finish()
        _wait_until_still(lines)
    return _judge(lines, sender.drawn_ns)


def _wait_until_still(lines: Path) -> None:
    """Wait until the viewer tells nothing more: what is under way belongs to the figures."""
    deadline, size = time.monotonic() + _START_S, -1
    while lines.stat().st_size != size and time.monotonic() < deadline:
        size = lines.stat().st_size
        time.sleep(_STILL_S)


class _Sender:
    """Draws the pattern at the program's rate; `drawn_ns` is when, by frame number."""

    def __init__(self, media: MediaProcess) -> None:
        self._media = media
        self._begins_ns = time.monotonic_ns()
        self._number = 0
        self.drawn_ns: dict[int, int] = {}

    def send(self, seconds: float) -> None:
        """Draw and send for a time; what a busy machine has no time for is left out."""
        end_ns = time.monotonic_ns() + round(seconds * 1e9)
        while (now_ns := time.monotonic_ns()) < end_ns:
            self._number = max(self._number, (now_ns - self._begins_ns) * RATE // 1_000_000_000)
            t_show_ns = self._number * 1_000_000_000 // RATE
            due_ns = self._begins_ns + t_show_ns
            time.sleep(max(0, due_ns - time.monotonic_ns()) / 1e9)
            planes = self._media.frame_buffer()
            if planes is not None:
                drawn_ns = time.monotonic_ns()
                planes[:] = 128
                is_flash = t_show_ns % 1_000_000_000 < _BEEP_S * 1e9
                pattern.draw(planes[: SIZE[1]], self._number, is_flash)
                self._media.submit(self._number, t_show_ns, drawn_ns)
                self.drawn_ns[self._number] = drawn_ns
            self._number += 1


def _judge(path: Path, drawn_ns: dict[int, int]) -> Seen:
    """Return the figures of a viewer's lines, without those of its warm-up."""
    seen = Seen()
    flashes: list[float] = []
    beeps: list[float] = []
    numbers: set[int] = set()
    was_flash, first_ns = True, 0
    for line in path.read_text().splitlines():
        record = json.loads(line)
        if "beep_s" in record:
            beeps.append(record["beep_s"])
        if "number" not in record:
            continue
        first_ns = first_ns or record["seen_ns"]
        # A flash whose first picture is missing would seem late.
        if record["flash"] and not was_flash and record["number"] % RATE == 0:
            flashes.append(record["at_s"])
        was_flash = record["flash"]
        number = record["number"]
        if number in drawn_ns and record["seen_ns"] - first_ns > _WARM_UP_S * 1e9:
            seen.latencies_ms.append((record["seen_ns"] - drawn_ns[number]) / 1e6)
            numbers.add(number)
    if numbers:
        between = range(min(numbers), max(numbers) + 1)
        seen.missing = sum(number in drawn_ns for number in between) - len(numbers)
    for flash in flashes:
        offset_s = min((beep - flash for beep in beeps), key=abs, default=1.0)
        if abs(offset_s) < 0.5:
            seen.offsets_ms.append(1000 * offset_s)
    return seen


def _write_beeps(path: Path, seconds: float) -> None:
    """Write a song that beeps at each full second, with the flashes."""
    times = np.arange(int(seconds * 48_000)) / 48_000
    samples = (12_000 * (times % 1.0 < _BEEP_S) * np.sin(2 * np.pi * 1000 * times)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(48_000)
        file.writeframes(np.repeat(samples, 2).tobytes())
