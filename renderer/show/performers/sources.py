"""What goes along with one performer's camera: a phone and a suit, the take, motion sent on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from avatars.pose import AvatarPose
from renderer.capture.network.receiver import TrackerStatus
from renderer.capture.network.records import Tracked, TrackedFace
from renderer.capture.network.trackers import BODY_TRACKERS, open_tracker
from renderer.capture.network.vmc_out import VmcSender, parse_receiver, skeleton_offsets
from renderer.closing import Closing
from renderer.motion.core.records import F32, Motion
from renderer.motion.core.sources import Record, Source
from renderer.motion.takes.write import TakeWriter
from renderer.show.performers.assigning import CompanionPlan


class AuxiliarySources(Closing):
    """Opened before the show, fed by its tick; nothing here waits."""

    def __init__(
        self,
        plan: CompanionPlan,
        pose: AvatarPose,
        take: TakeWriter | None = None,
        performer: int = 0,
    ) -> None:
        """Open what is asked for, all but the close-up and the voice.

        Args:
            pose: of the avatar, at rest: receivers of its motion are told its proportions.
            take: that all of the show's performers are kept in; who opened it closes it.
            performer: whose companions these are, in the take.

        Raises:
            RendererError: something cannot be opened; then nothing stays open.
        """
        self._take = take
        self._performer = performer
        self._sender: VmcSender | None = None
        with ExitStack() as opened:
            self._phone = (
                opened.enter_context(open_tracker(plan.face, plan.allowed)) if plan.face else None
            )
            self._suit = (
                opened.enter_context(open_tracker(plan.body, plan.allowed, BODY_TRACKERS))
                if plan.body
                else None
            )
            if plan.vmc_out:
                offsets, hips = skeleton_offsets(pose.bone_positions())
                host, port = parse_receiver(plan.vmc_out)
                self._sender = opened.enter_context(VmcSender(host, port, offsets, hips))
            self._opened = opened.pop_all()

    @property
    def warnings(self) -> list[str]:
        """Return what is wrong with any of them at present."""
        return [
            warning
            for tracker in (self._phone, self._suit)
            if tracker is not None
            for warning in tracker.status.warnings
        ]

    @property
    def trackers(self) -> list[tuple[Source, TrackerStatus]]:
        """Return how phone and suit are doing, as far as there are any."""
        both = ((Source.PHONE, self._phone), (Source.SUIT, self._suit))
        return [(source, tracker.status) for source, tracker in both if tracker is not None]

    def tracked(self) -> Iterator[tuple[Source, Tracked]]:
        """Return what phone and suit told since the last call."""
        for record in self._phone.drain() if self._phone else ():
            yield Source.PHONE, record
        for record in self._suit.drain() if self._suit else ():
            yield Source.SUIT_FACE if isinstance(record, TrackedFace) else Source.SUIT, record

    def keep(self, source: Source, record: Record) -> None:
        """Keep in the take what is solved or done next."""
        if self._take is not None:
            self._take.put(source, record, self._performer)

    def send(self, motion: Motion, root: F32, t_ns: int) -> None:
        """Send the motion on; `root` is scaled to the avatar."""
        if self._sender is not None:
            self._sender.send(t_ns, root, motion.rotations, motion.expressions)

    def close(self) -> None:
        """Close everything."""
        self._opened.close()
        self._take = None
