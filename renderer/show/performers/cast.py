"""Manage a show's inputs, the performers in them, and the avatars that they move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from avatars.model import Avatar
from avatars.pose import AvatarPose
from renderer.capture.process.messages import SourceInfo
from renderer.capture.process.process import Launch, launch_here
from renderer.capture.sources.address import split_cameras
from renderer.closing import Closing
from renderer.errors import RendererError
from renderer.motion.core.records import F32
from renderer.motion.core.sources import Entry, Source
from renderer.motion.face.response import FaceResponse
from renderer.motion.takes.write import TakeWriter
from renderer.motion.warm_up import warm_up
from renderer.show.containment import Containment
from renderer.show.inputs.camera_group import CameraGroupFeed
from renderer.show.inputs.feed import CaptureFeed, Feed, interval_ns
from renderer.show.inputs.open import open_closeup
from renderer.show.performers.blocking import Blocking
from renderer.show.performers.option_binding import AuxiliaryPlan, names_of, require_bound_options
from renderer.show.performers.performer import PerformerPipeline, solve_together
from renderer.show.performers.recalibration import CameraRecalibration
from renderer.show.performers.responses import choose_responses
from renderer.show.performers.separation import Separation
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.performers.voice_feed import VoiceFeed, source_of
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import count_faults
from renderer.show.rights.takes import protect_take
from renderer.show.timing import StageTimes

_APART_TICKS: Final = 30
"""Ticks, about a second, for which performers are solved separately after they failed together."""


class CastCamera(NamedTuple):
    """One camera of a show, or a file or take in its place.

    Attributes:
        feed: its data.
        performers: indices of the performers in it.
        camera: index among the cameras on its performer; 0 for a single one.
    """

    feed: Feed
    performers: range
    camera: int


class Cast(Closing):
    """The performers of all inputs, in the order of the inputs.

    Attributes:
        performers: one pipeline per performer.
    """

    def __init__(
        self,
        plan: ShowPlan,
        feeds: Sequence[tuple[Feed, int]],
        avatars: Sequence[Avatar],
        times: StageTimes,
        picture: Callable[[int], Path],
        containment: Containment,
        launch: Launch = launch_here,
    ) -> None:
        """Create the performers' pipelines.

        Args:
            feeds: every input of the plan with its number of performers; the cast closes them.
            avatars: assigned to the performers in order, cyclically if there are fewer.
            picture: returns where a camera shares its picture with the desk, given its number;
                close-ups are numbered after the inputs.
            containment: of the show; each input, voice and performer is a separate part.
            launch: starts the close-ups' capture processes.

        Raises:
            RendererError: a source cannot be opened, or an avatar has no performer, or sources are
                given for performers who do not exist.
        """
        # Before the first frame, which would wait for it.
        warm_up()
        self._feeds = feeds
        self._live = plan.live
        self._containment = containment
        self._broken: dict[int, str] = {}
        self._apart = 0
        self._first = [sum(count for _, count in feeds[:k]) for k in range(len(feeds))]
        number = self._first[-1] + feeds[-1][1]
        self._times = times
        self._take: TakeWriter | None = None
        self._unprotected: tuple[str, ...] = ()
        self._voices: dict[int, VoiceFeed] = {}
        self._closeups: dict[int, CaptureFeed] = {}
        with ExitStack() as opened:
            for feed, _ in feeds:
                opened.enter_context(closing(feed))
            for fault in count_faults(number, len(avatars), plan.companions.take):
                raise fault
            names = names_of(plan.declaration.performer, number)
            beside = require_bound_options(plan.companions, names)
            if plan.companions.take is not None:
                about = {
                    "performer": ", ".join(names),
                    "avatar": ", ".join(avatar.meta.name for avatar in avatars),
                }
                consented = protect_take(plan, names)
                self._unprotected = consented.warnings
                writer = TakeWriter(
                    plan.companions.take, about | consented.about, consented.encryption
                )
                self._take = opened.enter_context(writer)
            self.performers = [
                self._performing(avatar, beside[k], k, times, response, opened)
                for k, (avatar, response) in enumerate(
                    choose_responses(avatars, plan.expressiveness, number)
                )
            ]
            self._recalibrations = self._watch_cameras(names, opened)
            for number, one in enumerate(beside):
                if one.closeup:
                    path = picture(len(self.cameras) + len(self._closeups))
                    feed = open_closeup(plan, one.closeup, path, times, launch)
                    self._closeups[number] = opened.enter_context(closing(feed))
            self._listen(plan.inputs, beside, opened)
            self.blocking = [Blocking(count, k, len(feeds)) for k, (_, count) in enumerate(feeds)]
            self._stands: list[list[F32]] = [
                [np.zeros(3, np.float32) for _ in range(count)] for _, count in feeds
            ]
            self._separation = Separation([one.body_radius for one in self.performers])
            self._shifts = [0.0] * len(self.performers)
            self._opened = opened.pop_all()

    def _performing(
        self,
        avatar: Avatar,
        plan: AuxiliaryPlan,
        number: int,
        times: StageTimes,
        response: FaceResponse,
        opened: ExitStack,
    ) -> PerformerPipeline:
        beside = opened.enter_context(
            AuxiliarySources(plan, AvatarPose(avatar), self._take, number)
        )
        return PerformerPipeline(avatar, beside, times, response, number)

    def _watch_cameras(
        self, names: Sequence[str], opened: ExitStack
    ) -> dict[int, CameraRecalibration]:
        """Give performers with several cameras their calibration, and watch over it."""
        out: dict[int, CameraRecalibration] = {}
        for (feed, _), first in zip(self._feeds, self._first, strict=True):
            if not isinstance(feed, CameraGroupFeed):
                continue
            one = self.performers[first]
            one.use_cameras(feed.calibration)
            who = names[first] or f"performer {first + 1}"
            out[first] = opened.enter_context(
                closing(CameraRecalibration(who, one, live=self._live))
            )
        return out

    def _listen(
        self, inputs: Sequence[str], beside: Sequence[AuxiliaryPlan], opened: ExitStack
    ) -> None:
        """Start listening to every voice given."""
        for word, (feed, count), first in zip(inputs, self._feeds, self._first, strict=True):
            for number in range(first, first + count):
                if voice := beside[number].voice:
                    one = self.performers[number]
                    word = split_cameras(word)[0]
                    singing = VoiceFeed(source_of(voice, word), one, feed, live=self._live)
                    self._voices[number] = opened.enter_context(singing)

    @property
    def infos(self) -> list[SourceInfo]:
        """Return the inputs' descriptions; waits until all inputs and close-ups are open.

        Raises:
            RendererError: one cannot be opened.
        """
        for closeup in self._closeups.values():
            _ = closeup.info
        return [feed.info for feed, _ in self._feeds]

    @property
    def dropped(self) -> int:
        """Return the number of input frames that came too late to be used."""
        everything = [*(feed for feed, _ in self._feeds), *self._closeups.values()]
        return sum(feed.dropped for feed in everything)

    @property
    def warnings(self) -> list[str]:
        """Return the faults so far of the inputs and the additional sources."""
        warnings = list(self._unprotected)
        warnings += [warning for feed, _ in self._feeds for warning in feed.warnings]
        warnings += [warning for feed in self._closeups.values() for warning in feed.warnings]
        warnings += [warning for one in self.performers for warning in one.warnings]
        warnings += [warning for voice in self._voices.values() for warning in voice.warnings]
        return [*warnings, self.take_fault] if self.take_fault else warnings

    @property
    def losses(self) -> dict[str, str]:
        """Return the faults found in the data of inputs and voices, sentences by a stable name."""
        parts = [(f"input.{k}", feed.losses) for k, (feed, _) in enumerate(self._feeds, 1)]
        parts += [(f"closeup.{who + 1}", feed.losses) for who, feed in self._closeups.items()]
        parts += [(f"voice.{who + 1}", voice.losses) for who, voice in self._voices.items()]
        return {f"{part}.{name}": text for part, losses in parts for name, text in losses.items()}

    @property
    def take_fault(self) -> str:
        """Return why the take is not being written; empty if it is."""
        if self._take is None or self._take.fault is None:
            return ""
        return str(self._take.fault)

    @property
    def ended(self) -> bool:
        """Return whether all inputs have ended and all of their data has been used."""
        return all(feed.ended or k in self._broken for k, (feed, _) in enumerate(self._feeds))

    @property
    def lost(self) -> bool:
        """Return whether an input's process or device failed; a camera may recover."""
        return any(feed.lost for feed, _ in self._feeds)

    @property
    def broken_off(self) -> list[str]:
        """Return a sentence for each file that ended early, with the reason."""
        reasons = [
            (feed, feed.broken_off or self._broken.get(k, ""))
            for k, (feed, _) in enumerate(self._feeds)
        ]
        return [f"{feed.info.name}: {reason}" for feed, reason in reasons if reason]

    @property
    def frames(self) -> int:
        """Return the number of input frames used."""
        return sum(self.performers[first].frames for first in self._first)

    @property
    def last_seen_ns(self) -> int:
        """Return the time of the newest record of any input."""
        return max(one.last_record_ns for one in self.performers)

    @property
    def end_ns(self) -> int:
        """Return the end time of the last picture of any input; 0 before the inputs' end."""
        return max(feed.end_ns for feed, _ in self._feeds)

    @property
    def inputs(self) -> list[Feed]:
        """Return every input, in their order; several cameras on one performer are one."""
        return [feed for feed, _ in self._feeds]

    @property
    def cameras(self) -> list[CastCamera]:
        """Return every camera of every input, in the order of the inputs."""
        out: list[CastCamera] = []
        for (feed, count), first in zip(self._feeds, self._first, strict=True):
            numbers = range(first, first + count)
            if isinstance(feed, CameraGroupFeed):
                out += [CastCamera(one, numbers, k) for k, one in enumerate(feed.feeds)]
            else:
                out.append(CastCamera(feed, numbers, 0))
        return out

    @property
    def camera_faults(self) -> dict[str, str]:
        """Return the alarms' texts about cameras that were moved; empty texts if right."""
        return {
            f"moved.{who + 1}.{number + 1}": one.faults.get(number, "")
            for who, one in self._recalibrations.items()
            for number in range(one.count)
        }

    @property
    def closeups(self) -> dict[int, CaptureFeed]:
        """Return the close-up cameras by performer index."""
        return self._closeups

    @property
    def voices(self) -> dict[int, VoiceFeed]:
        """Return the voices by performer index."""
        return self._voices

    def performers_seen_by(self, feed: int) -> list[PerformerPipeline]:
        """Return the performers of one input."""
        first, (_, count) = self._first[feed], self._feeds[feed]
        return self.performers[first : first + count]

    def await_people(self) -> None:
        """Read ahead until a performer is detected in every input; offline only.

        Raises:
            CaptureError: an input shows no performer, so that no empty show is rendered.
        """
        for feed, _ in self._feeds:
            feed.await_person()

    def advance(self, t_ns: int) -> None:
        """Process the data up to `t_ns`: offline every frame, live the newest available.

        An input, a voice or a performer that fails is skipped.
        """
        guard = self._containment.guard
        for number in range(len(self._feeds)):
            guard(f"input.{number + 1}", f"Input {number + 1}").attempt(
                partial(self._take_in, number, t_ns)
            )
        for number, closeup in self._closeups.items():
            guard(f"closeup.{number + 1}", f"The close-up of performer {number + 1}").attempt(
                partial(self._take_in_closeup, number, closeup, t_ns)
            )
        for number, voice in self._voices.items():
            guard(f"voice.{number + 1}", f"The voice of performer {number + 1}").attempt(
                partial(voice.advance, t_ns)
            )
        self._solve()
        for number, recalibration in self._recalibrations.items():
            guard(f"cameras.{number + 1}", f"The cameras of performer {number + 1}").attempt(
                partial(recalibration.poll, t_ns)
            )

    def pose_at(self, t_ns: int) -> None:
        """Pose every avatar at a time of the clock that stamps observations.

        The avatar of a performer whose part fails keeps its last pose.
        """
        guard = self._containment.guard
        for number, blocking in enumerate(self.blocking):
            performers = self.performers_seen_by(number)
            stands = guard(f"blocking.{number + 1}", f"The blocking of input {number + 1}").run(
                partial(blocking.at, [one.newest for one in performers], t_ns),
                self._stands[number],
            )
            self._stands[number] = stands
        stands = [stand for of_input in self._stands for stand in of_input]
        joints = [one.joints for one in self.performers]
        self._shifts = guard("separation", "The separation of the performers").run(
            partial(self._separation.shift, joints, t_ns), self._shifts
        )
        together = zip(self.performers, stands, self._shifts, strict=True)
        for who, (one, stand, nearer) in enumerate(together, 1):
            self._pose(who, one, stand, nearer, t_ns)

    def _take_in(self, number: int, t_ns: int) -> None:
        """Process one input's entries up to `t_ns`."""
        (feed, count), first = self._feeds[number], self._first[number]
        try:
            for entry in feed.until(t_ns):
                who = first + entry.performer
                # A voice that was given explicitly replaces a take's own.
                is_dubbed = entry.source is Source.VOICE and who in self._voices
                if entry.performer < count and not is_dubbed:
                    self._observe(who, entry)
        except RendererError as fault:
            if not self._live:  # A file that can no longer be read has ended.
                self._broken[number] = str(fault)
            raise
        if self._live or (feed.ended and t_ns > feed.end_ns):
            for one in self.performers[first : first + count]:
                one.notice_silence(t_ns, interval_ns(feed))

    def _take_in_closeup(self, number: int, closeup: CaptureFeed, t_ns: int) -> None:
        for entry in closeup.until(t_ns):
            self._observe(number, replace(entry, source=Source.CLOSEUP))

    def _observe(self, number: int, entry: Entry) -> None:
        """Pass an observation to its performer."""
        guard = self._containment.guard(
            f"performer.{number + 1}.observe",
            f"An observation of performer {number + 1}",
            recurs=False,
        )
        guard.attempt(lambda: self.performers[number].take_in(entry))

    def _solve(self) -> None:
        """Solve the queued observations in one batch; after a failure, each performer separately.

        The batch that failed is lost, and does not tell whose fault it was; what follows does.
        """
        together = self._containment.guard("solve", "Solving all performers together")
        if self._apart > 0:
            self._apart -= 1
        elif together.attempt(lambda: solve_together(self.performers, self._times)):
            return
        else:
            self._apart = _APART_TICKS
        for number, one in enumerate(self.performers, 1):
            alone = self._containment.guard(
                f"performer.{number}.solve", f"The solver of performer {number}", one.restart
            )
            if not alone.attempt(partial(solve_together, [one], self._times)):
                one.discard_waiting()

    def _pose(
        self, number: int, one: PerformerPipeline, stand: F32, nearer: float, t_ns: int
    ) -> None:
        """Pose one performer's avatar; `number` is from 1."""
        guard, who = self._containment.guard, f"performer {number}"
        guard(f"performer.{number}.trackers", f"The trackers of {who}").attempt(
            one.take_in_trackers
        )
        pose = guard(f"performer.{number}.pose", f"The pose of {who}", one.restart)
        if not pose.attempt(partial(one.pose_at, t_ns, stand, nearer)):
            one.hold_pose()
        guard(f"performer.{number}.send", f"The motion sent of {who}").attempt(
            partial(one.send_motion, t_ns)
        )

    def close(self) -> None:
        """Close the capture processes, the additional sources, and the take.

        Raises:
            MotionError: records of the take were lost.
        """
        self._opened.close()
