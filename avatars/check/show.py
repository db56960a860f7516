"""Check an avatar against a show's requirements."""

from __future__ import annotations

import math
from typing import Final

import numpy as np

from avatars.check.findings import Report
from avatars.extent import bounding_box
from avatars.model import Avatar
from avatars.names import ARKIT, PRESETS
from avatars.rest import F64, rest_world

MAX_TRIANGLES: Final = 50_000
MAX_TEXTURE_BYTES: Final = 32 << 20
_MIPMAPS: Final = 4.0 / 3.0
"""Memory of a texture with all its mipmaps relative to the base level: 1 + 1/4 + 1/16 + …"""
_FLOOR: Final = 0.01
"""Maximum distance of the soles from the floor, up or down, metres."""
_ASKEW: Final = math.radians(30.0)
_SLANTED: Final = math.radians(20.0)
_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")
_EXPECTED: Final = tuple(name for name in PRESETS if name != "neutral")
_LOOKS: Final = ("lookUp", "lookDown", "lookLeft", "lookRight")
_HEIGHTS: Final = (0.4, 2.6)


def check_show(avatar: Avatar, report: Report) -> None:
    """Report a show's requirements that the avatar, as read, does not meet."""
    _check_face(avatar, report)
    _check_body(avatar, report)
    if not avatar.springs.chains:
        report.require("", "has no spring bones, so hair and cloth hang stiff", "add spring bones")
    _check_budget(avatar, report)


def _check_face(avatar: Avatar, report: Report) -> None:
    names = {e.name for e in avatar.expressions if len(e.channels) or e.color_binds or e.uv_binds}
    by_bone = {"leftEye", "rightEye"} <= avatar.bones.keys()
    lacking = [n for n in _EXPECTED if n not in names and not (by_bone and n in _LOOKS)]
    if lacking:
        report.require("", f"lacks the expressions {', '.join(lacking)}", "make them in its editor")
    shapes = [name for name in ARKIT if name not in names]
    if len(shapes) == len(ARKIT):
        report.require(
            "",
            "has none of ARKit's 52 shapes, so its face follows by a dozen presets",
            "add the shapes known as Perfect Sync",
        )
    elif shapes:
        report.require("", f"lacks the shapes {', '.join(shapes)} of ARKit's 52", "add them")
    if avatar.look_at is None or (avatar.look_at.kind == "bone" and not by_bone):
        report.require("", "cannot look anywhere", "assign eye bones and a look-at")


def _check_body(avatar: Avatar, report: Report) -> None:
    fingers = [
        f"{side} {finger.lower()}"
        for side in ("left", "right")
        for finger in _FINGERS
        if not any(bone.startswith(f"{side}{finger}") for bone in avatar.bones)
    ]
    if fingers:
        report.require("", f"has no bones for the {', '.join(fingers)}", "assign the finger bones")
    places = {bone: rest_world(avatar.nodes)[node, :3, 3] for bone, node in avatar.bones.items()}
    for side, outward in (("left", 1.0), ("right", -1.0)):
        _check_direction(
            report,
            f"{side} arm",
            places[f"{side}Hand"] - places[f"{side}UpperArm"],
            np.array([outward, 0.0, 0.0]),
            _SLANTED,
            "stand it in a T-pose",
        )
        if f"{side}Toes" in places:
            along = (places[f"{side}Toes"] - places[f"{side}Foot"]) * [1.0, 0.0, 1.0]
            _check_direction(
                report,
                f"{side} toes",
                along,
                np.array([0.0, 0.0, 1.0]),
                _ASKEW,
                "turn the feet straight ahead",
            )
    sole, top = (float(corner[1]) for corner in bounding_box(avatar, rest_world(avatar.nodes)))
    if abs(sole) > _FLOOR:
        where = "above" if sole > 0.0 else "below"
        report.require(
            "", f"stands {abs(sole) * 100:.1f} cm {where} the floor", "put its soles on y = 0"
        )
    height = top - sole
    if not _HEIGHTS[0] <= height <= _HEIGHTS[1]:
        report.require("", f"is {height:.2f} m tall", "scale it to a person's height")


def _check_direction(
    report: Report,
    what: str,
    along: F64,
    wanted: F64,
    most: float,
    remedy: str,
) -> None:
    length = float(np.linalg.norm(along))
    if length < 1e-6:
        return
    angle = math.acos(min(1.0, max(-1.0, float(along @ wanted) / length)))
    if angle > most:
        report.require("", f"rests with its {what} {math.degrees(angle):.0f}° askew", remedy)


def _check_budget(avatar: Avatar, report: Report) -> None:
    triangles = sum(
        len(part.triangles)
        for instance in avatar.instances
        for part in avatar.meshes[instance.mesh].primitives
    )
    if triangles > MAX_TRIANGLES:
        report.require("", f"draws {triangles:,} triangles", f"reduce it to {MAX_TRIANGLES:,}")
    # Textures may share one image; count its memory once.
    pictures = {id(texture.pixels): texture.pixels.nbytes for texture in avatar.textures}
    size = sum(pictures.values()) * _MIPMAPS
    if size > MAX_TEXTURE_BYTES:
        report.require(
            "",
            f"takes {size / 2**20:.0f} MB of graphics memory for textures",
            f"scale them down to {MAX_TEXTURE_BYTES >> 20} MB together",
        )
