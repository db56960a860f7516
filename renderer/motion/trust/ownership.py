"""Ownership gates: rejects hands, arms and faces of people other than the performer.

A hand is judged by its position and size, a face by its size and the position of its nose. An arm
is judged by its history: a detector that picks up another person's arm jumps to it, faster than a
body moves; and by its appearance (arm_appearance.py), where it is picked up without a jump. Where
nobody else is in the picture no arm is judged by its appearance, and one that jumped is back as
soon as it stays.
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
from renderer.motion.trust.arm_appearance import ArmAppearance

Bools = npt.NDArray[np.bool_]

MAX_WRIST_DISTANCE: Final = 0.3
"""Largest distance of a hand's wrist from the body's wrist, in body scales (about half a metre
each). On the demo's clip 99 of 100 hands are within .18, all within .27."""

MAX_HAND_SIZE: Final = 0.32
"""Largest distance from wrist to middle knuckle, in body scales; a larger hand is nearer to the
camera than the body. On the demo's clip none is above .19; a hand held out to the camera appears
larger by half."""

_MAX_NOSE_DISTANCE: Final = 0.6
"""Largest distance of a face's nose from the body's, in diagonals of the face: at most .51 in the
ground-truth set's fastest turns, .2 in dances. Hair detected as a face is off by .8."""

_MIN_FACE_EXTENT: Final = 0.2
"""Smallest extent of a face, width or height, in body scales. A face has .28 and .34; a mesh on the
ear of a man seen from behind has .1 to .19."""

_MESH_NOSE: Final = 1
"""Row of the nose's tip in the face mesh."""

_KNUCKLE: Final = 9
"""Hand landmark of the middle knuckle."""

_WRIST_VISIBLE: Final = 0.5
"""A body wrist less visible than this is a guess and rejects no hand."""

MAX_SPEED: Final[Array] = np.array([12.0, 22.0])
"""(2,) fastest movement of elbow and wrist relative to their shoulder, in body scales per second: 6
and 11 metres per second. A performer's own arms in dance and boxing are slower; docs/face.md
reports how many are rejected."""

_RETURN_DISTANCE: Final[Array] = np.array([0.25, 0.4])
"""(2,) distance in body scales within which elbow and wrist are back after a jump."""

_PROOF_S: Final = 0.5
"""Seconds without a jump, at plausible lengths, after which a rejected arm is accepted."""

_OWN_PROOF_RATE: Final = 5.0
"""Factor on that time's progress for an arm whose appearance is clearly the performer's."""

_COLOURS_KNOWN_S: Final = 2.0
"""Seconds for which an arm's colours must have been learnt before they reject it, where it is not
known whether anybody else is in the picture."""

_ALONE_PROOF_S: Final = 0.1
"""_PROOF_S while nobody else is in the picture: what persists there is the performer's."""

_LOOK_PROOF_S: Final = 0.15
"""Seconds without a foreign appearance after which an arm that had not jumped is accepted."""

_MIN_LENGTH_RATIO: Final = 0.7
"""Smallest apparent over learnt length of an arm's bones; another person's forearm attached to the
performer's shoulder is shorter."""

_LONGEST_GAP_S: Final = 0.25
"""Longest gap [s] between observations over which a jump can be detected."""

_SCALE_DECAY: Final = 0.98
"""Factor per frame by which the body's scale falls at most: a performer who bends over appears
small for a while."""

_MIN_JOINT_VISIBILITY: Final = 0.2
"""Arm joints less visible than this have no known position."""

_JOINTS: Final = np.array([ELBOWS, WRISTS]).T
_BONES: Final = np.column_stack((SHOULDERS, _JOINTS))
_ARMS: Final = np.array([[13, 15, 17, 19, 21], [14, 16, 18, 20, 22]])


