"""Whether hands, arms and a face are the performer's own, or of one who reached into the picture.

A hand tells by where it is and how large, a face by where its nose is. An arm is told by its past:
a detector that takes somebody else's arm for the performer's leaps to it, faster than a body moves;
and by sleeve and skin (sleeves.py), where it is followed without a leap.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.capture.records import F32, Hand, Observation
from renderer.capture.trackers.crops import LEFT_WRIST, RIGHT_WRIST, body_scale
from renderer.motion.core.skeleton import ELBOWS, SHOULDERS, WRISTS
from renderer.motion.trust.arm_appearance import Sleeves

Bools = npt.NDArray[np.bool_]

REACH: Final = 0.3
"""A hand's wrist is no further than this from the body's, in body scales (about half a metre). On
the demo's clip 99 of 100 hands are within .18, all within .27."""

LARGEST: Final = 0.32
"""From wrist to middle knuckle, in body scales; a larger hand is nearer to the camera than the body
is. On the demo's clip none is above .19; a hand held out to the camera grows by half."""

_FACE_OFF: Final = 0.6
"""A face's nose is no further than this from the body's, in diagonals of the face: .51 at most in
the ground-truth set's fastest turns, .2 in dances. Hair that is taken for a face is off by .8."""

_MESH_NOSE: Final = 1
_KNUCKLE: Final = 9
_SEEN: Final = 0.5
"""A body's wrist less visible than this is a guess, which refuses nobody's hand."""

FASTEST: Final[Array] = np.array([12.0, 22.0])
"""How fast an elbow and a wrist may move against their shoulder, in body scales a second: 6 and 11
metres. Own arms that dance and box are slower; docs/face.md tells how many are refused."""

_NEAR: Final[Array] = np.array([0.25, 0.4])
"""Where an elbow and a wrist are back again after a leap, in body scales."""

_PROOF_S: Final = 0.5
"""After so long without a leap, at lengths that an arm has, an arm is the performer's after all."""

_OWN_PROVES: Final = 5.0
"""So many times as fast one proves itself whose sleeve and skin are plainly the performer's."""

_LOOK_PROOF_S: Final = 0.15
"""After so long without the look of somebody else's, if it had not leapt."""

_SHORTEST: Final = 0.7
"""Of an arm's learnt lengths; somebody else's forearm at the performer's shoulder is shorter."""

_LONGEST_GAP_S: Final = 0.25
_SCALE_KEPT: Final = 0.98
"""So much of a body's scale stays from frame to frame: who bends over seems small for a while."""

_GUESSED: Final = 0.2
"""An arm's joints less visible than this say nothing of where it is."""

_JOINTS: Final = np.array([ELBOWS, WRISTS]).T
_BONES: Final = np.column_stack((SHOULDERS, _JOINTS))
_ARMS: Final = np.array([[13, 15, 17, 19, 21], [14, 16, 18, 20, 22]])


