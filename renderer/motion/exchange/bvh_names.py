"""Which joint of a BVH file is which human bone, by the names that suits and archives use.

Known are CMU's and Daz's (`lShldr`, `LeftUpLeg`, `abdomen`), Mixamo's and MotionBuilder's
(`mixamorig:LeftArm`), mocopi's (`l_up_arm`, `torso_3`), BVHacker's (`LeftElbow`) and VRM's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from avatars.names import HUMAN_BONES, REQUIRED_BONES
from renderer.motion.exchange.bvh_text import Joint

_VRM: Final = {bone.lower(): bone for bone in HUMAN_BONES}
_SPINE: Final = ("spine", "chest", "upperChest")

_CENTRE: Final = {
    "hips": ("hips", "hip", "pelvis", "root"),
    "neck": ("neck", "neck1"),
    "head": ("head",),
}
# The first name that a file has is the bone's; one joint is one bone.
_SIDED: Final = {
    "UpperArm": ("upperarm", "uparm", "arm", "shldr", "shoulder"),
    "Shoulder": ("collar", "clavicle", "shoulder"),
    "LowerArm": ("lowerarm", "lowarm", "forearm", "elbow"),
    "Hand": ("hand", "wrist"),
    "UpperLeg": ("upperleg", "upleg", "thigh", "hip"),
    "LowerLeg": ("lowerleg", "lowleg", "leg", "shin", "calf", "knee"),
    "Foot": ("foot", "ankle"),
    "Toes": ("toebase", "toes", "toe", "ball"),
    "Eye": ("eye",),
}
_FINGERS: Final = {
    "Thumb": ("thumb", ("Metacarpal", "Proximal", "Distal")),
    "Index": ("index", ("Proximal", "Intermediate", "Distal")),
    "Middle": ("mid(?:dle)?", ("Proximal", "Intermediate", "Distal")),
    "Ring": ("ring", ("Proximal", "Intermediate", "Distal")),
    "Little": ("(?:pinky|little)", ("Proximal", "Intermediate", "Distal")),
}
_SIDE: Final = re.compile(r"^(left(?=.)|right(?=.)|Left(?=.)|Right(?=.)|[lrLR](?=[_A-Z.\- ]))(.+)$")
_SIDE_LAST: Final = re.compile(r"^(.+?)[_.\- ](left|right|l|r)$", re.IGNORECASE)


def bones_of(joints: Sequence[Joint]) -> dict[str, int]:
    """Human bone to joint, for those that are found."""
    names = [joint.name.rsplit(":", 1)[-1] for joint in joints]
    own = {_VRM[name.lower()]: i for i, name in enumerate(names) if name.lower() in _VRM}
    if own.keys() >= REQUIRED_BONES:
        return own
    plain: dict[str, int] = {}
    sided: dict[tuple[str, str], int] = {}
    bones: dict[str, int] = {}
    for i, name in enumerate(names):
        side, part = _sided(name)
        if side:
            sided.setdefault((side, part), i)
        else:
            plain.setdefault(part, i)
    for bone, known in _CENTRE.items():
        _find(bones, bone, [plain.get(name) for name in known])
    for side in ("left", "right"):
        for bone, known in _SIDED.items():
            _find(bones, side + bone, [sided.get((side, name)) for name in known])
        for finger, (pattern, segments) in _FINGERS.items():
            for (of, part), i in sided.items():
                found = re.fullmatch(rf"(?:hand)?{pattern}(?:finger)?0?([1-3]?)", part)
                if of == side and found:
                    segment = segments[int(found[1] or 1) - 1]
                    bones.setdefault(f"{side}{finger}{segment}", i)
    _find_spine(bones, joints)
    return bones


def _sided(name: str) -> tuple[str, str]:
    """A name's side, empty in the middle, and the rest of it in lower case without separators."""
    side, rest = "", name
    if found := _SIDE.match(name):
        side, rest = found[1], found[2]
    elif found := _SIDE_LAST.match(name):
        side, rest = found[2], found[1]
    words = re.sub(r"[_.\- ]", "", rest).lower()
    return {"l": "left", "r": "right", "": ""}.get(side[:1].lower(), ""), words


def _find(bones: dict[str, int], bone: str, candidates: list[int | None]) -> None:
    """Give a bone the first candidate that is no other's."""
    taken = set(bones.values())
    free = (i for i in candidates if i is not None and i not in taken)
    if (first := next(free, None)) is not None:
        bones[bone] = first


def _find_spine(bones: dict[str, int], joints: Sequence[Joint]) -> None:
    """Spine, chest and upper chest: the joints between hips and neck, however many there are."""
    top = bones.get("neck", bones.get("head"))
    if top is None or "hips" not in bones:
        return
    chain = []
    at = joints[top].parent
    while at >= 0 and at != bones["hips"]:
        chain.append(at)
        at = joints[at].parent
    chain.reverse()
    taken = set(bones.values())
    chain = [i for i in chain if i not in taken]
    if len(chain) > len(_SPINE):
        chain = [chain[0], chain[len(chain) // 2], chain[-1]]
    bones.update(zip(_SPINE, chain, strict=False))
