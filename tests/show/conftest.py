"""Fixtures: short parts of the demo's clip, and the real command."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from renderer.paths import CLIP

Start = Callable[..., subprocess.Popen[str]]


def cut(path: Path, frames: int) -> Path:
    """Write the first frames of the demo's clip to a file; its suffix selects the format."""
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        picture = source.streams.video[0]
        stream = target.add_stream("libx264", rate=picture.average_rate)
        stream.width, stream.height, stream.pix_fmt = picture.width, picture.height, "yuv420p"
        for number, frame in enumerate(source.decode(picture)):
            if number == frames:
                break
            target.mux(stream.encode(frame))
        target.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return two seconds of the demo's performer."""
    return cut(tmp_path_factory.mktemp("clips") / "short.mp4", 60)


@pytest.fixture(scope="session")
def short_avi(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the same as AVI, which can be read up to a truncation."""
    return cut(tmp_path_factory.mktemp("clips") / "short.avi", 60)


@pytest.fixture(scope="session")
def longer_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return five seconds of the demo's performer."""
    return cut(tmp_path_factory.mktemp("clips") / "longer.mp4", 150)


@pytest.fixture(scope="session")
def long_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the demo's performer ten times over: five minutes, which outlast a loaded machine."""
    path = tmp_path_factory.mktemp("clips") / "long.mp4"
    with av.open(str(CLIP)) as source, av.open(str(path), "w") as target:
        picture = source.streams.video[0]
        stream = target.add_stream_from_template(picture)
        length = picture.duration
        assert length is not None
        for turn in range(10):
            source.seek(0)
            for packet in source.demux(picture):
                if packet.pts is None or packet.dts is None:
                    continue
                packet.pts += turn * length
                packet.dts += turn * length
                packet.stream = stream
                target.mux(packet)
    return path


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the test's own runtime folder, so that it finds no other show."""
    folder = tmp_path / "run"
    monkeypatch.setenv("ENCORE_RUNTIME", str(folder))
    return folder


@pytest.fixture
def start(runtime: Path) -> Start:
    """Return a function that starts the real command; processes still running at the end are
    killed."""
    running: list[subprocess.Popen[str]] = []

    def begin(*words: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "renderer.cli", *map(str, words)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=dict(os.environ),
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        if process.poll() is None:
            process.kill()
        process.communicate()
