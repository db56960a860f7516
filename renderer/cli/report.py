"""Print a command's results: a show's report, a benchmark's figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from renderer.show.report import ShowReport


class Figures(Protocol):
    """The results of a benchmark."""

    def text(self) -> str:
        """Return the results as text for people."""

    def as_dict(self) -> dict[str, object]:
        """Return the results as plain data."""


def end_show(report: ShowReport, path: Path | None) -> int:
    """Print a show's report, save it as JSON if a path is given, and return the exit status."""
    print(report.text())
    keep_json(report.as_dict(), path)
    for fault in report.faults:
        sys.stderr.write(f"encore: {fault}\n")
    return 2 if report.faults else 0


def end_bench(figures: Figures, path: Path | None) -> int:
    """Print a benchmark's figures, save them as JSON if a path is given, and return 0."""
    print(figures.text())
    keep_json(figures.as_dict(), path)
    return 0


def print_progress(text: str) -> None:
    """Print the current step, separately from the figures."""
    print(text, file=sys.stderr, flush=True)


def keep_json(plain: object, path: Path | None) -> None:
    """Write plain data as JSON, if a path is given."""
    if path is not None:
        path.write_text(json.dumps(plain, indent=2) + "\n")
