"""The performers' rows as plain, comparable data, and how a status becomes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renderer.desk.direction import LIMB_WORDS, limbs_of, note_of
from renderer.desk.formatting import Level
from renderer.protocol.messages import (
    CameraStatus,
    DirectionStatus,
    ShowState,
    Status,
    TrackerStatus,
)

_PARTS: Final = (
    ("body", ("torso", "leftArm", "rightArm", "leftLeg", "rightLeg")),
    ("head", ("head",)),
    ("hands", ("leftHand", "rightHand")),
    ("face", ("face",)),
)
"""What the crew calls the limbs that mostly come from one place."""
_DIRECTED: Final = {"frozen": "director", "mirrored": "director", "idle": "director"}
_WELL: Final = "heard"


@dataclass(frozen=True, slots=True)
class PerformerRow:
    """One performer.

    Attributes:
        avatar: whom they move.
        limbs: the level of each, by its name.
        sources: what each part of the body comes from.
        note: what is wrong, what a director has done, or what a calibration asks; with its level.
        calibrated: whether their face is known.
        calibrating: whether it is just being learnt.
        enabled: whether a show listens.
    """

    name: str
    avatar: str
    limbs: tuple[tuple[str, Level], ...]
    sources: str
    note: str
    level: Level
    calibrated: bool = False
    calibrating: bool = False
    enabled: bool = False


def rows_of(status: Status, is_known: bool) -> tuple[PerformerRow, ...]:
    """A row for each performer; of a show that is silent, only what does not change."""
    listens = is_known and status.state in (ShowState.PREVIEW, ShowState.ON_AIR)
    rows = []
    for one in status.directed:
        limbs = limbs_of(one)
        shown = tuple((limb.name, limb.level if is_known else Level.IDLE) for limb in limbs)
        mine = [tracker for tracker in status.trackers if tracker.performer == one.performer]
        note, level = _note(one, mine) if is_known else ("", Level.IDLE)
        camera = _camera(one.performer, status.cameras)
        running = one.calibration is not None and not one.calibration.ended
        rows.append(
            PerformerRow(
                name=one.name,
                avatar=one.avatar,
                limbs=shown,
                sources=_sources(one, camera) if is_known else camera,
                note=note,
                level=level,
                calibrated=one.calibrated,
                calibrating=running,
                enabled=listens,
            )
        )
    return tuple(rows)


def _camera(performer: int, cameras: Sequence[CameraStatus]) -> str:
    """The camera that sees a performer, by its number where there are several.

    Close-ups come after the others.
    """
    if len(cameras) < 2:
        return "camera"
    theirs = (n + 1 for n, camera in enumerate(cameras) if performer in camera.performers)
    number = next(theirs, None)
    return "no camera" if number is None else f"camera {number}"


def _sources(one: DirectionStatus, camera: str) -> str:
    """What comes from where: `camera 1 body, hands · phone head, face`."""
    owners = {limb.name: _owner(one, row, camera) for row, limb in enumerate(limbs_of(one))}
    told: dict[str, list[str]] = {}
    for part, limbs in _PARTS:
        whose = {owners[limb] for limb in limbs}
        if len(whose) == 1:
            told.setdefault(whose.pop(), []).append(part)
            continue
        for limb in limbs:
            told.setdefault(owners[limb], []).append(_plain(LIMB_WORDS[limb]))
    told.pop("", None)
    if not told:
        return f"{camera}: nothing"
    if len(told) == 1 and sum(map(len, told.values())) == len(_PARTS):
        return f"{next(iter(told))}: all"
    return " · ".join(f"{source}: {', '.join(parts)}" for source, parts in told.items())


def _owner(one: DirectionStatus, row: int, camera: str) -> str:
    """What shows a limb; empty where nothing does."""
    treatment = one.limbs[row] if row < len(one.limbs) else ""
    if treatment == "take":
        return "take"
    if treatment in _DIRECTED:
        return _DIRECTED[treatment]
    if row >= len(one.confidence) or one.confidence[row] <= 0.0 or row >= len(one.sources):
        return ""
    return camera if one.sources[row] == "camera" else one.sources[row]


def _note(one: DirectionStatus, trackers: Sequence[TrackerStatus]) -> tuple[str, Level]:
    """What the crew should know of a performer, the most urgent first."""
    asked, level, share = note_of(one)
    if share is not None or level is Level.BAD:
        return asked, level
    limbs = limbs_of(one)
    told = [f"{tracker.kind} {tracker.state}" for tracker in trackers if tracker.state != _WELL]
    if all(limb.shows in ("", "lost") for limb in limbs):
        return " · ".join(("not seen", *told)), Level.BAD
    told += [f"{one.take} plays"] if one.take else []
    for word in ("lost", "held", "frozen", "mirrored", "idle"):
        those = [_plain(limb.word) for limb in limbs if limb.shows == word]
        if those:
            told.append(f"{word}: {'all' if len(those) == len(limbs) else ', '.join(those)}")
    if not told:
        return "all seen", Level.GOOD
    return " · ".join(told), Level.WARN


def _plain(word: str) -> str:
    """A limb's word within a sentence: Face is face, and L hand stays so."""
    return word if " " in word else word.lower()
