"""Save the state of a running show, and restore it in an engine that goes on with the show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from renderer.motion.core.records import LIMBS
from renderer.motion.mixing.director import LimbOverride
from renderer.protocol.performers import LimbState
from renderer.show.control.direct import DirectorCommands
from renderer.show.direction.commands import DirectionCommands
from renderer.show.host.resume import SAVED_EVERY_S, InputState, PerformerState, ResumeState
from renderer.show.inputs.feed import Feed
from renderer.show.lights.commands import FixtureCommands
from renderer.show.performers.blocking import Blocking
from renderer.show.performers.cast import Cast
from renderer.show.program.program import Program
from renderer.show.tick import TickLoop

_RESTORED: Final = (LimbState.FROZEN, LimbState.MIRRORED, LimbState.IDLE)


class StateSaver:
    """Collects a show's state from its parts, which it is given at the start."""

    def __init__(
        self,
        save: Callable[[ResumeState], None],
        size: tuple[int, int],
        rate: int,
        cast: Cast,
        program: Program,
        loop: TickLoop,
        director: DirectorCommands,
        direction: DirectionCommands | None = None,
        fixtures: FixtureCommands | None = None,
    ) -> None:
        """Store the parts; `save` receives the state."""
        self._fixtures = fixtures
        self._direction = direction
        self._save = save
        self._size, self._rate = size, rate
        self._cast, self._program, self._loop, self._director = cast, program, loop, director
        self._due = 0.0

    def save_due(self, now: float) -> None:
        """Save the state, at most once per second; `now` is in monotonic seconds."""
        if now < self._due:
            return
        self._due = now + SAVED_EVERY_S
        self._save(self._collect())

    def restore(self, state: ResumeState) -> None:
        """Apply a saved state; a take that limbs played begins again."""
        self._loop.restore(state)
        if self._direction is not None and state.direction is not None:
            self._direction.restore(state.direction)
        if self._fixtures is not None:
            self._fixtures.restore(state.by_hand)
        for blocking, known in zip(self._cast.blocking, state.inputs, strict=False):
            blocking.restore(known.distances)
        for number, (one, set_) in enumerate(
            zip(self._cast.performers, state.performers, strict=False)
        ):
            for kind in _RESTORED:
                limbs = _limbs_in(set_, kind)
                if limbs:
                    one.override(limbs, LimbOverride[kind.name])
            limbs = _limbs_in(set_, LimbState.TAKE)
            if limbs and set_.take:
                self._director.play_again(number, limbs, set_.take)

    def _collect(self) -> ResumeState:
        cast, loop, program = self._cast, self._loop, self._program
        return ResumeState(
            size=self._size,
            rate=self._rate,
            on_air=program.names_on_air,
            recordings=program.names_of_recordings,
            run=program.planned_run,
            has_been_on_air=program.has_been_on_air,
            frames=loop.frames,
            skipped=loop.skipped,
            held=loop.held,
            refused=program.refused,
            parts=program.parts,
            inputs=[
                _describe(feed, blocking)
                for feed, blocking in zip(cast.inputs, cast.blocking, strict=True)
            ],
            performers=[
                PerformerState([LimbState(each.value) for each in one.treatments], one.take_path)
                for one in cast.performers
            ],
            direction=None if self._direction is None else self._direction.save(),
            by_hand=[] if self._fixtures is None else self._fixtures.save(),
            program=program.keep(),
        )


def _describe(feed: Feed, blocking: Blocking) -> InputState:
    info = feed.info
    return InputState(
        name=info.name,
        size=info.size,
        rate=info.rate,
        length_ns=info.length_ns,
        picture_size=info.picture_size,
        began_ns=feed.began_ns,
        distances=blocking.distances,
    )


def _limbs_in(known: PerformerState, kind: LimbState) -> list[str]:
    return [limb for limb, state in zip(LIMBS, known.limbs, strict=False) if state is kind]
