"""Check the bounds, alignment and declared contents of buffers, buffer views and accessors.

Source: glTF 2.0 specification, 3.6 (binary data storage).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import Json, children, number, place, text, vector
from avatars.errors import AvatarError
from avatars.gltf.accessors import Accessors, Numbers
from avatars.gltf.buffers import Buffers

_SIZES: Final = {5120: 1, 5121: 1, 5122: 2, 5123: 2, 5125: 4, 5126: 4}
_WIDTHS: Final = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_FLOAT: Final = 5126


def open_accessors(document: Document) -> Accessors | None:
    """Return the file's accessors, ready to decode; None, with a finding, if that is impossible."""
    try:
        return Accessors(document.container.root, Buffers(document.container))
    except AvatarError as error:
        document.add(error)
        return None


def check_buffers(document: Document, accessors: Accessors | None) -> None:
    """Report what is wrong with the file's binary data."""
    views = children(document.root, "bufferViews")
    buffers = children(document.root, "buffers")
    for i, view in enumerate(views):
        _check_view(document, f"/bufferViews/{i}", view, buffers)
    binary = document.container.binary
    if binary is not None and buffers and "uri" not in buffers[0]:
        spare = len(binary) - int(number(buffers[0], "byteLength", 0.0))
        if spare > 3:
            document.report.warning(
                "/buffers/0/byteLength", f"leaves {spare} bytes of the file unused", "cut them off"
            )
    for i, accessor in enumerate(document.accessors):
        _check_layout(document, f"/accessors/{i}", accessor, views)
        # An accessor without data is all zeros or filled by a decoder.
        if accessors is not None and {"bufferView", "sparse"} & accessor.keys():
            _check_values(document, i, accessor, accessors)


def _check_view(document: Document, pointer: str, view: Json, buffers: list[Json]) -> None:
    buffer = place(view, "buffer", len(buffers))
    stride = number(view, "byteStride", 4.0)
    if stride % 4:
        document.report.error(
            under(pointer, "byteStride"), f"is {stride:g}", "use a multiple of 4 bytes"
        )
    if buffer is None:
        return
    end = number(view, "byteOffset", 0.0) + number(view, "byteLength", 0.0)
    length = number(buffers[buffer], "byteLength", 0.0)
    if end > length:
        document.report.error(
            under(pointer, "byteLength"), f"ends at {end:g} of {length:g} bytes", "mend its length"
        )


def _check_layout(document: Document, pointer: str, accessor: Json, views: list[Json]) -> None:
    report = document.report
    component = int(number(accessor, "componentType", 0.0))
    size, width = _SIZES.get(component), _WIDTHS.get(text(accessor, "type"))
    if size is None or width is None:
        return
    if accessor.get("normalized") is True and component in (5125, _FLOAT):
        report.error(
            under(pointer, "normalized"), "is set on a type that cannot be", "use bytes or shorts"
        )
    for key in ("min", "max"):
        bounds = accessor.get(key)
        if isinstance(bounds, list) and len(bounds) != width:
            report.error(
                under(pointer, key), f"has {len(bounds)} numbers for {width} components", "mend it"
            )
    view = place(accessor, "bufferView", len(views))
    if view is None:
        if "byteOffset" in accessor:
            report.error(under(pointer, "byteOffset"), "has no buffer view", "leave it out")
        return
    start = number(accessor, "byteOffset", 0.0)
    if start % size or (start + number(views[view], "byteOffset", 0.0)) % size:
        report.error(
            under(pointer, "byteOffset"), f"is no multiple of its {size} bytes", "align the data"
        )


def _check_values(document: Document, index: int, accessor: Json, accessors: Accessors) -> None:
    report, pointer = document.report, f"/accessors/{index}"
    try:
        raw = accessors.raw(index)
    except AvatarError as error:
        document.add(error)
        return
    if raw.dtype.kind == "f" and not bool(np.isfinite(raw).all()):
        report.error(pointer, "holds numbers that are infinite or undefined", "mend its numbers")
        return
    for key, found in (("min", raw.min(axis=0)), ("max", raw.max(axis=0))):
        said = vector(accessor, key, raw.shape[1])
        if said is not None and not _same(said, found):
            report.error(
                under(pointer, key), "differs from what the data hold", "write the data's bounds"
            )
    if "sparse" in accessor:
        _check_order(document, pointer, accessors, index)


def _same(said: tuple[float, ...], found: Numbers) -> bool:
    # JSON may have fewer digits than a float32.
    return bool(np.allclose(said, found.astype(np.float64), rtol=1e-6, atol=1e-7))


def _check_order(document: Document, pointer: str, accessors: Accessors, index: int) -> None:
    places: npt.NDArray[np.int64] = accessors.sparse_places(index)
    if len(places) > 1 and bool((np.diff(places) <= 0).any()):
        document.report.error(
            under(pointer, "sparse", "indices"), "do not ascend strictly", "sort them"
        )
