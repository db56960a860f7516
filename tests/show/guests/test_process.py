"""Test a guest who joins over real WebRTC on loopback: motion arrives, and strangers do not."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from renderer.capture.network.records import TrackedBody, freeze
from renderer.capture.sources.address import has_picture, is_live
from renderer.errors import CaptureError
from renderer.motion.core.records import LIMBS
from renderer.motion.core.sources import Source
from renderer.motion.performance import Performance
from renderer.output.sound.guest_line import GuestLine
from renderer.protocol.sound import DeviceState
from renderer.rights.declaration import Declaration
from renderer.show.guests.exchange import GuestSettings, Presence
from renderer.show.guests.invitation import GuestKey, Invitation, make_terms
from renderer.show.guests.return_player import ReturnPlayer
from renderer.show.guests.station import GuestStation
from renderer.show.guests.voice_source import VoiceSource
from renderer.show.inputs.guest_feed import GuestFeed
from renderer.show.inputs.health import Flow
from renderer.show.plan import ShowPlan
from renderer.show.plan_checks import guest_faults, performer_count
from tests.show.guests.test_packet import make_motion
from tests.show.guests.test_voice import open_tone

pytest.importorskip("aiortc")

WAIT_S = 60.0


def await_(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + WAIT_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


class Dancer:
    """Stands for a performer's camera: a motion that turns with its number."""

    def __init__(self) -> None:
        self.number = 0
        self.has_ended = False
        self.voice: VoiceSource | None = None
        self.back: ReturnPlayer | None = None
        self.age_ns = 0

    def next_message(self) -> bytes:
        from renderer.show.guests.packet import encode_motion

        self.number += 1
        everything = freeze(np.ones(len(LIMBS)))
        motion = make_motion(self.number % 7, t_seen_ns=time.monotonic_ns(), confidence=everything)
        return encode_motion(motion, self.number - 1)


@contextmanager
def joined(
    invitation: Invitation,
    told: list[str],
    voice: VoiceSource | None = None,
    back: ReturnPlayer | None = None,
) -> Iterator[Dancer]:
    """Perform as a guest in a thread."""
    import asyncio

    from renderer.show.guests.join import _keep_joined

    dancer = Dancer()
    dancer.voice, dancer.back = voice, back
    faults: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(_keep_joined(invitation, dancer, told.append))  # type: ignore[arg-type]
        except CaptureError as fault:
            faults.append(fault)
            told.append(str(fault))

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield dancer
    finally:
        dancer.has_ended = True
        thread.join()


def settings(tmp_path: Path, port: int = 0) -> GuestSettings:
    return GuestSettings(("Mai",), "First Light", "127.0.0.1", port, str(tmp_path))


def invite(tmp_path: Path, address: str, show: str = "First Light") -> Invitation:
    return GuestKey(tmp_path).invite(make_terms("Mai", show, 1.0, address))


def test_a_guest_joins_is_shown_and_leaves(tmp_path: Path) -> None:
    with closing(GuestStation(settings(tmp_path))) as station:
        feed = GuestFeed(station, "Mai")
        await_(lambda: station.state("Mai") is not None)
        assert feed.health.flow is Flow.OPENING
        assert list(feed.until(time.monotonic_ns())) == []
        invitation = invite(tmp_path, station.address)
        bodies: list[TrackedBody] = []

        performance = Performance()

        def collect() -> int:
            for entry in feed.until(time.monotonic_ns()):
                performance.push(entry.source, entry.record)
                if isinstance(entry.record, TrackedBody):
                    bodies.append(entry.record)
            performance.at(time.monotonic_ns())
            return len(bodies)

        told: list[str] = []
        with joined(invitation, told):
            await_(lambda: collect() >= 60)
            await_(lambda: feed.health.flow is Flow.FLOWING)
            assert feed.health.latency_ms > 0.0
            # The body is the guest's, not the idle pose.
            assert set(performance.owners[:-1]) == {Source.SUIT}
        times = [one.t_seen_ns for one in bodies]
        assert times == sorted(set(times))
        assert any("On stage as Mai" in one for one in told)
        await_(lambda: feed.health.flow is Flow.RECONNECTING)

        # The same guest comes back, and is revoked.
        count = len(bodies)
        with joined(invitation, told):
            await_(lambda: collect() >= count + 20)
            GuestKey(tmp_path).revoke(invitation.terms.id)
            await_(lambda: any("revoked" in one for one in told))
        assert any("revoked" in one for one in feed.warnings)
        feed.close()


def test_a_guest_is_heard_in_the_mixers_channel(tmp_path: Path) -> None:
    voices = msgspec.structs.replace(settings(tmp_path), voices=str(tmp_path))
    with (
        closing(GuestStation(voices)) as station,
        closing(VoiceSource("tone", opener=open_tone)) as voice,
    ):
        line = GuestLine("mic-1", "guest:Mai", tmp_path)
        assert line.status().detail in ("waits for the guest", "gives no sound")
        out = np.zeros((1, 480), np.float32)
        with joined(invite(tmp_path, station.address), [], voice):
            await_(lambda: line.read(out, 480, time.monotonic_ns(), 5e8) and np.ptp(out) > 0.5)
            assert line.status().state is DeviceState.RUNNING
        await_(lambda: line.status().state is DeviceState.LOST)
        line.close()


def test_an_invitation_of_another_studio_show_or_guest_is_refused(tmp_path: Path) -> None:
    with closing(GuestStation(settings(tmp_path / "a"))) as station:
        address = station.address
        terms = make_terms("Ren", "First Light", 1.0, address)
        for invitation, reason in (
            (invite(tmp_path / "b", address), "not of this studio"),
            (invite(tmp_path / "a", address, "Another"), "is for the show Another"),
            (GuestKey(tmp_path / "a").invite(terms), "awaits no guest Ren"),
            (
                msgspec.structs.replace(
                    invite(tmp_path / "a", address),
                    terms=make_terms("Mai", "First Light", 2.0, address),
                ),
                "not of this studio",
            ),
        ):
            told: list[str] = []
            with joined(invitation, told):
                await_(lambda told=told: told)
            assert reason in told[0]
        assert station.state("Mai") is not None
        assert station.state("Mai").presence is Presence.AWAITED  # type: ignore[union-attr]


def test_a_process_that_dies_listens_again_where_invitations_say(tmp_path: Path) -> None:
    with closing(GuestStation(settings(tmp_path))) as station:
        kept, first = station._kept, station._kept.child
        assert first.pid is not None
        os.kill(first.pid, signal.SIGKILL)
        await_(lambda: kept.child is not first)
        assert kept.child.wait_ready() == station.address
        await_(lambda: station.fault == "")


def test_a_port_in_use_is_told_before_air(tmp_path: Path) -> None:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as taken,
        pytest.raises(CaptureError, match="cannot be listened on"),
    ):
        GuestStation(settings(tmp_path, taken.getsockname()[1]))


def test_a_guest_is_one_performer_and_makes_a_show_live() -> None:
    assert is_live("guest:Mai")
    assert not has_picture("guest:Mai")
    plan = ShowPlan(
        inputs=("guest:Mai", "camera:0"), avatars=(), song=None, declaration=Declaration(""),
        performers=2,
    )  # fmt: skip
    assert performer_count(plan) == 3
    twice = replace(plan, inputs=("guest:Mai", "guest:Mai"))
    assert [str(fault) for fault in guest_faults(twice)] == [
        "Input guest:Mai: is there twice; give every guest an input"
    ]
