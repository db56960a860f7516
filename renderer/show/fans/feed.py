"""Move the audience by what the fans do: the engine's side of their endpoint."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from renderer.show.fans.exchange import SUMMARY, RecordReader
from renderer.show.fans.records import FansSettings, FansSummary
from renderer.stage.records import Color, Crowd

_POLL_NS: Final = 50_000_000
"""Nanoseconds between looks at the endpoint's file, which is replaced ten times a second."""
SILENT_NS: Final = 2_000_000_000
"""Nanoseconds without a summary after which the audience goes back to the look."""
EASE_S: Final = 0.5
"""Time constant with which the audience follows, seconds: it neither flickers nor lags a bar."""
_FEW: Final = 12.0
"""Fans from whom on they move the audience in full: two of them do not make a hall jump."""
WAVING_SHARE: Final = 0.2
"""Share of the fans whose waving starts a wave: half of what gives an energy of 1, since they tap
as seldom."""
_UNSEEN: Final = 5e-4
"""Change of energy or of a share of the sticks that nobody sees, from 0 to 1."""
_MOST: Final = 3
"""Colours that the audience shows at once (renderer.graphics.drawables.crowd.model)."""


class FansFeed:
    """The fans' influence on the audience, eased. Belongs to the tick's thread.

    Args:
        settings: of the show.
        folder: of the session.

    Attributes:
        summary: the newest.
        is_on: whether the fans move the audience.
    """

    def __init__(self, settings: FansSettings, folder: Path) -> None:
        self._colors = tuple(one.rgb for one in settings.colors)
        self._influence = settings.influence
        self._reader = RecordReader(folder / SUMMARY, FansSummary)
        self._next_ns = 0
        self._eased_ns: int | None = None
        self._weight = self._energy = 0.0
        self._shares = [0.0] * len(self._colors)
        self._mixed: tuple[Crowd, tuple[float, ...], Crowd] | None = None
        self.summary = FansSummary()
        self.is_on = True

    @property
    def is_heard(self) -> bool:
        """Return whether the endpoint's summary is recent."""
        return time.monotonic_ns() - self.summary.at_ns < SILENT_NS

    @property
    def is_waving(self) -> bool:
        """Return whether so many fans wave that a wave runs through the hall."""
        summary = self.summary
        counts = self.is_on and self.is_heard and summary.people >= _FEW
        return counts and summary.waving >= WAVING_SHARE

    def poll(self) -> None:
        """Read the newest summary."""
        now_ns = time.monotonic_ns()
        if now_ns < self._next_ns:
            return
        self._next_ns = now_ns + _POLL_NS
        found = self._reader.take()
        if found is not None and len(found.shares) == len(self._colors):
            self.summary = found

    def mix(self, crowd: Crowd, now_ns: int) -> Crowd:
        """Return the look's audience, moved by the fans.

        Args:
            crowd: of the look.
            now_ns: of the show's clock, which never runs backwards.
        """
        self._ease(now_ns)
        weight = self._weight
        if weight < 1e-3:
            return crowd
        now = weight, self._energy, *self._shares
        if self._mixed is not None:
            look, before, mixed = self._mixed
            if look is crowd and all(
                abs(one - other) < _UNSEEN for one, other in zip(now, before, strict=True)
            ):
                return mixed
        energy = crowd.energy + weight * (self._energy - crowd.energy)
        colors, shares = self._mix_colors(crowd, weight)
        mixed = replace(crowd, energy=energy, stick_colors=colors, stick_shares=shares)
        self._mixed = crowd, now, mixed
        return mixed

    def _ease(self, now_ns: int) -> None:
        passed = 0 if self._eased_ns is None else now_ns - self._eased_ns
        self._eased_ns = now_ns
        step = 1.0 - math.exp(-passed / (EASE_S * 1e9))
        summary = self.summary
        counts = self.is_on and self.is_heard and summary.people > 0
        share = min(summary.people / _FEW, 1.0)
        self._weight += step * ((self._influence * share if counts else 0.0) - self._weight)
        self._energy += step * (summary.energy - self._energy)
        for row, share in enumerate(summary.shares):
            self._shares[row] += step * (share - self._shares[row])

    def _mix_colors(
        self, crowd: Crowd, weight: float
    ) -> tuple[tuple[Color, ...], tuple[float, ...]]:
        """Return the most frequent colours of fans and look together, with their shares."""
        total = sum(crowd.stick_shares)
        chosen = sum(self._shares)
        rows = [
            ((1.0 - weight * chosen) * share / total, color)
            for color, share in zip(crowd.stick_colors, crowd.stick_shares, strict=True)
        ]
        rows += [
            (weight * share, color)
            for color, share in zip(self._colors, self._shares, strict=True)
            if share > 1e-3
        ]
        # Sorting by share alone keeps the order of equal ones, so that no colour flickers.
        rows = sorted(rows, key=lambda row: -row[0])[:_MOST]
        return tuple(color for _, color in rows), tuple(share for share, _ in rows)
