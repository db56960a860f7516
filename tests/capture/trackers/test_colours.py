"""Test that colours are sampled on arms, trunk and face, and beside the arms."""

from __future__ import annotations

import numpy as np

from renderer.capture.trackers.colours import (
    ARM_PLACES,
    BESIDE_PLACES,
    BODY_PLACES,
    PLACES,
    colours,
)

WALL, SHIRT, SKIN, SLEEVE = (90, 90, 100), (20, 120, 60), (200, 150, 120), (30, 60, 200)


def standing() -> np.ndarray:
    """Return pose points (33, 2) of a body with a trunk of 100 pixels, arms out to the sides."""
    points = np.full((33, 2), 150.0, np.float32)
    points[[0, 2, 5, 9, 10]] = (150, 60)
    points[[11, 12]] = (190, 100), (110, 100)
    points[[23, 24]] = (180, 200), (120, 200)
    points[[13, 14]] = (240, 100), (60, 100)
    points[[15, 16]] = (290, 100), (10, 100)
    return points


def picture() -> np.ndarray:
    """Return its picture (300, 300, 3): a sleeve on the left arm, a bare right arm."""
    out = np.full((300, 300, 3), WALL, np.uint8)
    out[90:210, 105:195] = SHIRT
    out[40:80, 130:170] = SKIN
    out[92:108, 195:] = SLEEVE
    out[92:108, :105] = SKIN
    return out


def close(found: np.ndarray, colour: tuple[int, int, int]) -> bool:
    return bool(np.allclose(found, np.array(colour) / 255.0, atol=1e-6))


def test_arms_trunk_face_and_wall_have_their_colours() -> None:
    found = colours(picture(), standing())
    assert found.shape == (PLACES, 3) and found.dtype == np.float32
    left, right = found[ARM_PLACES]
    assert close(left, SLEEVE) and close(right, SKIN)
    assert close(found[BODY_PLACES[:8]], SHIRT) and close(found[BODY_PLACES[8:]], SKIN)
    assert close(found[BESIDE_PLACES], WALL)


def test_what_is_outside_of_the_picture_is_no_number() -> None:
    points = standing()
    points[[14, 16]] = (-400, 100), (-400, 200)
    found = colours(picture(), points)
    assert np.isnan(found[ARM_PLACES[1]]).all()
    assert np.isfinite(found[ARM_PLACES[0]]).all()


def test_every_place_is_one_place() -> None:
    places = np.concatenate((ARM_PLACES.ravel(), BODY_PLACES, BESIDE_PLACES.ravel()))
    assert sorted(places) == list(range(PLACES))
