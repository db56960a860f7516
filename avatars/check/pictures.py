"""Check images, textures and materials.

Sources: glTF 2.0 specification, 3.8 and 3.9; VRMC_materials_mtoon-1.0.
"""

from __future__ import annotations

from typing import Final

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.loose import Json, child, children, number, place, text
from avatars.errors import AvatarError
from avatars.gltf.buffers import Buffers
from avatars.gltf.images import picture_size
from avatars.gltf.textures import MAX_TEXTURES

_SIGNATURES: Final = {
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8\xff",
    "image/webp": b"RIFF",
}


def check_images(document: Document) -> dict[int, tuple[int, int]]:
    """Report what is wrong with images and textures.

    Returns:
        Width and height, pixels, by index, of the images that can be read.
    """
    sizes: dict[int, tuple[int, int]] = {}
    try:
        buffers = Buffers(document.container)
        fields = document.container.root.children("images")
    except AvatarError as error:
        document.add(error)
        return sizes
    if len(fields) > MAX_TEXTURES:
        document.report.error("/images", f"are more than {MAX_TEXTURES}", "merge some")
        return sizes
    for i, image in enumerate(children(document.root, "images")):
        pointer = f"/images/{i}"
        if "uri" in image and "bufferView" in image:
            document.report.error(pointer, "has both a uri and a bufferView", "keep one")
            continue
        if "uri" not in image and "bufferView" not in image:
            document.report.warning(pointer, "has neither a uri nor a bufferView", "give it one")
            continue
        if "bufferView" in image and "mimeType" not in image:
            document.report.error(under(pointer, "mimeType"), "is missing", "say what it is")
        try:
            if "uri" in image:
                if buffers.is_file_missing(fields[i], "uri"):
                    where = under(pointer, "uri")
                    document.report.warning(where, "names a file that is not there", "copy it too")
                    continue
                data = buffers.resource(fields[i], "uri")
            else:
                view = place(image, "bufferView", buffers.view_count)
                if view is None:  # The walk over the schema has reported it.
                    continue
                data, _ = buffers.view(view)
            sizes[i] = picture_size(f"{fields[i].thing}, {fields[i].path}", data)
        except AvatarError as error:
            document.add(error)
            continue
        said = text(image, "mimeType")
        if said in _SIGNATURES and bytes(data[:4])[: len(_SIGNATURES[said])] != _SIGNATURES[said]:
            document.report.error(
                under(pointer, "mimeType"), f"says {said}, which it is not", "say what it is"
            )
    _check_textures(document)
    return sizes


def _check_textures(document: Document) -> None:
    images = children(document.root, "images")
    for i, texture in enumerate(children(document.root, "textures")):
        pointer = f"/textures/{i}"
        webp = child(texture, "extensions", "EXT_texture_webp")
        if "source" not in texture and not webp:
            document.report.warning(pointer, "has no picture", "give it a source")
        plain = place(texture, "source", len(images))
        if plain is not None and text(images[plain], "mimeType") == "image/webp":
            document.report.error(
                under(pointer, "source"),
                "is WebP without saying so",
                "name it in EXT_texture_webp, or save it as PNG",
            )


def check_materials(document: Document) -> None:
    """Report what is wrong with materials beyond the types and ranges of their fields."""
    for i, material in enumerate(document.materials):
        pointer = f"/materials/{i}"
        mode = text(material, "alphaMode", "OPAQUE")
        if "alphaCutoff" in material and mode != "MASK":
            document.report.warning(
                under(pointer, "alphaCutoff"),
                f"has no meaning where alphaMode is {mode}",
                "drop it",
            )
        if child(material, "extensions").get("VRMC_materials_mtoon"):
            toon = child(material, "extensions", "VRMC_materials_mtoon")
            _check_mtoon(document, under(pointer, "extensions", "VRMC_materials_mtoon"), mode, toon)


def _check_mtoon(document: Document, pointer: str, mode: str, toon: Json) -> None:
    z_write = toon.get("transparentWithZWrite") is True
    if z_write and mode != "BLEND":
        document.report.warning(
            under(pointer, "transparentWithZWrite"), "needs alphaMode BLEND", "set one of the two"
        )
    low, high = (0, 0) if mode != "BLEND" else (0, 9) if z_write else (-9, 0)
    offset = number(toon, "renderQueueOffsetNumber", 0.0)
    if not low <= offset <= high:
        document.report.error(
            under(pointer, "renderQueueOffsetNumber"),
            f"is {offset:g} in a material of this kind",
            f"use {low} to {high}",
        )
