"""Test that closed surfaces are found, and no others."""

from __future__ import annotations

import numpy as np
import pytest

from renderer.graphics.drawables.sets.closed_surfaces import find_closed
from renderer.graphics.drawables.solids import make_box, make_prism

OUTSIDE = (0.0, 1.0, 0.0)
BOX = make_box((0.5, 0.4, 0.3), (3.0, 1.0, 0.0))


def closed(corners: np.ndarray) -> np.ndarray:
    """Return (m,) which of some triangles (m, 3, 3) belong to a closed surface."""
    position = corners.reshape(-1, 3).astype(np.float32)
    return find_closed(position, np.arange(len(position), dtype=np.uint32).reshape(-1, 3), OUTSIDE)


def sides(*chosen: int) -> np.ndarray:
    """Return the triangles of some sides of the box; the second halves follow the first ones."""
    return np.asarray(BOX[[*chosen, *(side + 6 for side in chosen)]])


def prism(radius: float, length: float, *, has_ends: bool) -> np.ndarray:
    sides = 8
    whole = make_prism((0.0, length), radius, sides) + np.array((3.0, 1.0, 0.0))
    return whole if has_ends else whole[: 2 * sides]


@pytest.mark.parametrize(
    ("corners", "is_closed"),
    [
        (BOX, True),
        (prism(0.1, 1.0, has_ends=True), True),
        # A tube's ends are too small to show its inside, a pipe's are not.
        (prism(0.015, 1.0, has_ends=False), True),
        (prism(0.3, 1.0, has_ends=False), False),
        # A box without one side, a single sheet, and two sheets at a right angle.
        (sides(1, 2, 3, 4, 5), False),
        (sides(0), False),
        (sides(0) * 0.05, False),
        (sides(0, 2) * 0.05, False),
        # Triangles that touch at their corners alone.
        (BOX[:6] * 0.05, False),
        # Front faces inwards; a room around the place.
        (BOX[:, ::-1], False),
        (make_box((9.0, 9.0, 9.0), (0.3, 0.2, 0.1)), False),
        # Two sheets back to back.
        (np.concatenate((sides(0), sides(0)[:, ::-1])), True),
    ],
)
def test_only_what_shows_no_back_face_is_closed(corners: np.ndarray, is_closed: bool) -> None:
    found = closed(corners)
    assert found.shape == (len(corners),)
    assert (found == is_closed).all()


def test_each_surface_is_judged_by_itself() -> None:
    apart = BOX + np.array((2.0, 0.0, 0.0))
    found = closed(np.concatenate((BOX, apart[1:], BOX + np.array((0.0, 2.0, 0.0)))))
    assert found[:12].all() and not found[12:23].any() and found[23:].all()
