"""Takes solved again: by the code that recorded them to the bit, by newer code the better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Final

from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Entry, Event, Posed, Source
from renderer.motion.performance import Performance
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.read import Take

_SECOND_NS: Final = 1_000_000_000
_LATE_NS: Final = 1_000_000_000
"""A camera tells what it saw after quicker sources told what was later, by less than this."""


def solve_entries(
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
        is_theirs = entry.performer == performer and entry.source is Source.CAMERA
        if is_theirs and isinstance(entry.record, Observation):
            yield solver.solve(entry.record)


def solve_performance(
    take: Take, rate: float, performer: int = 0, solver: MotionSolver | None = None
) -> Iterator[Motion]:
    """All that was seen and heard of a performer, solved and mixed at even steps, first to last.

    What the show did with it, a director's hand among that, is left out.

    Args:
        rate: motions a second.

    Raises:
        MotionError: nothing in the take can be read, or nothing of this performer.
    """
    performance = Performance(solver)
    start_ns: int | None = None
    steps = t_ns = 0
    for entry in in_time(entry for entry in sensor_entries(take) if entry.performer == performer):
        if start_ns is None:
            start_ns = t_ns = entry.t_ns
        while entry.t_ns > t_ns:
            yield performance.at(t_ns)
            steps += 1
            t_ns = start_ns + int(steps * _SECOND_NS / rate)
        performance.take_in(entry.source, entry.record)
    if start_ns is None:
        raise MotionError(
            f"Take {take.path}", f"tells nothing of performer {performer}", "choose another one"
        )
    yield performance.at(t_ns)


def sensor_entries(take: Take) -> Iterator[Entry]:
    """What was seen and heard, without what the show noted itself."""
    return (entry for entry in take.entries() if not isinstance(entry.record, Event | Posed))


def in_time(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Entries in the order of their times; of one time, in the order in which they were put."""
    waiting: list[tuple[int, int, Entry]] = []
    newest_ns = 0
    for number, entry in enumerate(entries):
        heappush(waiting, (entry.t_ns, number, entry))
        newest_ns = max(newest_ns, entry.t_ns)
        while waiting[0][0] < newest_ns - _LATE_NS:
            yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]
