"""Fixtures: recorded packets, and generated ones."""

from __future__ import annotations

import gzip
import re
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

SECOND = 1_000_000_000
LiveLinkMaker = Callable[..., bytes]


@pytest.fixture
def live_link_packet() -> LiveLinkMaker:
    """Return a maker of Live Link Face datagrams."""

    def make(
        frame: int = 0,
        values: list[float] | None = None,
        fraction: float = 0.0,
        rate: int = 60,
        name: str = "Phone",
        denominator: int = 1,
    ) -> bytes:
        values = [0.0] * 61 if values is None else values
        device = b"DEADC0DE-1337-1337-1337-CAFEBABE0001"
        head = b"\x06" + struct.pack(">i", len(device)) + device
        head += struct.pack(">i", len(name)) + name.encode()
        body = struct.pack(">ifiiB", frame, fraction, rate, denominator, len(values))
        return head + body + struct.pack(f">{len(values)}f", *values)

    return make


@pytest.fixture(scope="session")
def recorded_live_link(shared_data: Path) -> list[bytes]:
    """Return 3660 datagrams of an app that shows every shape in turn."""
    data = gzip.decompress((shared_data / "arkit" / "debug-all-blendshapes.gesichter").read_bytes())
    out, at = [], 5
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        out.append(data[at + 4 : at + 4 + length])
        at += 4 + length
    return out


@pytest.fixture(scope="session")
def recorded_vmc(shared_data: Path) -> Callable[[str], list[tuple[int, bytes]]]:
    """Return the datagrams of a recording, each with its arrival time in nanoseconds."""

    def read(name: str) -> list[tuple[int, bytes]]:
        out: list[tuple[int, bytes]] = []
        path = shared_data / "packets" / f"{name}-30hz.vmcpackets"
        for line in path.read_text().splitlines():
            if begin := re.match(r"d ([\d.]+) \d+", line):
                out.append((SECOND + round(float(begin[1]) * SECOND), b""))
            elif out and line.startswith("  "):
                out[-1] = out[-1][0], out[-1][1] + bytes.fromhex(line.split("|")[0])
        return out

    return read


@pytest.fixture(scope="session")
def shared_cases() -> Callable[[str], list[bytes]]:
    """Return the datagrams of a regression case, each preceded by its length in the file."""
    folder = Path(__file__).resolve().parents[4] / "shared" / "cases"
    if not folder.is_dir():
        pytest.skip("the shared cases are not beside this checkout")

    def read(name: str) -> list[bytes]:
        data = (folder / f"{name}.dgrams").read_bytes()
        out, at = [], 0
        while at < len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            out.append(data[at + 4 : at + 4 + length])
            at += 4 + length
        return out

    return read
