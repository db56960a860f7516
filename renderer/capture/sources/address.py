"""Classify input specifications and remove credentials from them for display."""

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
    """Return whether an input is a local camera; an existing file of that name takes precedence."""
    if spec.startswith(CAMERA_PREFIX):
        return not Path(spec).is_file()
    return spec.startswith(DEVICE_PREFIX)


def is_network(spec: str) -> bool:
    """Return whether an input is a network address."""
    return "://" in spec


def is_live(spec: str) -> bool:
    """Return whether an input comes in real time: a local or a network camera."""
    return is_network(spec) or is_camera(spec)


def is_take(spec: str) -> bool:
    """Return whether an input is a recorded take."""
    return not is_network(spec) and spec.lower().endswith(TAKE_SUFFIX)


def is_animation(spec: str) -> bool:
    """Return whether an input is an animation file of another program."""
    return not is_network(spec) and spec.lower().endswith(ANIMATION_SUFFIXES)


def without_password(spec: str) -> str:
    """Return an input's name for display in the desk or a log.

    Of an address it contains the scheme, host, port and path; user name, password and query are
    removed.
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
    """Return the scheme of a camera's network address.

    Raises:
        CaptureError: the address is invalid or not supported.
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
