"""Measure how well an avatar's hands keep the contact of the performer's hands with their face.

Where the performer's hand touches is judged offline from the landmarks, not from the solver: the
knuckle of the index finger lies within the face's outline in the picture and rests there. The place
is taken relative to the face, so that it means the same on an avatar of other proportions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.contact.push import measure_depth
from avatars.contact.records import ContactAnchor
from avatars.contact.targets import find_face_point, find_hand_point
from avatars.instance import AvatarInstance
from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.contact.face_frame import find_face
from renderer.motion.core.frames import body_points
from renderer.motion.core.skeleton import INDEXES, WRISTS

_OUTLINE_CENTRE: Final = np.array([0.0, -0.2])
_OUTLINE_RADII: Final = np.array([1.1, 1.1])
"""Ellipse of a face: from the forehead to just below the chin, in half widths and in distances from
eyes to chin."""

_VISIBLE: Final = 0.5
"""Lowest visibility of a knuckle and a wrist that count."""

_REST_SPEED: Final = 0.5
"""Metres per second relative to the face below which a hand rests on it; a hand that passes in
front of a face is faster."""

_WINDOW_NS: Final = 100_000_000
"""Nanoseconds on either side over which that speed is measured."""

_ARRIVED_NS: Final = 200_000_000
"""Nanoseconds of rest after which the avatar's hand must have arrived."""


def find_touches(seen: Sequence[Observation]) -> Array:
    """Return (n, 2, 2) where on the face each hand's knuckle rests, see ContactPart.FACE.

    NaN where a hand does not touch the face, or has not done so for 0.2 s.

    Args:
        seen: one performer's observations by rising time.
    """
    places = np.full((len(seen), 2, 2), np.nan)
    units = np.full(len(seen), np.nan)
    for k, one in enumerate(seen):
        if one.pose is None or one.pose_world is None or one.visibility is None:
            continue
        flat = one.pose[:, :2] * np.array(one.size, np.float32)
        face, scale = find_face(one, flat), body_points(one.pose, one.pose_world, one.size)[1]
        if face is None or not scale > 0.0 or face.across[0] <= 0.0:
            continue
        inside = (np.abs(one.pose[list(INDEXES), :2] - 0.5) < 0.5).all(axis=1)
        visible = one.visibility[np.array([WRISTS, INDEXES])].min(axis=0) >= _VISIBLE
        places[k] = np.where((inside & visible)[:, None], face.locate(flat[list(INDEXES)]), np.nan)
        units[k] = face.height / scale
    times = np.array([one.t_seen_ns for one in seen], np.int64)
    away = np.linalg.norm((places - _OUTLINE_CENTRE) / _OUTLINE_RADII, axis=-1)
    rests = (away < 1.0) & (_speeds(places, units, times) < _REST_SPEED)
    for hand in range(2):
        _drop_arrivals(rests[:, hand], times)
    return np.where(rests[..., None], places, np.nan)


def contact_miss(instance: AvatarInstance, side: int, place: Array) -> float:
    """Return how far a posed avatar's knuckle is from the place on its face, metres.

    It is the distance of the hand's surface from the face's there.
    """
    surface = instance.reach.surface
    thick = float(surface.thickness[side])
    asked = find_face_point(surface, instance.world, place.astype(np.float32), thick)
    shown = find_hand_point(surface, instance.world, side, int(ContactAnchor.KNUCKLE))
    return float(np.linalg.norm(shown - asked))


def hands_depth(instance: AvatarInstance) -> float:
    """Return how deep a posed avatar's hands are inside its head or torso, metres."""
    surface = instance.reach.surface
    return max(measure_depth(surface, instance.world, side) for side in (0, 1))


def _speeds(places: Array, units: Array, times: npt.NDArray[np.int64]) -> Array:
    """Return (n, 2) metres per second at which places (n, 2, 2) move, over a window of time."""
    out = np.full(places.shape[:2], np.inf)
    for k in range(len(places)):
        near = np.flatnonzero(np.abs(times - times[k]) <= _WINDOW_NS)
        first, last = near[0], near[-1]
        if last > first:
            way = np.linalg.norm(places[last] - places[first], axis=-1) * units[k]
            out[k] = way / ((times[last] - times[first]) * 1e-9)
    return np.where(np.isfinite(out), out, np.inf)


def _drop_arrivals(rests: npt.NDArray[np.bool_], times: npt.NDArray[np.int64]) -> None:
    """Clear the beginning of every rest, in which an avatar's hand may still be on its way."""
    begun: int | None = None
    for k, rest in enumerate(rests.tolist()):
        if not rest:
            begun = None
            continue
        begun = int(times[k]) if begun is None else begun
        rests[k] = times[k] - begun >= _ARRIVED_NS
