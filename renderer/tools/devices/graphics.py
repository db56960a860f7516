"""List GPUs and H.264 encoders."""

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
"""Time limit in seconds: hardware encoders may each take seconds to report their absence."""


def list_gpus() -> DeviceSection:
    """Return the device that OpenGL uses."""
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
    """Return the working H.264 encoders in order of preference.

    They are tested in a separate process, because drivers crash and x264 is GPL.
    """
    command = [sys.executable, "-m", "renderer.output.encode.probe"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_PROBE_S, check=True)
        names = [str(name) for name in json.loads(done.stdout)]
    except (ValueError, OSError, subprocess.SubprocessError) as fault:
        return DeviceSection(*ENCODERS, (), f"Cannot be tried ({fault}).")
    note = "" if names else "None: no show can be recorded or streamed."
    return DeviceSection(*ENCODERS, tuple(map(Device, names)), note)
