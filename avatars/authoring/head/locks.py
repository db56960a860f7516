"""Define the haircuts: the parameters of each lock and its centre line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from avatars.authoring.figure.geometry import smoothstep
from avatars.authoring.figure.landmarks import Landmarks
from avatars.authoring.figure.source import Floats

LEAVES_AT = 7
"""Index of the path point at which a lock leaves the skull."""

_DOME = 0.20
"""Relative increase of the hair's distance from the skull at the top of the head, so that the hair
is taller than the skull."""

_CROWN = 1.13
"""Distance of the hair from the skull's centre at the crown, as a factor on the skull's
semi-axes."""

_FALLS = 6
"""Path segments from the point where a lock leaves the skull to its tip."""


_FLARE = (0.0, -1.0, -1.6, 0.4, 2.4, 4.0)
_WAVE = (0.0, 1.2, 2.0, -1.6, -3.4, 1.6)
"""Factors per hanging path segment on `Lock.flare` (outwards) and `Lock.wave` (sideways)."""


@dataclass(frozen=True, slots=True)
class Lock:
    """One lock of hair. Angles in degrees, lengths in eye distances.

    Attributes:
        start: longitude at the crown; 0 is the front, positive the figure's left.
        end: longitude where the lock leaves the skull.
        leave: latitude where it leaves the skull.
        lift: distance from the skull's centre, as a factor on the skull's semi-axes.
        fall: length of the hanging part.
        width: half width.
        out: outward curvature towards the tip.
        taper: exponent of the taper: 1 is a long point, larger values thin later.
        sweep: deflection of the hanging part to the figure's left.
        thick: height of the lens-shaped cross-section, divided by the half width.
        wave: amplitude of the sideways wave of the hanging part.
        flare: amplitude by which the lock bends inwards at the neck and outwards at the tip.
        tied: radius of a tail's arch above its tie, which is at longitude `start` and latitude
            `leave`; 0 for a lock that runs from the crown.
        tone: 0 is the hair's colour, 1 slightly lighter, 2 darker, for locks under others.
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
    tied: float = 0.0


FRINGE = Lock(0.0, 0.0, 27.0, 1.11, 0.7, 0.2)
"""A lock without a spring chain; the cap on the scalp uses its skinning weights."""


def long_cut() -> tuple[Lock, ...]:
    """Return the locks of the long cut: large clumps, two high tails, locks framing the face."""
    locks = []
    for lift, fall, width, count, reach, wave, flare, tone in (
        (1.10, 4.9, 0.62, 7, 176.0, 0.12, 0.10, 2),
        (1.20, 5.8, 0.44, 8, 200.0, 0.34, 0.22, 0),
        (1.28, 4.3, 0.40, 6, 150.0, 0.44, 0.28, 1),
    ):
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            # Shorter towards the sides, alternating in length.
            length = fall - 0.6 * abs(spread) / 90.0 + 0.35 * (-1.0) ** i
            turn = wave if i % 2 else -0.7 * wave
            place = 180.0 + spread
            # Alternate the tone, or the locks would merge into one mass from behind.
            shade = tone if tone == 2 else (tone + i) % 2
            locks.append(Lock(place, place, -14, lift, length, width, 0.03, 2.1, wave=turn,
                              flare=flare + 0.04 * (i % 3), tone=shade))  # fmt: skip
    for side in (1.0, -1.0):
        # Behind the ear, over the shoulder, then the locks that frame the cheek.
        for start, end, leave, lift, fall, width, sweep, wave, flare, tone in (
            (80, 98, 0, 1.24, 5.0, 0.48, 0.0, 0.34, 0.22, 0),
            (64, 82, 2, 1.27, 4.0, 0.42, 0.0, -0.30, 0.26, 1),
            (52, 69, 6, 1.24, 3.3, 0.34, -0.015, 0.20, 0.10, 0),
            (42, 57, 12, 1.22, 2.15, 0.27, -0.045, 0.0, 0.0, 1),
        ):  # fmt: skip
            locks.append(
                Lock(side * start, side * end, leave, lift, fall, width, 0.0, 2.0, side * sweep,
                     wave=side * wave, flare=flare, tone=tone)
            )  # fmt: skip
        # A tail on this side.
        for start, end, leave, tied, fall, width, out, wave, tone in (
            (100, 84, 44, 0.64, 4.3, 0.44, 0.03, 0.34, 0),
            (100, 112, 42, 0.60, 4.0, 0.44, 0.03, -0.34, 0),
            (100, 64, 42, 0.52, 3.6, 0.34, 0.02, -0.30, 1),
            (100, 96, 47, 0.76, 3.4, 0.34, 0.05, 0.30, 1),
        ):  # fmt: skip
            locks.append(
                Lock(side * start, side * end, leave, 1.34, fall, width, out, 2.2,
                     wave=side * wave, flare=0.12, tone=tone, tied=tied)
            )  # fmt: skip
    # A darker base layer of the fringe, then large clumps over it, parted to show both brows.
    for start, end, leave, fall, width, sweep in (
        (-52, -60, 20, 1.62, 0.30, 0.00), (-30, -40, 33, 1.00, 0.34, -0.06),
        (-8, -14, 38, 0.82, 0.36, -0.03), (14, 13, 38, 0.82, 0.36, 0.03),
        (33, 39, 33, 1.00, 0.34, 0.06), (52, 60, 20, 1.62, 0.30, 0.00),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, 1.13, fall, width, -0.04, 2.0, sweep, tone=2))
    for start, end, leave, fall, width, sweep, tone in (
        (-40, -54, 24, 1.72, 0.26, -0.05, 0), (-25, -39, 31, 1.20, 0.33, -0.11, 1),
        (-9, -20, 37, 1.06, 0.34, -0.10, 0), (14, 22, 37, 1.00, 0.34, 0.09, 0),
        (3, 1, 39, 1.40, 0.27, -0.05, 1),
        (27, 40, 31, 1.20, 0.33, 0.11, 1), (40, 54, 24, 1.78, 0.26, 0.05, 0),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, 1.20, fall, width, -0.03, 2.1, sweep, tone=tone))
    return tuple(locks)


