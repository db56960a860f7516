"""Map the names that VMC senders use to ARKit's 52 blendshapes, a gaze and Encore's bones.

Senders with ARKit's own blendshapes ("perfect sync") use any capitalization. The others send VRM's
presets, by their VRM 0.x or 1.0 names, which are mapped to the combinations of ARKit shapes below.
Many senders also send all of ARKit's shapes as 0 and animate only the presets.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.names import ARKIT, ARKIT_INDEX, BONE_INDEX
from renderer.capture.network.records import F32, freeze
from renderer.capture.network.unity import UNITY_INDEX

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
    "a": "aa", "i": "ih", "u": "ou", "e": "ee", "o": "oh", "joy": "happy", "sorrow": "sad",
    "fun": "relaxed",
}  # fmt: skip
"""VRM 1.0 preset names by VRM 0.x names, in lower case."""

_SIDES: Final = {"_l": "left", "_r": "right"}
_LOOKS: Final = ("lookleft", "lookright", "lookup", "lookdown")
_EYE_LOOKS: Final = [i for name, i in ARKIT_INDEX.items() if name.startswith("eyeLook")]

_YAW, _PITCH = 0.6, 0.45
"""Eye rotation for a look value of 1, radians."""

_SIGNAL: Final = 0.005
"""Value above which a channel carries a signal: half a percent is not visible on a face."""

_SIGNAL_NS: Final = 10_000_000_000
"""Time without exceeding _SIGNAL after which a channel carries no signal, nanoseconds. If channels
are tracked, each moves more often than this, or its preset is at rest as well."""

_NEVER: Final = np.iinfo(np.int64).min // 2

_UNITY: Final = {name.lower(): bone for name, bone in UNITY_INDEX.items()}
_VRM: Final = {name.lower(): bone for name, bone in BONE_INDEX.items()}
_VRM_ALONE: Final = _VRM.keys() - _UNITY.keys()
"""Names that only VRM 1.0 uses: the thumbs' metacarpals."""


class BoneNames:
    """Maps one sender's bone names, case-insensitively, to bones.

    VMC uses Unity's bone names. VRM 1.0 names the thumb's middle bone like Unity's first one: a
    sender that has ever sent a thumb metacarpal uses VRM 1.0's names.
    """

    def __init__(self) -> None:
        self._bones = _UNITY

    def find(self, name: str) -> int | None:
        """Return a bone's index in HUMAN_BONES, or None if the name is unknown."""
        lower = name.lower()
        if lower in _VRM_ALONE:
            self._bones = _VRM
        return self._bones.get(lower)


class FaceValues:
    """Stores the last values of one sender's face shapes and combines them to faces.

    Names that belong neither to ARKit nor to VRM's presets are ignored, so that memory is bounded.
    """

    def __init__(self) -> None:
        self._values: dict[str, float] = {}
        self._moved = np.zeros(len(ARKIT), np.bool_)
        self._signal_ns: npt.NDArray[np.int64] = np.full(len(ARKIT), _NEVER)

    @property
    def is_empty(self) -> bool:
        """Return whether no value of any known shape has been received."""
        return not self._values

    def set(self, name: str, value: float) -> None:
        """Store a shape's value until the next one.

        Args:
            name: shape name, case-insensitive.
            value: finite; clamped to [0, 1].
        """
        name = _canonical(name)
        if name not in _KNOWN:
            return
        self._values[name] = value
        shape = _BY_LOWER.get(name)
        if shape is not None and value > _SIGNAL:
            self._moved[shape] = True

    def face(self, t_ns: int) -> tuple[F32, F32]:
        """Return shapes (52,) 0 to 1 and gaze (2,) [rad] at the time t_ns.

        Presets are applied only to ARKit channels that carry no signal; on the others they would
        count twice.
        """
        self._signal_ns[self._moved] = t_ns
        self._moved[:] = False
        return face_of(self._values, t_ns - self._signal_ns > _SIGNAL_NS)


def silent_channels(peaks: Mapping[str, float]) -> npt.NDArray[np.bool_]:
    """Return which ARKit channels (52,) carry no signal in a recording.

    Args:
        peaks: the highest value of each shape, by case-insensitive name.
    """
    silent = np.ones(len(ARKIT), np.bool_)
    for name, peak in peaks.items():
        shape = _BY_LOWER.get(_canonical(name))
        if shape is not None and peak > _SIGNAL:
            silent[shape] = False
    return silent


def face_of(values: Mapping[str, float], silent: npt.NDArray[np.bool_]) -> tuple[F32, F32]:
    """Return shapes (52,) 0 to 1 and gaze (2,) [rad] of named values.

    Args:
        values: values by case-insensitive name; clamped to [0, 1].
        silent: (52,) the ARKit channels without a signal, to which presets are applied.
    """
    known = {_canonical(name): min(max(value, 0.0), 1.0) for name, value in values.items()}
    shapes, presets = np.zeros(len(ARKIT)), np.zeros(len(ARKIT))
    for name, value in known.items():
        if name in _BY_LOWER:
            shapes[_BY_LOWER[name]] = value
        for shape, weight in _PRESETS.get(name, {}).items():
            presets[ARKIT_INDEX[shape]] += weight * value
    shapes = np.where(silent, np.maximum(shapes, np.clip(presets, 0.0, 1.0)), shapes)
    return freeze(shapes), freeze(_gaze(known, use_presets=bool(silent[_EYE_LOOKS].all())))


def _canonical(name: str) -> str:
    """Return a shape's name in lower case, with `_L`/`_R` and VRM 0.x names replaced."""
    lower = name.lower()
    lower = lower[:-2] + _SIDES[lower[-2:]] if lower[-2:] in _SIDES else lower
    return _OLD_NAMES.get(lower, lower)


_KNOWN: Final = frozenset((*_BY_LOWER, *_PRESETS, *_LOOKS))


def _gaze(known: Mapping[str, float], *, use_presets: bool) -> tuple[float, float]:
    def at(name: str) -> float:
        return known.get(name, 0.0)

    if use_presets:
        return _YAW * (at("lookleft") - at("lookright")), _PITCH * (at("lookup") - at("lookdown"))
    out_left, in_left = at("eyelookoutleft"), at("eyelookinleft")
    out_right, in_right = at("eyelookoutright"), at("eyelookinright")
    yaw = 0.5 * (out_left + in_right - in_left - out_right)
    pitch = 0.5 * (at("eyelookupleft") + at("eyelookupright"))
    pitch -= 0.5 * (at("eyelookdownleft") + at("eyelookdownright"))
    return _YAW * yaw, _PITCH * pitch
