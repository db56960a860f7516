"""The One-Euro filter, over many channels at once.

Source: Casiez, Roussel, Vogel, "1€ Filter: A Simple Speed-based Low-pass Filter for Noisy Input in
Interactive Systems", CHI 2012. A slow signal is smoothed with the cutoff f_min, a fast one less:
f = f_min + β·|speed|, α = r / (r + 1) with r = 2π·f·dt.
"""

from __future__ import annotations

from math import isfinite

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import Array, dot, length, normalise, smoothstep

_TWO_PI = 2.0 * np.pi


def _alpha(cutoff: Array | float, dt: Array | float) -> Array | float:
    r = _TWO_PI * cutoff * dt
    return r / (r + 1.0)


class OneEuro:
    """Smooths n vectors of d components; each vector has one speed, each component its cutoff.

    A vector with NaN in it is absent: its last smooth value stands. A vector that was absent for
    longer than `reset_after_s` starts anew from what is seen. A time that is not later than the
    last one changes nothing.

    Args:
        rest: (n, d) what stands before anything was seen.
        min_cutoff: [Hz], broadcast to (n, d).
        beta: [Hz per unit of speed], broadcast to (n, d).
        speed_weight: how much each component counts in the speed, broadcast to (n, d): a noisy
            component should not open the filter for the others.
        speed_cutoff: [Hz] of the speed's own smoothing.
        lead: speeds up to which nothing, and from which all, of a steady movement is carried on
            before the new value is mixed in, so that what moves steadily is not behind; None never.
            A component that counts little in the speed is carried on as little.
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
        self._min_cutoff = np.broadcast_to(np.asarray(min_cutoff, np.float64), shape)
        self._beta = np.broadcast_to(np.asarray(beta, np.float64), shape)
        self._weight = np.broadcast_to(np.asarray(speed_weight, np.float64), shape)
        self._all_count = bool((self._weight == 1.0).all())
        self._speed_cutoff = speed_cutoff
        self._reset_after_s = reset_after_s
        self._lead = lead
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._value: Array = self._rest.copy()
        self._raw: Array = self._rest.copy()
        self._velocity: Array = np.zeros_like(self._rest)
        self._seen_s: Array = np.full((len(self._rest), 1), -np.inf)
        self._all_seen_s = np.nan

    def carry(self, turn: Array) -> None:
        """Turn all that is remembered with what carries it: row vectors by a matrix (d, d)."""
        self._value = self._value @ turn
        self._raw = self._raw @ turn
        self._velocity = self._velocity @ turn

    @property
    def value(self) -> Array:
        """(n, d) the newest smooth values."""
        return self._value

    def __call__(self, values: Array, t_ns: int) -> Array:
        """Smooth values (n, d) of the time t_ns; NaN where absent. Gives (n, d)."""
        now = t_ns * 1e-9
        # Most often all were seen a moment ago and are seen now: then there is one step for all.
        whole_dt = now - self._all_seen_s
        if 0.0 < whole_dt <= self._reset_after_s and isfinite(np.add.reduce(values, axis=None)):
            self._all_seen_s = now
            return self._step_all(self._aligned(values), whole_dt)
        return self._step_each(values, now)

    def _step_all(self, target: Array, dt: float) -> Array:
        share = _alpha(self._speed_cutoff, dt)
        self._velocity = self._velocity + share * ((target - self._raw) / dt - self._velocity)
        counted = self._velocity if self._all_count else self._velocity * self._weight
        speed = length(counted)
        cutoff = self._min_cutoff + self._beta * speed
        ahead = self._value
        if self._lead is not None:
            # Where the values would be by now if they went on as they go.
            ahead = ahead + dt * smoothstep(speed, *self._lead) * counted
        self._value = ahead + _alpha(cutoff, dt) * (target - ahead)
        self._raw = target
        return self._value

    def _step_each(self, values: Array, now: float) -> Array:
        if isfinite(self._all_seen_s):
            self._seen_s = np.full_like(self._seen_s, self._all_seen_s)
        present = np.isfinite(values).all(axis=1, keepdims=True)
        dt = now - self._seen_s
        fresh = present & ((dt > self._reset_after_s) | (dt < -self._reset_after_s))
        step = present & ~fresh & (dt > 0.0)
        safe_dt = np.where(step, dt, 1.0)
        target = self._aligned(np.where(present, values, self._value))

        velocity = (target - self._raw) / safe_dt
        velocity = self._velocity + _alpha(self._speed_cutoff, safe_dt) * (
            velocity - self._velocity
        )
        cutoff = self._min_cutoff + self._beta * length(velocity * self._weight)
        smooth = self._value + _alpha(cutoff, safe_dt) * (target - self._value)

        self._velocity = np.where(step, velocity, np.where(fresh, 0.0, self._velocity))
        self._value = np.where(step, smooth, np.where(fresh, target, self._value))
        self._raw = np.where(step | fresh, target, self._raw)
        self._seen_s = np.where(step | fresh, now, self._seen_s)
        self._all_seen_s = now if (step | fresh).all() else np.nan
        return self._value

    def _aligned(self, values: Array) -> Array:
        return values


class OneEuroRotations(OneEuro):
    """Smooths n unit quaternions (n, 4); the speed is the angular speed [rad/s].

    Between two frames rotations are close, where a normalised blend is a slerp to second order.
    """

    def __init__(self, count: int, min_cutoff: npt.ArrayLike, beta: npt.ArrayLike) -> None:
        rest = np.tile((0.0, 0.0, 0.0, 1.0), (count, 1))
        # |dq/dt| is half the angular speed.
        super().__init__(rest, min_cutoff, beta, speed_weight=2.0)

    def __call__(self, values: Array, t_ns: int) -> Array:
        """Smooth quaternions (n, 4), xyzw, of the time t_ns; NaN where absent."""
        self._value = normalise(super().__call__(values, t_ns))
        return self._value

    def _aligned(self, values: Array) -> Array:
        # q and −q are one rotation: take the one on the side of the last smooth value.
        return values * np.copysign(1.0, dot(values, self._value))
