"""Lay out the multiview: program, preview and every source in one picture, with name and tally."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from renderer.graphics.text.fonts import FONTS
from renderer.protocol.pictures import PREVIEW, PROGRAM, SHOT

U8 = npt.NDArray[np.uint8]

PROGRAM_TALLY: Final = (200, 24, 24)
PREVIEW_TALLY: Final = (24, 150, 40)
NO_TALLY: Final = (60, 60, 60)
"""Colours of what is on air, what is on preview, and the others: as switchers have them."""
_LABEL: Final = 0.12
"""Height of a name, as a share of its tile's."""
_LEAST_LABEL: Final = 10
_LEAST_TILE: Final = 16
"""Least sides in pixels of a name and of a tile's picture, which a desk may ask for."""


@dataclass(frozen=True, slots=True)
class _Tile:
    """A source's place: its frame, with the picture in it and the name below."""

    left: int
    top: int
    width: int
    height: int


class Multiview:
    """One picture of several. Belongs to the tick's thread.

    Args:
        size: width and height of the picture, pixels.
        names: of the cameras, by their number.
        aspect: width over height of the sources' pictures.

    Attributes:
        names: as given.
        tile: width and height of each source's picture, pixels, even.
        views: that it shows, in order.
        is_changed: whether a picture was placed since the last `compose`.
    """

    def __init__(
        self, size: tuple[int, int], names: Mapping[int, str], aspect: float = 16 / 9
    ) -> None:
        width, height = size
        self.names = dict(names)
        self.views = (PROGRAM, PREVIEW, *(f"{SHOT}{number}" for number in names))
        columns = math.ceil(math.sqrt(len(self.views)))
        rows = math.ceil(len(self.views) / columns)
        cell_width, cell_height = width // columns, height // rows
        self._edge = max(cell_height // 60, 1)
        self._label = max(round(cell_height * _LABEL), _LEAST_LABEL)
        inner = cell_width - 2 * self._edge, cell_height - 2 * self._edge - self._label
        wide, high = min(inner[0], inner[1] * aspect), min(inner[1], inner[0] / aspect)
        self.tile = max(int(wide) // 2 * 2, _LEAST_TILE), max(int(high) // 2 * 2, _LEAST_TILE)
        self._at = (
            self._edge + max(inner[0] - self.tile[0], 0) // 2,
            self._edge + max(inner[1] - self.tile[1], 0) // 2,
        )
        self._tiles = {
            view: _Tile(place % columns * cell_width, place // columns * cell_height,
                        cell_width, cell_height)
            for place, view in enumerate(self.views)
        }  # fmt: skip
        self._picture: U8 = np.zeros((height, width, 3), np.uint8)
        self._labels: dict[tuple[str, tuple[int, int, int]], U8] = {}
        self._tallies: dict[str, tuple[int, int, int]] = {}
        self.is_changed = False

    def place(self, view: str, pixels: U8) -> None:
        """Put the newest picture of a view (h, w, 3), of the tile's size, into its place."""
        tile = self._tiles[view]
        height, width = pixels.shape[:2]
        left, top = tile.left + self._at[0], tile.top + self._at[1]
        area = self._picture[top:, left:][:height, :width]
        area[:] = pixels[: area.shape[0], : area.shape[1]]
        self.is_changed = True

    def compose(self, on_air: int, preview: int) -> U8:
        """Return the picture (h, w, 3) with the tally of two cameras; valid until the next call.

        Args:
            on_air, preview: numbers of the cameras; 0 for none.
        """
        self.is_changed = False
        for view in self.views:
            if view in (PROGRAM, f"{SHOT}{on_air}"):
                color = PROGRAM_TALLY
            elif view in (PREVIEW, f"{SHOT}{preview}"):
                color = PREVIEW_TALLY
            else:
                color = NO_TALLY
            if self._tallies.get(view) != color:
                self._tallies[view] = color
                self._frame(view, color)
        return self._picture

    def _frame(self, view: str, color: tuple[int, int, int]) -> None:
        """Draw the frame and the name of a view in a colour."""
        tile, edge, label = self._tiles[view], self._edge, self._label
        cell = self._picture[tile.top : tile.top + tile.height, tile.left : tile.left + tile.width]
        cell[:edge], cell[:, :edge], cell[:, -edge:] = color, color, color
        below = cell[max(tile.height - edge - label, 0) :]
        below[:] = self._draw_label(view, color, tile.width)[: len(below)]

    def _draw_label(self, view: str, color: tuple[int, int, int], width: int) -> U8:
        key = view, color
        if key not in self._labels:
            height = self._label + self._edge
            image = Image.new("RGB", (width, height), color)
            text = self._name(view)
            ImageDraw.Draw(image).text(
                (width / 2, height / 2), text, (255, 255, 255), _find_font(height * 0.7), "mm"
            )
            self._labels[key] = np.array(image, np.uint8)
        return self._labels[key]

    def _name(self, view: str) -> str:
        if view.startswith(SHOT):
            number = int(view.removeprefix(SHOT))
            return f"{number} {self.names[number]}".rstrip()
        return view.capitalize()


def _find_font(size: float) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return the first of the program's fonts that is installed, else Pillow's own."""
    for path in FONTS:
        if path.is_file():
            return ImageFont.truetype(path, round(size))
    return ImageFont.load_default(size)
