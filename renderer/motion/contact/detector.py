"""Detect contacts of a performer's hands over time, with hysteresis and smooth fades.

A hand touches where it is near in the picture and rests relative to what it touches. Whether it is
also near in depth one camera hardly shows; seen from the front, a hand that is held before a face
looks the same on it.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.contact.records import (
    NO_CONTACTS,
    ContactAnchor,
    ContactPart,
    HandContacts,
    freeze_contacts,
)
from avatars.maths.vectors import Array, smoothstep
from renderer.capture.records import Observation
from renderer.motion.contact.candidates import PARTS, Candidates, find_candidates
from renderer.motion.contact.face_frame import find_face
from renderer.motion.core.skeleton import INDEXES, NOSE, WRISTS

_ENTER_S: Final[Array] = np.array([np.inf, 0.05, 0.15, 0.05, 0.1, 0.1])
"""Seconds for which a hand must rest on each of ContactPart before it counts as touching."""

_LEAVE_S: Final = 0.1
"""Seconds for which it must be away before it has left."""

_ENTER_SPEED: Final[Array] = np.array([0.0, 0.8, 0.4, 0.5, 0.6, 0.5])
"""Metres per second relative to each of ContactPart below which a hand comes to rest on it."""

_LEAVE_SPEED: Final = 1.8
"""Metres per second above which one that touches has left."""

_SPEED_S: Final = 0.08
"""Time constant [s] of the low-pass on that speed."""

_PLACE_S: Final = 0.1
"""Time constant [s] of the low-pass on the place that is touched."""

_RISE_S: Final = 0.12
_FALL_S: Final = 0.3
"""Seconds in which a contact fades in and out."""

_SEEN: Final = (0.4, 0.25)
"""Visibility of wrist and knuckle from which a contact begins, and down to which it goes on."""

_PRIORITY: Final = np.array(
    [
        ContactPart.FACE,
        ContactPart.HANDS,
        ContactPart.UPPER_ARM,
        ContactPart.FOREARM,
        ContactPart.HIP,
    ]
)
_HANDS: Final = np.array([WRISTS, INDEXES])
_HAND_ROWS: Final = np.array([[15, 17, 19, 21], [16, 18, 20, 22]])
"""Pose landmarks of the hands, the wrists first."""

_WRIST_AHEAD: Final = -0.04
"""Metres by which the wrist of a hand on the face lies before the nose, on rendered performers."""


class ContactDetector:
    """Detects what one performer's hands touch; holds the state of both."""

    def __init__(self) -> None:
        self._parts = np.zeros(2, np.int8)
        self._anchors = np.zeros(2, np.int8)
        self._holds = np.zeros(2, np.bool_)
        self._levels: Array = np.zeros(2)
        self._near_s: Array = np.zeros((2, PARTS))
        self._away_s: Array = np.zeros(2)
        self._places: Array = np.full((2, PARTS, 2), np.nan)
        self._speeds: Array = np.zeros((2, PARTS))
        self._shown: Array = np.zeros((2, 2))

    def detect(
        self, seen: Observation, points: Array | None, scale: float, visibility: Array, dt: float
    ) -> HandContacts:
        """Return what the hands touch.

        Args:
            seen: the observation.
            points: (33, 3) the pose's filtered points, metres, stage axes; None without a body.
            scale: pixels per metre in the picture; 0 if it is not known.
            visibility: (33,) of these points, 0 to 1.
            dt: seconds since the last call.
        """
        if points is None or seen.pose is None or not scale > 0.0:
            self._near_s[:] = 0.0
            self._places[:] = np.nan
            self._holds &= self._away_s < _LEAVE_S
            self._away_s += dt
            return self._fade(dt)
        flat = seen.pose[:, :2] * np.array(seen.size, np.float32)
        found = find_candidates(
            seen, find_face(seen, flat), scale, points, flat, self._parts, self._anchors
        )
        self._measure_speeds(found, dt)
        shown = np.minimum.reduce(visibility[_HANDS], axis=0)
        self._leave(found, shown, dt)
        self._begin(found, shown, dt)
        self._follow_places(found, dt)
        return self._fade(dt)

    def place_hands(self, points: Array) -> Array:
        """Return the pose's points with the hands that touch the face at the face's depth.

        The detector guesses on which side of the elbow such a hand is, mostly wrongly.

        Args:
            points: (33, 3) metres, stage axes, of this frame; the contacts are the last frame's.
        """
        touches = (self._parts == ContactPart.FACE) & (self._levels > 0.0)
        if not touches.any():
            return points
        points = points.copy()
        for hand in np.flatnonzero(touches):
            rows = _HAND_ROWS[hand]
            ahead = points[NOSE, 2] + _WRIST_AHEAD - points[rows[0], 2]
            points[rows, 2] += self._levels[hand] * ahead
        return points

    def _measure_speeds(self, found: Candidates, dt: float) -> None:
        """Update how fast the hands move relative to what they might touch, metres per second."""
        if dt > 0.0:
            off = (found.places - self._places) * found.units[:, None]
            speeds = np.sqrt(np.add.reduce(off * off, axis=-1)) / dt
            share = dt / (dt + _SPEED_S)
            known = np.isfinite(speeds)
            # A hand that has just come into view rests nowhere yet.
            was = np.where(known, self._speeds + share * (speeds - self._speeds), _LEAVE_SPEED)
            self._speeds = was
        self._places = found.places

    def _leave(self, found: Candidates, shown: Array, dt: float) -> None:
        """Release the hands that are away from what they touched."""
        rows = np.arange(2)
        stays = found.stays[rows, self._parts] & (shown >= _SEEN[1])
        stays &= self._speeds[rows, self._parts] < _LEAVE_SPEED
        self._away_s = np.where(stays, 0.0, self._away_s + dt)
        self._holds &= self._away_s < _LEAVE_S
        if not self._holds.all() and (self._parts == ContactPart.HANDS).any():
            self._holds &= self._parts != ContactPart.HANDS

    def _begin(self, found: Candidates, shown: Array, dt: float) -> None:
        """Let free hands that have rested on a part for long enough touch it."""
        near = found.begins & (self._speeds < _ENTER_SPEED) & (shown >= _SEEN[0])[:, None]
        self._near_s = np.where(near, self._near_s + dt, 0.0)
        ready = (self._near_s >= _ENTER_S)[:, _PRIORITY]
        free = ~self._holds & (self._levels <= 0.0)
        pair = free.all() and ready[:, 1].all()
        for hand in np.flatnonzero(free & ready.any(axis=1)):
            choices = ready[hand].copy()
            choices[1] = pair
            if not choices.any():
                continue
            part = _PRIORITY[choices.argmax()]
            self._parts[hand], self._holds[hand] = part, True
            is_face = part == ContactPart.FACE
            self._anchors[hand] = found.anchors[hand] if is_face else ContactAnchor.PALM
            self._away_s[hand] = 0.0
            self._shown[hand] = found.places[hand, part]

    def _follow_places(self, found: Candidates, dt: float) -> None:
        """Update the places that are touched."""
        places = found.places[np.arange(2), self._parts]
        share = dt / (dt + _PLACE_S)
        follows = self._holds & np.isfinite(places[:, 0])
        moved = self._shown + share * (places - self._shown)
        self._shown = np.where(follows[:, None], moved, self._shown)

    def _fade(self, dt: float) -> HandContacts:
        """Return the contacts at their current strength."""
        rates = np.where(self._holds, dt / _RISE_S, -dt / _FALL_S)
        self._levels = np.minimum(np.maximum(self._levels + rates, 0.0), 1.0)
        if not self._levels.any():
            self._parts[:] = 0
            return NO_CONTACTS
        self._parts[self._levels <= 0.0] = 0
        return freeze_contacts(
            self._parts.copy(),
            self._anchors.copy(),
            self._shown.astype(np.float32),
            smoothstep(self._levels, 0.0, 1.0).astype(np.float32),
        )
