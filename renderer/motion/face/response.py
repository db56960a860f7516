"""Response of an avatar's face: from the face shapes that were seen to those that are shown.

A drawn face that copies a real one literally is stiff from the seats: faint smiles vanish, half
shut lids look sleepy, a singing mouth stops between two vowels. The response raises faint shapes by
a curve, snaps lids towards open and shut and an open mouth towards the nearest vowel, and widens
the gaze. It has no memory: it shows nothing before it is seen, and adds no lag.
"""

from __future__ import annotations

import math
from typing import Final

import msgspec
import numpy as np

from avatars.names import ARKIT, ARKIT_INDEX
from renderer.motion.core.records import F32
from renderer.motion.face.lateral import limit_lateral
from renderer.motion.face.voice.vowel_shapes import VOWEL_SHAPES

_MAX_GAZE: Final = 0.7
"""Radians, farthest gaze that is shown."""

_JAW_OPEN: Final = (0.08, 0.25)
"""jawOpen up to which a mouth snaps to no vowel, so that closed lips stay closed, and from which it
does fully."""

_VOWEL_SCALE: Final = 0.02
"""Squared distance of a mouth from a vowel at which the vowel's weight is 1/e."""

_MOUTH_SHAPES: Final = (
    "jawOpen", "mouthFunnel", "mouthPucker", "mouthStretchLeft", "mouthStretchRight",
)  # fmt: skip
"""Shapes that vowels are made of; smiles and raised lips stay as they were seen."""

_BLINKS: Final = ("eyeBlinkLeft", "eyeBlinkRight")


