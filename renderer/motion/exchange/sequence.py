"""Motion as an animation, to be written as VRMA, glTF or BVH, and animations as motion."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from avatars.arkit import PRESET_SHAPES
from avatars.names import ARKIT, ARKIT_INDEX, HUMAN_BONES
from avatars.vrma import Animation
from renderer.capture.network.vmc_names import face_of, silent_channels
from renderer.errors import MotionError
from renderer.motion.core.forward import HIPS_HEIGHT, forward
from renderer.motion.core.records import F32, LIMBS, Motion
from renderer.motion.core.skeleton import BONE_LIMB

_STILL: Final = 1e-4
_FACE: Final = LIMBS.index("face")
_TORSO: Final = LIMBS.index("torso")


def animation_of(
    motions: Iterable[Motion], name: str = "", *, perfect_sync: bool = False
) -> Animation:
    """Motions as an animation that begins at 0.

    A take holds more than its motion: an animation is for other programs.

    Args:
        motions: by rising time; one that is not newer than the last is left out.
        perfect_sync: write the face as ARKit's 52 shapes, which say all but move few avatars;
            otherwise as VRM's presets, which move every one.

    Raises:
        MotionError: there is no motion.
    """
    kept: list[Motion] = []
    for motion in motions:
        if not kept or motion.t_seen_ns > kept[-1].t_seen_ns:
            kept.append(motion)
    if not kept:
        raise MotionError(f"Motion {name}", "is empty", "record a take that shows somebody")
    times = np.array([motion.t_seen_ns - kept[0].t_seen_ns for motion in kept]) * 1e-9
    height = kept[-1].hips_height
    _, rest = forward(np.tile((0.0, 0.0, 0.0, 1.0), (len(HUMAN_BONES), 1)), np.zeros(3))
    roots = [motion.root * (height / motion.hips_height) for motion in kept]
    shapes = np.array([motion.expressions for motion in kept], np.float32)
    return Animation(
        times=times,
        rotations=_freeze(_continuous(np.array([motion.rotations for motion in kept]))),
        hips=_freeze(np.array(roots, np.float32)),
        rest=_freeze((rest * height / HIPS_HEIGHT).astype(np.float32)),
        hips_height=height,
        expressions=_arkit(shapes) if perfect_sync else _presets(shapes),
        gaze=_freeze(np.array([motion.gaze for motion in kept], np.float32)),
        name=name,
    )


class AnimationSource:
    """Plays an animation as a performer's motion."""

    def __init__(self, animation: Animation) -> None:
        self._animation = animation
        moves = (np.abs(animation.rotations[..., :3]) > _STILL).any(axis=(0, 2))
        confidence = np.zeros(len(LIMBS), np.float32)
        confidence[BONE_LIMB[moves]] = 1.0
        confidence[_TORSO] = 1.0
        confidence[_FACE] = float(bool(animation.expressions) or animation.gaze is not None)
        self._confidence = _freeze(confidence)
        self._silent = silent_channels(
            {name: float(values.max()) for name, values in animation.expressions.items()}
        )

    def at(self, seconds: float, t_ns: int) -> Motion:
        """The motion `seconds` after the animation's beginning, as seen at the time t_ns.

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


def motions_of(animation: Animation, t_ns: int = 0) -> list[Motion]:
    """Every key of an animation as motion, the time 0 of it being seen at t_ns."""
    source = AnimationSource(animation)
    return [source.at(float(t), t_ns + round(float(t) * 1e9)) for t in animation.times]


def _arkit(shapes: F32) -> dict[str, F32]:
    """Of shapes (t, 52), those that ever show."""
    return {
        name: _freeze(shapes[:, i].copy()) for i, name in enumerate(ARKIT) if shapes[:, i].any()
    }


def _presets(shapes: F32) -> dict[str, F32]:
    """VRM's presets that make the face of shapes (t, 52), those that ever show."""
    out = {}
    for preset, parts in PRESET_SHAPES.items():
        if preset == "blink":
            # The lids are told one by one; both at once would close them twice.
            continue
        total = np.zeros(len(shapes), np.float32)
        for shape, weight in parts.items():
            total += np.float32(weight) * shapes[:, ARKIT_INDEX[shape]]
        if (total > 0.0).any():
            out[preset] = _freeze(np.clip(total, 0.0, 1.0))
    return out


def _continuous(rotations: F32) -> F32:
    """Quaternions (t, 55, 4) without leaps from q to −q."""
    dots = np.sum(rotations[1:] * rotations[:-1], axis=-1)
    signs = np.cumprod(np.where(dots < 0.0, np.float32(-1.0), np.float32(1.0)), axis=0)
    out = rotations.copy()
    out[1:] *= signs[..., None]
    return out


def _freeze(values: F32) -> F32:
    values.flags.writeable = False
    return values
