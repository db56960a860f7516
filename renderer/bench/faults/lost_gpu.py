"""Simulate a GPU that is lost: its context reports a reset, and no other one opens on it."""

from __future__ import annotations

from typing import Any

import moderngl

from renderer.graphics.gpu import gl
from renderer.graphics.software import is_software_requested


class LostGpu:
    """Wraps what reaches the GPU in this process; a process that draws in software is spared."""

    def __init__(self) -> None:
        self._is_lost = False
        check, create = gl.check_errors, moderngl.create_context

        def check_errors(thing: str) -> None:
            if self._is_gone:
                raise gl.ContextLostError(thing, "the GPU was reset", "wait until it is back")
            check(thing)

        def create_context(**options: Any) -> moderngl.Context:
            if self._is_gone:
                raise OSError("cannot create context")
            return create(**options)

        for owner, wrapped in ((gl, check_errors), (moderngl, create_context)):
            setattr(owner, wrapped.__name__, wrapped)

    def lose(self) -> None:
        """Lose the GPU from now on."""
        self._is_lost = True

    @property
    def _is_gone(self) -> bool:
        return self._is_lost and not is_software_requested()
