"""Hold the view-model of the director's panel: performer, limb states, commands. No Qt.

Everything that is shown comes from the show's status, so that every desk sees what any desk has
done; a press only sends a command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from renderer.desk.messages import translate
from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
from renderer.desk.words import tr
from renderer.protocol.performers import (
    CalibrateFace,
    CalibrationStatus,
    FreezeLimb,
    HandBack,
    HandToTake,
    LimbState,
    MirrorLimb,
    PerformersHealth,
    PerformerStatus,
    ReleaseLimb,
    ReplaceLimb,
)
from renderer.protocol.schema import Command
from renderer.protocol.show import ShowHealth, ShowState
from renderer.protocol.status import Status

LIMB_WORDS: Final = {
    "torso": "Torso", "head": "Head", "leftArm": "L arm", "rightArm": "R arm",
    "leftHand": "L hand", "rightHand": "R hand", "leftLeg": "L leg", "rightLeg": "R leg",
    "face": "Face",
}  # fmt: skip
"""The text of each limb's button, in the order of the limbs in a status."""

_SEEN: Final = 0.5
_GONE: Final = 0.02
"""Thresholds of the tracking confidence: a limb counts as tracked from the upper threshold, and as
lost below the lower one; in between it is held, blends to idle, or returns."""


class Act(Enum):
    """The action of a button of the panel, with its text."""

    RELEASE = "Live"
    FREEZE = "Freeze"
    MIRROR = "Mirror"
    IDLE = "Idle"
    TAKE = "Take…"
    HAND_OVER = "Hand to take…"
    HAND_BACK = "Hand back"
    CALIBRATE = "Calibrate face"


LIMB_ACTS: Final = (Act.RELEASE, Act.FREEZE, Act.MIRROR, Act.IDLE, Act.TAKE)
WHOLE_ACTS: Final = (Act.HAND_OVER, Act.HAND_BACK, Act.CALIBRATE)


@dataclass(frozen=True, slots=True)
class Limb:
    """One limb's button: its name, its state, and its level."""

    name: str
    word: str
    shows: str = ""
    level: Level = Level.IDLE
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """The contents of the director's panel.

    Attributes:
        performers: their names, and the index of the selected one.
        enabled: whether a show is connected.
        note: the take that plays, or the instruction to the performer; with its level.
        share: progress of a running calibration; None if none is running.
    """

    performers: tuple[str, ...] = ()
    performer: int = 0
    limbs: tuple[Limb, ...] = tuple(Limb(name, word) for name, word in LIMB_WORDS.items())
    enabled: bool = False
    note: str = ""
    level: Level = Level.IDLE
    share: float | None = None


class DirectionModel:
    """Determines the contents of the panel, and the command of a press.

    Attributes:
        panel: an observable Panel.
    """

    def __init__(self, post: Callable[[Command], None]) -> None:
        """Start without a performer.

        Args:
            post: sends the show a command.
        """
        self._post = post
        self._status: Status | None = None
        self._performer = 0
        self._limb = "leftArm"
        self.panel = Observable(Panel())

    def update(self, status: Status | None) -> None:
        """Update the panel from a status; None if no show answers."""
        self._status = status
        self._refresh()

    def direct(self, performer: int) -> None:
        """Select another performer."""
        self._performer = performer
        self._refresh()

    def choose(self, limb: str) -> None:
        """Select the limb for the next press."""
        self._limb = limb
        self._refresh()

    @property
    def limb(self) -> str:
        """Return the name of the chosen limb."""
        return self._limb

    def step_limb(self, step: int) -> None:
        """Choose the next or the previous limb."""
        names = list(LIMB_WORDS)
        self.choose(names[(names.index(self._limb) + step) % len(names)])

    def calibrate(self, performer: int) -> None:
        """Start the calibration of a performer's face, regardless of the selected performer."""
        if self.panel.value.enabled:
            self._post(CalibrateFace(performer))

    def press(self, act: Act, path: str = "") -> None:
        """Handle a button press.

        Args:
            path: of the take, if the action needs one; without it such a press has no effect.
        """
        if not self.panel.value.enabled:
            return
        who, limb = self._performer, self._limb
        if act in (Act.TAKE, Act.HAND_OVER) and not path:
            return
        commands: dict[Act, Command] = {
            Act.RELEASE: ReleaseLimb(who, limb),
            Act.FREEZE: FreezeLimb(who, limb),
            Act.MIRROR: MirrorLimb(who, limb),
            Act.IDLE: ReplaceLimb(who, limb),
            Act.TAKE: ReplaceLimb(who, limb, path),
            Act.HAND_OVER: HandToTake(who, path),
            Act.HAND_BACK: HandBack(who),
            Act.CALIBRATE: CalibrateFace(who),
        }
        self._post(commands[act])

    def _refresh(self) -> None:
        status = self._status
        directed = () if status is None else tuple(status.of(PerformersHealth).performers)
        if self._performer >= len(directed):
            self._performer = 0
        limbs = tuple(
            replace(limb, chosen=limb.name == self._limb)
            for limb in (limbs_of(directed[self._performer]) if directed else Panel().limbs)
        )
        if status is None or not directed:
            self.panel.set(Panel(limbs=limbs))
            return
        one = directed[self._performer]
        note, level, share = note_of(one)
        self.panel.set(
            Panel(
                performers=tuple(each.name for each in directed),
                performer=self._performer,
                limbs=limbs,
                enabled=status.of(ShowHealth).state in (ShowState.PREVIEW, ShowState.ON_AIR),
                note=note,
                level=level,
                share=share,
            )
        )


def limbs_of(one: PerformerStatus) -> tuple[Limb, ...]:
    """Return one performer's buttons; values missing from another version's status stay blank."""
    out = []
    for row, (name, word) in enumerate(LIMB_WORDS.items()):
        shows = one.limbs[row] if row < len(one.limbs) else None
        seen = one.confidence[row] if row < len(one.confidence) else 0.0
        if shows is LimbState.LIVE:
            out.append(Limb(name, word, *_sight(seen)))
        else:
            text = "" if shows is None else shows.value
            out.append(Limb(name, word, text, Level.WARN if shows else Level.IDLE))
    return tuple(out)


def _sight(seen: float) -> tuple[str, Level]:
    if seen >= _SEEN:
        return LimbState.LIVE.value, Level.GOOD
    return ("held", Level.WARN) if seen > _GONE else ("lost", Level.BAD)


def note_of(one: PerformerStatus) -> tuple[str, Level, float | None]:
    """Return the note about a performer, its level, and the progress of a calibration."""
    calibration = one.calibration
    if calibration is not None and not calibration.ended:
        return _format_step(calibration), Level.WARN, calibration.share
    if calibration is not None and calibration.refused:
        return f"{translate(calibration.refused)}.", Level.BAD, None
    if one.take:
        return tr("{take} plays.", take=one.take), Level.WARN, None
    if one.calibrated:
        return tr("The face is calibrated."), Level.GOOD, None
    return tr("The face is not calibrated."), Level.IDLE, None


def _format_step(calibration: CalibrationStatus) -> str:
    step = tr("{step} of {steps}", step=calibration.step, steps=calibration.steps)
    again = f"{translate(calibration.refused)}. " if calibration.refused else ""
    return f"{step}: {again}{translate(calibration.prompt)}"
