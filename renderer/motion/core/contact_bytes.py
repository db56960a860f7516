"""Encode what the hands touch as bytes of fixed layout, for takes and guests' messages."""

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

CONTACTS: Final = np.dtype(
    [
        ("parts", "i1", (2,)),
        ("anchors", "i1", (2,)),
        ("places", "<f4", (2, 2)),
        ("weights", "<f4", (2,)),
    ]
)
_FARTHEST: Final = 8.0
"""Largest coordinate of a place on a part: all are shares of the body's own lengths."""


def encode_contacts(contacts: HandContacts) -> bytes:
    """Return the contacts as CONTACTS.itemsize bytes."""
    row = np.zeros((), CONTACTS)
    row["parts"], row["anchors"] = contacts.parts, contacts.anchors
    row["places"], row["weights"] = contacts.places, contacts.weights
    return row.tobytes()


def decode_contacts(data: bytes) -> HandContacts:
    """Return the contacts.

    Raises:
        ValueError: the data has another length, or a value that no contact has.
    """
    if len(data) != CONTACTS.itemsize:
        raise ValueError("contacts have another length")
    row = np.frombuffer(data, CONTACTS)[0]
    parts, anchors, places, weights = (row[name].copy() for name in CONTACTS.names or ())
    if not (
        ((parts >= 0) & (parts < len(ContactPart))).all()
        and ((anchors >= 0) & (anchors < len(ContactAnchor))).all()
        and (np.abs(places) <= _FARTHEST).all()
        and ((weights >= 0.0) & (weights <= 1.0)).all()
    ):
        raise ValueError("contacts have a value that none has")
    return NO_CONTACTS if not weights.any() else freeze_contacts(parts, anchors, places, weights)
