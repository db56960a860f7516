"""Measure the Python share of a frame's time; `python -m` runs it in a separate process.

With GALLIUM_NOOP Mesa accepts every call and draws nothing; the remaining time is Python's.
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
"""Number of frames before the measured ones."""
_LIMIT_S: Final = 300.0
_NO_DRIVER: Final = "NOOP"
SIZE: Final = (1280, 720)


def measure_python_ms(count: int) -> tuple[float | None, str]:
    """Return Python's milliseconds in a frame of `count` avatars, or None and the reason.

    Raises:
        GraphicsError: the process fails.
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
        # Processor time of this thread, which other load on the machine hardly affects.
        quick = float(np.percentile(spent[_SETTLING:], 25))
        return {"adapter": drawing.adapter.name, "ms": quick}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_measure(int(sys.argv[1]))) + "\n")
