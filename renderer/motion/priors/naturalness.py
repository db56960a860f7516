"""Judges whether each limb's tracking is natural: a discriminator of tracking faults.

A small network was trained to tell what this solver makes of faulty landmarks (sides exchanged,
frozen, leaping, jittering, drifting, another body's) from what it makes of sound ones. Its score
drives a limb's confidence, never its pose: a limb that is not trusted counts as not seen, is held,
and continued by the motion prior.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array
from renderer.motion.priors.fault_channels import (
    CHANNELS,
    FEATURES,
    FRAME_S,
    RAW,
    WINDOW,
    frame_channels,
    limb_landmarks,
    window_features,
)
from renderer.motion.priors.limb_state import STATE
from renderer.motion.priors.weights import SHIPPED, load_weights

NATURALNESS: Final = SHIPPED / "naturalness.npz"
"""The shipped weights."""
VERSION: Final = 1
HIDDEN: Final = (64, 32)
"""Widths of the network's hidden layers."""
SHAPES: Final[dict[str, tuple[int, ...]]] = {
    "mean": (FEATURES,),
    "scale": (FEATURES,),
    "w1": (FEATURES, HIDDEN[0]),
    "b1": (HIDDEN[0],),
    "w2": (HIDDEN[0], HIDDEN[1]),
    "b2": (HIDDEN[1],),
    "w3": (HIDDEN[1], 1),
    "b3": (1,),
    "alarm": (2,),
}
"""Arrays of the model; the alarm's threshold for arms and for legs."""

MAX_FEATURE: Final = 4.0
"""Standard deviations to which features are limited."""

_SHORTEST: Final = 0.8
"""Frames closer than this share of FRAME_S are skipped: the network knows 30 frames a second."""
_LONGEST: Final = 1.6
"""After frames further apart than this many FRAME_S the window begins again."""

_DISTRUST_S: Final = 0.5
"""Longest time [s] for which a limb is distrusted without a pause: a fault that lasts longer is one
that this model cannot correct, and a held limb looks worse than a wrong one."""
_PAUSE_S: Final = 1.0
"""Seconds for which a limb is then trusted."""


class Naturalness:
    """Judges the limbs of one performer, frame by frame.

    Args:
        path: the weights.
        unseal: decrypts one performer's weights; without it, encrypted ones are refused.

    Attributes:
        score: (4,) logarithmic odds of a fault over the alarm's threshold, by limb: above 0 a limb
            is distrusted. Minus infinity where too little has been seen.

    Raises:
        MotionError: the weights cannot be used.
    """

    def __init__(
        self, path: Path = NATURALNESS, unseal: Callable[[bytes], bytes] | None = None
    ) -> None:
        self._net = load_weights(path, "naturalness", VERSION, SHAPES, unseal)
        self._alarm = np.repeat(self._net["alarm"], 2)
        self.reset()

    @property
    def thresholds(self) -> Array:
        """(2,) odds above which an arm and a leg are distrusted."""
        return self._net["alarm"]

    def score_windows(self, features: npt.NDArray[np.floating]) -> Array:
        """Return the logarithmic odds (n,) of a fault in windows with the features (n, 771)."""
        return score_features(self._net, features.astype(np.float64))

    def reset(self) -> None:
        """Forget the movement."""
        self._window = np.zeros((4, WINDOW, CHANNELS))
        self._before: Array = np.zeros((4, STATE + RAW))
        self._velocity: Array = np.zeros((4, STATE + RAW))
        self._frames = np.zeros(4, np.intp)
        self._distrusted_s = np.zeros(4)
        self._last_ns: int | None = None
        self.score: Array = np.full(4, -np.inf)

    @property
    def trusted(self) -> npt.NDArray[np.bool_]:
        """(4,) whether each limb is to be believed."""
        return ~((self.score > 0.0) & (self._distrusted_s >= 0.0))

    def update(
        self, seen_views: Array, points: Array, lengths: Array, seen: npt.ArrayLike, t_ns: int
    ) -> None:
        """Judge a frame.

        Args:
            seen_views: (4, 36) the solved state as each limb sees it.
            points: (33, 3) metres, camera axes, as detected.
            lengths: (4,) metres, of both bones of each limb together.
            seen: (4,) whether the picture shows each limb.
            t_ns: time of the frame.
        """
        dt = np.inf if self._last_ns is None else (t_ns - self._last_ns) * 1e-9
        if 0.0 <= dt < _SHORTEST * FRAME_S:
            return
        self._last_ns = t_ns
        now = np.concatenate((seen_views, limb_landmarks(points, lengths)), axis=1)
        continues = dt <= _LONGEST * FRAME_S
        if not continues:
            self._frames[:] = 0
            self._before, self._velocity, dt = now, np.zeros_like(now), FRAME_S
        self._frames = np.where(seen, self._frames + 1, 0)
        window = self._window
        window[:, :-1] = window[:, 1:]
        window[:, -1] = frame_channels(now, self._before, self._velocity, dt)
        self._velocity = (now - self._before) / dt
        self._before = now
        # One frame more than the window, whose oldest difference it gives.
        ready = self._frames > WINDOW + 1
        if not ready.any():
            self.score = np.full(4, -np.inf)
            self._distrusted_s[:] = 0.0
            return
        odds = score_features(self._net, window_features(window))
        self.score = np.where(ready, odds - self._alarm, -np.inf)
        self._limit_distrust(dt)

    def _limit_distrust(self, dt: float) -> None:
        """Count the seconds of distrust; below zero is a pause."""
        counted = np.where(
            self._distrusted_s < 0.0,
            np.minimum(self._distrusted_s + dt, 0.0),
            np.where(self.score > 0.0, self._distrusted_s + dt, 0.0),
        )
        self._distrusted_s = np.where(counted > _DISTRUST_S, -_PAUSE_S, counted)


def score_features(net: dict[str, Array], features: Array) -> Array:
    """Compute the logarithmic odds (n,) of a fault from features (n, 771)."""
    shown = (features - net["mean"]) * net["scale"]
    shown = np.minimum(np.maximum(shown, -MAX_FEATURE), MAX_FEATURE)
    hidden = np.maximum(shown @ net["w1"] + net["b1"], 0.0)
    hidden = np.maximum(hidden @ net["w2"] + net["b2"], 0.0)
    out: Array = (hidden @ net["w3"] + net["b3"])[:, 0]
    return out
