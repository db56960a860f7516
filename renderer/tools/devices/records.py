"""Describe devices as plain data, for display and for programs."""

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
    """The system denies this user access."""


@dataclass(frozen=True, slots=True)
class Device:
    """One device.

    Attributes:
        name: as given by the manufacturer or the system.
        option: command-line option that selects it; empty if there is none.
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
        title: the kind's name for display.
        devices: the devices found.
        note: why there are none, or what could not be queried, a sentence; may be empty.
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
    """Return the devices as text by kind, each with the option that selects it."""
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
