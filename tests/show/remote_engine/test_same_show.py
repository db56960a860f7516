"""Test that a show is the same on two machines if it draws the same picture."""

from __future__ import annotations

import pickle
from argparse import ArgumentParser
from pathlib import Path

import pytest

from renderer.cli.commands import show, standby
from renderer.faults import FaultCollector
from renderer.paths import IDOL
from renderer.show.plan import ShowPlan
from renderer.show.remote_engine.same_show import describe_show, find_difference

DOCUMENT = """schema = 1

[show]
live = true

[[inputs]]
address = "camera:0"

[[recordings]]
file = "show.mp4"

[[performers]]
name = "Mina"
"""


def plan_show(path: Path, *words: str) -> ShowPlan:
    parser, faults = ArgumentParser(), FaultCollector()
    show.add_options(parser)
    plan = show.prepare(parser.parse_args([str(path), *words]), faults).plan
    assert not faults.faults
    # The engine's process gets it so.
    return pickle.loads(pickle.dumps(plan))  # type: ignore[no-any-return]


def plan_standby(path: Path) -> ShowPlan:
    parser, faults = ArgumentParser(), FaultCollector()
    standby.add_options(parser)
    plan = standby.prepare(parser.parse_args([str(path)]), faults).plan
    assert not faults.faults
    return plan


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "show.toml"
    path.write_text(DOCUMENT)
    return path


def test_where_a_show_comes_from_and_goes_to_may_differ(document: Path, tmp_path: Path) -> None:
    words = ("--record", str(tmp_path / "other.mp4"), "--metrics", "9108", "--input", "camera:1")
    there = describe_show(plan_show(document, *words))
    assert find_difference(describe_show(plan_standby(document)), there) == ""


def test_another_performer_and_another_avatar_are_named(document: Path, tmp_path: Path) -> None:
    there = describe_show(plan_show(document))
    document.write_text(DOCUMENT.replace("Mina", "Yuna"))
    here = describe_show(plan_standby(document))
    assert "the show's document is not the same" in find_difference(here, there)
    other = {name: "0" * 64 if "avatar" in name else value for name, value in there.items()}
    assert f"{IDOL.name}, is not the same" in find_difference(other, there)
    older = there | {"the version of Python": "3.10"}
    told = find_difference(older, there)
    assert told.startswith("the version of Python is 3.10 here, and 3.1")