class OwnArms:
    """Refuses arms that leap or look like somebody else's.

    Remembers where each arm of one performer was last, and what it looked like.
    """

    def __init__(self) -> None:
        self._places: Array = np.full((2, 2, 2), np.nan)
        self._trusted = self._places.copy()
        self._proved_s = np.full(2, np.inf)
        self._sleeves = Sleeves()
        self._scale = 0.0
        self._last_s = -np.inf

    def only(self, seen: Observation, lengths: Array) -> Observation:
        """The observation without arms, and their hands, that are somebody else's.

        Args:
            lengths: (2,) the performer's upper arm and forearm, metres.
        """
        left, right = self._refuse_arms(seen, lengths).tolist()
        if seen.pose is None or not (left or right):
            return seen
        pose = seen.pose.copy()
        pose[_ARMS[[left, right]]] = np.nan
        return replace(
            seen,
            pose=pose,
            left_hand=None if left else seen.left_hand,
            right_hand=None if right else seen.right_hand,
        )

    def _refuse_arms(self, seen: Observation, lengths: Array) -> Bools:
        """Whether the left and the right arm, (2,), are somebody else's."""
        now = seen.t_seen_ns * 1e-9
        dt, self._last_s = now - self._last_s, now
        was_refused = self._proved_s < _PROOF_S
        if seen.pose is None or seen.pose_world is None or seen.visibility is None:
            self._places = np.full((2, 2, 2), np.nan)
            return was_refused
        points = _finite(seen.pose[:, :2]) * np.array(seen.size, np.float32)
        scale = body_scale(points)
        if not scale > 0.0:
            self._places = np.full((2, 2, 2), np.nan)
            return was_refused
        self._scale = max(scale, _SCALE_KEPT * self._scale)
        places = (points[_JOINTS] - points[list(SHOULDERS), None]) / self._scale
        there = seen.visibility[_JOINTS].min(axis=1) >= _GUESSED
        places[~there] = np.nan
        step = dt if dt < _LONGEST_GAP_S else 0.0
        foreign = self._sleeves.judge(seen.colours, there, step)

        stride = np.linalg.norm(places - self._places, axis=-1)
        leapt = (stride > FASTEST * dt).any(axis=1) & (step > 0.0)
        # Both at once: the whole body was found anew, or turned about.
        leapt &= not leapt.all()
        back = (np.linalg.norm(places - self._trusted, axis=-1) < _NEAR).all(axis=1)
        bones = np.linalg.norm(np.diff(_finite(seen.pose_world)[_BONES], axis=1), axis=-1)
        fits = (bones > _SHORTEST * lengths).all(axis=1) & there
        proof_s = step * np.where(self._sleeves.own, _OWN_PROVES, fits)
        settled = np.where(back & was_refused, np.inf, self._proved_s + proof_s)
        settled = np.where(foreign, np.minimum(settled, _PROOF_S - _LOOK_PROOF_S), settled)
        self._proved_s = np.where(leapt & ~back, 0.0, settled)
        refused = self._proved_s < _PROOF_S
        self._places = places
        trusted = there & ~refused
        self._trusted = np.where(trusted[:, None, None], places, self._trusted)
        self._trusted[foreign] = np.nan
        self._sleeves.learn(trusted, step)
        return refused


def _finite(points: F32) -> F32:
    """The points, NaN where they are no number at all."""
    return np.where(np.isfinite(points), points, np.float32(np.nan))


def own_face(seen: Observation) -> Observation:
    """The observation without a face that cannot be this body's; itself where it can be."""
    if seen.face is None or seen.pose is None:
        return seen
    pixels = np.array(seen.size, np.float32)
    off = (seen.face[_MESH_NOSE, :2] - seen.pose[0, :2]) * pixels
    # Rows that lie in a row: a tenth of the time.
    points = np.ascontiguousarray(seen.face[:, :2].T)
    across = (np.maximum.reduce(points, axis=1) - np.minimum.reduce(points, axis=1)) * pixels
    # What is no number compares as false, and is left to those who look for such.
    if np.hypot(*off) > _FACE_OFF * np.hypot(*across):
        return replace(seen, face=None, scores=None, head=None)
    return seen


def own_hands(seen: Observation) -> Observation:
    """The observation without hands that cannot be this body's; itself where all can be."""
    if seen.pose is None or (seen.left_hand is None and seen.right_hand is None):
        return seen
    pixels = np.array(seen.size, np.float32)
    points = np.asarray(seen.pose[:, :2] * pixels, np.float32)
    if not np.isfinite(points).all():
        return seen
    scale = body_scale(points)
    visible = np.ones(33) if seen.visibility is None else seen.visibility
    left, right = (
        hand
        if hand is None or visible[wrist] < _SEEN or _belongs(hand, points[wrist], pixels, scale)
        else None
        for hand, wrist in ((seen.left_hand, LEFT_WRIST), (seen.right_hand, RIGHT_WRIST))
    )
    if left is seen.left_hand and right is seen.right_hand:
        return seen
    return replace(seen, left_hand=left, right_hand=right)


def _belongs(hand: Hand, wrist: F32, pixels: F32, scale: float) -> bool:
    points = hand.image[[0, _KNUCKLE], :2] * pixels
    away = float(np.hypot(*(points[0] - wrist)))
    size = float(np.hypot(*(points[1] - points[0])))
    return away <= REACH * scale and size <= LARGEST * scale
