"""Fixtures: a song of beeps, a stream server and a small disk."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

# Tests are not a package; shared helpers are modules in this folder.
sys.path.append(str(Path(__file__).parent / "output"))

from showing import BEEPS, RtmpServer

from renderer.bench import rtmp_server


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Write four seconds at 44.1 kHz, silent except for beeps of 50 ms."""
    times = np.arange(4 * 44_100) / 44_100
    on = np.any([(times >= at) & (times < at + 0.05) for at in BEEPS], axis=0)
    samples = (20_000 * on * np.sin(2 * np.pi * 1000 * times)).astype("<i2")
    path = tmp_path / "beeps.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44_100)
        file.writeframes(np.repeat(samples, 2).tobytes())
    return path


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RtmpServer]:
    if not rtmp_server.is_installed():
        pytest.skip("nginx with its RTMP module is not installed")
    server = RtmpServer(tmp_path / "nginx")
    yield server
    server.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a disk of half a megabyte."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk of its own can only be mounted by root")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)
