"""Recorded takes as animations for other programs."""

from __future__ import annotations

from pathlib import Path

from avatars.vrma import write_vrma
from renderer.errors import ShowError
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.sequence import animation_of
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import performed


def export(source: Path, target: Path, rate: float) -> tuple[str, ...]:
    """Solve a take with the present code and write it as VRMA or BVH.

    Args:
        rate: motions a second.

    Returns:
        What was wrong with the take and was borne.

    Raises:
        RendererError: the take cannot be read, or the target is of another kind or not writable.
    """
    kind = target.suffix.lower()
    if kind not in (".vrma", ".bvh"):
        raise ShowError(str(target), "is no kind of animation known here", "write .vrma or .bvh")
    take = open_take(source)
    animation = animation_of(list(performed(take, rate)), source.stem)
    data = write_vrma(animation) if kind == ".vrma" else write_bvh(animation, rate).encode()
    try:
        target.write_bytes(data)
    except OSError as fault:
        raise ShowError(
            str(target), f"cannot be written ({fault.strerror})", "name another place"
        ) from fault
    return tuple(take.warnings)
