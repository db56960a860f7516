"""Correct an avatar's arms so that its hands touch what the performer's hands touch."""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.contact.kernel import reach
from avatars.contact.records import NO_CONTACTS, HandContacts
from avatars.contact.surface import Surface, measure_surface
from avatars.model import F32, Avatar

_PUSH_STEP: Final = 0.05
"""Metres by which the displacement of a hand out of the body may change between two frames."""


_HAND_STEP: Final = 0.06
"""Metres by which elbow and hand may move further between two frames than without contacts."""


class HandReach:
    """Keeps one avatar's hands on what they touch, and out of head and torso.

    Attributes:
        surface: the avatar's surface.
    """

    def __init__(self, avatar: Avatar) -> None:
        """Measure the avatar's surface."""
        self.surface: Final[Surface] = measure_surface(avatar)
        self._pushes = np.zeros((2, 3))
        self._behind = np.zeros(2, np.bool_)
        self._bends = np.zeros((2, 3))
        self._joints = np.full((2, 4, 3), np.nan)

    def reset(self) -> None:
        """Forget how far the hands are moved out of the body, for example after a failed pose."""
        self._pushes[:] = 0.0
        self._behind[:] = False
        self._bends[:] = 0.0
        self._joints[:] = np.nan

    def correct(self, world: F32, quaternions: F32, contacts: HandContacts = NO_CONTACTS) -> bool:
        """Correct the arms' rotations; return whether any changed.

        Args:
            world: (n, 4, 4) matrices of the avatar's nodes, posed by `quaternions`.
            quaternions: (55, 4) float32, xyzw; the rows of arms and hands are overwritten.
            contacts: what the performer's hands touch.
        """
        changed: bool = reach(
            self.surface,
            world,
            quaternions,
            contacts.parts,
            contacts.anchors,
            contacts.places,
            contacts.weights,
            self._pushes,
            self._behind,
            self._bends,
            self._joints,
            _PUSH_STEP,
            _HAND_STEP,
        )
        return changed
