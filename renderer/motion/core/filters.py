"""One-Euro filters over many channels at once.

Source: Casiez, Roussel, Vogel, "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems", CHI 2012. The cutoff rises with the speed of the signal: f = f_min +
β·|speed|, and the smoothing factor is α = r / (r + 1) with r = 2π·f·dt.
"""

from __future__ import annotations

from math import isfinite, sqrt
from typing import Final, overload

import numpy as np
import numpy.typing as npt

from avatars.compile import compiled_with
from avatars.maths.vectors import Array, dot, length, normalise
from renderer.motion.core import scalars

_TWO_PI = 2.0 * np.pi


_NEVER: Final = (1e300, 2e300)
"""Speeds of a lead that no movement reaches."""


@overload
def _alpha(cutoff: float, dt: float) -> float: ...
@overload
def _alpha(cutoff: Array | float, dt: Array) -> Array: ...
def _alpha(cutoff: Array | float, dt: Array | float) -> Array | float:
    """Return the smoothing factor of a first-order low-pass; cutoff [Hz], step dt [s]."""
    r = _TWO_PI * cutoff * dt
    return r / (r + 1.0)


def _spread(values: npt.ArrayLike, shape: tuple[int, ...]) -> Array:
    """Return values broadcast to a shape, as an array of their own."""
    return np.broadcast_to(np.asarray(values, np.float64), shape).copy()


@compiled_with(scalars)
def step_filter(
    target: Array,
    value: Array,
    raw: Array,
    velocity: Array,
    weight: Array,
    min_cutoff: Array,
    beta: Array,
    share: float,
    dt: float,
    low: float,
    high: float,
) -> Array:
    """Filter one sample of n vectors; return the new values (n, d).

    Args:
        target: (n, d) the sample.
        value: (n, d) the last filtered values.
        raw: (n, d) the last sample; replaced.
        velocity: (n, d) the filtered velocities; updated.
        weight: (n, d) of each component in the speed.
        min_cutoff, beta: (n, d) Hz, and Hz per unit of speed.
        share: smoothing factor of the velocities.
        dt: seconds since the last sample.
        low, high: speeds of the lead, see `OneEuro`.
    """
    count, size = target.shape
    out = np.empty((count, size))
    for i in range(count):
        square = 0.0
        for j in range(size):
            velocity[i, j] += share * ((target[i, j] - raw[i, j]) / dt - velocity[i, j])
            square += (velocity[i, j] * weight[i, j]) ** 2
        speed = sqrt(square)
        # The values extrapolated to now at their present velocity.
        leading = dt * scalars.smooth_step(speed, low, high)
        for j in range(size):
            ahead = value[i, j] + leading * velocity[i, j] * weight[i, j]
            r = _TWO_PI * (min_cutoff[i, j] + beta[i, j] * speed) * dt
            out[i, j] = ahead + r / (r + 1.0) * (target[i, j] - ahead)
            raw[i, j] = target[i, j]
    return out


