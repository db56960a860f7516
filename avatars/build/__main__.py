"""`python -m avatars.build`: makes the library's idols from source data.

The same source and the same numpy and Pillow give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from avatars.build.idol import build_idol
from avatars.build.source import Source
from avatars.errors import AvatarError

LIBRARY = Path(__file__).resolve().parent.parent / "library"


def main() -> int:
    """Write the library; 0 when all went well."""
    try:
        with Source.fetch() as source:
            idol = build_idol(source)
    except AvatarError as fault:
        sys.stderr.write(f"{fault}\n")
        return 1
    path = LIBRARY / "idol.vrm"
    path.write_bytes(idol)
    sys.stdout.write(f"{path}: {len(idol) / 1e6:.2f} MB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
