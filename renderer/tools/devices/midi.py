"""List MIDI ports: with mido where rtmidi is installed, else from Linux's device files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from renderer.platform import PLATFORM
from renderer.tools.devices.records import Device, DeviceSection

KEY: Final = "midi"
TITLE: Final = "MIDI ports"
USE: Final = "control.midi and control.timecode of a show's document take them by name."
INSTALL: Final = "pip install python-rtmidi names the ports of every system."

_RAW: Final = re.compile(r"midiC(\d+)D(\d+)")


def list_midi_ports(
    devices: Path = Path("/dev/snd"), alsa: Path = Path("/proc/asound")
) -> DeviceSection:
    """Return the MIDI inputs of this machine.

    Args:
        devices: folder of the raw MIDI device files, on Linux.
        alsa: ALSA's folder under /proc, on Linux.
    """
    try:
        import mido

        # Its default back end is python-rtmidi, an optional package.

        names = list(mido.get_input_names())
    except ImportError:
        if not PLATFORM.has_alsa:
            return DeviceSection(KEY, TITLE, (), f"Cannot be listed; {INSTALL}")
        names = [
            _name(alsa, match[1], match[2])
            for path in sorted(devices.glob("midi*"))
            if (match := _RAW.fullmatch(path.name))
        ]
    except OSError as fault:
        return DeviceSection(KEY, TITLE, (), f"Cannot be listed ({fault}).")
    return DeviceSection(KEY, TITLE, tuple(map(Device, names)), USE if names else "None.")


def _name(alsa: Path, card: str, device: str) -> str:
    """Return ALSA's name of a raw MIDI device; its number if it has none."""
    try:
        first = (alsa / f"card{card}" / f"midi{device}").read_text(errors="replace").splitlines()[0]
    except (OSError, IndexError):
        return f"MIDI card {card}, device {device}"
    return first.strip()
