"""Benchmark drawing: each effect and pass, Python's share, peers, and a live show.

All variants of a quality level are drawn in turn for several rounds, so that other load affects all
of them; the minimum over the rounds is reported. On a busy machine, processor time over all threads
is more reliable than wall time, and ratios more than milliseconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from avatars import load_avatar
from avatars.model import Avatar
from renderer.bench.graphics_live import GOAL as GOAL_LIVE
from renderer.bench.graphics_live import LiveRate, measure_live_rate
from renderer.bench.graphics_python import (
    FIXTURES,
    GOAL_DRAW_MS,
    GOAL_MS,
    PROPS,
    PythonCost,
    measure_python_ms,
)
from renderer.bench.graphics_python import SIZE as PYTHON_SIZE
from renderer.bench.graphics_scene import concert_frame, variants
from renderer.bench.machine import describe_machine
from renderer.bench.peers.before import GOAL as GOAL_BEFORE
from renderer.bench.peers.before import measure_before
from renderer.bench.peers.threevrm import GOAL as GOAL_THREEVRM
from renderer.bench.peers.threevrm import measure_threevrm
from renderer.bench.peers.turns import Ratio
from renderer.graphics.quality import FULL, SOFTWARE, Quality
from renderer.graphics.renderer import StageRenderer
from renderer.paths import IDOL, IDOL_2, STAGE
from renderer.stage.sets.stage_set import load_set

SIZE: Final = (640, 360)
ROUNDS: Final = 5
LEVELS: Final = (SOFTWARE, FULL)
IDOLS: Final = 5
"""Number of avatars in the frame whose Python share is measured."""
GOAL_KAGRA: Final = 0.30
_NO_KAGRA: Final = "KAGRA is not installed"


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
        python: Python's share of a frame with IDOLS avatars, props, fixtures and audience.
        threevrm: time of a frame as a share of three-vrm's at 720p, without multisampling and with
            four samples.
        before: time of the demo's frame as a share of an earlier commit's.
        live: frame rate of a live show on two cores.
    """

    machine: dict[str, str | int | float]
    size: tuple[int, int]
    levels: Mapping[str, LevelReport]
    python: PythonCost
    threevrm: tuple[Ratio, Ratio]
    before: Ratio
    live: LiveRate

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
        python = self.python
        python_cost = python.reason
        if python.whole_ms is not None:
            python_cost = (
                f"{python.whole_ms:.2f} ms, goal {GOAL_MS:g}; drawing alone {python.draw_ms:.2f} "
                f"ms, goal {GOAL_DRAW_MS:g}"
            )
        lines += [
            f"Python alone, {IDOLS} idols, {PROPS} props, {FIXTURES} fixtures, audience, "
            f"{PYTHON_SIZE[0]}x{PYTHON_SIZE[1]}: {python_cost}",
            f"Frame as a share of three-vrm's, 1280x720: {self.threevrm[0].text()}, goal "
            f"{GOAL_THREEVRM:g}",
            f"  with four samples: {self.threevrm[1].text()}, goal {GOAL_THREEVRM:g}",
            f"Frame as a share of KAGRA's, 1280x720: not measured: {_NO_KAGRA}",
            f"The demo's frame as a share of the earlier one's: {self.before.text()}, goal "
            f"{GOAL_BEFORE:g}",
            f"Live on two cores: {self.live.text()}; goal {GOAL_LIVE:g}",
        ]
        return "\n".join(lines)

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""
        return {
            "python_ms_five_idols": self.python.whole_ms,
            "python_ms_five_idols_draw": self.python.draw_ms,
            "python_ms_five_idols_reason": self.python.reason or None,
            "threevrm_720p": self.threevrm[0].value,
            "threevrm_720p_4x": self.threevrm[1].value,
            "kagra_720p": None,
            "demo_vs_before": self.before.value,
            "live_fps_two_cores": self.live.rate,
            "details": {
                "threevrm_720p": self.threevrm[0].as_dict(),
                "threevrm_720p_4x": self.threevrm[1].as_dict(),
                "kagra_720p": {"reason": _NO_KAGRA},
                "demo_vs_before": self.before.as_dict(),
                "live_fps_two_cores": {
                    "given_up": self.live.given_up,
                    "reason": self.live.reason or None,
                },
            },
            "goals": {
                "python_ms_five_idols": GOAL_MS,
                "python_ms_five_idols_draw": GOAL_DRAW_MS,
                "threevrm_720p": GOAL_THREEVRM,
                "threevrm_720p_4x": GOAL_THREEVRM,
                "kagra_720p": GOAL_KAGRA,
                "demo_vs_before": GOAL_BEFORE,
                "live_fps_two_cores": GOAL_LIVE,
            },
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


def measure_graphics(notify: Callable[[str], None]) -> GraphicsReport:
    """Benchmark both quality levels, Python's share, the peers, and a live show.

    Args:
        notify: called with the name of each step.

    Raises:
        RendererError: drawing failed.
    """
    machine = describe_machine()
    cast = [load_avatar(path) for path in (IDOL, IDOL_2)]
    levels = {}
    for quality in LEVELS:
        levels[quality.name] = _measure_level(quality, cast, machine, notify)
    notify("Python alone")
    python = measure_python_ms(IDOLS)
    threevrm = measure_threevrm(0, notify), measure_threevrm(4, notify)
    before = measure_before(notify)
    notify("a live show on two cores")
    return GraphicsReport(machine, SIZE, levels, python, threevrm, before, measure_live_rate())


def _measure_level(
    quality: Quality,
    cast: list[Avatar],
    machine: dict[str, str | int | float],
    notify: Callable[[str], None],
) -> LevelReport:
    frame = concert_frame(cast)
    states = variants(frame)
    stage = load_set(STAGE)
    clock = dict.fromkeys(states, float("inf"))
    processor = dict(clock)
    with StageRenderer(*SIZE, stage, cast, latency=0, quality=quality) as drawing:
        machine["adapter"], machine["opengl"] = drawing.adapter.name, drawing.adapter.version
        drawing.prepare_effects()
        # The first round is not counted: its caches are cold.
        for number in range(ROUNDS + 1):
            notify(f"{quality.name}, round {number} of {ROUNDS}")
            for name, state in states.items():
                # os.times() has a resolution of only 10 ms.
                start = time.perf_counter(), time.process_time()
                drawing.draw(state)
                drawing.collect()
                end = time.perf_counter(), time.process_time()
                if number:
                    clock[name] = min(clock[name], (end[0] - start[0]) * 1e3)
                    processor[name] = min(processor[name], (end[1] - start[1]) * 1e3)
        notify(f"{quality.name}, pass by pass")
        drawing.is_profiling = True
        passes: dict[str, float] = {}
        for _ in range(ROUNDS):
            drawing.draw(frame)
            drawing.collect()
            for name, took in drawing.pass_times_ms().items():
                passes[name] = min(passes.get(name, float("inf")), took)
    return LevelReport(clock, processor, passes)
