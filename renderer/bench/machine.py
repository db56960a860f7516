"""Describe the machine that a benchmark ran on."""

from __future__ import annotations

import os
import platform
from pathlib import Path


def processor_name() -> str:
    """Return the processor's name, as far as the system reports it."""
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def load_average() -> float:
    """Return the load average of the last minute; 0 where the system does not report it."""
    return os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0


def describe_machine() -> dict[str, str | int | float]:
    """Return processor, cores, load before the start, system and Python."""
    return {
        "processor": processor_name(),
        "cores": os.cpu_count() or 1,
        "load": load_average(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }
