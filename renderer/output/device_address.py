"""Parse addresses of outputs that other programs on this machine or network pick up by a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from renderer.errors import OutputError

NDI_PREFIX: Final = "ndi:"
VIRTUAL_CAMERA_PREFIX: Final = "vcam:"
_LONGEST_NAME: Final = 100


@dataclass(frozen=True, slots=True)
class DeviceAddress:
    """The name of an NDI source, or a virtual camera's device.

    Attributes:
        shown: the whole word.
        name: of the source or the device; empty for the first virtual camera there is.
    """

    shown: str
    name: str

    @property
    def has_literal_secret(self) -> bool:
        """Return False: it contains none."""
        return False

    @property
    def safer_form(self) -> str:
        """Return the word: nothing in it is secret."""
        return self.shown

    def fill_in(self) -> DeviceAddress:
        """Return it as it is: it refers to no key."""
        return self


def parse_ndi(word: str) -> DeviceAddress:
    """Parse `ndi:NAME`, the name by which receivers find the source.

    Raises:
        OutputError: it has no name.
    """
    name = word.removeprefix(NDI_PREFIX).strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise OutputError(
            f"the NDI source {name[:40]!r}",
            f"is no name of 1 to {_LONGEST_NAME} characters",
            "write it as ndi:Encore",
        )
    return DeviceAddress(word, name)


def parse_virtual_camera(word: str) -> DeviceAddress:
    """Parse `vcam:`, the first virtual camera of this machine, or `vcam:DEVICE`.

    Raises:
        OutputError: the device's name is none.
    """
    name = word.removeprefix(VIRTUAL_CAMERA_PREFIX).strip()
    if len(name) > _LONGEST_NAME or not (name.isprintable() or not name):
        raise OutputError(
            f"the virtual camera {name[:40]!r}", "is no device", "write it as vcam:/dev/video4"
        )
    return DeviceAddress(word, name)
