"""The idol's haircut: which locks there are, and the line that each follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build.landmarks import Landmarks
from avatars.build.source import Floats

LEAVES_AT = 5
"""Point of a lock's path at which it leaves the skull."""

_FALLS = 5
"""Steps of the path from there to the tip."""


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock of hair. Angles in degrees, lengths in eye distances.

    Attributes:
        start: longitude at the crown; 0 is the front, positive her left.
        end: longitude where the lock leaves the skull.
        leave: latitude where it leaves the skull.
        lift: how far off the skull it runs, as a factor of the skull's radii.
        fall: length that hangs free.
        width: half of the lock's.
        out: how far the tip swings outwards.
        taper: how late it thins; 1 is a long point.
    """

    start: float
    end: float
    leave: float
    lift: float
    fall: float
    width: float
    out: float = 0.0
    taper: float = 2.0


def all_locks() -> list[Lock]:
    """A bob: two layers behind, full at the sides, a fringe in front."""
    locks = []
    for layer, (lift, fall, width, count) in enumerate(
        ((1.06, 1.9, 0.44, 9), (1.13, 1.75, 0.46, 8))
    ):
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * (190.0 - 12.0 * layer)
            locks.append(Lock(180 + spread, 180 + spread, -8, lift, fall, width, -0.05, 3.0))
    for side in (1.0, -1.0):
        for longitude, fall, width in ((62, 1.9, 0.26), (78, 1.85, 0.32), (96, 1.8, 0.36)):
            start, end = side * longitude * 0.75, side * longitude
            locks.append(Lock(start, end, 5, 1.11, fall, width, -0.03, 2.6))
        locks.append(Lock(side * 34, side * 55, 12, 1.14, 2.2, 0.17, 0.0, 1.8))
    for longitude, sweep, fall in (
        (-40, -10, 1.00), (-31, -9, 0.86), (-22, -8, 0.80), (-13, -6, 0.80), (-5, -4, 0.78),
        (3, 3, 0.72), (11, 6, 0.78), (20, 8, 0.80), (30, 9, 0.86), (40, 10, 1.00),
    ):  # fmt: skip
        locks.append(Lock(longitude * 0.75, longitude + sweep, 27, 1.11, fall, 0.23, 0.0, 3.5))
    return locks


FRINGE = Lock(0.0, 0.0, 27.0, 1.11, 0.7, 0.2)
"""A lock that lies still; the scalp's cap moves as it does."""


def path_of(marks: Landmarks, lock: Lock) -> Floats:
    """The lock's middle line (k, 3): along the skull from the crown, then falling."""

    def on_skull(longitude: float, latitude: float, lift: float) -> Floats:
        lon, lat = np.radians(longitude), np.radians(latitude)
        ray = np.array([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)])
        point: Floats = marks.skull + marks.radii * lift * ray
        return point

    points = []
    for i in range(LEAVES_AT + 1):
        t = i / LEAVES_AT
        lift = 1.0 + (lock.lift - 1.0) * min(1.0, t / 0.7) ** 0.8
        latitude = 87.0 + (lock.leave - 87.0) * t
        points.append(on_skull(lock.start + (lock.end - lock.start) * t**1.3, latitude, lift))
    heading = points[-1] - points[-2]
    heading /= np.linalg.norm(heading)
    step = lock.fall * marks.unit / _FALLS
    lon = np.radians(lock.end)
    outwards = np.array([np.sin(lon), 0.0, np.cos(lon)])
    for i in range(_FALLS):
        pull = np.array([0.0, -1.0, 0.0]) + lock.out * (i + 1) * outwards
        heading = 0.55 * heading + 0.45 * pull
        heading /= np.linalg.norm(heading)
        points.append(points[-1] + heading * step)
    return np.array(points)
