"""Test that the set-up compiles what a show would."""

from __future__ import annotations

import numba
import pytest

from avatars.contact import kernel as contact
from avatars.springs import advance
from renderer.errors import StageError
from renderer.graphics.gpu import matrices
from renderer.output.sound import limiter
from renderer.tools import compile_kernels


def kernels(module: object) -> list[numba.core.registry.CPUDispatcher]:
    """Return a module's own compiled functions."""
    found = vars(module).values()
    return [one for one in found if isinstance(one, numba.core.registry.CPUDispatcher)]


def refuse() -> None:
    raise StageError("OpenGL", "is not usable", "install a driver")


def test_one_frame_and_one_block_compile_the_kernels() -> None:
    for part in compile_kernels.PARTS:
        part()
    for module in (advance, contact, matrices, limiter):
        assert any(one.signatures for one in kernels(module)), module.__name__


def test_a_machine_without_opengl_is_told_and_set_up_all_the_same(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compile_kernels, "PARTS", (refuse,))
    assert compile_kernels.main() == 0
    told = capfd.readouterr()
    assert "OpenGL: is not usable" in told.err
    assert "Compiled in" in told.out
