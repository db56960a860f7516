"""Handle `--json FILE`, with which a benchmark or a training keeps its figures."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from functools import partial
from pathlib import Path

from renderer.cli.values import check_all
from renderer.faults import FaultCollector
from renderer.path_checks import require_writable


def add_figures_option(parser: ArgumentParser) -> None:
    """Add `--json FILE` to a command's options."""
    parser.add_argument("--json", type=Path, metavar="FILE", help="keep the figures as JSON")


def check_figures_option(arguments: Namespace, faults: FaultCollector) -> Namespace:
    """Check that the figures can be written, if a file is given, and return the arguments."""
    check_all(faults, partial(require_writable, what="figures"), [arguments.json])
    return arguments
