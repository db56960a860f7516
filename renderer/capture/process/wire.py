"""Serialize observations for a pipe or a file.

The layout is fixed, 9 KB, little-endian: every array has its offset, and a bit field says which are
present. The indices of performer and camera are stored above the lower bits, where takes of a
single performer and camera have always had zeros. Colours and focal length were added later at the
end; takes without them have shorter rows. Decoding does not copy: the arrays are read-only views of
the bytes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from renderer.capture.records import F32, USUAL_FOCAL, Hand, Observation
from renderer.capture.trackers.colours import PLACES
from renderer.errors import CaptureError

_HAND: Final = np.dtype(
    [("image", "<f4", (21, 3)), ("world", "<f4", (21, 3)), ("score", "<f8")], align=True
)
_AT_FIRST: Final = np.dtype(
    [
        ("t_seen_ns", "<i8"),
        ("index", "<i8"),
        ("size", "<i4", (2,)),
        ("seen", "<u4"),
        ("face", "<f4", (478, 3)),
        ("scores", "<f4", (52,)),
        ("head", "<f4", (4, 4)),
        ("pose", "<f4", (33, 3)),
        ("pose_world", "<f4", (33, 3)),
        ("visibility", "<f4", (33,)),
        ("left_hand", _HAND),
        ("right_hand", _HAND),
    ],
    align=True,
)
_LAYOUT: Final = np.dtype(
    [*((name, _AT_FIRST[name]) for name in _AT_FIRST.names or ()),
     ("colours", "<f4", (PLACES, 3)), ("focal", "<f8")],
    align=True,
)  # fmt: skip
_PARTS: Final = (
    "face", "scores", "head", "pose", "pose_world", "visibility", "left_hand", "right_hand",
)  # fmt: skip
_PERFORMER_AT, _PERFORMERS = 8, 0xFF
_BITS: Final = {name: 1 << bit for bit, name in enumerate(_PARTS)} | {"colours": 1 << 16}
_COMPANY_KNOWN, _COMPANY = 1 << 17, 1 << 18
_CAMERA_AT, _CAMERAS = 24, 0x7
OBSERVATION_BYTES: Final = _LAYOUT.itemsize


def encode(observation: Observation) -> bytes:
    """Serialize an observation to OBSERVATION_BYTES bytes."""
    row = np.zeros((), _LAYOUT)
    row["t_seen_ns"], row["index"] = observation.t_seen_ns, observation.index
    row["size"], row["focal"] = observation.size, observation.focal
    seen = observation.performer << _PERFORMER_AT | observation.camera << _CAMERA_AT
    for name, bit in _BITS.items():
        value: F32 | Hand | None = getattr(observation, name)
        if value is None:
            continue
        seen |= bit
        if isinstance(value, Hand):
            field = row[name]
            field["image"], field["world"], field["score"] = value.image, value.world, value.score
        else:
            row[name] = value
    if observation.company is not None:
        seen |= _COMPANY_KNOWN | (_COMPANY if observation.company else 0)
    row["seen"] = seen
    return row.tobytes()


def decode(data: bytes | memoryview) -> Observation:
    """Deserialize an observation.

    Raises:
        CaptureError: the length of the data is not that of an observation.
    """
    layout = _AT_FIRST if len(data) == _AT_FIRST.itemsize else _LAYOUT
    if len(data) != layout.itemsize:
        raise CaptureError(
            "a recorded observation",
            f"has {len(data)} bytes instead of {OBSERVATION_BYTES}",
            "use the same version of the program on both sides",
        )
    row = np.frombuffer(data, layout).reshape(())
    seen, kept = int(row["seen"]), layout.names or ()

    def array(name: str) -> F32 | None:
        return row[name] if seen & _BITS[name] and name in kept else None

    def hand(name: str) -> Hand | None:
        if not seen & _BITS[name]:
            return None
        field = row[name]
        return Hand(field["image"], field["world"], float(field["score"]))

    return Observation(
        int(row["t_seen_ns"]),
        int(row["index"]),
        (int(row["size"][0]), int(row["size"][1])),
        face=array("face"),
        scores=array("scores"),
        head=array("head"),
        pose=array("pose"),
        pose_world=array("pose_world"),
        visibility=array("visibility"),
        left_hand=hand("left_hand"),
        right_hand=hand("right_hand"),
        colours=array("colours"),
        performer=seen >> _PERFORMER_AT & _PERFORMERS,
        focal=float(row["focal"]) if "focal" in kept else USUAL_FOCAL,
        company=bool(seen & _COMPANY) if seen & _COMPANY_KNOWN else None,
        camera=seen >> _CAMERA_AT & _CAMERAS,
    )
