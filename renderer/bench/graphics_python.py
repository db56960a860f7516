"""Measure what a frame costs in Python alone: `python -m` runs it in a process of its own.

With GALLIUM_NOOP Mesa takes every call and draws nothing; what is left is ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Final

import numpy as np

from renderer.errors import GraphicsError

_FRAMES: Final = 60
_SETTLING: Final = 5
"""Frames before those that are measured."""
_LIMIT_S: Final = 300.0
_NO_DRIVER: Final = "NOOP"
SIZE: Final = (1280, 720)


def measure_python_ms(count: int) -> tuple[float | None, str]:
    """Return the milliseconds of Python in a frame of `count` idols, and why there are none.

    Raises:
        GraphicsError: when the process fails.
    """
    environment = {**os.environ, "GALLIUM_NOOP": "1", "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-m", __name__, str(count)],
        env=environment, capture_output=True, text=True, timeout=_LIMIT_S, check=False,
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["it printed nothing"])[-1]
        raise GraphicsError("the measurement of Python's cost", last, "measure again")
    told = json.loads(done.stdout.splitlines()[-1])
    if told["adapter"] != _NO_DRIVER:
        return None, f"{told['adapter']} is not Mesa, and cannot be told to draw nothing"
    return float(told["ms"]), ""


def _measure(count: int) -> dict[str, object]:
    from avatars import load_avatar
    from renderer.bench.graphics_scene import concert_frame
    from renderer.graphics.renderer import StageRenderer
    from renderer.paths import IDOL, STAGE
    from renderer.stage.set import load_set

    cast = [load_avatar(IDOL)] * count
    frame = concert_frame(cast)
    with StageRenderer(*SIZE, load_set(STAGE), cast) as drawing:
        spent = []
        for _ in range(_SETTLING + _FRAMES):
            start = time.thread_time()
            drawing.draw(frame)
            drawing.collect()
            spent.append((time.thread_time() - start) * 1e3)
        # Of the processor, by this thread: what else the machine does counts little.
        quick = float(np.percentile(spent[_SETTLING:], 25))
        return {"adapter": drawing.adapter.name, "ms": quick}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(int(sys.argv[1]))) + "\n")
