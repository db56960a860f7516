"""Test that every imported package is declared."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OWN = {"avatars", "renderer", "assets", "tests"}


def imported(folder: Path) -> dict[str, Path]:
    """Return the foreign modules that a folder's files import, each with one of these files."""
    found: dict[str, Path] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                names = [node.module]
            else:
                continue
            found |= {name.partition(".")[0]: path for name in names}
    return {name: path for name, path in found.items() if name not in sys.stdlib_module_names | OWN}


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = [
        *project["dependencies"],
        *(one for key in extras if key != "dev" for one in extras[key]),
    ]
    declared = {normalised(re.split(r"[<>=!~\[; ]", line)[0]) for line in asked}
    distributions = packages_distributions()
    undeclared = [
        f"{name} of {path.relative_to(ROOT)}"
        for folder in ("avatars", "renderer")
        for name, path in imported(ROOT / folder).items()
        if not declared & {normalised(each) for each in distributions.get(name, [name])}
    ]
    assert not undeclared
