"""Test that MediaPipe is loaded without matplotlib, and that others can still load that."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys
from renderer.capture.trackers.mediapipe import PoseTask
print("matplotlib" in sys.modules, "scipy" in sys.modules)
from matplotlib import pyplot
print(callable(pyplot.figure))
"""


def test_mediapipe_loads_no_plots_and_others_can() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False", "True"]
