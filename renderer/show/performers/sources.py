"""Manage one performer's sources besides the camera: phone, suit, take and motion output."""

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
from renderer.show.performers.option_binding import AuxiliaryPlan


class AuxiliarySources(Closing):
    """Additional sources, opened before the show and polled by its tick; nothing here waits."""

    def __init__(
        self,
        plan: AuxiliaryPlan,
        pose: AvatarPose,
        take: TakeWriter | None = None,
        performer: int = 0,
    ) -> None:
        """Open all sources of the plan except the close-up and the voice.

        Args:
            pose: the avatar's rest pose, whose proportions are sent to motion receivers.
            take: the take of all of the show's performers; the caller closes it.
            performer: the performer's index in the take.

        Raises:
            RendererError: a source cannot be opened; then nothing remains open.
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
        """Return the current faults of all of them."""
        return [
            warning
            for tracker in (self._phone, self._suit)
            if tracker is not None
            for warning in tracker.status.warnings
        ]

    @property
    def trackers(self) -> list[tuple[Source, TrackerStatus]]:
        """Return the status of phone and suit, if any."""
        both = ((Source.PHONE, self._phone), (Source.SUIT, self._suit))
        return [(source, tracker.status) for source, tracker in both if tracker is not None]

    def drain_trackers(self) -> Iterator[tuple[Source, Tracked]]:
        """Yield what phone and suit have sent since the last call."""
        for record in self._phone.drain() if self._phone else ():
            yield Source.PHONE, record
        for record in self._suit.drain() if self._suit else ():
            yield Source.SUIT_FACE if isinstance(record, TrackedFace) else Source.SUIT, record

    def keep(self, source: Source, record: Record) -> None:
        """Write a record to the take before it is solved or executed."""
        if self._take is not None:
            self._take.put(source, record, self._performer)

    def send(self, motion: Motion, root: F32, t_ns: int) -> None:
        """Send the motion to its receivers; `root` is scaled to the avatar."""
        if self._sender is not None:
            self._sender.send(t_ns, root, motion.rotations, motion.expressions)

    def close(self) -> None:
        """Close everything."""
        self._opened.close()
        self._take = None
