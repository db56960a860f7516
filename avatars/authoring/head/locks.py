"""The idol's haircut: which locks there are, and the line that each follows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.source import Floats

LEAVES_AT = 7
"""Point of a lock's path at which it leaves the skull."""

_DOME = 0.12
"""How much taller than the skull the hair is at its top."""

_CROWN = 1.09
"""How far off the skull the hair stands at the crown."""

_FALLS = 6
"""Steps of the path from there to the tip."""


_FLARE = (0.0, -1.0, -1.6, 0.4, 2.4, 4.0)
_WAVE = (0.0, 1.2, 2.0, -1.6, -3.4, 1.6)
"""How strongly each step of a lock that flares or waves goes out and aside."""


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
        wave: how far it swings aside on its way down.
        flare: how far it draws in at the neck and swings out again at the tip.
        tone: 0 in the hair's colour, 1 a little lighter, 2 darker, as what lies under others.
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
    thick: float = 0.30
    wave: float = 0.0
    flare: float = 0.0
    tone: int = 0


FRINGE = Lock(0.0, 0.0, 27.0, 1.11, 0.7, 0.2)
"""A lock that lies still; the scalp's cap moves as it does."""


def long_cut() -> tuple[Lock, ...]:
    """Long hair over the shoulders: layers behind, locks before them, a fringe parted aside."""
    locks = []
    for lift, fall, width, count, reach, wave, tone in (
        (1.06, 5.0, 0.46, 8, 170.0, 0.16, 2),
        (1.14, 6.4, 0.48, 10, 200.0, 0.34, 0),
        (1.21, 6.0, 0.36, 9, 184.0, 0.44, 1),
    ):
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            # Shorter towards the sides, and no two alike.
            length = fall - 0.5 * abs(spread) / 90.0 + 0.25 * (-1.0) ** i
            turn = wave if i % 2 else -0.7 * wave
            place = 180.0 + spread
            locks.append(Lock(place, place, -14, lift, length, width, 0.02, 1.7, wave=turn,
                              flare=0.11 + 0.03 * (i % 3), tone=tone))  # fmt: skip
    for side in (1.0, -1.0):
        # Behind the ear, over the shoulder, then what frames the cheek, to the jaw and longer.
        for start, end, leave, lift, fall, width, sweep, wave, flare, tone in (
            (80, 98, 0, 1.17, 5.4, 0.38, 0.0, 0.34, 0.14, 0),
            (66, 84, 2, 1.21, 4.7, 0.36, 0.0, -0.30, 0.17, 1),
            (54, 70, 4, 1.18, 4.6, 0.28, -0.01, 0.24, 0.12, 0),
            (47, 64, 8, 1.21, 3.3, 0.21, -0.01, -0.16, 0.13, 1),
            (38, 57, 14, 1.17, 2.1, 0.19, -0.035, 0.0, 0.0, 1),
        ):  # fmt: skip
            locks.append(
                Lock(side * start, side * end, leave, lift, fall, width, 0.0, 1.7, side * sweep,
                     wave=side * wave, flare=flare, tone=tone)
            )  # fmt: skip
    # The fringe's ground, then locks of every length over it, parted so that both brows read:
    # short over them, long between the eyes and at the temples.
    for start, end, leave, fall, width, sweep in (
        (-50, -62, 20, 1.60, 0.22, 0.00), (-35, -47, 28, 1.28, 0.24, -0.06),
        (-21, -31, 35, 1.06, 0.25, -0.07), (-6, -13, 37, 1.06, 0.25, -0.04),
        (5, 4, 37, 1.10, 0.23, 0.02), (17, 20, 36, 1.02, 0.25, 0.06),
        (31, 38, 32, 1.14, 0.25, 0.07), (48, 60, 20, 1.60, 0.22, 0.00),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, 1.12, fall, width, -0.04, 1.7, sweep))
    for start, end, leave, fall, width, sweep in (
        (-44, -59, 22, 2.30, 0.17, -0.02), (-36, -51, 27, 1.80, 0.13, -0.03),
        (-26, -41, 33, 1.28, 0.19, -0.09), (-14, -29, 37, 1.04, 0.17, -0.10),
        (-7, -17, 38, 1.34, 0.18, -0.09), (0, -5, 38, 1.66, 0.15, -0.04),
        (5, 4, 38, 1.44, 0.10, 0.00), (9, 12, 38, 1.26, 0.15, 0.06), (18, 25, 37, 1.00, 0.18, 0.10),
        (28, 41, 32, 1.34, 0.18, 0.08), (37, 50, 27, 1.66, 0.13, 0.04),
        (43, 59, 22, 2.10, 0.17, 0.02),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, 1.17, fall, width, -0.03, 1.5, sweep, tone=1))
    return tuple(locks)


