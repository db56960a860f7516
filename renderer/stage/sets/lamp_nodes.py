"""Read the lamps of a set from the names, matrices and extras of its nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from renderer.stage.lights.lamps import LampKind, LampPlace
from renderer.stage.sets.lights import LightKind, LightPlace, read_light

LAMP_PREFIX: Final = "lamp."
_LAMPS: Final = {kind.value: kind for kind in LampKind}
_LIGHTS: Final = {kind.value: kind for kind in LightKind}


def read_lamps(scene: Any) -> tuple[LampPlace, ...]:
    """Return the strobes, blinders and pixel bars of a scene, sorted by the names of their nodes.

    A node "lamp.KIND.ROLE.NUMBER" is a lamp that shines along its +Z. Nodes of unknown kinds, and
    nodes whose matrix is singular or not finite, are ignored.
    """
    lamps = []
    for kind, role, matrix, _ in _lamp_nodes(scene):
        if kind in _LAMPS:
            x, y, z = (float(part) for part in matrix[:3, 3])
            along = matrix[:3, 2] / np.linalg.norm(matrix[:3, 2])
            dx, dy, dz = (float(part) for part in along)
            lamps.append(LampPlace(_LAMPS[kind], role, (x, y, z), (dx, dy, dz)))
    return tuple(lamps)


def read_lights(scene: Any) -> tuple[LightPlace, ...]:
    """Return the directional lights, spots, washes and beams of a scene, sorted likewise."""
    return tuple(
        read_light(_LIGHTS[kind], role, matrix, extras)
        for kind, role, matrix, extras in _lamp_nodes(scene)
        if kind in _LIGHTS
    )


def _lamp_nodes(scene: Any) -> Iterator[tuple[str, str, npt.NDArray[np.float64], Any]]:
    """Yield kind, role, matrix (4, 4) and extras of the nodes that may be lamps."""
    parents = scene.graph.transforms.parents
    for node in sorted(str(one) for one in scene.graph.nodes):
        if not node.startswith(LAMP_PREFIX):
            continue
        kind, _, rest = node[len(LAMP_PREFIX) :].partition(".")
        matrix = np.asarray(scene.graph[node][0], np.float64)
        if np.isfinite(matrix).all() and np.linalg.norm(matrix[:3, 2]) > 1e-9:
            edge = scene.graph.transforms.edge_data.get((parents.get(node), node), {})
            yield kind, rest.rpartition(".")[0] or rest, matrix, edge.get("metadata")
