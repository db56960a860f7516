"""`python -m renderer.bench.peers.avatar_frame SAMPLES`: draw one avatar on request.

The counterpart of threevrm.js: same file, pose, lights, shadow, camera and size.
"""

from __future__ import annotations

import math
import sys

import numpy as np

from avatars import load_avatar
from avatars.instance import AvatarInstance
from avatars.maths.quaternions import from_axis_angle
from avatars.names import BONE_INDEX, HUMAN_BONES
from renderer.bench.peers.threevrm import AMBIENT, CAMERA, LIGHTS, SIZE
from renderer.bench.peers.turns import serve
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL
from renderer.stage.records import PosedAvatar, StageState
from renderer.stage.sets.stage_set import Backdrop, StageSet

_MOVED = ("leftUpperArm", "rightUpperArm", "spine")
_NIGHT = (0.05, 0.05, 0.08)


def _main(samples: int) -> None:
    idol = load_avatar(IDOL)
    instance = AvatarInstance(idol)
    rotations = np.tile(np.array((0, 0, 0, 1), np.float32), (len(HUMAN_BONES), 1))
    root, face, gaze = np.zeros(3, np.float32), np.zeros(52, np.float32), np.zeros(2, np.float32)
    stage = StageSet("nothing", (), Backdrop(_NIGHT, _NIGHT, _NIGHT))
    with StageRenderer(*SIZE, stage, [idol], samples) as drawing:

        def draw(number: int) -> None:
            swing = from_axis_angle(np.array((0.0, 0.0, 1.0)), 0.3 * math.sin(number / 10.0))
            for bone in _MOVED:
                rotations[BONE_INDEX[bone]] = swing
            instance.update(rotations, root, face, gaze, 1.0 / 60.0 if number else None)
            posed = (PosedAvatar.of(0, instance),)
            drawing.draw(StageState(number, 0, 0, posed, LIGHTS, AMBIENT, CAMERA))
            drawing.collect()

        serve(draw)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
