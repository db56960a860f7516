"""Test that the index ranges of visible cells are complete and as few as possible."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.graphics.drawables.sets.baked import _join_cells


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 5)), max_size=20))
def test_ranges_hold_the_indices_of_visible_cells_alone(cells: list[tuple[bool, int]]) -> None:
    seen = np.array([is_seen for is_seen, _ in cells], np.bool_)
    counts = np.array([3 * count for _, count in cells], np.intp)
    ends = np.cumsum(counts).astype(np.intp)
    ranges = _join_cells(seen, ends)
    drawn = [index for first, count in ranges.tolist() for index in range(first, first + count)]
    assert drawn == np.flatnonzero(np.repeat(seen, counts)).tolist()
    # Ranges that touch would be one.
    assert all(a[0] + a[1] < b[0] for a, b in pairwise(ranges))
