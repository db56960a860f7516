"""Test that a show executes a director's commands per limb and performer, with clear refusals."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from renderer.capture.process.process import CaptureProcess
from renderer.capture.records import Observation
from renderer.motion.core.records import LIMBS
from renderer.motion.core.sources import Source
from renderer.motion.face.calibration_store import list_performers
from renderer.motion.takes.write import TakeWriter
from renderer.paths import CLIP
from renderer.protocol.performers import (
    CalibrateFace,
    FreezeLimb,
    HandBack,
    HandToTake,
    MirrorLimb,
    PerformersHealth,
    PerformerStatus,
    ReleaseLimb,
    ReplaceLimb,
)
from renderer.protocol.show import EndShow, ShowHealth
from renderer.protocol.status import Status
from renderer.transport.bus import DeskLink
from renderer.transport.session import find_sessions

Start = Callable[..., subprocess.Popen[str]]
SMALL = ("--size", "256x144", "--rate", "10")


@pytest.fixture(scope="module")
def seen() -> list[Observation]:
    """Return a second and a half of the demo's performer."""
    with closing(CaptureProcess(str(CLIP), live=False)) as capture:
        capture.start()
        frames = [capture.get(30.0) for _ in range(45)]
    return [frame for frame in frames if isinstance(frame, Observation)]


def recorded(path: Path, seen: list[Observation], times: int) -> Path:
    """Write a take of the observations, repeated a number of times."""
    step = seen[1].t_seen_ns - seen[0].t_seen_ns
    with TakeWriter(path, {}) as writer:
        for number in range(times * len(seen)):
            observation = seen[number % len(seen)]
            writer.put(Source.CAMERA, replace(observation, t_seen_ns=number * step, index=number))
            if number % 500 == 499:
                time.sleep(0.3)  # Written in steps: a show never writes minutes at once.
    return path


