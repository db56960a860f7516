"""List what a show can use on this machine: cameras, sound, MIDI, network, GPU and encoders."""

from __future__ import annotations

from renderer.tools.devices.cameras import list_cameras
from renderer.tools.devices.graphics import list_encoders, list_gpus
from renderer.tools.devices.midi import list_midi_ports
from renderer.tools.devices.network import list_addresses, list_tracker_ports
from renderer.tools.devices.records import Device, DeviceSection, DeviceState
from renderer.tools.devices.sound import list_microphones, list_sound_outputs

__all__ = ["Device", "DeviceSection", "DeviceState", "list_devices"]


def list_devices() -> list[DeviceSection]:
    """Return every kind of device with the devices found; takes some seconds."""
    return [
        list_cameras(),
        list_microphones(),
        list_sound_outputs(),
        list_midi_ports(),
        list_addresses(),
        list_tracker_ports(),
        list_gpus(),
        list_encoders(),
    ]
