"""Encoding speed: the media process against the ffmpeg command, on the same frames and settings.

Both encode the same I420 frames with the same options of the same encoder and AAC silence beside
them into an MP4, in turn. A ratio is that of the best rounds: what else the machine does slows a
round and never speeds it up.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import av
import numpy as np
import numpy.typing as npt

from renderer.errors import OutputError
from renderer.output.encode.encoder import HARDWARE, SOFTWARE, Codec
from renderer.output.encode.format import ProgramFormat
from renderer.output.media import MediaProcess
from renderer.output.spec import OutputSpec

Frames = npt.NDArray[np.uint8]

GOAL: Final = 0.9
"""Of the peer's speed, offline."""
SIZE: Final = (1280, 720)
RATE: Final = 60
FRAMES: Final = 300
"""Encoded in a round."""
ROUNDS: Final = 3
_DIFFERENT: Final = 60
"""Frames that differ; they are repeated, and fit the page cache."""
_ROOM_S: Final = 60.0
"""Seconds that a frame waits for room."""
_RETRY_S: Final = 0.001
"""Seconds between two looks for room in a live ring, which gives none instead of waiting."""
_SHORTEST_S: Final = 1e-3
"""Seconds that its frames take at least: a busy machine may make its start seem longer."""
_PEER_S: Final = 600.0
"""Seconds that a round of the peer may take."""


@dataclass(frozen=True, slots=True)
class Speed:
    """Frames a second of each round.

    Attributes:
        ours: the media process, from the first frame handed over to the finished file.
        peers: the peer, from its start to its end less what a single frame takes.
    """

    ours: tuple[float, ...]
    peers: tuple[float, ...]

    @property
    def ratio(self) -> float:
        """Our best round over the peer's."""
        return max(self.ours) / max(self.peers)


