"""Test that compiled kernels follow changes in the files that they call."""

from __future__ import annotations

import importlib
import linecache
import sys
from pathlib import Path

import pytest

HELPER = """from avatars.compile import compiled

@compiled
def shift(value: float) -> float:
    return value + {amount}
"""

KERNEL = """import kernel_helper
from avatars.compile import compiled_with
from kernel_helper import shift

@compiled_with(kernel_helper)
def shift_twice(value: float) -> float:
    return shift(shift(value))
"""


def run_kernel() -> float:
    """Import the kernel afresh, as a new process does, and call it."""
    for name in ("kernel_helper", "kernel_user"):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    linecache.clearcache()
    return float(importlib.import_module("kernel_user").shift_twice(0.0))


def test_kernel_follows_change_in_other_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    helper = tmp_path / "kernel_helper.py"
    (tmp_path / "kernel_user.py").write_text(KERNEL)
    helper.write_text(HELPER.format(amount=1))
    assert run_kernel() == 2.0
    cached = set(tmp_path.rglob("kernel_user*.nbi"))
    assert cached
    assert run_kernel() == 2.0
    assert set(tmp_path.rglob("kernel_user*.nbi")) == cached
    helper.write_text(HELPER.format(amount=10))
    assert run_kernel() == 20.0
    for name in ("kernel_helper", "kernel_user"):
        sys.modules.pop(name, None)
