"""The motion record that the solver passes to the show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from avatars.contact.records import NO_CONTACTS, HandContacts

F32 = npt.NDArray[np.float32]

LIMBS: tuple[str, ...] = (
    "torso", "head", "leftArm", "rightArm", "leftHand", "rightHand", "leftLeg", "rightLeg", "face",
)  # fmt: skip
"""Parts of a performer that are gated, faded and overridden independently."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A performer's pose and face at one time, independent of any avatar.

    Attributes:
        t_seen_ns: time of the newest observation that it is based on.
        root: (3,) metres, the hips' displacement from where a standing performer has them, in stage
            space (+X to the left of a performer facing the camera, +Y up, +Z towards the camera).
        hips_height: the performer's hip height in metres; an avatar scales `root` by its own hip
            height over this.
        rotations: (55, 4) xyzw, local, in the order of avatars.names.HUMAN_BONES, relative to VRM's
            normalised T-pose: all identity is the T-pose facing +Z.
        expressions: (52,) 0 to 1, in the order of avatars.names.ARKIT.
        gaze: (2,) radians from straight ahead: yaw to the performer's left, pitch up.
        confidence: (9,) 0 to 1, in the order of LIMBS.
        contacts: what the hands touch; an avatar keeps its hands there.
    """

    t_seen_ns: int
    root: F32
    hips_height: float
    rotations: F32
    expressions: F32
    gaze: F32
    confidence: F32
    contacts: HandContacts = NO_CONTACTS
