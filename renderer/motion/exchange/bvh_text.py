"""Parser of BVH text: a tree of joints and a table of numbers.

Source: Meredith and Maddock, "Motion capture file formats explained", 2001. A joint's rotation is
the product of its channels in the listed order; position channels replace its offset.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from avatars.maths.quaternions import from_axis_angle, multiply, rotate
from avatars.maths.vectors import Array
from renderer.errors import MotionError

_MAX_JOINTS: Final = 1000
"""Largest number of joints."""

_AXES: Final = {"X": 0, "Y": 1, "Z": 2}
_REMEDY: Final = "export the motion as BVH again"
_MAX_QUOTE: Final = 40
"""Characters of a word that an error quotes, which in a damaged file may be of any length."""


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint; parents come before their children.

    Attributes:
        name: as in the file.
        parent: index of the parent; -1 at the root.
        offset: (3,) from the parent at rest, in the file's units.
        channels: as listed, such as `Zrotation`.
        column: first column of its channels in the table.
        tip: (3,) from the joint to the end of its bone; None where joints follow.
    """

    name: str
    parent: int
    offset: Array
    channels: tuple[str, ...]
    column: int
    tip: Array | None = None


@dataclass(frozen=True, slots=True)
class BvhFile:
    """A BVH file's content.

    Attributes:
        joints: parents before children.
        table: (t, c) positions in the file's units, angles in degrees.
        frame_s: seconds per frame.
    """

    joints: tuple[Joint, ...]
    table: npt.NDArray[np.float64]
    frame_s: float

    def world(self) -> tuple[Array, Array]:
        """Compute world rotations (t, j, 4), xyzw, and positions (t, j, 3).

        The file's axes and units.
        """
        frames = len(self.table)
        rotations = np.empty((frames, len(self.joints), 4))
        positions = np.empty((frames, len(self.joints), 3))
        for i, joint in enumerate(self.joints):
            turn, place = self._local(joint)
            if joint.parent < 0:
                rotations[:, i], positions[:, i] = turn, place
            else:
                above = rotations[:, joint.parent]
                rotations[:, i] = multiply(above, turn)
                positions[:, i] = positions[:, joint.parent] + rotate(above, place)
        return rotations, positions

    def rest(self) -> Array:
        """Compute (j, 3) the joints' positions at rest, with the root at the origin."""
        out = np.zeros((len(self.joints), 3))
        for i, joint in enumerate(self.joints):
            if joint.parent >= 0:
                out[i] = out[joint.parent] + joint.offset
        return out

    def _local(self, joint: Joint) -> tuple[Array, Array]:
        """Return a joint's local rotations (t, 4), xyzw, and positions (t, 3)."""
        turn: Array = np.tile((0.0, 0.0, 0.0, 1.0), (len(self.table), 1))
        place = np.tile(joint.offset, (len(self.table), 1))
        for k, channel in enumerate(joint.channels):
            values, axis = self.table[:, joint.column + k], _AXES[channel[0]]
            if channel.endswith("position"):
                place[:, axis] = values
            else:
                turn = multiply(turn, from_axis_angle(np.eye(3)[axis], np.radians(values)))
        return turn, place


def read_text(path: Path) -> BvhFile:
    """Read and parse a BVH file.

    Raises:
        MotionError: the file is missing, truncated, or not a BVH file.
    """
    thing = f"Motion file {path}"
    try:
        text = _decode(path.read_bytes())
    except FileNotFoundError as error:
        raise MotionError(thing, "does not exist", "check the path") from error
    except OSError as error:
        fault = f"cannot be read ({error.strerror or error})"
        raise MotionError(thing, fault, "choose a readable file") from error
    head, found, body = text.partition("MOTION")
    is_bvh = head.lstrip().startswith("HIERARCHY") and "\0" not in text
    if not found or not is_bvh:
        fault = "is cut off" if is_bvh else "is not a BVH file"
        raise MotionError(thing, fault, "choose a complete .bvh file")
    try:
        joints = _HierarchyParser(head.split()).read()
        return _parse_motion(joints, body.split())
    except (ValueError, IndexError) as error:
        fault = f"is damaged or cut off ({error})" if str(error) else "is damaged or cut off"
        raise MotionError(thing, fault, _REMEDY) from error


