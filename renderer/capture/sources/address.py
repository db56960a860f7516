"""Classify input specifications and remove credentials from them for display."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from renderer.errors import CaptureError

CAMERA_PREFIX: Final = "camera:"
DEVICE_PREFIX: Final = "/dev/video"
LOOP_PREFIX: Final = "loop:"
GUEST_PREFIX: Final = "guest:"
MACHINE_PREFIX: Final = "machine:"
TAKE_SUFFIX: Final = ".mcap"
ANIMATION_SUFFIXES: Final = (".vrma", ".bvh")
_VIDEO_SUFFIXES: Final = (".avi", ".m4v", ".mkv", ".mov", ".mp4", ".ts", ".webm")
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


def is_guest(spec: str) -> bool:
    """Return whether an input is a performer elsewhere, `guest:NAME`."""
    return spec.startswith(GUEST_PREFIX) and not Path(spec).is_file()


def is_machine(spec: str) -> bool:
    """Return whether an input is another machine that tracks for this show."""
    return spec.startswith(MACHINE_PREFIX) and not Path(spec).is_file()


def is_live(spec: str) -> bool:
    """Return whether an input comes in real time: a camera of any machine, or a guest."""
    return is_network(spec) or is_camera(spec) or is_machine(spec) or is_guest(spec)


def is_looped(spec: str) -> bool:
    """Return whether an input is a file that begins again at its end."""
    return spec.startswith(LOOP_PREFIX) and not Path(spec).is_file()


def is_take(spec: str) -> bool:
    """Return whether an input is a recorded take."""
    return not (is_network(spec) or is_looped(spec)) and spec.lower().endswith(TAKE_SUFFIX)


def is_animation(spec: str) -> bool:
    """Return whether an input is an animation file of another program."""
    return not (is_network(spec) or is_looped(spec)) and spec.lower().endswith(ANIMATION_SUFFIXES)


def has_picture(spec: str) -> bool:
    """Return whether an input is a picture of performers, and not motion that was solved before."""
    return not (is_take(spec) or is_animation(spec) or is_guest(spec))


def split_cameras(spec: str) -> tuple[str, ...]:
    """Return the cameras that an input names: several on one performer are joined by `+`.

    A `+` separates only where an input begins after it (a camera, a device, an address, or a file
    that exists) and the word as a whole is no file, so that names may contain it. After cameras
    that were found so, what follows is a camera, too, whether it exists or not.
    """
    if Path(spec).exists():
        return (spec,)
    parts = [""]
    for piece in spec.split("+"):
        if parts[-1] and _begins_input(parts[-1]) and (_begins_input(piece) or is_file_like(piece)):
            parts.append(piece)
        else:
            parts[-1] += f"+{piece}" if parts[-1] else piece
    return tuple(parts)


def is_file_like(spec: str) -> bool:
    """Return whether a word ends as the name of a video or of an image pattern does."""
    return Path(spec).suffix.lower() in _VIDEO_SUFFIXES


def _begins_input(spec: str) -> bool:
    """Return whether a word is an input by its form, or a file that exists."""
    return is_live(spec) or Path(spec).exists() or is_file_like(spec)


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
