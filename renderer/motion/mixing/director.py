"""The director's hand on one performer: any limb frozen, mirrored or replaced, or all from a take.

What is changed is changed softly: a limb leaves the way in which it was last shown within FADE_S. A
performer who is to stand elsewhere walks there: the root is let go as far off as it was, and comes
in at no more than a stride's speed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from avatars.maths.vectors import smoothstep
from renderer.motion.body.idle import idle_motion
from renderer.motion.body.legs import ANKLE_HEIGHT, HIP_DROP, pose_legs
from renderer.motion.core.mirror import mirror
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.mixing.layers import blend

Bools = npt.NDArray[np.bool_]

FADE_S: Final = 0.3
"""Seconds in which a limb goes from what it showed to what it is to show."""

_STRIDE: Final = 1.2
_PEAK: Final = 1.5
"""Metres a second at which a root comes in that has to be elsewhere; the peak of an S of length and
height 1."""

_LONGEST_STEP_S: Final = 0.1
_TORSO: Final = LIMBS.index("torso")
_ON_FLOOR: Final = [_TORSO, LIMBS.index("leftLeg"), LIMBS.index("rightLeg")]
"""Limbs that decide how high the hips stand."""

_ACROSS: Final = np.array([1.0, 0.0, 1.0], np.float32)


class Treatment(Enum):
    """What a limb shows."""

    LIVE = "live"
    FROZEN = "frozen"
    MIRRORED = "mirrored"
    IDLE = "idle"
    TAKE = "take"


class Playback(Protocol):
    """Recorded motion that can stand in for a performer."""

    @property
    def name(self) -> str:
        """What it is called."""

    def at(self, t_ns: int) -> Motion | None:
        """The motion at the show's time t_ns, which rises; None when it is over."""


@dataclass(slots=True)
class _Part:
    """One limb: what it shows, and how far that has come in over what it showed before."""

    treatment: Treatment = Treatment.LIVE
    playback: Playback | None = None
    level: float = 1.0


