"""`python -m avatars.build`: makes the library's idols from source data.

    python -m avatars.build                             the library: both idols, full and light
    python -m avatars.build --palette rose --out a.vrm  the first idol in other colours
    python -m avatars.build --idol 2 --palette sun --out b.vrm

The same source and the same numpy and Pillow give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from avatars.build.design import IDOLS
from avatars.build.idol import FULL, LIGHT, build_idol
from avatars.build.palette import PALETTES
from avatars.build.source import Source
from avatars.errors import AvatarError

LIBRARY = Path(__file__).resolve().parent.parent / "library"


def main(arguments: list[str] | None = None) -> int:
    """Write what is asked for; 0 when all went well."""
    parser = argparse.ArgumentParser(prog="python -m avatars.build", description="Build the idols.")
    parser.add_argument("--palette", choices=sorted(PALETTES), help="colours other than its own")
    parser.add_argument("--idol", type=int, choices=range(1, len(IDOLS) + 1), default=1)
    parser.add_argument("--out", type=Path, metavar="FILE", help="write one idol here")
    chosen = parser.parse_args(arguments)
    if chosen.palette and not chosen.out:
        parser.error("--palette needs --out FILE: the library keeps its own colours")
    wanted = [
        (design, detail, LIBRARY / file, design.palette)
        for design in IDOLS
        for detail, file in ((FULL, design.file), (LIGHT, design.light_file))
    ]
    if chosen.out:
        design = IDOLS[chosen.idol - 1]
        wanted = [(design, FULL, chosen.out, chosen.palette or design.palette)]
    try:
        with Source.fetch() as source:
            for design, detail, path, palette in wanted:
                idol = build_idol(source, design, PALETTES[palette], detail)
                path.write_bytes(idol)
                sys.stdout.write(f"{path}: {len(idol) / 1e6:.2f} MB\n")
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    except OSError as fault:
        sys.stderr.write(
            f"{AvatarError(str(path), f'cannot be written ({fault})', 'choose another file')}\n"
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
