"""Lists microphones and sound outputs: by PortAudio if installed, else by ALSA's own files."""

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
"""How PortAudio names an ALSA device at the end of its name."""


@dataclass(frozen=True, slots=True)
class SoundDevice:
    """A device for sound.

    Attributes:
        name: what the system calls it.
        address: what FFmpeg opens it by; empty for the system's default.
        inputs, outputs: channels that it records and plays.
    """

    name: str
    address: str
    inputs: int
    outputs: int


def list_microphones(alsa: Path = ALSA) -> DeviceSection:
    """Return what can be listened to as a voice.

    Args:
        alsa: folder in which ALSA describes itself, on Linux.
    """
    found, note = _find(alsa)
    listed = tuple(
        Device(one.name, f"--voice mic:{one.address}" if one.address else "--voice mic")
        for one in found
        if one.inputs
    )
    return DeviceSection(*MICROPHONES, listed, note or ("" if listed else "None."))


def list_sound_outputs(alsa: Path = ALSA) -> DeviceSection:
    """Return what sound could be played on; shows play into their outputs alone."""
    found, note = _find(alsa)
    listed = tuple(
        Device(one.name, "", details=(f"{one.outputs} channels",) if one.outputs > 1 else ())
        for one in found
        if one.outputs
    )
    return DeviceSection(*OUTPUTS, listed, note or ("" if listed else "None."))


def _find(alsa: Path) -> tuple[list[SoundDevice], str]:
    """Return all sound devices, and why they could not be listed."""
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

        told = sounddevice.query_devices()
    return [
        SoundDevice(
            str(one["name"]),
            _address(str(one["name"])),
            int(one["max_input_channels"]),
            int(one["max_output_channels"]),
        )
        for one in told
    ]


def _address(name: str) -> str:
    """Return what FFmpeg opens a PortAudio device by."""
    if not PLATFORM.has_alsa:
        return name
    match = _ALSA_NAME.search(name)
    # ALSA's plug converts rate and format, so that any device can be opened.
    return f"plug{match[1]}" if match else "" if name == "default" else name


def _by_alsa(alsa: Path) -> Iterator[SoundDevice]:
    """Yield ALSA's devices as the kernel lists them."""
    try:
        cards = (alsa / "cards").read_text(errors="replace")
        devices = (alsa / "pcm").read_text(errors="replace")
    except OSError:
        return
    names = {int(number): (card, name) for number, card, name in _CARD.findall(cards)}
    for card, device, _, name, ability in _PCM.findall(devices):
        known, told = names.get(int(card), (card, f"card {card}"))
        yield SoundDevice(
            f"{told}, {name.strip()}",
            f"plughw:CARD={known},DEV={int(device)}",
            1 if "capture" in ability else 0,
            1 if "playback" in ability else 0,
        )


@contextmanager
def _quiet_stderr() -> Iterator[None]:
    """Keep ALSA and JACK from writing their searches onto the terminal."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
