"""Benchmark drawing: whole frames with and without each effect, each pass, and Python's share.

All variants of a quality level are drawn in turn, round after round, so that other load affects all
of them; the minimum over the rounds is reported. On a busy machine, processor time over all threads
says more than wall time, and ratios say more than milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from avatars import load_avatar
from avatars.model import Avatar
from renderer.bench.graphics_python import SIZE as PYTHON_SIZE
from renderer.bench.graphics_python import measure_python_ms
from renderer.bench.graphics_scene import concert_frame, variants
from renderer.bench.machine import describe_machine
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL, IDOL_2, STAGE
from renderer.stage.set import load_set

SIZE: Final = (640, 360)
ROUNDS: Final = 5
IDOLS: Final = 5
"""Number of avatars in the frame whose Python share is measured."""
GOAL_PYTHON_MS: Final = 2.0
_NO_PEER: Final = "no peer is driven by this benchmark yet"


@dataclass(frozen=True, slots=True)
class LevelReport:
    """Results for one quality level.

    Attributes:
        frame_ms: wall time of a whole frame with readback, by variant; minimum over the rounds.
        processor_ms: processor time of the same over all threads; on a GPU only the driver's.
        pass_ms: time of each pass of the frame with all effects, waiting for the GPU after each.
    """

    frame_ms: Mapping[str, float]
    processor_ms: Mapping[str, float]
    pass_ms: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class GraphicsReport:
    """Results of the graphics benchmark.

    Attributes:
        machine: processor, cores, load before the start and versions.
        levels: results by name of the quality level.
        python_ms: Python's share of a frame with IDOLS avatars and all effects; None if unknown.
        python_reason: why it is unknown.
    """

    machine: dict[str, str | int | float]
    size: tuple[int, int]
    levels: Mapping[str, LevelReport]
    python_ms: float | None
    python_reason: str

    def text(self) -> str:
        """Return the results as readable text."""
        machine = self.machine
        lines = [
            f"{machine['processor']}, {machine['cores']} cores, load {machine['load']:.1f}; "
            f"{machine['adapter']}; {self.size[0]}x{self.size[1]}, two idols"
        ]
        for name, level in self.levels.items():
            plain = level.processor_ms["plain"]
            lines.append(
                f"{name}: whole frames, ms by the clock and of the processor, "
                "and the latter as a ratio to the one without effects"
            )
            for variant, clock in level.frame_ms.items():
                spent = level.processor_ms[variant]
                lines.append(f"  {variant:16} {clock:7.1f} {spent:7.1f} {spent / plain:6.2f}")
            lines.append(f"{name}: passes of the frame with everything, ms")
            lines += [f"  {k:16} {v:7.1f}" for k, v in level.pass_ms.items()]
        told = self.python_reason if self.python_ms is None else f"{self.python_ms:.2f} ms"
        lines.append(
            f"Python alone, {IDOLS} idols at {PYTHON_SIZE[0]}x{PYTHON_SIZE[1]}: {told} "
            f"(goal {GOAL_PYTHON_MS:g} ms)"
        )
        lines.append(f"three-vrm: not measured ({_NO_PEER})")
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""
        return {
            "python_ms_five_idols": self.python_ms,
            "python_ms_five_idols_reason": self.python_reason or None,
            "goal_python_ms": GOAL_PYTHON_MS,
            "threevrm_720p": None,
            "threevrm_720p_reason": _NO_PEER,
            "size": list(self.size),
            "rounds": ROUNDS,
            "levels": {
                name: {
                    "frame_ms": dict(level.frame_ms),
                    "processor_ms": dict(level.processor_ms),
                    "pass_ms": dict(level.pass_ms),
                }
                for name, level in self.levels.items()
            },
            "machine": self.machine,
        }


def measure_graphics(tell: Callable[[str], None]) -> GraphicsReport:
    """Benchmark both quality levels and Python's share.

    Args:
        tell: called with the name of each step.

    Raises:
        RendererError: drawing failed.
    """
    machine = describe_machine()
    cast = [load_avatar(path) for path in (IDOL, IDOL_2)]
    levels = {}
    for quality in (SOFTWARE, FULL):
        levels[quality.name] = _measure_level(quality, cast, machine, tell)
    tell("Python alone")
    python_ms, reason = measure_python_ms(IDOLS)
    return GraphicsReport(machine, SIZE, levels, python_ms, reason)


def _measure_level(
    quality: Quality,
    cast: list[Avatar],
    machine: dict[str, str | int | float],
    tell: Callable[[str], None],
) -> LevelReport:
    frame = concert_frame(cast)
    states = variants(frame)
    stage = load_set(STAGE)
    clock = dict.fromkeys(states, float("inf"))
    processor = dict(clock)
    with StageRenderer(*SIZE, stage, cast, latency=0, quality=quality) as drawing:
        machine["adapter"], machine["opengl"] = drawing.adapter.name, drawing.adapter.version
        drawing.prepare_effects()
        # The first round is not counted: caches are cold for whatever it is the first to use.
        for number in range(ROUNDS + 1):
            tell(f"{quality.name}, round {number} of {ROUNDS}")
            for name, state in states.items():
                # os.times() has a resolution of only 10 ms.
                start = time.perf_counter(), time.process_time()
                drawing.draw(state)
                drawing.collect()
                end = time.perf_counter(), time.process_time()
                if number:
                    clock[name] = min(clock[name], (end[0] - start[0]) * 1e3)
                    processor[name] = min(processor[name], (end[1] - start[1]) * 1e3)
    tell(f"{quality.name}, pass by pass")
    with StageRenderer(*SIZE, stage, cast, latency=0, quality=quality, profile=True) as drawing:
        drawing.prepare_effects()
        passes: dict[str, float] = {}
        for _ in range(ROUNDS):
            drawing.draw(frame)
            drawing.collect()
            for name, took in drawing.pass_times_ms().items():
                passes[name] = min(passes.get(name, float("inf")), took)
    return LevelReport(clock, processor, passes)