@dataclass(frozen=True, slots=True)
class EncodeReport:
    """What was measured.

    Attributes:
        machine: processor, cores, load before the start and versions.
        peer: the program that was measured against.
        encoder: libav's name.
    """

    machine: dict[str, str | int | float]
    peer: str
    encoder: str
    offline: Speed
    live: Speed

    def text(self) -> str:
        """Return the figures for people."""
        lines = [
            f"{self.machine['processor']}, {self.machine['cores']} cores, "
            f"load {self.machine['load']:.1f}; {self.encoder}, {SIZE[0]}x{SIZE[1]}, "
            f"{FRAMES} frames; peer: {self.peer}"
        ]
        for name, speed, goal in (
            ("offline", self.offline, f" (goal {GOAL:g})"),
            ("live", self.live, ""),
        ):
            lines.append(
                f"{name:<8} {max(speed.ours):6.1f} frames/s, peer {max(speed.peers):6.1f}: "
                f"{speed.ratio:.2f}{goal}"
            )
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the figures as plain data."""
        return {
            "offline_ratio": self.offline.ratio,
            "live_ratio": self.live.ratio,
            "goal": GOAL,
            "peer": self.peer,
            "encoder": self.encoder,
            "size": list(SIZE),
            "frames": FRAMES,
            "offline_fps": asdict(self.offline),
            "live_fps": asdict(self.live),
            "machine": self.machine,
        }


def measure_encoding(tell: Callable[[str], None]) -> EncodeReport:
    """Measure offline and live encoding.

    Args:
        tell: is called with what is being done.

    Raises:
        OutputError: something cannot be encoded here.
    """
    machine = _describe_machine()
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
                tell(f"{kind}, round {number + 1} of {ROUNDS}")
                fps, encoder = _measure_ours(program, frames, folder)
                ours.append(fps)
                codec = next(c for c in (*HARDWARE, SOFTWARE) if c.name == encoder)
                peers.append(_measure_peer(program, codec, folder))
            speeds.append(Speed(tuple(ours), tuple(peers)))
    return EncodeReport(machine, _peer_name(), encoder, *speeds)


def _paint_frames() -> Frames:
    """Return frames of a coloured, textured scene that moves: about as hard as a lit stage."""
    width, height = SIZE
    rows, columns = np.mgrid[: height * 3 // 2, : 2 * width]
    scene = 100 + 60 * np.sin(columns / 37) * np.cos(rows / 23)
    scene += np.random.default_rng(0).normal(0, 3, scene.shape)
    wide = scene.astype(np.uint8)
    return np.stack([wide[:, 2 * n : 2 * n + width] for n in range(_DIFFERENT)])


def _measure_ours(program: ProgramFormat, frames: Frames, folder: Path) -> tuple[float, str]:
    """Return frames a second and the encoder of the media process."""
    media = MediaProcess(program.width, program.height, program.rate, program.live)
    media.start()
    media.add(OutputSpec("mp4", str(folder / "ours.mp4")))
    began = time.perf_counter()
    for number in range(FRAMES):
        np.copyto(_wait_for_room(media), frames[number % _DIFFERENT])
        media.submit(number, number * 1_000_000_000 // RATE, 0)
    report = media.finish()
    spent = time.perf_counter() - began
    if report.frames != FRAMES or any(output.dropped for output in report.outputs):
        raise OutputError("the measured encoding", "lost frames", "measure on a quieter machine")
    return FRAMES / spent, report.encoder


def _wait_for_room(media: MediaProcess) -> Frames:
    deadline = time.monotonic() + _ROOM_S
    while (buffer := media.frame_buffer(_ROOM_S)) is None:
        if time.monotonic() > deadline:
            raise OutputError(
                "the media process", f"took no frame for {_ROOM_S:.0f} s", "try again"
            )
        time.sleep(_RETRY_S)
    return buffer


def _peer_name() -> str:
    if shutil.which("ffmpeg") is None:
        return f"PyAV {av.__version__} in a bare loop (the ffmpeg command is not installed)"
    told = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True)
    return " ".join(told.stdout.split()[:3])


def _measure_peer(program: ProgramFormat, codec: Codec, folder: Path) -> float:
    """Return the frames a second of the peer."""
    run = _run_ffmpeg if shutil.which("ffmpeg") else _run_bare_loop
    start_s, whole_s = (run(program, codec, folder, count) for count in (1, FRAMES + 1))
    return FRAMES / max(whole_s - start_s, _SHORTEST_S)


def _run_ffmpeg(program: ProgramFormat, codec: Codec, folder: Path, count: int) -> float:
    """Return the seconds in which the ffmpeg command encodes `count` frames."""
    frames = ("-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", f"{program.width}x{program.height}")
    options = [
        word
        for name, value in codec.options(program).items()
        # The command takes a bare -b for all streams.
        for word in ("-b:v" if name == "b" else f"-{name}", value)
    ]
    command = [
        "ffmpeg", "-v", "error", "-nostdin", "-y",
        "-stream_loop", "-1", *frames, "-r", str(RATE), "-i", str(folder / "frames.yuv"),
        "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo",
        "-frames:v", str(count), "-shortest",
        "-c:v", codec.name, *options, "-force_key_frames", "expr:gte(t,n_forced*2)",
        "-c:a", "aac", "-b:a", "160k", str(folder / "peer.mp4"),
    ]  # fmt: skip
    began = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PEER_S)
    if done.returncode:
        raise OutputError(
            "the ffmpeg command",
            f"failed ({done.stderr.strip()})",
            f"install one with {codec.name}",
        )
    return time.perf_counter() - began


def _run_bare_loop(program: ProgramFormat, codec: Codec, folder: Path, count: int) -> float:
    """Return the seconds in which PyAV alone, in a process of its own, encodes `count` frames."""
    process = get_context("spawn").Process(
        target=_encode_bare, args=(program, codec, folder, count), daemon=True
    )
    began = time.perf_counter()
    process.start()
    process.join(_PEER_S)
    if process.exitcode != 0:
        process.kill()
        raise OutputError("the bare loop", "did not encode the frames", "try again")
    return time.perf_counter() - began


def _encode_bare(program: ProgramFormat, codec: Codec, folder: Path, count: int) -> None:
    frames = np.memmap(folder / "frames.yuv", np.uint8, "r").reshape(
        _DIFFERENT, program.height * 3 // 2, program.width
    )
    with av.open(str(folder / "peer.mp4"), "w") as file:
        video = file.add_stream(codec.name, rate=program.rate, options=codec.options(program))
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = program.width, program.height, codec.pixels
        for number in range(count):
            frame = av.VideoFrame.from_numpy_buffer(
                np.array(frames[number % _DIFFERENT]), "yuv420p"
            )
            frame.pts, frame.time_base = number, 1 / program.rate
            file.mux(video.encode(frame))
        file.mux(video.encode(None))


def _describe_machine() -> dict[str, str | int | float]:
    processor = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if line.startswith("model name")]
        processor = names[0].partition(":")[2].strip() if names else processor
    return {
        "processor": processor,
        "cores": os.cpu_count() or 1,
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else -1.0,
        "system": platform.platform(),
        "python": platform.python_version(),
        "pyav": av.__version__,
        "libavcodec": ".".join(map(str, av.library_versions["libavcodec"])),
    }
