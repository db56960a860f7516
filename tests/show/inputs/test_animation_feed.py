"""Test other programs' animations as a show's input."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from avatars import load_avatar
from avatars.maths.quaternions import angle_between, from_axis_angle
from avatars.names import ARKIT_INDEX, BONE_INDEX
from avatars.vrma import Animation, write_vrma
from renderer.capture.network.records import TrackedBody, TrackedFace
from renderer.errors import RendererError
from renderer.motion.core.records import LIMBS, Motion
from renderer.motion.core.sources import Source
from renderer.motion.exchange.bvh_out import write_bvh
from renderer.motion.exchange.sequence import animation_from_motions
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.event_log import EventLog
from renderer.show.inputs.animation_feed import AnimationFeed
from renderer.show.inputs.health import Flow
from renderer.show.inputs.open import open_feeds
from renderer.show.performers.cast import Cast
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes

SECOND = 1_000_000_000
FRAMES = 61
ARM = BONE_INDEX["leftUpperArm"]
JAW = ARKIT_INDEX["jawOpen"]


def waving() -> list[Motion]:
    """Return two seconds: an arm swings, the jaw opens, the hips move to the left."""
    out = []
    for number in range(FRAMES):
        share = number / (FRAMES - 1)
        rotations = np.tile((0.0, 0.0, 0.0, 1.0), (55, 1)).astype(np.float32)
        rotations[ARM] = from_axis_angle(np.array((0.0, 0.0, 1.0)), 1.2 * np.sin(6.0 * share + 0.5))
        shapes = np.zeros(52, np.float32)
        shapes[JAW] = share
        out.append(
            Motion(
                t_seen_ns=round(number / 30 * SECOND),
                root=np.array((0.5 * share, 0.0, 0.0), np.float32),
                hips_height=0.9,
                rotations=rotations,
                expressions=shapes,
                gaze=np.zeros(2, np.float32),
                confidence=np.ones(len(LIMBS), np.float32),
            )
        )
    return out


@pytest.fixture
def animation() -> Animation:
    return animation_from_motions(waving(), perfect_sync=True)


@pytest.fixture
def vrma(tmp_path: Path, animation: Animation) -> Path:
    path = tmp_path / "wave.vrma"
    path.write_bytes(write_vrma(animation))
    return path


@pytest.fixture
def bvh(tmp_path: Path, animation: Animation) -> Path:
    path = tmp_path / "wave.bvh"
    path.write_text(write_bvh(animation))
    return path


def test_it_is_fed_as_a_suit_and_its_face(vrma: Path, animation: Animation) -> None:
    with closing(AnimationFeed(vrma, live=False)) as feed:
        assert feed.info.rate == pytest.approx(30.0, rel=0.01)
        assert feed.info.length_ns == pytest.approx(FRAMES / 30 * SECOND, rel=0.01)
        first = list(feed.until(SECOND))
        assert feed.health.flow is Flow.FLOWING
        rest = list(feed.until(10 * SECOND))
        assert feed.ended
        assert feed.health.flow is Flow.ENDED
    told = [*first, *rest]
    assert [entry.t_ns for entry in told] == sorted(entry.t_ns for entry in told)
    bodies = [e.record for e in told if isinstance(e.record, TrackedBody)]
    faces = [e.record for e in told if isinstance(e.record, TrackedFace)]
    assert len(bodies) == len(faces) == FRAMES
    assert {e.source for e in told} == {Source.SUIT, Source.SUIT_FACE}
    for body, truth in zip(bodies, animation.rotations, strict=True):
        assert angle_between(body.rotations[ARM], truth[ARM]) < 0.01
    assert faces[-1].scores[JAW] == pytest.approx(1.0, abs=0.01)
    assert bodies[-1].root[0] - bodies[0].root[0] == pytest.approx(0.5, abs=0.01)
    assert bodies[0].root[1] == pytest.approx(animation.hips_height, abs=0.01)


def test_live_it_begins_when_it_is_looked_at(vrma: Path) -> None:
    with closing(AnimationFeed(vrma, live=True)) as feed:
        assert {entry.t_ns for entry in feed.until(7 * SECOND)} == {7 * SECOND}
        later = list(feed.until(8 * SECOND))
        # One sample ahead, so that the shown time is between two samples.
        assert all(7 * SECOND < entry.t_ns < 8 * SECOND + SECOND / 29 for entry in later)
        assert len(later) in (60, 62)


@pytest.mark.parametrize("kind", ["vrma", "bvh"])
def test_the_idol_does_it(kind: str, vrma: Path, bvh: Path, tmp_path: Path) -> None:
    path = {"vrma": vrma, "bvh": bvh}[kind]
    plan = ShowPlan((str(path),), (IDOL,), None, Declaration(""))
    feeds = open_feeds(plan, lambda number: tmp_path / f"{number}", StageTimes())
    assert [count for _, count in feeds] == [1]
    idol = load_avatar(IDOL)
    with Cast(
        plan,
        feeds,
        [idol],
        StageTimes(),
        lambda _: tmp_path / "none",
        Containment(Alarms(), EventLog(), live=False),
    ) as cast:
        cast.await_people()
        for number in range(FRAMES):
            cast.advance(number * SECOND // 30)
            cast.pose_at(number * SECOND // 30)
            shown = cast.performers[0].shown
            assert shown is not None
            truth = waving()[number]
            if number > 15:
                assert angle_between(shown.rotations[ARM], truth.rotations[ARM]) < 0.02
                assert shown.root[0] == pytest.approx(float(truth.root[0]), abs=0.01)
        assert cast.ended
        assert cast.last_seen_ns == pytest.approx(2 * SECOND, abs=SECOND // 20)
        assert (kind == "bvh") == (shown.expressions[JAW] == 0.0)


def test_what_is_no_animation_is_refused_in_a_sentence(tmp_path: Path) -> None:
    broken = tmp_path / "broken.bvh"
    broken.write_text("HIERARCHY\nROOT")
    for path in (broken, tmp_path / "missing.vrma"):
        with pytest.raises(RendererError):
            AnimationFeed(path, live=False)