class OneEuro:
    """Smooths n vectors of d components; each vector has one speed, each component its own cutoff.

    A vector with a NaN component counts as absent and keeps its last filtered value. After an
    absence longer than `reset_after_s` the filter restarts at the next measured value. A sample
    that is not newer than the last one is ignored.

    Args:
        rest: (n, d) output before the first sample.
        min_cutoff: [Hz], broadcast to (n, d).
        beta: [Hz per unit of speed], broadcast to (n, d).
        speed_weight: weight of each component in the speed, broadcast to (n, d): a noisy component
            should not open the filter for the others.
        speed_cutoff: [Hz] cutoff of the speed's own low-pass.
        reset_after_s: longest absence [s] that the filter bridges.
        lead: speeds below which no, and above which full velocity extrapolation is applied before
            the new value is mixed in, which removes the lag of a steady movement; None disables it.
            A component is extrapolated in proportion to its `speed_weight`.
    """

    def __init__(
        self,
        rest: npt.ArrayLike,
        min_cutoff: npt.ArrayLike,
        beta: npt.ArrayLike,
        speed_weight: npt.ArrayLike = 1.0,
        speed_cutoff: float = 1.5,
        reset_after_s: float = 0.3,
        lead: tuple[float, float] | None = None,
    ) -> None:
        self._rest = np.array(rest, np.float64)
        shape = self._rest.shape
        self._min_cutoff = _spread(min_cutoff, shape)
        self._beta = _spread(beta, shape)
        self._weight = _spread(speed_weight, shape)
        self._speed_cutoff = speed_cutoff
        self._reset_after_s = reset_after_s
        self._lead = lead
        self.reset()

    def reset(self) -> None:
        """Return to `rest` and forget all samples."""
        self._value: Array = self._rest.copy()
        self._raw: Array = self._rest.copy()
        self._velocity: Array = np.zeros_like(self._rest)
        self._seen_s: Array = np.full((len(self._rest), 1), -np.inf)
        self._all_seen_s = np.nan

    def rotate_state(self, turn: Array) -> None:
        """Rotate the filter's state with the body: row vectors times the matrix `turn` (d, d)."""
        self._value = self._value @ turn
        self._raw = self._raw @ turn
        self._velocity = self._velocity @ turn

    @property
    def value(self) -> Array:
        """(n, d) newest filtered values."""
        return self._value

    def __call__(self, values: Array, t_ns: int) -> Array:
        """Filter one sample and return the filtered values (n, d).

        Args:
            values: (n, d); NaN where absent.
            t_ns: time of the sample.
        """
        now = t_ns * 1e-9
        # Common case: all vectors were present a moment ago and are present now, so one dt serves
        # all.
        whole_dt = now - self._all_seen_s
        if 0.0 < whole_dt <= self._reset_after_s and isfinite(np.add.reduce(values, axis=None)):
            self._all_seen_s = now
            return self._step_all(self._align(values), whole_dt)
        return self._step_each(values, now)

    def _step_all(self, target: Array, dt: float) -> Array:
        low, high = self._lead or _NEVER
        self._value = step_filter(
            np.ascontiguousarray(target, np.float64),
            self._value,
            self._raw,
            self._velocity,
            self._weight,
            self._min_cutoff,
            self._beta,
            _alpha(self._speed_cutoff, dt),
            dt,
            low,
            high,
        )
        return self._value

    def _step_each(self, values: Array, now: float) -> Array:
        if isfinite(self._all_seen_s):
            self._seen_s = np.full_like(self._seen_s, self._all_seen_s)
        present = np.isfinite(values).all(axis=1, keepdims=True)
        dt = now - self._seen_s
        fresh = present & ((dt > self._reset_after_s) | (dt < -self._reset_after_s))
        step = present & ~fresh & (dt > 0.0)
        safe_dt = np.where(step, dt, 1.0)
        target = self._align(np.where(present, values, self._value))

        velocity = (target - self._raw) / safe_dt
        velocity = self._velocity + _alpha(self._speed_cutoff, safe_dt) * (
            velocity - self._velocity
        )
        cutoff = self._min_cutoff + self._beta * length(velocity * self._weight)
        smooth = self._value + _alpha(cutoff, safe_dt) * (target - self._value)

        # Of one layout, for which the step of all vectors is compiled.
        velocity = np.where(step, velocity, np.where(fresh, 0.0, self._velocity))
        smooth = np.where(step, smooth, np.where(fresh, target, self._value))
        self._velocity, self._value = np.ascontiguousarray(velocity), np.ascontiguousarray(smooth)
        self._raw = np.ascontiguousarray(np.where(step | fresh, target, self._raw))
        self._seen_s = np.where(step | fresh, now, self._seen_s)
        self._all_seen_s = now if (step | fresh).all() else np.nan
        return self._value

    def _align(self, values: Array) -> Array:
        """Return the sample in the form nearest to the filtered value; unchanged for vectors."""
        return values


class OneEuroRotations(OneEuro):
    """Smooths n unit quaternions (n, 4), xyzw; the speed is the angular speed [rad/s].

    Consecutive samples are close, where a normalised linear blend equals a slerp to second order.
    """

    def __init__(self, count: int, min_cutoff: npt.ArrayLike, beta: npt.ArrayLike) -> None:
        rest = np.tile((0.0, 0.0, 0.0, 1.0), (count, 1))
        # |dq/dt| is half the angular speed.
        super().__init__(rest, min_cutoff, beta, speed_weight=2.0)

    def __call__(self, values: Array, t_ns: int) -> Array:
        """Filter quaternions (n, 4), xyzw, sampled at `t_ns`; NaN where absent."""
        self._value = normalise(super().__call__(values, t_ns))
        return self._value

    def _align(self, values: Array) -> Array:
        # q and −q are one rotation: use the sign in the hemisphere of the last filtered value.
        return values * np.copysign(1.0, dot(values, self._value))
