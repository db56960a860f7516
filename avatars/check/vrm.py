"""Check VRM 1.0's meta, expressions, look-at and first person beyond types and ranges.

Sources: VRMC_vrm-1.0 meta.md, expressions.md, lookAt.md, firstPerson.md.
"""

from __future__ import annotations

from typing import Final

from avatars.check.document import Document
from avatars.check.findings import under
from avatars.check.humanoid import Bones
from avatars.check.loose import Json, child, children, list_named, number, place, text
from avatars.names import PRESETS

_SQUARE: Final = "save it square, best of 1024 × 1024 pixels"
_PROCEDURAL: Final = {
    "overrideMouth": ("aa", "ih", "ou", "ee", "oh"),
    "overrideBlink": ("blink", "blinkLeft", "blinkRight"),
    "overrideLookAt": ("lookUp", "lookDown", "lookLeft", "lookRight"),
}
_PRESETS: Final = frozenset(PRESETS)


def check_meta(document: Document, sizes: dict[int, tuple[int, int]]) -> None:
    """Report what is wrong with the file's metadata.

    Args:
        document: the file.
        sizes: width and height of its images, pixels, by index.
    """
    pointer = "/extensions/VRMC_vrm/meta"
    meta = child(document.extension("VRMC_vrm"), "meta")
    for i, author in enumerate(authors if isinstance(authors := meta.get("authors"), list) else ()):
        if author == "":
            document.report.error(under(pointer, "authors", i), "is empty", "name the author")
    if meta.get("name") == "":
        document.report.warning(under(pointer, "name"), "is empty", "name the avatar")
    images = children(document.root, "images")
    thumbnail = place(meta, "thumbnailImage", len(images))
    if thumbnail is None:
        return
    width, height = sizes.get(thumbnail, (1, 1))
    where = under(pointer, "thumbnailImage")
    if width != height:
        document.report.error(where, f"is {width} × {height} pixels", _SQUARE)
    if text(images[thumbnail], "mimeType") == "image/webp":
        document.report.error(where, "is WebP", "save it as PNG or JPEG")


def check_expressions(document: Document) -> None:
    """Report what is wrong with expressions."""
    expressions = child(document.extension("VRMC_vrm"), "expressions")
    for group in ("preset", "custom"):
        for name, own in list_named(expressions, group).items():
            pointer = under("/extensions/VRMC_vrm/expressions", group, name)
            if group == "custom" and name in _PRESETS:
                document.report.error(pointer, "bears a preset's name", "move it or rename it")
            _check_binds(document, pointer, own)
            for override, members in _PROCEDURAL.items():
                if name in members and own.get(override, "none") != "none":
                    document.report.warning(
                        under(pointer, override),
                        "is of its own kind, so nothing happens",
                        "drop it",
                    )


def _check_binds(document: Document, pointer: str, expression: Json) -> None:
    seen: set[tuple[object, ...]] = set()
    for i, bind in enumerate(children(expression, "morphTargetBinds")):
        where = under(pointer, "morphTargetBinds", i)
        node = place(bind, "node", len(document.nodes))
        if node is None:
            continue
        mesh = place(document.nodes[node], "mesh", len(document.meshes))
        if mesh is None:
            document.report.warning(under(where, "node"), "has no mesh", "name a node with a mesh")
            continue
        parts = children(document.meshes[mesh], "primitives")
        count = len(children(parts[0], "targets")) if parts else 0
        index = number(bind, "index", 0.0)
        if not 0 <= index < count:
            document.report.warning(
                under(where, "index"), f"asks for number {index:g} of {count} shapes", "mend it"
            )
        if (mesh, index) in seen:
            document.report.warning(where, "binds a shape a second time", "keep one of the two")
        seen.add((mesh, index))
    for i, bind in enumerate(children(expression, "materialColorBinds")):
        key = (bind.get("material"), text(bind, "type"))
        if isinstance(key[0], int) and key in seen:
            where = under(pointer, "materialColorBinds", i)
            document.report.warning(where, "binds a colour a second time", "keep one of the two")
        seen.add(key if isinstance(key[0], int) else ())


def check_look_at(document: Document, bones: Bones) -> None:
    """Report a look-at without eye bones or expressions to move."""
    vrm = document.extension("VRMC_vrm")
    look, pointer = child(vrm, "lookAt"), "/extensions/VRMC_vrm/lookAt"
    if not look:
        return
    kind = text(look, "type", "bone")
    if kind == "bone" and not {"leftEye", "rightEye"} <= bones.keys():
        document.report.warning(
            under(pointer, "type"), "turns eye bones, which are not assigned", "assign both eyes"
        )
    if kind == "expression":
        presets = list_named(child(vrm, "expressions"), "preset")
        lacking = [name for name in _PROCEDURAL["overrideLookAt"] if name not in presets]
        if lacking:
            document.report.warning(
                under(pointer, "type"),
                f"asks for the expressions {', '.join(lacking)}, which are not there",
                "make them or turn eye bones",
            )
    for name, span in list_named(vrm, "lookAt").items():
        if "inputMaxValue" in span and number(span, "inputMaxValue", 90.0) == 0.0:
            document.report.warning(
                under(pointer, name, "inputMaxValue"), "is 0: any look goes all the way", "raise it"
            )


def check_first_person(document: Document) -> None:
    """Report first-person annotations of nodes without a mesh, and duplicate ones."""
    annotations = children(child(document.extension("VRMC_vrm"), "firstPerson"), "meshAnnotations")
    seen: set[int] = set()
    for i, annotation in enumerate(annotations):
        pointer = f"/extensions/VRMC_vrm/firstPerson/meshAnnotations/{i}/node"
        node = place(annotation, "node", len(document.nodes))
        if node is None:
            continue
        if place(document.nodes[node], "mesh", len(document.meshes)) is None:
            document.report.warning(pointer, "has no mesh", "name a node with a mesh")
        if node in seen:
            document.report.error(pointer, "is annotated a second time", "keep one of the two")
        seen.add(node)
