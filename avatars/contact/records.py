"""Define what a performer's hands touch, independently of anyone's proportions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]
I8 = npt.NDArray[np.int8]


class ContactPart(IntEnum):
    """What a hand touches; the kernel uses these numbers.

    Each part has its own coordinates of a place on it, two numbers:

    - FACE: offset of the anchor from between the eyes, as seen from the front: along the line of
      the eyes to the person's left, in half widths of the face, and upwards, in distances from
      eyes to chin.
    - HIP: height above the hip joint as a share of the way to the shoulder; the second is unused.
    - HANDS: offset of the right palm from the left one, as seen from the front, x and y, in
      forearm lengths.
    - UPPER_ARM, FOREARM: of the other arm, the share of the bone's length from its near end; the
      second is unused.
    """

    NONE = 0
    FACE = 1
    HIP = 2
    HANDS = 3
    UPPER_ARM = 4
    FOREARM = 5


class ContactAnchor(IntEnum):
    """The part of a hand that touches; the kernel uses these numbers."""

    PALM = 0
    KNUCKLE = 1
    FINGERTIP = 2


@dataclass(frozen=True, slots=True)
class HandContacts:
    """What the left and the right hand touch.

    Attributes:
        parts: (2,) ContactPart.
        anchors: (2,) ContactAnchor.
        places: (2, 2) where on the part, see ContactPart.
        weights: (2,) 0 to 1, how far the hand is held there.
    """

    parts: I8
    anchors: I8
    places: F32
    weights: F32

    @property
    def is_none(self) -> bool:
        """Return whether no hand is held anywhere."""
        return not bool(self.weights.any())


def freeze_contacts(parts: I8, anchors: I8, places: F32, weights: F32) -> HandContacts:
    """Return a record of these arrays, which become read-only."""
    for values in (parts, anchors, places, weights):
        values.flags.writeable = False
    return HandContacts(parts, anchors, places, weights)


NO_CONTACTS: Final = freeze_contacts(
    np.zeros(2, np.int8),
    np.zeros(2, np.int8),
    np.zeros((2, 2), np.float32),
    np.zeros(2, np.float32),
)
"""No hand touches anything."""


def blend_contacts(below: HandContacts, above: HandContacts, shares: F32) -> HandContacts:
    """Return the contacts between two, hand by hand.

    Where both touch different parts, only the one of greater weight remains.

    Args:
        below: at share 0.
        above: at share 1.
        shares: (2,) 0 to 1.
    """
    if below.is_none and above.is_none:
        return NO_CONTACTS
    first = below.weights * (1.0 - shares)
    second = above.weights * shares
    same = (below.parts == above.parts) & (below.anchors == above.anchors)
    upper = second > first
    mixed = np.where(second + first > 0.0, second / np.maximum(second + first, 1e-6), 0.0)
    share = np.where(same, mixed, upper)[:, None]
    return freeze_contacts(
        np.where(upper, above.parts, below.parts).astype(np.int8),
        np.where(upper, above.anchors, below.anchors).astype(np.int8),
        (below.places + share * (above.places - below.places)).astype(np.float32),
        np.where(same, first + second, np.maximum(first, second)).astype(np.float32),
    )


def mirror_contacts(contacts: HandContacts) -> HandContacts:
    """Return what the other hands touch of a body reflected in the plane x = 0."""
    if contacts.is_none:
        return NO_CONTACTS
    places = contacts.places[::-1].copy()
    places[contacts.parts[::-1] == ContactPart.FACE, 0] *= -1.0
    # The right palm's offset from the left one: both exchange their sides and their names.
    places[contacts.parts[::-1] == ContactPart.HANDS, 1] *= -1.0
    return freeze_contacts(
        contacts.parts[::-1].copy(),
        contacts.anchors[::-1].copy(),
        places,
        contacts.weights[::-1].copy(),
    )
