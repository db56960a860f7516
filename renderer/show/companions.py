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
from renderer.motion.takes.layout import Source
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

    def __init__(self, plan: CompanionPlan, pose: AvatarPose, about: dict[str, str]) -> None:
        """Open what is asked for.

        Args:
            pose: of the avatar, at rest: receivers of its motion are told its proportions.
            about: what a take tells of itself.

        Raises:
            RendererError: something cannot be opened; then nothing stays open.
        """
        self._mixer = SourceMixer()
        self._take: TakeWriter | None = None
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
            if plan.take is not None:
                self._take = TakeWriter(plan.take, about)
            self._opened = opened.pop_all()

    @property
    def warnings(self) -> list[str]:
        """What is wrong with any of them at present."""
        told = [
            warning
            for tracker in (self._phone, self._suit)
            if tracker is not None
            for warning in tracker.status.warnings
        ]
        if self._take is not None and self._take.fault is not None:
            told.append(str(self._take.fault))
        return told

    def keep(self, observation: Observation) -> None:
        """Keep what the camera saw, in the order in which it is solved."""
        if self._take is not None:
            self._take.put(Source.CAMERA, observation)

    def mix(self, camera: Motion, t_ns: int) -> Motion:
        """The camera's motion with the trackers' parts in it; times must rise."""
        if self._phone is None and self._suit is None:
            return camera
        for record in self._phone.drain() if self._phone else ():
            self._mixer.push_phone(record)
            self._keep_tracked(Source.PHONE, record)
        for record in self._suit.drain() if self._suit else ():
            self._mixer.push_suit(record)
            is_face = isinstance(record, TrackedFace)
            self._keep_tracked(Source.SUIT_FACE if is_face else Source.SUIT, record)
        return self._mixer.at(camera, t_ns)

    def send(self, motion: Motion, root: F32, t_ns: int) -> None:
        """Send the motion on; `root` is scaled to the avatar."""
        if self._sender is not None:
            self._sender.send(t_ns, root, motion.rotations, motion.expressions)

    def close(self) -> None:
        """Close everything and finish the take.

        Raises:
            MotionError: records of the take were lost.
        """
        self._opened.close()
        take, self._take = self._take, None
        if take is not None:
            take.close()

    def _keep_tracked(self, source: Source, record: TrackedFace | TrackedBody) -> None:
        if self._take is not None:
            self._take.put(source, record)
