"""Test that an engine loads nothing that it can start without: each second counts on air."""

from __future__ import annotations

import subprocess
import sys

SLOW = (
    "trimesh", "networkx", "scipy.linalg", "scipy.optimize", "scipy.ndimage", "numpy.f2py",
    "torch", "mediapipe", "pyrender", "PySide6", "requests", "aiohttp", "lxml",
)  # fmt: skip
"""Packages of which an engine needs none to go on with a show; bare SciPy comes with numba, which
asks for its version."""


def test_an_engine_loads_no_package_that_it_starts_without() -> None:
    code = (
        "import sys, renderer.show.supervision.engine, renderer.show.show\n"
        f"print([name for name in {SLOW!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
