"""The faces that VMC senders name, as ARKit's 52 shapes and a gaze.

Senders with ARKit's own shapes ("perfect sync") name them in any case. The others send VRM's
presets, by the names of VRM 0.x or 1.0; of these the shapes below make the same face.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.capture.network.records import F32, freeze

_BY_LOWER: Final = {name.lower(): i for i, name in enumerate(ARKIT)}

_PRESETS: Final[dict[str, dict[str, float]]] = {
    "aa": {"jawOpen": 0.8},
    "ih": {"jawOpen": 0.15, "mouthStretchLeft": 0.8, "mouthStretchRight": 0.8},
    "ou": {"jawOpen": 0.1, "mouthPucker": 0.9},
    "ee": {"jawOpen": 0.25, "mouthLowerDownLeft": 0.7, "mouthLowerDownRight": 0.7,
           "mouthUpperUpLeft": 0.4, "mouthUpperUpRight": 0.4},
    "oh": {"jawOpen": 0.35, "mouthFunnel": 0.8},
    "blink": {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0},
    "blinkleft": {"eyeBlinkLeft": 1.0},
    "blinkright": {"eyeBlinkRight": 1.0},
    "happy": {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.9},
    "angry": {"browDownLeft": 0.9, "browDownRight": 0.9},
    "sad": {"browInnerUp": 0.5, "mouthFrownLeft": 0.8, "mouthFrownRight": 0.8},
    "relaxed": {"mouthSmileLeft": 0.4, "mouthSmileRight": 0.4},
    "surprised": {"browInnerUp": 0.8, "eyeWideLeft": 0.7, "eyeWideRight": 0.7, "jawOpen": 0.2},
}  # fmt: skip

_OLD_NAMES: Final = {
    "a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh", "blink_l": "blinkleft",
    "blink_r": "blinkright", "joy": "happy", "sorrow": "sad", "fun": "relaxed",
}  # fmt: skip
"""VRM 0.x's names of the presets, in lower case."""

_YAW, _PITCH = 0.6, 0.45
"""Radians that a look of 1 turns the eyes."""


def face_of(values: Mapping[str, float]) -> tuple[F32, F32]:
    """Shapes (52,) 0 to 1 and gaze (2,) [rad] of named values.

    Where a sender has shapes of ARKit's, its presets are left out: they would be counted twice.
    What lies beyond 0 to 1 counts as the nearer of the two.
    """
    lower = {name.lower(): min(max(value, 0.0), 1.0) for name, value in values.items()}
    shapes = np.zeros(len(ARKIT))
    own = [name for name in lower if name in _BY_LOWER]
    for name in own:
        shapes[_BY_LOWER[name]] = lower[name]
    if not own:
        for name, value in lower.items():
            for shape, weight in _PRESETS.get(_OLD_NAMES.get(name, name), {}).items():
                shapes[ARKIT_INDEX[shape]] += weight * value
    return freeze(np.clip(shapes, 0.0, 1.0)), freeze(_gaze(lower))


def _gaze(lower: Mapping[str, float]) -> tuple[float, float]:
    def at(name: str) -> float:
        return lower.get(name, 0.0)

    yaw = at("lookleft") - at("lookright")
    pitch = at("lookup") - at("lookdown")
    out_left, in_left = at("eyelookoutleft"), at("eyelookinleft")
    out_right, in_right = at("eyelookoutright"), at("eyelookinright")
    yaw += 0.5 * (out_left + in_right - in_left - out_right)
    pitch += 0.5 * (at("eyelookupleft") + at("eyelookupright"))
    pitch -= 0.5 * (at("eyelookdownleft") + at("eyelookdownright"))
    return _YAW * yaw, _PITCH * pitch