class Curve(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Curve of a group of face shapes: gain · ((x − floor) / (1 − floor)) ^ power, at most 1.

    Attributes:
        floor: value up to which nothing is shown.
        power: below 1, faint shapes are shown stronger.
        gain: value of a whole shape; above 1 it is whole earlier.

    Raises:
        ValueError: a value is out of range.
    """

    floor: float = 0.0
    power: float = 1.0
    gain: float = 1.0

    def __post_init__(self) -> None:
        for name, low, high in (("floor", 0.0, 0.5), ("power", 0.3, 3.0), ("gain", 0.0, 2.0)):
            _require_range(name, getattr(self, name), low, high)


class FaceResponse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Response of one avatar's face.

    Attributes:
        expressiveness: 0 shows what was seen, 1 the whole response.
        vowels: how far an open mouth snaps to the nearest vowel, 0 to 1.
        blink: values of a blink up to which the eye is open, and from which it is shut.
        gaze: factor on the gaze.
        curves: by the beginning of the shapes' names, such as `mouthSmile`; the longest counts.

    Raises:
        ValueError: a value is out of range, or a curve is for no face shape.
    """

    expressiveness: float = 0.0
    vowels: float = 0.5
    blink: tuple[float, float] = (0.08, 0.8)
    gaze: float = 1.25
    curves: dict[str, Curve] = msgspec.field(default_factory=lambda: dict(STAGE_CURVES))

    def __post_init__(self) -> None:
        _require_range("expressiveness", self.expressiveness, 0.0, 1.0)
        _require_range("vowels", self.vowels, 0.0, 1.0)
        _require_range("gaze", self.gaze, 0.0, 2.0)
        if not 0.0 <= self.blink[0] < self.blink[1] <= 1.0:
            raise ValueError("blink is not two rising numbers from 0 to 1")
        for name in self.curves:
            if not name or not any(shape.startswith(name) for shape in ARKIT):
                raise ValueError(f"{name[:30]!r} begins no face shape's name")


def _require_range(name: str, value: float, low: float, high: float) -> None:
    """Raise ValueError unless a value is between two bounds, inclusive."""
    if not low <= value <= high:
        raise ValueError(f"{name} {value:g} is not from {low:g} to {high:g}")


STAGE_CURVES: Final[dict[str, Curve]] = {
    "mouthSmile": Curve(floor=0.05, power=0.7, gain=1.1),
    "mouthFrown": Curve(floor=0.08, power=0.7, gain=1.1),
    "mouthPucker": Curve(floor=0.08, power=0.75, gain=1.05),
    "mouthFunnel": Curve(floor=0.06, power=0.8, gain=1.05),
    "mouthPress": Curve(floor=0.15),
    "mouthStretch": Curve(floor=0.08, power=0.8),
    "mouthLeft": Curve(floor=0.06, power=0.75, gain=1.15),
    "mouthRight": Curve(floor=0.06, power=0.75, gain=1.15),
    "tongueOut": Curve(floor=0.1, power=0.7, gain=1.1),
    "jawOpen": Curve(floor=0.03, power=0.85, gain=1.1),
    "brow": Curve(floor=0.06, power=0.7, gain=1.2),
    "eyeWide": Curve(floor=0.08, power=0.8, gain=1.2),
    "eyeSquint": Curve(floor=0.1, power=1.0, gain=0.9),
    "noseSneer": Curve(floor=0.1, power=0.9),
    "cheekPuff": Curve(floor=0.1, power=0.8, gain=1.1),
}
"""Curves for an idol on a lit stage. The floors are the jitter of a face at rest."""


class ResponseCurves:
    """Applies a response to one avatar's face; buffers are allocated once.

    Attributes:
        settings: the response.
    """

    def __init__(self, settings: FaceResponse) -> None:
        self.settings: Final = settings
        rows = [_find_curve(name, settings.curves) for name in ARKIT]
        self._floor = np.array([row.floor for row in rows], np.float32)
        self._power = np.array([row.power for row in rows], np.float32)
        self._gain = np.array([row.gain for row in rows], np.float32)
        self._span = 1.0 - self._floor
        self._blinks = np.array([ARKIT_INDEX[name] for name in _BLINKS])
        self._mouth = np.array([ARKIT_INDEX[name] for name in _MOUTH_SHAPES])
        self._table = VOWEL_SHAPES[:, self._mouth].astype(np.float32)
        self._norms: F32 = np.square(self._table).sum(axis=1)
        self._shapes = np.zeros(len(ARKIT), np.float32)
        self._gaze = np.zeros(2, np.float32)

    def apply(self, shapes: F32, gaze: F32) -> tuple[F32, F32]:
        """Return the shapes (52,) and the gaze (2,) [rad] to be shown.

        The arrays are valid until the next call; without expressiveness they are those given.

        Args:
            shapes: (52,) 0 to 1, in the order of ARKIT.
            gaze: (2,) radians: yaw to the left, pitch upwards.
        """
        strength = self.settings.expressiveness
        if strength <= 0.0:
            return shapes, gaze
        out = self._shapes
        np.subtract(shapes, self._floor, out=out)
        np.maximum(out, 0.0, out=out)
        np.divide(out, self._span, out=out)
        np.power(out, self._power, out=out)
        np.multiply(out, self._gain, out=out)
        for row in self._blinks:
            out[row] = _ease(float(shapes[row]), *self.settings.blink)
        self._snap_vowels(out)
        # The seen shapes plus a share of what the response changes.
        np.subtract(out, shapes, out=out)
        np.multiply(out, strength, out=out)
        np.add(out, shapes, out=out)
        np.clip(out, 0.0, 1.0, out=out)
        np.multiply(gaze, 1.0 + strength * (self.settings.gaze - 1.0), out=self._gaze)
        np.clip(self._gaze, -_MAX_GAZE, _MAX_GAZE, out=self._gaze)
        # Both sides of a lopsided mouth were raised.
        return limit_lateral(out), self._gaze

    def _snap_vowels(self, shapes: F32) -> None:
        """Draw an open mouth to the nearest vowel, in place; its amount stays."""
        share = self.settings.vowels * _ease(float(shapes[ARKIT_INDEX["jawOpen"]]), *_JAW_OPEN)
        if share <= 0.0:
            return
        mouth = shapes[self._mouth]
        amounts = np.clip(self._table @ mouth / self._norms, 0.0, 1.5)
        spoken = amounts[:, None] * self._table
        goal = np.exp(-np.square(spoken - mouth).sum(axis=1) / _VOWEL_SCALE) @ spoken
        length = math.sqrt(float(goal @ goal))
        if length > 0.0:
            goal *= math.sqrt(float(mouth @ mouth)) / length
            shapes[self._mouth] = mouth + share * (goal - mouth)


def _find_curve(shape: str, curves: dict[str, Curve]) -> Curve:
    """Return the curve of a face shape: the one of the longest name that it begins with."""
    names = [name for name in curves if shape.startswith(name)]
    return curves[max(names, key=len)] if names else Curve()


def _ease(value: float, low: float, high: float) -> float:
    """Return 0 up to `low`, 1 from `high` on, smooth between."""
    t = min(max((value - low) / (high - low), 0.0), 1.0)
    return t * t * (3.0 - 2.0 * t)