def short_cut() -> tuple[Lock, ...]:
    """Short hair: close behind and at the sides, full and swept to his left on top."""
    locks = []
    for lift, leave, fall, width, count, reach, tone in (
        (1.10, -46, 0.70, 0.32, 8, 134.0, 2), (1.13, -30, 0.78, 0.33, 9, 156.0, 0),
        (1.17, -10, 0.80, 0.33, 9, 176.0, 1), (1.22, 14, 0.84, 0.33, 8, 196.0, 0),
        (1.26, 36, 0.90, 0.32, 7, 210.0, 1),
    ):  # fmt: skip
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            turn = 12.0 * (-1.0) ** i
            length = fall + 0.12 * (-1.0) ** i
            locks.append(Lock(180 + spread - turn, 180 + spread, leave, lift, length, width, 0.06,
                              1.5, tone=tone))  # fmt: skip
    for side in (1.0, -1.0):
        # Before the ear, close to the cheek, and over it.
        for start, end, leave, lift, fall, width, tone in (
            (58, 72, 6, 1.10, 0.95, 0.22, 0), (50, 62, 14, 1.14, 1.25, 0.22, 1),
            (70, 84, 10, 1.16, 0.98, 0.28, 1), (82, 98, 16, 1.19, 0.75, 0.28, 0),
            # Down behind the ear, over the edge of the scalp.
            (66, 78, 8, 1.22, 1.05, 0.24, 1), (76, 88, 8, 1.24, 1.00, 0.26, 0),
            (94, 109, 8, 1.15, 0.95, 0.30, 0), (104, 118, 0, 1.12, 0.90, 0.28, 1),
        ):  # fmt: skip
            locks.append(Lock(side * start, side * end, leave, lift, fall, width, -0.02, 1.5,
                              tone=tone))  # fmt: skip
    # The fringe's ground, then long locks over it, parted on his right.
    for start, end, leave, lift, fall, width, sweep, tone in (
        (-50, -52, 24, 1.12, 1.10, 0.24, -0.01, 0), (-38, -40, 29, 1.12, 1.00, 0.26, -0.02, 0),
        (-24, -24, 33, 1.12, 0.86, 0.28, 0.03, 0), (-10, -6, 35, 1.12, 0.92, 0.28, 0.06, 0),
        (4, 12, 34, 1.12, 0.98, 0.26, 0.07, 0), (20, 30, 31, 1.12, 1.06, 0.26, 0.06, 0),
        (40, 50, 25, 1.12, 1.20, 0.24, 0.02, 0),
        (-48, -52, 28, 1.19, 1.50, 0.18, -0.02, 1), (-40, -40, 33, 1.20, 1.36, 0.22, -0.04, 0),
        (-30, -28, 37, 1.22, 1.20, 0.22, -0.05, 1), (-24, -14, 41, 1.25, 1.34, 0.24, 0.07, 0),
        (-20, -2, 43, 1.26, 1.46, 0.25, 0.09, 1), (-16, 10, 43, 1.27, 1.52, 0.25, 0.10, 0),
        (-8, 24, 41, 1.26, 1.56, 0.25, 0.09, 1), (6, 38, 36, 1.23, 1.60, 0.23, 0.05, 0),
        (24, 52, 28, 1.20, 1.62, 0.20, 0.01, 1),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, lift, fall, width, -0.01, 1.6, sweep, tone=tone))
    return tuple(locks)


