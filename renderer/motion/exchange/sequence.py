"""Converts motions to an animation for VRMA, glTF or BVH files, and animations to motions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from avatars.arkit import PRESET_SHAPES
from avatars.names import ARKIT, ARKIT_INDEX, HUMAN_BONES
from avatars.vrma import Animation
from renderer.capture.network.vmc_names import face_of, silent_channels
from renderer.errors import MotionError
from renderer.motion.core.forward import HIPS_HEIGHT, forward_kinematics
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB

_MIN_ROTATION: Final = 1e-4
"""Quaternion components up to this are no rotation: a bone that never exceeds it does not move."""

_FACE: Final = LIMBS.index("face")
_TORSO: Final = LIMBS.index("torso")


def animation_from_motions(
    motions: Iterable[Motion], name: str = "", *, perfect_sync: bool = False
) -> Animation:
    """Convert motions to an animation that begins at time 0.

    Args:
        motions: by rising time; one that is not newer than the last is left out.
        name: of the animation.
        perfect_sync: write the face as ARKit's 52 shapes, which are complete but supported by few
            avatars; otherwise as VRM's presets, which every avatar supports.

    Raises:
        MotionError: there is no motion.
    """
    kept: list[Motion] = []
    for motion in motions:
        if not kept or motion.t_seen_ns > kept[-1].t_seen_ns:
            kept.append(motion)
    if not kept:
        raise MotionError(f"Motion {name}", "is empty", "record a take with a performer in it")
    times = np.array([motion.t_seen_ns - kept[0].t_seen_ns for motion in kept]) * 1e-9
    height = kept[-1].hips_height
    _, rest = forward_kinematics(np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1)), np.zeros(3))
    roots = [motion.root * (height / motion.hips_height) for motion in kept]
    shapes = np.array([motion.expressions for motion in kept], np.float32)
    return Animation(
        times=times,
        rotations=_freeze(_unwrap(np.array([motion.rotations for motion in kept]))),
        hips=_freeze(np.array(roots, np.float32)),
        rest=_freeze((rest * height / HIPS_HEIGHT).astype(np.float32)),
        hips_height=height,
        expressions=_arkit_curves(shapes) if perfect_sync else _preset_curves(shapes),
        gaze=_freeze(np.array([motion.gaze for motion in kept], np.float32)),
        name=name,
    )


class AnimationSource:
    """Plays an animation as a performer's motion."""

    def __init__(self, animation: Animation) -> None:
        self._animation = animation
        moves = (np.abs(animation.rotations[..., :3]) > _MIN_ROTATION).any(axis=(0, 2))
        confidence = np.zeros(len(LIMBS), np.float32)
        confidence[BONE_LIMB[moves]] = 1.0
        confidence[_TORSO] = 1.0
        confidence[_FACE] = float(bool(animation.expressions) or animation.gaze is not None)
        self._confidence = _freeze(confidence)
        self._silent = silent_channels(
            {name: float(values.max()) for name, values in animation.expressions.items()}
        )

    def at(self, seconds: float, t_ns: int) -> Motion:
        """Return the motion `seconds` after the animation's start, stamped with the time t_ns.

        Limbs that the animation never moves have no confidence.
        """
        moment = self._animation.at(seconds)
        shapes, look = face_of(moment.expressions, self._silent)
        return Motion(
            t_seen_ns=t_ns,
            root=_freeze(np.array(moment.hips, np.float32)),
            hips_height=self._animation.hips_height,
            rotations=_freeze(moment.rotations),
            expressions=shapes,
            gaze=look if moment.gaze is None else _freeze(np.array(moment.gaze, np.float32)),
            confidence=self._confidence,
        )


def motions_from_animation(animation: Animation, t_ns: int = 0) -> list[Motion]:
    """Convert every key of an animation to motion; its time 0 is stamped with t_ns."""
    source = AnimationSource(animation)
    return [source.at(float(t), t_ns + round(float(t) * 1e9)) for t in animation.times]


def _arkit_curves(shapes: F32) -> dict[str, F32]:
    """Return the curves of those shapes (t, 52) that are ever above 0."""
    return {
        name: _freeze(shapes[:, i].copy()) for i, name in enumerate(ARKIT) if shapes[:, i].any()
    }


def _preset_curves(shapes: F32) -> dict[str, F32]:
    """Return the curves of VRM's presets that reproduce shapes (t, 52), if ever above 0."""
    out = {}
    for preset, parts in PRESET_SHAPES.items():
        if preset == "blink":
            # Both eyes' blinks have presets of their own; this one would close the lids twice.
            continue
        total = np.zeros(len(shapes), np.float32)
        for shape, weight in parts.items():
            total += np.float32(weight) * shapes[:, ARKIT_INDEX[shape]]
        if (total > 0.0).any():
            out[preset] = _freeze(np.clip(total, 0.0, 1.0))
    return out


def _unwrap(rotations: F32) -> F32:
    """Return quaternions (t, 55, 4) without sign flips from q to −q."""
    dots = np.sum(rotations[1:] * rotations[:-1], axis=-1)
    signs = np.cumprod(np.where(dots < 0.0, np.float32(-1.0), np.float32(1.0)), axis=0)
    out = rotations.copy()
    out[1:] *= signs[..., None]
    return out


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values
