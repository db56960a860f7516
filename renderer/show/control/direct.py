"""Execute the director's commands on the performers, and store their calibrated faces.

Slow work (opening a take, storing a face) runs outside the tick. A command that fails is answered
with a sentence, and the show continues unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from renderer.errors import RendererError
from renderer.motion.core.records import LIMBS
from renderer.motion.core.sources import Source
from renderer.motion.face.calibration import STEPS, FaceCalibration
from renderer.motion.face.calibration_store import load_profile, save_profile
from renderer.motion.face.profile import FaceProfile
from renderer.motion.mixing.director import LimbOverride, Playback
from renderer.motion.takes.playback import open_playback
from renderer.protocol.performers import (
    CalibrateFace,
    CalibrationStatus,
    DirectorCommand,
    FreezeLimb,
    HandBack,
    HandToTake,
    LimbState,
    MirrorLimb,
    PerformersHealth,
    PerformerStatus,
    ReleaseLimb,
    ReplaceLimb,
    StopCalibration,
)
from renderer.protocol.schema import Reply
from renderer.rights.takes.encryption import unlock_take
from renderer.rights.takes.personal_files import open_personal, seal_personal
from renderer.show.background import BackgroundTasks
from renderer.show.control.endpoint import DeskEndpoint
from renderer.show.control.publisher import Rate
from renderer.show.control.registry import Answer
from renderer.show.performers.option_binding import names_of
from renderer.show.performers.performer import PerformerPipeline
from renderer.show.rights.takes import require_reuse

_WHOSE: Final = {Source.SUIT_FACE: Source.SUIT.value, Source.CLOSEUP: "close-up"}
"""Sources whose name for the crew differs from their name in a take."""

_DONE: Final = {
    LimbOverride.LIVE: "is the performer's again",
    LimbOverride.FROZEN: "is frozen",
    LimbOverride.MIRRORED: "mirrors the other side",
    LimbOverride.IDLE: "is at ease",
}


class DirectorCommands:
    """Executes director commands for the performers of one show. Belongs to the tick's thread.

    Attributes:
        warnings: faults in loading and storing faces.
    """

    def __init__(
        self,
        performers: Sequence[PerformerPipeline],
        declared: str,
        consents: Sequence[Path] = (),
    ) -> None:
        """Load the performers' calibrated faces.

        Args:
            declared: the performers' names, in the form that names_of parses.
            consents: that the crew named; faces are encrypted for those that have a key.
        """
        self._performers, self._consents = performers, consents
        self._names = names_of(declared, len(performers))
        self._background = BackgroundTasks()
        self.warnings: list[str] = []
        for one, name in zip(performers, self._names, strict=True):
            if name:
                self._recall(one, name)

    def attach(self, desk: DeskEndpoint) -> None:
        """Handle the desks' director commands, and publish the performers' section."""
        for kind in (
            FreezeLimb, MirrorLimb, ReplaceLimb, ReleaseLimb, HandToTake, HandBack, CalibrateFace,
            StopCalibration,
        ):  # fmt: skip
            desk.commands.register(kind, self.handle)
        desk.sections.add(PerformersHealth, Rate.HEALTH, self.health)

    def handle(self, command: DirectorCommand, answer: Answer) -> None:
        """Execute a command, and answer with its result."""
        if not 0 <= command.performer < len(self._performers):
            answer(Reply(False, f"There is no performer {command.performer + 1}."))
            return
        one, who = self._performers[command.performer], self._find_performer(command.performer)
        match command:
            case FreezeLimb(limb=limb):
                self._override(one, limb, LimbOverride.FROZEN, answer)
            case MirrorLimb(limb=limb):
                self._override(one, limb, LimbOverride.MIRRORED, answer)
            case ReplaceLimb(limb=limb, take=""):
                self._override(one, limb, LimbOverride.IDLE, answer)
            case ReplaceLimb(limb=limb, take=take):
                if limb not in LIMBS:
                    answer(_no_limb(limb))
                    return
                self._play(one, (limb,), take, f"{who}'s {_plain(limb)} plays {{}}.", answer)
            case ReleaseLimb(limb=limb):
                self._override(one, limb, LimbOverride.LIVE, answer)
            case HandToTake(path=path):
                self._play(one, LIMBS, path, f"{who} plays {{}}.", answer)
            case HandBack():
                one.override(LIMBS, LimbOverride.LIVE)
                answer(Reply(True, f"{who} follows the performer again."))
            case CalibrateFace():
                one.calibration = FaceCalibration()
                answer(Reply(True, f"{STEPS[0].prompt}."))
            case StopCalibration():
                if one.calibration is None or one.calibration.progress.ended:
                    answer(Reply(False, f"No calibration of {who} runs."))
                    return
                one.calibration = None
                answer(Reply(True, f"The calibration is stopped; {who}'s face is as before."))

    def play_again(self, number: int, limbs: Sequence[str], take: str) -> None:
        """Play a take from its start, in an engine that goes on with the show."""

        def note(reply: Reply) -> None:
            if not reply.ok:
                self.warnings.append(reply.text)

        self._play(self._performers[number], limbs, take, "{}", note)

    def poll(self) -> None:
        """Collect background results between frames, and apply new calibrations."""
        self._background.deliver()
        for one, name in zip(self._performers, self._names, strict=True):
            fresh = None if one.calibration is None else one.calibration.profile
            if fresh is None or fresh is one.profile:
                continue
            one.know_face(fresh)
            if name:
                self._keep(fresh, name)

    def health(self) -> PerformersHealth:
        """Return the tracking and director status of every performer."""
        return PerformersHealth(self.statuses())

    def statuses(self) -> list[PerformerStatus]:
        """Return the tracking and director status of each performer, in order."""
        return [
            PerformerStatus(
                performer=number,
                name=self._find_performer(number),
                limbs=[LimbState(treatment.value) for treatment in one.treatments],
                confidence=[] if one.shown is None else one.shown.confidence.tolist(),
                take=one.playing,
                calibrated=one.profile is not None,
                calibration=_calibration_status(one.calibration),
                voice=one.hidden_mouth,
                avatar=one.avatar.meta.name,
                expressiveness=one.response.expressiveness,
                sources=[_WHOSE.get(owner, owner.value) for owner in one.owners],
            )
            for number, one in enumerate(self._performers)
        ]

    def close(self) -> None:
        """Finish pending work, and end the background thread."""
        self._background.close()

    def _override(
        self, one: PerformerPipeline, limb: str, treatment: LimbOverride, answer: Answer
    ) -> None:
        if limb not in LIMBS:
            answer(_no_limb(limb))
            return
        one.override((limb,), treatment)
        answer(Reply(True, f"The {_plain(limb)} {_DONE[treatment]}."))

    def _play(
        self, one: PerformerPipeline, limbs: Sequence[str], take: str, done: str, answer: Answer
    ) -> None:
        def do() -> Playback | str:
            try:
                require_reuse(Path(take))
                return open_playback(Path(take), self._performers.index(one), unlock_take)
            except RendererError as refused:
                return str(refused)

        def settle(found: Playback | str) -> None:
            if isinstance(found, str):
                answer(Reply(False, found))
                return
            one.override(limbs, LimbOverride.TAKE, found, Path(take))
            answer(Reply(True, done.format(found.name)))

        def fail(fault: Exception) -> None:
            answer(Reply(False, f"The take {take} cannot be opened ({type(fault).__name__})."))

        self._background.run(do, settle, fail)

    def _recall(self, one: PerformerPipeline, name: str) -> None:
        try:
            profile = load_profile(name, unseal=open_personal)
        except RendererError as fault:
            self.warnings.append(str(fault))
            return
        if profile is not None:
            one.know_face(profile)

    def _keep(self, profile: FaceProfile, name: str) -> None:
        def do() -> str:
            try:
                save_profile(
                    profile, name, seal=partial(seal_personal, performer=name, named=self._consents)
                )
            except RendererError as fault:
                return str(fault)
            return ""

        self._background.run(do, lambda fault: self.warnings.extend([fault] if fault else []))

    def _find_performer(self, number: int) -> str:
        return self._names[number] or f"Performer {number + 1}"


def _no_limb(limb: str) -> Reply:
    return Reply(False, f"There is no limb {limb!r}; name one of {', '.join(LIMBS)}.")


def _plain(limb: str) -> str:
    """Return a limb's name in words, such as "left arm" for leftArm."""
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in limb)


def _calibration_status(calibration: FaceCalibration | None) -> CalibrationStatus | None:
    if calibration is None:
        return None
    progress = calibration.progress
    return CalibrationStatus(
        prompt=progress.step.prompt,
        step=STEPS.index(progress.step) + 1,
        steps=len(STEPS),
        share=progress.share,
        refused=progress.refused,
        ended=progress.ended,
    )