def path_of(marks: Landmarks, lock: Lock) -> Floats:
    """The lock's middle line (k, 3): along the skull from the crown, then falling."""

    def on_skull(longitude: float, latitude: float, lift: float) -> Floats:
        lon, lat = np.radians(longitude), np.radians(latitude)
        ray = np.array([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)])
        dome = np.array([1.0, 1.0 + _DOME * max(float(ray[1]), 0.0), 1.0])
        point: Floats = marks.skull + marks.radii * lift * dome * ray
        return point

    points = []
    for i in range(LEAVES_AT + 1):
        t = i / LEAVES_AT
        lift = _CROWN + (lock.lift - _CROWN) * min(1.0, t / 0.7) ** 0.8
        latitude = 87.0 + (lock.leave - 87.0) * t
        points.append(on_skull(lock.start + (lock.end - lock.start) * t**1.3, latitude, lift))
    heading = points[-1] - points[-2]
    heading /= np.linalg.norm(heading)
    step = lock.fall * marks.unit / _FALLS
    lon = np.radians(lock.end)
    outwards = np.array([np.sin(lon), 0.0, np.cos(lon)])
    aside = np.array([np.cos(lon), 0.0, -np.sin(lon)])
    for i in range(_FALLS):
        # The sweep grows on the way down, as a hanging curve's slope does not: it looks combed.
        pull = np.array([4.0 * lock.sweep * (0.3 + 0.3 * i), -1.0, 0.0])
        pull += (lock.out * (i + 1) + lock.flare * _FLARE[i]) * outwards
        pull += lock.wave * _WAVE[i] * aside
        heading = 0.55 * heading + 0.45 * pull
        heading /= np.linalg.norm(heading)
        point = _outside_head(marks, points[-1] + heading * step, 0.51 + 0.5 * lock.lift)
        points.append(marks.outside_trunk(point, 0.22 * marks.unit))
    path = np.array(points)
    for _ in range(2):
        path[3:-1] = 0.25 * path[2:-2] + 0.5 * path[3:-1] + 0.25 * path[4:]
    return path


def _outside_head(marks: Landmarks, point: Floats, lift: float) -> Floats:
    """A point (3,) moved outwards until it clears the head.

    Args:
        lift: of the surface that it keeps outside of, as a factor of the skull's radii; below the
            skull's middle that surface goes straight down, to the jaw.
    """
    q = (point - marks.skull) / marks.radii
    q_over = np.array([q[0], max(float(q[1]), 0.0), q[2]])
    away = float(np.linalg.norm(q_over))
    share = smoothstep(-1.5, -1.0, q[1:2])[0]
    short = max(lift / max(away, 1e-6) - 1.0, 0.0)
    pushed = point + share * short * q_over * marks.radii
    return marks.before_face(pushed, (0.08 + 1.2 * (lift - 1.05)) * marks.unit)


def rows_between(rows: Floats, count: int) -> Floats:
    """Rows (k, c) with `count` − 1 more set evenly between each two."""
    place = np.arange((len(rows) - 1) * count + 1) / count
    low = np.minimum(place.astype(np.int64), len(rows) - 2)
    share = (place - low)[:, None]
    out: Floats = rows[low] * (1.0 - share) + rows[low + 1] * share
    return out


def curved(points: Floats, count: int) -> Floats:
    """A Catmull-Rom curve through points (k, 3), `count` steps between each two."""
    ends = np.concatenate((2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]))
    place = np.arange((len(points) - 1) * count + 1) / count
    i = np.minimum(place.astype(np.int64), len(points) - 2)
    t = (place - i)[:, None]
    a, b, c, d = (ends[i + k] for k in range(4))
    curve: Floats = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curve
