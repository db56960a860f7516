"""Keep what each operator has set: perspective, role, dissolve time, language, layouts. No Qt.

Settings are a convenience: a file that cannot be read starts again, one that cannot be written is
told once, and neither stops a show.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from renderer.errors import DeskError
from renderer.paths import config_folder

_MOST_RECENT: Final = 12
_S = TypeVar("_S", bound=msgspec.Struct)


class OperatorSettings(msgspec.Struct, frozen=True):
    """What one operator has set.

    Attributes:
        perspective: id of the one that was last in front.
        dissolve_s: length of a dissolve, seconds.
        layouts: Qt's states of the perspectives that the operator has arranged, base64.
        own_panels: ids of the panels of the operator's own perspective.
        language: "en", "ko" or "ja"; empty for the system's.
        dims_room: whether the desk is dimmed for a dark room.
    """

    perspective: str = "director"
    dissolve_s: float = 0.5
    layouts: dict[str, str] = msgspec.field(default_factory=dict)
    own_panels: list[str] = msgspec.field(default_factory=list)
    language: str = ""
    dims_room: bool = False


class StudioSettings(msgspec.Struct, frozen=True):
    """What is asked once per studio.

    Attributes:
        operator: who sat at the desk last.
        studio: name of who performs; empty until it was asked.
        usage: for whose profit, as a show's document says it; empty until it was asked.
        recent: files of the shows, the newest first.
        avatars: files of avatars and folders of them, the newest first.
        has_toured: whether somebody has finished or left the tour.
    """

    operator: str = "operator"
    studio: str = ""
    usage: str = ""
    recent: list[str] = msgspec.field(default_factory=list)
    avatars: list[str] = msgspec.field(default_factory=list)
    has_toured: bool = False


class SettingsFile:
    """The desk's settings in the user's configuration folder.

    Attributes:
        studio: what every operator shares.
        fault: why the settings cannot be kept, a sentence; or empty.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or config_folder() / "desk"
        self.fault = ""
        self.studio = self._read("studio", StudioSettings) or StudioSettings()

    def operator(self, name: str) -> OperatorSettings:
        """Return an operator's settings; the defaults for a new one."""
        return self._read(_file_name(name), OperatorSettings) or OperatorSettings()

    def keep_operator(self, name: str, settings: OperatorSettings) -> None:
        """Write an operator's settings."""
        self._write(_file_name(name), settings)

    def keep_studio(self, studio: StudioSettings) -> None:
        """Write what every operator shares."""
        self.studio = studio
        self._write("studio", studio)

    def add_recent(self, file: str) -> None:
        """Put a show first in the list of recent ones."""
        others = [one for one in self.studio.recent if one != file]
        recent = [file, *others][:_MOST_RECENT]
        if recent != self.studio.recent:
            self.keep_studio(msgspec.structs.replace(self.studio, recent=recent))

    def _read(self, name: str, kind: type[_S]) -> _S | None:
        try:
            return msgspec.json.decode((self._folder / f"{name}.json").read_bytes(), type=kind)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self, name: str, value: msgspec.Struct) -> None:
        path = self._folder / f"{name}.json"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = path.with_suffix(".part")
            part.write_bytes(msgspec.json.format(msgspec.json.encode(value)))
            part.replace(path)
            self.fault = ""
        except OSError as fault:
            self.fault = str(
                DeskError(
                    f"the settings {path}",
                    f"cannot be written ({fault.strerror})",
                    "set ENCORE_CONFIG to a folder of your own",
                )
            )


def _file_name(operator: str) -> str:
    """Return a file name for an operator: other names never meet the studio's."""
    plain = re.sub(r"[^\w.-]", "_", operator)[:60]
    return f"operator-{plain or 'unnamed'}"