def _decode(data: bytes) -> str:
    """Decode a file: UTF-8, UTF-16 with a BOM, or Shift-JIS as Japanese programs write it.

    Joint names in other code pages keep their Latin letters.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


class _HierarchyParser:
    """Parses the words before MOTION; raises ValueError or IndexError where they are wrong."""

    def __init__(self, words: list[str]) -> None:
        self._words, self._at = words, 0
        self._joints: list[Joint] = []
        self._columns = 0

    def read(self) -> tuple[Joint, ...]:
        """Parse and return all joints."""
        self._expect("HIERARCHY")
        self._expect("ROOT")
        above = -1
        open_joints: list[int] = []
        self._read_joint(above, open_joints)
        while open_joints:
            match self._read_word():
                case "JOINT":
                    self._read_joint(open_joints[-1], open_joints)
                case "End":
                    self._read_end_site(open_joints[-1])
                case "}":
                    open_joints.pop()
                case word:
                    raise ValueError(f"unexpected {word[:_MAX_QUOTE]!r} among its joints")
        return tuple(self._joints)

    def _read_joint(self, parent: int, open_joints: list[int]) -> None:
        if len(self._joints) >= _MAX_JOINTS:
            raise ValueError(f"more than {_MAX_JOINTS} joints")
        name: list[str] = []
        while (word := self._read_word()) != "{":
            name.append(word)
        self._expect("OFFSET")
        offset = self._read_vector()
        self._expect("CHANNELS")
        channels = tuple(self._read_word() for _ in range(int(self._read_word())))
        for channel in channels:
            if channel[:1] not in _AXES or channel[1:] not in ("position", "rotation"):
                raise ValueError(f"unknown channel {channel[:_MAX_QUOTE]!r}")
        self._joints.append(Joint(" ".join(name), parent, offset, channels, self._columns))
        self._columns += len(channels)
        open_joints.append(len(self._joints) - 1)

    def _read_end_site(self, joint: int) -> None:
        for word in ("Site", "{", "OFFSET"):
            self._expect(word)
        old = self._joints[joint]
        tip = self._read_vector()
        self._expect("}")
        self._joints[joint] = Joint(old.name, old.parent, old.offset, old.channels, old.column, tip)

    def _read_vector(self) -> Array:
        out = np.array([float(self._read_word()) for _ in range(3)])
        if not np.isfinite(out).all():
            raise ValueError("an offset that is not finite")
        return out

    def _read_word(self) -> str:
        if self._at >= len(self._words):
            raise ValueError("its hierarchy has no end")
        self._at += 1
        return self._words[self._at - 1]

    def _expect(self, word: str) -> None:
        if (found := self._read_word()) != word:
            raise ValueError(f"{found[:_MAX_QUOTE]!r} instead of {word}")


def _parse_motion(joints: tuple[Joint, ...], words: list[str]) -> BvhFile:
    """Parse the words after MOTION into a table.

    Raises:
        ValueError: they are not `Frames:`, `Frame Time:` and complete rows of finite numbers.
    """
    if words[:1] != ["Frames:"] or words[2:4] != ["Frame", "Time:"]:
        raise ValueError("no frame count")
    frames, frame_s, numbers = int(words[1]), float(words[4]), words[5:]
    columns = joints[-1].column + len(joints[-1].channels)
    if frames < 1 or columns < 1:
        raise ValueError("no frames")
    rows, over = divmod(len(numbers), columns)
    if rows < frames or over:
        raise ValueError(f"{len(numbers)} numbers instead of {frames} × {columns}")
    if not np.isfinite(frame_s) or frame_s <= 0.0:
        raise ValueError(f"a frame time of {frame_s} s")
    # Some exporters count one frame too few.
    table = np.array(numbers, np.float64).reshape(rows, columns)
    if not np.isfinite(table).all():
        raise ValueError("numbers that are not finite")
    return BvhFile(joints, table, frame_s)
