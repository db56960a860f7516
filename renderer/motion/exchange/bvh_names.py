"""Maps joints of a BVH file to human bones by the names that suits, archives and editors use.

Known conventions: CMU and Daz (`lShldr`, `LeftUpLeg`, `abdomen`), Mixamo and MotionBuilder
(`mixamorig:LeftArm`), mocopi (`l_up_arm`, `torso_3`), BVHacker (`LeftElbow`), VRoid
(`J_Bip_L_UpperArm`), 3ds Max Biped (`Bip01 L Thigh`), Unreal (`thigh_l`), MikuMikuDance (`左腕`)
and VRM. Any prefix that most joints share is removed first (`Character1_`, `Armature|`, `Robot_`).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from avatars.names import HUMAN_BONES, REQUIRED_BONES
from renderer.motion.exchange.bvh_text import Joint

_VRM: Final = {bone.lower(): bone for bone in HUMAN_BONES}
_SPINE: Final = ("spine", "chest", "upperChest")

_ROOT_OF_PREFIX: Final = "(prefix)"
"""Stands for a joint whose whole name is the prefix, as Biped's root."""

_CENTRE: Final = {
    "hips": ("hips", "hip", "pelvis", "root", _ROOT_OF_PREFIX, "centre"),
    "neck": ("neck", "neck1", "neck01"),
    "head": ("head",),
}
# The first name that a file has is the bone's; each joint serves one bone.
_SIDED: Final = {
    "UpperArm": ("upperarm", "uparm", "arm", "shldr", "shldrbend", "shoulder"),
    "Shoulder": ("collar", "clavicle", "shoulder"),
    "LowerArm": ("lowerarm", "lowarm", "forearm", "forearmbend", "elbow"),
    "Hand": ("hand", "wrist"),
    "UpperLeg": ("upperleg", "upleg", "thigh", "thighbend", "hip"),
    "LowerLeg": ("lowerleg", "lowleg", "leg", "shin", "calf", "knee"),
    "Foot": ("foot", "ankle"),
    "Toes": ("toebase", "toes", "toe", "toe0", "ball"),
    "Eye": ("eye",),
}
_FINGERS: Final = {
    "Thumb": ("thumb", ("Metacarpal", "Proximal", "Distal")),
    "Index": ("index", ("Proximal", "Intermediate", "Distal")),
    "Middle": ("mid(?:dle)?", ("Proximal", "Intermediate", "Distal")),
    "Ring": ("ring", ("Proximal", "Intermediate", "Distal")),
    "Little": ("(?:pinky|little)", ("Proximal", "Intermediate", "Distal")),
}
_BIPED_FINGER: Final = re.compile(r"finger([0-4])([12]?)")
"""Biped counts fingers from the thumb and joints from the palm: Finger1, Finger11, Finger12."""

_SIDE: Final = re.compile(
    r"^((?i:left|right)(?=.)|[lrLR](?=[_A-Z.\- ])|[cCmM](?=[_.\- ]))[_.\- ]?(.+)$"
)
_SIDE_LAST: Final = re.compile(r"^(.+?)(?:[_.\- ](left|right|l|r)|(Left|Right))$", re.IGNORECASE)
_SIDES: Final = {"l": "left", "r": "right", "c": "", "m": ""}

_JAPANESE_SIDES: Final = {"左": "left", "右": "right"}
_JAPANESE: Final = {
    "腰": "hips", "グルーブ": "root", "センター": "centre", "首": "neck", "頭": "head",
    "肩": "shoulder", "腕": "arm", "ひじ": "elbow", "手首": "wrist",
    "足": "upleg", "ひざ": "knee", "足首": "ankle", "つま先": "toe", "目": "eye",
}  # fmt: skip
_JAPANESE_FINGERS: Final = {
    "親指": "thumb", "人指": "index", "人差指": "index", "人差し指": "index",
    "中指": "middle", "薬指": "ring", "小指": "little",
}  # fmt: skip
_JAPANESE_FINGER: Final = re.compile(rf"({'|'.join(_JAPANESE_FINGERS)})([0-3])")

_MIN_SHARED: Final = 10
"""Joints that must share a beginning for it to be a prefix; 15 bones are required."""
_MAX_LENGTH: Final = 128
"""Characters of a name that count: bounds the work on a hostile file."""

_MAX_PREFIXES: Final = 32
"""Prefixes that are tried: bounds the work on a hostile file."""
_BOUNDARY: Final = re.compile(r"[_.\- :|]+|(?<=[a-z0-9])(?=[A-Z])")


def match_bones(joints: Sequence[Joint]) -> dict[str, int]:
    """Map human bones to the indices of their joints; bones without a joint are left out.

    If the required bones are not found with full names, the shared prefix is removed that yields
    the most bones.
    """
    names = [unicodedata.normalize("NFKC", joint.name[:_MAX_LENGTH]).strip() for joint in joints]
    best = _match_names(joints, names)
    if best.keys() >= REQUIRED_BONES:
        return best
    for prefix in _find_prefixes(names):
        found = _match_names(joints, [_strip_prefix(name, prefix) for name in names])
        if _rank(found) > _rank(best):
            best = found
    return best