class ArmOwnership:
    """Rejects arms that jump or look like another person's.

    Remembers one performer's arms: their last positions and their appearance.
    """

    def __init__(self) -> None:
        self._places: Array = np.full((2, 2, 2), np.nan)
        self._trusted = self._places.copy()
        self._proved_s = np.full(2, np.inf)
        self._appearance = ArmAppearance()
        self._scale = 0.0
        self._last_s = -np.inf

    def reject_foreign_arms(self, seen: Observation, lengths: Array) -> Observation:
        """Return the observation without foreign arms and their hands.

        Args:
            seen: the observation.
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
        """Return whether the left and the right arm, (2,), are another person's."""
        now = seen.t_seen_ns * 1e-9
        dt, self._last_s = now - self._last_s, now
        proof = _ALONE_PROOF_S if seen.company is False else _PROOF_S
        was_refused = self._proved_s < proof
        if seen.pose is None or seen.pose_world is None or seen.visibility is None:
            self._places = np.full((2, 2, 2), np.nan)
            return was_refused
        points = _finite(seen.pose[:, :2]) * np.array(seen.size, np.float32)
        scale = body_scale(points)
        if not scale > 0.0:
            self._places = np.full((2, 2, 2), np.nan)
            return was_refused
        self._scale = max(scale, _SCALE_DECAY * self._scale)
        places = (points[_JOINTS] - points[list(SHOULDERS), None]) / self._scale
        there = seen.visibility[_JOINTS].min(axis=1) >= _MIN_JOINT_VISIBILITY
        places[~there] = np.nan
        step = dt if dt < _LONGEST_GAP_S else 0.0
        foreign = self._appearance.judge(seen.colours, there, step)
        if seen.company is False:
            foreign[:] = False
        elif seen.company is None:
            foreign &= self._appearance.known_s > _COLOURS_KNOWN_S

        stride = np.linalg.norm(places - self._places, axis=-1)
        leapt = (stride > MAX_SPEED * dt).any(axis=1) & (step > 0.0)
        # Both at once: the whole body was detected afresh, or turned around.
        leapt &= not leapt.all()
        back = (np.linalg.norm(places - self._trusted, axis=-1) < _RETURN_DISTANCE).all(axis=1)
        bones = np.linalg.norm(np.diff(_finite(seen.pose_world)[_BONES], axis=1), axis=-1)
        fits = (bones > _MIN_LENGTH_RATIO * lengths).all(axis=1) & there
        proof_s = step * np.where(
            self._appearance.own, _OWN_PROOF_RATE, fits | (seen.company is False)
        )
        settled = np.where(back & was_refused, np.inf, self._proved_s + proof_s)
        settled = np.where(foreign, np.minimum(settled, _PROOF_S - _LOOK_PROOF_S), settled)
        self._proved_s = np.where(leapt & ~back, 0.0, settled)
        refused = self._proved_s < proof
        self._places = places
        trusted = there & ~refused
        self._trusted = np.where(trusted[:, None, None], places, self._trusted)
        self._trusted[foreign] = np.nan
        self._appearance.learn(trusted, step)
        return refused


def _finite(points: F32) -> F32:
    """Replace infinities by NaN."""
    return np.where(np.isfinite(points), points, np.float32(np.nan))


def reject_foreign_face(seen: Observation) -> Observation:
    """Return the observation without a face that cannot be this body's; itself where it can."""
    if seen.face is None or seen.pose is None:
        return seen
    pixels = np.array(seen.size, np.float32)
    off = (seen.face[_MESH_NOSE, :2] - seen.pose[0, :2]) * pixels
    # Contiguous rows: a tenth of the time.
    points = np.ascontiguousarray(seen.face[:, :2].T)
    across = (np.maximum.reduce(points, axis=1) - np.minimum.reduce(points, axis=1)) * pixels
    body = body_scale(np.asarray(seen.pose[:, :2] * pixels, np.float32))
    is_small = across.max() < _MIN_FACE_EXTENT * body
    # NaN compares as false and is left to later checks.
    if is_small or np.hypot(*off) > _MAX_NOSE_DISTANCE * np.hypot(*across):
        return replace(seen, face=None, scores=None, head=None)
    return seen


def reject_foreign_hands(seen: Observation) -> Observation:
    """Return the observation without hands that cannot be this body's; itself where all can."""
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
        if hand is None
        or visible[wrist] < _WRIST_VISIBLE
        or _is_own_hand(hand, points[wrist], pixels, scale)
        else None
        for hand, wrist in ((seen.left_hand, LEFT_WRIST), (seen.right_hand, RIGHT_WRIST))
    )
    if left is seen.left_hand and right is seen.right_hand:
        return seen
    return replace(seen, left_hand=left, right_hand=right)


def _is_own_hand(hand: Hand, wrist: F32, pixels: F32, scale: float) -> bool:
    """Return whether a hand's position and size fit the body's wrist."""
    points = hand.image[[0, _KNUCKLE], :2] * pixels
    away = float(np.hypot(*(points[0] - wrist)))
    size = float(np.hypot(*(points[1] - points[0])))
    return away <= MAX_WRIST_DISTANCE * scale and size <= MAX_HAND_SIZE * scale
