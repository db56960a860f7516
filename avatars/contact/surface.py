"""Measure an avatar's body surface once, from its meshes in the rest pose.

Head, chest and hips are star-shaped about a vertical axis: the surface is a table of radii over
height and azimuth. Arms are capsules. Vertices that move with springs (hair, skirts, sleeves) are
no part of the surface, because they give way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from avatars.model import Avatar
from avatars.names import HUMAN_BONES
from avatars.rest import rest_world

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

HEIGHTS: Final = 24
AZIMUTHS: Final = 24
"""Size of a table of radii: rows by height, columns by azimuth from the front to the left."""

HEAD, CHEST, HIPS = 0, 1, 2
"""Indices of the parts that hands must not enter."""

_SIDES: Final = ("left", "right")
_HEAD_BONES: Final = ("head", "jaw", "leftEye", "rightEye")
_CHEST_BONES: Final = ("chest", "upperChest", "leftShoulder", "rightShoulder")
_HIPS_BONES: Final = ("hips", "spine")
_FINGERS: Final = ("Thumb", "Index", "Middle", "Ring", "Little")

_LARGEST_RADIUS: Final[F64] = np.array([0.30, 0.26, 0.30])
"""Metres; what is farther from the axis than this is an ornament that hands may pass. In a
half-scaled avatar it is half of it."""

_USUAL_HIPS: Final = 0.95
"""Height of the hips in metres that these lengths refer to."""

_FACE_HEIGHT: Final = 0.115
_FACE_HALF_WIDTH: Final = 0.075
"""Metres from eyes to chin and half the width of a face of an avatar without head vertices."""

_HAND_THICKNESS: Final = (0.010, 0.020)
"""Metres within which half the thickness of a hand is plausible."""

_INNER_SHARE: Final = 0.5
"""Share of a row's median radius within which vertices are inside the body."""

_LIMB_PERCENTILE: Final = 80.0
"""Percentile of the vertices' distances from an arm's axis that is its radius."""


class Surface(NamedTuple):
    """An avatar's surface as flat arrays; model space of the rest pose, metres.

    Attributes:
        part_nodes: (3,) nodes that head, chest and hips move with.
        part_inverses: (3, 3, 4) inverse rest matrices of these nodes.
        axes: (3, 2) x and z of the parts' vertical axes.
        spans: (3, 2) lowest and highest point of each part.
        radii: (3, HEIGHTS, AZIMUTHS) distance of the surface from the axis.
        eyes: (3,) the point between the eyes.
        face: (2,) half width, and distance from eyes to chin.
        torso: (2, 2) heights of the hip joint and the shoulder joint, by side.
        arm_nodes: (2, 3) upper arm, forearm and hand, by side.
        arm_rows: (2, 3) their rows among the human bones.
        arm_radii: (2, 2) radii of upper arm and forearm.
        thickness: (2,) half the thickness of the hands.
        point_nodes: (2, p) nodes of points of the hands: palm, knuckle of the index finger, tip of
            the index finger, and further points that must not enter the body.
        point_offsets: (2, p, 3) their places in the nodes' spaces.
        palms: (2, 3) the palms' outward normals in the hands' spaces.
    """

    part_nodes: I64
    part_inverses: F64
    axes: F64
    spans: F64
    radii: F64
    eyes: F64
    face: F64
    torso: F64
    arm_nodes: I64
    arm_rows: I64
    arm_radii: F64
    thickness: F64
    point_nodes: I64
    point_offsets: F64
    palms: F64


@dataclass(frozen=True, slots=True)
class _Cloud:
    """Points on an avatar's meshes in the rest pose.

    Attributes:
        places: (v, 3) metres.
        bones: (v,) row of the human bone that moves each; -1 for what springs move.
        is_face: (v,) whether its mesh has morph targets.
    """

    places: F64
    bones: I64
    is_face: npt.NDArray[np.bool_]

    def of(self, *names: str) -> npt.NDArray[np.bool_]:
        """Return which points the named bones move."""
        return np.isin(self.bones, [HUMAN_BONES.index(name) for name in names])


