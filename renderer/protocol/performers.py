"""Performers: how they are tracked, calibrated and overridden, and the director's commands."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from renderer.protocol.schema import Command, Section


class LimbState(StrEnum):
    """What a limb shows."""

    LIVE = "live"
    FROZEN = "frozen"
    MIRRORED = "mirrored"
    IDLE = "idle"
    TAKE = "take"


class CalibrationStatus(msgspec.Struct, frozen=True):
    """Where the calibration of a face stands: what the performer is asked to do now.

    Attributes:
        share: how much of the whole is done, 0 to 1.
        refused: why a step is asked for again, or why the calibration was given up.
    """

    prompt: str
    step: int
    steps: int
    share: float
    refused: str = ""
    ended: bool = False


class PerformerStatus(msgspec.Struct, frozen=True):
    """How one performer is tracked and overridden. Lists are in the order of motion's LIMBS.

    Attributes:
        performer: their number, from 0.
        limbs: what each limb shows.
        confidence: how surely each limb is seen, 0 to 1.
        take: the name of the take that plays in the performer's place, or empty.
        calibrated: whether their face is known.
        voice: how far the voice moves the mouth, 0 to 1.
        avatar: whom they move.
        sources: what moves each limb that is not overridden: camera, close-up, phone, suit, voice.
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
    sources: list[str] = msgspec.field(default_factory=list)


class PerformersHealth(Section, frozen=True):
    """How every performer is doing, 10 times a second."""

    performers: list[PerformerStatus] = msgspec.field(default_factory=list)


class DirectorCommand(Command, frozen=True):
    """Something that a director asks of one performer, a number from 0."""

    performer: int


class FreezeLimb(DirectorCommand, frozen=True):
    """Hold a performer's limb as it is shown."""

    limb: str


class MirrorLimb(DirectorCommand, frozen=True):
    """Have a limb do what the one on the other side does."""

    limb: str


class ReplaceLimb(DirectorCommand, frozen=True):
    """Have a limb idle, or play a take (.mcap) or an animation (.vrma, .bvh)."""

    limb: str
    take: str = ""


class ReleaseLimb(DirectorCommand, frozen=True):
    """Give a limb back to the performer."""

    limb: str


class HandToTake(DirectorCommand, frozen=True):
    """Have a take or an animation move the whole avatar once; then the performer does again."""

    path: str


class HandBack(DirectorCommand, frozen=True):
    """Give every limb back to the performer."""


class CalibrateFace(DirectorCommand, frozen=True):
    """Guide a performer through the calibration of their face."""
