"""Print the table of differences from three-vrm after all tests.

Tests store their figures in their reports' properties, which are passed between processes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

PROPERTY: Final = "difference from three-vrm"
_TITLE: Final = "largest differences from three-vrm"
_NOTE: Final = """\
mended: three-vrm 3.5 measures a spring's bone from where its head is to where its tail was before
the joints above it turned, so that its bones stretch while they move; by how much stands above. The
specification keeps a bone's length; mended, it measures both at one moment. In VRM 0.x's toon
materials it reads all colours by a power of 2.2 and doubles outlines on the screen; mended, it has
sRGB, linear emission and the widths of UniVRM's migration. In pictures it blends display values
and takes outline widths in screen coordinates as fractions of half the picture's height; mended,
it blends linear light and takes them as fractions of the height, as the specification says."""


class Difference(NamedTuple):
    """Measurement of one test.

    Attributes:
        largest: in the unit; against the reference as shipped, or with corrected springs.
        within: the required bound.
    """

    feature: str
    file: str
    largest: float
    unit: str
    within: float
    mended: bool


@dataclass(frozen=True)
class _Row:
    """Row of a feature."""

    feature: str
    found: list[Difference]

    def cells(self) -> tuple[str, ...]:
        shipped = [d for d in self.found if not d.mended]
        worst = max(shipped or self.found, key=lambda d: d.largest)
        return (
            self.feature,
            _largest(shipped),
            _largest([d for d in self.found if d.mended]),
            "" if math.isinf(worst.within) else f"{worst.within:g} {worst.unit}".rstrip(),
            str(len({d.file for d in self.found})),
            worst.file,
        )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for group in terminalreporter.stats.values() for report in group]
    found = list(_differences(reports))
    if found:
        terminalreporter.section(_TITLE)
        features = dict.fromkeys(difference.feature for difference in sorted(found))
        rows = [_Row(name, [d for d in found if d.feature == name]) for name in features]
        head = ("feature", "as shipped", "mended", "within", "files", "farthest on")
        _draw(terminalreporter, [head, *(row.cells() for row in rows)])
        if any(difference.mended for difference in found):
            terminalreporter.line(_NOTE)
        return
    for reason in _why_not(reports):
        terminalreporter.section(_TITLE)
        terminalreporter.line(f"not measured: {reason}")
        return


def _differences(reports: list[Any]) -> Iterator[Difference]:
    for report in reports:
        # A test's properties are in the reports of all its phases.
        if getattr(report, "when", "") == "call":
            for name, value in report.user_properties:
                if name == PROPERTY:
                    yield Difference(*value)


def _why_not(reports: list[Any]) -> Iterator[str]:
    for report in reports:
        if getattr(report, "skipped", False) and "threevrm" in report.nodeid:
            reason = str(report.longrepr[2])
            if "three-vrm" in reason:
                yield reason.removeprefix("Skipped: ")


def _largest(found: list[Difference]) -> str:
    return f"{max(d.largest for d in found):.5f}" if found else ""


def _draw(reporter: Any, rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        # Right-align figures, left-align words.
        cells = [
            cell.rjust(width) if i in (1, 2, 4) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        reporter.line("  ".join(cells).rstrip())
