"""Solves takes again: bit-identical with the code that recorded them, better with newer code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from heapq import heappop, heappush
from typing import Final

import msgspec

from renderer.capture.records import Observation
from renderer.errors import MotionError
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Entry, Event, Posed, Source
from renderer.motion.performance import CAMERAS_EVENT, Performance
from renderer.motion.priors.own import SHIPPED_ONLY, OwnModels
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.read import Take

_SECOND_NS: Final = 1_000_000_000
_MAX_LATENCY_NS: Final = 1_000_000_000
"""A camera's records arrive later than those of faster sources, by less than this."""


def solve_entries(
    entries: Iterable[Entry], performer: int = 0, solver: MotionSolver | None = None
) -> Iterator[Motion]:
    """Yield the motion of every observation of the first camera, as a show of it alone solved it.

    Gaps of a live show are recorded as empty observations, so that the same solver gives
    bit-identical motion on one machine.

    Args:
        entries: records of a take.
        performer: 0 is the first.
        solver: a new one if None.
    """
    solver = MotionSolver() if solver is None else solver
    for entry in entries:
        is_theirs = entry.performer == performer and entry.source is Source.CAMERA
        if is_theirs and isinstance(entry.record, Observation) and entry.record.camera == 0:
            yield solver.solve(entry.record)


def solve_performance(
    take: Take,
    rate: float,
    performer: int = 0,
    solver: MotionSolver | None = None,
    models: OwnModels = SHIPPED_ONLY,
) -> Iterator[Motion]:
    """Yield the mixed motion of all of a performer's sources at even steps.

    What the show did with it, such as the operator's overrides, is left out.

    Args:
        take: the take.
        rate: motions per second.
        performer: 0 is the first.
        solver: a new one if None.
        models: the performer's own.

    Raises:
        MotionError: nothing in the take can be read, or nothing of this performer.
    """
    performance = Performance(solver)
    if models.files:
        performance.set_models(models)
    start_ns: int | None = None
    steps = t_ns = 0
    for entry in sort_by_time(
        entry for entry in sensor_entries(take) if entry.performer == performer
    ):
        if start_ns is None:
            start_ns = t_ns = entry.t_ns
        while entry.t_ns > t_ns:
            yield performance.at(t_ns)
            steps += 1
            t_ns = start_ns + int(steps * _SECOND_NS / rate)
        performance.push(entry.source, entry.record)
    if start_ns is None:
        raise MotionError(
            f"Take {take.path}",
            f"has no records of performer {performer + 1}",
            "choose another performer",
        )
    yield performance.at(t_ns)


def sensor_entries(take: Take) -> Iterator[Entry]:
    """Yield the take's entries without the show's own events, except calibrations of cameras.

    A calibration gets the time of the record after it, since a show states it before the first.
    """
    calibrations: list[Entry] = []
    for entry in take.entries():
        record = entry.record
        if isinstance(record, Event):
            if record.kind == CAMERAS_EVENT:
                calibrations.append(entry)
        elif not isinstance(record, Posed):
            for one in calibrations:
                if isinstance(one.record, Event):
                    event = msgspec.structs.replace(one.record, t_ns=entry.t_ns)
                    yield replace(one, record=event)
            calibrations.clear()
            yield entry


def sort_by_time(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Yield entries sorted by time; equal times keep their recording order."""
    waiting: list[tuple[int, int, Entry]] = []
    newest_ns = 0
    for number, entry in enumerate(entries):
        heappush(waiting, (entry.t_ns, number, entry))
        newest_ns = max(newest_ns, entry.t_ns)
        while waiting[0][0] < newest_ns - _MAX_LATENCY_NS:
            yield heappop(waiting)[2]
    while waiting:
        yield heappop(waiting)[2]
