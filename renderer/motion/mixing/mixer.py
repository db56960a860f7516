"""All that is known of one performer, as one motion: the best source for each limb.

From the lowest to the highest: the camera; the face that a suit's program sends; the phone's face
and head; the suit's body. A source that drops out leaves its limbs to the next lower one within
0.3 s, and takes them back as softly.
"""

from __future__ import annotations

import numpy as np

from renderer.capture.network.records import Tracked, TrackedBody, TrackedFace
from renderer.motion.core.records import F32, Motion
from renderer.motion.core.sources import Source
from renderer.motion.mixing.layers import Layer
from renderer.motion.mixing.tracked import motion_of_body, motion_of_face


class SourceMixer:
    """Mixes the network trackers of one performer over what the camera shows of them.

    Deterministic: the same records and times give the same motion to the bit.
    """

    def __init__(self) -> None:
        self._suit_face = Layer(head_in_room=True)
        self._phone = Layer(head_in_room=True)
        self._suit = Layer()
        self._home: F32 | None = None

    def push_phone(self, record: Tracked) -> None:
        """Take in what a face tracker told; a body in it is left."""
        if isinstance(record, TrackedFace):
            self._phone.push(motion_of_face(record))

    def push_suit(self, record: Tracked) -> None:
        """Take in what a body tracker told. Where it stands first is the middle of the stage."""
        if isinstance(record, TrackedFace):
            self._suit_face.push(motion_of_face(record))
            return
        if self._home is None:
            self._home = _floor(record)
        self._suit.push(motion_of_body(record, self._home))

    def recentre(self) -> None:
        """Where the suit's wearer stands next is the middle of the stage."""
        self._home = None

    @property
    def owners(self) -> tuple[Source, ...]:
        """Whose each limb was for the most part at the last time, in the order of LIMBS."""
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
        """The motion to show at the time t_ns.

        Args:
            camera: what the camera gives for that time; the idle motion where there is none.
            t_ns: rises from call to call.
        """
        motion = self._suit_face.over(camera, t_ns)
        motion = self._suit.over(motion, t_ns)
        # The phone's head is set on the chest that shows, and only as far as the suit has none.
        return self._phone.over(motion, t_ns, left=1.0 - self._suit.weights)


def _floor(body: TrackedBody) -> F32:
    home = np.array(body.root, np.float32)
    home[1] = 0.0
    return home
