"""Hold the performers' rows as plain, comparable data, and derive them from a status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from renderer.desk.panels.direction.model import LIMB_WORDS, limbs_of, note_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.words import tr
from renderer.protocol.inputs import CameraStatus, InputsHealth, TrackerState, TrackerStatus
from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

_PARTS: Final = (
    ("body", ("torso", "leftArm", "rightArm", "leftLeg", "rightLeg")),
    ("head", ("head",)),
    ("hands", ("leftHand", "rightHand")),
    ("face", ("face",)),
)
"""The crew's names for groups of limbs that usually have the same source."""
_DIRECTED: Final = frozenset({LimbState.FROZEN, LimbState.MIRRORED, LimbState.IDLE})


@dataclass(frozen=True, slots=True)
class PerformerRow:
    """One performer.

    Attributes:
        avatar: that they drive.
        limbs: the level of each, by its name.
        sources: the source of each part of the body.
        note: a fault, a director's override, or a calibration instruction; with its level.
        calibrated: whether their face is calibrated.
        calibrating: whether a calibration is running.
        enabled: whether a show is connected.
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
    """Return a row for each performer; if the show is silent, with the constant data only."""
    listens = is_known and status.of(ShowHealth).state in (ShowState.PREVIEW, ShowState.ON_AIR)
    inputs = status.of(InputsHealth)
    rows = []
    for one in status.of(PerformersHealth).performers:
        limbs = limbs_of(one)
        shown = tuple((limb.name, limb.level if is_known else Level.IDLE) for limb in limbs)
        mine = [tracker for tracker in inputs.trackers if tracker.performer == one.performer]
        note, level = _note(one, mine) if is_known else ("", Level.IDLE)
        camera = _camera(one.performer, inputs.cameras)
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
    """Return the camera that tracks a performer, with its number if there are several.

    Close-ups come after the others.
    """
    if len(cameras) < 2:
        return tr("camera")
    theirs = (n + 1 for n, camera in enumerate(cameras) if performer in camera.performers)
    number = next(theirs, None)
    return tr("no camera") if number is None else tr("camera {number}", number=number)


def _sources(one: PerformerStatus, camera: str) -> str:
    """Return the sources of the parts: `camera 1 body, hands · phone head, face`."""
    owners = {limb.name: _owner(one, row, camera) for row, limb in enumerate(limbs_of(one))}
    parts: dict[str, list[str]] = {}
    for part, limbs in _PARTS:
        whose = {owners[limb] for limb in limbs}
        if len(whose) == 1:
            parts.setdefault(whose.pop(), []).append(tr(part))
            continue
        for limb in limbs:
            parts.setdefault(owners[limb], []).append(_plain(tr(LIMB_WORDS[limb])))
    parts.pop("", None)
    if not parts:
        return tr("{source}: nothing", source=camera)
    if len(parts) == 1 and sum(map(len, parts.values())) == len(_PARTS):
        return tr("{source}: all", source=next(iter(parts)))
    return " · ".join(f"{source}: {', '.join(those)}" for source, those in parts.items())


def _owner(one: PerformerStatus, row: int, camera: str) -> str:
    """Return the source of a limb; empty if there is none."""
    state = one.limbs[row] if row < len(one.limbs) else None
    if state is LimbState.TAKE:
        return tr("take")
    if state in _DIRECTED:
        return tr("director")
    if row >= len(one.confidence) or one.confidence[row] <= 0.0 or row >= len(one.sources):
        return ""
    return camera if one.sources[row] == "camera" else tr(one.sources[row])


def _note(one: PerformerStatus, trackers: Sequence[TrackerStatus]) -> tuple[str, Level]:
    """Return the most urgent note about a performer."""
    asked, level, share = note_of(one)
    if share is not None or level is Level.BAD:
        return asked, level
    limbs = limbs_of(one)
    words = [
        f"{tracker.kind.value} {tracker.state.value}"
        for tracker in trackers
        if tracker.state is not TrackerState.HEARD
    ]
    if all(limb.shows in ("", "lost") for limb in limbs):
        return " · ".join(("not seen", *words)), Level.BAD
    words += [f"{one.take} plays"] if one.take else []
    for word in ("lost", "held", "frozen", "mirrored", "idle"):
        those = [_plain(limb.word) for limb in limbs if limb.shows == word]
        if those:
            words.append(f"{word}: {'all' if len(those) == len(limbs) else ', '.join(those)}")
    if not words:
        return "all seen", Level.GOOD
    return " · ".join(words), Level.WARN


def _plain(word: str) -> str:
    """Return a limb's name within a sentence: Face becomes face, and L hand is unchanged."""
    return word if " " in word else word.lower()
