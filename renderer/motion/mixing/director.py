"""Operator overrides for one performer: limbs frozen, mirrored, idle, or played from a take.

Changes are faded: a limb leaves what it showed last within FADE_S. When the root has to be
elsewhere it keeps its old offset first and closes it at walking speed.
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
"""Seconds in which a limb fades from what it showed to what it is to show."""

_WALK_SPEED: Final = 1.2
"""Metres per second, the peak speed at which the root moves to another position."""

_SMOOTHSTEP_PEAK: Final = 1.5
"""Peak slope of a smoothstep of length and height 1."""

_LONGEST_STEP_S: Final = 0.1
"""Longest step [s] of a fade; a longer gap counts as this."""

_TORSO: Final = LIMBS.index("torso")
_GROUNDING_LIMBS: Final = [_TORSO, LIMBS.index("leftLeg"), LIMBS.index("rightLeg")]
"""Rows of the limbs that determine the hips' height."""

_HORIZONTAL: Final = np.array([1.0, 0.0, 1.0], np.float32)


class LimbOverride(Enum):
    """What a limb shows: the tracked performer (LIVE), or an override."""

    LIVE = "live"
    FROZEN = "frozen"
    MIRRORED = "mirrored"
    IDLE = "idle"
    TAKE = "take"


class Playback(Protocol):
    """Recorded motion that can replace a performer's."""

    @property
    def name(self) -> str:
        """Name for display."""

    def at(self, t_ns: int) -> Motion | None:
        """Return the motion at the show's time t_ns, which rises; None after the end."""


@dataclass(slots=True)
class _Part:
    """One limb: what it shows, and how far that has faded in over what it showed before."""

    treatment: LimbOverride = LimbOverride.LIVE
    playback: Playback | None = None
    level: float = 1.0


