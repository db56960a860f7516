"""Derive a column for each performer: camera, landmarks, limbs with confidence. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from renderer.desk.panels.cameras.landmarks import Landmarks
from renderer.desk.panels.cameras.model import tiles_of
from renderer.desk.panels.direction.model import LIMB_WORDS, limbs_of, note_of
from renderer.desk.panels.performers.model import PerformerRow, rows_of
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.inputs import InputsHealth, LandmarkPoints
from renderer.protocol.performers import LimbState, PerformersHealth, PerformerStatus
from renderer.protocol.schema import Section
from renderer.protocol.show import ShowHealth
from renderer.protocol.status import Status

if TYPE_CHECKING:
    from renderer.desk.model import DeskModel


@dataclass(frozen=True, slots=True)
class LimbBar:
    """One limb.

    Attributes:
        confidence: of the tracking, in hundredths.
        word: seen, weak, lost, or what drives it instead.
        is_driven: whether a director's override drives it.
    """

    name: str
    title: str
    confidence: int
    word: str
    is_driven: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One performer.

    Attributes:
        camera: number of the camera that tracks them, from 0; -1 for none.
        caption: of the camera, with rate and latency.
        step: the calibration's instruction, or what is known of the face.
        share: progress of a running calibration, hundredths; -1 if none runs.
    """

    row: PerformerRow
    camera: int
    caption: str
    camera_level: Level
    limbs: tuple[LimbBar, ...]
    step: str
    share: int = -1


class PerformersModel:
    """The performers' model.

    Attributes:
        columns: one for each performer.
        landmarks: of each performer's camera, changed up to 30 times a second.
    """

    sections: tuple[type[Section], ...] = (
        PerformersHealth, InputsHealth, LandmarkPoints, ShowHealth,
    )  # fmt: skip

    def __init__(self, desk: DeskModel) -> None:
        self._desk = desk
        self._seen: tuple[Section | None, ...] = ()
        self._points: Section | None = None
        self.columns: Observable[tuple[Column, ...]] = Observable(())
        self.landmarks: Observable[tuple[Landmarks, ...]] = Observable(())

    def update(self, status: Status) -> None:
        """Derive the columns from a status; landmarks change more often than the rest."""
        rest = tuple(status.newest(kind) for kind in (PerformersHealth, InputsHealth, ShowHealth))
        if rest != self._seen:
            self._seen = rest
            self.columns.set(columns_of(status, self._desk.in_contact.value))
        points = status.newest(LandmarkPoints)
        if points is not self._points:
            self._points = points
            self.landmarks.set(self._landmarks(status))

    def _landmarks(self, status: Status) -> tuple[Landmarks, ...]:
        if not self._desk.in_contact.value:
            return ()
        found, cameras = status.of(LandmarkPoints).points, status.of(InputsHealth).cameras
        out = []
        for number, column in enumerate(self.columns.value):
            lines = Landmarks()
            if 0 <= column.camera < min(len(found), len(cameras)):
                order = cameras[column.camera].performers
                place = order.index(number) if number in order else -1
                seen = found[column.camera].performers
                if 0 <= place < len(seen):
                    lines = Landmarks.of([("", seen[place])])
            out.append(lines)
        return tuple(out)


def columns_of(status: Status, is_known: bool) -> tuple[Column, ...]:
    """Return a column for each performer."""
    cameras = status.of(InputsHealth).cameras
    # Without points: landmarks are read apart from the rest.
    tiles = tiles_of(status.without(LandmarkPoints), is_known)
    columns = []
    performers = status.of(PerformersHealth).performers
    for number, (one, row) in enumerate(zip(performers, rows_of(status, is_known), strict=True)):
        camera = next((k for k, each in enumerate(cameras) if number in each.performers), -1)
        tile = tiles[camera] if camera >= 0 else None
        caption = ""
        if tile is not None:
            caption = " · ".join(filter(None, (tile.caption, tile.figures or tile.state)))
        note, _, share = note_of(one)
        columns.append(
            Column(
                row,
                camera,
                caption,
                tile.level if tile is not None else Level.WARN,
                bars_of(one),
                note,
                -1 if share is None else round(share * 100),
            )
        )
    return tuple(columns)


def bars_of(one: PerformerStatus) -> tuple[LimbBar, ...]:
    """Return a bar for each limb; what another version does not tell is lost."""
    bars = []
    for place, (limb, (name, title)) in enumerate(
        zip(limbs_of(one), LIMB_WORDS.items(), strict=True)
    ):
        seen = one.confidence[place] if place < len(one.confidence) else 0.0
        state = one.limbs[place] if place < len(one.limbs) else None
        is_driven = state not in (LimbState.LIVE, None)
        words = {"live": "seen", "held": "weak"}
        word = limb.shows if is_driven else words.get(limb.shows, limb.shows or "lost")
        bars.append(LimbBar(name, tr(title), round(100 * seen), word, is_driven))
    return tuple(bars)
