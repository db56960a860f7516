"""Voice-driven mouth that replaces an occluded one.

When a microphone or a hand occludes the mouth, the detector invents one. The mouth counts as
occluded while a hand is at the mouth, while the face is lost but the body is not, and while a voice
sounds while the detected lips are closed for longer than a hum within a word lasts. Of a mouth that
is seen, a voice closes the lips that it sounds through (closure.py).
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Final

import numpy as np

from avatars.maths.vectors import Array, clamp, smoothstep
from avatars.names import ARKIT_INDEX
from renderer.capture.audio.vowels import VowelFrame
from renderer.capture.records import Hand, Observation
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.face.voice.closure import VoiceClosure, close_lips
from renderer.motion.face.voice.vowel_shapes import VOWEL_SHAPES

_HAND_DISTANCE: Final = (0.55, 0.95)
"""In inter-eye distances: a hand closer to the mouth than the first occludes it, beyond the second
it does not."""

_GRIP_POINTS: Final = (4, 5, 8, 9, 12, 0)
"""Hand landmarks: tips and knuckles of thumb, index and middle finger, and the wrist. In a fist
that holds a microphone thumb and index are uppermost."""

_MOUTH: Final = (13, 14, 61, 291)
_EYES: Final = (263, 33)
_NOSE, _EARS = 0, (7, 8)

_SHUT_JAW: Final = 0.06
"""jawOpen below which lips are seen closed."""

_HUM_S: Final = (0.45, 0.9)
"""Seconds up to which a voice from closed lips may be a hum, and from which it is not."""

_TO_VOICE_S, _TO_CAMERA_S = 0.12, 0.30
"""Time constants [s] at which the mouth changes over to the voice, and back to the camera."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step [s] of the blend; a longer gap counts as this."""

_QUEUE_LENGTH: Final = 256
"""Voice frames kept."""

_STALE_NS: Final = 250_000_000
"""A voice frame older than this counts as silence of the microphone."""

_NONE: Final = 0.01
"""How certainly a mouth is occluded or closed below which the motion stays as it is."""

_FACE: Final = LIMBS.index("face")
_JAW: Final = ARKIT_INDEX["jawOpen"]


_ROWS: Final = [k for name, k in ARKIT_INDEX.items() if name.startswith(("mouth", "jaw"))]
"""Rows of the 52 that make up a mouth."""

_SHAPES: Final[Array] = VOWEL_SHAPES[:, _ROWS]