class Director:
    """Applies the operator's overrides to one performer's solved motion.

    Times rise from call to call; the same commands at the same times give the same motion.
    """

    def __init__(self) -> None:
        self._parts = [_Part() for _ in LIMBS]
        self._shown: Motion | None = None
        self._kept: Motion | None = None
        self._root_changed = False
        self._origin: F32 | None = None
        self._root_offset: F32 = np.zeros(3, np.float32)
        self._walked_s = self._walk_s = 0.0
        self._last_ns: int | None = None

    @property
    def overrides(self) -> tuple[LimbOverride, ...]:
        """What each limb shows, in the order of LIMBS."""
        return tuple(part.treatment for part in self._parts)

    @property
    def playing(self) -> str:
        """The name of the take that a limb plays; empty if none does."""
        names = (part.playback.name for part in self._parts if part.playback is not None)
        return next(names, "")

    def override(
        self, limbs: Sequence[str], treatment: LimbOverride, playback: Playback | None = None
    ) -> None:
        """Set what limbs show from the next motion on.

        Args:
            limbs: names in LIMBS.
            treatment: what they show.
            playback: its source if and only if `treatment` is TAKE.

        Raises:
            ValueError: an unknown limb, or a playback that is missing or superfluous.
        """
        if (treatment is LimbOverride.TAKE) is (playback is None):
            raise ValueError(f"{treatment.value} with playback {playback!r}")
        rows = [LIMBS.index(limb) for limb in limbs]
        self._start_fade(rows)
        for row in rows:
            self._parts[row].treatment = treatment
            self._parts[row].playback = playback

    def at(self, live: Motion, t_ns: int) -> Motion:
        """Return the motion to show at the time t_ns.

        Args:
            live: the solved motion.
            t_ns: time, which rises from call to call.
        """
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
        """Return whether all limbs show the performer and no fade is under way."""
        settled = all(p.level >= 1.0 and p.treatment is LimbOverride.LIVE for p in self._parts)
        return settled and not self._root_changed and self._walked_s >= self._walk_s

    def _start_fade(self, rows: list[int]) -> None:
        """Store what these limbs show now: frozen ones keep it, others fade from it."""
        if self._shown is None:
            return
        now = np.zeros(len(LIMBS))
        now[rows] = 1.0
        self._kept = self._shown if self._kept is None else blend(self._kept, self._shown, now)
        for row in rows:
            self._parts[row].level = 0.0
        if _TORSO in rows:
            self._root_changed, self._origin = True, None

    def _compose_target(self, live: Motion, kept: Motion, t_ns: int) -> Motion:
        """Compose what every limb shows once all fades are over."""
        played = self._advance_takes(t_ns)
        wanted = live
        for treatment in dict.fromkeys(part.treatment for part in self._parts):
            rows = np.array([part.treatment is treatment for part in self._parts])
            match treatment:
                case LimbOverride.FROZEN:
                    wanted = _with(wanted, kept, rows)
                case LimbOverride.MIRRORED:
                    wanted = _with(wanted, mirror(live), rows)
                case LimbOverride.IDLE:
                    wanted = _with(wanted, idle_motion(t_ns, kept.root, live.hips_height), rows)
        for playback, motion in played:
            rows = np.array([part.playback is playback for part in self._parts])
            wanted = _with(
                wanted, self._move_to_start(motion, kept) if rows[_TORSO] else motion, rows
            )
        return wanted

    def _advance_takes(self, t_ns: int) -> list[tuple[Playback, Motion]]:
        """Return each playing take's motion; limbs of a finished take go back to the performer."""
        playbacks = {id(part.playback): part.playback for part in self._parts}
        out = []
        for playback in playbacks.values():
            if playback is None:
                continue
            if (motion := playback.at(t_ns)) is not None:
                out.append((playback, motion))
                continue
            rows = [k for k, part in enumerate(self._parts) if part.playback is playback]
            self._start_fade(rows)
            for row in rows:
                self._parts[row].treatment, self._parts[row].playback = LimbOverride.LIVE, None
        return out

    def _move_to_start(self, motion: Motion, kept: Motion) -> Motion:
        """Move a take's motion to where the avatar stood when the take began."""
        if self._origin is None:
            self._origin = (kept.root - motion.root) * _HORIZONTAL
        return replace(motion, root=_read_only(motion.root + self._origin))

    def _fade(self, wanted: Motion, kept: Motion) -> Motion:
        """Blend from the stored to the target motion by each limb's level."""
        levels = np.array([part.level for part in self._parts])
        if levels.min() >= 1.0:
            return wanted
        shown = blend(kept, wanted, smoothstep(levels, 0.0, 1.0))
        # The root is moved separately by _move_root.
        return replace(
            shown, root=wanted.root, hips_height=wanted.hips_height, confidence=wanted.confidence
        )

    def _ground_feet(self, shown: Motion) -> Motion:
        """Put the lowest foot on the floor where trunk and legs come from different sources."""
        parts = [self._parts[row] for row in _GROUNDING_LIMBS]
        same = (
            all(
                part.treatment is parts[0].treatment and part.playback is parts[0].playback
                for part in parts
            )
            and parts[0].treatment is not LimbOverride.IDLE
        )
        mixed = max(
            1.0 - part.level if same or part.treatment is LimbOverride.LIVE else part.level
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
        """Move the root smoothly from where it was to where it is to be."""
        if self._root_changed:
            self._root_changed = False
            self._root_offset = kept.root - shown.root
            way = float(np.hypot(self._root_offset[0], self._root_offset[2]))
            self._walked_s, self._walk_s = 0.0, max(FADE_S, _SMOOTHSTEP_PEAK * way / _WALK_SPEED)
        if self._walked_s >= self._walk_s:
            return shown
        left = 1.0 - float(smoothstep(np.array(self._walked_s), 0.0, self._walk_s))
        self._walked_s += dt
        return replace(shown, root=_read_only(shown.root + np.float32(left) * self._root_offset))


def _with(below: Motion, above: Motion, rows: Bools) -> Motion:
    """Return `below` with the limbs `rows` (9,) and their confidence from `above`."""
    mixed = blend(below, above, rows.astype(np.float64))
    confidence = np.where(rows, above.confidence, below.confidence).astype(np.float32)
    return replace(mixed, confidence=_read_only(confidence))


def _read_only(values: F32) -> F32:
    values.flags.writeable = False
    return values
