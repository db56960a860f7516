"""Build the library's idols from source data: `python -m avatars.authoring`.

    python -m avatars.authoring                             the library: both idols, full and light
    python -m avatars.authoring --palette rose --out a.vrm  the first idol, another palette
    python -m avatars.authoring --idol 2 --palette sun --out b.vrm

The output is byte-identical for the same source data and the same numpy and Pillow versions.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from avatars.authoring.design import IDOLS, Design
from avatars.authoring.figure.palette import PALETTES
from avatars.authoring.figure.source import Source
from avatars.authoring.idol import FULL, LIGHT, Detail, build_idol
from avatars.errors import AvatarError

LIBRARY = Path(__file__).resolve().parent.parent / "library"
"""Folder of the library's avatars."""


def main(arguments: list[str] | None = None) -> int:
    """Build and write the requested files; return the exit code, 0 on success.

    Args:
        arguments: command-line arguments; sys.argv[1:] if None.
    """
    parser = argparse.ArgumentParser(
        prog="python -m avatars.authoring", description="Build the idols."
    )
    parser.add_argument("--palette", choices=sorted(PALETTES), help="colours other than its own")
    parser.add_argument("--idol", type=int, choices=range(1, len(IDOLS) + 1), default=1)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write one idol here")
    chosen = parser.parse_args(arguments)
    if chosen.palette and not chosen.out:
        parser.error("--palette needs --out FILE: the library keeps its own colours")
    try:
        if chosen.out:
            build_one(chosen.idol, chosen.palette, chosen.out)
        else:
            with Source.fetch() as source:
                for design in IDOLS:
                    _build(source, design, design.palette, FULL, LIBRARY / design.file)
                    _build(source, design, design.palette, LIGHT, LIBRARY / design.light_file)
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


def build_one(number: int, palette: str | None, path: Path) -> None:
    """Build one idol, write it to a file and print the path and size.

    Args:
        number: index of the idol in IDOLS, starting at 1.
        palette: a name in PALETTES; the idol's default palette if None.

    Raises:
        AvatarError: the source data cannot be obtained, or the file cannot be written.
    """
    design = IDOLS[number - 1]
    with Source.fetch() as source:
        _build(source, design, palette or design.palette, FULL, path)


def _build(source: Source, design: Design, palette: str, detail: Detail, path: Path) -> None:
    idol = build_idol(source, design, PALETTES[palette], detail)
    try:
        path.write_bytes(idol)
    except OSError as fault:
        raise AvatarError(
            str(path), f"cannot be written ({fault.strerror})", "choose another file"
        ) from fault
    sys.stdout.write(f"{path}: {len(idol) / 1e6:.2f} MB\n")


if __name__ == "__main__":
    raise SystemExit(main())
