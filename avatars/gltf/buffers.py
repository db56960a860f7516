"""Read buffer views from the GLB's binary chunk, data URIs and files in the same folder."""

from __future__ import annotations

import base64
import urllib.parse
from typing import NoReturn

from avatars.errors import AvatarError
from avatars.gltf.container import MAX_FILE_BYTES, Container
from avatars.gltf.fields import Fields
from avatars.gltf.meshopt import EXTENSIONS, compute_unpacked_size, packing, unpack
from avatars.gltf.packages import MESHOPT, is_installed

MAX_GEOMETRY_BYTES = 256 << 20
"""Bytes that a file's decoded vertices may take beyond twice its binary chunk: a guard against
small files that would expand to exhaust the memory."""
MAX_PICTURE_BYTES = 1 << 30
"""Bytes that a file's decoded images may take, for the same reason. Sixty 2048² textures fit."""


class Buffers:
    """Gives access to one file's buffers and buffer views, with bounds checks.

    Args:
        container: the opened file.
    """

    def __init__(self, container: Container) -> None:
        self._container = container
        self._buffers: dict[int, memoryview] = {}
        self._unpacked: dict[int, memoryview] = {}
        self._buffer_fields = container.root.children("buffers")
        self._view_fields = container.root.children("bufferViews")
        self._geometry_most = MAX_GEOMETRY_BYTES + 2 * len(container.binary or b"")
        self._geometry_left = self._geometry_most
        self._pictures_left = MAX_PICTURE_BYTES

    @property
    def view_count(self) -> int:
        """The number of buffer views."""
        return len(self._view_fields)

    def spend_geometry(self, count: int) -> None:
        """Subtract `count` bytes from the file's memory budget for vertices.

        Raises:
            AvatarError: the budget is exceeded.
        """
        self._geometry_left -= count
        if self._geometry_left < 0:
            self._reject_size("vertices", self._geometry_most)

    def spend_pictures(self, count: int) -> None:
        """Subtract `count` bytes from the file's memory budget for images.

        Raises:
            AvatarError: the budget is exceeded.
        """
        self._pictures_left -= count
        if self._pictures_left < 0:
            self._reject_size("textures", MAX_PICTURE_BYTES)

    def _reject_size(self, what: str, limit: int) -> NoReturn:
        raise AvatarError(
            self._container.path.name,
            f"holds {what} of more than {limit >> 20} MiB",
            f"reduce its {what}",
        )

    def view(self, index: int) -> tuple[memoryview, int]:
        """Return a buffer view's bytes and its byteStride (0 where it has none)."""
        fields = self._view_fields[index]
        stride = fields.integer("byteStride", 0)
        packed = packing(fields)
        if packed is None or self._is_plain_enough(fields):
            return self._slice(fields), stride
        if index not in self._unpacked:
            size = compute_unpacked_size(packed)
            self.spend_geometry(size)
            if size != fields.integer("byteLength"):
                fields.fail("byteLength", f"is not the {size} bytes that are packed in it")
            self._unpacked[index] = unpack(packed, self._slice(packed))
        return self._unpacked[index], stride

    def _is_plain_enough(self, view: Fields) -> bool:
        """Return whether to read a packed view's plain copy: no decoder, and a copy exists."""
        if is_installed(MESHOPT):
            return False
        buffer = self._buffer_fields[view.index("buffer", len(self._buffer_fields), "buffers")]
        return all(buffer.extension(name) is None for name in EXTENSIONS)

    def _slice(self, fields: Fields) -> memoryview:
        buffer = self._buffer(fields.index("buffer", len(self._buffer_fields), "buffers"))
        start = fields.integer("byteOffset", 0)
        length = fields.integer("byteLength")
        if start + length > len(buffer):
            fields.fail("byteLength", f"reaches past the buffer's {len(buffer)} bytes")
        return buffer[start : start + length]

    def is_file_missing(self, fields: Fields, key: str) -> bool:
        """Return whether a `uri` names a missing file in the avatar's own folder."""
        uri = fields.text(key)
        folder = self._container.path.resolve().parent
        if not uri or uri.startswith("data:"):
            return False
        try:
            file = (folder / urllib.parse.unquote(uri)).resolve()
            return file.is_relative_to(folder) and not file.exists()
        except (OSError, ValueError):  # The name is too long or contains a null character.
            return False

    def resource(self, fields: Fields, key: str) -> memoryview:
        """Return the bytes at a `uri`.

        Raises:
            AvatarError: it is damaged, missing, or outside the file's own folder.
        """
        uri = fields.text(key)
        if uri.startswith("data:"):
            head, comma, body = uri.partition(",")
            if not comma or not head.endswith(";base64"):
                fields.fail(key, "is a data URI without base64")
            try:
                return memoryview(base64.b64decode(body, validate=True))
            except ValueError as error:
                raise AvatarError(
                    f"{fields.thing}, {fields.where(key)}", "is damaged base64", "export it again"
                ) from error
        return self._beside(fields, key, uri)

    def _beside(self, fields: Fields, key: str, uri: str) -> memoryview:
        name = urllib.parse.unquote(uri)
        folder = self._container.path.resolve().parent
        try:
            file = (folder / name).resolve()
            if not uri or ":" in name or "\\" in name or not file.is_relative_to(folder):
                fields.fail(key, "leads out of the file's own folder", "keep its files together")
            if not file.is_file():
                fields.fail(key, f"names {name[:60]!r}, which is not there", "copy it as well")
            if file.stat().st_size > MAX_FILE_BYTES:
                fields.fail(key, f"names {name[:60]!r}, which is too big", "reduce it")
            return memoryview(file.read_bytes())
        except (OSError, ValueError) as error:
            raise AvatarError(
                f"{fields.thing}, {fields.where(key)}", "cannot be read", "copy its files again"
            ) from error

    def _buffer(self, index: int) -> memoryview:
        if index not in self._buffers:
            fields = self._buffer_fields[index]
            length = fields.integer("byteLength")
            if fields.has("uri"):
                data = self.resource(fields, "uri")
            elif index == 0 and self._container.binary is not None:
                data = self._container.binary
            else:
                fields.fail("uri", "is missing, and the file has no binary chunk for it")
            if len(data) < length:
                fields.fail("byteLength", f"says {length}, but {len(data)} bytes are there")
            self._buffers[index] = data[:length]
        return self._buffers[index]
