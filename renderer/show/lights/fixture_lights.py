"""Light a frame by the patched fixtures, which looks or a lighting desk drive."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from renderer.show.direction.director import StageDirector
from renderer.stage.fixtures.cues import FixtureProgrammer
from renderer.stage.fixtures.rig import FixtureRig
from renderer.stage.records import StageState

SECOND_NS = 1_000_000_000


class FixtureLights:
    """The patched fixtures of a show. Belongs to the tick's thread.

    Args:
        programmer: that drives them by looks.
        warnings: of their files.

    Attributes:
        programmer: that drives them.
        rig: the fixtures.
        find_driven: returns the universes that a desk drives; looks leave them alone.
        on_levels: is called once a frame when all levels are known, for DMX out.
    """

    def __init__(self, programmer: FixtureProgrammer, warnings: Sequence[str] = ()) -> None:
        self.programmer = programmer
        self.rig: FixtureRig = programmer.rig
        self.warnings = list(warnings)
        self.find_driven: Callable[[], frozenset[int]] = frozenset
        self.on_levels: Callable[[FixtureRig], None] | None = None

    def light(self, state: StageState, director: StageDirector, clock_ns: int) -> StageState:
        """Return a frame's state with the fixtures' lights and beams.

        Args:
            director: whose look and grand master hold.
            clock_ns: of the show, from its begin.
        """
        presenter, now_ns = director.presenter, director.now_ns
        master, driven = presenter.master_at(now_ns), self.find_driven()
        look = presenter.look_at(now_ns)
        self.programmer.apply(look.fixtures, state.beat, master, driven)
        self.rig.advance(clock_ns / SECOND_NS, master, driven)
        if self.on_levels is not None:
            self.on_levels(self.rig)
        lights, beams = self.rig.make_light()
        return replace(state, lights=(*state.lights, *lights), beams=(*state.beams, *beams))
