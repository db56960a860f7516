"""Measure, for every frame, what each hand might touch and where."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.contact.records import ContactAnchor, ContactPart
from avatars.maths.vectors import Array
from renderer.capture.records import Observation
from renderer.motion.contact.face_frame import FaceFrame
from renderer.motion.core.skeleton import ELBOWS, HIPS, INDEXES, PINKIES, SHOULDERS, WRISTS

Bools = npt.NDArray[np.bool_]

PARTS: Final = len(ContactPart)

_HAND_INDEX_TIP: Final = 8
_HAND_INDEX_KNUCKLE: Final = 5
"""Hand landmarks."""

_FACE_CENTRE: Final = np.array([0.0, -0.2])
_FACE_RADII: Final = np.array([1.05, 1.05])
"""Ellipse of a face from forehead to chin, in the units of ContactPart.FACE."""

_HIP_HEIGHTS: Final = (-0.1, 0.5)
"""Shares of the way from hip to shoulder between which a hand rests on the hip."""

_HIP_ASIDE: Final = (-0.05, 0.17)
"""Metres outwards from the line of hip and shoulder joints between which the palm is then."""

_ELBOW_OUT: Final = 0.05
"""Metres by which the elbow of a hand on the hip is farther out than the wrist."""

_PALMS_NEAR: Final = 0.10
"""Metres in the picture between the palms of joined hands."""

_ARM_NEAR: Final = 0.075
"""Metres in the picture from the palm to the axis of an arm that it touches."""

_ARM_SHARE: Final = (0.15, 0.95)
"""Shares of an arm's bone that a hand can hold: not the shoulder, nor the other wrist."""

_DEPTH_NEAR: Final = 0.30
"""Metres in depth within which hands and arms may touch: the detector's depth errs by that."""

_SHORTEST_BONE: Final = 0.10
"""Metres in the picture below which a bone gives no place along it."""

_SHOULDERS_SQUARE: Final = 0.12
"""Metres between the shoulders in the picture of a performer who faces the camera enough for
depths to be comparable."""

_CROSSED: Final = 0.05
"""Metres by which the palms have passed each other when arms begin to be folded."""

_PAST_MIDDLE: Final = 0.02
"""Metres by which at least one palm is past the body's middle while arms are folded: the detector
puts the hidden hand on the one that covers it."""

_ELBOWS_ASIDE: Final = 0.08
"""Metres from the body's middle to the elbows of folded arms."""

_STAY: Final = 1.35
"""Factor on the limits for a contact that exists (hysteresis)."""

_NEAR: Final = np.array([*SHOULDERS])
_PALMS: Final = np.array([WRISTS, INDEXES, PINKIES])
_SIGNS: Final = np.array([1.0, -1.0])


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


class Body(NamedTuple):
    """A performer's arms in the picture plane and in depth, (2, 3) metres each, left and right."""

    shoulders: Array
    elbows: Array
    wrists: Array
    palms: Array
    hips: Array

    @classmethod
    def of(cls, points: Array) -> Body:
        """Return the arms of a pose's points (33, 3)."""
        return cls(
            points[list(SHOULDERS)],
            points[list(ELBOWS)],
            points[list(WRISTS)],
            np.add.reduce(points[_PALMS], axis=0) / 3.0,
            points[list(HIPS)],
        )


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
    body = Body.of(points)
    if face is not None:
        _touch_face(seen, face, scale, flat, touching, anchors, out)
    if body.shoulders[0, 0] - body.shoulders[1, 0] > _SHOULDERS_SQUARE:
        _touch_hips(body, out)
        _touch_hands(body, out)
        _touch_arms(body, out)
        _fold_arms(body, out)
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
    knuckles = face.locate(flat[list(INDEXES)])
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


