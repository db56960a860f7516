"""The receiver that tests of SRT use: srt-tools' own."""

from __future__ import annotations

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

TOOL = "srt-live-transmit"


def free_udp_port() -> int:
    """Return a UDP port that nothing uses now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class SrtPeer:
    """Receives a stream into a file; skips the test where srt-tools are not installed."""

    def __init__(self, address: str, path: Path) -> None:
        if shutil.which(TOOL) is None:
            pytest.skip("srt-tools are not installed")
        self.path = path
        with path.open("wb") as file:
            self.process = subprocess.Popen(
                [TOOL, "-q", "-loglevel:fatal", "-a:no", address, "file://con"],
                stdout=file,
                stderr=subprocess.DEVNULL,
            )

    @property
    def received(self) -> int:
        """Return the number of bytes received."""
        return self.path.stat().st_size

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
