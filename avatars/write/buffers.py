"""Write the binary part of a glTF file: buffer views and their accessors.

The layout follows glTF 2.0, 3.6: little-endian, each view on a 4-byte boundary, bounds equal to
float32 values in the data.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from avatars.model import F32, U32, MorphTarget

Json = dict[str, Any]

ARRAY_BUFFER = 34962
ELEMENT_ARRAY_BUFFER = 34963

UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5121, 5123, 5125, 5126
_DTYPES = {UNSIGNED_BYTE: "<u1", UNSIGNED_SHORT: "<u2", UNSIGNED_INT: "<u4", FLOAT: "<f4"}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class BufferWriter:
    """Collects arrays into one buffer.

    Attributes:
        data: the bytes so far.
        views, accessors: their glTF JSON.
    """

    def __init__(self) -> None:
        self.data = bytearray()
        self.views: list[Json] = []
        self.accessors: list[Json] = []

    def add_view(self, data: bytes, target: int | None = None) -> int:
        """Append bytes on a 4-byte boundary and return the view's index."""
        self.data.extend(b"\0" * (-len(self.data) % 4))
        view: Json = {"buffer": 0, "byteOffset": len(self.data), "byteLength": len(data)}
        if target is not None:
            view["target"] = target
        self.data.extend(data)
        self.views.append(view)
        return len(self.views) - 1

    def add_floats(self, values: F32, *, bounds: bool = False, vertices: bool = True) -> int:
        """Append an (n, k) float array and return the accessor's index.

        Args:
            values: k is 2, 3, 4 or 16 (matrices column by column).
            bounds: whether to write min and max, which positions require.
            vertices: whether the array is vertex data, which sets the view's target.
        """
        stored = np.ascontiguousarray(values, "<f4")
        view = self.add_view(stored.tobytes(), ARRAY_BUFFER if vertices else None)
        accessor = _accessor(FLOAT, len(stored), _KINDS[stored.shape[1]])
        if bounds:
            accessor |= _bounds(stored)
        return self._append(accessor | {"bufferView": view})

    def add_joints(self, joints: U32) -> int:
        """Append (n, 4) joint indices in the smallest type and return the accessor's index."""
        component = UNSIGNED_BYTE if joints.max(initial=0) < 256 else UNSIGNED_SHORT
        view = self.add_view(joints.astype(_DTYPES[component]).tobytes(), ARRAY_BUFFER)
        return self._append(_accessor(component, len(joints), "VEC4") | {"bufferView": view})

    def add_triangles(self, triangles: U32, vertex_count: int) -> int:
        """Append (m, 3) vertex indices in the smallest type and return the accessor's index."""
        component = _index_type(vertex_count)
        flat = triangles.astype(_DTYPES[component]).ravel()
        view = self.add_view(flat.tobytes(), ELEMENT_ARRAY_BUFFER)
        return self._append(_accessor(component, len(flat), "SCALAR") | {"bufferView": view})

    def add_sparse(self, indices: U32, values: F32, count: int) -> int:
        """Append a sparse accessor of 3-vectors that are zero except at `indices`.

        Args:
            indices: (k,) strictly ascending.
            values: (k, 3).
            count: number of elements of the accessor.
        """
        accessor = _accessor(FLOAT, count, "VEC3")
        if len(indices) == 0:
            zero = [0.0, 0.0, 0.0]
            return self._append(accessor | {"min": zero, "max": zero})
        stored = np.ascontiguousarray(values, "<f4")
        component = _index_type(count)
        index_view = self.add_view(indices.astype(_DTYPES[component]).tobytes())
        value_view = self.add_view(stored.tobytes())
        # The bounds include the zeros of the other elements.
        spread = stored if len(indices) == count else np.vstack((stored, np.zeros((1, 3), "<f4")))
        sparse = {
            "count": len(indices),
            "indices": {"bufferView": index_view, "componentType": component},
            "values": {"bufferView": value_view},
        }
        return self._append(accessor | _bounds(spread) | {"sparse": sparse})

    def add_target(self, target: MorphTarget, count: int) -> Json:
        """Append a morph target of a primitive of `count` vertices and return its attributes."""
        order = np.argsort(target.indices, kind="stable")
        indices = target.indices[order]
        attributes = {"POSITION": self.add_sparse(indices, target.position[order], count)}
        if target.normal is not None:
            attributes["NORMAL"] = self.add_sparse(indices, target.normal[order], count)
        if target.tangent is not None:
            attributes["TANGENT"] = self.add_sparse(indices, target.tangent[order], count)
        return attributes

    def _append(self, accessor: Json) -> int:
        self.accessors.append(accessor)
        return len(self.accessors) - 1


def _accessor(component: int, count: int, kind: str) -> Json:
    return {"componentType": component, "count": count, "type": kind}


def _bounds(values: npt.NDArray[np.float32]) -> Json:
    return {"min": values.min(axis=0).tolist(), "max": values.max(axis=0).tolist()}


def _index_type(vertex_count: int) -> int:
    # The largest value of each type is reserved for primitive restart (glTF 2.0, 3.7.2.1).
    return UNSIGNED_SHORT if vertex_count < 0xFFFF else UNSIGNED_INT