def _touch_hips(body: Body, out: Candidates) -> None:
    """Write which hand rests on its hip, with the elbow out."""
    trunk = body.shoulders - body.hips
    length = np.maximum(trunk[:, 1], 0.2)
    height = (body.palms[:, 1] - body.hips[:, 1]) / length
    aside = (body.palms[:, 0] - body.hips[:, 0] - height * trunk[:, 0]) * _SIGNS
    out_by = (body.elbows[:, 0] - body.wrists[:, 0]) * _SIGNS
    bent = (out_by > _ELBOW_OUT) & (body.elbows[:, 1] > body.wrists[:, 1])
    low, high = _HIP_HEIGHTS
    near, far = _HIP_ASIDE
    for flags, slack in ((out.begins, 0.0), (out.stays, 0.05)):
        flags[:, ContactPart.HIP] = (
            bent
            & (height > low - slack)
            & (height < high + slack)
            & (aside > near - slack)
            & (aside < far + slack)
        )
    out.places[:, ContactPart.HIP, 0] = height
    out.places[:, ContactPart.HIP, 1] = 0.0
    out.units[ContactPart.HIP] = 0.5


def _touch_hands(body: Body, out: Candidates) -> None:
    """Write whether the hands touch each other."""
    apart = body.palms[1] - body.palms[0]
    far = float(np.hypot(apart[0], apart[1]))
    if abs(float(apart[2])) > _DEPTH_NEAR:
        far += abs(float(apart[2])) - _DEPTH_NEAR
    forearm = 0.25
    crossed = float(apart[0]) > _CROSSED
    out.begins[:, ContactPart.HANDS] = far < _PALMS_NEAR and not crossed
    out.stays[:, ContactPart.HANDS] = far < _STAY * _PALMS_NEAR
    out.places[:, ContactPart.HANDS] = apart[:2] / forearm
    out.units[ContactPart.HANDS] = forearm


def _touch_arms(body: Body, out: Candidates) -> None:
    """Write which hand holds the other arm."""
    starts = np.stack((body.shoulders, body.elbows))
    along = np.stack((body.elbows, body.wrists)) - starts
    # The palm of one side against the arm of the other.
    off = body.palms[::-1] - starts
    size = np.add.reduce(along[..., :2] ** 2, axis=-1)
    share = np.add.reduce(off[..., :2] * along[..., :2], axis=-1) / np.maximum(size, 1e-6)
    miss = off - np.clip(share, 0.0, 1.0)[..., None] * along
    far = np.hypot(miss[..., 0], miss[..., 1])
    fits = (size > _SHORTEST_BONE**2) & (np.abs(miss[..., 2]) < _DEPTH_NEAR)
    low, high = _ARM_SHARE
    apart = np.hypot(*(body.palms[1] - body.palms[0])[:2]) > _PALMS_NEAR
    for flags, slack in ((out.begins, 1.0), (out.stays, _STAY)):
        near = fits & (far < slack * _ARM_NEAR) & apart
        flags[:, ContactPart.UPPER_ARM] = (near & (share > low) & (share < high))[0, ::-1]
        flags[:, ContactPart.FOREARM] = (near & (share > 0.0) & (share < high))[1, ::-1]
    held = np.clip(share, 0.0, 1.0)
    out.places[:, ContactPart.UPPER_ARM, 0] = held[0, ::-1]
    out.places[:, ContactPart.FOREARM, 0] = held[1, ::-1]
    out.places[:, ContactPart.UPPER_ARM :, 1] = 0.0


def _fold_arms(body: Body, out: Candidates) -> None:
    """Write whether the arms are folded, each hand at the other upper arm.

    The hidden hand is not seen where it is, so both are judged together.
    """
    middle = 0.5 * float(body.shoulders[0, 0] + body.shoulders[1, 0])
    palms = (body.palms[:, 0] - middle) * _SIGNS
    elbows = (body.elbows[:, 0] - middle) * _SIGNS
    level = (body.palms[:, 1] > body.elbows[:, 1] - 0.05) & (
        body.palms[:, 1] < body.shoulders[:, 1] + 0.05
    )
    folded = bool(level.all() and elbows.min() > _ELBOWS_ASIDE and palms.min() < -_PAST_MIDDLE)
    between = bool((palms[::-1] > -elbows + 0.02).all())
    part = ContactPart.UPPER_ARM
    out.begins[:, part] |= folded and between and float(palms.sum()) < -_CROSSED
    out.stays[:, part] |= folded
    for flags in (out.begins, out.stays):
        if folded:
            flags[:, ContactPart.FOREARM] = False
