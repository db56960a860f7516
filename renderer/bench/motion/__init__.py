"""Motion benchmark: accuracy, jitter, lag and cost, compared with Kalidokit's."""

from renderer.bench.motion.performance import Performance, Truth, load_clip
from renderer.bench.motion.report import MotionReport
from renderer.bench.motion.run import run_motion_bench

__all__ = ["MotionReport", "Performance", "Truth", "load_clip", "run_motion_bench"]
