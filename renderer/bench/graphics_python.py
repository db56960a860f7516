"""Measure the Python share of a frame's time; `python -m` runs it in a separate process.

With GALLIUM_NOOP Mesa accepts every call and draws nothing; the remaining time is Python's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from renderer.errors import GraphicsError

FRAMES: Final = 60
_SETTLING: Final = 5
"""Number of frames before the measured ones."""
_LIMIT_S: Final = 300.0
_NO_DRIVER: Final = "NOOP"
SIZE: Final = (1280, 720)


PROPS: Final = 60
FIXTURES: Final = 32
GOAL_MS: Final = 2.0
GOAL_DRAW_MS: Final = 0.6


@dataclass(frozen=True, slots=True)
class PythonCost:
    """Python's share of a frame, milliseconds of this thread's processor time.

    Attributes:
        whole_ms: posing, springs, drawing and collecting; None if it cannot be measured.
        draw_ms: drawing alone.
        reason: why it cannot be measured.
    """

    whole_ms: float | None
    draw_ms: float | None
    reason: str = ""


def measure_python_ms(count: int, frames: int = FRAMES) -> PythonCost:
    """Measure a frame of `count` avatars, PROPS props, FIXTURES fixtures and the audience.

    Args:
        frames: number of measured frames.

    Raises:
        GraphicsError: the process fails.
    """
    environment = {**os.environ, "GALLIUM_NOOP": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(count), str(frames)],
        env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise GraphicsError("the measurement of Python's cost", last, "measure again")
    result = json.loads(done.stdout.splitlines()[-1])
    if result["adapter"] != _NO_DRIVER:
        reason = f"{result['adapter']} is not Mesa, and cannot be told to draw nothing"
        return PythonCost(None, None, reason)
    return PythonCost(float(result["whole"]), float(result["draw"]))


def _measure(count: int, frames: int) -> dict[str, object]:
    from avatars import load_avatar
    from avatars.instance import AvatarInstance
    from avatars.names import HUMAN_BONES
    from renderer.bench.graphics_scene import full_hall, hall_frame
    from renderer.graphics.renderer import StageRenderer
    from renderer.paths import IDOL
    from renderer.stage.records import PosedAvatar

    idol = load_avatar(IDOL)
    cast = [AvatarInstance(idol) for _ in range(count)]
    frame = hall_frame([idol] * count, FIXTURES)
    rotations = np.tile(np.array((0, 0, 0, 1), np.float32), (len(HUMAN_BONES), 1))
    face, gaze = np.zeros(52, np.float32), np.zeros(2, np.float32)
    with StageRenderer(*SIZE, full_hall(PROPS), [idol] * count) as drawing:
        drawing.prepare_effects()
        whole, drawn = [], []
        for number in range(_SETTLING + frames):
            start = time.thread_time()
            for place, instance in enumerate(cast):
                root = np.array((1.3 * (place - 0.5 * count), 0.0, 0.0), np.float32)
                instance.update(rotations, root, face, gaze, 1.0 / 30.0 if number else None)
            avatars = tuple(PosedAvatar.of(k, instance) for k, instance in enumerate(cast))
            state = replace(frame, number=number, beat=number / 15.0, avatars=avatars)
            posed = time.thread_time()
            drawing.draw(state)
            drawn.append((time.thread_time() - posed) * 1e3)
            drawing.collect()
            whole.append((time.thread_time() - start) * 1e3)
        # Processor time of this thread, which other load on the machine hardly affects.
        quick = (float(np.percentile(times[_SETTLING:], 25)) for times in (whole, drawn))
        return {"adapter": drawing.adapter.name, **dict(zip(("whole", "draw"), quick, strict=True))}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(*map(int, sys.argv[1:]))) + "\n")
