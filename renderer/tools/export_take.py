"""Export recorded takes as animations for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from avatars.vrma import write_vrma
from renderer.errors import ShowError
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.gltf import write_gltf
from renderer.motion.exchange.sequence import animation_from_motions
from renderer.motion.face.calibration_store import load_profile
from renderer.motion.solver import MotionSolver
from renderer.motion.takes.as_shown import replay_as_shown
from renderer.motion.takes.read import open_take
from renderer.motion.takes.replay import solve_performance
from renderer.rights.takes.encryption import unlock_take
from renderer.rights.takes.personal_files import open_personal
from renderer.show.performers.own_models import load_kept_models

_RATES: Final = (1.0, 1000.0)
"""Lowest and highest sample rate of an animation, motions per second."""


def export(
    source: Path,
    target: Path,
    rate: float,
    performer: int = 0,
    name: str = "",
    *,
    shown: bool = False,
) -> tuple[str, ...]:
    """Solve a take with the current solver and write it as VRMA, glTF or BVH.

    By default that is the performer's own motion, with their calibrated face and own models as in a
    show.

    Args:
        rate: motions per second.
        performer: index of the performer in the take, from 0.
        name: whose calibrated face and own models are used; if empty, the name in the take.
        shown: write what the show displayed instead: at its own times, with the director's
            overrides and the face profiles that it used.

    Returns:
        Faults of the take that were tolerated, and why own models could not be used.

    Raises:
        RendererError: the take cannot be read, the target is of another kind or not writable, or
            the rate is invalid.
    """
    kind = target.suffix.lower()
    if kind not in (".vrma", ".glb", ".bvh"):
        raise ShowError(
            str(target), "is no kind of animation known here", "write .vrma, .glb or .bvh"
        )
    slowest, fastest = _RATES
    if not slowest <= rate <= fastest:
        raise ShowError(
            f"Rate {rate:g}",
            "is no number of motions a second",
            f"take one from {slowest:g} to {fastest:g}",
        )
    if shown and name:
        raise ShowError(
            f"The face of {name}",
            "cannot be combined with --as-shown, which uses the faces that the show knew",
            "leave out --performer or --as-shown",
        )
    take = open_take(source, unlock_take)
    left_out = ""
    if shown:
        motions = replay_as_shown(take, performer)
    else:
        name = name or take.name_of(performer)
        solver = MotionSolver()
        if name and (profile := load_profile(name, unseal=open_personal)) is not None:
            solver.set_face_profile(profile)
        models, left_out = load_kept_models(name)
        motions = solve_performance(take, rate, performer, solver, models)
    # Plain glTF has no expression presets: there the face's curves keep their own names.
    animation = animation_from_motions(motions, source.stem, perfect_sync=kind == ".glb")
    match kind:
        case ".vrma":
            data = write_vrma(animation)
        case ".glb":
            data = write_gltf(animation)
        case _:
            data = write_bvh(animation, rate).encode()
    try:
        target.write_bytes(data)
    except OSError as fault:
        raise ShowError(
            str(target), f"cannot be written ({fault.strerror})", "name another place"
        ) from fault
    return tuple([left_out, *take.warnings] if left_out else take.warnings)
