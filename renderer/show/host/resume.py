"""Define the state from which an engine that starts again goes on with the show."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from renderer.output.pacing import ShowClock
from renderer.output.requests import SongSegment
from renderer.output.spec import OutputSpec
from renderer.protocol.fixtures import HandValue
from renderer.protocol.outputs import OutputStatus, RecordingPart
from renderer.protocol.performers import LimbState
from renderer.protocol.sound import SoundHealth

SAVED_EVERY_S: Final = 1.0
"""Shortest interval in seconds between two saved states."""


class PerformerState(msgspec.Struct, frozen=True):
    """What the director has set for one performer.

    Attributes:
        limbs: state of each limb, in the order of motion's LIMBS.
        take: path of the take or animation that limbs play; or empty.
    """

    limbs: list[LimbState]
    take: str = ""


class InputState(msgspec.Struct, frozen=True):
    """What is known of one input.

    Attributes:
        name, size, rate, length_ns, picture_size: as in a SourceInfo, so that the show need not
            wait until it is open again.
        began_ns: monotonic time of a file's first frame; None for a camera.
        distances: of its performers from the camera, metres; None unknown.
    """

    name: str
    size: tuple[int, int]
    rate: float
    length_ns: int | None
    picture_size: tuple[int, int] | None
    began_ns: int | None = None
    distances: list[float | None] = []


class DirectionState(msgspec.Struct, frozen=True):
    """What cues and crew have set in a directed show.

    Attributes:
        tracked: the tracked state, by field.
        kept: the actions that set rigs, screens, avatars and what commands of cues set.
        standby: number of the cue on standby by the list's name; empty at a list's end.
        slate: whether the slate is shown.
        song: name of the song that plays; empty for none.
        position_ns: its time at `now_ns` of the show's clock.
        next_song: name of the song that follows; empty after the last one.
    """

    tracked: dict[str, str | float | bool | None] = {}
    kept: list[dict[str, Any]] = []
    standby: dict[str, str] = {}
    slate: bool = False
    song: str = ""
    position_ns: int = 0
    now_ns: int = 0
    next_song: str = ""


class KeptProgram(msgspec.Struct, frozen=True):
    """What the media processes know, in case that one dies while no engine is there.

    It contains stream keys, and is therefore kept in memory alone.

    Attributes:
        outputs: those that have not ended, by name.
        statuses: of the outputs.
        clock: of the show; None while it is in preview.
        segments: of songs that play and are planned.
        sound: state of the mixer; None without one.
    """

    outputs: dict[str, OutputSpec] = {}
    statuses: list[OutputStatus] = []
    clock: ShowClock | None = None
    segments: tuple[SongSegment, ...] = ()
    sound: SoundHealth | None = None


class ResumeState(msgspec.Struct, frozen=True):
    """State of a show, apart from its clock and its open outputs, which the media process has.

    Attributes:
        size: of the program, pixels.
        rate: of the program, frames per second.
        on_air, recordings: names of the open outputs.
        run: number of the last planned run of show time.
        has_been_on_air: whether the show has been on air, so that going live restarts no song.
        frames, skipped, held, refused: counts for the report.
        inputs: what is known of each.
        performers: what the director has set for each.
        parts: the finished parts of recordings, by output name.
        direction: of a show that its document directs.
        by_hand: values of fixtures that were set by hand.
        program: what the media processes know; None in the journal.
    """

    size: tuple[int, int]
    rate: int
    on_air: list[str] = []
    recordings: list[str] = []
    run: int = 1
    has_been_on_air: bool = False
    frames: int = 0
    skipped: int = 0
    held: int = 0
    refused: int = 0
    inputs: list[InputState] = []
    performers: list[PerformerState] = []
    parts: dict[str, list[RecordingPart]] = {}
    direction: DirectionState | None = None
    by_hand: list[HandValue] = []
    program: KeptProgram | None = None

    @property
    def for_journal(self) -> ResumeState:
        """Return the state without what must not be written."""
        return msgspec.structs.replace(self, program=None)

    @property
    def without_counts(self) -> ResumeState:
        """Return the state without what changes with every frame."""
        return msgspec.structs.replace(self, frames=0, skipped=0, held=0, refused=0, program=None)