@pytest.fixture(scope="module")
def take(seen: list[Observation], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a take of a second and a half."""
    return recorded(tmp_path_factory.mktemp("takes") / "dance.mcap", seen, 1)


@pytest.fixture(scope="module")
def long_take(seen: list[Observation], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a take longer than any test."""
    return recorded(tmp_path_factory.mktemp("takes") / "evening.mcap", seen, 80)


def performers(status: Status) -> list[PerformerStatus]:
    return status.of(PerformersHealth).performers


class Crew:
    """A desk without a window."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        deadline = time.monotonic() + 60.0
        while not (sessions := find_sessions()) or not (sessions[0].folder / "bus.json").exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < deadline, "no session came"
            time.sleep(0.05)
        self.link = DeskLink(sessions[0].folder)

    def until(self, look: Callable[[PerformerStatus], object], performer: int = 0) -> Status:
        """Return the first status in which a performer is directed like that."""
        deadline = time.monotonic() + 60.0
        while time.monotonic() < deadline:
            status = self.link.latest_status()
            everybody = [] if status is None else performers(status)
            if status is not None and everybody and look(everybody[performer]):
                return status
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.02)
        raise AssertionError("it did not happen")

    def limb(self, name: str, says: str, performer: int = 0) -> None:
        row = LIMBS.index(name)
        self.until(lambda one: one.limbs[row] == says, performer)

    def end(self) -> None:
        self.link.send(EndShow())
        out, err = self.process.communicate(timeout=90.0)
        assert self.process.returncode == 0, out + err


@pytest.fixture
def crew(
    start: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Crew]]:
    monkeypatch.setenv("ENCORE_DATA", str(tmp_path / "data"))
    crews: list[Crew] = []

    def begin(*words: str | Path) -> Crew:
        crews.append(Crew(start("show", "--live", "--off-air", *words, *SMALL)))
        return crews[-1]

    yield begin
    for one in crews:
        one.link.close()


def test_limbs_are_overridden_one_by_one_and_come_back(
    crew: Callable[..., Crew], take: Path, long_take: Path
) -> None:
    show = crew("--input", long_take, "--input", long_take, "--performer", "Ren, Mai")
    first = show.until(lambda one: one.confidence)
    assert [one.name for one in performers(first)] == ["Ren", "Mai"]
    assert set(performers(first)[0].limbs) == {"live"}
    for command, limb, says in (
        (FreezeLimb(0, "leftArm"), "leftArm", "frozen"),
        (MirrorLimb(0, "rightArm"), "rightArm", "mirrored"),
        (ReplaceLimb(0, "head"), "head", "idle"),
        (ReplaceLimb(0, "leftLeg", str(take)), "leftLeg", "take"),
        (FreezeLimb(1, "face"), "face", "frozen"),
    ):
        assert show.link.send(command).ok
        show.limb(limb, says, command.performer)
    status = show.until(lambda one: one.limbs[LIMBS.index("leftArm")] == "frozen")
    assert performers(status)[1].limbs.count("live") == len(LIMBS) - 1
    assert show.link.send(ReleaseLimb(0, "leftArm")).ok
    show.limb("leftArm", "live")
    assert show.link.send(HandBack(0)).ok
    show.until(lambda one: set(one.limbs) == {"live"})
    show.limb("face", "frozen", performer=1)
    show.end()


def test_an_idol_is_handed_to_a_take_and_back(
    crew: Callable[..., Crew], take: Path, long_take: Path
) -> None:
    show = crew("--input", long_take)
    show.until(lambda one: one.confidence)
    reply = show.link.send(HandToTake(0, str(take)))
    assert reply.ok and take.name in reply.text
    show.until(lambda one: one.take == take.name and set(one.limbs) == {"take"})
    show.until(lambda one: set(one.limbs) == {"live"} and not one.take)  # It has ended.
    assert show.link.send(HandToTake(0, str(take))).ok
    assert show.link.send(HandBack(0)).ok
    show.until(lambda one: set(one.limbs) == {"live"})
    show.end()


def test_what_cannot_be_done_is_reported_and_the_show_continues(
    crew: Callable[..., Crew], take: Path, long_take: Path, tmp_path: Path
) -> None:
    show = crew("--input", long_take)
    frames = show.until(lambda one: one.confidence).of(ShowHealth).frames
    broken = tmp_path / "broken.mcap"
    broken.write_bytes(take.read_bytes()[:100])
    for command, word in (
        (HandToTake(0, str(tmp_path / "none.mcap")), "none.mcap"),
        (HandToTake(0, str(broken)), "broken.mcap"),
        (HandToTake(0, str(CLIP)), CLIP.name),
        (ReplaceLimb(0, "leftArm", "/dev/null"), "/dev/null"),
        (ReplaceLimb(0, "tail", str(take)), "tail"),
        (FreezeLimb(0, "tail"), "tail"),
        (FreezeLimb(7, "leftArm"), "8"),
        (HandBack(-1), "0"),
    ):
        reply = show.link.send(command)
        assert not reply.ok and word in reply.text and "\n" not in reply.text
    later = show.until(lambda one: True)
    assert later.of(ShowHealth).frames >= frames and set(performers(later)[0].limbs) == {"live"}
    show.end()


def test_a_calibration_guides_and_says_why_it_gives_up(
    crew: Callable[..., Crew], long_take: Path, tmp_path: Path
) -> None:
    show = crew("--input", long_take, "--performer", "Ren")
    show.until(lambda one: one.confidence)
    reply = show.link.send(CalibrateFace(0))
    assert reply.ok and "Relax" in reply.text
    running = show.until(lambda one: one.calibration is not None and one.calibration.share > 0.02)
    calibration = performers(running)[0].calibration
    assert calibration is not None and calibration.steps == 5 and not calibration.ended
    # A dancer cannot be directed.
    told = show.until(lambda one: one.calibration is not None and one.calibration.refused)
    refused = performers(told)[0].calibration
    assert refused is not None and "our" in refused.refused
    show.end()
    assert list_performers(tmp_path / "data" / "performers") == []