class Director:
    """Stands between what was solved and what is shown of one performer.

    Times rise from call to call; the same commands at the same times give the same motion.
    """

    def __init__(self) -> None:
        self._parts = [_Part() for _ in LIMBS]
        self._shown: Motion | None = None
        self._kept: Motion | None = None
        self._moved = False
        self._origin: F32 | None = None
        self._aside: F32 = np.zeros(3, np.float32)
        self._walked_s = self._walk_s = 0.0
        self._last_ns: int | None = None

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """What each limb shows, in the order of LIMBS."""
        return tuple(part.treatment for part in self._parts)

    @property
    def playing(self) -> str:
        """The name of the take that any limb shows, or an empty string."""
        names = (part.playback.name for part in self._parts if part.playback is not None)
        return next(names, "")

    def treat(
        self, limbs: Sequence[str], treatment: Treatment, playback: Playback | None = None
    ) -> None:
        """Have limbs show something else from the next motion on.

        Args:
            limbs: names in LIMBS.
            playback: what they are taken from where the treatment is TAKE, and only there.

        Raises:
            ValueError: a limb is none, or the playback is lacking or too many.
        """
        if (treatment is Treatment.TAKE) is (playback is None):
            raise ValueError(f"{treatment.value} with playback {playback!r}")
        rows = [LIMBS.index(limb) for limb in limbs]
        self._let_go(rows)
        for row in rows:
            self._parts[row].treatment = treatment
            self._parts[row].playback = playback

    def at(self, live: Motion, t_ns: int) -> Motion:
        """What is shown at the time t_ns, given what the performer does."""
        dt = 0.0 if self._last_ns is None else (t_ns - self._last_ns) * 1e-9
        dt = min(max(dt, 0.0), _LONGEST_STEP_S)
        self._last_ns = t_ns
        if self._kept is None or self._is_live():
            self._shown = live
            return live
        wanted = self._compose_target(live, self._kept, t_ns)
        for part in self._parts:
            part.level = min(part.level + dt / FADE_S, 1.0)
        shown = self._fade(wanted, self._kept)
        shown = self._move_root(self._ground_feet(shown), self._kept, dt)
        self._shown = replace(shown, t_seen_ns=live.t_seen_ns)
        return self._shown

    def _is_live(self) -> bool:
        settled = all(p.level >= 1.0 and p.treatment is Treatment.LIVE for p in self._parts)
        return settled and not self._moved and self._walked_s >= self._walk_s

    def _let_go(self, rows: list[int]) -> None:
        """Keep how these limbs are shown: frozen ones stay so, all others fade from it."""
        if self._shown is None:
            return
        now = np.zeros(len(LIMBS))
        now[rows] = 1.0
        self._kept = self._shown if self._kept is None else blend(self._kept, self._shown, now)
        for row in rows:
            self._parts[row].level = 0.0
        if _TORSO in rows:
            self._moved, self._origin = True, None

    def _compose_target(self, live: Motion, kept: Motion, t_ns: int) -> Motion:
        """What every limb is to show in the end."""
        played = self._advance_takes(t_ns)
        wanted = live
        for treatment in dict.fromkeys(part.treatment for part in self._parts):
            rows = np.array([part.treatment is treatment for part in self._parts])
            match treatment:
                case Treatment.FROZEN:
                    wanted = _with(wanted, kept, rows)
                case Treatment.MIRRORED:
                    wanted = _with(wanted, mirror(live), rows)
                case Treatment.IDLE:
                    wanted = _with(wanted, idle_motion(t_ns, kept.root, live.hips_height), rows)
        for playback, motion in played:
            rows = np.array([part.playback is playback for part in self._parts])
            wanted = _with(
                wanted, self._move_to_start(motion, kept) if rows[_TORSO] else motion, rows
            )
        return wanted

    def _advance_takes(self, t_ns: int) -> list[tuple[Playback, Motion]]:
        """Each take that plays; limbs of one that is over go back to the performer."""
        playbacks = {id(part.playback): part.playback for part in self._parts}
        out = []
        for playback in playbacks.values():
            if playback is None:
                continue
            if (motion := playback.at(t_ns)) is not None:
                out.append((playback, motion))
                continue
            rows = [k for k, part in enumerate(self._parts) if part.playback is playback]
            self._let_go(rows)
            for row in rows:
                self._parts[row].treatment, self._parts[row].playback = Treatment.LIVE, None
        return out

    def _move_to_start(self, motion: Motion, kept: Motion) -> Motion:
        """A take's motion on the floor where the idol stood when the take began."""
        if self._origin is None:
            self._origin = (kept.root - motion.root) * _ACROSS
        return replace(motion, root=_read_only(motion.root + self._origin))

    def _fade(self, wanted: Motion, kept: Motion) -> Motion:
        levels = np.array([part.level for part in self._parts])
        if levels.min() >= 1.0:
            return wanted
        shown = blend(kept, wanted, smoothstep(levels, 0.0, 1.0))
        # The root has its own way in.
        return replace(
            shown, root=wanted.root, hips_height=wanted.hips_height, confidence=wanted.confidence
        )

    def _ground_feet(self, shown: Motion) -> Motion:
        """The lowest foot on the floor, as far as trunk or legs are not one performer's own."""
        parts = [self._parts[row] for row in _ON_FLOOR]
        same = (
            all(
                part.treatment is parts[0].treatment and part.playback is parts[0].playback
                for part in parts
            )
            and parts[0].treatment is not Treatment.IDLE
        )
        mixed = max(
            1.0 - part.level if same or part.treatment is Treatment.LIVE else part.level
            for part in parts
        )
        if mixed <= 0.0:
            return shown
        leg = 0.5 * (shown.hips_height - HIP_DROP - ANKLE_HEIGHT)
        soles = pose_legs(shown.rotations.astype(np.float64), (leg, leg)).soles
        root = shown.root.copy()
        floor = -float(soles[..., 1].min()) - shown.hips_height
        root[1] += mixed * (floor - root[1])
        return replace(shown, root=_read_only(root))

    def _move_root(self, shown: Motion, kept: Motion, dt: float) -> Motion:
        """The root on its way from where it was to where it is to be."""
        if self._moved:
            self._moved = False
            self._aside = kept.root - shown.root
            way = float(np.hypot(self._aside[0], self._aside[2]))
            self._walked_s, self._walk_s = 0.0, max(FADE_S, _PEAK * way / _STRIDE)
        if self._walked_s >= self._walk_s:
            return shown
        left = 1.0 - float(smoothstep(np.array(self._walked_s), 0.0, self._walk_s))
        self._walked_s += dt
        return replace(shown, root=_read_only(shown.root + np.float32(left) * self._aside))


def _with(below: Motion, above: Motion, rows: Bools) -> Motion:
    """`below` with these limbs (9,) of `above`, and with its confidence in them."""
    mixed = blend(below, above, rows.astype(np.float64))
    confidence = np.where(rows, above.confidence, below.confidence).astype(np.float32)
    return replace(mixed, confidence=_read_only(confidence))


def _read_only(values: F32) -> F32:
    values.flags.writeable = False
    return values
