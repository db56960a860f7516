"""How true, calm and quick solving is: measured on known performances, and beside Kalidokit."""

from renderer.bench.motion.performance import Performance, Truth, of_clip
from renderer.bench.motion.report import MotionReport
from renderer.bench.motion.run import run_motion_bench

__all__ = ["MotionReport", "Performance", "Truth", "of_clip", "run_motion_bench"]
