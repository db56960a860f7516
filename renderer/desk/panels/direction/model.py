"""The director's panel as a view-model without Qt: whose limbs, what they show, what a press means.

Everything that is shown comes from the show's status, so that every desk sees what any desk has
done; a press only asks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Final

from renderer.desk.widgets.formatting import Level
from renderer.desk.widgets.observable import Observable
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
"""What each limb is called on its button, in the order in which a status tells of them."""

_SEEN: Final = 0.5
_GONE: Final = 0.02
"""Confidence from which a limb counts as followed, and below which as lost; in between it is held,
eases into idle, or comes back."""


class Act(Enum):
    """What a button of the panel does, with its text."""

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
    """One limb's button: what it is called, what it shows, how that is to be seen."""

    name: str
    word: str
    shows: str = ""
    level: Level = Level.IDLE
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """All of the director's panel.

    Attributes:
        performers: their names, and which of them is directed here.
        enabled: whether a show listens.
        note: what plays, or what the performer is asked to do; with its level.
        share: of a running calibration; None while none runs.
    """

    performers: tuple[str, ...] = ()
    performer: int = 0
    limbs: tuple[Limb, ...] = tuple(Limb(name, word) for name, word in LIMB_WORDS.items())
    enabled: bool = False
    note: str = ""
    level: Level = Level.IDLE
    share: float | None = None


class DirectionModel:
    """What the panel shows, and which command a press gives.

    Attributes:
        panel: an observable Panel.
    """

    def __init__(self, post: Callable[[Command], None]) -> None:
        """Start with nobody to direct.

        Args:
            post: asks the show for something.
        """
        self._post = post
        self._status: Status | None = None
        self._performer = 0
        self._limb = "leftArm"
        self.panel = Observable(Panel())

    def update(self, status: Status | None) -> None:
        """Follow the show; None while no show answers."""
        self._status = status
        self._refresh()

    def direct(self, performer: int) -> None:
        """Direct another performer."""
        self._performer = performer
        self._refresh()

    def choose(self, limb: str) -> None:
        """Choose the limb that the next press is about."""
        self._limb = limb
        self._refresh()

    def calibrate(self, performer: int) -> None:
        """Have a performer's face calibrated, whoever is directed here."""
        if self.panel.value.enabled:
            self._post(CalibrateFace(performer))

    def press(self, act: Act, path: str = "") -> None:
        """A button was pressed.

        Args:
            path: of the take, where one is asked for; without one such a press means nothing.
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
    """The buttons of one performer; what a status of another version lacks is not known."""
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
    """What is to be said of a performer, how it is to be seen, and a calibration's share."""
    calibration = one.calibration
    if calibration is not None and not calibration.ended:
        return _asked(calibration), Level.WARN, calibration.share
    if calibration is not None and calibration.refused:
        return f"{calibration.refused}.", Level.BAD, None
    if one.take:
        return f"{one.take} plays.", Level.WARN, None
    if one.calibrated:
        return "The face is calibrated.", Level.GOOD, None
    return "The face is not calibrated.", Level.IDLE, None


def _asked(calibration: CalibrationStatus) -> str:
    step = f"{calibration.step} of {calibration.steps}"
    again = f"{calibration.refused}. " if calibration.refused else ""
    return f"{step}: {again}{calibration.prompt}"
