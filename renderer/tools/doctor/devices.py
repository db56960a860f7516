"""Check devices, and warn about missing ones that a live show usually needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from renderer.tools.devices.cameras import list_cameras
from renderer.tools.devices.midi import list_midi_ports
from renderer.tools.devices.network import list_addresses, list_tracker_ports
from renderer.tools.devices.records import DeviceSection, DeviceState
from renderer.tools.devices.sound import list_microphones, list_sound_outputs
from renderer.tools.doctor.records import Finding, Verdict

LISTERS: Final[tuple[tuple[Callable[[], DeviceSection], str], ...]] = (
    (list_cameras, "plug one in, or take a file or a network camera"),
    (list_microphones, "plug one in, or take a sound file as the voice"),
    (list_addresses, "connect it to a network for phones, suits and streams"),
    (list_tracker_ports, ""),
    (list_sound_outputs, ""),
    (list_midi_ports, ""),
)
"""Each lister with its remedy if no device is found; empty if a show does not need one."""


def check_devices() -> Iterator[Finding]:
    """Yield one finding per kind of device; `encore devices` lists the options that select them."""
    for lister, remedy in LISTERS:
        yield judge(lister(), remedy)


def judge(section: DeviceSection, remedy: str) -> Finding:
    """Return a warning if no device is ready, or if one is present but cannot be used."""
    ready = [one.name for one in section.ready]
    blocked = [one for one in section.devices if one.state is not DeviceState.READY]
    text = "; ".join(ready) or "none"
    if blocked:
        states = "; ".join(f"{one.name} is {one.state.value}" for one in blocked)
        advice = "; ".join(one.details[-1] for one in blocked if one.details)
        text = f"{states}; ready: {text}"
        return Finding(section.title, Verdict.WARNING, text, advice or remedy)
    if not ready and remedy:
        return Finding(section.title, Verdict.WARNING, text, remedy)
    return Finding(section.title, Verdict.OK, text)
