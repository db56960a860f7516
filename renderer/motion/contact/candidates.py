"""Measure, for every frame, what each hand might touch and where."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.contact.records import ContactAnchor, ContactPart
from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.contact.face_frame import FaceFrame
from renderer.motion.contact.hand_places import FOREARM, HIP_UNIT, judge_hands
from renderer.motion.core.skeleton import INDEXES, SHOULDERS

Bools = npt.NDArray[np.bool_]

PARTS: Final = len(ContactPart)

_HAND_INDEX_TIP: Final = 8
_HAND_INDEX_KNUCKLE: Final = 5
"""Hand landmarks."""

_FACE_CENTRE: Final = np.array([0.0, -0.2])
_FACE_RADII: Final = np.array([1.05, 1.05])
"""Ellipse of a face from forehead to chin, in the units of ContactPart.FACE."""

_SHOULDERS_SQUARE: Final = 0.12
"""Metres between the shoulders in the picture of a performer who faces the camera enough for
depths to be comparable."""

_STAY: Final = 1.35
"""Factor on the limits for a contact that exists (hysteresis)."""

_INDEXES: Final = np.array(INDEXES)


class Candidates(NamedTuple):
    """What both hands might touch in one frame.

    Attributes:
        begins: (2, PARTS) whether the hand is where a contact begins.
        stays: (2, PARTS) whether it is where one that exists goes on.
        places: (2, PARTS, 2) where on the part; NaN where unknown.
        units: (PARTS,) metres for each unit of the places.
        anchors: (2,) the part of the hand that would touch the face.
    """

    begins: Bools
    stays: Bools
    places: Array
    units: Array
    anchors: npt.NDArray[np.int8]


def find_candidates(
    seen: Observation,
    face: FaceFrame | None,
    scale: float,
    points: Array,
    flat: Array,
    touching: npt.NDArray[np.int8],
    anchors: npt.NDArray[np.int8],
) -> Candidates:
    """Return what both hands might touch.

    Args:
        seen: the observation; gives the fingers.
        face: the face in the picture; None where it is not known.
        scale: pixels per metre.
        points: (33, 3) the pose's points, metres, stage axes.
        flat: (33, 2) the same in the picture, pixels, y down.
        touching: (2,) ContactPart that each hand touches now.
        anchors: (2,) ContactAnchor by which it does.
    """
    out = Candidates(
        np.zeros((2, PARTS), np.bool_),
        np.zeros((2, PARTS), np.bool_),
        np.full((2, PARTS, 2), np.nan),
        np.full(PARTS, 0.25),
        np.full(2, ContactAnchor.KNUCKLE, np.int8),
    )
    if face is not None:
        _touch_face(seen, face, scale, flat, touching, anchors, out)
    if points[SHOULDERS[0], 0] - points[SHOULDERS[1], 0] > _SHOULDERS_SQUARE:
        out.units[ContactPart.HIP], out.units[ContactPart.HANDS] = HIP_UNIT, FOREARM
        judge_hands(np.ascontiguousarray(points), _STAY, out.begins, out.stays, out.places)
    return out


def _touch_face(
    seen: Observation,
    face: FaceFrame,
    scale: float,
    flat: Array,
    touching: npt.NDArray[np.int8],
    anchors: npt.NDArray[np.int8],
    out: Candidates,
) -> None:
    """Write which hand touches the face with a knuckle or a fingertip."""
    if face.across[0] <= 0.0:
        return
    knuckles = face.locate(flat[_INDEXES])
    tips = np.full((2, 2), np.nan)
    for k, hand in enumerate((seen.left_hand, seen.right_hand)):
        if hand is not None:
            ends = hand.image[[_HAND_INDEX_KNUCKLE, _HAND_INDEX_TIP], :2] * seen.size
            finger = face.locate(ends)
            tips[k] = knuckles[k] + finger[1] - finger[0]
    both = np.stack((knuckles, tips), axis=1)
    away = np.hypot(*np.moveaxis((both - _FACE_CENTRE) / _FACE_RADII, -1, 0))
    held = (touching == ContactPart.FACE) & (anchors == ContactAnchor.FINGERTIP)
    free = touching != ContactPart.FACE
    by_tip = held | (free & (away[:, 1] < 1.0) & ~(away[:, 0] < 1.0))
    by_tip &= np.isfinite(away[:, 1])
    rows = np.arange(2)
    column = by_tip.astype(int)
    out.places[:, ContactPart.FACE] = both[rows, column]
    out.begins[:, ContactPart.FACE] = away[rows, column] < 1.0
    out.stays[:, ContactPart.FACE] = away[rows, column] < _STAY
    out.anchors[by_tip] = ContactAnchor.FINGERTIP
    out.units[ContactPart.FACE] = face.height / scale
