"""Easing: how a value gets from one key to the next."""

from __future__ import annotations

import numpy as np

from avatars.build.choreography import Key
from avatars.build.source import Floats


def eased(t: Floats) -> Floats:
    """A swift start and a soft arrival on [0, 1]; its speed is 0 at both ends.

    Perlin's quintic ("Improving noise", 2002) on a parameter that runs ahead at first.
    """
    t = np.clip(t, 0.0, 1.0) ** 0.85
    return t * t * t * (t * (6.0 * t - 15.0) + 10.0)


def track(keys: list[Key], beats: Floats) -> Floats:
    """The value (n,) of keys at beats (n,)."""
    value = np.full(len(beats), keys[0].value)
    for key in keys[1:]:
        value += (key.value - value) * eased((beats - key.beat) / key.travel + 1.0)
    return value
