"""List microphones and sound outputs: with PortAudio if installed, else from ALSA's files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.platform import PLATFORM
from renderer.tools.devices.records import Device, DeviceSection

MICROPHONES: Final = ("microphones", "Microphones")
OUTPUTS: Final = ("sound_outputs", "Sound outputs")

ALSA: Final = Path("/proc/asound")

_CARD: Final = re.compile(r"^\s*(\d+) \[(\S+)\s*\]: \S+ - (.+)$", re.MULTILINE)
"""A line of /proc/asound/cards: number, id, driver, name."""
_PCM: Final = re.compile(r"^(\d+)-(\d+): ([^:]*):([^:]*)(.*)$", re.MULTILINE)
"""A line of /proc/asound/pcm: card, device, id, name, then playback and capture counts."""
_ALSA_NAME: Final = re.compile(r"\((hw:\d+,\d+)\)")
"""ALSA device name at the end of a PortAudio device name."""


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """A sound device.

    Attributes:
        name: as given by the system.
        address: as FFmpeg names it; empty for the system's default.
        inputs, outputs: number of recording and playback channels.
    """

    name: str
    address: str
    inputs: int
    outputs: int


def list_microphones(alsa: Path = ALSA) -> DeviceSection:
    """Return the devices that can be used as a voice.

    Args:
        alsa: ALSA's folder under /proc, on Linux.
    """
    found, note = _find(alsa)
    listed = tuple(
        Device(one.name, f"--voice mic:{one.address}" if one.address else "--voice mic")
        for one in found
        if one.inputs
    )
    return DeviceSection(*MICROPHONES, listed, note or ("" if listed else "None."))


def list_sound_outputs(alsa: Path = ALSA) -> DeviceSection:
    """Return the playback devices, as a show's [sound] names them for room and performers."""
    found, note = _find(alsa)
    listed = tuple(
        Device(one.name, "", details=(f"{one.outputs} channels",) if one.outputs > 1 else ())
        for one in found
        if one.outputs
    )
    return DeviceSection(*OUTPUTS, listed, note or ("" if listed else "None."))


def _find(alsa: Path) -> tuple[list[SoundDevice], str]:
    """Return all sound devices, or why they could not be listed."""
    try:
        return _by_portaudio(), ""
    except ImportError:
        missing = "the package sounddevice is not installed"
    except OSError:
        missing = "the library PortAudio is not installed"
    except Exception as fault:  # noqa: BLE001 - sounddevice raises a class that it alone defines.
        missing = f"PortAudio failed ({fault})"
    if not PLATFORM.has_alsa:
        return [], f"Cannot be listed: {missing}."
    return list(_by_alsa(alsa)), ""


def _by_portaudio() -> list[SoundDevice]:
    with _quiet_stderr():
        import sounddevice

        described = sounddevice.query_devices()
    return [
        SoundDevice(
            str(one["name"]),
            _address(str(one["name"])),
            int(one["max_input_channels"]),
            int(one["max_output_channels"]),
        )
        for one in described
    ]


def _address(name: str) -> str:
    """Return FFmpeg's address of a PortAudio device."""
    if not PLATFORM.has_alsa:
        return name
    match = _ALSA_NAME.search(name)
    # ALSA's plug plugin converts rate and format, so that any device can be opened.
    return f"plug{match[1]}" if match else "" if name == "default" else name


def _by_alsa(alsa: Path) -> Iterator[SoundDevice]:
    """Yield ALSA's devices as listed by the kernel."""
    try:
        cards = (alsa / "cards").read_text(errors="replace")
        devices = (alsa / "pcm").read_text(errors="replace")
    except OSError:
        return
    names = {int(number): (card, name) for number, card, name in _CARD.findall(cards)}
    for card, device, _, name, ability in _PCM.findall(devices):
        known, described = names.get(int(card), (card, f"card {card}"))
        yield SoundDevice(
            f"{described}, {name.strip()}",
            f"plughw:CARD={known},DEV={int(device)}",
            1 if "capture" in ability else 0,
            1 if "playback" in ability else 0,
        )


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Suppress ALSA's and JACK's messages on stderr."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