class VoiceMouth:
    """Blends the voice-driven mouth into one performer's motion; times rise from call to call."""

    def __init__(self) -> None:
        self._heard: deque[VowelFrame] = deque(maxlen=_QUEUE_LENGTH)
        self._seen: Observation | None = None
        self._covered = 0.0
        self._hum_s = 0.0
        self._hidden = 0.0
        self._closure = VoiceClosure()
        self._last_ns: int | None = None

    @property
    def hidden(self) -> float:
        """How certainly the mouth is occluded, 0 to 1."""
        return self._hidden

    def push_observation(self, observation: Observation) -> None:
        """Set the newest camera observation, which shows what occludes the mouth."""
        self._seen = observation

    def push_voice(self, heard: VowelFrame) -> None:
        """Add a voice frame, by rising time."""
        self._heard.append(heard)

    def blend_over(self, motion: Motion, t_ns: int) -> Motion:
        """Return the motion at time t_ns with the voice's mouth blended in as far as occluded."""
        dt = 0.0 if self._last_ns is None else (t_ns - self._last_ns) * 1e-9
        dt = min(max(dt, 0.0), _LONGEST_STEP_S)
        self._last_ns = t_ns
        heard = self._at(t_ns)
        if heard is None:
            return motion
        if self._seen is not None:
            # Evaluated lazily: only with a voice.
            self._covered, self._seen = mouth_occlusion(self._seen), None
        wanted = max(self._covered, self._detect_false_closure(motion, heard, dt))
        pace = _TO_VOICE_S if wanted > self._hidden else _TO_CAMERA_S
        self._hidden += (1.0 - np.exp(-dt / pace)) * (wanted - self._hidden)
        closed = self._closure.update(heard.closed, dt)
        if self._hidden < _NONE and closed < _NONE:
            return motion
        shapes = motion.expressions.copy()
        close_lips(shapes, closed)
        sung = heard.voice * (1.0 - closed) * (heard.vowels @ _SHAPES)
        shapes[_ROWS] += self._hidden * (sung - shapes[_ROWS])
        confidence = motion.confidence.copy()
        confidence[_FACE] = max(confidence[_FACE], self._hidden * heard.voice)
        return replace(
            motion,
            expressions=_read_only(clamp(shapes, 0.0, 1.0)),
            confidence=_read_only(confidence),
        )

    def _at(self, t_ns: int) -> VowelFrame | None:
        """Return the newest voice frame up to the time t_ns; None where it is stale."""
        newest: VowelFrame | None = None
        while self._heard and self._heard[0].t_ns <= t_ns:
            newest = self._heard.popleft()
        if newest is not None:
            # Between two windows the last one remains valid.
            self._heard.appendleft(newest)
        return newest if newest is not None and t_ns - newest.t_ns < _STALE_NS else None

    def _detect_false_closure(self, motion: Motion, heard: VowelFrame, dt: float) -> float:
        """Return how certainly lips seen closed are misdetected singing ones, 0 to 1."""
        if heard.voice > 0.5:
            shut = motion.expressions[_JAW] < _SHUT_JAW
            # A voice through closed lips is a hum, however long.
            step = dt * (1.0 - heard.closed) if shut else -3.0 * dt
            self._hum_s = min(max(self._hum_s + step, 0.0), 2.0)
        return float(smoothstep(np.array(self._hum_s), *_HUM_S))


def mouth_occlusion(seen: Observation) -> float:
    """Compute how certainly a hand or something over the whole face occludes the mouth, 0 to 1."""
    width, height = seen.size
    pixels = np.array([width, height], np.float64)
    if seen.face is not None:
        mouth = (seen.face[list(_MOUTH), :2] * pixels).mean(axis=0)
        eyes = seen.face[list(_EYES), :2] * pixels
        scale = float(np.hypot(*(eyes[0] - eyes[1])))
    elif seen.pose is not None:
        # The pose's mouth is a guess too: it lies below the nose by half the head's size.
        mouth = (seen.pose[[9, 10], :2] * pixels).mean(axis=0)
        ears = seen.pose[list(_EARS), :2] * pixels
        scale = 0.6 * float(np.hypot(*(ears[0] - ears[1])))
    else:
        return 0.0
    near = max(
        _hand_occlusion(hand, mouth, scale, pixels) for hand in (seen.left_hand, seen.right_hand)
    )
    lost = seen.face is None and seen.pose is not None and _faces_camera(seen)
    return max(near, 0.8 if lost else 0.0)


def _hand_occlusion(hand: Hand | None, mouth: Array, scale: float, pixels: Array) -> float:
    """Return how certainly a hand occludes the mouth, 0 to 1; `scale` is the inter-eye distance."""
    if hand is None or scale <= 1.0 or not np.isfinite(hand.image).all():
        return 0.0
    ways = hand.image[list(_GRIP_POINTS), :2] * pixels - mouth
    nearest = float(np.hypot(ways[:, 0], ways[:, 1]).min()) / scale
    return 1.0 - float(smoothstep(np.array(nearest), *_HAND_DISTANCE))


def _faces_camera(seen: Observation) -> bool:
    """Return whether the nose is between the ears: a head turned away shows no face either."""
    if seen.pose is None or seen.visibility is None or seen.visibility[_NOSE] < 0.5:
        return False
    left, right = (float(seen.pose[ear, 0]) for ear in _EARS)
    return right < float(seen.pose[_NOSE, 0]) < left


def _read_only(values: Array | F32) -> F32:
    out = values.astype(np.float32)
    out.flags.writeable = False
    return out
