"""`python -m renderer.cli` is `encore`."""

from __future__ import annotations

import sys

from renderer.cli import main

sys.exit(main())