def measure_surface(avatar: Avatar) -> Surface:
    """Measure an avatar's surface; parts without vertices get usual sizes."""
    rest = rest_world(avatar.nodes)
    cloud = _sample_meshes(avatar, rest)
    place = {name: rest[node, :3, 3] for name, node in avatar.bones.items()}
    scale = max(float(place["hips"][1]), 0.1) / _USUAL_HIPS
    chest = next(name for name in ("upperChest", "chest", "spine") if name in place)
    names = ("head", chest, "hips")
    masks = (cloud.of(*_HEAD_BONES), cloud.of(*_CHEST_BONES), cloud.of(*_HIPS_BONES))
    tables = [
        _measure_part(
            cloud.places[mask],
            cloud.is_face[mask] if part == HEAD else np.zeros(int(mask.sum()), np.bool_),
            place[name],
            float(_LARGEST_RADIUS[part]) * scale,
        )
        for part, (mask, name) in enumerate(zip(masks, names, strict=True))
    ]
    nodes = np.array([avatar.bones[name] for name in names], np.int64)
    points = [_hand_points(avatar, rest, cloud, side) for side in _SIDES]
    most = max(len(nodes) for nodes, _ in points)
    eyes = _find_eyes(avatar, place)
    arms = [[f"{side}{bone}" for bone in ("UpperArm", "LowerArm", "Hand")] for side in _SIDES]
    return Surface(
        part_nodes=nodes,
        part_inverses=np.ascontiguousarray(np.linalg.inv(rest[nodes])[:, :3]),
        axes=np.array([axis for axis, _, _ in tables]),
        spans=np.array([span for _, span, _ in tables]),
        radii=np.array([radii for _, _, radii in tables]),
        eyes=eyes,
        face=_measure_face(cloud.places[masks[HEAD] & cloud.is_face], eyes, scale),
        torso=np.array(
            [[place[f"{s}UpperLeg"][1], place[f"{s}UpperArm"][1]] for s in _SIDES], np.float64
        ),
        arm_nodes=np.array([[avatar.bones[bone] for bone in arm] for arm in arms], np.int64),
        arm_rows=np.array([[HUMAN_BONES.index(bone) for bone in arm] for arm in arms], np.int64),
        arm_radii=np.array([_arm_radii(cloud, place, side, scale) for side in _SIDES]),
        thickness=np.array([_measure_thickness(cloud, place, side, scale) for side in _SIDES]),
        point_nodes=np.array([np.resize(nodes, most) for nodes, _ in points], np.int64),
        point_offsets=np.array([np.resize(offsets, (most, 3)) for _, offsets in points]),
        palms=np.array([_palm_normal(rest, avatar.bones[f"{side}Hand"]) for side in _SIDES]),
    )


def body_radius(surface: Surface) -> float:
    """Return the usual distance from the spine to the surface of chest and hips, metres."""
    return float(np.median(surface.radii[CHEST : HIPS + 1]))


def _sample_meshes(avatar: Avatar, rest: F64) -> _Cloud:
    """Return the vertices and the triangles' middles of all meshes."""
    owners = _owning_bones(avatar)
    places: list[F64] = [np.zeros((0, 3))]
    bones: list[I64] = [np.zeros(0, np.int64)]
    faces: list[npt.NDArray[np.bool_]] = [np.zeros(0, np.bool_)]
    for instance in avatar.instances:
        skin = None if instance.skin is None else avatar.skins[instance.skin]
        for part in avatar.meshes[instance.mesh].primitives:
            points = np.column_stack((part.position, np.ones(len(part.position)))).astype(
                np.float64
            )
            if skin is None:
                found: F64 = points @ rest[instance.node, :3].T
                moved = np.full(len(points), owners[instance.node])
            else:
                rows: F64 = (rest[skin.joints] @ skin.inverse_bind)[:, :3]
                strongest = part.joints[np.arange(len(points)), part.weights.argmax(axis=1)]
                found = np.einsum("vij,vj->vi", rows[strongest], points)
                moved = owners[skin.joints[strongest]]
            corners = part.triangles.astype(np.int64)
            places += [found, found[corners].mean(axis=1)]
            bones += [moved, moved[corners[:, 0]]]
            faces.append(np.full(len(found) + len(corners), bool(part.targets)))
    return _Cloud(np.concatenate(places), np.concatenate(bones), np.concatenate(faces))


