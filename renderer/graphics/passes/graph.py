"""Own the render targets, run the passes in order and time them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import moderngl

from renderer.graphics.gpu.targets import Target, TargetSpec
from renderer.graphics.passes.base import DrawableError, Frame, Pass, PassError, Scope, View
from renderer.graphics.passes.order import order_passes, passes_of

_NANOSECONDS_PER_MS: Final = 1e6

PoolKey = tuple[object, ...]


class _Pool:
    """A pool of targets that share memory if their lifetimes do not overlap, also across views."""

    def __init__(self, context: moderngl.Context) -> None:
        self._context = context
        self._targets: dict[PoolKey, Target] = {}
        self._users: Counter[PoolKey] = Counter()

    def take(self, key: PoolKey, spec: TargetSpec, size: tuple[int, int]) -> Target:
        if key not in self._targets:
            self._targets[key] = Target(self._context, spec, size)
        self._users[key] += 1
        return self._targets[key]

    def give_back(self, key: PoolKey) -> None:
        self._users[key] -= 1
        if not self._users[key]:
            self._targets.pop(key).release()


@dataclass(frozen=True, slots=True)
class _ViewTargets:
    """The targets of a view: by name for each size in which its frames may be drawn."""

    by_scale: dict[float, dict[str, Target]]
    kept: tuple[Target, ...]
    pooled: tuple[PoolKey, ...]


class _AllTargets:
    """The targets of the frame and those of the view that is being drawn."""

    def __init__(self, context: moderngl.Context, specs: Iterable[TargetSpec]) -> None:
        self._context = context
        self._specs = {spec.name: spec for spec in specs}
        self._own = {
            name: Target(context, spec, spec.size_in((1, 1))) for name, spec in self._specs.items()
        }
        self.of_view: Mapping[str, Target] = {}

    def __getitem__(self, name: str) -> Target:
        return self._own[name] if name in self._own else self.of_view[name]

    def resize(self, name: str, size: tuple[int, int]) -> None:
        self._own.pop(name).release()
        self._own[name] = Target(self._context, self._specs[name], size)


class FrameGraph:
    """The passes of a frame and their targets.

    Args:
        kept: targets that are read after the frame, so that no other may share their memory.

    Attributes:
        finishes_each: whether each pass waits for the GPU, so that its time is its full cost;
            otherwise a pass's time is only that of submitting its commands.

    Raises:
        ValueError: the passes cannot be ordered.
    """

    def __init__(
        self,
        context: moderngl.Context,
        passes: Sequence[Pass],
        *,
        kept: Iterable[str],
    ) -> None:
        self._context = context
        ordered = order_passes(passes)
        self._frame_passes = passes_of(ordered, Scope.FRAME)
        self._view_passes = passes_of(ordered, Scope.VIEW)
        self._kept = frozenset(kept)
        self.finishes_each = False
        self._pool = _Pool(context)
        self._targets = _AllTargets(
            context, (s for p in ordered for s in p.targets if s.fixed_size is not None)
        )
        self._views: dict[str, _ViewTargets] = {}
        self._spent_ns = {one.name: 0 for one in ordered}

    @property
    def pass_names(self) -> tuple[str, ...]:
        """Return the names of the passes in execution order."""
        return tuple(self._spent_ns)

    def times_ms(self) -> dict[str, float]:
        """Return the time of each pass in the last frame, summed over the views, in ms."""
        return {name: spent / _NANOSECONDS_PER_MS for name, spent in self._spent_ns.items()}

    def open_view(
        self, name: str, size: tuple[int, int], scales: Iterable[float] = ()
    ) -> Mapping[str, Target]:
        """Create a view's targets; those with disjoint lifetimes share memory.

        Args:
            scales: render resolutions besides the view's own, as fractions of its sides; the kept
                targets have the view's size for all of them.

        Returns:
            The targets by name; those not in `kept` hold other passes' results after a frame.
        """
        kept = {
            spec.name: Target(self._context, spec, spec.size_in(size))
            for spec, _, _ in self._uses()
            if spec.name in self._kept
        }
        by_scale: dict[float, dict[str, Target]] = {}
        pooled: list[PoolKey] = []
        for scale in dict.fromkeys((1.0, *scales)):
            drawn = max(2, round(scale * size[0])), max(2, round(scale * size[1]))
            taken, keys = self._take(drawn)
            by_scale[scale] = {**taken, **kept}
            pooled += keys
        self._views[name] = _ViewTargets(by_scale, tuple(kept.values()), tuple(pooled))
        return by_scale[1.0]

    def _take(self, size: tuple[int, int]) -> tuple[dict[str, Target], list[PoolKey]]:
        """Return the targets of a view that are not kept, and the keys of their memory."""
        by_name: dict[str, Target] = {}
        busy_until: dict[PoolKey, int] = {}
        for spec, first, last in self._uses():
            if spec.name in self._kept:
                continue
            wanted = spec.size_in(size)
            slot = 0
            while busy_until.get((*spec.storage(wanted), slot), -1) >= first:
                slot += 1
            key = (*spec.storage(wanted), slot)
            by_name[spec.name] = self._pool.take(key, spec, wanted)
            if key in busy_until:
                self._pool.give_back(key)
            busy_until[key] = last
        return by_name, list(busy_until)

    def _uses(self) -> list[tuple[TargetSpec, int, int]]:
        """Return each target of a view with the indices of its first and last pass, in order."""
        uses = []
        for spec in (s for p in self._view_passes for s in p.targets if s.fixed_size is None):
            users = [
                number
                for number, one in enumerate(self._view_passes)
                if spec.name in one.reads or spec.name in one.writes
            ]
            uses.append((spec, users[0], users[-1]))
        return sorted(uses, key=lambda use: use[1])

    def close_view(self, name: str) -> None:
        """Release a view's targets, except those shared with other views."""
        view = self._views.pop(name)
        for target in view.kept:
            target.release()
        for key in view.pooled:
            self._pool.give_back(key)

    def run(self, frame: Frame, views: Iterable[View]) -> None:
        """Run the passes of the frame once, and the passes of a view for each view.

        Raises:
            DrawableError: an object fails; the frame is then incomplete.
            KeyError: the views have no targets in the size that the frame's limits require.
            PassError: a pass fails; likewise.
        """
        for name in self._spent_ns:
            self._spent_ns[name] = 0
        for one in self._frame_passes:
            self._run(one, frame)
        for view in views:
            self._targets.of_view = self._views[view.name].by_scale[frame.limits.scale]
            frame.enter(view)
            for one in self._view_passes:
                self._run(one, frame)

    def _run(self, one: Pass, frame: Frame) -> None:
        start = time.perf_counter_ns()
        try:
            one.run(frame, self._targets)
        except DrawableError:
            raise
        except Exception as error:
            raise PassError(one.name, error) from error
        if self.finishes_each:
            self._context.finish()
        self._spent_ns[one.name] += time.perf_counter_ns() - start
