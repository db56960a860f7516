"""Mixes all sources of one performer: the best source for each limb.

Priority from low to high: the camera; the face sent with a motion capture suit; the phone's face
and head; the suit's body. A source that drops out leaves its limbs to the next lower one within 0.3
s, and takes them back as smoothly.
"""

from __future__ import annotations

import numpy as np

from renderer.capture.network.records import Tracked, TrackedBody, TrackedFace
from renderer.motion.core.records import F32, Motion
from renderer.motion.core.sources import Source
from renderer.motion.mixing.layers import Layer
from renderer.motion.mixing.tracked import motion_from_body, motion_from_face


class SourceMixer:
    """Mixes the network trackers of one performer over the camera's motion.

    Deterministic: the same records and times give bit-identical motion.
    """

    def __init__(self) -> None:
        self._suit_face = Layer(head_in_room=True)
        self._phone = Layer(head_in_room=True)
        self._suit = Layer()
        self._origin: F32 | None = None

    def push_phone(self, record: Tracked) -> None:
        """Add a face tracker's record; a body is ignored."""
        if isinstance(record, TrackedFace):
            self._phone.push(motion_from_face(record))

    def push_suit(self, record: Tracked) -> None:
        """Add a body tracker's record; its first position becomes the centre of the stage."""
        if isinstance(record, TrackedFace):
            self._suit_face.push(motion_from_face(record))
            return
        if self._origin is None:
            self._origin = _floor(record)
        self._suit.push(motion_from_body(record, self._origin))

    def recentre(self) -> None:
        """Make the suit wearer's next position the centre of the stage."""
        self._origin = None

    @property
    def owners(self) -> tuple[Source, ...]:
        """The source that contributes most to each limb at the last time, in the order of LIMBS."""
        suit = self._suit.weights
        phone = self._phone.weights * (1.0 - suit)
        layers = (
            (Source.SUIT, suit),
            (Source.PHONE, phone),
            (Source.SUIT_FACE, self._suit_face.weights * (1.0 - suit) * (1.0 - phone)),
        )
        return tuple(
            next((source for source, share in layers if share[row] > 0.5), Source.CAMERA)
            for row in range(len(suit))
        )

    def at(self, camera: Motion, t_ns: int) -> Motion:
        """Return the mixed motion at the time t_ns.

        Args:
            camera: the camera's motion at that time; the idle motion without one.
            t_ns: time, which rises from call to call.
        """
        motion = self._suit_face.blend_over(camera, t_ns)
        motion = self._suit.blend_over(motion, t_ns)
        # The phone's head attaches to the chest that is shown, and only as far as the suit has
        # none.
        return self._phone.blend_over(motion, t_ns, left=1.0 - self._suit.weights)


def _floor(body: TrackedBody) -> F32:
    """Return a body's position (3,) projected onto the floor."""
    home = np.array(body.root, np.float32)
    home[1] = 0.0
    return home
