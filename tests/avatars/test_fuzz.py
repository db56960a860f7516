"""Run the fuzzer briefly; long runs are started by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.slow
def test_bent_files_are_survived() -> None:
    script = Path(__file__).with_name("fuzz.py")
    run = subprocess.run(
        [sys.executable, str(script), "--count", "200"],
        cwd=script.parents[2],
        env={"PYTHONPATH": str(script.parents[2]), "OPENBLAS_NUM_THREADS": "1", "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=170,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "\n0 faults\n" in run.stdout
