"""All idols in all colours: `python -m renderer.tools.palettes PICTURE.png`.

Each is built with few triangles and drawn as small as from a hall's last rows.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from avatars import load_avatar
from avatars.authoring.design import IDOLS
from avatars.authoring.figure.palette import PALETTES
from avatars.authoring.figure.source import Source
from avatars.authoring.idol import LIGHT, build_idol
from renderer.errors import RendererError
from renderer.tools.portrait_sheet import Pixels, View, keep, portraits

_SIZE = 170, 360


def all_colours() -> Pixels:
    """Return a picture with one row per avatar and one labelled column per palette.

    Raises:
        AvatarError: the source data is not available.
        GraphicsError: drawing failed.
    """
    rows = []
    with Source.fetch() as source, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "idol.vrm"
        for design in IDOLS:
            row = []
            for name, palette in PALETTES.items():
                path.write_bytes(build_idol(source, design, palette, LIGHT))
                with portraits(load_avatar(path), *_SIZE) as studio:
                    image = Image.fromarray(studio.take(View(25.0)))
                ImageDraw.Draw(image).text((6, 4), name, fill=(40, 36, 60))
                row.append(np.asarray(image))
            rows.append(np.concatenate(row, axis=1))
    return np.concatenate(rows)


def main(arguments: list[str] | None = None) -> int:
    """Write the picture; return 0 on success."""
    parser = argparse.ArgumentParser(prog="python -m renderer.tools.palettes", description=__doc__)
    parser.add_argument("picture", type=Path, help="PNG to write")
    chosen = parser.parse_args(arguments)
    try:
        keep(all_colours(), chosen.picture)
    except RendererError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