def _rank(bones: dict[str, int]) -> tuple[int, int]:
    """Return the number of required bones found, then of all bones found."""
    return len(REQUIRED_BONES & bones.keys()), len(bones)


def _find_prefixes(names: Sequence[str]) -> list[str]:
    """Return beginnings shared by many names that end at a word boundary, shortest first."""
    counts: Counter[str] = Counter()
    for name in names:
        ends = {found.end() for found in _BOUNDARY.finditer(name)} - {0, len(name)}
        counts.update(name[:end] for end in ends)
    common = [prefix for prefix, count in counts.most_common(_MAX_PREFIXES) if count >= _MIN_SHARED]
    return sorted(common, key=len)


def _strip_prefix(name: str, prefix: str) -> str:
    """Remove a prefix from a name; a name that is the prefix itself becomes _ROOT_OF_PREFIX."""
    if name.startswith(prefix) and len(name) > len(prefix):
        return name[len(prefix) :]
    return _ROOT_OF_PREFIX if name == prefix.rstrip("_.- :|") else name


def _match_names(joints: Sequence[Joint], full_names: Sequence[str]) -> dict[str, int]:
    """Map human bones to joints by names that may still have a namespace each."""
    names = [re.split(r"[:|]", name)[-1] for name in full_names]
    own = {_VRM[name.lower()]: i for i, name in enumerate(names) if name.lower() in _VRM}
    if own.keys() >= REQUIRED_BONES:
        return own
    plain: dict[str, int] = {}
    sided: dict[tuple[str, str], int] = {}
    bones: dict[str, int] = {}
    for i, name in enumerate(names):
        side, part = _split_side(name)
        if side:
            sided.setdefault((side, part), i)
        else:
            plain.setdefault(part, i)
    for bone, known in _CENTRE.items():
        _assign_bone(bones, bone, [plain.get(name) for name in known])
    for side in ("left", "right"):
        for bone, known in _SIDED.items():
            _assign_bone(bones, side + bone, [sided.get((side, name)) for name in known])
    for (side, part), i in sided.items():
        if bone := _finger_bone(part):
            bones.setdefault(side + bone, i)
    _assign_spine(bones, joints)
    return bones


def _finger_bone(part: str) -> str:
    """Return a finger's bone without its side; empty for other parts."""
    if found := _BIPED_FINGER.fullmatch(part):
        finger, segments = list(_FINGERS)[int(found[1])], list(_FINGERS.values())[int(found[1])][1]
        return finger + segments[int(found[2] or 0)]
    for finger, (pattern, segments) in _FINGERS.items():
        if found := re.fullmatch(rf"(?:hand)?{pattern}(?:finger)?0?([1-3]?)", part):
            return finger + segments[int(found[1] or 1) - 1]
    return ""


def _split_side(name: str) -> tuple[str, str]:
    """Split a name into its side (empty for central ones) and the bare lower-case rest."""
    if name[:1] in _JAPANESE_SIDES:
        return _JAPANESE_SIDES[name[0]], _translate_part(name[1:])
    side, rest = "", name
    if found := _SIDE.match(name):
        side, rest = found[1], found[2]
    elif found := _SIDE_LAST.match(name):
        side, rest = found[2] or found[3], found[1]
    part = re.sub(r"[_.\- ]", "", rest).lower()
    return _SIDES.get(side[:1].lower(), ""), _JAPANESE.get(part, part)


def _translate_part(part: str) -> str:
    """Translate a Japanese name without its side."""
    if found := _JAPANESE_FINGER.fullmatch(part):
        finger, number = _JAPANESE_FINGERS[found[1]], int(found[2])
        # The thumb's joints are counted from 0, those of other fingers from 1.
        return f"{finger}{number + 1 if finger == 'thumb' else number}"
    return _JAPANESE.get(part, part)


def _assign_bone(bones: dict[str, int], bone: str, candidates: list[int | None]) -> None:
    """Assign a bone the first candidate that no other bone has."""
    taken = set(bones.values())
    free = (i for i in candidates if i is not None and i not in taken)
    if (first := next(free, None)) is not None:
        bones[bone] = first


def _assign_spine(bones: dict[str, int], joints: Sequence[Joint]) -> None:
    """Assign spine, chest and upper chest from the joints between hips and neck, of any number.

    Where neck and hips are on separate branches, the joints below their common ancestor count.
    """
    top = bones.get("neck", bones.get("head"))
    if top is None or "hips" not in bones:
        return
    above: set[int] = set()
    at = bones["hips"]
    while at >= 0:
        above.add(at)
        at = joints[at].parent
    chain = []
    at = joints[top].parent
    while at >= 0 and at not in above:
        chain.append(at)
        at = joints[at].parent
    chain.reverse()
    taken = set(bones.values())
    chain = [i for i in chain if i not in taken]
    if len(chain) > len(_SPINE):
        chain = [chain[0], chain[len(chain) // 2], chain[-1]]
    bones.update(zip(_SPINE, chain, strict=False))
