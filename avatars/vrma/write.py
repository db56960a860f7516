"""Write .vrma files.

The skeleton has the bone positions of `Animation.rest` and no rest rotations, so its local
rotations are the normalised ones. Source: VRMC_vrm_animation-1.0, in which only lookAt animates
the gaze.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from avatars.errors import AvatarError
from avatars.gaze import as_rotations
from avatars.model import F32
from avatars.names import BONE_PARENTS, HUMAN_BONES, PRESETS
from avatars.vrma.animation import Animation
from avatars.write.buffers import BufferWriter, Json
from avatars.write.glb import glb_bytes
from avatars.write.tracks import Tracks

_EYES: Final = ("leftEye", "rightEye")
_LOOKS: Final = ("lookUp", "lookDown", "lookLeft", "lookRight")
_STILL: Final = 1e-6


def write_vrma(animation: Animation, generator: str = "Encore") -> bytes:
    """Return the bytes of a VRM animation file; the output is deterministic.

    Rotations of the eyes and the four look presets are not written, because the format animates
    the gaze by lookAt only.

    Raises:
        AvatarError: the animation has no rest position of the hips.
    """
    if bool(np.isnan(animation.rest[0]).any()):
        raise AvatarError(animation.name, "has no rest place for its hips", "give all bones places")
    return _Writer(animation).write(generator)


class _Writer:
    """Builds one file."""

    def __init__(self, animation: Animation) -> None:
        self._animation = animation
        self._buffers = BufferWriter()
        self._nodes: list[Json] = []
        self._tracks = Tracks(self._buffers, animation.times)

    def write(self, generator: str) -> bytes:
        bones = self._add_bones()
        extension: Json = {"specVersion": "1.0", "humanoid": {"humanBones": bones}}
        expressions = self._add_expressions()
        if expressions:
            extension["expressions"] = expressions
        if self._animation.gaze is not None:
            extension["lookAt"] = {"node": self._add_look(self._animation.gaze)}
        children = {child for node in self._nodes for child in node.get("children", ())}
        document: Json = {
            "asset": {"version": "2.0", "generator": generator},
            "extensionsUsed": ["VRMC_vrm_animation"],
            "extensions": {"VRMC_vrm_animation": extension},
            "scene": 0,
            "scenes": [{"nodes": [i for i in range(len(self._nodes)) if i not in children]}],
            "nodes": self._nodes,
            "animations": [self._tracks.as_json(self._animation.name)],
            "accessors": self._buffers.accessors,
            "bufferViews": self._buffers.views,
            "buffers": [{"byteLength": len(self._buffers.data)}],
        }
        return glb_bytes(document, bytes(self._buffers.data))

    def _add_bones(self) -> dict[str, Json]:
        """Add a node for each bone with a rest position, below its nearest such parent bone.

        Returns:
            The JSON entries by bone name.
        """
        animation = self._animation
        bones: dict[str, Json] = {}
        rest: dict[str, F32] = {}
        for index, (name, above) in enumerate(BONE_PARENTS.items()):
            place = animation.rest[index]
            if name in _EYES or bool(np.isnan(place).any()):
                continue
            while above is not None and above not in rest:
                above = BONE_PARENTS[above]
            node = self._add_node(name, place if above is None else place - rest[above])
            if above is not None:
                self._nodes[bones[above]["node"]].setdefault("children", []).append(node)
            bones[name], rest[name] = {"node": node}, place
            if bool((np.abs(animation.rotations[:, index, :3]) > _STILL).any()):
                self._tracks.add(node, "rotation", animation.rotations[:, index])
        self._tracks.add(
            bones[HUMAN_BONES[0]]["node"], "translation", rest["hips"] + animation.hips
        )
        return bones

    def _add_expressions(self) -> dict[str, dict[str, Json]]:
        groups: dict[str, dict[str, Json]] = {}
        for name, weights in self._animation.expressions.items():
            if name in _LOOKS:
                continue
            values = np.zeros((len(weights), 3), np.float32)
            values[:, 0] = weights
            node = self._add_node(name, values[0])
            self._tracks.add(node, "translation", values)
            groups.setdefault("preset" if name in PRESETS else "custom", {})[name] = {"node": node}
        return groups

    def _add_look(self, gaze: F32) -> int:
        node = self._add_node("lookAt", np.zeros(3, np.float32))
        self._tracks.add(node, "rotation", as_rotations(gaze))
        return node

    def _add_node(self, name: str, translation: F32) -> int:
        self._nodes.append({"name": name, "translation": [float(x) for x in translation]})
        return len(self._nodes) - 1
