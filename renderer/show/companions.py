"""What goes along with a camera: phones and suits mixed in, a take kept, motion sent on."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from avatars.pose import AvatarPose
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.capture.network.trackers import BODY_TRACKERS, open_tracker
from renderer.capture.network.vmc_out import VmcSender, parse_receiver, skeleton_offsets
from renderer.capture.records import Observation
from renderer.closing import Closing
from renderer.motion.exchange.mixing import SourceMixer
from renderer.motion.records import F32, Motion
from renderer.motion.takes.layout import Record, Source
from renderer.motion.takes.write import TakeWriter


@dataclass(frozen=True, slots=True)
class CompanionPlan:
    """What a crew asks for beside the camera; empty where it asks for nothing.

    Attributes:
        face: a network tracker for the face, such as livelink:11111.
        body: one for the body, such as vmc:39539.
        allowed: addresses or networks that trackers may send from; this machine always may.
        take: the file to keep everything seen in.
        vmc_out: host and port that the solved motion is sent to.
    """

    face: str = ""
    body: str = ""
    allowed: tuple[str, ...] = ()
    take: Path | None = None
    vmc_out: str = ""


class Companions(Closing):
    """Opened before the show, fed by its tick; nothing here waits."""

    def __init__(
        self,
        plan: CompanionPlan,
        pose: AvatarPose,
        take: TakeWriter | None = None,
        performer: int = 0,
    ) -> None:
        """Open what is asked for.

        Args:
            pose: of the avatar, at rest: receivers of its motion are told its proportions.
            take: that all of the show's performers are kept in; who opened it closes it.
            performer: whose companions these are, in the take.

        Raises:
            RendererError: something cannot be opened; then nothing stays open.
        """
        self._mixer = SourceMixer()
        self._mixes = bool(plan.face or plan.body)
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
        """What is wrong with any of them at present."""
        return [
            warning
            for tracker in (self._phone, self._suit)
            if tracker is not None
            for warning in tracker.status.warnings
        ]

    def keep(self, observation: Observation) -> None:
        """Keep what the camera saw, in the order in which it is solved."""
        self._keep(Source.CAMERA, observation)

    def replay(self, source: Source, record: TrackedFace | TrackedBody) -> None:
        """Take in what a tracker told when a take was recorded."""
        self._mixes = True
        self._push(source, record)

    def mix(self, camera: Motion, t_ns: int) -> Motion:
        """The camera's motion with the trackers' parts in it; times must rise."""
        if not self._mixes:
            return camera
        for record in self._phone.drain() if self._phone else ():
            self._push(Source.PHONE, record)
        for record in self._suit.drain() if self._suit else ():
            is_face = isinstance(record, TrackedFace)
            self._push(Source.SUIT_FACE if is_face else Source.SUIT, record)
        return self._mixer.at(camera, t_ns)

    def send(self, motion: Motion, root: F32, t_ns: int) -> None:
        """Send the motion on; `root` is scaled to the avatar."""
        if self._sender is not None:
            self._sender.send(t_ns, root, motion.rotations, motion.expressions)

    def close(self) -> None:
        """Close everything."""
        self._opened.close()
        self._take = None

    def _push(self, source: Source, record: TrackedFace | TrackedBody) -> None:
        if source is Source.PHONE:
            self._mixer.push_phone(record)
        else:
            self._mixer.push_suit(record)
        self._keep(source, record)

    def _keep(self, source: Source, record: Record) -> None:
        if self._take is not None:
            self._take.put(source, record, self._performer)
