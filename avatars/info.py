"""Summarise an avatar as plain text."""

from __future__ import annotations

from avatars.model import Avatar
from avatars.names import ARKIT, HUMAN_BONES, PRESETS

_MEBIBYTE = 1 << 20


def summarise(avatar: Avatar) -> str:
    """Return name, authors, size and licence terms, one per line."""
    meta = avatar.meta
    parts = [part for mesh in avatar.meshes for part in mesh.primitives]
    triangles = sum(len(part.triangles) for part in parts)
    vertices = sum(len(part.position) for part in parts)
    # Textures may share one image; count its memory once.
    pictures = {id(texture.pixels): texture.pixels.nbytes for texture in avatar.textures}
    names = {expression.name for expression in avatar.expressions}
    lines = [
        f"{meta.name or avatar.path.stem} {meta.version}".rstrip(),
        f"  by {', '.join(meta.authors) or 'an unnamed author'}, VRM {meta.vrm_version}",
        f"  {triangles:,} triangles, {vertices:,} vertices, {len(avatar.materials)} materials",
        f"  {len(avatar.bones)} of {len(HUMAN_BONES)} human bones, "
        f"{len(avatar.nodes.parents)} nodes",
        f"  {len(names)} expressions: {len(names.intersection(PRESETS))} presets, "
        f"{len(names.intersection(ARKIT))} of ARKit's {len(ARKIT)}; "
        f"{avatar.channel_count} shapes",
        f"  {len(avatar.textures)} textures, {sum(pictures.values()) / _MEBIBYTE:.1f} MB",
        f"  may be performed by: {meta.avatar_permission}; "
        f"commercial use: {meta.commercial_usage}; credit: {meta.credit}",
    ]
    lines += [f"  {term}: {value}" for term, value in meta.licence_terms.items()]
    lines += [f"  tolerated: {warning}" for warning in avatar.warnings]
    return "\n".join(lines)
