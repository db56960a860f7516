"""Everybody in a show: its inputs, the performers in them, and the idols that they move."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

from avatars.model import Avatar
from avatars.pose import AvatarPose
from renderer.capture.process.messages import SourceInfo
from renderer.closing import Closing
from renderer.motion.core.records import F32
from renderer.motion.core.sources import Source
from renderer.motion.takes.write import TakeWriter
from renderer.show.inputs.feed import CaptureFeed, Feed
from renderer.show.inputs.open import open_closeup
from renderer.show.performers.assigning import CompanionPlan, assigned, names_of
from renderer.show.performers.blocking import Blocking
from renderer.show.performers.performer import PerformerPipeline, solve_together
from renderer.show.performers.sources import AuxiliarySources
from renderer.show.performers.voice_feed import VoiceFeed, source_of
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import count_faults
from renderer.show.timing import StageTimes


class Cast(Closing):
    """The performers of all inputs, in the order of the inputs.

    Attributes:
        performings: one a performer.
    """

    def __init__(
        self,
        plan: ShowPlan,
        feeds: Sequence[tuple[Feed, int]],
        avatars: Sequence[Avatar],
        times: StageTimes,
        picture: Callable[[int], Path],
    ) -> None:
        """Cast the performers.

        Args:
            feeds: every input of the plan with the number of its performers; the cast closes them.
            avatars: of the performers in turn; from the first again if there are fewer.
            picture: where a camera shares its picture with the desk, by its number; close-ups are
                counted on from the inputs.

        Raises:
            RendererError: something cannot be opened, or there are avatars that nobody moves, or
                companions of performers who are not there.
        """
        self._feeds = feeds
        self._live = plan.live
        self._first = [sum(count for _, count in feeds[:k]) for k in range(len(feeds))]
        number = self._first[-1] + feeds[-1][1]
        self._times = times
        self._take: TakeWriter | None = None
        self._voices: dict[int, VoiceFeed] = {}
        self._closeups: dict[int, CaptureFeed] = {}
        with ExitStack() as opened:
            for feed, _ in feeds:
                opened.enter_context(closing(feed))
            for fault in count_faults(number, len(avatars), plan.companions.take):
                raise fault
            names = names_of(plan.declaration.performer, number)
            beside = assigned(plan.companions, names)
            if plan.companions.take is not None:
                about = {
                    "performer": ", ".join(names),
                    "avatar": ", ".join(avatar.meta.name for avatar in avatars),
                }
                self._take = opened.enter_context(TakeWriter(plan.companions.take, about))
            self.performings = [
                self._performing(avatars[k % len(avatars)], beside[k], k, times, opened)
                for k in range(number)
            ]
            for number, one in enumerate(beside):
                if one.closeup:
                    path = picture(len(feeds) + len(self._closeups))
                    feed = open_closeup(plan, one.closeup, path, times)
                    self._closeups[number] = opened.enter_context(closing(feed))
            self._listen(plan.inputs, beside, opened)
            self._places = [Blocking(count, k, len(feeds)) for k, (_, count) in enumerate(feeds)]
            self._opened = opened.pop_all()

    def _performing(
        self,
        avatar: Avatar,
        plan: CompanionPlan,
        number: int,
        times: StageTimes,
        opened: ExitStack,
    ) -> PerformerPipeline:
        beside = opened.enter_context(
            AuxiliarySources(plan, AvatarPose(avatar), self._take, number)
        )
        return PerformerPipeline(avatar, beside, times)

    def _listen(
        self, inputs: Sequence[str], beside: Sequence[CompanionPlan], opened: ExitStack
    ) -> None:
        """Start listening to every voice that was named."""
        for word, (feed, count), first in zip(inputs, self._feeds, self._first, strict=True):
            for number in range(first, first + count):
                if voice := beside[number].voice:
                    one = self.performings[number]
                    singing = VoiceFeed(source_of(voice, word), one, feed, live=self._live)
                    self._voices[number] = opened.enter_context(singing)

    @property
    def infos(self) -> list[SourceInfo]:
        """What the inputs are; waits until all are open, and all close-ups.

        Raises:
            RendererError: if one cannot be opened.
        """
        for closeup in self._closeups.values():
            _ = closeup.info
        return [feed.info for feed, _ in self._feeds]

    @property
    def dropped(self) -> int:
        """Input frames that came too late to be used."""
        everything = [*(feed for feed, _ in self._feeds), *self._closeups.values()]
        return sum(feed.dropped for feed in everything)

    @property
    def warnings(self) -> list[str]:
        """What went wrong so far with the inputs and what goes along with them."""
        told = [warning for feed, _ in self._feeds for warning in feed.warnings]
        told += [warning for feed in self._closeups.values() for warning in feed.warnings]
        told += [warning for one in self.performings for warning in one.warnings]
        told += [warning for voice in self._voices.values() for warning in voice.warnings]
        if self._take is not None and self._take.fault is not None:
            told.append(str(self._take.fault))
        return told

    @property
    def ended(self) -> bool:
        """Whether no input has any more, and all of it has been used."""
        return all(feed.ended for feed, _ in self._feeds)

    @property
    def lost(self) -> bool:
        """Whether an input's process or device failed; a camera may come back."""
        return any(feed.lost for feed, _ in self._feeds)

    @property
    def broken_off(self) -> list[str]:
        """Which files ended before their end, and why."""
        return [
            f"{feed.info.name}: {feed.broken_off}" for feed, _ in self._feeds if feed.broken_off
        ]

    @property
    def frames(self) -> int:
        """Input frames that were used."""
        return sum(self.performings[first].frames for first in self._first)

    @property
    def last_seen_ns(self) -> int:
        """Time of the newest thing that an input showed or told."""
        return max(one.last_told_ns for one in self.performings)

    @property
    def cameras(self) -> list[tuple[Feed, range]]:
        """Every input with the numbers of the performers whom it shows."""
        numbered = zip(self._feeds, self._first, strict=True)
        return [(feed, range(first, first + count)) for (feed, count), first in numbered]

    @property
    def closeups(self) -> dict[int, CaptureFeed]:
        """The cameras close to faces, by performer."""
        return self._closeups

    @property
    def voices(self) -> dict[int, VoiceFeed]:
        """The voices that are listened to, by performer."""
        return self._voices

    def seen_by(self, feed: int) -> list[PerformerPipeline]:
        """The performers of one input."""
        first, (_, count) = self._first[feed], self._feeds[feed]
        return self.performings[first : first + count]

    def await_people(self) -> None:
        """Offline: read ahead until somebody is seen in every input.

        Raises:
            CaptureError: when an input holds nobody, so that no empty show is rendered.
        """
        for feed, _ in self._feeds:
            feed.await_person()

    def advance(self, t_ns: int) -> None:
        """Take in all seen and heard up to `t_ns`: offline all of it, live the newest there is."""
        for (feed, count), first in zip(self._feeds, self._first, strict=True):
            for entry in feed.until(t_ns):
                number = first + entry.performer
                # A voice that was named is heard in place of a take's own.
                dubbed = entry.source is Source.VOICE and number in self._voices
                if entry.performer < count and not dubbed:
                    self.performings[number].take_in(entry)
            if self._live or feed.ended:
                for one in self.performings[first : first + count]:
                    one.notice_silence(t_ns)
        for number, closeup in self._closeups.items():
            for entry in closeup.until(t_ns):
                self.performings[number].take_in(replace(entry, source=Source.CLOSEUP))
        for voice in self._voices.values():
            voice.advance(t_ns)
        solve_together(self.performings, self._times)

    def pose_at(self, t_ns: int) -> None:
        """Pose every avatar at a time of the clock that observations are stamped with."""
        for number, places in enumerate(self._places):
            performers = self.seen_by(number)
            stand: Sequence[F32] = places.at([one.newest for one in performers], t_ns)
            for one, place in zip(performers, stand, strict=True):
                one.pose_at(t_ns, place)

    def close(self) -> None:
        """End the capture processes, what goes along with them, and the take.

        Raises:
            MotionError: records of the take were lost.
        """
        self._opened.close()