def _owning_bones(avatar: Avatar) -> I64:
    """Return (n,) the row of the human bone that each node moves with; -1 for springs' nodes."""
    rows = {node: HUMAN_BONES.index(name) for name, node in avatar.bones.items()}
    loose = {joint.node for chain in avatar.springs.chains for joint in chain.joints}
    out = np.full(len(avatar.nodes.parents), -1, np.int64)
    for node, parent in enumerate(avatar.nodes.parents.tolist()):
        if node in rows:
            out[node] = rows[node]
        elif node not in loose and parent >= 0:
            out[node] = out[parent]
    return out


def _measure_part(
    places: F64, is_face: npt.NDArray[np.bool_], bone: F64, largest: float
) -> tuple[F64, F64, F64]:
    """Return a part's axis (2,), span (2,) and radii (HEIGHTS, AZIMUTHS).

    Where a face has vertices, they are the surface; hair over it is not.
    """
    if len(places) < AZIMUTHS:
        radii = np.full((HEIGHTS, AZIMUTHS), 0.25 * largest)
        return bone[[0, 2]], bone[1] + np.array([-0.5, 0.5]) * largest, radii
    inner = places[np.abs(places[:, 0] - bone[0]) < largest]
    low, high = np.percentile(inner[:, 2], (2, 98))
    axis = np.array([bone[0], 0.5 * (low + high)])
    off = places[:, [0, 2]] - axis
    radius = np.hypot(off[:, 0], off[:, 1])
    near = radius < largest
    span = np.array([places[near, 1].min(), places[near, 1].max()])
    rows = (places[near, 1] - span[0]) / max(float(np.ptp(span)), 1e-6) * HEIGHTS
    columns = (np.arctan2(off[near, 0], off[near, 1]) / (2.0 * np.pi) % 1.0) * AZIMUTHS
    cells = (
        np.minimum(rows.astype(int), HEIGHTS - 1) * AZIMUTHS
        + np.rint(columns).astype(int) % AZIMUTHS
    )
    whole = _largest_by_cell(cells, radius[near])
    face = _largest_by_cell(cells[is_face[near]], radius[near][is_face[near]])
    return axis, span, _fill_gaps(np.where(face > 0.0, face, whole))


def _largest_by_cell(cells: I64, values: F64) -> F64:
    out = np.zeros(HEIGHTS * AZIMUTHS)
    np.maximum.at(out, cells, values)
    return out.reshape(HEIGHTS, AZIMUTHS)


def _fill_gaps(radii: F64) -> F64:
    """Fill cells without vertices from their neighbours, around first and then up and down.

    Vertices far within a row's usual radius are inside the body, such as those of a mouth.
    """
    usual = np.array([np.median(row[row > 0.0]) if row.any() else 0.0 for row in radii])
    known = radii > _INNER_SHARE * usual[:, None]
    out = radii.copy()
    columns = np.arange(AZIMUTHS)
    for row in np.flatnonzero(known.any(axis=1)):
        there = np.flatnonzero(known[row])
        out[row] = np.interp(columns, there, radii[row, there], period=AZIMUTHS)
    rows = np.flatnonzero(known.any(axis=1))
    nearest = rows[np.abs(np.arange(HEIGHTS)[:, None] - rows).argmin(axis=1)]
    filled: F64 = out[nearest]
    return filled


def _find_eyes(avatar: Avatar, place: dict[str, F64]) -> F64:
    """Return the point (3,) between the eyes."""
    if "leftEye" in place and "rightEye" in place:
        return np.asarray(0.5 * (place["leftEye"] + place["rightEye"]), np.float64)
    offset = (0.0, 0.06, 0.06) if avatar.look_at is None else avatar.look_at.offset
    return np.asarray(place["head"] + np.array(offset), np.float64)


def _measure_face(places: F64, eyes: F64, scale: float) -> F64:
    """Return a face's half width, and its distance from eyes to chin, metres."""
    usual = np.array([_FACE_HALF_WIDTH, _FACE_HEIGHT]) * scale
    front = places[places[:, 2] > eyes[2] - 0.03 * scale]
    middle = front[np.abs(front[:, 0] - eyes[0]) < 0.015 * scale]
    level = places[np.abs(places[:, 1] - eyes[1]) < 0.5 * usual[1]]
    if len(middle) < 4 or len(level) < 4:
        return usual
    found = np.array(
        [np.abs(level[:, 0] - eyes[0]).max(), eyes[1] - np.percentile(middle[:, 1], 1)]
    )
    size: F64 = np.clip(found, 0.5 * usual, 2.0 * usual)
    return size


