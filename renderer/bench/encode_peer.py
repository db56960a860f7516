"""Encode with the program compared with: the ffmpeg command, or PyAV where that is missing."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

import av
import numpy as np

from renderer.bench.cost import Cost, Stopwatch
from renderer.errors import OutputError
from renderer.output.encode.codecs import Codec
from renderer.output.encode.format import ProgramFormat
from renderer.processes.child import Child
from renderer.processes.process import ChildProcess

_PEER_S: Final = 600.0
"""Time limit of the peer, seconds."""


def name_peer() -> str:
    """Return the peer's name and version."""
    if shutil.which("ffmpeg") is None:
        return f"PyAV {av.__version__} in a bare loop (the ffmpeg command is not installed)"
    version = subprocess.run(["ffmpeg", "-version"], capture_output=True, text=True, check=True)
    return " ".join(version.stdout.split()[:3])


def run_peer(program: ProgramFormat, codec: Codec, frames: Path, count: int) -> Cost:
    """Encode frames with the peer and return its cost.

    Args:
        frames: file of I420 frames, repeated as often as needed.
        count: number of frames to encode.

    Raises:
        OutputError: the peer could not encode the frames.
    """
    run = _run_ffmpeg if shutil.which("ffmpeg") else _run_bare_loop
    return run(program, codec, frames, count)


def _run_ffmpeg(program: ProgramFormat, codec: Codec, frames: Path, count: int) -> Cost:
    """Return the ffmpeg command's cost for `count` frames."""
    size = f"{program.width}x{program.height}"
    options = [
        word
        for name, value in codec.options(program).items()
        # ffmpeg applies a bare -b to all streams.
        for word in ("-b:v" if name == "b" else f"-{name}", value)
    ]
    command = [
        "ffmpeg", "-v", "error", "-nostdin", "-y",
        "-stream_loop", "-1", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", size,
        "-r", str(program.rate), "-i", str(frames),
        "-f", "lavfi", "-i", "anullsrc=r=48000:cl=stereo",
        "-frames:v", str(count), "-shortest",
        "-c:v", codec.name, *options, "-force_key_frames", "expr:gte(t,n_forced*2)",
        "-c:a", "aac", "-b:a", "160k", str(frames.with_name("peer.mp4")),
    ]  # fmt: skip
    watch = Stopwatch()
    done = subprocess.run(command, capture_output=True, text=True, timeout=_PEER_S)
    if done.returncode:
        why = f"failed ({done.stderr.strip()})"
        raise OutputError("the ffmpeg command", why, f"install one with {codec.name}")
    return watch.read()


def _run_bare_loop(program: ProgramFormat, codec: Codec, frames: Path, count: int) -> Cost:
    """Return the cost of PyAV alone, in its own process, for `count` frames."""
    watch = Stopwatch()
    with closing(ChildProcess("peer", _encode_bare, program, codec, frames, count)) as process:
        process.start()
        if not process.wait(_PEER_S) or process.exit_status != 0:
            fault = process.error.fault if process.error else "did not encode the frames"
            raise OutputError("the bare loop", fault, "try again")
        return watch.read()


def _encode_bare(
    child: Child, program: ProgramFormat, codec: Codec, frames: Path, count: int
) -> None:
    child.ready()
    stored = np.memmap(frames, np.uint8, "r").reshape(-1, program.height * 3 // 2, program.width)
    with av.open(str(frames.with_name("peer.mp4")), "w") as file:
        video = file.add_stream(codec.name, rate=program.rate, options=codec.options(program))
        assert isinstance(video, av.VideoStream)
        video.width, video.height, video.pix_fmt = program.width, program.height, codec.pixels
        for number in range(count):
            frame = av.VideoFrame.from_numpy_buffer(
                np.array(stored[number % len(stored)]), "yuv420p"
            )
            frame.pts, frame.time_base = number, 1 / program.rate
            file.mux(video.encode(frame))
        file.mux(video.encode(None))
