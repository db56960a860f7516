"""Decode accessors of any component type, interleaved, normalised or sparse.

Source: glTF 2.0 specification, 3.6.2 (accessors), 3.6.2.3 (sparse), 3.11 (normalised integers).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from avatars.gltf.buffers import Buffers
from avatars.gltf.fields import Fields

F32 = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.integer] | npt.NDArray[np.floating]

MAX_COUNT = 1 << 22
"""Maximum number of elements of one accessor; the heaviest avatars stay below a million."""

_DTYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_MATRIX_ROWS = {"MAT2": 2, "MAT3": 3, "MAT4": 4}
_LARGEST_INTEGER = {"|i1": 127.0, "|u1": 255.0, "<i2": 32767.0, "<u2": 65535.0, "<u4": 2.0**32 - 1}
_LARGEST = 1e6
"""Maximum magnitude of a value, in metres or an attribute's own unit; more means damaged data."""


class Accessors:
    """Decodes the accessors of one file, each once."""

    def __init__(self, root: Fields, buffers: Buffers) -> None:
        self._fields = root.children("accessors")
        self._buffers = buffers
        self._cache: dict[int, Numbers] = {}
        # Check all sizes first, so that an oversized file is rejected before any decoding.
        for fields in self._fields:
            width = _WIDTHS[fields.choice("type", tuple(_WIDTHS), "")]
            buffers.spend_geometry(_count(fields) * width * 4)

    def __len__(self) -> int:
        return len(self._fields)

    def floats(self, index: int, types: Sequence[str]) -> F32:
        """Return an accessor as (count, width) float32, every value finite.

        Raises:
            AvatarError: it is out of bounds, its type is not in `types`, or a value is not finite.
        """
        fields = self._fields[index]
        raw = self._read(index, types)
        values = _normalise(raw) if fields.flag("normalized") else raw.astype(np.float32)
        # The minimum of an array with NaN is NaN, and comparisons with NaN are false.
        if not (values.min() >= -_LARGEST and values.max() <= _LARGEST):
            fields.fail("bufferView", "holds numbers that are infinite, undefined or absurd")
        return values

    def integers(self, index: int, types: Sequence[str]) -> npt.NDArray[np.uint32]:
        """Return an accessor of unsigned integers as (count, width) uint32."""
        raw = self._read(index, types)
        if raw.dtype.kind != "u":
            self._fields[index].fail("componentType", "is not an unsigned whole number")
        return raw.astype(np.uint32)

    def count(self, index: int) -> int:
        """Return an accessor's number of elements."""
        return _count(self._fields[index])

    def is_stored(self, index: int) -> bool:
        """Return whether an accessor has its own data in a buffer."""
        return self._fields[index].has("bufferView")

    def supply(self, index: int, numbers: Numbers) -> None:
        """Set an accessor's numbers (count, width) to those from a decoder.

        Raises:
            AvatarError: their shape is not the accessor's.
        """
        fields = self._fields[index]
        shape = (_count(fields), _WIDTHS[fields.choice("type", tuple(_WIDTHS), "")])
        if numbers.shape != shape:
            fields.fail("count", f"says {shape}, where {numbers.shape} are packed")
        self._cache[index] = numbers.astype(_component(fields))

    def raw(self, index: int) -> Numbers:
        """Return an accessor's numbers (count, width) in their stored type.

        Raises:
            AvatarError: it is out of bounds, or its type is not one of glTF's.
        """
        return self._read(index, tuple(_WIDTHS))

    def sparse_places(self, index: int) -> npt.NDArray[np.int64]:
        """Return the indices (k,) of the elements that an accessor's sparse part replaces.

        Returns:
            The indices; empty where the accessor is not sparse.

        Raises:
            AvatarError: they are out of bounds.
        """
        fields = self._fields[index]
        if not fields.has("sparse"):
            return np.zeros(0, np.int64)
        return self._places(fields.child("sparse"), _count(fields))

    def _read(self, index: int, types: Sequence[str]) -> Numbers:
        fields = self._fields[index]
        kind = fields.choice("type", types, "")
        if index not in self._cache:
            self._cache[index] = self._decode(fields, kind)
        return self._cache[index]

    def _decode(self, fields: Fields, kind: str) -> Numbers:
        count = _count(fields)
        dtype, width = _component(fields), _WIDTHS[kind]
        if (_MATRIX_ROWS.get(kind, 4) * dtype.itemsize) % 4:
            fields.fail("componentType", "makes matrix columns that need padding", "use floats")
        if fields.has("bufferView"):
            view = fields.index("bufferView", self._buffers.view_count, "buffer views")
            values = self._view_strided(fields, view, count, width, dtype)
        else:
            values = np.zeros((count, width), dtype)
        if fields.has("sparse"):
            values = values.copy()
            self._scatter(fields.child("sparse"), values)
        return values

    def _view_strided(
        self, fields: Fields, view: int, count: int, width: int, dtype: np.dtype[np.generic]
    ) -> Numbers:
        data, stride = self._buffers.view(view)
        start, element = fields.integer("byteOffset", 0), width * dtype.itemsize
        stride = stride or element
        if stride < element:
            fields.fail("bufferView", f"steps by {stride} bytes over elements of {element}")
        if start + (count - 1) * stride + element > len(data):
            fields.fail("count", f"says {count}, more than its buffer view holds")
        return np.ndarray(
            (count, width), dtype, buffer=data, offset=start, strides=(stride, dtype.itemsize)
        )

    def _scatter(self, sparse: Fields, values: Numbers) -> None:
        where, news = self._places(sparse, len(values)), sparse.child("values")
        view = news.index("bufferView", self._buffers.view_count, "buffer views")
        values[where] = self._view_strided(news, view, len(where), values.shape[1], values.dtype)

    def _places(self, sparse: Fields, length: int) -> npt.NDArray[np.int64]:
        count = sparse.integer("count", low=1, high=length)
        places = sparse.child("indices")
        dtype = _component(places)
        if dtype.kind != "u":
            places.fail("componentType", "is not an unsigned whole number")
        view = places.index("bufferView", self._buffers.view_count, "buffer views")
        where = self._view_strided(places, view, count, 1, dtype)[:, 0].astype(np.int64)
        if where.max() >= length:
            places.fail("bufferView", f"points past the accessor's {length} elements")
        return where


def _count(fields: Fields) -> int:
    return fields.integer("count", low=1, high=MAX_COUNT)


def _component(fields: Fields) -> np.dtype[np.generic]:
    code = fields.integer("componentType")
    if code not in _DTYPES:
        fields.fail("componentType", f"is {code}, which glTF does not know")
    return np.dtype(_DTYPES[code])


def _normalise(raw: Numbers) -> F32:
    values = raw.astype(np.float32)
    largest = _LARGEST_INTEGER.get(raw.dtype.str)
    if largest is not None:
        values /= largest
        np.maximum(values, np.float32(-1.0), out=values)
    return values