def short_cut() -> tuple[Lock, ...]:
    """Return the locks of the short cut: full on top, parted on the right, longer at the nape."""
    locks = []
    for lift, leave, fall, width, count, reach, out, tone in (
        (1.12, -46, 1.25, 0.46, 6, 134.0, 0.03, 2), (1.20, -28, 1.10, 0.48, 7, 156.0, 0.05, 0),
        (1.28, -6, 1.00, 0.48, 7, 176.0, 0.08, 1), (1.34, 18, 0.98, 0.46, 6, 196.0, 0.10, 0),
        (1.39, 40, 0.92, 0.44, 5, 210.0, 0.12, 1),
    ):  # fmt: skip
        for i in range(count):
            spread = (i / (count - 1) - 0.5) * reach
            turn = 14.0 * (-1.0) ** i
            length = fall + 0.14 * (-1.0) ** i
            locks.append(Lock(180 + spread - turn, 180 + spread, leave, lift, length, width, out,
                              2.0, tone=tone))  # fmt: skip
    for side in (1.0, -1.0):
        # In front of and over the ear, then down behind it, covering the edge of the cap.
        for start, end, leave, lift, fall, width, out, tone in (
            (57, 70, 6, 1.16, 1.30, 0.28, -0.02, 0), (48, 60, 14, 1.20, 1.62, 0.25, -0.03, 1),
            (70, 84, 10, 1.25, 1.18, 0.36, 0.02, 1), (84, 102, 8, 1.28, 1.10, 0.38, 0.06, 0),
            (98, 116, 0, 1.20, 1.20, 0.38, 0.05, 2), (76, 92, 22, 1.34, 1.00, 0.36, 0.10, 0),
        ):  # fmt: skip
            locks.append(Lock(side * start, side * end, leave, lift, fall, width, out, 2.0,
                              tone=tone))  # fmt: skip
    # A darker base layer of the fringe, then long clumps over it, parted on the figure's right.
    for start, end, leave, lift, fall, width, sweep, tone in (
        (-50, -56, 24, 1.14, 1.00, 0.30, -0.02, 2), (-28, -30, 33, 1.14, 0.62, 0.36, -0.02, 2),
        (-8, -10, 37, 1.14, 0.66, 0.38, 0.02, 2), (7, 6, 38, 1.14, 0.64, 0.32, 0.04, 2),
        (16, 22, 35, 1.14, 0.64, 0.36, 0.06, 2),
        (40, 52, 25, 1.14, 1.00, 0.30, 0.02, 2),
        (-42, -55, 26, 1.22, 1.40, 0.25, -0.04, 0), (-30, -43, 34, 1.28, 1.10, 0.30, -0.08, 1),
        (-22, -24, 41, 1.33, 1.12, 0.30, -0.07, 0), (-17, -11, 44, 1.37, 1.34, 0.30, 0.06, 1),
        (-12, 8, 44, 1.38, 1.52, 0.32, 0.08, 0), (0, 30, 39, 1.34, 1.16, 0.34, 0.11, 1),
        (20, 53, 29, 1.27, 1.40, 0.27, 0.03, 0),
    ):  # fmt: skip
        locks.append(Lock(start, end, leave, lift, fall, width, 0.0, 2.1, sweep, tone=tone))
    return tuple(locks)


