"""Cache one vertex array for each light-list variant of a surface shader."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import moderngl

from renderer.graphics.gpu.light_lists import LightVariant


class LitArrays:
    """The vertex arrays of one lit surface.

    Args:
        make: builds the vertex array of a variant, given its shader defines.
        variants: to build at once, so that none is compiled during a show.
    """

    def __init__(
        self,
        make: Callable[[tuple[str, ...]], moderngl.VertexArray],
        variants: Iterable[LightVariant],
    ) -> None:
        self._make = make
        self._arrays = {variant: make(variant.defines) for variant in variants}

    def get(self, variant: LightVariant) -> moderngl.VertexArray:
        """Return a variant's vertex array, built on first use."""
        array = self._arrays.get(variant)
        if array is None:
            array = self._arrays[variant] = self._make(variant.defines)
        return array
