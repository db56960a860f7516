"""Set blend functions; the scene's alpha is the bloom weight and has its own blend factors."""

from __future__ import annotations

import moderngl


def blend_over(context: moderngl.Context) -> None:
    """Blend colour by alpha, which also reduces the bloom weight behind it."""
    _set(
        context,
        (moderngl.SRC_ALPHA, moderngl.ONE_MINUS_SRC_ALPHA),
        (moderngl.ZERO, moderngl.ONE_MINUS_SRC_ALPHA),
    )


def blend_added(context: moderngl.Context) -> None:
    """Add colour, and keep the bloom weight."""
    _set(context, (moderngl.ONE, moderngl.ONE), (moderngl.ZERO, moderngl.ONE))


def blend_reflected(context: moderngl.Context) -> None:
    """Add colour where nothing glows, less where something does, and keep the bloom weight."""
    _set(context, (moderngl.ONE_MINUS_DST_ALPHA, moderngl.ONE), (moderngl.ZERO, moderngl.ONE))


def blend_glowing(context: moderngl.Context) -> None:
    """Add colour, and set the bloom weight to alpha."""
    _set(
        context,
        (moderngl.ONE, moderngl.ONE),
        (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA),
    )


def blend_multiplied(context: moderngl.Context) -> None:
    """Multiply the existing colour by alpha, and keep the bloom weight."""
    _set(context, (moderngl.ZERO, moderngl.SRC_ALPHA), (moderngl.ZERO, moderngl.ONE))


def _set(context: moderngl.Context, color: tuple[int, int], alpha: tuple[int, int]) -> None:
    # moderngl accepts four factors, but its type hints allow two.
    context.blend_func = *color, *alpha  # type: ignore[assignment]
