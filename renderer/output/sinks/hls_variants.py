"""List the renditions of an HLS output in playlists beside their folders.

RFC 8216, section 4.3.4.2: a player chooses among them by its network and its screen. Their outputs
may belong to different media processes, so each notes its own line in its folder, and writes the
playlists from the lines that are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from renderer.output.encode.format import ProgramFormat
from renderer.output.encode.packets import Templates
from renderer.output.spec import LIVE_PLAYLIST, PLAYLIST

LINE_FILE: Final = ".variant"
"""File in a rendition's folder with its line of the playlists; it is not served."""
_SOUND_BITS: Final = 160_000
_SPS: Final = re.compile(rb"\x00\x00\x01[\x67\x47\x27](...)", re.DOTALL)
"""Start of a sequence parameter set in Annex B form, and its profile, constraints and level."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A rendition as a playlist describes it.

    Attributes:
        codecs: of picture and sound (RFC 6381).
        form: of its pictures.
    """

    codecs: str
    form: ProgramFormat

    @property
    def line(self) -> str:
        """Return its line."""
        rate = float(self.form.rate)
        return (
            f"#EXT-X-STREAM-INF:BANDWIDTH={self.form.bits + _SOUND_BITS},"
            f"RESOLUTION={self.form.width}x{self.form.height},FRAME-RATE={rate:.3f},"
            f'CODECS="{self.codecs}"'
        )


def describe_variant(header: bytes, form: ProgramFormat) -> Variant:
    """Return the description of a rendition, from its streams' header."""
    templates = Templates(header)
    try:
        found = _SPS.search(templates.video.codec_context.extradata or b"")
    finally:
        templates.close()
    # Without parameter sets in the header: main profile, level 4.
    profile = found[1].hex() if found else "4d0028"
    return Variant(f"avc1.{profile},mp4a.40.2", form)


def list_variant(folder: Path, variant: Variant, names: tuple[str, ...]) -> None:
    """Write the playlists of all renditions, beside the folder of one that has begun.

    Args:
        folder: of the rendition.
        variant: its description.
        names: folders of all renditions, in the order in which they are listed.

    Raises:
        OSError: they cannot be written.
    """
    _replace(folder / LINE_FILE, variant.line)
    parent = folder.parent
    written: dict[str, str] | None = None
    # Another rendition's process may have noted its line meanwhile.
    while (lines := _read_lines(parent, names)) != written:
        for playlist in (PLAYLIST, LIVE_PLAYLIST):
            entries = [
                text for name, line in lines.items() for text in (line, f"{name}/{playlist}")
            ]
            head = ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS"]
            _replace(parent / playlist, "\n".join([*head, *entries, ""]))
        written = lines


def _read_lines(parent: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the lines of the renditions that have begun, in order."""
    files = {name: parent / name / LINE_FILE for name in names}
    return {name: file.read_text("ascii") for name, file in files.items() if file.is_file()}


def _replace(path: Path, text: str) -> None:
    """Write a file at once, so that no reader sees a part of it."""
    partial = path.with_name(f".{path.name}.{path.parent.name}.part")
    partial.write_text(text, encoding="ascii")
    partial.replace(path)
