"""Define the status of performers (tracking, calibration, overrides) and director commands."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

import msgspec

from renderer.protocol.schema import Command, Section


class LimbState(StrEnum):
    """What drives a limb."""

    LIVE = "live"
    FROZEN = "frozen"
    MIRRORED = "mirrored"
    IDLE = "idle"
    TAKE = "take"


class CalibrationStatus(msgspec.Struct, frozen=True):
    """Status of a face calibration: the step that the performer has to do now.

    Attributes:
        share: progress of the whole calibration, 0 to 1.
        refused: why a step has to be repeated, or why the calibration was aborted.
    """

    prompt: str
    step: int
    steps: int
    share: float
    refused: str = ""
    ended: bool = False


class PerformerStatus(msgspec.Struct, frozen=True):
    """Tracking and overrides of one performer. Lists are in the order of motion's LIMBS.

    Attributes:
        performer: their number, from 0.
        limbs: state of each limb.
        confidence: tracking confidence of each limb, 0 to 1.
        take: name of the take that replaces the performer, or empty.
        calibrated: whether their face is calibrated.
        voice: how strongly the voice drives the mouth, 0 to 1.
        avatar: name of the avatar that they drive.
        expressiveness: how strongly their avatar's face is shown, 0 to 1.
        sources: source of each limb that is not overridden: camera, close-up, phone, suit, voice.
    """

    performer: int
    name: str
    limbs: list[LimbState] = msgspec.field(default_factory=list)
    confidence: list[float] = msgspec.field(default_factory=list)
    take: str = ""
    calibrated: bool = False
    calibration: CalibrationStatus | None = None
    voice: float = 0.0
    avatar: str = ""
    expressiveness: float = 0.0
    sources: list[str] = msgspec.field(default_factory=list)


class PerformersHealth(Section, frozen=True):
    """Status of every performer, published 10 times a second."""

    performers: list[PerformerStatus] = msgspec.field(default_factory=list)


class DirectorCommand(Command, frozen=True):
    """A director's command about one performer, a number from 0."""

    performer: int


class FreezeLimb(DirectorCommand, frozen=True):
    """Freeze a performer's limb in its current pose."""

    SETS: ClassVar[str] = "limb/{performer}/{limb}"
    limb: str


class MirrorLimb(DirectorCommand, frozen=True):
    """Make a limb mirror the one on the other side."""

    SETS: ClassVar[str] = "limb/{performer}/{limb}"
    limb: str


class ReplaceLimb(DirectorCommand, frozen=True):
    """Make a limb idle, or play a take (.mcap) or an animation (.vrma, .bvh)."""

    SETS: ClassVar[str] = "limb/{performer}/{limb}"
    limb: str
    take: str = ""


class ReleaseLimb(DirectorCommand, frozen=True):
    """End the override of a limb."""

    CLEARS: ClassVar[str] = "limb/{performer}/{limb}"
    limb: str


class HandToTake(DirectorCommand, frozen=True):
    """Play a take or an animation on the whole avatar once, then return to the performer."""

    CLEARS: ClassVar[str] = "limb/{performer}/"
    path: str


class HandBack(DirectorCommand, frozen=True):
    """End all overrides of a performer."""

    CLEARS: ClassVar[str] = "limb/{performer}/"


class CalibrateFace(DirectorCommand, frozen=True):
    """Start the guided calibration of a performer's face."""


class StopCalibration(DirectorCommand, frozen=True):
    """Stop a running calibration; the face stays as it was known before."""


class SetExpressiveness(DirectorCommand, frozen=True):
    """Set how strongly an avatar's face is shown, from 0, as it was seen, to 1.

    Attributes:
        keep: whether the avatar has it in later shows, too.
    """

    expressiveness: float
    keep: bool = False
