"""Make what the keys of a Stream Deck show from what the show has."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from renderer.graphics.text.fonts import FONTS
from renderer.show.document.entries.streamdeck import DeckKeyEntry
from renderer.show.receivers.feedback_values import Value, is_lit

Color = tuple[int, int, int]

OFF: Final[Color] = (24, 24, 28)
ON: Final[Color] = (30, 90, 170)
READY: Final[Color] = (20, 120, 50)
ON_AIR: Final[Color] = (190, 20, 20)
ON_PREVIEW: Final[Color] = (20, 120, 50)
RUNNING: Final[Color] = (170, 110, 10)
ALARMING: Final[Color] = (200, 90, 0)
"""Tally colours are those of switchers: red is on air, green is next."""
_CAMERA: Final = "/camera/"
_LONGEST: Final = 16
"""Characters of a line; longer ones are cut off."""


@dataclass(frozen=True, slots=True)
class Face:
    """What a key shows: a title, a line below, and a colour."""

    title: str = ""
    line: str = ""
    color: Color = OFF


def find_face(entry: DeckKeyEntry, values: Mapping[str, Value], running: Collection[str]) -> Face:
    """Return what a key shows.

    Args:
        entry: of the document.
        values: of the show; see list_values.
        running: numbers of the cues that run.
    """
    address = entry.address
    title = entry.name or _name(address)
    if address == "/go":
        line = f"{values['standby']} {values['standby_name']}".strip()
        return Face(title, line, READY if line else OFF)
    if address.startswith(_CAMERA):
        number = address.removeprefix(_CAMERA)
        if str(values["camera"]) == number:
            return Face(title, "", ON_AIR)
        return Face(title, "", ON_PREVIEW if str(values["preview"]) == number else OFF)
    lit = bool(is_lit(address, values, running))
    if address in ("/black", "/panic"):
        return Face(title, "", ALARMING if lit else OFF)
    if address.startswith("/cue/"):
        return Face(title, "", RUNNING if lit else OFF)
    return Face(title, "", ON if lit else OFF)


def draw_face(face: Face, size: tuple[int, int]) -> Image.Image:
    """Return a key's RGB picture."""
    image = Image.new("RGB", size, face.color)
    pen, (width, height) = ImageDraw.Draw(image), size
    middle = height * (0.36 if face.line else 0.5)
    _write(pen, face.title, (width / 2, middle), width * 0.9, height * 0.26)
    if face.line:
        _write(pen, face.line, (width / 2, height * 0.74), width * 0.9, height * 0.18)
    return image


def _write(
    pen: ImageDraw.ImageDraw, text: str, at: tuple[float, float], widest: float, size: float
) -> None:
    """Write a line as large as it fits."""
    text = text[:_LONGEST]
    font = _find_font(int(size))
    width = pen.textlength(text, font)
    if width > widest:
        font = _find_font(max(int(int(size) * widest / width), 4))
    pen.text(at, text, (255, 255, 255), font, "mm")


def _find_font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    for path in FONTS:
        if path.is_file():
            return ImageFont.truetype(path, size)
    return ImageFont.load_default(size)


def _name(address: str) -> str:
    words = address.strip("/").split("/")
    if address.startswith(_CAMERA):
        return f"CAM {words[-1]}"
    if address.startswith("/cue/"):
        return f"CUE {words[1]}"
    return words[-1].replace("_", " ").upper()
