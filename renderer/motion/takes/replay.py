"""Takes solved again: by the code that recorded them to the bit, by newer code the better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.exchange.mixing import SourceMixer
from renderer.motion.records import Motion
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.layout import Entry, Source
from renderer.motion.takes.read import Take
from renderer.motion.track import MotionTrack

_SECOND_NS: Final = 1_000_000_000


def solved(
    entries: Iterable[Entry], performer: int = 0, solver: MotionSolver | None = None
) -> Iterator[Motion]:
    """The motion of every camera observation, as the show solved it.

    A live show's silences stand in its take as observations that show nothing, so that the same
    solver gives the same motion to the bit on one machine.

    Args:
        solver: a fresh one if left out.
    """
    solver = MotionSolver() if solver is None else solver
    for entry in entries:
        if entry.performer == performer and isinstance(entry.record, Observation):
            yield solver.solve(entry.record)


def performed(
    take: Take, rate: float, performer: int = 0, solver: MotionSolver | None = None
) -> Iterator[Motion]:
    """All sources of a take, solved and mixed, at even steps from its first record to its last.

    Args:
        rate: motions a second.

    Raises:
        MotionError: nothing in the take can be read, or nothing of this performer.
    """
    stage = _Stage(MotionSolver() if solver is None else solver)
    step, t_ns = round(_SECOND_NS / rate), None
    for entry in take.entries():
        if entry.performer != performer or entry.source is Source.SHOW:
            continue
        if t_ns is None:
            t_ns = entry.t_ns
        while entry.t_ns > t_ns:
            yield stage.at(t_ns)
            t_ns += step
        stage.take(entry)
    if t_ns is None:
        raise MotionError(
            f"Take {take.path}", f"tells nothing of performer {performer}", "choose another one"
        )
    yield stage.at(t_ns)


class _Stage:
    """What a show does with what is seen of one performer."""

    def __init__(self, solver: MotionSolver) -> None:
        self._solver = solver
        self._track = MotionTrack()
        self._mixer = SourceMixer()
        self._has_camera = False

    def take(self, entry: Entry) -> None:
        record = entry.record
        if isinstance(record, Observation):
            self._has_camera = True
            self._track.push(self._solver.solve(record))
        elif entry.source is Source.PHONE and isinstance(record, TrackedFace):
            self._mixer.push_phone(record)
        elif isinstance(record, TrackedFace | TrackedBody):
            self._mixer.push_suit(record)

    def at(self, t_ns: int) -> Motion:
        seen = self._track.at(t_ns)
        if seen is None or not self._has_camera:
            seen = self._solver.idle(t_ns)
        return self._mixer.at(seen, t_ns)
