"""Test that shows use the models that performers have of their own, while they may be used."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from avatars import load_avatar
from avatars.maths.vectors import Array
from avatars.names import ARKIT, ARKIT_INDEX
from renderer.cli.commands.show import COMMAND
from renderer.cli.parser import build_parser, parse_words
from renderer.cli.registry import find_commands
from renderer.errors import RendererError
from renderer.faults import FaultCollector
from renderer.motion.core.records import Motion
from renderer.motion.core.sources import Source
from renderer.motion.exchange.bvh import read_bvh
from renderer.motion.priors import limb_prior, naturalness
from renderer.motion.priors.expressions import EXPRESSIONS, PERSONAL, PERSONAL_SHAPES, SEEN, UNSEEN
from renderer.motion.priors.weights import TrainingData, load_weights
from renderer.motion.takes.as_shown import replay_as_shown
from renderer.motion.takes.own_models import face_path, prior_path
from renderer.motion.takes.read import open_take
from renderer.motion.takes.write import TakeWriter
from renderer.paths import IDOL
from renderer.protocol.alarms import Alarms
from renderer.rights.consent import issue_consent
from renderer.rights.declaration import Declaration
from renderer.show.containment import Containment
from renderer.show.event_log import EventLog
from renderer.show.inputs.take_feed import TakeFeed
from renderer.show.performers.cast import Cast
from renderer.show.performers.model_watch import ModelWatch
from renderer.show.performers.option_binding import AuxiliaryOptions
from renderer.show.performers.own_models import choose_models, find_model_faults
from renderer.show.plan import ShowPlan
from renderer.show.timing import StageTimes
from renderer.tools.export_take import export
from renderer.training.model_file import write_model
from tests.rights.documents import MAI
from tests.rights.takes.test_takes import Crew, _terms
from tests.rights.takes.test_takes import crew as crew
from tests.show.performers.test_cast import STEP, standing

FRAMES = 40
PUFF = ARKIT_INDEX["cheekPuff"]
TAKES = [TrainingData("Mai", "own", "one take", "mai.consent", 9.0, "ab", ("cd",), ("Mai",))]
BVH = [TrainingData("Mai", "own", "one recording", "yes", 9.0, "ab")]


def prior(
    path: Path,
    *,
    performer: str = "Mai",
    version: int = limb_prior.VERSION,
    data: list[TrainingData] = BVH,
    further: float = 3.0,
) -> Path:
    """Write a prior that lets a lost limb fly on."""
    arrays = load_weights(limb_prior.PRIOR, "prior", limb_prior.VERSION, limb_prior.SHAPES)
    arrays["coast"] = arrays["coast"] + further
    return model(path, "prior", version, arrays, performer, data)


def face(path: Path, *, performer: str = "Mai", data: list[TrainingData] = BVH) -> Path:
    """Write a model of a face whose cheeks are always half puffed."""
    arrays = {name: np.zeros(shape) for name, shape in PERSONAL_SHAPES.items()}
    arrays["scale"] = np.ones(len(ARKIT))
    arrays["completion"][-1, UNSEEN.tolist().index(PUFF)] = 0.5
    assert len(arrays["completion"]) == 2 * len(SEEN) + 1
    return model(path, PERSONAL, 1, arrays, performer, data)


def model(
    path: Path,
    kind: str,
    version: int,
    arrays: Mapping[str, Array],
    performer: str,
    data: list[TrainingData],
) -> Path:
    write_model(
        path, arrays, model=kind, version=version, purpose="", command="", seed=0, data=data,
        figures={}, limits="", performer=performer,
    )  # fmt: skip
    return path


@pytest.fixture(scope="module")
def dance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a take of one who swings an arm that is then hidden, with a close-up of the face."""
    path = tmp_path_factory.mktemp("dance") / "dance.mcap"
    with TakeWriter(path, {}) as writer:
        for number in range(FRAMES):
            seen = standing(number, 0)
            assert seen.pose is not None and seen.pose_world is not None
            pose, world = seen.pose.copy(), seen.pose_world.copy()
            swing = np.float32(0.01 * min(number, 20)) * np.array([1.0, 2.0], np.float32)
            world[[13, 15], 0] += swing
            pose[[13, 15], 0] += swing * 200 / 640
            visibility = np.ones(33, np.float32)
            visibility[[13, 15]] = number <= 20
            body = replace(seen, pose=pose, pose_world=world, visibility=visibility)
            writer.put(Source.CAMERA, body, 0)
            scores = np.full(len(ARKIT), 0.1, np.float32)
            writer.put(Source.CLOSEUP, replace(standing(number, 0), scores=scores), 0)
    return path


def cast_of(source: Path, take: Path | None = None) -> Cast:
    plan = ShowPlan((str(source),), (IDOL,), None, Declaration("Mai"),
                    companions=AuxiliaryOptions(take=take))  # fmt: skip
    return Cast(plan, [(TakeFeed(source, live=False), 1)], [load_avatar(IDOL)], StageTimes(),
                lambda _: source, Containment(Alarms(), EventLog(), live=False))  # fmt: skip


