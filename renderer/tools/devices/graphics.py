"""Lists what draws the picture and what encodes it."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Final

from renderer.errors import GraphicsError
from renderer.tools.devices.records import Device, DeviceSection

GPUS: Final = ("gpus", "OpenGL renderer")
ENCODERS: Final = ("encoders", "Video encoders, the first is used")

_PROBE_S: Final = 60.0
"""Hardware encoders may take seconds each to say that they are not there."""


def list_gpus() -> DeviceSection:
    """Return what OpenGL draws with."""
    from renderer.graphics.gpu.context import open_context

    try:
        context, adapter = open_context()
    except GraphicsError as fault:
        return DeviceSection(*GPUS, (), f"None: {fault.fault}; {fault.remedy}.")
    context.release()
    kind = "in software, no GPU" if adapter.is_software else "on the GPU"
    details = (f"OpenGL {adapter.version}, {kind}",)
    return DeviceSection(*GPUS, (Device(adapter.name, details=details),))


def list_encoders() -> DeviceSection:
    """Return the H.264 encoders that work here, the preferred one first.

    They are tried in a process of their own: drivers crash, and x264 is GPL.
    """
    command = [sys.executable, "-m", "renderer.output.encode.probe"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_S, check=True)
        names = [str(name) for name in json.loads(done.stdout)]
    except (ValueError, OSError, subprocess.SubprocessError) as fault:
        return DeviceSection(*ENCODERS, (), f"Cannot be tried ({fault}).")
    note = "" if names else "None: no show can be recorded or streamed."
    return DeviceSection(*ENCODERS, tuple(map(Device, names)), note)
