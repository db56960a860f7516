"""Order passes by their dependencies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from renderer.graphics.passes.base import Pass, Scope


def order_passes(passes: Sequence[Pass]) -> tuple[Pass, ...]:
    """Return passes in an order that satisfies their dependencies.

    A pass that reads a target runs after the passes before it in the list that write the target,
    and before the later ones that write it; if no earlier pass writes it, it runs after all that
    do. Passes that write the same target keep their order. Otherwise the order of the list is kept.
    Passes of the frame run before those of views.

    Raises:
        ValueError: a target is never written, or described twice or not at all; a pass of the
            frame reads a target of a view; or the dependencies are cyclic.
    """
    listed = [*passes_of(passes, Scope.FRAME), *passes_of(passes, Scope.VIEW)]
    described = Counter(spec.name for one in listed for spec in one.targets)
    for name, times in described.items():
        if times > 1:
            raise ValueError(f"target {name!r} is described {times} times")
    needs: dict[int, set[int]] = {index: set() for index in range(len(listed))}
    for name in {name for one in listed for name in (*one.reads, *one.writes)}:
        writers = [index for index, one in enumerate(listed) if name in one.writes]
        readers = [i for i, one in enumerate(listed) if name in one.reads and i not in writers]
        if not writers:
            raise ValueError(f"{listed[readers[0]].name} reads {name!r}, which no pass writes")
        for earlier, later in pairwise(writers):
            needs[later].add(earlier)
        for reader in readers:
            earlier_writers = [index for index in writers if index < reader]
            needs[reader].update(earlier_writers or writers)
            if earlier_writers:
                for later in writers[len(earlier_writers) :]:
                    needs[later].add(reader)
    return tuple(listed[index] for index in _sort_passes(needs, listed))


def passes_of(passes: Sequence[Pass], scope: Scope) -> list[Pass]:
    """Return the passes of one scope, in order."""
    return [one for one in passes if one.scope is scope]


def _sort_passes(needs: Mapping[int, set[int]], listed: Sequence[Pass]) -> list[int]:
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        names = ", ".join(listed[index].name for index in error.args[1])
        raise ValueError(f"these passes wait for each other: {names}") from error
    ready: list[int] = []
    order = []
    while sorter.is_active():
        # One pass at a time, lowest index first, to keep the list's order where dependencies
        # allow.
        ready = sorted([*ready, *sorter.get_ready()])
        order.append(ready.pop(0))
        sorter.done(order[-1])
    for earlier, later in pairwise(order):
        if listed[earlier].scope is Scope.VIEW and listed[later].scope is Scope.FRAME:
            raise ValueError(f"{listed[later].name} runs once a frame and needs a view's result")
    return order