def watch_of(cast: Cast, *files: Path, alarms: Alarms | None = None, on_air: bool = False,
             consents: tuple[Path, ...] = ()) -> ModelWatch:  # fmt: skip
    return ModelWatch(cast.performers, "Mai", [files], consents, alarms or Alarms(), on_air=on_air)


def files_of(cast: Cast) -> tuple[Path, ...]:
    return cast.performers[0].models.files


def give(cast: Cast) -> list[Motion]:
    shown = []
    for number in range(FRAMES):
        cast.advance(number * STEP)
        cast.pose_at(number * STEP)
        motion = cast.performers[0].shown
        assert motion is not None
        shown.append(motion)
    return shown


def test_an_own_prior_and_an_own_face_are_seen_and_come_back_to_the_bit(
    dance: Path, crew: Crew, tmp_path: Path
) -> None:
    kept = tmp_path / "kept.mcap"
    with cast_of(dance) as cast:
        plain = give(cast)
    own = prior(tmp_path / "own.npz")
    with cast_of(dance, kept) as cast:
        watch = watch_of(cast, own, face(tmp_path / "face.npz"))
        watch.close()
        shown = give(cast)
    (line,) = watch.describe()
    assert line.startswith("Mai: unseen limbs by own.npz")
    assert "judged by the solver alone" in line and "shapes by face.npz" in line
    same = np.array(
        [np.array_equal(a.rotations, b.rotations) for a, b in zip(plain, shown, strict=True)]
    )
    assert same[:20].all() and not same[22:30].any()
    assert plain[-1].expressions[PUFF] < 0.1 and shown[-1].expressions[PUFF] > 0.4
    take = open_take(kept)
    for one, again in zip(shown, replay_as_shown(take), strict=True):
        np.testing.assert_array_equal(one.rotations, again.rotations)
        np.testing.assert_array_equal(one.expressions, again.expressions)
    assert take.warnings == []
    # One that was trained again since is another model.
    prior(own, further=2.0)
    assert len(list(replay_as_shown(take))) == FRAMES
    assert "own.npz: was trained again after the show" in take.warnings[0]


def test_models_are_found_by_the_performers_name(dance: Path, crew: Crew) -> None:
    prior(prior_path("Mai"))
    face(face_path("Mai"))
    with cast_of(dance) as cast:
        watch = watch_of(cast)
        watch.close()
        assert files_of(cast) == (prior_path("Mai"), face_path("Mai"))
    assert watch.warnings == []
    # What was found and cannot be used is a warning, as with a calibrated face.
    prior_path("Mai").write_bytes(b"changed")
    with cast_of(dance) as cast:
        watch = watch_of(cast)
        watch.close()
        assert files_of(cast) == ()
    assert "its hash is not its card's" in watch.warnings[0]
    assert choose_models([], ["Ren", ""])[1].files == ()


def test_an_exported_take_is_solved_with_them_too(dance: Path, crew: Crew, tmp_path: Path) -> None:
    def arms(*name: str) -> tuple[Array, tuple[str, ...]]:
        target = tmp_path / "arms.bvh"
        faults = export(dance, target, 30.0, 0, *name)
        return read_bvh(target).rotations, faults

    plain, faults = arms("Mai")
    assert faults == ()
    prior(prior_path("Mai"))
    own, faults = arms("Mai")
    assert faults == () and not np.array_equal(own, plain)
    # The take names nobody.
    assert np.array_equal(arms()[0], plain)
    damage(prior_path("Mai"))
    again, faults = arms("Mai")
    assert np.array_equal(again, plain) and "Mai has the shipped ones" in faults[0]


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1] + b"x")


def age(path: Path) -> None:
    old = time.time() - 40 * 86_400
    os.utime(path, (old, old))


@pytest.mark.parametrize(
    ("changes", "spoil", "text"),
    [
        ({"performer": "Ren"}, None, "is of Ren, not of Mai"),
        ({"version": 9}, None, "is prior of version 9, not prior of version 1"),
        ({}, damage, "its hash is not its card's"),
        ({}, Path.unlink, "does not exist"),
        ({"data": TAKES}, age, "was to be kept until .* only .retention_days."),
    ],
)
def test_what_may_not_be_used_is_refused_before_air_with_a_sentence(
    crew: Crew, changes: dict[str, Any], spoil: Callable[[Path], object] | None, text: str
) -> None:
    crew.consent.write_text(issue_consent(_terms(training=True), MAI))
    path = prior(crew.folder / "own.npz", **{"data": TAKES, **changes})
    assert find_model_faults([[path]], [changes.get("performer", "Mai")], [crew.consent]) == [] or (
        "version" in changes
    )
    if spoil is not None:
        spoil(path)
    (fault,) = find_model_faults([[path]], ["Mai"], [crew.consent])
    with pytest.raises(RendererError, match=text):
        raise fault


