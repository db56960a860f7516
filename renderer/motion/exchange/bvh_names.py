"""Match the joints of a BVH file to human bones, by the names that suits, archives and editors use.

Known are CMU's and Daz's (`lShldr`, `LeftUpLeg`, `abdomen`), Mixamo's and MotionBuilder's
(`mixamorig:LeftArm`), mocopi's (`l_up_arm`, `torso_3`), BVHacker's (`LeftElbow`), VRoid's
(`J_Bip_L_UpperArm`), 3ds Max Biped's (`Bip01 L Thigh`), Unreal's (`thigh_l`), MikuMikuDance's
(`左腕`) and VRM's own. A prefix that most joints share, whatever it is, is taken off first
(`Character1_`, `Armature|`, `Robot_`).
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
"""Stands for the name of a joint that is called like the prefix itself, as Biped's root is."""

_CENTRE: Final = {
    "hips": ("hips", "hip", "pelvis", "root", _ROOT_OF_PREFIX, "centre"),
    "neck": ("neck", "neck1", "neck01"),
    "head": ("head",),
}
# The first name that a file has is the bone's; one joint is one bone.
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

_SHARED: Final = 10
"""Joints that begin alike for their beginning to be a prefix; the required bones are 15."""
_LONGEST: Final = 128
_MOST_PREFIXES: Final = 32
"""Letters of a name that count, and prefixes that are tried: both bound the work on a hostile
file."""
_BOUNDARY: Final = re.compile(r"[_.\- :|]+|(?<=[a-z0-9])(?=[A-Z])")


def bones_of(joints: Sequence[Joint]) -> dict[str, int]:
    """Map human bones to joints, as many as are found.

    Of the prefixes that many names share, the one is taken off after which the most bones are
    found, and none where the required bones are found without.
    """
    names = [unicodedata.normalize("NFKC", joint.name[:_LONGEST]).strip() for joint in joints]
    best = _match(joints, names)
    if best.keys() >= REQUIRED_BONES:
        return best
    for prefix in _prefixes(names):
        found = _match(joints, [_without(name, prefix) for name in names])
        if _rank(found) > _rank(best):
            best = found
    return best


def _rank(bones: dict[str, int]) -> tuple[int, int]:
    return len(REQUIRED_BONES & bones.keys()), len(bones)


def _prefixes(names: Sequence[str]) -> list[str]:
    """Beginnings that many names share and that end where a word does, the shortest first."""
    counts: Counter[str] = Counter()
    for name in names:
        ends = {found.end() for found in _BOUNDARY.finditer(name)} - {0, len(name)}
        counts.update(name[:end] for end in ends)
    common = [prefix for prefix, count in counts.most_common(_MOST_PREFIXES) if count >= _SHARED]
    return sorted(common, key=len)


def _without(name: str, prefix: str) -> str:
    if name.startswith(prefix) and len(name) > len(prefix):
        return name[len(prefix) :]
    return _ROOT_OF_PREFIX if name == prefix.rstrip("_.- :|") else name


def _match(joints: Sequence[Joint], full_names: Sequence[str]) -> dict[str, int]:
    """Human bone to joint, of names that may still have a namespace each."""
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
        _assign(bones, bone, [plain.get(name) for name in known])
    for side in ("left", "right"):
        for bone, known in _SIDED.items():
            _assign(bones, side + bone, [sided.get((side, name)) for name in known])
    for (side, part), i in sided.items():
        if bone := _finger_bone(part):
            bones.setdefault(side + bone, i)
    _assign_spine(bones, joints)
    return bones


def _finger_bone(part: str) -> str:
    """The bone of a finger without its side; empty for other parts."""
    if found := _BIPED_FINGER.fullmatch(part):
        finger, segments = list(_FINGERS)[int(found[1])], list(_FINGERS.values())[int(found[1])][1]
        return finger + segments[int(found[2] or 0)]
    for finger, (pattern, segments) in _FINGERS.items():
        if found := re.fullmatch(rf"(?:hand)?{pattern}(?:finger)?0?([1-3]?)", part):
            return finger + segments[int(found[1] or 1) - 1]
    return ""


def _split_side(name: str) -> tuple[str, str]:
    """A name's side, empty in the middle, and the rest in lower case without separators."""
    if name[:1] in _JAPANESE_SIDES:
        return _JAPANESE_SIDES[name[0]], _from_japanese(name[1:])
    side, rest = "", name
    if found := _SIDE.match(name):
        side, rest = found[1], found[2]
    elif found := _SIDE_LAST.match(name):
        side, rest = found[2] or found[3], found[1]
    part = re.sub(r"[_.\- ]", "", rest).lower()
    return _SIDES.get(side[:1].lower(), ""), _JAPANESE.get(part, part)


def _from_japanese(part: str) -> str:
    """A Japanese name without its side, in the words that are known here."""
    if found := _JAPANESE_FINGER.fullmatch(part):
        finger, number = _JAPANESE_FINGERS[found[1]], int(found[2])
        # The thumb's joints are counted from 0, those of other fingers from 1.
        return f"{finger}{number + 1 if finger == 'thumb' else number}"
    return _JAPANESE.get(part, part)


def _assign(bones: dict[str, int], bone: str, candidates: list[int | None]) -> None:
    """Give a bone the first candidate that is no other's."""
    taken = set(bones.values())
    free = (i for i in candidates if i is not None and i not in taken)
    if (first := next(free, None)) is not None:
        bones[bone] = first


def _assign_spine(bones: dict[str, int], joints: Sequence[Joint]) -> None:
    """Give spine, chest and upper chest the joints between hips and neck, however many there are.

    Where the neck hangs beside the hips, as where a pelvis is a branch of its own, those below what
    both hang from.
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
