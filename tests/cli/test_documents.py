"""Test that the documents describe every command and option, and that their links resolve."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest

from renderer.cli.command import Group
from renderer.cli.commands.show import COMMAND as SHOW
from renderer.cli.registry import find_commands

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

_LINK = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(#[^)\s]*)?\)")


def _anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {f"#{heading.replace(' ', '-')}" for heading in plain}


def test_every_command_is_described() -> None:
    text = (ROOT / "docs" / "commands.md").read_text()
    rows = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `encore")]
    missing = []
    for one in find_commands():
        named = [row for row in rows if f"`encore {one.name}" in row]
        for name in [below.name for below in one.commands] if isinstance(one, Group) else [""]:
            words = {word for row in named for word in re.findall(r"[\w-]+", row)}
            if not named or (name and name not in words):
                missing.append(f"encore {one.name} {name}".strip())
    assert not missing, f"docs/commands.md lacks {', '.join(missing)}"


def test_every_option_of_a_show_is_described() -> None:
    parser = ArgumentParser(add_help=False)
    SHOW.add_options(parser)
    text = (ROOT / "docs" / "show.md").read_text()
    rows = "".join(row.split("|")[1] for row in text.splitlines() if row.startswith("| `"))
    options = {option for action in parser._actions for option in action.option_strings}
    missing = sorted(option for option in options if not re.search(rf"`{option}\b", rows))
    assert not missing, f"docs/show.md lacks {', '.join(missing)}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_resolve(document: Path) -> None:
    broken = []
    for name, anchor in _LINK.findall(document.read_text()):
        target = document.parent / name if name else document
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in _anchors(target)
        ):
            broken.append(name + anchor)
    assert not broken, f"{document.name} has broken links: {', '.join(broken)}"