def test_a_model_needs_the_consent_of_those_in_its_takes(crew: Crew) -> None:
    path = prior(crew.folder / "own.npz", data=TAKES)
    (fault,) = find_model_faults([[path]], ["Mai"], [])
    assert "of whom there is no consent" in str(fault)
    (fault,) = find_model_faults([[path]], ["Mai"], [crew.consent])
    assert "did not agree (training)" in str(fault)
    crew.consent.write_text(issue_consent(_terms(training=True), MAI))
    assert find_model_faults([[path]], ["Mai"], [crew.consent]) == []
    crew.withdraw()
    (fault,) = find_model_faults([[path]], ["Mai"], [crew.consent])
    assert "withdrew the consent" in str(fault) and "encore consent erase" in str(fault)


def test_kinds_that_no_show_uses_and_two_of_a_kind_are_refused(crew: Crew) -> None:
    one, two = prior(crew.folder / "one.npz"), prior(crew.folder / "two.npz")
    (fault,) = find_model_faults([[one, two]], ["Mai"], [])
    assert "is a second prior beside one.npz" in str(fault)
    (fault,) = find_model_faults([[EXPRESSIONS]], ["Mai"], [])
    assert "encore train expressions --performer NAME" in str(fault)
    assert find_model_faults([[naturalness.NATURALNESS]], ["Mai"], []) == []


def test_a_withdrawal_on_air_brings_the_shipped_models_back_with_an_alarm(
    dance: Path, crew: Crew
) -> None:
    crew.consent.write_text(issue_consent(_terms(training=True), MAI))
    path, alarms = prior(crew.folder / "own.npz", data=TAKES), Alarms()
    with cast_of(dance) as cast:
        watch = watch_of(cast, path, alarms=alarms, consents=(crew.consent,))
        watch.poll(time.monotonic())
        assert files_of(cast) == (path,) and alarms.active == []
        crew.withdraw()
        minute = time.monotonic() + 61.0
        deadline = time.monotonic() + 60.0
        while not alarms.active and time.monotonic() < deadline:
            watch.poll(minute)
            time.sleep(0.01)
        watch.close()
        (alarm,) = alarms.active
        assert alarm.id == "models.1" and "withdrew the consent" in alarm.text
        assert not files_of(cast)
        assert len(give(cast)) == FRAMES


def test_an_engine_that_goes_on_does_without_a_model_that_it_cannot_use(
    dance: Path, crew: Crew
) -> None:
    path, alarms = prior(crew.folder / "own.npz"), Alarms()
    damage(path)
    with cast_of(dance) as cast:
        with pytest.raises(RendererError, match="hash"):
            watch_of(cast, path)
        watch = watch_of(cast, path, alarms=alarms, on_air=True)
        watch.poll(time.monotonic())
        watch.close()
    assert "Mai is shown with the shipped models, not their own" in alarms.active[0].text


def test_models_with_which_the_solver_failed_are_left_out(
    dance: Path, crew: Crew, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, alarms = prior(crew.folder / "own.npz"), Alarms()
    with cast_of(dance) as cast:
        watch = watch_of(cast, path, alarms=alarms)
        own = cast.performers[0].models.prior
        assert own is not None
        update, calls = own.update, iter(range(FRAMES))

        def fail(*arguments: Any) -> None:
            if next(calls) > 10:
                raise ZeroDivisionError
            update(*arguments)

        monkeypatch.setattr(own, "update", fail)
        assert len(give(cast)) == FRAMES
        watch.poll(time.monotonic())
        watch.close()
        assert files_of(cast) == ()
    assert "the solver failed with them" in alarms.active[0].text


def test_they_are_named_in_the_document_and_by_an_option(crew: Crew) -> None:
    path = prior(crew.folder / "own.npz", data=TAKES)
    crew.consent.write_text(issue_consent(_terms(training=True), MAI))
    document = crew.folder / "show.toml"
    document.write_text(
        'schema = 1\ninputs = [{ address = "camera:0" }]\n'
        '[show]\nlive = true\n[rights]\nconsents = ["mai.consent"]\n'
        '[[performers]]\nname = "Mai"\nmodels = ["own.npz"]\n'
    )
    plan, faults = prepare(document)
    assert plan.models == ((path,),) and faults == []
    words = ("--input", "camera:0", "--consent", crew.consent)
    plan, faults = prepare(*words, "--performer", "Mai", "--model", f"Mai={path}")
    assert plan.models == ((path,),) and faults == []
    plan, faults = prepare(*words, "--performers", "2", "--model", f"2={path}")
    assert plan.models == ((), (path,))
    assert "is of Mai, not of a performer without a name" in faults[0]
    _, faults = prepare(*words, "--model", f"Bo={path}")
    assert "Bo" in faults[0]
    document.write_text(document.read_text().replace("own.npz", "other.npz"))
    _, faults = prepare(document)
    assert "show.toml:9" in faults[0] and "did you mean" in faults[0]


def prepare(*words: str | Path) -> tuple[ShowPlan, list[str]]:
    faults = FaultCollector()
    _, arguments = parse_words(build_parser(find_commands()), ["show", *map(str, words)], faults)
    request = COMMAND.prepare(arguments, faults)
    return request.plan, [str(fault) for fault in faults.faults]