def path_of(marks: Landmarks, lock: Lock) -> Floats:
    """Compute a lock's centre line (k, 3), metres: along the skull from the crown, then hanging."""

    def on_skull(longitude: float, latitude: float, lift: float) -> Floats:
        lon, lat = np.radians(longitude), np.radians(latitude)
        ray = np.array([np.sin(lon) * np.cos(lat), np.sin(lat), np.cos(lon) * np.cos(lat)])
        dome = np.array([1.0, 1.0 + _DOME * max(float(ray[1]), 0.0), 1.0])
        point: Floats = marks.skull + marks.radii * lift * dome * ray
        return point

    points = []
    for i in range(LEAVES_AT + 1):
        t = i / LEAVES_AT
        if lock.tied:
            points.append(_place_on_tail(marks, lock, on_skull(lock.start, lock.leave, 1.06), t))
            continue
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
        # The sweep increases towards the tip, unlike a hanging curve's slope: hair looks combed.
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


def _place_on_tail(marks: Landmarks, lock: Lock, root: Floats, t: float) -> Floats:
    """Return the point (3,) at parameter t, 0 to 1, on the arch of a tail above its root."""
    lon = np.radians(lock.end)
    outwards = np.array([np.sin(lon), 0.0, np.cos(lon)])
    arch = np.sin(0.5 * np.pi * t) * outwards
    arch[1] += 0.62 * np.sin(0.86 * np.pi * t)
    point: Floats = root + lock.tied * marks.unit * arch
    return point


def _outside_head(marks: Landmarks, point: Floats, lift: float) -> Floats:
    """Move a point (3,) outwards until it is outside the head.

    Args:
        lift: size of the bounding surface, as a factor on the skull's semi-axes; below the skull's
            centre the surface continues vertically down to the jaw.
    """
    q = (point - marks.skull) / marks.radii
    q_over = np.array([q[0], max(float(q[1]), 0.0), q[2]])
    away = float(np.linalg.norm(q_over))
    share = smoothstep(-1.5, -1.0, q[1:2])[0]
    short = max(lift / max(away, 1e-6) - 1.0, 0.0)
    pushed = point + share * short * q_over * marks.radii
    return marks.before_face(pushed, (0.06 + 0.6 * (lift - 1.05)) * marks.unit)


def rows_between(rows: Floats, count: int) -> Floats:
    """Interpolate rows (k, c) linearly, with `count` steps between each two."""
    place = np.arange((len(rows) - 1) * count + 1) / count
    low = np.minimum(place.astype(np.int64), len(rows) - 2)
    share = (place - low)[:, None]
    out: Floats = rows[low] * (1.0 - share) + rows[low + 1] * share
    return out


def sample_spline(points: Floats, count: int) -> Floats:
    """Sample a Catmull-Rom spline through points (k, 3), with `count` steps between each two."""
    ends = np.concatenate((2 * points[:1] - points[1:2], points, 2 * points[-1:] - points[-2:-1]))
    place = np.arange((len(points) - 1) * count + 1) / count
    i = np.minimum(place.astype(np.int64), len(points) - 2)
    t = (place - i)[:, None]
    a, b, c, d = (ends[i + k] for k in range(4))
    curve: Floats = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return curve
