"""Move cameras by the rigs that cues give them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from renderer.show.direction.shots import build_rig
from renderer.show.document.cues import RigAction
from renderer.show.document.entries.rigs import RigEntry
from renderer.show.songs.grid import SECOND_NS
from renderer.stage.cameras.operator import Shot
from renderer.stage.cameras.rigs import Placement, Rig, Shake, interpolate

EASE_S: Final = 1.0
"""Time in which a camera on air changes from one rig's place to another's, seconds."""


@dataclass(frozen=True, slots=True)
class _Move:
    """A rig that began to move a camera.

    Attributes:
        began_ns: on the show's clock.
        start: where the rig before had moved the camera, if it was on air.
    """

    began_ns: int
    start: Placement | None


@dataclass(frozen=True, slots=True)
class _EasedRig:
    """A rig whose place is mixed with that of the rig before.

    Attributes:
        share: of the new rig's place, 0 to 1.
    """

    rig: Rig
    start: Placement
    share: float

    @property
    def follows(self) -> bool:
        """Return whether the new rig follows its subjects."""
        return self.rig.follows

    def placement(self, share: float, /) -> Placement:
        """Return the mixed displacement."""
        return _mix(self.start, self.rig.placement(share), self.share)

    def shake(self, seconds: float, /) -> Shake:
        """Return the new rig's shake."""
        return self.rig.shake(seconds)


class RigMoves:
    """How the cameras of a show are moved. Belongs to the tick's thread.

    Attributes:
        newest: displacement of every camera in the newest frame that it filmed.
    """

    def __init__(self) -> None:
        self._moves: dict[int, _Move] = {}
        self._rigs: dict[int, tuple[RigAction, Rig]] = {}
        self.newest: dict[int, Placement] = {}

    def begin(self, camera: int, at_ns: int, *, is_on_air: bool) -> None:
        """Begin the movement of another rig; on air, from where the camera is."""
        self._moves[camera] = _Move(at_ns, self.newest.get(camera) if is_on_air else None)

    def restore(self) -> None:
        """Forget what has begun: the state was set by a jump."""
        self._moves.clear()

    def move(
        self, shot: Shot, camera: int, beats: float, action: RigAction | None,
        began_ns: int, now_ns: int, rate: float,
    ) -> tuple[Shot, float]:  # fmt: skip
        """Return a camera's shot with the rig that moves it, and how far the movement is, 0 to 1.

        Args:
            shot: of the document.
            beats: length of its own rig's movement.
            action: that gave the camera another rig; None for its own.
            began_ns: since when the camera is on air.
            now_ns: of the frame.
            rate: beats per second.
        """
        rig = shot.rig
        if action is not None:
            rig, beats = self._find_rig(camera, action), action.beats or beats
        move = self._moves.get(camera)
        if move is not None and move.began_ns > began_ns:
            began_ns = move.began_ns
            passed = (now_ns - began_ns) / SECOND_NS / EASE_S
            if move.start is not None and passed < 1.0:
                eased = max(passed, 0.0)
                rig = _EasedRig(rig, move.start, eased * eased * (3.0 - 2.0 * eased))
        share = min(max((now_ns - began_ns) / SECOND_NS * rate / beats, 0.0), 1.0)
        self.newest[camera] = rig.placement(share)
        return (shot if rig is shot.rig else replace(shot, rig=rig)), share

    def _find_rig(self, camera: int, action: RigAction) -> Rig:
        """Return the rig of an action, built when it is first used."""
        known = self._rigs.get(camera)
        if known is None or known[0] is not action:
            known = self._rigs[camera] = action, build_rig(action.rig or RigEntry(), camera)
        return known[1]


def _mix(before: Placement, after: Placement, share: float) -> Placement:
    """Return a displacement between two."""
    return Placement(
        interpolate((before.side, after.side), share),
        interpolate((before.rise, after.rise), share),
        interpolate((before.aside, after.aside), share),
        interpolate((before.nearer, after.nearer), share),
    )