def _arm_radii(cloud: _Cloud, place: dict[str, F64], side: str, scale: float) -> F64:
    """Return the radii of upper arm and forearm, metres."""
    joints = [place[f"{side}{bone}"] for bone in ("UpperArm", "LowerArm", "Hand")]
    out = []
    for bone, near, far in zip(("UpperArm", "LowerArm"), joints, joints[1:], strict=False):
        along = far - near
        off = cloud.places[cloud.of(f"{side}{bone}")] - near
        share = off @ along / max(float(along @ along), 1e-9)
        off = (off - share[:, None] * along)[(share > 0.0) & (share < 1.0)]
        found = np.percentile(np.linalg.norm(off, axis=1), _LIMB_PERCENTILE) if len(off) else 0.0
        out.append(float(np.clip(found, 0.02 * scale, 0.07 * scale)))
    return np.array(out)


def _measure_thickness(cloud: _Cloud, place: dict[str, F64], side: str, scale: float) -> float:
    """Return half the thickness of a hand, metres."""
    low, high = np.array(_HAND_THICKNESS) * scale
    fingers = [name for name in HUMAN_BONES if name.startswith(side) and name.endswith("Proximal")]
    hand = cloud.places[cloud.of(f"{side}Hand", *fingers)]
    if len(hand) < 8:
        return float(low)
    off = np.abs(hand[:, 1] - place[f"{side}Hand"][1])
    return float(np.clip(np.percentile(off, 75), low, high))


def _hand_points(avatar: Avatar, rest: F64, cloud: _Cloud, side: str) -> tuple[I64, F64]:
    """Return nodes (p,) and offsets (p, 3) of a hand's points; the first are the anchors."""
    bones = avatar.bones
    hand, sign = bones[f"{side}Hand"], 1.0 if side == "left" else -1.0
    wrist = rest[hand, :3, 3]
    forearm = np.linalg.norm(wrist - rest[bones[f"{side}LowerArm"], :3, 3])
    usual = wrist + sign * np.array([0.4 * forearm, 0.0, 0.0])
    knuckles = {
        finger: bones[name] for finger in _FINGERS if (name := f"{side}{finger}Proximal") in bones
    }
    index = knuckles.get("Index", hand)
    middle = knuckles.get("Middle", hand)
    knuckle = rest[index, :3, 3] if index != hand else usual
    centre = rest[middle, :3, 3] if middle != hand else usual
    tips = {
        finger: (node, _fingertip(cloud, rest[node, :3, 3], f"{side}{finger}Distal", sign))
        for finger in _FINGERS
        if (node := bones.get(f"{side}{finger}Distal")) is not None
    }
    tip = tips.get("Index", (hand, knuckle + sign * np.array([0.3 * forearm, 0.0, 0.0])))
    points = [(hand, 0.5 * (wrist + centre)), (hand, knuckle), tip, (hand, wrist)]
    points += [(node, rest[node, :3, 3]) for finger, node in knuckles.items() if finger != "Index"]
    points += [one for finger, one in tips.items() if finger != "Index"]
    nodes = np.array([node for node, _ in points], np.int64)
    offsets = np.array(
        [(np.linalg.inv(rest[node]) @ np.append(place, 1.0))[:3] for node, place in points]
    )
    return nodes, offsets


def _fingertip(cloud: _Cloud, joint: F64, bone: str, sign: float) -> F64:
    """Return where a finger ends (3,), metres."""
    points = cloud.places[cloud.of(bone)]
    if not len(points):
        return np.asarray(joint + sign * np.array([0.02, 0.0, 0.0]), np.float64)
    return np.asarray(points[(sign * points[:, 0]).argmax()], np.float64)


def _palm_normal(rest: F64, hand: int) -> F64:
    """Return the palm's outward normal (3,) in the hand's space: down in the T-pose."""
    down = np.linalg.inv(rest[hand, :3, :3]) @ np.array([0.0, -1.0, 0.0])
    return np.asarray(down / max(float(np.linalg.norm(down)), 1e-9), np.float64)
