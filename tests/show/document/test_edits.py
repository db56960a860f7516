"""Test that every edit can be undone exactly, and that a text keeps its comments and order."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.errors import ShowError
from renderer.faults import FaultCollector
from renderer.protocol.document import (
    Edit,
    InsertItem,
    MoveItem,
    RemoveItem,
    RemoveValue,
    SetValue,
)
from renderer.show.document.editor import DocumentEditor
from renderer.show.document.read import parse_show
from renderer.show.document.template import fill_template

TEMPLATE = fill_template(Path("show.toml"))
CUES: list[str | int] = ["cue_lists", 0, "cues"]


def editor_of(text: str, file: Path = Path("show.toml")) -> DocumentEditor:
    faults = FaultCollector()
    read = parse_show(text, file, faults)
    assert read is not None, faults.faults
    return DocumentEditor(read)


def draw_edit(data: st.DataObject, editor: DocumentEditor, number: int) -> Edit:
    """Draw an edit that a crew could make."""
    cues = editor.data["cue_lists"][0]["cues"]
    place = data.draw(st.integers(0, len(cues) - 1))
    kinds = ["rename", "insert", "move", "set", "key", "unkey"] + ["remove"] * (len(cues) > 2)
    match data.draw(st.sampled_from(kinds)):
        case "rename":
            return SetValue([*CUES, place, "name"], data.draw(st.text(max_size=8)))
        case "insert":
            cue = {"number": f"9.{number}", "actions": [{"do": "lyrics", "on": False}]}
            return InsertItem(CUES, place, cue)
        case "move":
            return MoveItem(CUES, place, data.draw(st.integers(0, len(cues) - 1)))
        case "remove":
            return RemoveItem(CUES, place)
        case "key":
            key, value = data.draw(st.sampled_from([("pre_wait", 1.5), ("notes", "n")]))
            return SetValue([*CUES, place, key], value)
        case "unkey":
            keys = [key for key in cues[place] if key not in ("number",)]
            if keys:
                return RemoveValue([*CUES, place, data.draw(st.sampled_from(keys))])
    return SetValue(["stage", "text"], data.draw(st.text(max_size=8)))


@given(st.data())
@settings(max_examples=15, deadline=None)
def test_undo_and_redo_restore_the_document_exactly(data: st.DataObject) -> None:
    editor = editor_of(TEMPLATE)
    states = [json.dumps(editor.data)]
    for number in range(data.draw(st.integers(1, 40))):
        try:
            editor.edit([draw_edit(data, editor, number)], "Mina", f"edit {number}")
        except ShowError:
            continue  # It would have left a wrong document.
        states.append(json.dumps(editor.data))
    last = editor.text()
    for state in states[-2::-1]:
        editor.undo("Mina")
        assert json.dumps(editor.data) == state
    assert editor.text() == TEMPLATE
    for state in states[1:]:
        editor.redo("Mina")
        assert json.dumps(editor.data) == state
    assert editor.text() == last
    assert tomllib.loads(last) == editor.data


def test_a_text_keeps_its_comments_and_changes_only_what_was_edited() -> None:
    editor = editor_of(TEMPLATE)
    editor.edit([SetValue([*CUES, 2, "name"], "Refrain")], "Mina")
    editor.edit([InsertItem(CUES, 1, {"number": "1.5", "name": "New"})], "Mina")
    text = editor.text()
    before, after = TEMPLATE.splitlines(), text.splitlines()
    assert set(before) - set(after) == {'name = "Chorus"'}
    assert {'name = "Refrain"', 'number = "1.5"', 'name = "New"'} <= set(after) - set(before)
    assert [line for line in after if "#" in line] == [line for line in before if "#" in line]


def test_an_edit_that_would_leave_a_wrong_document_changes_nothing() -> None:
    editor = editor_of(TEMPLATE)
    before = json.dumps(editor.data)
    good = SetValue(["stage", "text"], "x")
    for bad, part in (
        (SetValue([*CUES, 0, "number"], "2"), "is there already"),
        (SetValue(["show", "rate"], "x"), "must be a whole number"),
        (SetValue([*CUES, 99, "name"], "x"), "no such place"),
        (SetValue([], 1), "no such place"),
        (SetValue(["stage", "text", "x"], "x"), "no such place"),
        (RemoveItem(CUES, 99), "no item 99"),
        (RemoveItem(["cameras"], 0), "no camera 1"),
        (RemoveValue(["show", "nothing"]), "no such place"),
        (InsertItem(CUES, -1, {}), "no item -1"),
    ):
        with pytest.raises(ShowError, match=part):
            editor.edit([good, bad], "Mina")
        assert json.dumps(editor.data) == before and editor.revision == 1


def test_a_value_of_a_missing_table_makes_the_table_and_undo_removes_it() -> None:
    editor = editor_of("# Mine.\nset_list = []\n")
    editor.edit([SetValue(["auto_director", "longest_bars", "verse"], 8)], "Mina")
    assert editor.show.auto_director.longest_bars == {"verse": 8}
    assert tomllib.loads(editor.text()) == editor.data
    editor.undo("Mina")
    assert editor.text() == "# Mine.\nset_list = []\n"


def test_an_edit_of_an_outdated_document_is_refused() -> None:
    editor = editor_of(TEMPLATE)
    editor.edit([SetValue(["stage", "text"], "one")], "Mina", revision=1)
    with pytest.raises(ShowError, match="Mina has edited"):
        editor.edit([SetValue(["stage", "text"], "two")], "Joon", revision=1)
    assert editor.health().last_operator == "Mina" and not editor.health().is_saved


def test_saving_writes_the_file_and_keeps_a_copy_of_an_older_one(tmp_path: Path) -> None:
    file = tmp_path / "show.toml"
    file.write_text(TEMPLATE)
    editor = editor_of(TEMPLATE, file)
    editor.edit([SetValue(["stage", "text"], "saved")], "Mina")
    editor.save()
    assert editor.health().is_saved
    assert 'text = "saved"' in file.read_text() and "# In" not in file.read_text()
    older = TEMPLATE.replace("schema = 1", "schema = 0")  # As an older program wrote it.
    file.write_text(older)
    editor._text, editor._said = older, tomllib.loads(older)
    editor.edit([SetValue(["stage", "text"], "again")], "Mina")
    editor.save()
    (copy,) = [path for path in tmp_path.iterdir() if path != file]
    assert copy.name == "show.schema0.toml" and copy.read_text() == older
    assert 'text = "again"' in file.read_text() and "schema = 1" in file.read_text()
    editor.undo("Mina")
    editor.undo("Mina")
    editor.save()
    assert tomllib.loads(file.read_text()) == tomllib.loads(TEMPLATE)
    with pytest.raises(ShowError, match="nothing has been edited"):
        editor.undo("Mina")
