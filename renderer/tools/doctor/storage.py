"""Check folders: space and speed for recordings, and a place for the log."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from renderer import paths
from renderer.tools.doctor.records import Finding, Verdict

TWO_HOURS_GB: Final = 5.0
"""Size of two hours of 1280×720 at 60 frames per second, in gigabytes: 0.1 bits per pixel
(`output.encode.format`)."""
SLOWEST_MB_S: Final = 20.0
"""Lowest speed in megabytes per second: ten times what a recording, a take and a stream's segments
write together."""

_PROBE_BYTES: Final = 32 << 20
"""Large enough for the disk to dominate the time rather than the call."""


def check_output_folder(folder: Path) -> Iterator[Finding]:
    """Yield the free space for recordings, and the write speed."""
    thing = f"Output folder {folder}"
    there = _nearest_folder(folder)
    free_gb = shutil.disk_usage(there).free * 1e-9
    if free_gb < TWO_HOURS_GB:
        yield Finding(
            thing,
            Verdict.WARNING,
            f"{free_gb:.1f} GB free, and two hours of 720p take {TWO_HOURS_GB:g} GB",
            "free some space, or record to another disk",
        )
    else:
        yield Finding(thing, Verdict.OK, f"{free_gb:.0f} GB free")
    try:
        speed = measure_write_speed(there)
    except OSError as fault:
        text = f"cannot be written to ({fault.strerror})"
        yield Finding(thing, Verdict.PROBLEM, text, "name another by --out, or change its rights")
        return
    if speed < SLOWEST_MB_S:
        text = f"takes {speed:.0f} MB/s, less than the {SLOWEST_MB_S:g} that a show needs"
        yield Finding(thing, Verdict.WARNING, text, "record to a local disk")
    else:
        yield Finding(thing, Verdict.OK, f"takes {speed:.0f} MB/s")


def check_log_folder() -> Iterator[Finding]:
    """Yield the log's folder, and whether it is writable."""
    folder = paths.logs_folder()
    there = _nearest_folder(folder)
    if os.access(there, os.W_OK):
        yield Finding("Log folder", Verdict.OK, str(folder))
    else:
        yield Finding(
            "Log folder", Verdict.PROBLEM, f"{folder} cannot be written to", "change its rights"
        )


def measure_write_speed(folder: Path) -> float:
    """Return the disk's write speed, megabytes per second.

    Raises:
        OSError: writing failed.
    """
    data = os.urandom(1 << 20)
    began = time.perf_counter()
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(_PROBE_BYTES // len(data)):
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return _PROBE_BYTES * 1e-6 / (time.perf_counter() - began)


def _nearest_folder(folder: Path) -> Path:
    """Return the folder, or its nearest existing parent."""
    folder = folder.absolute()
    while not folder.is_dir() and folder != folder.parent:
        folder = folder.parent
    return folder
