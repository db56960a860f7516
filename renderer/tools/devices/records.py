"""Devices as plain data, for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any


class DeviceState(Enum):
    """Whether a device can be used now."""

    READY = "ready"
    TAKEN = "taken"
    DENIED = "denied"
    """The system does not let this user open it."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes:
        name: what its maker or the system calls it.
        option: what to type to use it; empty where no option selects it.
        state: whether it can be used now.
        details: formats, addresses and the like, a few words each.
    """

    name: str
    option: str = ""
    state: DeviceState = DeviceState.READY
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceSection:
    """All devices of one kind.

    Attributes:
        key: the kind's name for programs.
        title: the kind's name for people.
        devices: those that were found.
        note: why there are none, or what could not be asked, a sentence; or empty.
    """

    key: str
    title: str
    devices: tuple[Device, ...]
    note: str = ""

    @property
    def ready(self) -> tuple[Device, ...]:
        """Return the devices that can be used now."""
        return tuple(one for one in self.devices if one.state is DeviceState.READY)


def as_dict(sections: Sequence[DeviceSection]) -> dict[str, Any]:
    """Return plain data for JSON: by kind, the devices and the note."""
    return {
        section.key: {
            "devices": [asdict(one) | {"state": one.state.value} for one in section.devices],
            "note": section.note,
        }
        for section in sections
    }


def as_text(sections: Sequence[DeviceSection]) -> str:
    """Return the devices by kind, each with what to type for it."""
    lines: list[str] = []
    for section in sections:
        lines += ["", section.title]
        wide = max((len(one.option) for one in section.devices), default=0)
        for one in section.devices:
            state = "" if one.state is DeviceState.READY else f" ({one.state.value})"
            lines.append(f"  {one.option:{wide}}{'  ' if wide else ''}{one.name}{state}")
            lines += [f"  {'':{wide}}    {detail}" for detail in one.details]
        if section.note:
            lines.append(f"  {section.note}")
    return "\n".join(lines[1:])
