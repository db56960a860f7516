"""List cameras: with Video4Linux on Linux, with the system's own list elsewhere."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from renderer.platform import PLATFORM
from renderer.tools.devices import v4l2
from renderer.tools.devices.records import Device, DeviceSection, DeviceState

KEY: Final = "cameras"
TITLE: Final = "Cameras"

_FORMATS_SHOWN: Final = 4
_ASK_S: Final = 20.0
"""Time limit in seconds: the system's own lister may take some seconds on first use."""


def list_cameras(
    devices: Path = Path("/dev"),
    read_card: Callable[[Path], tuple[str, list[v4l2.CameraFormat]] | None] = v4l2.read_card,
) -> DeviceSection:
    """Return the cameras of this machine.

    Args:
        devices: folder of the device files, on Linux.
        read_card: returns a device's name and formats.
    """
    if PLATFORM.camera_lister:
        return _from_lister()
    found = sorted(
        (int(match[1]), path)
        for path in devices.glob("video*")
        if (match := re.fullmatch(r"video(\d+)", path.name))
    )
    users = find_users({str(path) for _, path in found}) if found else {}
    listed = []
    for number, path in found:
        option = f"--input camera:{number}"
        try:
            card = read_card(path)
        except PermissionError:
            remedy = "add this user to the group “video”, then log in again"
            listed.append(Device(str(path), option, DeviceState.DENIED, (remedy,)))
            continue
        except OSError as fault:
            details = (f"does not answer ({fault.strerror})",)
            listed.append(Device(str(path), option, DeviceState.TAKEN, details))
            continue
        if card is None:
            continue
        name, formats = card
        by = users.get(str(path), "")
        about = [f"open in {by}"] if by else []
        about += [str(one) for one in formats[:_FORMATS_SHOWN]]
        state = DeviceState.TAKEN if by else DeviceState.READY
        listed.append(Device(f"{name}, {path}", option, state, tuple(about)))
    return _section(listed)


def find_users(paths: set[str], processes: Path = Path("/proc")) -> dict[str, str]:
    """Return the program that has each of these device files open, if this user may see it."""
    users: dict[str, str] = {}
    for folder in processes.glob("[0-9]*/fd"):
        try:
            opened = set(map(_target, folder.iterdir()))
            name = (folder.parent / "comm").read_text().strip()
        except OSError:
            continue  # It ended, or belongs to another user.
        for path in paths.intersection(opened):
            users.setdefault(path, f"{name} (process {folder.parent.name})")
    return users


def _target(link: Path) -> str:
    """Return what a link points to; empty if it no longer exists."""
    try:
        return str(link.readlink())
    except OSError:
        return ""


def _from_lister() -> DeviceSection:
    """Return the cameras that the system's own lister names, numbered in its order."""
    try:
        done = subprocess.run(
            PLATFORM.camera_lister, capture_output=True, timeout=_ASK_S, check=True, text=True
        )
        names = PLATFORM.camera_names(json.loads(done.stdout or "[]"))
    except (OSError, ValueError, subprocess.SubprocessError) as fault:
        return DeviceSection(KEY, TITLE, (), f"The system's list cannot be read ({fault}).")
    return _section(Device(name, f"--input camera:{number}") for number, name in enumerate(names))


def _section(cameras: Iterable[Device]) -> DeviceSection:
    listed = tuple(cameras)
    note = "" if listed else "None. A camera on the network is --input rtsp://HOST/PATH."
    return DeviceSection(KEY, TITLE, listed, note)
