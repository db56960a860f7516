"""Set how draws join what is there; a scene's alpha weighs its bloom, and blends by itself."""

from __future__ import annotations

import moderngl


def blend_over(context: moderngl.Context) -> None:
    """Cover by alpha; what covers a glow weakens it."""
    _set(
        context,
        (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA),
        (moderngl.ZERO, moderngl.ONE_MINUS_SRC_ALPHA),
    )


def blend_added(context: moderngl.Context) -> None:
    """Add colour, and leave the glow as it is."""
    _set(context, (moderngl.ONE, moderngl.ONE), (moderngl.ZERO, moderngl.ONE))


def blend_multiplied(context: moderngl.Context) -> None:
    """Multiply what is there by alpha, and leave the glow as it is."""
    _set(context, (moderngl.ZERO, moderngl.SRC_ALPHA), (moderngl.ZERO, moderngl.ONE))


def _set(context: moderngl.Context, color: tuple[int, int], alpha: tuple[int, int]) -> None:
    # moderngl takes four factors, and its types know two.
    context.blend_func = *color, *alpha  # type: ignore[assignment]
