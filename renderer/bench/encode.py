"""Benchmark encoding: the media process against the ffmpeg command, same frames and settings.

Both encode the same I420 frames with the same encoder and options, and AAC silence, into an MP4, in
alternating rounds. Ratios use the best rounds, since other load slows a round and never speeds it
up. The processor times beside them hold even on a busy machine. The time for a single frame, which
is start and end, is subtracted from both.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt

from renderer.bench.cost import Cost, Stopwatch
from renderer.bench.encode_peer import name_peer, run_peer
from renderer.bench.machine import describe_machine
from renderer.errors import OutputError
from renderer.output.encode.codecs import HARDWARE, SOFTWARE
from renderer.output.encode.format import ProgramFormat
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec

Frames = npt.NDArray[np.uint8]

GOAL: Final = 0.9
"""Lowest share of the peer's offline speed."""
SIZE: Final = (1280, 720)
RATE: Final = 60
FRAMES: Final = 300
"""Frames encoded per round."""
ROUNDS: Final = 3
_DIFFERENT: Final = 60
"""Number of distinct frames; they are repeated, and fit the page cache."""
_ROOM_S: Final = 60.0
"""Seconds to wait for a free slot."""
_RETRY_S: Final = 0.001
"""Seconds between two attempts to get a slot of a live ring, which never blocks."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Cost per round of encoding FRAMES frames: of the media process and of the peer."""

    ours: tuple[Cost, ...]
    peers: tuple[Cost, ...]

    @property
    def fps(self) -> tuple[float, float]:
        """Return the frames per second of our best round and of the peer's."""
        ours, peers = (min(c.clock_s for c in costs) for costs in (self.ours, self.peers))
        return FRAMES / ours, FRAMES / peers

    @property
    def ratio(self) -> float:
        """Return our frames per second over the peer's."""
        ours, peers = self.fps
        return ours / peers

    @property
    def processor_ratio(self) -> float:
        """Return the peer's processor time over ours: above 1, ours is less."""
        ours, peers = (min(c.processor_s for c in costs) for costs in (self.ours, self.peers))
        return peers / ours


@dataclass(frozen=True, slots=True)
class EncodeReport:
    """Results of the encoding benchmark.

    Attributes:
        machine: processor, cores, load before the start and versions.
        peer: name of the program compared with.
        encoder: libav's name of the encoder.
    """

    machine: dict[str, str | int | float]
    peer: str
    encoder: str
    offline: Speed
    live: Speed

    def text(self) -> str:
        """Return the results as readable text."""
        lines = [
            f"{self.machine['processor']}, {self.machine['cores']} cores, "
            f"load {self.machine['load']:.1f}; {self.encoder}, {SIZE[0]}x{SIZE[1]}, "
            f"{FRAMES} frames; peer: {self.peer}"
        ]
        for name, speed, goal in (
            ("offline", self.offline, f" (goal {GOAL:g})"),
            ("live", self.live, ""),
        ):
            ours, peers = speed.fps
            lines.append(
                f"{name:<8} {ours:6.1f} frames/s, peer {peers:6.1f}: {speed.ratio:.2f}{goal}; "
                f"by processor time {speed.processor_ratio:.2f}"
            )
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""
        return {
            "offline_ratio": self.offline.ratio,
            "live_ratio": self.live.ratio,
            "offline_processor_ratio": self.offline.processor_ratio,
            "live_processor_ratio": self.live.processor_ratio,
            "goal": GOAL,
            "peer": self.peer,
            "encoder": self.encoder,
            "size": list(SIZE),
            "frames": FRAMES,
            "offline": asdict(self.offline),
            "live": asdict(self.live),
            "machine": self.machine,
        }


def measure_encoding(notify: Callable[[str], None]) -> EncodeReport:
    """Benchmark offline and live encoding.

    Args:
        notify: called with the name of each step.

    Raises:
        OutputError: encoding failed.
    """
    machine = describe_machine() | {
        "pyav": av.__version__,
        "libavcodec": ".".join(map(str, av.library_versions["libavcodec"])),
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _paint_frames().tofile(folder / "frames.yuv")
        frames: Frames = np.memmap(folder / "frames.yuv", np.uint8, "r").reshape(
            _DIFFERENT, SIZE[1] * 3 // 2, SIZE[0]
        )
        encoder = ""
        speeds = []
        for is_live in (False, True):
            program = ProgramFormat(*SIZE, Fraction(RATE), is_live)
            kind = "live" if is_live else "offline"
            ours, peers = [], []
            for number in range(ROUNDS):
                notify(f"{kind}, round {number + 1} of {ROUNDS}")
                start, encoder = _run_ours(program, frames, folder, 1)
                whole, _ = _run_ours(program, frames, folder, FRAMES + 1)
                ours.append(whole.less(start))
                codec = next(c for c in (*HARDWARE, SOFTWARE) if c.name == encoder)
                start, whole = (
                    run_peer(program, codec, folder / "frames.yuv", count)
                    for count in (1, FRAMES + 1)
                )
                peers.append(whole.less(start))
            speeds.append(Speed(tuple(ours), tuple(peers)))
    return EncodeReport(machine, name_peer(), encoder, *speeds)


def _paint_frames() -> Frames:
    """Return frames of a moving, textured colour scene, about as hard to encode as a lit stage."""
    width, height = SIZE
    rows, columns = np.mgrid[: height * 3 // 2, : 2 * width]
    scene = 100 + 60 * np.sin(columns / 37) * np.cos(rows / 23)
    scene += np.random.default_rng(0).normal(0, 3, scene.shape)
    wide = scene.astype(np.uint8)
    return np.stack([wide[:, 2 * n : 2 * n + width] for n in range(_DIFFERENT)])


def _run_ours(program: ProgramFormat, frames: Frames, folder: Path, count: int) -> tuple[Cost, str]:
    """Return the media process's cost for `count` frames, and the name of its encoder."""
    watch = Stopwatch()
    media = MediaProcess(program.width, program.height, program.rate, program.live)
    media.start()
    media.add(OutputSpec("mp4", str(folder / "ours.mp4")))
    for number in range(count):
        np.copyto(_wait_for_room(media), frames[number % _DIFFERENT])
        media.submit(number, number * 1_000_000_000 // RATE, 0)
    report = media.finish()
    if report.frames != count or any(output.dropped for output in report.outputs):
        raise OutputError("the measured encoding", "lost frames", "measure on a quieter machine")
    return watch.read(), report.encoder


def _wait_for_room(media: MediaProcess) -> Frames:
    deadline = time.monotonic() + _ROOM_S
    while (buffer := media.frame_buffer(_ROOM_S)) is None:
        if time.monotonic() > deadline:
            raise OutputError(
                "the media process", f"took no frame for {_ROOM_S:.0f} s", "try again"
            )
        time.sleep(_RETRY_S)
    return buffer
