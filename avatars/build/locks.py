"""The idol's haircut: which locks there are, and the line that each follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.build.landmarks import Landmarks
from avatars.build.source import Floats

LEAVES_AT = 7
"""Point of a lock's path at which it leaves the skull."""

_FALLS = 6
"""Steps of the path from there to the tip."""


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock of hair. Angles in degrees, lengths in eye distances.

    Attributes:
        start: longitude at the crown; 0 is the front, positive the figure's left.
        end: longitude where the lock leaves the skull.
        leave: latitude where it leaves the skull.
        lift: how far off the skull it runs, as a factor of the skull's radii.
        fall: length that hangs free.
        width: half of the lock's.
        out: how far the tip swings outwards.
        taper: how late it thins; 1 is a long point.
        sweep: how far the tip swings to the figure's left.
        thick: half of the lens's height over its half width.
    """

    start: float
    end: float
    leave: float
    lift: float
    fall: float
    width: float
    out: float = 0.0
    taper: float = 2.0
    sweep: float = 0.0
    thick: float = 0.32


FRINGE = Lock(0.0, 0.0, 27.0, 1.11, 0.7, 0.2)
"""A lock that lies still; the scalp's cap moves as it does."""


def long_cut() -> tuple[Lock, ...]:
    """Long hair over the shoulders: two layers behind, locks before the ears, a parted fringe."""
    locks = []
    for lift, fall, width, count, reach in (
        (1.05, 4.5, 0.44, 8, 150.0),
        (1.12, 4.9, 0.40, 9, 165.0),
    ):
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            # Shorter towards the sides, and no two alike.
            length = fall - 0.35 * abs(spread) / 90.0 + 0.22 * (-1.0) ** i
            locks.append(Lock(180 + spread, 180 + spread, -10, lift, length, width, 0.0, 2.6))
    for side in (1.0, -1.0):
        # Behind the ear, then before it: a wide lock and a slender one that frames the cheek.
        locks.append(Lock(side * 86, side * 104, 2, 1.10, 3.9, 0.38, 0.0, 2.4))
        locks.append(Lock(side * 72, side * 88, 2, 1.12, 3.5, 0.34, 0.0, 2.0))
        locks.append(Lock(side * 56, side * 72, 4, 1.13, 2.9, 0.30, 0.0, 1.8, side * -0.02))
        locks.append(Lock(side * 40, side * 57, 12, 1.13, 2.3, 0.20, 0.0, 1.5, side * -0.03))
    # The fringe's ground, then locks of every length over it, swept from a parting on her left.
    for start, end, fall, width, sweep in (
        (-46, -52, 1.15, 0.30, -0.02), (-30, -36, 0.86, 0.32, -0.06), (-15, -19, 0.66, 0.32, -0.04),
        (0, -3, 0.58, 0.30, 0.0), (14, 14, 0.60, 0.28, 0.04), (28, 33, 0.80, 0.30, 0.06),
        (46, 52, 1.15, 0.30, 0.02),
    ):  # fmt: skip
        locks.append(Lock(start, end, 30, 1.08, fall, width, -0.03, 2.4, sweep))
    for start, end, fall, width, sweep in (
        (-38, -47, 1.42, 0.20, -0.03), (-22, -33, 1.18, 0.23, -0.10), (-8, -20, 1.00, 0.23, -0.12),
        (-2, -6, 1.16, 0.17, -0.05), (10, 10, 0.90, 0.19, 0.08), (20, 27, 1.12, 0.23, 0.12),
        (36, 45, 1.40, 0.20, 0.04),
    ):  # fmt: skip
        locks.append(Lock(start, end, 32, 1.13, fall, width, -0.02, 1.7, sweep))
    return tuple(locks)


def short_cut() -> tuple[Lock, ...]:
    """Short hair: close behind and at the sides, full and swept to his left on top."""
    locks = []
    for lift, leave, fall, width, count, reach in (
        (1.05, -36, 0.62, 0.34, 7, 120.0), (1.10, -20, 0.66, 0.36, 8, 150.0),
        (1.15, 4, 0.70, 0.36, 8, 190.0),
    ):  # fmt: skip
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            turn = 12.0 * (-1.0) ** i
            length = fall + 0.10 * (-1.0) ** i
            locks.append(
                Lock(180 + spread - turn, 180 + spread, leave, lift, length, width, 0.05, 1.8)
            )
    for side in (1.0, -1.0):
        for start, end, leave, fall, width in ((66, 84, 8, 0.45, 0.26), (50, 68, 12, 0.80, 0.24)):
            locks.append(Lock(side * start, side * end, leave, 1.11, fall, width, 0.0, 1.7))
    for start, end, leave, lift, fall, width, sweep in (
        (-52, -50, 26, 1.11, 0.86, 0.28, 0.02), (-38, -36, 30, 1.12, 0.70, 0.30, 0.06),
        (-24, -20, 32, 1.12, 0.62, 0.30, 0.08), (-10, -4, 33, 1.12, 0.60, 0.30, 0.10),
        (4, 12, 34, 1.12, 0.62, 0.28, 0.12), (20, 28, 32, 1.12, 0.74, 0.28, 0.10),
        (38, 46, 28, 1.12, 0.92, 0.28, 0.05),
        (-46, -38, 34, 1.19, 1.20, 0.22, 0.05), (-34, -22, 38, 1.21, 1.14, 0.27, 0.12),
        (-22, -6, 42, 1.22, 1.00, 0.28, 0.17), (-8, 10, 44, 1.23, 0.94, 0.28, 0.20),
        (6, 26, 42, 1.22, 1.14, 0.27, 0.17), (26, 46, 36, 1.19, 1.34, 0.24, 0.08),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, lift, fall, width, 0.06, 1.7, sweep))
    return tuple(locks)


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
        pull = np.array([4.0 * lock.sweep, -1.0, 0.0]) + lock.out * (i + 1) * outwards
        heading = 0.55 * heading + 0.45 * pull
        heading /= np.linalg.norm(heading)
        points.append(marks.outside_trunk(points[-1] + heading * step, 0.10 * marks.unit))
    return np.array(points)
