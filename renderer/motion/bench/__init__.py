"""How true, calm and quick solving is: measured on known performances, and beside Kalidokit."""

from renderer.motion.bench.performance import Performance, Truth, of_clip
from renderer.motion.bench.report import MotionReport
from renderer.motion.bench.run import run_motion_bench

__all__ = ["MotionReport", "Performance", "Truth", "of_clip", "run_motion_bench"]
