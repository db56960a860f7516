"""Benchmark capture: the cost of each tracker alone, and one and two performers live.

The camera is a video file read at its own frame rate, so that any machine can be measured. The
two-performer case shows the same performer twice, side by side. Wall times depend on the machine's
load; the processor times beside them hold even on a busy machine.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar

import av
import numpy as np
import psutil

from renderer.capture.process.messages import EndOfStream
from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import CameraFrame
from renderer.capture.sources.open import open_source
from renderer.capture.trackers.crops import places
from renderer.capture.trackers.mediapipe import U8, FaceTask, HandTask, PoseSeen, PoseTask
from renderer.capture.trackers.models import load_model
from renderer.capture.trackers.silhouette import remove_silhouette
from renderer.capture.trackers.telemetry import silence_telemetry
from renderer.errors import CaptureError

T = TypeVar("T")

GOALS: Final = {"fps_one": 30.0, "fps_two": 20.0, "latency": 1.3}
"""Lowest frames per second for one and two performers, and the highest ratio of capture latency to
the slowest model's time alone, both at the 95th percentile."""
AS_PUBLISHED: Final = "body, as published"
"""The slowest model as published: with the segmentation mask, which capture does not use."""
_RATE_SLACK: Final = 0.98
"""Tolerated share of the camera's rate, for its clock's drift and the ends of the window."""

_ALONE: Final = 90
_WARM_S: Final = 2.0
_WINDOW_S: Final = 8.0
_READY_S: Final = 60.0


@dataclass(frozen=True, slots=True)
class Cost:
    """Milliseconds per frame: wall-clock median and 95th percentile, and mean processor time."""

    p50_ms: float
    p95_ms: float
    processor_ms: float


