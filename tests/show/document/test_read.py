"""Test that documents are read, that every fault is explained at its place, and nothing crashes."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
import pytest
import tomlkit
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.show.document.migrate import migrate
from renderer.show.document.positions import find_positions, paths_of
from renderer.show.document.read import ReadShow, parse_show, read_show
from renderer.show.document.schema import SCHEMA, ShowFile
from renderer.show.document.template import fill_template
from renderer.show.document.validate import convert, find_faults

TEMPLATE = fill_template(Path("show.toml"))


def faults_of(text: str) -> list[str]:
    faults = FaultCollector()
    found = parse_show(text, Path("show.toml"), faults)
    assert (found is None) == bool(faults.faults)
    return [str(fault) for fault in faults.faults]


def show_of(text: str) -> ReadShow:
    faults = FaultCollector()
    found = parse_show(text, Path("show.toml"), faults)
    assert found is not None, faults.faults
    return found


def test_the_template_is_a_show() -> None:
    show = show_of(TEMPLATE).show
    assert show.schema == SCHEMA
    assert [cue.number for cue in show.cue_lists[0].cues] == ["1", "2", "3", "4"]


CUES = """
[[cue_lists]]
name = "A"
[[cue_lists.cues]]
number = "1"
"""


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('[show]\ntitel = "x"', ["show.toml:2:1 show.titel", "did you mean 'title'?"]),
        ('[show]\nrate = "x"', ["show.toml:2:1 show.rate: is text", "a whole number"]),
        ("[show]\nrate = 500", ["show.toml:2:1", "500 is out of range", "from 0 to 120"]),
        ("[show]\nlive = 1", ["show.toml:2:1", "must be true or false"]),
        ("inputs = 3", ["show.toml:1:1 inputs", "a list"]),
        ("[[inputs]]\nlens = '60'", ["show.toml:1:1 inputs: 'address' is missing"]),
        ("[rights]\nusage = 'corp'", ["show.toml:2:1", "did you mean 'corporation'?"]),
        ("a = [1,\n b", ["show.toml:2:2: is no valid TOML"]),
        ("a = 'x", ["show.toml:1:7: is no valid TOML"]),
        ("x = 1\nx = 2", ["no valid TOML"]),
        ("schema = 99", ["is of schema 99"]),
        ("schema = 'x'", ["schema 'x' is none"]),
        ("[[songs]]\nname='a'\n[[songs]]\nname='a'", ["show.toml:4:1 songs.name: 'a' is there"]),
        (
            "[[songs]]\nname='a'\nbeat.times = [0.0, 1.0, 0.5]",
            ["show.toml:3:25", "runs backwards, from 1 s to 0.5 s"],
        ),
        (
            "[[songs]]\nname='a'\nbeat.changes = [{beat=0, bpm=100}, {beat=0, bpm=90}]",
            ["show.toml:3:36", "tempo map runs backwards"],
        ),
        (
            "[[songs]]\nname='a'\nsections=[{kind='verse',bar=4},{kind='chorus',bar=4}]",
            ["bar 4 is not after bar 4"],
        ),
        ("set_list = ['Soong']\n[[songs]]\nname='Song'", ["show.toml:1:13", "mean 'Song'?"]),
        (CUES + "actions=[{do='lok', look='x'}]", ["show.toml:6:11", "did you mean 'look'?"]),
        (CUES + "actions=[{do='look', look='vrse'}]", ["no look 'vrse'", "mean 'verse'?"]),
        (CUES + "actions=[{do='camera', camera=3}]", ["show.toml:6:24", "no camera 3"]),
        (CUES + "actions=[{do='cue', cue='9'}]", ["there is no cue '9'"]),
        (CUES + "actions=[{do='cue', list='B', act='stop'}]", ["no cue list 'B'"]),
        (CUES + "trigger={on='follow'}", ["is the first one of its list"]),
        (CUES + "trigger={on='beat', at='x'}", ['a bar and a beat such as "12:3"']),
        (CUES + 'trigger={on="beat", at="1:1\\n"}', ['a bar and a beat such as "12:3"']),
        (CUES + 'trigger={on="timecode", at="01:00:00:00\\n"}', ["a timecode such as"]),
        (CUES + 'actions=[{do="song", at="1:1\\n"}]', ['a bar and a beat such as "12:3"']),
        (CUES.replace('"1"', '"1\\n"'), ["a cue number such as"]),
        ('[control.timecode]\nsource="ltc\\n"', ["a source such as"]),
        (CUES + "trigger={on='time', at=3.0}", ["waits for a song, and there is none"]),
        (CUES + "trigger='go'", ["write it like { on ="]),
        (CUES + "actions=[{do='cue', cue='1'}]", ["show.toml:4:1", "circle: 1 → 1"]),
        (
            CUES + "[[cue_lists.cues]]\nnumber='2'\ntrigger={on='follow'}\n"
            "actions=[{do='cue', cue='1'}]",
            ["start each other in a circle: 1 → 2 → 1"],
        ),
        ("[looks]", ["is a table, and must be a list"]),
        ("[[performers]]\nname='Hana'\n[[cameras]]\nnumber=1\nwho=['Hanna']", ["mean 'Hana'?"]),
    ],
)
def test_a_fault_is_explained_at_its_place(text: str, parts: list[str]) -> None:
    (line,) = faults_of(text)
    for part in parts:
        assert part in line
    assert "; " in line


def test_all_faults_are_reported_at_once() -> None:
    lines = faults_of("[show]\nrate = 'x'\nlive = 2\nsizee = ''\n[[inputs]]\n[rights]\nusage = 1\n")
    assert len(lines) == 5


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "show.toml"
    for content, part in (
        (b"[show]\ntitle = 'caf\xe9'", "show.toml:2:13: is no UTF-8"),
        (b"#" * (9 << 20), "larger than 8 MB"),
        (b"a=" + b"[" * 5000, "show.toml"),
    ):
        file.write_bytes(content)
        faults = FaultCollector()
        assert read_show(file, faults) is None
        assert part in str(faults.faults[0])
    faults = FaultCollector()
    assert read_show(tmp_path / "none.toml", faults) is None
    assert "--new" in str(faults.faults[0])


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_document_is_read_or_refused(data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(TEMPLATE)))
    length = data.draw(st.integers(0, 60))
    instead = data.draw(st.text(alphabet="[]{}=.,\"'\n#1e-x", max_size=8))
    faults_of(TEMPLATE[:cut] + instead + TEMPLATE[cut + length :])


VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), VALUES, max_size=4))
@settings(max_examples=150, deadline=None)
def test_every_value_of_any_document_has_a_place(data: dict[str, object]) -> None:
    text = tomlkit.dumps(data)
    read = tomllib.loads(text)
    places = find_positions(text)
    assert set(paths_of(read)) == set(places)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_walk_accepts_exactly_what_msgspec_accepts(data: st.DataObject) -> None:
    """Replace a random value of a valid document; both must agree about the result."""
    plain = tomllib.loads(TEMPLATE)
    path = data.draw(st.sampled_from(paths_of(plain)))
    parent = plain
    for key in path[:-1]:
        parent = parent[key]  # type: ignore[index]
    parent[path[-1]] = data.draw(VALUES)  # type: ignore[index]
    try:
        convert(plain)
        is_accepted = True
    except msgspec.ValidationError:
        is_accepted = False
    assert is_accepted == (not find_faults(plain))


def test_an_older_schema_is_migrated_step_by_step() -> None:
    steps = {
        1: lambda data: {**data, "title": data["name"]},
        2: lambda data: {key: value for key, value in data.items() if key != "name"},
    }
    old = {"schema": 1, "name": "x"}
    assert migrate(old, "show.toml", steps, 3) == {"schema": 3, "title": "x"}
    assert old == {"schema": 1, "name": "x"}
    assert migrate({"schema": 3}, "show.toml", steps, 3) == {"schema": 3}
    with pytest.raises(ShowError, match="not known any more"):
        migrate({"schema": 1}, "show.toml", {}, 3)


def test_a_document_has_no_field_without_an_explanation() -> None:
    """Every part that a crew writes has a docstring."""
    kinds = [ShowFile]
    seen = set()
    while kinds:
        kind = kinds.pop()
        if kind in seen:
            continue
        seen.add(kind)
        assert kind.__doc__ and not kind.__doc__.startswith(kind.__name__)
        for field in msgspec.inspect.type_info(kind).fields:  # type: ignore[union-attr]
            inner = getattr(field.type, "item_type", field.type)
            if isinstance(inner, msgspec.inspect.StructType):
                kinds.append(inner.cls)
    assert len(seen) > 10
