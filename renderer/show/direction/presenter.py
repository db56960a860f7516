"""Turn performed actions into what a frame shows: fades, effects, titles and transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from renderer.show.cues.runner import Performed
from renderer.show.cues.state import TrackedState
from renderer.show.document.cues import (
    BlackAction,
    CameraAction,
    EffectAction,
    LookAction,
    MasterAction,
    TakeAction,
    Transition,
)
from renderer.show.songs.grid import SECOND_NS
from renderer.stage.air_effects import Jets, Sparks
from renderer.stage.concert import (
    JET_FADE_S,
    JET_PLACES,
    JET_S,
    PAPERS,
    SPARK_PLACES,
    SPARK_S,
)
from renderer.stage.lights.looks import Look, blend
from renderer.stage.records import Confetti, Point

CONFETTI_S: Final = 8.0
CONFETTI_FADE_S: Final = 4.0
"""Time for which fired confetti falls in full, and until the last piece has landed, seconds."""
SPARK_FADE_S: Final = 1.2
"""Time until the last spark is out, seconds."""
SLATE_S: Final = 0.2
"""Duration of the change to the slate on panic, and back, seconds."""


@dataclass(frozen=True, slots=True)
class Ramp:
    """A number that fades.

    Attributes:
        before, after: its values.
        began_ns, length_ns: of the fade, on the show's clock.
    """

    before: float
    after: float
    began_ns: int = 0
    length_ns: int = 0

    def at(self, now_ns: int) -> float:
        """Return the value at a time, eased at both ends."""
        return self.before + (self.after - self.before) * _ease(
            now_ns - self.began_ns, self.length_ns
        )

    def to(self, after: float, at_ns: int, length_ns: int) -> Ramp:
        """Return a fade from the current value to another one."""
        return Ramp(self.at(at_ns), after, at_ns, length_ns)


@dataclass(frozen=True, slots=True)
class OnAir:
    """A camera on air.

    Attributes:
        camera: its number.
        take: counts the cameras that were put on air; another one is a cut.
        began_ns: when it was put on air.
        length_ns: of the transition from the camera before; 0 for a cut.
        transition: its kind.
        stinger: its name, of a stinger.
        by_hand: progress of a transition that a hand moves, 0 to 1; None if time does.
    """

    camera: int
    take: int = 0
    began_ns: int = 0
    length_ns: int = 0
    transition: Transition = "cut"
    stinger: str = ""
    by_hand: float | None = None

    def share_at(self, now_ns: int) -> float:
        """Return the progress of the transition to this camera, 0 to 1."""
        if self.by_hand is not None:
            return self.by_hand
        if self.length_ns <= 0:
            return 1.0
        return min(max((now_ns - self.began_ns) / self.length_ns, 0.0), 1.0)


class Presenter:
    """What is shown at a time, from the events of the cue runner.

    Attributes:
        on_air: the camera on air.
        leaving: the camera before it, during a transition; None otherwise.
        stingers: their lengths by name, nanoseconds.
    """

    def __init__(self, looks: Mapping[str, Look], first_look: str, first_camera: int) -> None:
        self._looks, self._first_look, self._first_camera = looks, first_look, first_camera
        self._target = looks[first_look]
        self._before = self._target
        self._fade_ns, self._fade_length_ns = 0, 0
        self._master = Ramp(1.0, 1.0)
        self._black = Ramp(0.0, 0.0)
        self._slate = Ramp(0.0, 0.0)
        self._fired: dict[str, int] = {}
        self.stingers: Mapping[str, int] = {}
        self.on_air = OnAir(first_camera)
        self.leaving: OnAir | None = None

    def set_looks(self, looks: Mapping[str, Look], first_look: str, first_camera: int) -> None:
        """Use other looks and cameras from now on: the document was edited."""
        self._looks, self._first_look, self._first_camera = looks, first_look, first_camera

    def perform(self, done: Performed) -> None:
        """Begin what an action asks for; actions that are no picture change nothing."""
        match done.action:
            case LookAction(look=look, fade=fade):
                self._fade_look(look, done.at_ns, _length_ns(fade, done.duration_ns))
            case MasterAction(level=level, fade=fade):
                length_ns = _length_ns(fade, done.duration_ns)
                self._master = self._master.to(level, done.at_ns, length_ns)
            case CameraAction(camera=camera, bus="program"):
                self._change(done.action, camera, done.at_ns)
            case BlackAction(on=on, time=time):
                self._black = self._black.to(float(on), done.at_ns, _length_ns(time, 0))
            case EffectAction(effect=effect):
                self._fired[effect] = done.at_ns

    def take(self, action: TakeAction, camera: int, at_ns: int) -> None:
        """Put the camera that was on preview on air."""
        self._change(action, camera, at_ns)

    def cut(
        self,
        camera: int,
        at_ns: int,
        length_ns: int = 0,
        transition: Transition = "cut",
        stinger: str = "",
    ) -> None:
        """Put a camera on air; the one that is on air already stays as it is."""
        camera = camera or self._first_camera
        if camera == self.on_air.camera:
            self.on_air = replace(self.on_air, by_hand=None)
            return
        self.leaving = self.on_air if length_ns > 0 else None
        take = self.on_air.take + 1
        self.on_air = OnAir(camera, take, at_ns, length_ns, transition, stinger)

    @property
    def is_by_hand(self) -> bool:
        """Return whether a hand moves a transition."""
        return self.on_air.by_hand is not None

    @property
    def program(self) -> int:
        """Return the number of the camera on program: the one that a hand leaves stays it."""
        if self.is_by_hand and self.leaving is not None:
            return self.leaving.camera
        return self.on_air.camera

    def move_by_hand(self, camera: int, share: float, at_ns: int) -> None:
        """Show a share of a camera over the one on air; begin a transition to it if none is moved.

        Args:
            camera: its number; without effect while a hand moves a transition already.
            share: of it, 0 to 1.
            at_ns: of the show's clock.
        """
        if not self.is_by_hand:
            self.leaving = self.on_air
            self.on_air = OnAir(
                camera, self.on_air.take + 1, at_ns, transition="dissolve", by_hand=share
            )
            return
        self.on_air = replace(self.on_air, by_hand=share)

    def end_by_hand(self, *, is_done: bool) -> None:
        """End a transition that a hand moved: at its end, or back where it began."""
        if not self.is_by_hand or self.leaving is None:
            return
        if not is_done:
            # The camera that comes is drawn for some frames more, until those under way are mixed.
            self.on_air, self.leaving = self.leaving, self.on_air
        self.on_air = replace(self.on_air, by_hand=None)

    def restore(self, state: TrackedState, at_ns: int) -> None:
        """Show a state at once."""
        self._target = self._before = self._find_look(state.look)
        self._fade_length_ns = 0
        self._master = Ramp(state.master, state.master)
        self._black = Ramp(float(state.black), float(state.black))
        if not state.auto:
            self.cut(state.camera, at_ns)

    def show_slate(self, at_ns: int, *, is_on: bool) -> None:
        """Show the slate instead of the program, or the program again."""
        self._slate = self._slate.to(float(is_on), at_ns, _length_ns(SLATE_S, 0))

    def look_at(self, now_ns: int) -> Look:
        """Return the look at a time, without the grand master."""
        share = _ease(now_ns - self._fade_ns, self._fade_length_ns)
        return blend(self._before, self._target, share)

    def master_at(self, now_ns: int) -> float:
        """Return the grand master, 0 to 1."""
        return self._master.at(now_ns)

    def black_at(self, now_ns: int) -> float:
        """Return how far the picture is faded to black, 0 to 1."""
        return self._black.at(now_ns)

    def slate_at(self, now_ns: int) -> float:
        """Return how much of the picture is the slate, 0 to 1."""
        return self._slate.at(now_ns)

    def confetti_at(self, now_ns: int, faces: tuple[Point, ...]) -> Confetti | None:
        """Return the confetti that falls; None for none."""
        age = self._age("confetti", now_ns)
        if age is None or age >= CONFETTI_S + CONFETTI_FADE_S:
            return None
        amount = min(1.0, (CONFETTI_S + CONFETTI_FADE_S - age) / CONFETTI_FADE_S)
        return Confetti(age, amount, PAPERS, faces)

    def jets_at(self, now_ns: int) -> Jets | None:
        """Return the CO2 jets; None if they are closed and their fog is gone."""
        age = self._age("jets", now_ns)
        is_seen = age is not None and age < JET_S + JET_FADE_S
        return Jets(JET_PLACES, age or 0.0, JET_S) if is_seen else None

    def sparks_at(self, now_ns: int) -> Sparks | None:
        """Return the spark machines; None if they are out."""
        age = self._age("sparks", now_ns)
        is_seen = age is not None and age < SPARK_S + SPARK_FADE_S
        return Sparks(SPARK_PLACES, age or 0.0, SPARK_S) if is_seen else None

    def _change(self, action: CameraAction | TakeAction, camera: int, at_ns: int) -> None:
        """Put a camera on air by the transition of an action; without its stinger, by a cut."""
        length_ns, name = round(action.time * SECOND_NS), ""
        if action.transition == "cut":
            length_ns = 0
        elif action.transition == "stinger":
            name = action.stinger or next(iter(self.stingers), "")
            length_ns = self.stingers.get(name, 0)
        self.cut(camera, at_ns, length_ns, action.transition, name)

    def _age(self, effect: str, now_ns: int) -> float | None:
        fired_ns = self._fired.get(effect)
        if fired_ns is None or now_ns < fired_ns:
            return None
        return (now_ns - fired_ns) / SECOND_NS

    def _fade_look(self, name: str, at_ns: int, length_ns: int) -> None:
        self._before = self.look_at(at_ns)
        self._target = self._find_look(name)
        self._fade_ns, self._fade_length_ns = at_ns, length_ns

    def _find_look(self, name: str) -> Look:
        return self._looks.get(name) or self._looks[self._first_look]


def _ease(passed_ns: int, length_ns: int) -> float:
    """Return the progress of a fade, 0 to 1, slow at both ends."""
    if length_ns <= 0:
        return 1.0
    share = min(max(passed_ns / length_ns, 0.0), 1.0)
    return share * share * (3.0 - 2.0 * share)


def _length_ns(fade: float | None, duration_ns: int) -> int:
    return duration_ns if fade is None else round(fade * SECOND_NS)
