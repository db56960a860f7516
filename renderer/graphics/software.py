"""Let OpenGL draw on the processor, for a show whose GPU has failed."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Mapping
from typing import Final

from renderer.platform import PLATFORM

VARIABLE: Final = "ENCORE_SOFTWARE_GL"
"""Environment variable that makes every context of a process a software rasteriser's."""
ENVIRONMENT: Final[Mapping[str, str]] = {VARIABLE: "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
"""Environment of a process that must not use the GPU; the second variable is Mesa's, for the
libraries that open contexts of their own."""
_EXTENSIONS: Final = 0x3055
"""EGL_EXTENSIONS, which eglQueryDeviceStringEXT takes."""
_SOFTWARE: Final = b"EGL_MESA_device_software"
"""Extension of the device that draws on the processor."""
_MOST_DEVICES: Final = 16


def is_software_requested() -> bool:
    """Return whether this process must not use the GPU."""
    return os.environ.get(VARIABLE) == "1"


def find_software_device() -> int | None:
    """Return the number of EGL's device that draws on the processor; None if there is none.

    Mesa lists it beside the GPUs, and ignores LIBGL_ALWAYS_SOFTWARE for a device that is named.
    """
    if PLATFORM.gl_context_options.get("backend") != "egl":
        return None
    try:
        library = ctypes.CDLL("libEGL.so.1")
        library.eglGetProcAddress.restype = ctypes.c_void_p
        list_devices = ctypes.CFUNCTYPE(
            ctypes.c_uint, ctypes.c_int, ctypes.POINTER(ctypes.c_void_p),
            ctypes.POINTER(ctypes.c_int),
        )(library.eglGetProcAddress(b"eglQueryDevicesEXT"))  # fmt: skip
        describe = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_void_p, ctypes.c_int)(
            library.eglGetProcAddress(b"eglQueryDeviceStringEXT")
        )
    # Without the library, or with one that lists no devices.
    except (OSError, AttributeError, TypeError):
        return None
    if not list_devices or not describe:
        return None
    devices, count = (ctypes.c_void_p * _MOST_DEVICES)(), ctypes.c_int()
    if not list_devices(_MOST_DEVICES, devices, ctypes.byref(count)):
        return None
    described = [describe(devices[number], _EXTENSIONS) or b"" for number in range(count.value)]
    return next((k for k, text in enumerate(described) if _SOFTWARE in text.split()), None)
