"""Build thin triangle strips along curves, used for hairs."""

from __future__ import annotations

import numpy as np

from avatars.authoring.figure.source import Floats, Ints
from avatars.maths.vectors import normalise


def ribbons(paths: Floats, outwards: Floats, half: Floats) -> tuple[Floats, Ints]:
    """Build one flat strip per path, with two triangles per path segment.

    Args:
        paths: (s, k, 3) centre lines from root to tip, metres.
        outwards: (s, k, 3) direction that the strips' upper side faces.
        half: (s, k) half width, metres.

    Returns:
        Positions (s·k·2, 3) and triangles (s·(k − 1)·2, 3). Point (i, j) of the paths becomes
        vertices 2(i·k + j) and 2(i·k + j) + 1.
    """
    count, steps = paths.shape[:2]
    aside = normalise(np.cross(np.gradient(paths, axis=1), outwards)) * half[..., None]
    position = np.stack((paths + aside, paths - aside), axis=2).reshape(-1, 3)
    first = 2 * (np.arange(count)[:, None] * steps + np.arange(steps - 1)).ravel()
    triangles = np.concatenate(
        (
            np.stack((first, first + 2, first + 1), axis=1),
            np.stack((first + 1, first + 2, first + 3), axis=1),
        )
    )
    return position, triangles