@dataclass(frozen=True, slots=True)
class Live:
    """Measurements of a capture process that reads a file at its own frame rate.

    Attributes:
        fps: frames received per second.
        p50_ms, p95_ms: latency from camera frame to landmarks, milliseconds.
        processor_ms: processor time per frame over all cores; None where the system has no count.
        dropped: late frames that were dropped, out of `frames` in the window.
        seen: share of frames in which a body was detected, per performer.
    """

    fps: float
    p50_ms: float
    p95_ms: float
    processor_ms: float | None
    dropped: int
    frames: int
    seen: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class CaptureReport:
    """Results of the capture benchmark."""

    cores: int
    load: float
    alone: dict[str, Cost]
    one: Live
    two: Live

    @property
    def latency(self) -> float:
        """Return the latency of one performer over the slowest model's time, 95th percentiles."""
        return self.one.p95_ms / max(cost.p95_ms for cost in self.alone.values())

    @property
    def latency_of_used(self) -> float:
        """Return the same ratio over the slowest of the models as Encore uses them."""
        used = (cost.p95_ms for name, cost in self.alone.items() if name != AS_PUBLISHED)
        return self.one.p95_ms / max(used)

    def goals(self) -> dict[str, dict[str, float | bool]]:
        """Return for each goal the measured value, the required value and whether it is met."""
        fps = {"fps_one": self.one.fps, "fps_two": self.two.fps}
        found = {
            name: {"found": value, "asked": GOALS[name], "met": value >= _RATE_SLACK * GOALS[name]}
            for name, value in fps.items()
        }
        asked = GOALS["latency"]
        latency = {"found": self.latency, "asked": asked, "met": self.latency <= asked}
        return {**found, "latency": latency}

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data for JSON."""
        return {**asdict(self), "goals": self.goals()}

    def text(self) -> str:
        """Return the results as a readable table."""
        lines = [
            f"{self.cores} cores, {self.load:.1f} processes waiting for them at the start",
            "Alone, ms a frame         median     p95   processor",
        ]
        lines += [
            f"  {name:22} {cost.p50_ms:7.1f} {cost.p95_ms:7.1f} {cost.processor_ms:11.1f}"
            for name, cost in self.alone.items()
        ]
        lines.append("Live, light to landmarks  median     p95   processor     fps")
        for name, live in (("one performer", self.one), ("two performers", self.two)):
            used = "–" if live.processor_ms is None else f"{live.processor_ms:.1f}"
            seen = ", ".join(f"{share:.0%}" for share in live.seen)
            lines.append(
                f"  {name:22} {live.p50_ms:7.1f} {live.p95_ms:7.1f} {used:>11} {live.fps:7.1f}   "
                f"{live.dropped} of {live.frames + live.dropped} frames dropped; seen in {seen}"
            )
        for goal, figure in self.goals().items():
            verdict = "met" if figure["met"] else "missed"
            lines.append(
                f"  goal {goal}: {figure['found']:.2f}, asked {figure['asked']:.2f}: {verdict}"
            )
        lines.append(f"  over the slowest model as it is used: {self.latency_of_used:.2f}")
        return "\n".join(lines)


def run_capture_bench(video: Path, progress: Callable[[str], None]) -> CaptureReport:
    """Run the capture benchmarks one after another.

    Args:
        video: a full-body video of one performer, ten seconds or longer.
        progress: called with the name of each step.

    Raises:
        CaptureError: the video cannot be read, or no performer is detected in it.
    """
    silence_telemetry()
    quieten_libraries()
    load = os.getloadavg()[0]
    progress("each tracker alone")
    alone = _alone(video)
    progress("one performer, live")
    one = _live(video, 1)
    progress("two performers, live")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        two = _live(_side_by_side(video, Path(folder) / "two.mp4"), 2)
    return CaptureReport(os.cpu_count() or 1, load, alone, one, two)


def _alone(video: Path) -> dict[str, Cost]:
    with closing(open_source(str(video))) as source:
        frames = list(islice(source.frames(), _ALONE))
        size = source.size
    full = load_model("pose")
    costs = {}
    bodies: list[PoseSeen | None] = []
    for name, model in ((AS_PUBLISHED, full), ("body", remove_silhouette(full))):
        with PoseTask(model) as pose:
            costs[name], bodies = _measure_cost([(f, f.pixels) for f in frames], pose.find)
    # As in live capture, each part is searched where the previous frame had it.
    at = [
        None if body is None else places(body.points, body.visibility, size) for body in bodies[:-1]
    ]
    parts = {
        "face": [None if one is None else one.face for one in at],
        "one hand": [None if one is None else one.right_hand for one in at],
    }
    crops = {
        name: [(f, c.cut(f.pixels)) for f, c in zip(frames[1:], part, strict=True) if c is not None]
        for name, part in parts.items()
    }
    if not all(len(shown) > 1 for shown in crops.values()):
        raise CaptureError(str(video), "shows nobody in its first frames", "take another video")
    with FaceTask(load_model("face")) as face:
        costs["face"], _ = _measure_cost(crops["face"], face.find)
    with HandTask(load_model("hand"), 1) as hand:
        costs["one hand"], _ = _measure_cost(crops["one hand"], hand.find)
    return costs


def _measure_cost(
    shown: Sequence[tuple[CameraFrame, U8]], find: Callable[[U8, int], T]
) -> tuple[Cost, list[T]]:
    """Return the cost of running a model on these frame regions in turn, and its results."""
    wall = []
    found = [find(shown[0][1], shown[0][0].t_seen_ns // 10**6)]
    processor = time.process_time()
    for frame, pixels in shown[1:]:
        began = time.perf_counter()
        found.append(find(pixels, frame.t_seen_ns // 10**6))
        wall.append((time.perf_counter() - began) * 1e3)
    used = (time.process_time() - processor) * 1e3 / len(wall)
    p50, p95 = np.percentile(wall, (50, 95))
    return Cost(float(p50), float(p95), used), found


def _live(video: Path, performers: int) -> Live:
    late: list[float] = []
    seen = np.zeros(performers)
    with CaptureProcess(str(video), live=True, performers=performers) as capture:
        # Exclude start-up from the measurement.
        _ = capture.info
        began = started = time.monotonic()
        dropped, used = 0, 0.0
        while time.monotonic() < began + _WARM_S + _WINDOW_S:
            got = capture.get_all(_READY_S)
            if got is None or isinstance(got, EndOfStream):
                break
            now = time.monotonic()
            if now < began + _WARM_S:
                started, dropped, used = (
                    now,
                    capture.dropped,
                    _processor_s(capture.pid),
                )
                continue
            late.append((time.monotonic_ns() - got[0].t_seen_ns) / 1e6)
            seen += [one.pose is not None for one in got]
        passed = time.monotonic() - started
        spent = _processor_s(capture.pid) - used
        lost = capture.dropped - dropped
    if not late:
        raise CaptureError(str(video), "ended too soon to be measured", "take a longer video")
    p50, p95 = np.percentile(late, (50, 95))
    return Live(
        fps=len(late) / passed,
        p50_ms=float(p50),
        p95_ms=float(p95),
        processor_ms=spent * 1e3 / len(late) if spent > 0.0 else None,
        dropped=lost,
        frames=len(late),
        seen=tuple((seen / len(late)).tolist()),
    )


def _processor_s(pid: int | None) -> float:
    """Return the processor time in seconds a process has used; 0.0 if it has ended."""
    try:
        times = psutil.Process(pid or 0).cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _side_by_side(video: Path, path: Path) -> Path:
    """Write a video that shows the middle of another twice, side by side, at the same size."""
    with closing(open_source(str(video))) as source, av.open(str(path), "w") as file:
        width, height = source.size
        half = width // 4 * 2
        left = (width - half) // 2
        stream = file.add_stream("mpeg4", rate=round(source.rate))
        stream.width, stream.height, stream.pix_fmt = 2 * half, height // 2 * 2, "yuv420p"
        stream.bit_rate = 8_000_000
        frames = islice(source.frames(), round((_WARM_S + _WINDOW_S + 2.0) * source.rate))
        for frame in frames:
            part = frame.pixels[: height // 2 * 2, left : left + half]
            both = np.ascontiguousarray(np.concatenate((part, part), axis=1))
            file.mux(stream.encode(av.VideoFrame.from_ndarray(both, "rgb24")))
        file.mux(stream.encode())
    return path


def quieten_libraries() -> None:
    """Discard what C libraries print to stderr; Python's own tracebacks still appear.

    MediaPipe prints a dozen lines at each start, regardless of logging settings.
    """
    stderr = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    sys.stderr = os.fdopen(stderr, "w", buffering=1)
