"""Measure a screen: its size, its number of emitters, and the crop of a picture that fills it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from renderer.stage.sets.stage_set import Screen

PITCH: Final = 0.029
"""Distance of an LED wall's emitters, metres: 450 of them on 13.05 m."""
FINE_PITCH: Final = 0.018
"""Likewise of a screen that shows the program."""
LEAST_SHOWN: Final = 0.5
"""Share of a picture or video below which a screen shows all of it, between black bars."""
_LEVEL: Final = 0.02
"""Maximum difference in height of the points of a screen in a floor, metres."""
_FEWEST: Final = 8.0
"""Minimum number of emitters along a side."""


@dataclass(frozen=True, slots=True)
class ScreenShape:
    """The size of a screen along its texture coordinates.

    Attributes:
        width: metres from u = 0 to u = 1.
        height: metres from v = 0 to v = 1.
        grid: number of emitters along u and v.
        is_level: whether it is part of a floor.
    """

    width: float
    height: float
    grid: tuple[float, float]
    is_level: bool = False

    def cover(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Return the crop of a picture that fills the screen without distortion.

        Args:
            size: of the picture, in square pixels.

        Returns:
            Left, top, width and height as fractions of the picture.
        """
        ratio = self._ratio(size)
        wide, tall = min(1.0, ratio), min(1.0, 1.0 / ratio)
        return 0.5 - wide / 2.0, 0.5 - tall / 2.0, wide, tall

    def fit(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """Return the part of a picture or video that the screen shows without distortion.

        It covers the screen unless less than LEAST_SHOWN of it would be seen, such as a telephone's
        upright video on a wall; then all of it is shown, and the part is larger than the picture.

        Args:
            size: of the picture, pixels; square.

        Returns:
            Left, top, width and height as shares of the picture.
        """
        ratio = self._ratio(size)
        if min(ratio, 1.0 / ratio) >= LEAST_SHOWN:
            return self.cover(size)
        wide, tall = max(1.0, ratio), max(1.0, 1.0 / ratio)
        return 0.5 - wide / 2.0, 0.5 - tall / 2.0, wide, tall

    def _ratio(self, size: tuple[int, int]) -> float:
        """Return how much wider the screen is than a picture of the same height."""
        return (self.width / self.height) / (size[0] / size[1])


def measure_screen(screen: Screen) -> ScreenShape:
    """Return a screen's shape, from its triangles weighted by area."""
    corners = screen.position.astype(np.float64)[screen.triangles]
    uv = screen.uv.astype(np.float64)[screen.triangles]
    edges, steps = corners[:, 1:] - corners[:, :1], uv[:, 1:] - uv[:, :1]
    area = np.abs(steps[:, 0, 0] * steps[:, 1, 1] - steps[:, 0, 1] * steps[:, 1, 0])
    usable = area > 1e-9
    if not usable.any():
        return ScreenShape(1.0, 1.0, (_FEWEST, _FEWEST))
    # The change of position along u and along v, per triangle.
    along = np.linalg.solve(steps[usable], edges[usable])
    lengths = np.linalg.norm(along, axis=2)
    width, height = (lengths * area[usable, None]).sum(axis=0) / area[usable].sum()
    width, height = max(float(width), 1e-3), max(float(height), 1e-3)
    pitch = PITCH if screen.is_generated else FINE_PITCH
    grid = max(_FEWEST, round(width / pitch)), max(_FEWEST, round(height / pitch))
    is_level = float(np.ptp(screen.position[:, 1])) < _LEVEL
    return ScreenShape(width, height, (float(grid[0]), float(grid[1])), is_level)
