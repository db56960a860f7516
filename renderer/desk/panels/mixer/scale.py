"""Place levels on a meter and gains on a fader, most room for the upper decibels. No Qt."""

from __future__ import annotations

from typing import Final

import numpy as np

METER_DB: Final = (-60.0, -48.0, -24.0, -12.0, -6.0, 0.0)
METER_SHARE: Final = (0.0, 0.12, 0.42, 0.68, 0.83, 1.0)
"""Shares of a meter's length at which levels stand, after IEC 60268-18."""
FADER_DB: Final = (-120.0, -60.0, -30.0, -12.0, 0.0, 12.0)
FADER_SHARE: Final = (0.0, 0.06, 0.28, 0.52, 0.78, 1.0)
"""Shares of a fader's length at which gains stand; the lowest is off."""


def meter_share(db: float) -> float:
    """Return the share of a meter's length at which a level stands, 0 to 1."""
    return float(np.interp(db, METER_DB, METER_SHARE))


def fader_share(db: float) -> float:
    """Return the share of a fader's length at which a gain stands, 0 to 1."""
    return float(np.interp(db, FADER_DB, FADER_SHARE))


def fader_gain(share: float) -> float:
    """Return the gain at a share of a fader's length, in steps of 0.5 dB; off at its lower end."""
    if share <= 0.0:
        return FADER_DB[0]
    return round(float(np.interp(share, FADER_SHARE, FADER_DB)) * 2.0) / 2.0
