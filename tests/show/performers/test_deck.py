"""Test that avatars stay on the deck."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from renderer.show.performers.deck import BACK_M, FREE, FRONT_M, SIDE_M, keep_on_deck

WALKS = st.floats(-50.0, 50.0, width=32)


@given(x=WALKS, y=st.floats(0.0, 2.0, width=32), z=WALKS)
def test_an_avatar_stays_on_the_deck(x: float, y: float, z: float) -> None:
    root = np.array((x, y, z), np.float32)
    keep_on_deck(root)
    assert abs(root[0]) <= SIDE_M
    assert -BACK_M <= root[2] <= FRONT_M
    assert root[1] == np.float32(y)


@given(x=st.floats(-FREE * SIDE_M, FREE * SIDE_M), z=st.floats(-FREE * BACK_M, FREE * FRONT_M))
def test_near_the_centre_it_stands_where_its_performer_does(x: float, z: float) -> None:
    root = np.array((x, 0.9, z), np.float32)
    kept = root.copy()
    keep_on_deck(kept)
    np.testing.assert_allclose(kept, root, atol=1e-6)


@given(x=WALKS, step=st.floats(1e-3, 0.1))
def test_it_walks_no_faster_than_its_performer(x: float, step: float) -> None:
    places = np.array([(x, 0.9, 0.0), (x + step, 0.9, 0.0)], np.float32)
    walked = float(places[1, 0] - places[0, 0])
    for place in places:
        keep_on_deck(place)
    assert -1e-6 <= places[1, 0] - places[0, 0] <= walked + 1e-5
