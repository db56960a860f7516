"""What an input's name says, and what of it may be shown to people."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from renderer.errors import CaptureError

CAMERA_PREFIX: Final = "camera:"
DEVICE_PREFIX: Final = "/dev/video"
TAKE_SUFFIX: Final = ".mcap"
ANIMATION_SUFFIXES: Final = (".vrma", ".bvh")
_RTSP: Final = ("rtsp", "rtsps")
_HTTP: Final = ("http", "https")


def is_camera(spec: str) -> bool:
    """Return whether an input is a camera of this machine; a file of that very name is a file."""
    if spec.startswith(CAMERA_PREFIX):
        return not Path(spec).is_file()
    return spec.startswith(DEVICE_PREFIX)


def is_network(spec: str) -> bool:
    """Whether an input is an address on the network."""
    return "://" in spec


def is_live(spec: str) -> bool:
    """Whether an input comes in real time: a camera of this machine or of the network."""
    return is_network(spec) or is_camera(spec)


def is_take(spec: str) -> bool:
    """Whether an input is a recorded take."""
    return not is_network(spec) and spec.lower().endswith(TAKE_SUFFIX)


def is_animation(spec: str) -> bool:
    """Whether an input is an animation of another program."""
    return not is_network(spec) and spec.lower().endswith(ANIMATION_SUFFIXES)


def without_password(spec: str) -> str:
    """An input's name as a desk or a log may show it.

    Of an address that is the scheme, host, port and path: names, passwords and whatever stands
    behind a question mark are kept back.
    """
    if not is_network(spec):
        return spec
    try:
        parts = urlsplit(spec)
        port = f":{parts.port}" if parts.port else ""
        host = parts.hostname or "…"
    except ValueError:
        return f"{spec.partition('://')[0]}://…"
    return f"{parts.scheme}://{host}{port}{parts.path}" + ("?…" if parts.query else "")


def check_address(spec: str) -> str:
    """The scheme of a camera's network address.

    Raises:
        CaptureError: it is none that can be watched.
    """
    remedy = "write it as rtsp://host/path, or as http://host/path.m3u8"
    try:
        parts = urlsplit(spec)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise CaptureError("The camera's address", "cannot be read", remedy) from None
    is_playlist = parts.scheme in _HTTP and parts.path.lower().endswith((".m3u8", ".m3u"))
    if not host or not (parts.scheme in _RTSP or is_playlist):
        raise CaptureError(without_password(spec), "is no address of a camera or a stream", remedy)
    return parts.scheme
